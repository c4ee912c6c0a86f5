//! Functions, lambdas, classes and their decorators. Knows no statement but these.

use tree_sitter::Node;

use super::expressions::expression;
use super::statements::block;
use super::{State, parts, place, text_of, types};
use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Span, Str};

pub fn decorated(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) {
    let mut decorators = Vec::new();
    for child in parts(node) {
        let span = place(b, child);
        match child.kind() {
            "decorator" => {
                for inner in parts(child) {
                    decorators.push((expression(b, s, inner), span));
                }
            }
            "function_definition" => function(b, s, child, &decorators),
            "class_definition" => class(b, s, child, &decorators),
            _ => super::statements::statement(b, s, child),
        }
    }
}

fn attach(b: &mut Builder<'_>, decorators: &[(ValueId, Span)], on: Attached) {
    for (value, span) in decorators {
        b.facts.attributes.push(Attribute { value: *value, on, span: *span });
    }
}

fn is_decorated(b: &Builder<'_>, decorators: &[(ValueId, Span)], name: &str) -> bool {
    decorators.iter().any(|(value, _)| matches!(b.facts.value(*value), Value::Name(n) if n == name))
}

pub fn function(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, decorators: &[(ValueId, Span)]) {
    let span = place(b, node);
    let name_node = node.child_by_field_name("name");
    let name = Str::from(name_node.map_or("", |n| text_of(b, n)));
    let name_span = name_node.map_or(span, |n| place(b, n));
    let mut params = match node.child_by_field_name("parameters") {
        Some(list) => parameters(b, s, list),
        None => Vec::new(),
    };
    let returns = node.child_by_field_name("return_type").map(|t| types::annotation(b, s, t).reference);

    let mut fact = b.blank_function(span, name_span);
    let mut receiver = s.receiver.clone();
    if let Some(owner) = b.owner {
        fact.owner_name = b.facts.types[owner.0 as usize].name.clone();
        let has_receiver = params.first().is_some_and(|p| !p.rest);
        if has_receiver && !is_decorated(b, decorators, "staticmethod") {
            let own = params.remove(0).name;
            let of_class = is_decorated(b, decorators, "classmethod")
                || ["cls", "mcs", "mcls", "metacls"].contains(&own.as_str());
            receiver = Some((own, if of_class { "cls" } else { "self" }));
        }
    } else if let Some((own, _)) = &receiver
        && params.iter().any(|p| p.name == *own)
    {
        receiver = None;
    }
    fact.is_async = node.child(0).is_some_and(|c| c.kind() == "async");
    fact.is_constructor = b.owner.is_some() && name == "__init__";
    fact.params = params;
    fact.returns = returns;
    let is_test = name.starts_with("test_");
    fact.name = name;
    let body = node.child_by_field_name("body");
    let id = inside(b, s, fact, receiver, |b, s| {
        let Some(body) = body else { return };
        if is_test {
            let span = place(b, body);
            let region = b.open(RegionKind::Test, None, span);
            b.within(region, |b| block(b, s, body));
        } else {
            block(b, s, body);
        }
    });
    attach(b, decorators, Attached::Function(id));
}

pub fn lambda(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let params = match node.child_by_field_name("parameters") {
        Some(list) => parameters(b, s, list),
        None => Vec::new(),
    };
    let mut fact = b.blank_function(span, span);
    fact.owner = None;
    let mut receiver = s.receiver.clone();
    if receiver.as_ref().is_some_and(|(own, _)| params.iter().any(|p| p.name == *own)) {
        receiver = None;
    }
    fact.params = params;
    let id = inside(b, s, fact, receiver, |b, s| {
        if let Some(body) = node.child_by_field_name("body") {
            let span = place(b, body);
            let value = expression(b, s, body);
            b.exit(ExitKind::Return, Some(value), span);
        }
    });
    b.value(Value::Function(id), span)
}

