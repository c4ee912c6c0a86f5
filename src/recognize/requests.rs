//! OAuth requests that are put together by hand: a URL as text, a record of parameters, or parameters
//! set one after the other. They give the same events as a library's calls. Knows the protocol's
//! parameter names (RFC 6749, RFC 7636), no library and no rule.

use std::collections::BTreeSet;

use crate::concepts::{State, concept};
use crate::event::{Event, RoleValue};
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Root, Traced};
use crate::rulebook::model::Alternative;
use crate::source::{FileId, Span, Str};

use super::Recognizer;

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

/// Methods that set one parameter.
const SETTERS: [&str; 8] = ["set", "append", "append_pair", "add", "put", "insert", "setdefault", "push"];

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

/// A request in the making.
struct Bag {
    entries: Vec<(Str, Entry)>,
    /// Parameters may be added where nobody sees it.
    open: bool,
    /// The node that it is, or the first call that sets one of its parameters.
    span: Span,
    /// Where to point: the parameter that makes it a request.
    place: Span,
    function: FunctionId,
    region: RegionId,
}

#[derive(Clone)]
enum Entry {
    Value(ValueId),
    Text(ValueId, Str),
    /// A part of a text that is filled in.
    Hole(ValueId),
}

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
            if callee.entries.iter().any(known) || !callee.makes.is_empty() {
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

impl Bag {
    /// The entries of a record, a list of pairs or texts, or a text; also through a plain call.
    fn add(&mut self, facts: &FileFacts, id: ValueId) {
        match facts.value(id) {
            Value::Record(record) => {
                for entry in &record.entries {
                    match &entry.key {
                        Key::Text(key) => self.entries.push((key.clone(), Entry::Value(entry.value))),
                        // Resolved by `complete`.
                        Key::Spread => self.spread(facts, entry.value),
                        Key::Computed(_) => self.open = true,
                    }
                }
            }
            Value::List(items) => {
                for item in items {
                    match facts.value(*item) {
                        Value::List(pair) if pair.len() == 2 => match facts.value(pair[0]) {
                            Value::Text(key) => self.entries.push((key.clone(), Entry::Value(pair[1]))),
                            _ => self.open = true,
                        },
                        Value::Text(_) | Value::Join(_) => self.add(facts, *item),
                        _ => self.open = true,
                    }
                }
            }
            Value::Join(parts) => self.add_text(facts, parts),
            Value::Text(_) => self.add_text(facts, &[id]),
            Value::Result(call) => {
                for arg in &facts.call(*call).args {
                    self.add(facts, arg.value);
                }
            }
            Value::Either(parts) => {
                for part in parts {
                    self.add(facts, *part);
                }
            }
            _ => self.open = true,
        }
    }

    /// `...(x && { state })` holds its record; anything else is looked up later.
    fn spread(&mut self, facts: &FileFacts, value: ValueId) {
        match facts.value(value) {
            Value::Either(parts) => parts.iter().for_each(|p| self.spread(facts, *p)),
            Value::Record(_) => self.add(facts, value),
            Value::Bool(_) | Value::Null => {}
            _ => self.entries.push((Str::default(), Entry::Value(value))),
        }
    }

    /// The parameters of a text: `?a=1&b=${x}`.
    fn add_text(&mut self, facts: &FileFacts, parts: &[ValueId]) {
        let mut key = String::new();
        // Nothing, a text, or something that is filled in.
        let mut value: Option<Entry> = None;
        let mut in_value = false;
        let mut started = false;
        let mut flush = |key: &mut String, value: &mut Option<Entry>, part: ValueId| {
            let name = key.rsplit(['?', '#', '\n', ' ']).next().unwrap_or_default().trim();
            if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                let entry = value.take().unwrap_or(Entry::Text(part, Str::default()));
                self.entries.push((name.into(), entry));
            }
            key.clear();
            *value = None;
        };
        let mut opened = false;
        for part in parts {
            let Value::Text(text) = facts.value(*part) else {
                if in_value {
                    value = match value {
                        None => Some(Entry::Hole(*part)),
                        Some(other) => {
                            // `scope=a${extra}`: what is filled in may be another parameter.
                            opened |= matches!(other, Entry::Text(..));
                            Some(other)
                        }
                    };
                } else if started && (key.is_empty() || key.ends_with('?')) {
                    // `?${parameters}`.
                    opened = true;
                }
                continue;
            };
            for c in text.chars() {
                match c {
                    '?' | '&' | '#' => {
                        if in_value {
                            flush(&mut key, &mut value, *part);
                        }
                        key.clear();
                        in_value = false;
                        started = true;
                        if c == '?' {
                            key.push('?');
                        }
                    }
                    '=' if !in_value => in_value = true,
                    _ if in_value => {
                        value = Some(match value.take() {
                            Some(Entry::Text(id, known)) => Entry::Text(id, format!("{known}{c}").into()),
                            Some(hole) => hole,
                            // `{}`, `{name}`, `%s`: filled in later.
                            None if c == '{' || c == '%' && text.contains("%s") => Entry::Hole(ValueId::NONE),
                            None => Entry::Text(*part, c.to_string().into()),
                        });
                    }
                    _ => key.push(c),
                }
            }
        }
        if in_value && let Some(last) = parts.last() {
            flush(&mut key, &mut value, *last);
        }
        self.open |= opened;
    }

    fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|(key, _)| key == name)
    }
}

