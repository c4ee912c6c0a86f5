//! Expressions to values. Knows operators and literals; blocks and branches are in `statements`.

use tree_sitter::Node;

use crate::facts::*;
use crate::lower::rust_macros;

use super::calls::{self, Sum, positional};
use super::{Builder, child, children, has_token, literal, patterns, span, statements, text, types, word};

pub fn expression(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    match b.deeper(place, |b| lower(b, node)) {
        Some(value) => value,
        None => b.unknown(place),
    }
}

/// Walks down chains (`a.b()?.c[0]`, `((x))`, `!!x`) in a loop, then applies them from the inside.
fn lower(b: &mut Builder, node: Node) -> ValueId {
    let mut spine = Vec::new();
    let mut at = node;
    while let Some(inner) = chained(at) {
        spine.push(at);
        at = inner;
    }
    let mut value = base(b, at);
    while let Some(outer) = spine.pop() {
        value = apply(b, outer, value);
    }
    value
}

fn chained(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "call_expression" | "generic_function" => child(node, "function"),
        "field_expression" | "reference_expression" | "type_cast_expression" => child(node, "value"),
        "parenthesized_expression" | "try_expression" | "await_expression" | "index_expression" => {
            children(node).into_iter().next()
        }
        "unary_expression" => children(node).into_iter().next(),
        _ => None,
    }
}

fn apply(b: &mut Builder, node: Node, value: ValueId) -> ValueId {
    let place = span(b, node);
    match node.kind() {
        "field_expression" => match child(node, "field") {
            Some(field) => {
                let name = word(b, field);
                b.value(Value::Field(value, name), place)
            }
            None => value,
        },
        "call_expression" => {
            let args = child(node, "arguments").map(|a| arguments(b, a)).unwrap_or_default();
            let generics = generics(b, node);
            let first = b.facts.calls.len();
            let result = if is_method(node) {
                calls::method_call(b, value, args, place)
            } else {
                calls::plain_call(b, value, args, place)
            };
            if let Some(call) = b.facts.calls.get_mut(first).filter(|c| c.span == place) {
                call.generics = generics;
            }
            result
        }
        "index_expression" => {
            let Some(index) = children(node).get(1).copied() else { return value };
            let index = expression(b, index);
            calls::index(b, value, index, place)
        }
        "try_expression" | "await_expression" => {
            if let Value::Result(call) = *b.facts.value(value) {
                let call = &mut b.facts.calls[call.0 as usize];
                if node.kind() == "try_expression" {
                    call.propagated = true;
                } else {
                    call.awaited = true;
                }
            }
            value
        }
        "unary_expression" if has_token(node, "-") => calls::negate(b, value, place),
        "unary_expression" if has_token(node, "!") => b.unknown(place),
        _ => value,
    }
}

/// The types that a call's path or method is given: `f::<T>`, `T::<U>::f`.
fn generics(b: &mut Builder, call: Node) -> Vec<TypeRef> {
    let mut lists = Vec::new();
    let mut open: Vec<Node> = child(call, "function").into_iter().collect();
    while let Some(node) = open.pop() {
        match node.kind() {
            "generic_function" => {
                lists.extend(child(node, "type_arguments"));
                open.extend(child(node, "function").filter(|f| f.kind() != "field_expression"));
            }
            "scoped_identifier" => open.extend(child(node, "path")),
            "generic_type" | "generic_type_with_turbofish" => lists.extend(child(node, "type_arguments")),
            _ => {}
        }
    }
    lists.into_iter().flat_map(children).filter_map(|t| types::type_ref(b, t)).collect()
}

fn is_method(call: Node) -> bool {
    let Some(function) = child(call, "function") else { return false };
    match function.kind() {
        "field_expression" => true,
        "generic_function" => child(function, "function").is_some_and(|f| f.kind() == "field_expression"),
        _ => false,
    }
}

fn arguments(b: &mut Builder, node: Node) -> Vec<Arg> {
    values(b, node).into_iter().map(positional).collect()
}

fn values(b: &mut Builder, node: Node) -> Vec<ValueId> {
    children(node).into_iter().filter(|c| c.kind() != "attribute_item").map(|c| expression(b, c)).collect()
}

