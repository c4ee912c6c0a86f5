//! Python expressions to values, calls and comparisons. Knows no statement and no library.

use tree_sitter::Node;

use super::{State, conditions, declarations, literals, parts, place, statements, targets, text_of};
use crate::facts::*;
use crate::lower::{Builder, fold};
use crate::source::{Span, Str};

/// What an expression is worth; comments and unknown syntax give `Unknown`, their inside is lowered.
pub fn expression(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) -> ValueId {
    let mut node = node;
    while node.kind() == "parenthesized_expression" || node.kind() == "type" {
        let Some(inner) = parts(node).into_iter().next() else { break };
        node = inner;
    }
    let span = place(b, node);
    match b.deeper(span, |b| by_kind(b, s, node, span)) {
        Some(value) => value,
        None => b.unknown(span),
    }
}

fn by_kind(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    match node.kind() {
        "identifier" => identifier(b, s, node, span),
        "string" => string(b, s, node, span),
        "concatenated_string" => concatenated(b, s, node, span),
        "integer" | "float" => match literals::number(text_of(b, node)) {
            Some(n) => b.value(Value::Number(n), span),
            None => b.unknown(span),
        },
        "true" => b.value(Value::Bool(true), span),
        "false" => b.value(Value::Bool(false), span),
        "none" => b.value(Value::Null, span),
        "list" | "tuple" | "set" | "expression_list" | "pattern_list" | "list_pattern" | "tuple_pattern" => {
            list(b, s, node, span)
        }
        "dictionary" => dictionary(b, s, node, span),
        "attribute" => attribute(b, s, node, span),
        "subscript" | "generic_type" => subscript(b, s, node, span),
        "call" => super::calls::call(b, s, node, span),
        "await" => awaited(b, s, node, span),
        "lambda" => declarations::lambda(b, s, node, span),
        "boolean_operator" => conditions::boolean(b, s, node, span),
        "conditional_expression" => conditional(b, s, node, span),
        "comparison_operator" => {
            conditions::comparison(b, s, node, span);
            b.unknown(span)
        }
        "binary_operator" => binary(b, s, node, span),
        "unary_operator" => unary(b, s, node, span),
        "named_expression" => named(b, s, node, span),
        "as_pattern" => bound(b, s, node, span),
        "list_comprehension" | "set_comprehension" | "generator_expression" | "dictionary_comprehension" => {
            comprehension(b, s, node, span)
        }
        "list_splat" | "list_splat_pattern" | "splat_type" => match parts(node).first() {
            Some(inner) => {
                let base = expression(b, s, *inner);
                b.value(Value::Field(base, "[]".into()), span)
            }
            None => b.unknown(span),
        },
        "not_operator" | "yield" | "slice" => {
            for inner in parts(node) {
                expression(b, s, inner);
            }
            b.unknown(span)
        }
        "ellipsis" | "comment" | "line_continuation" => b.unknown(span),
        "dotted_name" => dotted(b, s, node, span),
        _ => {
            for inner in parts(node) {
                statements::statement(b, s, inner);
            }
            b.unknown(span)
        }
    }
}

fn identifier(b: &mut Builder<'_>, s: &State, node: Node<'_>, span: Span) -> ValueId {
    let name = text_of(b, node);
    if name.is_empty() {
        return b.unknown(span);
    }
    let name = s.receiver(name);
    b.name(name, span)
}

pub fn dotted(b: &mut Builder<'_>, s: &State, node: Node<'_>, span: Span) -> ValueId {
    let names = parts(node);
    let Some((first, rest)) = names.split_first() else { return b.unknown(span) };
    let first_span = place(b, *first);
    let mut out = identifier(b, s, *first, first_span);
    for name in rest {
        let upto = b.span(first.start_byte(), name.end_byte());
        let text = text_of(b, *name).into();
        out = b.value(Value::Field(out, text), upto);
    }
    out
}

enum Piece {
    Text(String),
    Value(ValueId),
}

fn string(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let pieces = pieces(b, s, node);
    join(b, pieces, span)
}

fn concatenated(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let mut all = Vec::new();
    for part in parts(node) {
        all.extend(pieces(b, s, part));
    }
    join(b, all, span)
}

