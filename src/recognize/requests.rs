//! OAuth requests that are put together by hand: a URL as text, a record of parameters, or parameters
//! set one after the other. They give the same events as a library's calls. Knows the protocol's
//! parameter names (RFC 6749, RFC 7636), no library and no rule.

use crate::concepts::{State, concept};
use crate::event::{Event, RoleValue};
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Root, Traced};
use crate::rulebook::model::Alternative;
use crate::source::{FileId, Str};

use super::Recognizer;
use super::parameters::{
    Bag, Entry, SETTERS, enclosing_call, handed_on, holder, is_bag, last_name, root_name, same_holder,
    set_call, set_one_by_one, written,
};

/// Texts without which a file holds no such request.
pub const WORDS: [&str; 2] = ["response_type", "grant_type"];

/// The parameter that makes a bag of parameters a request, and its concept.
const KINDS: [(&str, &str); 2] = [("response_type", "oauth.authorize"), ("grant_type", "oauth.exchange")];

/// Role and parameter.
const PARAMETERS: [(&str, &str); 10] = [
    ("response_type", "response_type"),
    ("pkce", "code_challenge"),
    ("method", "code_challenge_method"),
    ("state", "state"),
    ("redirect", "redirect_uri"),
    ("scope", "scope"),
    ("client", "client_id"),
    ("grant", "grant_type"),
    ("secret", "client_secret"),
    ("password", "password"),
];

/// Calls that take parameters as they are and add none of their own.
const PLAIN: [&str; 28] = [
    "URLSearchParams",
    "URL",
    "urlencode",
    "stringify",
    "encode",
    "from",
    "dict",
    "Map",
    "Object",
    "post",
    "get",
    "request",
    "fetch",
    "parse_with_params",
    "query",
    "form",
    "from_iter",
    "json",
    "send",
    "body",
    "urlopen",
    "Request",
    "FormData",
    "extend_pairs",
    "collect",
    "to_string",
    "join",
    "format",
];

