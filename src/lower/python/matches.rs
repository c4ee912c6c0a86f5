//! `match` and its patterns: what is compared, what is bound.

use tree_sitter::Node;

use super::expressions::{dotted, expression};
use super::statements::{arm, block, statement};
use super::{State, conditions, parts, place, targets, text_of};
use crate::facts::*;
use crate::lower::Builder;

pub fn match_statement(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) {
    let mut cursor = node.walk();
    let subjects: Vec<_> = node.children_by_field_name("subject", &mut cursor).collect();
    let mut values: Vec<_> = subjects.iter().map(|n| expression(b, s, *n)).collect();
    let span = subjects.first().map_or(place(b, node), |n| place(b, *n));
    let subject = match (values.pop(), values.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            values.push(last);
            b.value(Value::List(values), span)
        }
        (None, _) => b.unknown(span),
    };
    let mut group = None;
    for clause in node.child_by_field_name("body").map(parts).unwrap_or_default() {
        if clause.kind() != "case_clause" {
            statement(b, s, clause);
            continue;
        }
        let region = case(b, s, clause, subject, group);
        group.get_or_insert(region);
    }
}

fn case(
    b: &mut Builder<'_>,
    s: &mut State,
    node: Node<'_>,
    subject: ValueId,
    group: Option<RegionId>,
) -> RegionId {
    let patterns: Vec<_> = parts(node).into_iter().filter(|p| p.kind() == "case_pattern").collect();
    let mut tested = Vec::new();
    let mut names = Vec::new();
    let always = patterns.len() == 1 && catches_all(b, patterns[0]);
    for pattern in &patterns {
        let span = place(b, *pattern);
        if !always {
            compare(b, s, *pattern, subject);
            tested.push(Condition { value: subject, negated: false, span });
        }
        bindings(b, *pattern, &mut names);
    }
    let body = node.child_by_field_name("consequence").unwrap_or(node);
    let guard = node.child_by_field_name("guard").and_then(|g| parts(g).into_iter().next());
    let kind = if always && guard.is_none() { RegionKind::Else } else { RegionKind::Branch };
    let region = arm(b, kind, group, Vec::new(), node, |b| {
        for name in names {
            let span = place(b, name);
            let value = if always { subject } else { b.unknown(span) };
            targets::assign(b, s, name, value, WriteKind::Declare, span);
        }
        if let Some(guard) = guard {
            tested.extend(conditions::of(b, s, guard));
        }
        if body != node {
            block(b, s, body);
        }
    });
    b.facts.regions[region.0 as usize].conditions = tested;
    region
}

/// `_` or a bare name.
fn catches_all(b: &Builder<'_>, pattern: Node<'_>) -> bool {
    let inner = parts(pattern);
    match inner.as_slice() {
        [] => text_of(b, pattern) == "_",
        [only] => only.kind() == "dotted_name" && !text_of(b, *only).contains('.'),
        _ => false,
    }
}

/// One comparison for each literal or constant among the alternatives.
fn compare(b: &mut Builder<'_>, s: &mut State, pattern: Node<'_>, subject: ValueId) {
    let span = place(b, pattern);
    match pattern.kind() {
        "case_pattern" | "union_pattern" => {
            for inner in parts(pattern) {
                b.deeper(span, |b| compare(b, s, inner, subject));
            }
        }
        "string" | "concatenated_string" | "integer" | "float" | "true" | "false" | "none" => {
            let value = expression(b, s, pattern);
            b.compare(CompareOp::Equal, subject, value, span);
        }
        "dotted_name" if text_of(b, pattern).contains('.') => {
            let value = dotted(b, s, pattern, span);
            b.compare(CompareOp::Equal, subject, value, span);
        }
        _ => {}
    }
}

/// The names a pattern binds. Iterative: patterns nest as deep as their author likes.
fn bindings<'t>(b: &Builder<'_>, pattern: Node<'t>, out: &mut Vec<Node<'t>>) {
    let mut open = vec![pattern];
    while let Some(node) = open.pop() {
        match node.kind() {
            "identifier" => out.push(node),
            "dotted_name" => {
                if let ([name], false) = (parts(node).as_slice(), text_of(b, node) == "_") {
                    out.push(*name);
                }
            }
            // The first part is the class or the keyword, not a name that is bound.
            "class_pattern" | "keyword_pattern" => open.extend(parts(node).into_iter().skip(1).rev()),
            "string" | "concatenated_string" => {}
            _ => open.extend(parts(node).into_iter().rev()),
        }
    }
}
