//! Places of configuration documents as events. Knows the shape of trees, no format and no rule.

use std::collections::HashMap;

use crate::concepts::State;
use crate::event::{Event, RoleValue};
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Root, Traced};
use crate::rulebook::model::{Alternative, Base, Encoding, Literal, SettingModel, Source, Test};
use crate::source::{FileId, Span, Str};

use super::Recognizer;
use super::roles::{Found, Scope, matches};

/// How many places of one document one entry may match.
const NODES: usize = 5_000;

/// A place in a document, or what an assignment assigns.
#[derive(Clone, Debug)]
pub struct Node {
    pub value: At,
    pub top: ValueId,
    /// What stands around it, from the top down.
    pub ups: Vec<ValueId>,
    /// What each `*` of the path stands for.
    pub names: Vec<(Str, Span)>,
    /// Where it is reported: its key, or the line it begins on.
    pub span: Span,
    /// What the text means, where it is not what is written: decoded, or one part of it.
    pub text: Option<(Str, Span)>,
}

impl Node {
    /// A text that a source names which is no value of the file: a key, a decoded or cut text.
    pub fn text_at(&self, source: &Source) -> Option<(Str, Span)> {
        match &source.base {
            Base::Name(None) => self.names.last().cloned(),
            Base::Name(Some(n)) => self.names.get(*n).cloned(),
            Base::Value if source.path.is_empty() => self.text.clone(),
            _ => None,
        }
    }

    /// Where the path of a source begins.
    pub fn base(&self, base: &Base) -> Option<At> {
        let value = match base {
            Base::Value => self.value.value,
            Base::Top => self.top,
            // Where there is nothing around, the place itself.
            Base::Up(n) => {
                let above = self.ups.len().checked_sub(*n).and_then(|i| self.ups.get(i));
                above.copied().or((*n == 1).then_some(self.value.value))?
            }
            _ => return None,
        };
        Some(At { file: self.value.file, value })
    }
}

