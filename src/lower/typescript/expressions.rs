//! Expressions to values. Knows operators and literals; calls, functions and JSX have their own rooms.

use tree_sitter::Node;

use super::literals::{self, number, string, template, unquoted};
use super::{
    again, calls, child, children, conditions, functions, jsx, patterns, peel, span, statements, text, types,
};
use crate::facts::*;
use crate::lower::{Builder, fold};
use crate::source::{Span, Str};

pub fn expression(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    b.deeper(place, |b| inner(b, node, place)).unwrap_or_else(|| b.unknown(place))
}

/// A value that is given a name: a function or class written here bears it.
pub fn named(b: &mut Builder, node: Node, name: &str, name_span: Span) -> ValueId {
    let value = peel(node);
    let place = span(b, value);
    match value.kind() {
        "arrow_function" | "function_expression" | "function" | "generator_function" => {
            let id = functions::function(b, value, name, name_span, None);
            b.value(Value::Function(id), place)
        }
        "class" => types::class(b, value, name, &[]),
        _ => expression(b, node),
    }
}

fn inner(b: &mut Builder, node: Node, place: Span) -> ValueId {
    let source = text(b, node);
    let value = match node.kind() {
        "string" => Value::Text(string(b, node).into()),
        "template_string" => return template(b, node),
        "number" => number(source).map_or(Value::Unknown, Value::Number),
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" | "undefined" => Value::Null,
        "identifier" | "this" | "super" | "meta_property" | "shorthand_property_identifier"
            if !source.is_empty() =>
        {
            Value::Name(source.into())
        }
        "regex" => return regex(b, node, place),
        "object" => return object(b, node, place),
        "array" => {
            let items = children(node);
            Value::List(items.into_iter().map(|i| expression(b, i)).collect())
        }
        "spread_element" | "sequence_expression" => return last_of(b, node, place),
        "parenthesized_expression"
        | "as_expression"
        | "satisfies_expression"
        | "non_null_expression"
        | "type_assertion"
        | "instantiation_expression" => {
            let peeled = peel(node);
            if peeled.id() != node.id() {
                return expression(b, peeled);
            }
            Value::Unknown
        }
        "call_expression" | "member_expression" | "subscript_expression" | "new_expression" => {
            return calls::chain(b, node);
        }
        "await_expression" => return awaited(b, node, place),
        "unary_expression" => return unary(b, node, place),
        "update_expression" => return update(b, node, place),
        "binary_expression" => return binary(b, node, place),
        "ternary_expression" => return conditions::ternary(b, node),
        "assignment_expression" => return patterns::assignment(b, node),
        "augmented_assignment_expression" => return patterns::augmented(b, node),
        "arrow_function" | "function_expression" | "function" | "generator_function" => {
            let name = node.child_by_field_name("name").unwrap_or(node);
            let at = span(b, name);
            Value::Function(functions::function(b, node, "", at, None))
        }
        "class" => return types::class(b, node, "", &[]),
        "jsx_element" | "jsx_self_closing_element" | "jsx_fragment" => return jsx::element(b, node),
        "jsx_expression" => return last_of(b, node, place),
        _ => {
            for part in children(node) {
                statements::any(b, part);
            }
            Value::Unknown
        }
    };
    b.value(value, place)
}

fn last_of(b: &mut Builder, node: Node, place: Span) -> ValueId {
    let mut last = None;
    for part in chain_children(node) {
        last = Some(expression(b, part));
    }
    last.unwrap_or_else(|| b.unknown(place))
}

/// The parts of `a, b, c`, which is a left-recursive chain in some grammars.
fn chain_children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut out = Vec::new();
    let mut at = node;
    loop {
        let mut parts = children(at);
        let deeper = parts.first().filter(|p| p.kind() == "sequence_expression").copied();
        if deeper.is_some() {
            parts.remove(0);
        }
        out.extend(parts.into_iter().rev());
        match deeper {
            Some(next) => at = next,
            None => break,
        }
    }
    out.reverse();
    out
}

/// `/pattern/flags` is `RegExp("pattern")`.
fn regex(b: &mut Builder, node: Node, place: Span) -> ValueId {
    let pattern = node.child_by_field_name("pattern").unwrap_or(node);
    let at = span(b, pattern);
    let value = b.text(text(b, pattern), at);
    let callee = b.name("RegExp", place);
    b.call(callee, vec![Arg { name: None, spread: false, double: false, value }], place).1
}

