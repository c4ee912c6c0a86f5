//! Functions, methods and their parameters. Knows scopes, not what a function is for.

use tree_sitter::Node;

use super::expressions::{expression, named};
use super::{child, children, fields, has, patterns, span, statements, text, types};
use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Span, Str};

/// Any node with parameters and a body. Its own name counts where it is given none.
pub fn function(
    b: &mut Builder,
    node: Node,
    name: &str,
    name_span: Span,
    owner: Option<(TypeId, Str)>,
) -> FunctionId {
    let mut f = b.blank_function(span(b, node), name_span);
    let own = node.child_by_field_name("name").filter(|_| name.is_empty());
    f.name = own.map_or(name, |n| text(b, n)).into();
    f.is_async = has(node, "async");
    if let Some((id, owner_name)) = owner {
        f.owner = Some(id);
        f.owner_name = owner_name;
        f.is_constructor = node.kind() == "method_definition" && f.name == "constructor";
    }
    b.function(f, |b, id| {
        if let Some(single) = node.child_by_field_name("parameter") {
            parameter(b, id, single);
        }
        let list = node.child_by_field_name("parameters").map(children).unwrap_or_default();
        for one in list {
            parameter(b, id, one);
        }
        let returns = node.child_by_field_name("return_type").and_then(|t| types::annotation(b, t).0);
        b.facts.functions[id.0 as usize].returns = returns;
        match node.child_by_field_name("body") {
            Some(block) if block.kind() == "statement_block" => statements::all(b, block),
            Some(value) => {
                let result = expression(b, value);
                let place = span(b, value);
                b.exit(ExitKind::Return, Some(result), place);
            }
            None => {}
        }
    })
}

fn parameter(b: &mut Builder, id: FunctionId, node: Node) {
    let place = span(b, node);
    let index = b.facts.functions[id.0 as usize].params.len() as u32;
    let (pattern, value) = match node.kind() {
        "required_parameter" | "optional_parameter" => {
            let pattern = node.child_by_field_name("pattern").or_else(|| node.child_by_field_name("name"));
            (pattern, node.child_by_field_name("value"))
        }
        "assignment_pattern" => (node.child_by_field_name("left"), node.child_by_field_name("right")),
        "identifier" | "object_pattern" | "array_pattern" | "rest_pattern" => (Some(node), None),
        _ => return statements::any(b, node),
    };
    let Some(mut pattern) = pattern else { return };
    if pattern.kind() == "this" {
        return;
    }
    let rest = pattern.kind() == "rest_pattern";
    if rest && let Some(inner) = children(pattern).into_iter().next() {
        pattern = inner;
    }
    let plain = pattern.kind() == "identifier";
    let name: Str = if plain { text(b, pattern).into() } else { Str::default() };
    let name_span = span(b, pattern);
    let type_ref = node.child_by_field_name("type").and_then(|t| types::annotation(b, t).0);
    let default = value.map(|v| named(b, v, &name, name_span));
    let field = node.kind() != "identifier"
        && (child(node, "accessibility_modifier").is_some() || has(node, "readonly"));
    b.facts.functions[id.0 as usize].params.push(Parameter {
        name,
        type_ref,
        default,
        rest,
        field,
        span: place,
    });
    for decorator in fields(node, "decorator") {
        attribute(b, decorator, Attached::Param(id, index));
    }
    if !plain {
        let value = b.value(Value::Param(id, index), name_span);
        patterns::bind(b, pattern, value, WriteKind::Declare);
    }
}

pub fn attribute(b: &mut Builder, decorator: Node, on: Attached) {
    let place = span(b, decorator);
    if let Some(inner) = children(decorator).into_iter().next() {
        let value = expression(b, inner);
        b.facts.attributes.push(Attribute { value, on, span: place });
    }
}