impl Recognizer<'_> {
    /// Events that the documents of a file stand for.
    pub fn document_events(&self, file: FileId) -> Vec<Event> {
        let mut out = Vec::new();
        let Some(facts) = self.facts(file) else { return out };
        for (m, model) in self.index.models.iter().enumerate() {
            if facts.documents.is_empty() || !model.formats.iter().any(|f| f == facts.format) {
                continue;
            }
            for entry in &model.settings {
                for top in &facts.documents {
                    // What must hold at the top is asked before anything below is walked through.
                    let start = start(facts, *top);
                    let at_top = Scope::node(file, m, &start);
                    let of_top = |test: &&Test| test.places.iter().all(|s| matches!(s.base, Base::Top));
                    if !entry.when.iter().filter(of_top).all(|test| self.holds_here(test, &at_top)) {
                        continue;
                    }
                    for node in self.nodes(facts, *top, entry) {
                        let scope = Scope::node(file, m, &node);
                        let holds = |test: &Test| self.holds_here(test, &scope);
                        if entry.when.iter().all(holds) && !entry.unless.iter().any(holds) {
                            out.push(self.node_event(entry, &scope, &node));
                        }
                    }
                }
            }
        }
        out
    }

    fn node_event(&self, entry: &SettingModel, scope: &Scope, node: &Node) -> Event {
        let page = &self.index.models[scope.model];
        let mut roles = self.roles_of(entry.concept, &entry.roles, scope);
        // What the page says of the place stands nowhere else.
        for known in roles.iter_mut().flat_map(|(_, role)| &mut role.values) {
            if known.traced.at.value == ValueId::NONE {
                known.span = node.span;
            }
        }
        let callee = subject(entry, &roles, node);
        Event {
            concept: entry.concept,
            model: (page.page.clone(), entry.line),
            package: page.package.clone(),
            file: scope.file,
            call: None,
            span: node.span,
            callee,
            context: None,
            roles,
            strength: Strength::Stated,
            in_test: false,
        }
    }

    /// Events that environment variables stand for, set by the settings and events of a file.
    pub fn variable_events(&self, file: FileId, events: &[Event]) -> Vec<Event> {
        let mut out = Vec::new();
        if !self.index.has_variables() {
            return out;
        }
        let Some(facts) = self.facts(file) else { return out };
        if matches!(facts.format, "env" | "shell") {
            for setting in &facts.settings {
                let [name] = setting.path.as_slice() else { continue };
                let at = At { file, value: setting.value };
                // All that the environment holds is text.
                let text = match facts.value(setting.value) {
                    Value::Text(t) => Some((t.clone(), facts.node(setting.value).span)),
                    _ => None,
                };
                self.add_variable(&mut out, name, at, setting.span, text);
            }
        }
        for event in events {
            if !matches!(event.concept.name, "image.set" | "workload.set" | "env.write") {
                continue;
            }
            let name = event.role("name").and_then(|r| r.values.first()).and_then(|v| v.text.clone());
            let value = event.role("value").and_then(|r| r.values.first());
            if let (Some(name), Some(value)) = (name, value) {
                let text = value.text.clone().map(|t| (t, value.span));
                let before = out.len();
                self.add_variable(&mut out, &name, value.traced.at, event.span, text);
                // A program that only runs for a test.
                let in_test = event.in_test || event.state("passing") == State::Set;
                out[before..].iter_mut().for_each(|e| e.in_test = in_test);
            }
        }
        out
    }

    fn add_variable(
        &self,
        out: &mut Vec<Event>,
        name: &Str,
        value: At,
        span: Span,
        text: Option<(Str, Span)>,
    ) {
        for (model, variable) in self.index.variables(name) {
            let names = vec![(name.clone(), span)];
            let node = Node { value, top: value.value, ups: Vec::new(), names, span, text: text.clone() };
            let scope = Scope::node(span.file, model, &node);
            let page = &self.index.models[model];
            out.push(Event {
                concept: variable.concept,
                model: (page.page.clone(), variable.line),
                package: page.package.clone(),
                file: span.file,
                call: None,
                span,
                callee: name.to_string(),
                context: None,
                roles: self.roles_of(variable.concept, &variable.roles, &scope),
                strength: Strength::Stated,
                in_test: false,
            });
        }
    }

    /// Some place of a test holds one of its literals.
    pub fn holds_here(&self, test: &Test, scope: &Scope) -> bool {
        test.places.iter().any(|source| {
            if let Some((text, _)) = scope.node.and_then(|n| n.text_at(source)) {
                return test.literals.iter().any(|l| text_is(&text, l));
            }
            let found = match self.locate(source, scope) {
                Found::Values(found) => found,
                Found::Property(_) => return false,
            };
            test.literals.iter().any(|literal| match literal {
                Literal::Absent => found.iter().all(|t| t.root == Root::Absent),
                // What stands behind a broken place may be anything, or not be there.
                Literal::Present => found
                    .iter()
                    .any(|t| t.root != Root::Unknown && !self.is_unread(t) && matches(self, t, literal)),
                _ => found.iter().any(|t| {
                    matches(self, t, literal) || self.text(t).is_some_and(|text| text_is(&text, literal))
                }),
            })
        })
    }

    fn is_unread(&self, traced: &Traced) -> bool {
        let Root::Value(at) = traced.root else { return false };
        self.facts(at.file).is_some_and(|f| *f.value(at.value) == Value::Unknown)
    }

    /// A role that is a text which stands in no value of its own.
    pub fn text_role(
        &self,
        node: &Node,
        text: (Str, Span),
        alternative: &Alternative,
        present: State,
    ) -> RoleValue {
        let traced = Traced {
            root: Root::Value(node.value),
            at: node.value,
            context: None,
            steps: Vec::new(),
            strength: Strength::Stated,
            open: false,
        };
        let (text, span) = text;
        let known = crate::event::Known {
            span,
            number: text.parse().ok(),
            items: Some(vec![text.clone()]),
            labels: Vec::new(),
            keys: Vec::new(),
            names: Vec::new(),
            parts: Vec::new(),
            text: Some(text.clone()),
            shape: None,
            outside: None,
            meanings: Vec::new(),
            fed: false,
            traced,
        };
        let meant = alternative.values.iter().find(|(literal, _)| text_is(&text, literal)).map(|(_, s)| *s);
        let state = meant.or(alternative.state).or(alternative.present).unwrap_or(present);
        let evidence = vec![Evidence { span, text: "given here".into(), strength: Strength::Stated }];
        RoleValue { values: vec![known], evidence, ..RoleValue::state(state) }
    }

    /// All places of a document that an entry names.
    fn nodes(&self, facts: &FileFacts, top: ValueId, entry: &SettingModel) -> Vec<Node> {
        let parts: Vec<&str> = entry.key.split('.').filter(|p| !p.is_empty()).collect();
        let node = facts.node(top);
        let start = start(facts, top);
        if matches!(node.value, Value::Unknown | Value::Null) {
            return Vec::new();
        }
        let mut out = Vec::new();
        descend(facts, &start, &parts, 0, &mut out);
        if let Some(separator) = &entry.pairs {
            out = out.into_iter().filter_map(|n| pair(facts, n, separator)).collect();
        }
        if entry.encoding == Some(Encoding::Base64) {
            for node in &mut out {
                if let Value::Text(t) = facts.value(node.value.value) {
                    node.text = decoded(t).map(|t| (t, facts.node(node.value.value).span));
                }
            }
            out.retain(|n| n.text.is_some());
        }
        out
    }
}

