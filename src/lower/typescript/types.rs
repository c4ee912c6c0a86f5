//! Classes, interfaces, aliases, enums and annotations. Knows shapes, does no type checking.

use tree_sitter::Node;

use super::expressions::{expression, key_text, named};
use super::{again, child, children, fields, functions, has, peel, span, statements, text};
use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Span, Str};

/// A type fact without bases and fields yet: what is inside needs its id.
fn open(b: &mut Builder, node: Node, name: &str, name_span: Span) -> TypeId {
    let id = TypeId(b.facts.types.len() as u32);
    let (function, region, span) = (b.function, b.region, span(b, node));
    b.facts.types.push(Type {
        name: name.into(),
        function,
        bases: Vec::new(),
        fields: Vec::new(),
        region,
        span,
        name_span,
    });
    id
}

fn add_field(b: &mut Builder, id: TypeId, field: TypeField) -> u32 {
    let fields = &mut b.facts.types[id.0 as usize].fields;
    fields.push(field);
    fields.len() as u32 - 1
}

fn add_bases(b: &mut Builder, id: TypeId, bases: Vec<ValueId>) {
    b.facts.types[id.0 as usize].bases.extend(bases);
}

/// A class declaration or expression; gives its name as a value. `fallback` names a class without a name.
pub fn class(b: &mut Builder, node: Node, fallback: &str, decorators: &[Node]) -> ValueId {
    let place = span(b, node);
    let name_node = node.child_by_field_name("name");
    let name = name_node.map_or(fallback, |n| text(b, n));
    let name_span = name_node.map_or(place, |n| span(b, n));
    let id = open(b, node, name, name_span);
    if let Some(heritage) = child(node, "class_heritage") {
        let bases = heritage_of(b, heritage);
        add_bases(b, id, bases);
    }
    for decorator in decorators.iter().copied().chain(fields(node, "decorator")) {
        functions::attribute(b, decorator, Attached::Type(id));
    }
    if let Some(body) = node.child_by_field_name("body") {
        class_body(b, body, id, name);
    }
    if name.is_empty() { b.unknown(place) } else { b.name(name, name_span) }
}

fn heritage_of(b: &mut Builder, heritage: Node) -> Vec<ValueId> {
    let mut bases = Vec::new();
    for clause in children(heritage) {
        match clause.kind() {
            "extends_clause" => {
                for value in fields(clause, "value") {
                    bases.push(expression(b, value));
                }
            }
            "implements_clause" => {
                for one in children(clause) {
                    bases.extend(reference(b, one).0.map(|t| t.head));
                }
            }
            _ => bases.push(expression(b, clause)),
        }
    }
    bases
}

fn class_body(b: &mut Builder, body: Node, id: TypeId, owner: &str) {
    let mut decorators = Vec::new();
    for member in children(body) {
        match member.kind() {
            "decorator" => {
                decorators.push(member);
                continue;
            }
            "method_definition" => method(b, member, id, owner, &decorators),
            "public_field_definition" | "field_definition" => property(b, member, id, owner, &decorators),
            "class_static_block" => {
                if let Some(block) = member.child_by_field_name("body") {
                    statements::all(b, block);
                }
            }
            "abstract_method_signature" | "method_signature" | "index_signature" => {}
            _ => statements::any(b, member),
        }
        decorators.clear();
    }
}

fn method(b: &mut Builder, node: Node, id: TypeId, owner: &str, decorators: &[Node]) {
    let Some(name_node) = node.child_by_field_name("name") else { return };
    let name_span = span(b, name_node);
    let name = key_text(b, name_node).unwrap_or_else(|| "[]".into());
    let function = functions::function(b, node, &name, name_span, Some((id, owner.into())));
    for decorator in decorators.iter().copied().chain(fields(node, "decorator")) {
        functions::attribute(b, decorator, Attached::Function(function));
    }
    for parameter in b.facts.function(function).params.clone() {
        if parameter.field {
            let Parameter { name, type_ref, default, span, .. } = parameter;
            let code_name = name.clone();
            add_field(
                b,
                id,
                TypeField { name, code_name, type_ref, default, optional: false, flatten: false, span },
            );
        }
    }
}

