//! Writes: declarations, destructuring, assignment, deletion. Knows targets, not what is written.

use tree_sitter::Node;

use super::expressions::{expression, key_text, literal_text, named, operation, operator};
use super::{again, children, modules, peel, span, statements, text};
use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Span, Str};

/// Writes `value` to every name a pattern binds; gives these names.
pub fn bind(b: &mut Builder, pattern: Node, value: ValueId, kind: WriteKind) -> Vec<Str> {
    let mut names = Vec::new();
    bind_into(b, pattern, value, kind, &mut names);
    names
}

fn bind_into(b: &mut Builder, pattern: Node, value: ValueId, kind: WriteKind, names: &mut Vec<Str>) {
    let place = span(b, pattern);
    b.deeper(place, |b| match pattern.kind() {
        "object_pattern" => object(b, pattern, value, kind, names),
        "array_pattern" => array(b, pattern, value, kind, names),
        "assignment_pattern" | "object_assignment_pattern" => {
            let value = with_default(b, pattern, value);
            if let Some(left) = pattern.child_by_field_name("left") {
                bind_into(b, left, value, kind, names);
            }
        }
        "rest_pattern" => {
            if let Some(inner) = children(pattern).into_iter().next() {
                bind_into(b, inner, value, kind, names);
            }
        }
        "identifier" | "shorthand_property_identifier_pattern" => {
            let name: Str = text(b, pattern).into();
            names.push(name.clone());
            b.write(Target::Variable(name), value, kind, place);
        }
        _ => {
            if let Some(target) = target(b, pattern) {
                b.write(target, value, kind, place);
            }
        }
    });
}

/// `a = 1` inside a pattern: what is there, or the default.
fn with_default(b: &mut Builder, pattern: Node, value: ValueId) -> ValueId {
    let Some(default) = pattern.child_by_field_name("right") else { return value };
    let name = pattern.child_by_field_name("left").unwrap_or(pattern);
    let name_span = span(b, name);
    let bound = if name.kind().ends_with("_pattern") && name.kind() != "shorthand_property_identifier_pattern"
    {
        ""
    } else {
        text(b, name)
    };
    let default = named(b, default, bound, name_span);
    let place = span(b, pattern);
    b.value(Value::Either(vec![value, default]), place)
}

fn object(b: &mut Builder, pattern: Node, base: ValueId, kind: WriteKind, names: &mut Vec<Str>) {
    let mut taken: Vec<Str> = Vec::new();
    for part in children(pattern) {
        let place = span(b, part);
        let (key, inner) = match part.kind() {
            "pair_pattern" => {
                let key = part.child_by_field_name("key");
                (
                    key.map_or("[]".into(), |k| key_text(b, k).unwrap_or_else(|| "[]".into())),
                    part.child_by_field_name("value"),
                )
            }
            "shorthand_property_identifier_pattern" => (text(b, part).into(), Some(part)),
            "object_assignment_pattern" => {
                let left = part.child_by_field_name("left");
                (left.map_or("[]".into(), |l| text(b, l).into()), Some(part))
            }
            // What is left of the object has its fields but those that were taken out.
            "rest_pattern" => {
                let whole = again(b, base);
                let mut entries = vec![Entry { key: Key::Spread, value: whole, span: place }];
                for key in taken.drain(..) {
                    let value = b.value(Value::Null, place);
                    entries.push(Entry { key: Key::Text(key), value, span: place });
                }
                let value = b.value(Value::Record(Record { type_ref: None, entries }), place);
                bind_into(b, part, value, kind, names);
                continue;
            }
            _ => {
                statements::any(b, part);
                continue;
            }
        };
        taken.push(key.clone());
        let own = again(b, base);
        let value = b.value(Value::Field(own, key), place);
        if let Some(inner) = inner {
            bind_into(b, inner, value, kind, names);
        }
    }
}

fn array(b: &mut Builder, pattern: Node, base: ValueId, kind: WriteKind, names: &mut Vec<Str>) {
    let mut index = 0;
    let mut cursor = pattern.walk();
    for part in pattern.children(&mut cursor) {
        match part.kind() {
            // A hole has no node: only commas tell the position.
            "," => index += 1,
            "[" | "]" | "comment" => {}
            _ => {
                let place = span(b, part);
                let own = again(b, base);
                let value = if part.kind() == "rest_pattern" {
                    own
                } else {
                    b.value(Value::Field(own, index.to_string().into()), place)
                };
                bind_into(b, part, value, kind, names);
            }
        }
    }
}

/// Where an assignment goes; none for what cannot be assigned to.
pub fn target(b: &mut Builder, node: Node) -> Option<Target> {
    let node = peel(node);
    match node.kind() {
        "identifier" => Some(Target::Variable(text(b, node).into())),
        "member_expression" => {
            let base = expression(b, node.child_by_field_name("object")?);
            Some(Target::Field(base, text(b, node.child_by_field_name("property")?).into()))
        }
        "subscript_expression" => {
            let base = expression(b, node.child_by_field_name("object")?);
            let index = node.child_by_field_name("index")?;
            Some(match literal_text(b, index) {
                Some(key) => Target::Field(base, key),
                None => Target::Index(base, expression(b, index)),
            })
        }
        "ERROR" => None,
        _ => {
            expression(b, node);
            None
        }
    }
}

pub fn assignment(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    let sides = (node.child_by_field_name("left"), node.child_by_field_name("right"));
    let (Some(left), Some(right)) = sides else { return b.unknown(place) };
    let left = peel(left);
    if matches!(left.kind(), "object_pattern" | "array_pattern") {
        let value = expression(b, right);
        bind(b, left, value, WriteKind::Assign);
        return again(b, value);
    }
    let target = target(b, left);
    let (name, name_span) = match left.child_by_field_name("property") {
        Some(property) => (text(b, property), span(b, property)),
        None => (if left.kind() == "identifier" { text(b, left) } else { "" }, span(b, left)),
    };
    let value = named(b, right, name, name_span);
    modules::common_js_export(b, left, value, place);
    if let Some(target) = target {
        b.write(target, value, WriteKind::Assign, place);
    }
    again(b, value)
}

pub fn augmented(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    let sides = (node.child_by_field_name("left"), node.child_by_field_name("right"));
    let (Some(left), Some(right)) = sides else { return b.unknown(place) };
    let sign = operator(b, node);
    if sign == "+=" {
        let target = target(b, left);
        let value = expression(b, right);
        if let Some(target) = target {
            b.write(target, value, WriteKind::Append, place);
        }
        return b.unknown(place);
    }
    let old = expression(b, left);
    let new = expression(b, right);
    let value = match sign {
        "??=" | "||=" => b.value(Value::Either(vec![old, new]), place),
        "&&=" => new,
        _ => operation(b, sign.trim_end_matches('='), old, new, place),
    };
    if let Some(target) = chain_target(b, old) {
        b.write(target, value, WriteKind::Assign, place);
    }
    again(b, value)
}

/// A value that was read, as something that can be written to.
pub fn chain_target(b: &mut Builder, value: ValueId) -> Option<Target> {
    match b.facts.value(value).clone() {
        Value::Name(name) => Some(Target::Variable(name)),
        Value::Field(base, name) => {
            let base = again(b, base);
            Some(Target::Field(base, name))
        }
        _ => None,
    }
}

/// `delete x.y`.
pub fn remove(b: &mut Builder, node: Node, place: Span) {
    if let Some(target) = target(b, node) {
        let value = b.unknown(place);
        b.write(target, value, WriteKind::Remove, place);
    }
}