fn is_bag(value: &Value) -> bool {
    matches!(value, Value::Record(_) | Value::List(_))
}

/// Records, lists and texts that hold the parameter of a request.
fn written(facts: &FileFacts) -> Vec<Bag> {
    let mut out: Vec<Bag> = Vec::new();
    // The larger node first, so that a part of a text is not read for itself.
    let mut nodes: Vec<(usize, &ValueNode)> = facts.values.iter().enumerate().collect();
    nodes.sort_by_key(|(_, n)| (n.span.start, std::cmp::Reverse(n.span.end)));
    let mut taken: BTreeSet<(u32, u32)> = BTreeSet::new();
    for (i, node) in nodes {
        let id = ValueId(i as u32);
        let place = match &node.value {
            Value::Record(record) => record.entries.iter().find_map(|e| match &e.key {
                Key::Text(key) if WORDS.contains(&key.as_str()) => Some(e.span),
                _ => None,
            }),
            Value::List(items) => items.iter().find_map(|item| match facts.value(*item) {
                Value::List(pair) if pair.len() == 2 => {
                    names_kind(facts, pair[0]).then(|| facts.node(*item).span)
                }
                _ => speaks(facts, *item).then(|| facts.node(*item).span),
            }),
            Value::Join(_) | Value::Text(_) => speaks(facts, id).then_some(node.span),
            _ => None,
        };
        let Some(place) = place else { continue };
        if taken.iter().any(|(start, end)| *start <= place.start && place.end <= *end) {
            continue;
        }
        let mut bag = Bag {
            entries: Vec::new(),
            open: false,
            span: node.span,
            place,
            function: node.function,
            region: node.region,
        };
        bag.add(facts, id);
        if WORDS.iter().any(|w| bag.has(w)) {
            taken.insert((place.start, place.end));
            out.push(bag);
        }
    }
    out
}

fn names_kind(facts: &FileFacts, id: ValueId) -> bool {
    matches!(facts.value(id), Value::Text(t) if WORDS.contains(&t.as_str()))
}

/// A text with `response_type=` or `grant_type=` in it.
fn speaks(facts: &FileFacts, id: ValueId) -> bool {
    let says = |id: &ValueId| matches!(facts.value(*id), Value::Text(t) if WORDS.iter().any(|w| t.contains(&format!("{w}="))));
    match facts.value(id) {
        Value::Join(parts) => parts.iter().any(says),
        Value::Text(_) => says(&id),
        _ => false,
    }
}

/// `params.set("response_type", "code")`, `params["response_type"] = "code"`: one bag for each.
fn set_one_by_one(facts: &FileFacts) -> Vec<Bag> {
    let mut out = Vec::new();
    for call in &facts.calls {
        let Some((_, key, value)) = set_call(facts, call) else { continue };
        if WORDS.contains(&key.as_str()) {
            out.push(Bag {
                entries: vec![(key, Entry::Value(value))],
                open: false,
                span: call.span,
                place: call.span,
                function: call.function,
                region: call.region,
            });
        }
    }
    for write in &facts.writes {
        let Target::Field(base, key) = &write.target else { continue };
        if WORDS.contains(&key.as_str()) && root_name(facts, *base).is_some() {
            out.push(Bag {
                entries: vec![(key.clone(), Entry::Value(write.value))],
                open: false,
                span: write.span,
                place: write.span,
                function: write.function,
                region: write.region,
            });
        }
    }
    out
}

