//! Is encoded text that nobody signed taken for who the caller is?

use crate::event::Event;
use crate::facts::*;
use crate::finding::{Evidence, Strength, Verdict};
use crate::project::origins::Root;
use crate::rulebook::check::Check;
use crate::source::Str;

use super::unverified::{how_sure, only_asks, scope_of, verified_elsewhere};
use super::{Judge, words};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out = Vec::new();
    for event in judge.of_concept("token.unpack") {
        let client = judge.client.get(event.file.0 as usize).copied().unwrap_or(false);
        let Some(token) = event.role("token").filter(|_| !client) else { continue };
        let strength = how_sure(token);
        if strength < Strength::Stated || !is_credential(judge, event) || only_asks(judge, event) {
            continue;
        }
        if verified_elsewhere(judge, event) || is_proven(judge, event) {
            continue;
        }
        let Some(step) = says_who(judge, event) else { continue };
        let mut evidence: Vec<Evidence> = token.evidence.clone();
        evidence.push(step);
        // That nothing else proves it cannot be seen from here alone.
        let mut verdict = judge.verdict(check, event, event.span, Strength::Inferred, evidence);
        verdict.says = "takes the caller's word from encoded text that nothing signs".into();
        verdict.why =
            "encoding hides nothing and proves nothing: anyone can write such a text that names any user"
                .into();
        verdict.fix =
            "hand out a signed token or a random session id, and check it before any of its fields is used"
                .into();
        out.push(verdict);
    }
    out
}

/// The names on the way of the text say that it lets its bearer in, not that it marks a page of a list.
fn is_credential(judge: &Judge, event: &Event) -> bool {
    let mut said: Vec<String> = Vec::new();
    for known in event.role("token").into_iter().flat_map(|r| &r.values) {
        let mut root = &known.traced.root;
        while let Root::Member(base, name) = root {
            said.extend(words(name));
            root = base;
        }
        if let Root::Call(file, call) = root
            && let Some(facts) = judge.facts(*file)
        {
            said.extend(words(&show::call(facts, *call, 4)));
        }
        let named = known.traced.steps.iter().filter_map(|s| s.text.strip_prefix('`')?.split('`').next());
        said.extend(named.chain(known.names.iter().map(Str::as_str)).flat_map(words));
    }
    let has = |list: &[&str]| said.iter().any(|w| list.contains(&w.as_str()));
    has(&["authorization", "bearer", "token", "tokens", "jwt", "auth", "session", "sid", "credentials"])
        && !has(&[
            "cursor",
            "page",
            "continuation",
            "next",
            "sync",
            "state",
            "pagination",
            "csrf",
            "xsrf",
            "message",
        ])
}

/// The function does something that proves where a text comes from.
fn is_proven(judge: &Judge, event: &Event) -> bool {
    let (Some(facts), Some((_, function))) = (judge.facts(event.file), scope_of(judge, event)) else {
        return false;
    };
    let span = facts.function(function).span;
    facts.calls.iter().filter(|c| span.contains(&c.span)).any(|c| {
        words(&show::value(facts, c.callee, 4)).iter().any(|w| {
            matches!(
                w.as_str(),
                "verify"
                    | "verified"
                    | "verifies"
                    | "hmac"
                    | "signature"
                    | "unsign"
                    | "decrypt"
                    | "unseal"
                    | "digest"
                    | "timing"
                    | "compare"
            )
        })
    })
}

/// The first place where the record tells who the caller is.
fn says_who(judge: &Judge, event: &Event) -> Option<Evidence> {
    let (facts, call) = (judge.facts(event.file)?, event.call?);
    let read = Read::new(facts, call);
    let step = |span, name: &str| Evidence {
        span,
        text: format!("`{name}` of the unsigned text is used here"),
        strength: Strength::Stated,
    };
    let whole = |span, name: &str| Evidence {
        span,
        text: format!("it becomes `{name}` here"),
        strength: Strength::Stated,
    };
    let fields = facts.values.iter().filter_map(|node| match &node.value {
        Value::Field(base, name) if read.is_record(*base) && is_identity(name) => Some(step(node.span, name)),
        Value::Record(record) => record.entries.iter().find_map(|e| match &e.key {
            Key::Text(key) if is_person(key) && read.is_record(e.value) => Some(whole(e.span, key)),
            _ => None,
        }),
        _ => None,
    });
    let asked = facts.calls.iter().filter_map(|c| {
        let Value::Field(base, method) = facts.value(c.callee) else { return None };
        let Value::Text(key) = facts.value(c.args.first()?.value) else { return None };
        (method == "get" && read.is_record(*base) && is_identity(key)).then(|| step(c.span, key))
    });
    let written = facts.writes.iter().filter_map(|w| match &w.target {
        Target::Field(_, name) if is_person(name) && read.is_record(w.value) => Some(whole(w.span, name)),
        _ => None,
    });
    let given = facts.exits.iter().filter_map(|e| {
        let name = &facts.function(scope_of(judge, event)?.1).name;
        let speaks = words(name).iter().any(|w| {
            matches!(
                w.as_str(),
                "user"
                    | "auth"
                    | "authenticate"
                    | "authorize"
                    | "identity"
                    | "principal"
                    | "session"
                    | "whoami"
                    | "login"
            )
        });
        let back = e.kind == ExitKind::Return && speaks && e.value.is_some_and(|v| read.is_record(v));
        back.then(|| Evidence {
            span: e.span,
            text: format!("`{name}` gives it back"),
            strength: Strength::Stated,
        })
    });
    fields.chain(asked).chain(written).chain(given).min_by_key(|e| e.span.start)
}

/// The expressions of a file that are the record that a call gave.
struct Read<'f> {
    facts: &'f FileFacts,
    call: CallId,
    variables: Vec<(&'f Str, FunctionId)>,
}

impl<'f> Read<'f> {
    fn new(facts: &'f FileFacts, call: CallId) -> Self {
        let of_call = |w: &&Write| matches!(facts.value(w.value), Value::Result(c) if *c == call);
        let variables = facts.writes.iter().filter(of_call).filter_map(|w| match &w.target {
            Target::Variable(name) => Some((name, w.function)),
            _ => None,
        });
        Read { facts, call, variables: variables.collect() }
    }

    fn is_record(&self, id: ValueId) -> bool {
        match self.facts.value(id) {
            Value::Result(call) => *call == self.call,
            Value::Name(name) => {
                self.variables.iter().any(|(v, f)| *v == name && self.facts.node(id).function == *f)
            }
            _ => false,
        }
    }
}

/// A field that says who somebody is, or what they may do.
fn is_identity(name: &str) -> bool {
    matches!(
        words(name).join("").as_str(),
        "id" | "uid"
            | "sub"
            | "subject"
            | "user"
            | "userid"
            | "username"
            | "email"
            | "role"
            | "roles"
            | "admin"
            | "isadmin"
            | "permissions"
            | "scope"
            | "scopes"
            | "tenant"
            | "tenantid"
            | "account"
            | "accountid"
    )
}

/// What a program calls the caller.
fn is_person(name: &str) -> bool {
    matches!(
        words(name).join("").as_str(),
        "user" | "currentuser" | "auth" | "principal" | "identity" | "account" | "claims" | "userid"
    )
}