fn property(b: &mut Builder, node: Node, id: TypeId, owner: &str, decorators: &[Node]) {
    let name_node = node.child_by_field_name("name").or_else(|| node.child_by_field_name("property"));
    let Some(name_node) = name_node else { return };
    let (place, name_span) = (span(b, node), span(b, name_node));
    let name = key_text(b, name_node).unwrap_or_else(|| "[]".into());
    let (type_ref, optional) = node.child_by_field_name("type").map_or((None, false), |t| annotation(b, t));
    let default = node.child_by_field_name("value").map(|value| {
        let inner = peel(value);
        if matches!(inner.kind(), "arrow_function" | "function_expression") {
            let function = functions::function(b, inner, &name, name_span, Some((id, owner.into())));
            let at = span(b, inner);
            return b.value(Value::Function(function), at);
        }
        named(b, value, &name, name_span)
    });
    let optional = optional || has(node, "?");
    let code_name = name.clone();
    let index = add_field(
        b,
        id,
        TypeField { name, code_name, type_ref, default, optional, flatten: false, span: place },
    );
    for decorator in decorators.iter().copied().chain(fields(node, "decorator")) {
        functions::attribute(b, decorator, Attached::Field(id, index));
    }
}

pub fn interface(b: &mut Builder, node: Node) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let name_span = span(b, name);
    let id = open(b, node, text(b, name), name_span);
    for clause in children(node).into_iter().filter(|c| c.kind() == "extends_type_clause") {
        for one in children(clause) {
            let base = reference(b, one).0.map(|t| t.head);
            add_bases(b, id, base.into_iter().collect());
        }
    }
    if let Some(body) = node.child_by_field_name("body") {
        signatures(b, body, id);
    }
}

fn signatures(b: &mut Builder, body: Node, id: TypeId) {
    for member in children(body).into_iter().filter(|m| m.kind() == "property_signature") {
        let Some(name) = member.child_by_field_name("name").and_then(|n| key_text(b, n)) else { continue };
        let (type_ref, optional) =
            member.child_by_field_name("type").map_or((None, false), |t| annotation(b, t));
        let (optional, span) = (optional || has(member, "?"), span(b, member));
        let code_name = name.clone();
        add_field(
            b,
            id,
            TypeField { name, code_name, type_ref, default: None, optional, flatten: false, span },
        );
    }
}

/// An object type has fields; the parts of an intersection and any other type are bases.
pub fn alias(b: &mut Builder, node: Node) {
    let (Some(name), Some(value)) = (node.child_by_field_name("name"), node.child_by_field_name("value"))
    else {
        return;
    };
    let name_span = span(b, name);
    let id = open(b, node, text(b, name), name_span);
    for part in flattened(value, "intersection_type") {
        if part.kind() == "object_type" {
            signatures(b, part, id);
        } else if let Some(found) = reference(b, part).0 {
            add_bases(b, id, vec![found.head]);
            add_bases(b, id, found.args.into_iter().map(|a| a.head).collect());
        }
    }
}

/// An enum is also a record of its members, so that `Enum.Member` is a field like any other.
pub fn enumeration(b: &mut Builder, node: Node) {
    let Some(name_node) = node.child_by_field_name("name") else { return };
    let (name, place, name_span) = (text(b, name_node), span(b, node), span(b, name_node));
    let id = open(b, node, name, name_span);
    let mut entries = Vec::new();
    let mut next = Some(0.0);
    for member in node.child_by_field_name("body").map(children).unwrap_or_default() {
        let at = span(b, member);
        let key = member.child_by_field_name("name").unwrap_or(member);
        let Some(key) = key_text(b, key) else { continue };
        let value = match member.child_by_field_name("value") {
            Some(value) => expression(b, value),
            None => b.value(next.map_or(Value::Unknown, Value::Number), at),
        };
        next = if let Value::Number(n) = b.facts.value(value) { Some(n + 1.0) } else { None };
        let default = Some(again(b, value));
        let code_name = key.clone();
        let field = TypeField {
            name: key.clone(),
            code_name,
            type_ref: None,
            default,
            optional: false,
            flatten: false,
            span: at,
        };
        add_field(b, id, field);
        entries.push(Entry { key: Key::Text(key), value, span: at });
    }
    let record = b.value(Value::Record(Record { type_ref: None, entries }), place);
    b.write(Target::Variable(name.into()), record, WriteKind::Declare, place);
}