fn pieces(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) -> Vec<Piece> {
    let children = parts(node);
    let Some(start) = children.iter().find(|c| c.kind() == "string_start") else {
        return Vec::new();
    };
    let prefix = literals::prefix(text_of(b, *start));
    if !prefix.template {
        let end = children.iter().rev().find(|c| c.kind() == "string_end");
        let end = end.map_or(node.end_byte(), |e| e.start_byte());
        let written = b.source.text.get(start.end_byte()..end).unwrap_or("");
        return vec![Piece::Text(literals::content(written, prefix))];
    }
    let mut out = Vec::new();
    for child in children {
        match child.kind() {
            "string_content" => out.push(Piece::Text(literals::content(text_of(b, child), prefix))),
            "interpolation" => {
                let mut value = None;
                for inner in parts(child) {
                    match inner.kind() {
                        "type_conversion" => {}
                        "format_specifier" => {
                            for nested in parts(inner).into_iter().flat_map(parts) {
                                expression(b, s, nested);
                            }
                        }
                        _ if value.is_none() => value = Some(expression(b, s, inner)),
                        _ => {}
                    }
                }
                out.extend(value.map(Piece::Value));
            }
            _ => {}
        }
    }
    out
}

/// One `Text` where all pieces are known, else a flat `Join` of the rest.
fn join(b: &mut Builder<'_>, pieces: Vec<Piece>, span: Span) -> ValueId {
    let mut ids = Vec::new();
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(t) => text.push_str(&t),
            Piece::Value(id) => {
                if let Value::Text(known) = b.facts.value(id) {
                    text.push_str(known);
                    continue;
                }
                if !text.is_empty() {
                    ids.push(b.text(std::mem::take(&mut text), span));
                }
                ids.push(id);
            }
        }
    }
    if ids.is_empty() {
        return b.text(text, span);
    }
    if !text.is_empty() {
        ids.push(b.text(text, span));
    }
    b.value(Value::Join(ids), span)
}

fn list(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let items = parts(node).into_iter().map(|item| expression(b, s, item)).collect();
    b.value(Value::List(items), span)
}

fn dictionary(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let mut record = Record::default();
    for child in parts(node) {
        let span = place(b, child);
        match child.kind() {
            "pair" => record.entries.extend(pair(b, s, child)),
            "dictionary_splat" => {
                if let Some(inner) = parts(child).first() {
                    let value = expression(b, s, *inner);
                    record.entries.push(Entry { key: Key::Spread, value, span });
                }
            }
            _ => statements::statement(b, s, child),
        }
    }
    b.value(Value::Record(record), span)
}

fn pair(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) -> Option<Entry> {
    let span = place(b, node);
    let key = expression(b, s, node.child_by_field_name("key")?);
    let value = expression(b, s, node.child_by_field_name("value")?);
    let key = match b.facts.value(key) {
        Value::Text(text) => Key::Text(text.clone()),
        Value::Number(n) => Key::Text(n.to_string().into()),
        _ => Key::Computed(key),
    };
    Some(Entry { key, value, span })
}

fn attribute(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let Some(object) = node.child_by_field_name("object") else { return b.unknown(span) };
    let base = expression(b, s, object);
    let name: Str = node.child_by_field_name("attribute").map_or("", |n| text_of(b, n)).into();
    b.value(Value::Field(base, name), span)
}

fn subscript(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    if let Some(value) = annotated(b, s, node, span) {
        return value;
    }
    let (base, key) = subscripted(b, s, node);
    let name = match key {
        Ok(name) => name,
        Err(_) => "[]".into(),
    };
    b.value(Value::Field(base, name), span)
}

