//! What the two sides of a comparison are: the names that lead to a value, and where it comes from.
//! Knows no library and no rule.

use std::sync::OnceLock;

use crate::concepts;
use crate::event::Event;
use crate::facts::*;
use crate::finding::Strength;
use crate::project::names::Names;
use crate::project::origins::{At, Context, Meaning, Origins, Root, Traced};
use crate::source::{FileId, Span, Str};

use super::{Judge, words};

/// Values of the project, followed without any library's knowledge.
pub struct Reader<'j, 'a> {
    pub judge: &'j Judge<'a>,
    names: Vec<OnceLock<Names>>,
}

/// Where something that was sent with a request is found.
const REQUEST: [&str; 27] = [
    "req",
    "request",
    "body",
    "form",
    "query",
    "params",
    "headers",
    "header",
    "cookies",
    "cookie",
    "json",
    "payload",
    "credentials",
    "creds",
    "dto",
    "input",
    "args",
    "event",
    "ctx",
    "context",
    "formdata",
    "authorization",
    "searchparams",
    "prompt",
    "getpass",
    "values",
    "data",
];

impl<'j, 'a> Reader<'j, 'a> {
    pub fn new(judge: &'j Judge<'a>) -> Self {
        Self { judge, names: judge.project.paths.iter().map(|_| OnceLock::new()).collect() }
    }

    /// All that a value of a file can be.
    pub fn trace(&self, file: FileId, value: ValueId) -> Vec<Traced> {
        let meaning = |_: At, _: CallId, _: &Context| Meaning::Opaque;
        let origins = Origins { project: self.judge.project, names: &self.names, meaning: &meaning };
        origins.trace(At { file, value }, &None)
    }

    /// Does it come with a request, or as a parameter of a function that no hash is handed to?
    pub fn is_given(&self, file: FileId, value: ValueId) -> bool {
        let Some(facts) = self.judge.facts(file) else { return false };
        let value = peeled(facts, value);
        if self.is_below_parameter(facts, value) {
            return true;
        }
        let found = self.trace(file, value);
        !found.is_empty()
            && found.iter().all(|t| self.is_given_root(t))
            && found.iter().any(|t| !is_plain(self, t))
    }

    /// `form.password`, `req.headers.authorization`, whatever the parameter's type declares.
    fn is_below_parameter(&self, facts: &FileFacts, value: ValueId) -> bool {
        let mut at = value;
        let mut below = false;
        while let Value::Field(base, _) = facts.value(at) {
            below = true;
            at = *base;
        }
        let own = |name: &str| matches!(name, "this" | "self" | "cls" | "super");
        below
            && matches!(facts.value(at), Value::Name(name) if !own(name))
            && self.trace(facts.file, at).iter().all(|t| matches!(t.root, Root::Param(..)))
    }

    fn is_given_root(&self, traced: &Traced) -> bool {
        let mut root = &traced.root;
        let mut below = false;
        while let Root::Member(base, _) = root {
            below = true;
            root = base;
        }
        match root {
            Root::Param(file, function, n) | Root::Perhaps(file, function, n) => {
                below || !self.is_handed_hash(*file, *function, *n)
            }
            Root::Call(file, call) => {
                self.judge.facts(*file).is_some_and(|facts| reads_request(facts, *call))
            }
            Root::External(path) => {
                path.members.iter().chain([&path.module]).any(|m| words(m).iter().any(|w| is_request_word(w)))
            }
            // A fallback: `?? ""`.
            Root::Value(_) => is_plain(self, traced),
            _ => false,
        }
    }

    /// Some call of the function gives it a digest in this place.
    fn is_handed_hash(&self, file: FileId, function: FunctionId, n: u32) -> bool {
        let Some(facts) = self.judge.facts(file) else { return false };
        let name = &facts.function(function).name;
        if name.is_empty() {
            return false;
        }
        let everywhere = self.judge.project.files.iter().flatten();
        let calls = everywhere.flat_map(|f| f.calls.iter().map(move |c| (f, c)));
        let own = calls.filter(|(f, c)| last_name(f, c.callee) == Some(name));
        own.filter_map(|(f, c)| Some((f, c.args.get(n as usize)?.value))).any(|(f, value)| {
            let traced = self.trace(f.file, value);
            speaks_of_hash(&show::value(f, value, 5))
                || traced.iter().any(|t| match &t.root {
                    Root::Call(file, call) => {
                        self.judge.facts(*file).is_some_and(|f| speaks_of_hash(&show::call(f, *call, 3)))
                    }
                    _ => false,
                })
        })
    }

    /// An event for a place where the program itself compares or asks.
    pub fn event(&self, facts: &FileFacts, subject: String, region: RegionId, span: Span) -> Option<Event> {
        Some(Event {
            concept: concepts::concept("value.compare")?,
            model: (Str::default(), 0),
            package: Str::default(),
            file: facts.file,
            call: None,
            span,
            callee: subject,
            context: None,
            roles: Vec::new(),
            strength: Strength::Stated,
            in_test: facts.in_test(region),
        })
    }
}

fn is_plain(reader: &Reader, traced: &Traced) -> bool {
    let Root::Value(at) = traced.root else { return false };
    let Some(facts) = reader.judge.facts(at.file) else { return false };
    matches!(facts.value(at.value), Value::Text(_) | Value::Null)
}

pub fn is_request_word(word: &str) -> bool {
    REQUEST.contains(&word)
}

