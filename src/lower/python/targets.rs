//! What gets a value: names, fields, indices, and tuples of them.

use tree_sitter::Node;

use super::expressions::{expression, subscripted};
use super::{State, declarations, parts, place, settings, text_of};
use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Span, Str};

/// Writes `value` to whatever stands at `node`. `Assign` becomes `Declare` for a name's first
/// write, and a field for a name in a class body.
pub fn assign(
    b: &mut Builder<'_>,
    s: &mut State,
    node: Node<'_>,
    value: ValueId,
    kind: WriteKind,
    span: Span,
) {
    match node.kind() {
        "identifier" => {
            let name = Str::from(text_of(b, node));
            let place = place(b, node);
            if b.owner.is_some() && kind == WriteKind::Assign {
                settings::named(b, s, &name, value, place);
                declarations::field(b, name, None, Some(value), span);
                return;
            }
            if matches!(kind, WriteKind::Assign | WriteKind::Declare) {
                settings::named(b, s, &name, value, place);
            }
            variable(b, s, name, value, kind, span);
        }
        "attribute" => {
            let Some(object) = node.child_by_field_name("object") else { return };
            let base = expression(b, s, object);
            let Some(attribute) = node.child_by_field_name("attribute") else { return };
            let name = Str::from(text_of(b, attribute));
            let place = place(b, attribute);
            field(b, s, base, name, value, kind, span, place);
        }
        "subscript" => {
            let (base, key) = subscripted(b, s, node);
            match key {
                Ok(name) => {
                    let place = match node.child_by_field_name("subscript") {
                        Some(key) => place(b, key),
                        None => span,
                    };
                    field(b, s, base, name, value, kind, span, place);
                }
                Err(index) => put(b, s, Target::Index(base, index), value, kind, span),
            }
        }
        "pattern_list" | "tuple_pattern" | "list_pattern" | "tuple" | "list" | "expression_list" => {
            each(b, s, node, value, kind);
        }
        "list_splat_pattern" | "list_splat" | "as_pattern_target" | "parenthesized_expression" => {
            for inner in parts(node) {
                if b.deeper(span, |b| assign(b, s, inner, value, kind, span)).is_none() {
                    return;
                }
            }
        }
        _ => {
            expression(b, s, node);
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn field(
    b: &mut Builder<'_>,
    s: &mut State,
    base: ValueId,
    name: Str,
    value: ValueId,
    kind: WriteKind,
    span: Span,
    key: Span,
) {
    if matches!(kind, WriteKind::Assign | WriteKind::Declare) {
        settings::field(b, base, &name, value, key);
    }
    put(b, s, Target::Field(base, name), value, kind, span);
}

fn each(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, value: ValueId, kind: WriteKind) {
    let targets = parts(node);
    let star = targets.iter().position(|t| matches!(t.kind(), "list_splat_pattern" | "list_splat"));
    let items = match b.facts.value(value) {
        Value::List(items) if star.is_none() && items.len() == targets.len() => items.clone(),
        _ => Vec::new(),
    };
    for (i, target) in targets.into_iter().enumerate() {
        let span = place(b, target);
        let part = match items.get(i) {
            Some(item) => *item,
            None => {
                let known = star.is_none_or(|star| i < star);
                let name = if known { i.to_string().into() } else { Str::from("[]") };
                b.value(Value::Field(value, name), span)
            }
        };
        if b.deeper(span, |b| assign(b, s, target, part, kind, span)).is_none() {
            return;
        }
    }
}

/// Writes a variable in the scope that owns it.
pub fn variable(b: &mut Builder<'_>, s: &mut State, name: Str, value: ValueId, kind: WriteKind, span: Span) {
    let first = s.declare(s.owner(b.function, &name), &name);
    let kind = if first && kind == WriteKind::Assign { WriteKind::Declare } else { kind };
    put(b, s, Target::Variable(name), value, kind, span);
}

/// Adds the write; a name that `global` or `nonlocal` gave away belongs to its owner.
pub fn put(b: &mut Builder<'_>, s: &State, target: Target, value: ValueId, kind: WriteKind, span: Span) {
    let owner = match &target {
        Target::Variable(name) => s.owner(b.function, name),
        _ => b.function,
    };
    b.write(target, value, kind, span);
    if let Some(write) = b.facts.writes.last_mut() {
        write.function = owner;
    }
}

/// The variable or field a value was read from.
pub fn of_value(b: &Builder<'_>, value: ValueId) -> Option<Target> {
    match b.facts.value(value) {
        Value::Name(name) => Some(Target::Variable(name.clone())),
        Value::Field(base, name) => Some(Target::Field(*base, name.clone())),
        _ => None,
    }
}

/// `del x`, `del x.y`, `del x["y"]`, and lists of them.
pub fn remove(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) {
    let span = place(b, node);
    match node.kind() {
        "expression_list" | "tuple" | "list" | "parenthesized_expression" => {
            for inner in parts(node) {
                b.deeper(span, |b| remove(b, s, inner));
            }
        }
        _ => {
            let nothing = b.unknown(span);
            assign(b, s, node, nothing, WriteKind::Remove, span);
        }
    }
}