/// The variable, parameter and value of `url.searchParams.set("state", value)`.
fn set_call(facts: &FileFacts, call: &Call) -> Option<(Str, Str, ValueId)> {
    let Value::Field(base, method) = facts.value(call.callee) else { return None };
    let (Some(first), Some(second)) = (call.args.first(), call.args.get(1)) else { return None };
    let Value::Text(key) = facts.value(first.value) else { return None };
    let known = SETTERS.contains(&method.as_str());
    Some((root_name(facts, *base).filter(|_| known)?, key.clone(), second.value))
}

/// The name at the beginning of a chain of fields and calls.
fn root_name(facts: &FileFacts, id: ValueId) -> Option<Str> {
    match facts.value(id) {
        Value::Name(name) => Some(name.clone()),
        Value::Field(base, _) => root_name(facts, *base),
        Value::Result(call) => match facts.value(facts.call(*call).callee) {
            Value::Field(base, _) => root_name(facts, *base),
            _ => None,
        },
        _ => None,
    }
}

fn last_name(facts: &FileFacts, id: ValueId) -> Str {
    match facts.value(id) {
        Value::Name(name) | Value::Field(_, name) => name.clone(),
        _ => Str::default(),
    }
}

/// The variable that a request is kept in, and the function whose variable it is.
fn holder(facts: &FileFacts, bag: &Bag) -> Option<(Str, FunctionId)> {
    let by_call = facts.calls.iter().find(|c| c.span == bag.place).and_then(|c| set_call(facts, c));
    let by_write = facts.writes.iter().find(|w| w.span == bag.place).and_then(|w| match &w.target {
        Target::Field(base, _) => root_name(facts, *base),
        _ => None,
    });
    let name = by_call.map(|(root, _, _)| root).or(by_write).or_else(|| {
        let around = facts.writes.iter().filter(|w| {
            w.function == bag.function
                && (w.span.contains(&bag.span) || facts.node(w.value).span.contains(&bag.span))
                && !matches!(facts.value(w.value), Value::Function(_))
        });
        around.min_by_key(|w| w.span.end - w.span.start).and_then(|w| match &w.target {
            Target::Variable(name) => Some(name.clone()),
            Target::Field(base, _) => root_name(facts, *base).filter(|n| n != "this" && n != "self"),
            Target::Index(..) => None,
        })
    })?;
    // The function that declares it.
    let mut at = Some(bag.function);
    while let Some(id) = at {
        let declares = |w: &Write| w.function == id && matches!(&w.target, Target::Variable(n) if *n == name);
        if facts.writes.iter().any(declares) || facts.function(id).params.iter().any(|p| p.name == name) {
            return Some((name, id));
        }
        at = facts.function(id).parent;
    }
    Some((name, bag.function))
}

/// The variable that a record is kept in is an argument somewhere, or part of a text.
fn handed_on(facts: &FileFacts, bag: &Bag) -> bool {
    let kept = holder(facts, bag).map(|(name, _)| name);
    let names = |id: ValueId| matches!(facts.value(id), Value::Name(n) if Some(n) == kept.as_ref());
    facts.calls.iter().any(|c| {
        c.args.iter().any(|a| {
            names(a.value)
                || matches!(facts.value(a.value), Value::Record(r) if r.entries.iter().any(|e| names(e.value)))
        }) || matches!(facts.value(c.callee), Value::Field(base, _) if names(*base) || facts.node(*base).span == bag.span)
    })
}

/// The parameter is set on what a record or text already began.
fn same_holder(facts: &FileFacts, a: &Bag, b: &Bag) -> bool {
    matches!((holder(facts, a), holder(facts, b)), (Some(x), Some(y)) if x == y)
}

/// The smallest call that the node is an argument of.
fn enclosing_call(facts: &FileFacts, span: Span) -> Option<CallId> {
    let around =
        facts.calls.iter().enumerate().filter(|(_, c)| {
            c.args.iter().any(|a| facts.node(a.value).span.contains(&span)) || c.span == span
        });
    around.min_by_key(|(_, c)| c.span.end - c.span.start).map(|(i, _)| CallId(i as u32))
}
