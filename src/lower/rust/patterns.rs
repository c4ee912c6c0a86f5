//! What a pattern binds and what it tests. Knows no expressions beyond literals and paths.

use tree_sitter::Node;

use crate::facts::*;

use super::{Builder, calls::compare_literal, child, children, span, text, types, word};

/// What a pattern says of the value it is matched against.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// Matches always: `_`, `other`.
    Always,
    /// Matches when there is something: `Some(x)`, `Ok(x)`, a literal, a variant.
    Holds,
    /// `None`, `false`.
    Lacks,
    /// `Err(e)`.
    Failure,
}

pub fn test(b: &Builder, pattern: Node) -> Test {
    match pattern.kind() {
        "_" => Test::Always,
        "match_pattern" if child(pattern, "condition").is_some() => {
            match inner(pattern).map(|p| test(b, p)) {
                Some(Test::Always) | None => Test::Holds,
                Some(other) => other,
            }
        }
        "match_pattern" | "mut_pattern" | "ref_pattern" | "reference_pattern" => {
            inner(pattern).map_or(Test::Always, |p| test(b, p))
        }
        "identifier" | "scoped_identifier" => match types::last_name(b, pattern).as_str() {
            "None" => Test::Lacks,
            name if pattern.kind() == "identifier" && binds(name) => Test::Always,
            _ => Test::Holds,
        },
        "boolean_literal" if text(b, pattern) == "false" => Test::Lacks,
        "tuple_struct_pattern" => match child(pattern, "type").map(|t| types::last_name(b, t)).as_deref() {
            Some("Err") => Test::Failure,
            _ => Test::Holds,
        },
        _ => Test::Holds,
    }
}

/// Declares the names of a pattern from parts of `value`.
pub fn bind(b: &mut Builder, pattern: Node, value: ValueId) {
    let place = span(b, pattern);
    b.deeper(place, |b| bind_here(b, pattern, value));
}

fn bind_here(b: &mut Builder, pattern: Node, value: ValueId) {
    let place = span(b, pattern);
    match pattern.kind() {
        "identifier" => {
            let name = word(b, pattern);
            if binds(&name) {
                b.write(Target::Variable(name), value, WriteKind::Declare, place);
            }
        }
        "match_pattern" | "mut_pattern" | "ref_pattern" | "reference_pattern" => {
            if let Some(inner) = inner(pattern) {
                bind(b, inner, value);
            }
        }
        "captured_pattern" => children(pattern).into_iter().for_each(|part| bind(b, part, value)),
        // Both sides of `|` bind the same names from the same place, as a rule.
        "or_pattern" => {
            if let Some(first) = children(pattern).first() {
                bind(b, *first, value);
            }
        }
        "tuple_pattern" | "slice_pattern" => positional(b, &all_parts(pattern), value),
        "tuple_struct_pattern" => {
            let parts = all_parts(pattern);
            let Some((name, rest)) = parts.split_first() else { return };
            match (types::last_name(b, *name).as_str(), rest) {
                ("Some" | "Ok", [only]) => bind(b, *only, value),
                _ => positional(b, rest, value),
            }
        }
        "struct_pattern" => {
            for part in children(pattern).into_iter().filter(|c| c.kind() == "field_pattern") {
                let Some(name) = child(part, "name") else { continue };
                let (key, place) = (word(b, name), span(b, part));
                let field = b.value(Value::Field(value, key.clone()), place);
                match child(part, "pattern") {
                    Some(inner) => bind(b, inner, field),
                    None => b.write(Target::Variable(key), field, WriteKind::Declare, place),
                }
            }
        }
        _ => {}
    }
}

/// Compares `value` with the literals and paths that a pattern names.
pub fn compare(b: &mut Builder, pattern: Node, value: ValueId) {
    let place = span(b, pattern);
    match pattern.kind() {
        "or_pattern" => {
            b.deeper(place, |b| children(pattern).into_iter().for_each(|part| compare(b, part, value)));
        }
        "match_pattern" | "reference_pattern" => {
            if let Some(inner) = inner(pattern) {
                b.deeper(place, |b| compare(b, inner, value));
            }
        }
        "tuple_pattern" => {
            for (i, part) in all_parts(pattern).iter().enumerate().filter(|(_, p)| p.is_named()) {
                let place = span(b, *part);
                let item = b.value(Value::Field(value, i.to_string().into()), place);
                b.deeper(place, |b| compare(b, *part, item));
            }
        }
        "string_literal" | "raw_string_literal" | "char_literal" | "integer_literal" | "float_literal"
        | "negative_literal" => {
            let written = text(b, pattern).to_owned();
            compare_literal(b, &written, value, place);
        }
        "scoped_identifier" => {
            let right = types::path(b, pattern);
            b.compare(CompareOp::Equal, value, right, place);
        }
        _ => {}
    }
}

fn positional(b: &mut Builder, parts: &[Node], value: ValueId) {
    for (i, part) in parts.iter().enumerate() {
        if part.kind() == "remaining_field_pattern" {
            return;
        }
        if part.is_named() {
            let place = span(b, *part);
            let item = b.value(Value::Field(value, i.to_string().into()), place);
            bind(b, *part, item);
        }
    }
}

/// The sub-patterns with `_`, which has no name in the grammar, so that positions stay true.
fn all_parts(pattern: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = pattern.walk();
    pattern
        .children(&mut cursor)
        .filter(|c| (c.is_named() && !super::is_comment(*c)) || c.kind() == "_")
        .collect()
}

fn inner(pattern: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = pattern.walk();
    pattern.children(&mut cursor).find(|c| {
        (c.is_named() && !super::is_comment(*c) && c.kind() != "mutable_specifier") || c.kind() == "_"
    })
}

/// A lone capitalised name in a pattern is a constant or a variant, not a new variable.
fn binds(name: &str) -> bool {
    name != "_" && !name.starts_with(|c: char| c.is_uppercase())
}
