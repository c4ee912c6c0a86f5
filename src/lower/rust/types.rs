//! Paths and type annotations. Knows their notation; does not look names up.

use tree_sitter::Node;

use crate::facts::*;
use crate::source::Str;

use super::{Builder, child, children, span, word};

/// `a::b::c` as `Field(Field(Name(a), b), c)`; generic arguments are left out.
pub fn path(b: &mut Builder, node: Node) -> ValueId {
    let mut segments = Vec::new();
    let mut at = Some(node);
    while let Some(node) = at {
        at = match node.kind() {
            "scoped_identifier" | "scoped_type_identifier" => {
                segments.extend(child(node, "name"));
                child(node, "path")
            }
            "generic_type" | "generic_type_with_turbofish" => child(node, "type"),
            "generic_pattern" | "bracketed_type" | "abstract_type" | "dynamic_type" | "reference_type"
            | "pointer_type" => children(node)
                .into_iter()
                .rfind(|c| !matches!(c.kind(), "type_arguments" | "lifetime" | "mutable_specifier")),
            "qualified_type" => child(node, "type"),
            _ => {
                segments.push(node);
                None
            }
        };
    }
    let mut value = None;
    for segment in segments.into_iter().rev() {
        let place = b.span(node.start_byte().min(segment.start_byte()), segment.end_byte());
        let name = word(b, segment);
        value = Some(match value {
            None => b.name(name, place),
            Some(base) => b.value(Value::Field(base, name), place),
        });
    }
    value.unwrap_or_else(|| b.unknown(span(b, node)))
}

/// The last segment of a type's path: `Claims` of `&crate::auth::Claims<T>`.
pub fn last_name(b: &Builder, node: Node) -> Str {
    let mut at = node;
    loop {
        let inner = match at.kind() {
            "scoped_type_identifier" | "scoped_identifier" => child(at, "name"),
            "generic_type" | "reference_type" | "pointer_type" => child(at, "type"),
            "dynamic_type" | "abstract_type" => child(at, "trait"),
            _ => None,
        };
        match inner {
            Some(inner) => at = inner,
            None => return word(b, at),
        }
    }
}

/// A type annotation; references and lifetimes are left out.
pub fn type_ref(b: &mut Builder, node: Node) -> Option<TypeRef> {
    let place = span(b, node);
    b.deeper(place, |b| annotation(b, node)).flatten()
}

fn annotation(b: &mut Builder, node: Node) -> Option<TypeRef> {
    let place = span(b, node);
    let plain = |head| Some(TypeRef { head, args: Vec::new() });
    match node.kind() {
        "reference_type" | "pointer_type" | "qualified_type" | "higher_ranked_trait_bound" => {
            child(node, "type").and_then(|t| type_ref(b, t))
        }
        "abstract_type" | "dynamic_type" => child(node, "trait").and_then(|t| type_ref(b, t)),
        "bracketed_type" | "bounded_type" | "removed_trait_bound" => {
            children(node).into_iter().find(|c| c.kind() != "lifetime").and_then(|t| type_ref(b, t))
        }
        "generic_type" => {
            let head = path(b, child(node, "type")?);
            let arguments = child(node, "type_arguments").map(children).unwrap_or_default();
            let args = arguments
                .into_iter()
                .filter(|a| !matches!(a.kind(), "lifetime" | "trait_bounds" | "block"))
                .filter_map(|a| type_ref(b, if a.kind() == "type_binding" { child(a, "type")? } else { a }))
                .collect();
            Some(TypeRef { head, args })
        }
        "tuple_type" => {
            let head = b.name("()", place);
            let args = children(node).into_iter().filter_map(|t| type_ref(b, t)).collect();
            Some(TypeRef { head, args })
        }
        "array_type" => {
            let head = b.name("[]", place);
            let args = child(node, "element").and_then(|t| type_ref(b, t)).into_iter().collect();
            Some(TypeRef { head, args })
        }
        "function_type" => match child(node, "trait") {
            Some(name) => plain(path(b, name)),
            None => plain(b.name("fn", place)),
        },
        "unit_type" => plain(b.name("()", place)),
        "never_type" => plain(b.name("!", place)),
        "lifetime" => None,
        "string_literal" | "integer_literal" | "boolean_literal" | "char_literal" | "macro_invocation"
        | "ERROR" => plain(b.unknown(place)),
        _ => plain(path(b, node)),
    }
}