/// `Annotated[T, …]` stored under a name: a call with these arguments, so that they are not lost.
fn annotated(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> Option<ValueId> {
    let children = parts(node);
    let (head, args) = children.split_first()?;
    if text_of(b, *head).rsplit('.').next() != Some("Annotated") {
        return None;
    }
    let callee = expression(b, s, *head);
    let args: Vec<_> = match args {
        [list] if list.kind() == "type_parameter" => parts(*list),
        _ => args.to_vec(),
    };
    let arg = |value| Arg { name: None, spread: false, double: false, value };
    let args = args.into_iter().map(|a| arg(expression(b, s, a))).collect();
    Some(b.call(callee, args, span).1)
}

/// The base of `base[key]` and the key: a name where it is written out, else its value.
pub fn subscripted(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) -> (ValueId, Result<Str, ValueId>) {
    let children = parts(node);
    let Some((object, keys)) = children.split_first() else {
        let span = place(b, node);
        let unknown = b.unknown(span);
        return (unknown, Ok("[]".into()));
    };
    let base = expression(b, s, *object);
    let mut values = keys.iter().map(|k| (k.kind(), expression(b, s, *k))).collect::<Vec<_>>();
    let key = match (values.pop(), values.is_empty()) {
        (Some((kind, id)), true) => match b.facts.value(id) {
            Value::Text(text) => Ok(text.clone()),
            Value::Number(n) if *n >= 0.0 && n.fract() == 0.0 => Ok(n.to_string().into()),
            Value::Number(_) => Ok("[]".into()),
            _ if kind == "slice" => Ok("[]".into()),
            _ => Err(id),
        },
        _ => Ok("[]".into()),
    };
    (base, key)
}

fn awaited(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let Some(inner) = parts(node).into_iter().next() else { return b.unknown(span) };
    let value = expression(b, s, inner);
    if let Value::Result(call) = *b.facts.value(value) {
        b.facts.calls[call.0 as usize].awaited = true;
    }
    value
}

fn conditional(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let [then, test, otherwise] = parts(node)[..] else {
        for part in parts(node) {
            expression(b, s, part);
        }
        return b.unknown(span);
    };
    let tested = conditions::of(b, s, test);
    let then_span = place(b, then);
    let branch = b.open(RegionKind::Branch, None, then_span);
    b.facts.regions[branch.0 as usize].conditions = tested;
    let first = b.within(branch, |b| expression(b, s, then));
    let else_span = place(b, otherwise);
    let other = b.open(RegionKind::Else, Some(branch), else_span);
    let second = b.within(other, |b| expression(b, s, otherwise));
    b.value(Value::Either(vec![first, second]), span)
}

fn named(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let Some(right) = node.child_by_field_name("value") else { return b.unknown(span) };
    let value = expression(b, s, right);
    if let Some(left) = node.child_by_field_name("name") {
        let name = Str::from(text_of(b, left));
        targets::variable(b, s, name, value, WriteKind::Assign, span);
    }
    value
}

/// `value as target`, as `with` writes it.
fn bound(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let Some(inner) = parts(node).into_iter().next() else { return b.unknown(span) };
    let value = expression(b, s, inner);
    if let Some(alias) = node.child_by_field_name("alias") {
        targets::assign(b, s, alias, value, WriteKind::Declare, span);
    }
    value
}

fn unary(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let Some(argument) = node.child_by_field_name("argument") else { return b.unknown(span) };
    let operator = node.child_by_field_name("operator").map_or("", |o| text_of(b, o)).to_string();
    let value = expression(b, s, argument);
    match (operator.as_str(), b.facts.value(value)) {
        ("-", Value::Number(n)) => {
            let n = -*n;
            b.value(Value::Number(n), span)
        }
        ("+", _) => value,
        _ => b.unknown(span),
    }
}

/// What stands left of the next operator; texts and sums are kept open so that a chain of n
/// operators costs n steps and not n² bytes.
enum Left {
    Value(ValueId),
    Text(String),
    Sum(Vec<ValueId>),
}

fn binary(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let mut steps = Vec::new();
    let mut at = node;
    while at.kind() == "binary_operator" {
        let (Some(left), Some(right)) = (at.child_by_field_name("left"), at.child_by_field_name("right"))
        else {
            break;
        };
        let operator = at.child_by_field_name("operator").map_or("", |o| text_of(b, o)).to_string();
        steps.push((operator, right));
        at = left;
    }
    if steps.is_empty() {
        return b.unknown(span);
    }
    let mut left = Left::Value(expression(b, s, at));
    for (operator, right) in steps.into_iter().rev() {
        let upto = b.span(span.start as usize, right.end_byte());
        let right = expression(b, s, right);
        left = step(b, left, &operator, right, upto);
    }
    closed(b, left, span)
}

/// `left operator right` for two values, as `x *= 2` needs it.
pub fn combined(b: &mut Builder<'_>, left: ValueId, operator: &str, right: ValueId, span: Span) -> ValueId {
    let out = step(b, Left::Value(left), operator, right, span);
    closed(b, out, span)
}

fn closed(b: &mut Builder<'_>, left: Left, span: Span) -> ValueId {
    match left {
        Left::Value(id) => id,
        Left::Text(text) => b.text(text, span),
        Left::Sum(parts) => b.value(Value::Join(parts), span),
    }
}

fn step(b: &mut Builder<'_>, left: Left, operator: &str, right: ValueId, span: Span) -> Left {
    if operator == "+" {
        return plus(b, left, right, span);
    }
    let left = closed(b, left, span);
    match (b.facts.value(left), b.facts.value(right)) {
        (Value::Number(x), Value::Number(y)) => {
            if let Some(n) = fold(operator, *x, *y) {
                return Left::Value(b.value(Value::Number(n), span));
            }
        }
        (Value::Text(_) | Value::Join(_), other) if operator == "%" => {
            let mut parts = vec![left];
            match other {
                Value::List(items) => parts.extend(items.iter().copied()),
                _ => parts.push(right),
            }
            return Left::Value(b.value(Value::Join(parts), span));
        }
        (Value::Record(_), _) | (_, Value::Record(_)) if operator == "|" => {
            let entry = |value| Entry { key: Key::Spread, value, span };
            let record = Record { type_ref: None, entries: vec![entry(left), entry(right)] };
            return Left::Value(b.value(Value::Record(record), span));
        }
        _ => {}
    }
    let callee = b.name(operator, span);
    let arg = |value| Arg { name: None, spread: false, double: false, value };
    Left::Value(b.call(callee, vec![arg(left), arg(right)], span).1)
}

fn plus(b: &mut Builder<'_>, left: Left, right: ValueId, span: Span) -> Left {
    let mut parts = match left {
        Left::Sum(parts) => parts,
        Left::Text(mut text) => {
            if let Value::Text(more) = b.facts.value(right) {
                text.push_str(more);
                return Left::Text(text);
            }
            vec![b.text(text, span)]
        }
        Left::Value(id) => match (b.facts.value(id), b.facts.value(right)) {
            (Value::Text(x), Value::Text(y)) => return Left::Text(format!("{x}{y}")),
            (Value::Number(x), Value::Number(y)) => {
                if let Some(n) = fold("+", *x, *y) {
                    return Left::Value(b.value(Value::Number(n), span));
                }
                vec![id]
            }
            (Value::Join(parts), _) => parts.clone(),
            _ => vec![id],
        },
    };
    match b.facts.value(right) {
        Value::Join(more) => parts.extend(more.iter().copied()),
        _ => parts.push(right),
    }
    Left::Sum(parts)
}

fn comprehension(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let before = b.region;
    for clause in parts(node) {
        match clause.kind() {
            "for_in_clause" => {
                let region = statements::loop_over(b, s, clause, span);
                b.region = region;
            }
            "if_clause" => {
                let Some(test) = parts(clause).into_iter().next() else { continue };
                let tested = conditions::of(b, s, test);
                let region = b.open(RegionKind::Branch, None, span);
                b.facts.regions[region.0 as usize].conditions = tested;
                b.region = region;
            }
            _ => {}
        }
    }
    let element = node.child_by_field_name("body").map(|body| match body.kind() {
        "pair" => Err(pair(b, s, body)),
        _ => Ok(expression(b, s, body)),
    });
    b.region = before;
    match element {
        Some(Ok(element)) => b.value(Value::List(vec![element]), span),
        Some(Err(Some(entry))) => {
            let record = Record { type_ref: None, entries: vec![entry] };
            b.value(Value::Record(record), span)
        }
        _ => b.unknown(span),
    }
}