/// A whole document.
fn start(facts: &FileFacts, top: ValueId) -> Node {
    Node {
        value: At { file: facts.file, value: top },
        top,
        ups: Vec::new(),
        names: Vec::new(),
        span: first_of(facts, top),
        text: None,
    }
}

/// Walks down along a path; `*` is any key or item, `**` any number of steps.
fn descend(facts: &FileFacts, node: &Node, parts: &[&str], depth: u32, out: &mut Vec<Node>) {
    if out.len() >= NODES || depth > 200 {
        return;
    }
    let Some((first, rest)) = parts.split_first() else {
        out.push(node.clone());
        return;
    };
    if *first == "**" {
        descend(facts, node, rest, depth + 1, out);
        for child in children(facts, node) {
            descend(facts, &child.0, parts, depth + 1, out);
        }
        return;
    }
    for (mut child, key) in children(facts, node) {
        let hit = if *first == "*" {
            child.names.push((key, child.span));
            true
        } else {
            first.eq_ignore_ascii_case(&key)
        };
        if hit {
            descend(facts, &child, rest, depth + 1, out);
        }
    }
}

/// What stands directly below, with its key or number; of keys that stand twice, the last.
fn children(facts: &FileFacts, node: &Node) -> Vec<(Node, Str)> {
    let mut out: Vec<(Node, Str)> = Vec::new();
    let below = |value: ValueId, span: Span| {
        let mut ups = node.ups.clone();
        ups.push(node.value.value);
        Node { value: At { file: facts.file, value }, ups, span, text: None, ..node.clone() }
    };
    match facts.value(node.value.value) {
        Value::Record(record) => {
            let mut last: HashMap<&Str, usize> = HashMap::new();
            for (i, entry) in record.entries.iter().enumerate() {
                if let Key::Text(key) = &entry.key {
                    last.insert(key, i);
                }
            }
            for (i, entry) in record.entries.iter().enumerate() {
                match &entry.key {
                    Key::Text(key) if last.get(key) != Some(&i) => {}
                    Key::Text(key) => {
                        let value = facts.node(entry.value).span;
                        let end = entry.span.start.max(value.start.min(entry.span.end));
                        let key_end =
                            (entry.span.start + key.len() as u32 + 2).min(end.max(entry.span.start));
                        let span = Span { end: key_end, ..entry.span };
                        out.push((below(entry.value, span), key.clone()));
                    }
                    Key::Spread => {
                        let inner = below(entry.value, entry.span);
                        for (child, key) in children(facts, &inner) {
                            if last.contains_key(&key) {
                                continue;
                            }
                            let mut ups = node.ups.clone();
                            ups.push(node.value.value);
                            out.push((Node { ups, ..child }, key));
                        }
                    }
                    Key::Computed(_) => {}
                }
            }
        }
        // Arms of a template, a variable and its default: any of them may be there.
        Value::Either(parts) => {
            for part in parts {
                let inner = below(*part, node.span);
                let mut ups = node.ups.clone();
                ups.push(node.value.value);
                out.extend(
                    children(facts, &inner).into_iter().map(|(c, k)| (Node { ups: ups.clone(), ..c }, k)),
                );
            }
        }
        Value::List(items) => {
            for (i, item) in items.iter().enumerate() {
                out.push((below(*item, first_of(facts, *item)), i.to_string().into()));
            }
        }
        _ => {}
    }
    out
}

/// The place of a value that is reported: of records and lists only where they begin.
fn first_of(facts: &FileFacts, id: ValueId) -> Span {
    let node = facts.node(id);
    match &node.value {
        Value::Record(record) => record.entries.first().map_or(node.span, |e| {
            let value = facts.node(e.value).span;
            Span { end: value.start.max(e.span.start).min(e.span.end), ..e.span }
        }),
        Value::List(items) => {
            items.first().map_or(node.span, |i| Span { end: node.span.start + 1, ..facts.node(*i).span })
        }
        _ => node.span,
    }
}