/// Runs `f` in the body of a new function, outside of any class.
fn inside(
    b: &mut Builder<'_>,
    s: &mut State,
    fact: Function,
    receiver: Option<(Str, &'static str)>,
    f: impl FnOnce(&mut Builder<'_>, &mut State),
) -> FunctionId {
    let names: Vec<Str> = fact.params.iter().map(|p| p.name.clone()).collect();
    let owner = b.owner.take();
    let before = std::mem::replace(&mut s.receiver, receiver);
    let id = b.function(fact, |b, id| {
        for name in &names {
            s.declare(id, name);
        }
        f(b, s);
    });
    s.receiver = before;
    b.owner = owner;
    id
}

fn parameters(b: &mut Builder<'_>, s: &mut State, list: Node<'_>) -> Vec<Parameter> {
    let mut out = Vec::new();
    for node in parts(list) {
        let span = place(b, node);
        let annotation = node.child_by_field_name("type").map(|t| types::annotation(b, s, t).reference);
        let default = node.child_by_field_name("value").map(|v| expression(b, s, v));
        let named = match node.kind() {
            "identifier" | "list_splat_pattern" | "dictionary_splat_pattern" | "tuple_pattern" => node,
            "default_parameter" | "typed_default_parameter" => {
                node.child_by_field_name("name").unwrap_or(node)
            }
            "typed_parameter" => parts(node).into_iter().next().unwrap_or(node),
            _ => continue,
        };
        let name = match named.kind() {
            "tuple_pattern" => "",
            _ => text_of(b, named).trim_start_matches('*').trim(),
        };
        let rest = matches!(named.kind(), "list_splat_pattern" | "dictionary_splat_pattern");
        out.push(Parameter { name: name.into(), type_ref: annotation, default, rest, field: false, span });
    }
    out
}

pub fn class(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, decorators: &[(ValueId, Span)]) {
    let span = place(b, node);
    let name_node = node.child_by_field_name("name");
    let name = Str::from(name_node.map_or("", |n| text_of(b, n)));
    let name_span = name_node.map_or(span, |n| place(b, n));
    let mut bases = Vec::new();
    for base in node.child_by_field_name("superclasses").map(parts).unwrap_or_default() {
        match base.kind() {
            // `metaclass=`, `total=`: options, not bases.
            "keyword_argument" => {
                if let Some(value) = base.child_by_field_name("value") {
                    expression(b, s, value);
                }
            }
            "dictionary_splat" => {}
            _ => bases.push(expression(b, s, base)),
        }
    }
    let is_test = is_test_class(b, &name, &bases);
    let body = node.child_by_field_name("body");
    let body_span = body.map_or(span, |body| place(b, body));
    let region = b.open(if is_test { RegionKind::Test } else { RegionKind::Block }, None, body_span);
    let id = TypeId(b.facts.types.len() as u32);
    let function = b.function;
    b.facts.types.push(Type { name, function, bases, fields: Vec::new(), region, span, name_span });
    attach(b, decorators, Attached::Type(id));
    let owner = b.owner.replace(id);
    if let Some(body) = body {
        b.within(region, |b| block(b, s, body));
    }
    b.owner = owner;
}

fn is_test_class(b: &Builder<'_>, name: &str, bases: &[ValueId]) -> bool {
    let named = name.strip_prefix("Test").is_some_and(|rest| !rest.starts_with(|c: char| c.is_lowercase()));
    named
        || bases.iter().any(|base| match b.facts.value(*base) {
            Value::Name(name) | Value::Field(_, name) => name.ends_with("TestCase"),
            _ => false,
        })
}

/// A name of the class around gets an annotation, a value, or both.
pub fn field(
    b: &mut Builder<'_>,
    name: Str,
    annotation: Option<types::Annotation>,
    default: Option<ValueId>,
    span: Span,
) {
    let Some(owner) = b.owner else { return };
    let optional = annotation.as_ref().is_some_and(|a| a.optional);
    let field = TypeField {
        code_name: name.clone(),
        name,
        type_ref: annotation.map(|a| a.reference),
        default,
        optional,
        flatten: false,
        span,
    };
    b.facts.types[owner.0 as usize].fields.push(field);
}