/// A call that reads what was sent: `request.form.get("x")`, `await req.json()`, `schema.parse(req.body)`.
pub fn reads_request(facts: &FileFacts, call: CallId) -> bool {
    let text = show::call(facts, call, 5);
    !speaks_of_hash(&text) && !speaks_of_store(&text) && words(&text).iter().any(|w| is_request_word(w))
}

/// A digest, or something encrypted, by the words of an expression.
pub fn speaks_of_hash(text: &str) -> bool {
    words(text).iter().any(|w| {
        w.starts_with("hash")
            || w.starts_with("encrypt")
            || w.starts_with("decrypt")
            || w.starts_with("digest")
            || w.starts_with("sha1")
            || w.starts_with("sha2")
            || w.starts_with("sha3")
            || w.starts_with("sha5")
            || w.starts_with("argon")
            || w.starts_with("pbkdf")
            || w.ends_with("crypt")
            || w.ends_with("hash")
            || w.ends_with("digest")
            || matches!(w.as_str(), "sha" | "md5" | "hmac" | "cipher" | "salt" | "kdf" | "hashed" | "verify")
    })
}

/// A record that is fetched, by the words of a call.
pub fn speaks_of_store(text: &str) -> bool {
    words(text).iter().any(|w| {
        matches!(
            w.as_str(),
            "find"
                | "filter"
                | "select"
                | "where"
                | "objects"
                | "first"
                | "one"
                | "fetch"
                | "fetchone"
                | "fetchrow"
                | "repository"
                | "repo"
                | "db"
                | "database"
                | "model"
                | "models"
                | "dao"
                | "store"
                | "load"
                | "users"
                | "accounts"
                | "sql"
                | "collection"
                | "scalar"
                | "execute"
                | "lookup"
        )
    })
}

/// A value without the conversions around it: `password.trim()`, `str(password)`.
pub fn peeled(facts: &FileFacts, value: ValueId) -> ValueId {
    let mut at = value;
    for _ in 0..6 {
        let Value::Result(call) = facts.value(at) else { break };
        let call = facts.call(*call);
        match facts.value(call.callee) {
            Value::Field(base, method) if keeps(method) && call.args.len() <= 1 => at = *base,
            Value::Name(name)
                if matches!(name.as_str(), "str" | "String" | "bytes")
                    && !call.args.is_empty()
                    && !call.is_new =>
            {
                at = call.args[0].value;
            }
            _ => break,
        }
    }
    at
}

fn keeps(method: &str) -> bool {
    words(method).iter().any(|w| {
        matches!(
            w.as_str(),
            "trim" | "strip" | "string" | "str" | "encode" | "decode" | "clone" | "bytes" | "owned" | "ref"
        )
    }) && !speaks_of_hash(method)
}

/// The name that an expression ends in: `user.password`, `request.form.get("password")`, `form.password.data`.
pub fn leaf(facts: &FileFacts, value: ValueId) -> Option<Str> {
    let value = peeled(facts, value);
    match facts.value(value) {
        Value::Name(name) => Some(name.clone()),
        Value::Field(base, name) if matches!(name.as_str(), "data" | "value" | "0") => {
            leaf(facts, *base).filter(|n| !is_request_word(n)).or_else(|| Some(name.clone()))
        }
        Value::Field(_, name) => Some(name.clone()),
        Value::Result(call) => {
            let call = facts.call(*call);
            let text = call.args.first().map(|a| facts.value(a.value));
            match (facts.value(call.callee), text) {
                (Value::Field(..) | Value::Name(_), Some(Value::Text(text))) if call.args.len() <= 2 => {
                    Some(text.clone())
                }
                _ => None,
            }
        }
        // `password ?? ""`.
        Value::Either(parts) => {
            let mut all = parts.iter().filter(|p| !matches!(facts.value(**p), Value::Text(_) | Value::Null));
            match (all.next(), all.next()) {
                (Some(one), None) => leaf(facts, *one),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The last name of a chain.
pub fn last_name(facts: &FileFacts, value: ValueId) -> Option<&Str> {
    match facts.value(value) {
        Value::Name(name) | Value::Field(_, name) => Some(name),
        _ => None,
    }
}

/// The expression below a field, without indexes: of `users[name].password` it is `users`.
pub fn base(facts: &FileFacts, value: ValueId) -> Option<ValueId> {
    match facts.value(peeled(facts, value)) {
        Value::Field(base, _) => Some(*base),
        Value::Result(call) => match facts.value(facts.call(*call).callee) {
            Value::Field(base, _) => Some(*base),
            _ => None,
        },
        _ => None,
    }
}

/// The names of the functions around a place, from the inside out.
pub fn functions_around(facts: &FileFacts, function: FunctionId) -> Vec<&Str> {
    let mut out = Vec::new();
    let mut at = Some(function);
    while let Some(id) = at {
        let f = facts.function(id);
        out.push(&f.name);
        at = f.parent;
    }
    out
}

/// The outermost named function around a place, below the module: all that one request runs through.
pub fn enclosing(facts: &FileFacts, function: FunctionId) -> FunctionId {
    let mut at = function;
    while let Some(parent) = facts.function(at).parent.filter(|p| p.0 != 0) {
        if !facts.function(at).name.is_empty() {
            break;
        }
        at = parent;
    }
    at
}

/// Does a function hold another, or is it the same?
pub fn holds(facts: &FileFacts, outer: FunctionId, inner: FunctionId) -> bool {
    let mut at = Some(inner);
    while let Some(id) = at {
        if id == outer {
            return true;
        }
        at = facts.function(id).parent;
    }
    false
}