/// `: T`; whether it allows for nothing (`T | null`).
pub fn annotation(b: &mut Builder, node: Node) -> (Option<TypeRef>, bool) {
    match (node.kind(), children(node).into_iter().next()) {
        ("type_predicate_annotation" | "asserts_annotation", _) => {
            let at = span(b, node);
            let head = b.name("boolean", at);
            (Some(TypeRef { head, args: Vec::new() }), false)
        }
        (_, Some(inner)) => reference(b, inner),
        (_, None) => (None, false),
    }
}

fn reference(b: &mut Builder, node: Node) -> (Option<TypeRef>, bool) {
    let place = span(b, node);
    b.deeper(place, |b| reference_inner(b, node, place)).unwrap_or((None, false))
}

fn reference_inner(b: &mut Builder, node: Node, place: Span) -> (Option<TypeRef>, bool) {
    let mut args = Vec::new();
    let head = match node.kind() {
        "predefined_type" | "type_identifier" | "identifier" | "this_type" => b.name(text(b, node), place),
        "nested_type_identifier" | "nested_identifier" => path(b, node),
        "member_expression" | "call_expression" => expression(b, node),
        "generic_type" => {
            for arg in child(node, "type_arguments").map(children).unwrap_or_default() {
                args.extend(reference(b, arg).0);
            }
            match node.child_by_field_name("name") {
                Some(name) => path(b, name),
                None => b.unknown(place),
            }
        }
        "array_type" | "tuple_type" => {
            for arg in children(node) {
                args.extend(reference(b, arg).0);
            }
            b.name("Array", place)
        }
        "parenthesized_type" | "readonly_type" | "optional_type" | "rest_type" | "type_annotation" => {
            return children(node).into_iter().next().map_or((None, false), |inner| reference(b, inner));
        }
        "type_query" => match children(node).into_iter().next() {
            Some(inner) => expression(b, inner),
            None => b.unknown(place),
        },
        "literal_type" => match children(node).into_iter().next() {
            Some(inner) => expression(b, inner),
            None => b.unknown(place),
        },
        "lookup_type" => {
            let parts = children(node);
            let base = parts.first().and_then(|p| reference(b, *p).0);
            let key = parts.get(1).filter(|k| k.kind() == "literal_type");
            let key = key.and_then(|k| children(*k).into_iter().next()).and_then(|k| key_text(b, k));
            match base {
                Some(base) => b.value(Value::Field(base.head, key.unwrap_or_else(|| "[]".into())), place),
                None => b.unknown(place),
            }
        }
        kind @ ("union_type" | "intersection_type") => return members(b, node, kind, place),
        _ => b.unknown(place),
    };
    (Some(TypeRef { head, args }), false)
}

/// `T | null` is `T`, optional; several members are an `Either` of their heads.
fn members(b: &mut Builder, node: Node, kind: &str, place: Span) -> (Option<TypeRef>, bool) {
    let mut found = Vec::new();
    let mut optional = false;
    for part in flattened(node, kind) {
        if matches!(text(b, part), "null" | "undefined") {
            optional = true;
            continue;
        }
        let (one, inner) = reference(b, part);
        optional |= inner;
        found.extend(one);
    }
    if found.len() < 2 {
        return (found.pop(), optional);
    }
    let heads = found.into_iter().map(|t| t.head).collect();
    let head = b.value(Value::Either(heads), place);
    (Some(TypeRef { head, args: Vec::new() }), optional)
}

/// The members of a union or intersection, which is a left-recursive chain.
fn flattened<'t>(node: Node<'t>, kind: &str) -> Vec<Node<'t>> {
    let mut out = Vec::new();
    let mut at = node;
    while at.kind() == kind {
        let mut parts = children(at);
        if parts.is_empty() {
            return out;
        }
        at = parts.remove(0);
        out.extend(parts.into_iter().rev());
    }
    out.push(at);
    out.reverse();
    out
}

/// `a.b.C` in a place for types.
pub fn path(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    let mut parts = text(b, node).split('.').map(|p| Str::from(p.trim()));
    let mut value = b.name(parts.next().unwrap_or_default(), place);
    for part in parts {
        value = b.value(Value::Field(value, part), place);
    }
    value
}