fn object(b: &mut Builder, node: Node, place: Span) -> ValueId {
    let mut entries = Vec::new();
    for part in children(node) {
        let at = span(b, part);
        match part.kind() {
            "pair" => {
                let Some(key) = part.child_by_field_name("key") else { continue };
                let Some(value) = part.child_by_field_name("value") else { continue };
                let name_span = span(b, key);
                let key = match key_text(b, key) {
                    Some(key) => Key::Text(key),
                    None => Key::Computed(expression(b, computed(key))),
                };
                let name = if let Key::Text(name) = &key { name.as_str() } else { "" };
                let value = named(b, value, name, name_span);
                entries.push(Entry { key, value, span: at });
            }
            "shorthand_property_identifier" => {
                let name = text(b, part);
                let value = b.name(name, at);
                entries.push(Entry { key: Key::Text(name.into()), value, span: at });
            }
            "spread_element" => {
                let value = expression(b, part);
                entries.push(Entry { key: Key::Spread, value, span: at });
            }
            "method_definition" => {
                let name_node = part.child_by_field_name("name").unwrap_or(part);
                let name_span = span(b, name_node);
                let name = key_text(b, name_node).unwrap_or_else(|| "[]".into());
                let id = functions::function(b, part, &name, name_span, None);
                let value = b.value(Value::Function(id), at);
                entries.push(Entry { key: Key::Text(name), value, span: at });
            }
            _ => statements::any(b, part),
        }
    }
    b.value(Value::Record(Record { type_ref: None, entries }), place)
}

/// A property's name where it is a literal: `a`, `"a"`, `1`, `["a"]`, `#a`.
pub fn key_text(b: &Builder, node: Node) -> Option<Str> {
    let node = computed(node);
    match node.kind() {
        "property_identifier"
        | "private_property_identifier"
        | "shorthand_property_identifier"
        | "shorthand_property_identifier_pattern" => Some(text(b, node).into()),
        "identifier" => None,
        _ => literal_text(b, node),
    }
}

pub fn literal_text(b: &Builder, node: Node) -> Option<Str> {
    let node = peel(node);
    match node.kind() {
        "string" => Some(string(b, node).into()),
        "number" => {
            Some(number(text(b, node)).map_or_else(|| text(b, node).into(), |n| n.to_string().into()))
        }
        "template_string" if child(node, "template_substitution").is_none() => {
            Some(literals::unescape(unquoted(text(b, node))).into())
        }
        _ => None,
    }
}

/// What stands in the brackets of `[expression]: value`.
fn computed(node: Node<'_>) -> Node<'_> {
    match node.kind() {
        "computed_property_name" => children(node).into_iter().next().unwrap_or(node),
        _ => node,
    }
}

fn awaited(b: &mut Builder, node: Node, place: Span) -> ValueId {
    let Some(inner) = children(node).into_iter().next() else { return b.unknown(place) };
    let value = expression(b, inner);
    let target = span(b, peel(inner));
    let call = match b.facts.value(value) {
        Value::Result(call) => Some(call.0 as usize),
        // Some calls are worth more than their result; theirs is the last call made.
        _ => b.facts.calls.len().checked_sub(1),
    };
    if let Some(call) = call.and_then(|i| b.facts.calls.get_mut(i)).filter(|c| c.span == target) {
        call.awaited = true;
    }
    value
}

pub fn operator<'s>(b: &Builder<'s>, node: Node) -> &'s str {
    node.child_by_field_name("operator").map_or("", |o| text(b, o))
}

fn unary(b: &mut Builder, node: Node, place: Span) -> ValueId {
    let Some(argument) = node.child_by_field_name("argument") else { return b.unknown(place) };
    match operator(b, node) {
        "delete" => {
            patterns::remove(b, peel(argument), place);
            b.unknown(place)
        }
        sign @ ("-" | "+") => {
            let value = expression(b, argument);
            match *b.facts.value(value) {
                Value::Number(n) => b.value(Value::Number(if sign == "-" { -n } else { n }), place),
                _ if sign == "+" => value,
                _ => {
                    let callee = b.name("-", place);
                    b.call(callee, vec![Arg { name: None, spread: false, double: false, value }], place).1
                }
            }
        }
        "void" => {
            expression(b, argument);
            b.value(Value::Null, place)
        }
        _ => {
            expression(b, argument);
            b.unknown(place)
        }
    }
}