/// `NAME=value` in a list as an entry of its own; the entries of a record stand as they are.
fn pair(facts: &FileFacts, mut node: Node, separator: &str) -> Option<Node> {
    let id = node.value.value;
    if let Some(around) = node.ups.last()
        && !matches!(facts.value(*around), Value::List(_))
    {
        return Some(node);
    }
    let span = facts.node(id).span;
    let text = match facts.value(id) {
        Value::Text(t) => t.clone(),
        Value::Join(parts) => match parts.first().map(|p| facts.value(*p)) {
            Some(Value::Text(t)) if t.contains(separator) => t.clone(),
            // `${PORT}:5432`: what stands before is not known.
            _ => match parts.last().map(|p| facts.value(*p)) {
                Some(Value::Text(t)) if t.starts_with(separator) => t.clone(),
                _ => return None,
            },
        },
        _ => return None,
    };
    let (mut name, rest) = text.split_once(separator)?;
    let fallback = match facts.value(id) {
        Value::Join(parts) if name.is_empty() => parts.first().and_then(|p| default_of(facts, *p)),
        _ => None,
    };
    if name.is_empty() && rest.contains(separator) {
        // `${HOST}:5432:5432`: without a default, all that stands before may be anything.
        name = fallback?;
    }
    let before = text.len() - rest.len();
    let start = (span.start + before as u32).min(span.end);
    let place = Span { start, ..span };
    match node.names.last_mut() {
        Some(last) => *last = (name.into(), span),
        None => node.names.push((name.into(), span)),
    }
    node.span = span;
    if let Value::Join(parts) = facts.value(id) {
        // `NAME=${OTHER}`: what follows the name.
        if text.starts_with(separator) && !rest.is_empty() {
            node.text = Some((rest.into(), place));
            return Some(node);
        }
        let [_, one] = parts.as_slice() else { return Some(node) };
        if rest.is_empty() {
            node.value.value = *one;
        }
        return Some(node);
    }
    node.text = Some((rest.into(), place));
    Some(node)
}

/// What a variable falls back to: `${HOST:-127.0.0.1}`.
fn default_of(facts: &FileFacts, id: ValueId) -> Option<&str> {
    let Value::Either(arms) = facts.value(id) else { return None };
    arms.iter().find_map(|arm| match facts.value(*arm) {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    })
}

/// Does a text mean this literal?
pub(super) fn text_is(text: &str, literal: &Literal) -> bool {
    match literal {
        Literal::Bool(b) => text.eq_ignore_ascii_case(if *b { "true" } else { "false" }),
        Literal::Number(n) => text.parse::<f64>().is_ok_and(|x| x == *n),
        Literal::Text(t) => text.eq_ignore_ascii_case(t),
        Literal::Starts(t) => text.starts_with(t.as_str()),
        Literal::Empty => text.is_empty(),
        Literal::Present => !text.is_empty(),
        _ => false,
    }
}

fn decoded(text: &str) -> Option<Str> {
    use base64::Engine as _;
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(compact).ok()?;
    String::from_utf8(bytes).ok().map(|t| t.trim_end_matches(['\n', '\r']).into())
}

/// What an event is called: its own name, the key it was found under, or what the number of an item stands for.
fn subject(entry: &SettingModel, roles: &[(&'static str, RoleValue)], node: &Node) -> String {
    let own = match entry.concept.name {
        "image.copy" => "source",
        "permission.grant" => "to",
        _ => "name",
    };
    let text = |wanted: &str| {
        let role = roles.iter().find(|(role, _)| *role == wanted).and_then(|(_, r)| r.values.first());
        role.and_then(|v| v.text.as_ref()).filter(|t| !t.is_empty()).map(ToString::to_string)
    };
    let key = || node.names.iter().rfind(|(name, _)| !name.is_empty() && name.parse::<usize>().is_err());
    text(own)
        .or_else(|| key().map(|(name, _)| name.to_string()))
        .or_else(|| text("service"))
        .or_else(|| text("value").or_else(|| text("verify")).and_then(|command| program(&command)))
        .unwrap_or_else(|| last_key(&entry.key))
}

/// The program of a command that stands alone: `psql` of `psql -U orders`.
fn program(command: &str) -> Option<String> {
    let first = command.split_whitespace().next()?;
    let plain = first.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    (plain && first.len() < command.trim().len()).then(|| first.to_string())
}

fn last_key(key: &str) -> String {
    key.rsplit('.').find(|part| !part.starts_with('*')).unwrap_or(key).to_string()
}