fn base(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    match node.kind() {
        "identifier"
        | "self"
        | "crate"
        | "super"
        | "metavariable"
        | "type_identifier"
        | "shorthand_field_identifier" => {
            let name = word(b, node);
            if name == "None" { b.value(Value::Null, place) } else { b.name(name, place) }
        }
        "scoped_identifier" | "scoped_type_identifier" | "generic_type_with_turbofish" | "generic_type" => {
            types::path(b, node)
        }
        "string_literal" | "raw_string_literal" | "char_literal" | "boolean_literal" | "integer_literal"
        | "float_literal" => {
            let value = literal(text(b, node));
            b.value(value, place)
        }
        "unit_expression" => b.value(Value::Null, place),
        "tuple_expression" => {
            let items = values(b, node);
            b.value(Value::List(items), place)
        }
        "array_expression" => array(b, node),
        "struct_expression" => record(b, node),
        "binary_expression" => binary(b, node),
        "assignment_expression" | "compound_assignment_expr" => assignment(b, node),
        "closure_expression" => closure(b, node),
        "macro_invocation" => rust_macros::invocation(b, node),
        "return_expression" => {
            let value = children(node).first().map(|v| expression(b, *v));
            b.exit(ExitKind::Return, value, place);
            b.value(Value::Null, place)
        }
        "break_expression" | "continue_expression" => {
            let value = children(node).into_iter().find(|c| c.kind() != "label").map(|v| expression(b, v));
            b.exit(ExitKind::Leave, value, place);
            b.value(Value::Null, place)
        }
        "let_condition" => {
            let value = child(node, "value").map(|v| expression(b, v));
            if let (Some(pattern), Some(value)) = (child(node, "pattern"), value) {
                patterns::bind(b, pattern, value);
            }
            b.unknown(place)
        }
        kind if statements::is_control(kind) => statements::control(b, node),
        _ => {
            for child in children(node) {
                statements::statement(b, child, &super::Owner::default());
            }
            b.unknown(place)
        }
    }
}

fn array(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    let mut items = values(b, node);
    if child(node, "length").is_some() {
        items.truncate(1);
    }
    b.value(Value::List(items), place)
}

fn record(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    let type_ref = child(node, "name").map(|n| types::path(b, n));
    let mut entries = Vec::new();
    for field in child(node, "body").map(children).unwrap_or_default() {
        let whole = span(b, field);
        match field.kind() {
            "base_field_initializer" => {
                let Some(other) = children(field).first().copied() else { continue };
                let value = expression(b, other);
                entries.insert(0, Entry { key: Key::Spread, value, span: whole });
            }
            "shorthand_field_initializer" => {
                let Some(name) = children(field).pop() else { continue };
                let value = expression(b, name);
                entries.push(Entry { key: Key::Text(word(b, name)), value, span: whole });
            }
            "field_initializer" => {
                let (Some(name), Some(value)) = (child(field, "field"), child(field, "value")) else {
                    continue;
                };
                let value = expression(b, value);
                entries.push(Entry { key: Key::Text(word(b, name)), value, span: whole });
            }
            _ => {
                expression(b, field);
            }
        }
    }
    b.value(Value::Record(Record { type_ref, entries }), place)
}

fn operator<'t>(b: &Builder<'t>, node: Node) -> &'t str {
    child(node, "operator").map_or("", |o| text(b, o))
}

/// Walks down the left side in a loop: `a + a + …` may be thousands long.
fn binary(b: &mut Builder, node: Node) -> ValueId {
    let op = operator(b, node);
    if op == "&&" {
        return conjunction(b, node);
    }
    if calls::compare_op(op).is_some() {
        comparison(b, node);
        let place = span(b, node);
        return b.unknown(place);
    }
    let either = op == "||";
    let mut steps = Vec::new();
    let mut at = node;
    while at.kind() == "binary_expression" {
        let op = operator(b, at);
        if op == "&&" || calls::compare_op(op).is_some() || (op == "||") != either {
            break;
        }
        steps.push(at);
        let Some(left) = child(at, "left") else { break };
        at = left;
    }
    let mut sum = Sum::new(expression(b, at));
    let mut arms = vec![sum.finish(b, span(b, at))];
    for step in steps.into_iter().rev() {
        let Some(right) = child(step, "right") else { continue };
        let right = expression(b, right);
        if either {
            arms.push(right);
        } else {
            sum.apply(b, operator(b, step), right, span(b, step));
        }
    }
    let place = span(b, node);
    if either { b.value(Value::Either(arms), place) } else { sum.finish(b, place) }
}