/// `x++` adds one to what is there.
fn update(b: &mut Builder, node: Node, place: Span) -> ValueId {
    let Some(argument) = node.child_by_field_name("argument") else { return b.unknown(place) };
    let step = if operator(b, node) == "--" { -1.0 } else { 1.0 };
    if let Some(target) = patterns::target(b, argument) {
        let value = b.value(Value::Number(step), place);
        b.write(target, value, WriteKind::Append, place);
    }
    b.unknown(place)
}

/// The operands of a left-recursive chain of these operators, in order; the node itself if it is none.
/// Gathered in a loop: generated code joins thousands of texts with `+`.
pub fn chain_of<'t>(b: &Builder, node: Node<'t>, operators: &[&str]) -> Vec<Node<'t>> {
    let mut out = Vec::new();
    let mut at = node;
    loop {
        let inner = peel(at);
        let chained = inner.kind() == "binary_expression" && operators.contains(&operator(b, inner));
        let sides = (inner.child_by_field_name("left"), inner.child_by_field_name("right"));
        match sides {
            (Some(left), Some(right)) if chained => {
                out.push(right);
                at = left;
            }
            _ => break,
        }
    }
    out.push(at);
    out.reverse();
    out
}

fn binary(b: &mut Builder, node: Node, place: Span) -> ValueId {
    let sides = (node.child_by_field_name("left"), node.child_by_field_name("right"));
    let (Some(left), Some(right)) = sides else {
        children(node).into_iter().for_each(|c| statements::any(b, c));
        return b.unknown(place);
    };
    let sign = operator(b, node);
    match sign {
        "&&" => {
            let parts = chain_of(b, node, &["&&"]);
            conditions::conjunction(b, &parts)
        }
        "||" | "??" => {
            let parts = chain_of(b, node, &["||", "??"]);
            let mut values = Vec::new();
            for part in parts {
                let value = expression(b, part);
                // A number that is known is not passed over: `30 * 86400 || 60`.
                let known = matches!(b.facts.value(value), Value::Number(n) if *n != 0.0);
                values.push(value);
                if known {
                    break;
                }
            }
            match values.as_slice() {
                [one] => *one,
                _ => b.value(Value::Either(values), place),
            }
        }
        "+" => {
            let parts = chain_of(b, node, &["+"]);
            sum(b, &parts, place)
        }
        "-" | "*" | "/" | "%" | "**" | "<<" => {
            let (left, right) = (expression(b, left), expression(b, right));
            operation(b, sign, left, right, place)
        }
        _ => {
            let (left, right) = (expression(b, left), expression(b, right));
            if let Some(op) = conditions::compare_op(sign) {
                b.compare(op, left, right, place);
            }
            b.unknown(place)
        }
    }
}

/// Two known numbers are folded, anything else is a call of the operator.
pub fn operation(b: &mut Builder, sign: &str, left: ValueId, right: ValueId, place: Span) -> ValueId {
    if let (Value::Number(x), Value::Number(y)) = (b.facts.value(left), b.facts.value(right))
        && let Some(n) = fold(sign, *x, *y)
    {
        return b.value(Value::Number(n), place);
    }
    let callee = b.name(sign, place);
    let args = [left, right].map(|value| Arg { name: None, spread: false, double: false, value });
    b.call(callee, args.to_vec(), place).1
}

/// `a + b + c`: numbers in front are added up, neighbouring texts become one, the rest is joined.
fn sum(b: &mut Builder, operands: &[Node], place: Span) -> ValueId {
    let mut parts: Vec<ValueId> = Vec::new();
    for operand in operands {
        let value = expression(b, *operand);
        let single = parts.len() == 1;
        let merged = match (parts.last().map(|p| b.facts.value(*p)), b.facts.value(value)) {
            (Some(Value::Number(x)), Value::Number(y)) if single => fold("+", *x, *y).map(Value::Number),
            (Some(Value::Text(x)), Value::Text(y)) => Some(Value::Text(format!("{x}{y}").into())),
            _ => None,
        };
        match merged {
            Some(merged) => {
                let from = parts.pop().map_or(place, |p| b.facts.node(p).span);
                let to = b.facts.node(value).span;
                let at = b.span(from.start as usize, to.end as usize);
                parts.push(b.value(merged, at));
            }
            None => match b.facts.value(value) {
                Value::Join(inner) => {
                    let inner = inner.clone();
                    parts.extend(inner);
                }
                _ => parts.push(value),
            },
        }
    }
    match parts[..] {
        [only] => {
            let only = again(b, only);
            b.facts.values[only.0 as usize].span = place;
            only
        }
        _ => b.value(Value::Join(parts), place),
    }
}