impl Recognizer<'_> {
    /// The requests that a file puts together by hand.
    pub fn request_events(&self, file: FileId) -> Vec<Event> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let mut bags = written(facts);
        for bag in set_one_by_one(facts) {
            if !bags.iter().any(|b| b.place == bag.place || same_holder(facts, b, &bag)) {
                bags.push(bag);
            }
        }
        let mut out: Vec<Event> = Vec::new();
        for mut bag in bags {
            self.complete(file, facts, &mut bag);
            out.extend(self.request_event(file, facts, &bag));
        }
        out.sort_by_key(|e| e.span);
        out.dedup_by(|a, b| a.span == b.span && a.concept == b.concept);
        out
    }

    fn request_event(&self, file: FileId, facts: &FileFacts, bag: &Bag) -> Option<Event> {
        let has = |name: &str| bag.entries.iter().any(|(key, _)| key == name);
        let (name, meaning) = KINDS.iter().find(|(name, _)| has(name))?;
        // Signed and pushed requests carry their parameters elsewhere.
        if has("request") || has("request_uri") {
            return None;
        }
        let texts = self.texts_of(file, bag, name);
        match *name {
            "response_type" if !(has("client_id") || has("redirect_uri")) => return None,
            // Other protocols have a parameter of this name.
            "response_type"
                if !texts.is_empty() && !texts.iter().any(|t| t.contains("code") || t.contains("token")) =>
            {
                return None;
            }
            "grant_type" if texts.is_empty() => return None,
            "grant_type"
                if texts.iter().any(|t| t == "password") && !(has("username") || has("password")) =>
            {
                return None;
            }
            _ => {}
        }
        let call = enclosing_call(facts, bag.span);
        if let Some(call) = call {
            // A page speaks of it.
            let callee = self.callee(file, call);
            let known = |e: &super::index::EntryId| {
                self.index.call(*e).concept.is_some_and(|c| c.name.starts_with("oauth."))
            };
            let made = |(model, _): &(usize, usize)| {
                let calls = &self.index.models[*model].calls;
                calls.iter().any(|c| c.concept.is_some_and(|c| c.name.starts_with("oauth.")))
            };
            if callee.entries.iter().any(known) || callee.makes.iter().any(made) {
                return None;
            }
        }
        let is_record = facts.values.iter().any(|n| n.span == bag.span && is_bag(&n.value));
        if call.is_none() && is_record && !handed_on(facts, bag) {
            return None;
        }
        let concept = concept(meaning)?;
        let roles =
            concept.roles.iter().map(|role| (role.name, self.parameter(file, bag, role.name))).collect();
        Some(Event {
            concept,
            model: (Str::default(), 0),
            package: Str::default(),
            file,
            call,
            span: bag.place,
            callee: match texts.first() {
                Some(text) => format!("{name}={text}"),
                None => (*name).to_string(),
            },
            context: None,
            roles,
            strength: Strength::Stated,
            in_test: facts.in_test(bag.region),
        })
    }

    fn texts_of(&self, file: FileId, bag: &Bag, name: &str) -> Vec<Str> {
        let found = bag.entries.iter().filter(|(key, _)| key == name);
        found.flat_map(|(_, entry)| self.known_of(file, entry)).filter_map(|k| k.text).collect()
    }

    fn known_of(&self, file: FileId, entry: &Entry) -> Vec<crate::event::Known> {
        let plain = Alternative::default();
        match entry {
            Entry::Value(value) => {
                self.trace(At { file, value: *value }, &None).iter().map(|t| self.known(t, &plain)).collect()
            }
            Entry::Hole(value) => {
                let found = self.trace(At { file, value: *value }, &None);
                found.iter().map(|t| self.known(t, &plain)).collect()
            }
            Entry::Text(value, text) => {
                let at = At { file, value: *value };
                let traced = Traced {
                    root: Root::Value(at),
                    at,
                    context: None,
                    steps: Vec::new(),
                    strength: Strength::Stated,
                    open: false,
                };
                let mut known = self.known(&traced, &plain);
                let text: Str = text.replace("%20", " ").replace('+', " ").into();
                known.items = Some(vec![text.clone()]);
                known.text = Some(text);
                vec![known]
            }
        }
    }

    fn parameter(&self, file: FileId, bag: &Bag, role: &str) -> RoleValue {
        let name = match (role, bag.entries.iter().any(|(k, _)| k == "grant_type")) {
            ("pkce", true) => "code_verifier",
            ("cached", _) => return RoleValue::state(State::Unchecked),
            ("token", _) => return RoleValue::state(State::Unknown),
            (role, _) => PARAMETERS.iter().find(|(r, _)| *r == role).map_or("", |(_, name)| *name),
        };
        let check = matches!(role, "pkce" | "state");
        let place = format!("`{name}` among the parameters");
        let values: Vec<_> = bag
            .entries
            .iter()
            .filter(|(key, _)| key == name)
            .flat_map(|(_, e)| self.known_of(file, e))
            .collect();
        let nothing = |k: &crate::event::Known| {
            k.text.as_ref().is_some_and(|t| t.is_empty())
                || matches!(k.traced.root, Root::Absent)
                || matches!(k.traced.root, Root::Value(at) if self.facts(at.file).is_some_and(|f| *f.value(at.value) == Value::Null))
        };
        let given: Vec<_> = values.into_iter().filter(|k| !nothing(k)).collect();
        let state = match (given.is_empty(), bag.open) {
            (true, true) => State::Unknown,
            (true, false) if check => State::Unchecked,
            (true, false) => State::Unset,
            // The same text for everybody is no secret between the two ends of the request.
            (false, _) if role == "state" && given.iter().all(|k| k.text.is_some() && !k.fed) => State::Off,
            (false, _) if check => State::Checked,
            (false, _) => State::Set,
        };
        let text =
            if given.is_empty() { format!("no `{name}` among the parameters") } else { "given here".into() };
        let span = given.first().map_or(bag.place, |k| k.span);
        let evidence = vec![Evidence { span, text, strength: Strength::Stated }];
        let strength = given.iter().map(|k| k.traced.strength).min().unwrap_or(Strength::Stated);
        RoleValue { values: given, evidence, place, strength, ..RoleValue::state(state) }
    }

    /// Parameters that are added after the making, and whether more may come.
    fn complete(&self, file: FileId, facts: &FileFacts, bag: &mut Bag) {
        for i in 0..bag.entries.len() {
            let (key, Entry::Value(value)) = &bag.entries[i] else { continue };
            if !key.is_empty() {
                continue;
            }
            // `...rest`: what it holds, when that can be told.
            let value = *value;
            for traced in self.trace(At { file, value }, &None) {
                match traced.root {
                    Root::Value(at) if at.file == file => match facts.value(at.value) {
                        Value::Record(_) | Value::List(_) => bag.add(facts, at.value),
                        Value::Null | Value::Bool(false) => {}
                        _ => bag.open = true,
                    },
                    _ => {
                        bag.entries.extend(self.keys(&traced).into_iter().map(|k| (k, Entry::Hole(value))));
                        bag.open = true;
                    }
                }
            }
        }
        if let Some(call) = enclosing_call(facts, bag.span) {
            let name = last_name(facts, facts.call(call).callee);
            bag.open |= !PLAIN.contains(&name.as_str()) && !SETTERS.contains(&name.as_str());
            bag.open |= !self.callee(file, call).local.is_empty();
        }
        bag.open |= facts.exits.iter().any(|e| {
            e.kind == ExitKind::Return
                && e.value.is_some_and(|v| facts.node(v).span == bag.span && is_bag(facts.value(v)))
        });
        let Some((holder, scope)) = holder(facts, bag) else { return };
        let inside = |function: FunctionId| {
            let mut at = Some(function);
            while let Some(id) = at {
                if id == scope {
                    return true;
                }
                at = facts.function(id).parent;
            }
            false
        };
        bag.open |= facts.function(scope).params.iter().any(|p| p.name == holder);
        for call in facts.calls.iter().filter(|c| inside(c.function)) {
            if let Some((root, key, value)) = set_call(facts, call)
                && root == holder
                && call.span != bag.place
            {
                bag.entries.push((key, Entry::Value(value)));
                continue;
            }
            // Handed to a function of the project, which may add to it.
            let handed = |a: &Arg| matches!(facts.value(a.value), Value::Name(n) if *n == holder);
            if call.args.iter().any(handed) {
                let id = facts.calls.iter().position(|c| std::ptr::eq(c, call)).unwrap_or(0);
                bag.open |= !self.callee(file, CallId(id as u32)).local.is_empty();
            }
        }
        for write in facts.writes.iter().filter(|w| inside(w.function)) {
            match &write.target {
                Target::Field(base, key) if root_name(facts, *base) == Some(holder.clone()) => {
                    bag.entries.push((key.clone(), Entry::Value(write.value)));
                }
                Target::Index(base, _) if root_name(facts, *base) == Some(holder.clone()) => bag.open = true,
                Target::Variable(name)
                    if *name == holder && matches!(write.kind, WriteKind::Merge | WriteKind::Append) =>
                {
                    bag.add(facts, write.value);
                }
                _ => {}
            }
        }
        // `const url = base + "&state=" + state`, `{ ...base, state }`.
        let own = bag.span;
        for node in facts.values.iter().filter(|n| inside(n.function) && !own.contains(&n.span)) {
            let names = |id: &ValueId| matches!(facts.value(*id), Value::Name(n) if *n == holder);
            match &node.value {
                Value::Join(parts) if parts.iter().any(names) => {
                    bag.add_text(facts, parts);
                }
                Value::Record(record) => {
                    bag.open |= record.entries.iter().any(|e| e.key == Key::Spread && names(&e.value));
                }
                _ => {}
            }
        }
        let returned = |e: &Exit| {
            e.kind == ExitKind::Return
                && inside(e.function)
                && e.value.is_some_and(|v| matches!(facts.value(v), Value::Name(n) if *n == holder))
        };
        let is_record = facts.values.iter().any(|n| n.span == bag.span && is_bag(&n.value));
        bag.open |= is_record && facts.exits.iter().any(returned);
        bag.open |= scope == FunctionId(0) && self.used_elsewhere(file, &holder);
    }

    /// Another file imports the name and puts it into something larger.
    fn used_elsewhere(&self, file: FileId, name: &Str) -> bool {
        self.project.files.iter().flatten().filter(|f| f.file != file).any(|f| {
            let import = f.imports.iter().find(|i| matches!(&i.name, ImportName::Named(n) if n == name));
            import.is_some_and(|i| {
                let names = |id: &ValueId| matches!(f.value(*id), Value::Name(n) if *n == i.local);
                f.values.iter().any(|n| match &n.value {
                    Value::Join(parts) => parts.iter().any(names),
                    Value::Record(r) => r.entries.iter().any(|e| e.key == Key::Spread && names(&e.value)),
                    _ => false,
                })
            })
        })
    }
}