/// Lowers both sides and gives the left one.
fn comparison(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    let (Some(left), Some(right)) = (child(node, "left"), child(node, "right")) else {
        return b.unknown(place);
    };
    let (left, right) = (expression(b, left), expression(b, right));
    if let Some(op) = calls::compare_op(operator(b, node)) {
        b.compare(op, left, right, place);
    }
    left
}

/// `a && b` outside of an if: each part runs only when those before it hold.
fn conjunction(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    let outer = b.region;
    let mut conditions: Vec<Condition> = Vec::new();
    for part in conjuncts(b, node) {
        if let Some(condition) = conditions.last() {
            let region = b.open(RegionKind::Branch, None, span(b, part));
            b.facts.regions[region.0 as usize].conditions = vec![condition.clone()];
            b.region = region;
        }
        let condition = condition(b, part);
        conditions.push(condition);
    }
    b.region = outer;
    match conditions.last() {
        Some(last) if !last.negated => last.value,
        _ => b.unknown(place),
    }
}

/// The parts of an if's condition; all must hold.
pub fn conditions(b: &mut Builder, node: Node) -> Vec<Condition> {
    conjuncts(b, node).into_iter().map(|part| condition(b, part)).collect()
}

pub fn conjuncts<'t>(b: &Builder, node: Node<'t>) -> Vec<Node<'t>> {
    let mut parts = Vec::new();
    let mut waiting = vec![node];
    while let Some(at) = waiting.pop() {
        match at.kind() {
            "binary_expression" if operator(b, at) == "&&" => {
                waiting.extend(child(at, "right"));
                waiting.extend(child(at, "left"));
            }
            "let_chain" => waiting.extend(children(at).into_iter().rev()),
            _ => parts.push(at),
        }
    }
    parts
}

fn condition(b: &mut Builder, node: Node) -> Condition {
    let place = span(b, node);
    let mut negated = false;
    let mut at = node;
    loop {
        let inside = children(at).into_iter().next();
        match (at.kind(), inside) {
            ("parenthesized_expression", Some(inner)) => at = inner,
            ("unary_expression", Some(inner)) if has_token(at, "!") => {
                negated = !negated;
                at = inner;
            }
            _ => break,
        }
    }
    let value = match at.kind() {
        "binary_expression" if calls::compare_op(operator(b, at)).is_some() => comparison(b, at),
        // Its names are bound by the caller, inside the branch.
        "let_condition" => {
            let pattern = child(at, "pattern");
            let value = match child(at, "value") {
                Some(value) => expression(b, value),
                None => b.unknown(place),
            };
            if let Some(pattern) = pattern {
                negated ^=
                    matches!(patterns::test(b, pattern), patterns::Test::Lacks | patterns::Test::Failure);
                patterns::compare(b, pattern, value);
            }
            value
        }
        _ => expression(b, at),
    };
    Condition { value, negated, span: place }
}

fn assignment(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    let (Some(left), Some(right)) = (child(node, "left"), child(node, "right")) else {
        return b.unknown(place);
    };
    let value = expression(b, right);
    let op = operator(b, node);
    let kind = if op == "+=" { WriteKind::Append } else { WriteKind::Assign };
    let target = if left.kind() == "index_expression" {
        let parts = children(left);
        let (Some(base), Some(key)) = (parts.first(), parts.get(1)) else { return b.unknown(place) };
        let (base, key) = (expression(b, *base), expression(b, *key));
        Some(match b.facts.value(key) {
            Value::Text(name) => Target::Field(base, name.clone()),
            _ => Target::Index(base, key),
        })
    } else {
        let left = expression(b, left);
        calls::place(b, left)
    };
    if let Some(target) = target {
        // `x -= y`, `x |= y`: what x is afterwards is not known.
        let value = if op.is_empty() || op == "+=" { value } else { b.unknown(place) };
        b.write(target, value, kind, place);
    }
    b.value(Value::Null, place)
}

fn closure(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    let mut blank = b.blank_function(place, b.span(node.start_byte(), node.start_byte()));
    blank.owner = None;
    blank.is_async = has_token(node, "async");
    let id = b.function(blank, |b, id| {
        if let Some(parameters) = child(node, "parameters") {
            super::declarations::parameters(b, id, parameters);
        }
        if let Some(returns) = child(node, "return_type") {
            let returns = types::type_ref(b, returns);
            b.facts.functions[id.0 as usize].returns = returns;
        }
        if let Some(body) = child(node, "body") {
            statements::body(b, body);
        }
    });
    b.value(Value::Function(id), place)
}
