//! The parameters of requests that are put together by hand: where they stand in one file, and how a text of
//! them is read. Knows no library and no rule.

use std::collections::BTreeSet;

use crate::facts::*;
use crate::source::{Span, Str};

use super::requests::WORDS;

/// Methods that set one parameter.
pub(super) const SETTERS: [&str; 8] =
    ["set", "append", "append_pair", "add", "put", "insert", "setdefault", "push"];

/// A request in the making.
pub(super) struct Bag {
    pub(super) entries: Vec<(Str, Entry)>,
    /// Parameters may be added where nobody sees it.
    pub(super) open: bool,
    /// The node that it is, or the first call that sets one of its parameters.
    pub(super) span: Span,
    /// Where to point: the parameter that makes it a request.
    pub(super) place: Span,
    pub(super) function: FunctionId,
    pub(super) region: RegionId,
}

#[derive(Clone)]
pub(super) enum Entry {
    Value(ValueId),
    Text(ValueId, Str),
    /// A part of a text that is filled in.
    Hole(ValueId),
}

impl Bag {
    /// The entries of a record, a list of pairs or texts, or a text; also through a plain call.
    pub(super) fn add(&mut self, facts: &FileFacts, id: ValueId) {
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
    pub(super) fn add_text(&mut self, facts: &FileFacts, parts: &[ValueId]) {
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

pub(super) fn is_bag(value: &Value) -> bool {
    matches!(value, Value::Record(_) | Value::List(_))
}

/// Records, lists and texts that hold the parameter of a request.
pub(super) fn written(facts: &FileFacts) -> Vec<Bag> {
    let mut out: Vec<Bag> = Vec::new();
    let any = |node: &ValueNode| match &node.value {
        Value::Text(text) => WORDS.iter().any(|w| text.contains(w)),
        Value::Record(record) => {
            record.entries.iter().any(|e| matches!(&e.key, Key::Text(k) if WORDS.contains(&k.as_str())))
        }
        _ => false,
    };
    if !facts.values.iter().any(any) {
        return out;
    }
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

pub(super) fn names_kind(facts: &FileFacts, id: ValueId) -> bool {
    matches!(facts.value(id), Value::Text(t) if WORDS.contains(&t.as_str()))
}

/// A text with `response_type=` or `grant_type=` in it.
pub(super) fn speaks(facts: &FileFacts, id: ValueId) -> bool {
    let says = |id: &ValueId| matches!(facts.value(*id), Value::Text(t) if WORDS.iter().any(|w| t.contains(&format!("{w}="))));
    match facts.value(id) {
        Value::Join(parts) => parts.iter().any(says),
        Value::Text(_) => says(&id),
        _ => false,
    }
}

/// `params.set("response_type", "code")`, `params["response_type"] = "code"`: one bag for each.
pub(super) fn set_one_by_one(facts: &FileFacts) -> Vec<Bag> {
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
pub(super) fn set_call(facts: &FileFacts, call: &Call) -> Option<(Str, Str, ValueId)> {
    let Value::Field(base, method) = facts.value(call.callee) else { return None };
    let (Some(first), Some(second)) = (call.args.first(), call.args.get(1)) else { return None };
    let Value::Text(key) = facts.value(first.value) else { return None };
    let known = SETTERS.contains(&method.as_str());
    Some((root_name(facts, *base).filter(|_| known)?, key.clone(), second.value))
}

/// The name at the beginning of a chain of fields and calls.
pub(super) fn root_name(facts: &FileFacts, id: ValueId) -> Option<Str> {
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

pub(super) fn last_name(facts: &FileFacts, id: ValueId) -> Str {
    match facts.value(id) {
        Value::Name(name) | Value::Field(_, name) => name.clone(),
        _ => Str::default(),
    }
}

/// The variable that a request is kept in, and the function whose variable it is.
pub(super) fn holder(facts: &FileFacts, bag: &Bag) -> Option<(Str, FunctionId)> {
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
pub(super) fn handed_on(facts: &FileFacts, bag: &Bag) -> bool {
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
pub(super) fn same_holder(facts: &FileFacts, a: &Bag, b: &Bag) -> bool {
    matches!((holder(facts, a), holder(facts, b)), (Some(x), Some(y)) if x == y)
}

/// The smallest call that the node is an argument of.
pub(super) fn enclosing_call(facts: &FileFacts, span: Span) -> Option<CallId> {
    let around =
        facts.calls.iter().enumerate().filter(|(_, c)| {
            c.args.iter().any(|a| facts.node(a.value).span.contains(&span)) || c.span == span
        });
    around.min_by_key(|(_, c)| c.span.end - c.span.start).map(|(i, _)| CallId(i as u32))
}
