//! What a test asks: comparisons, `and`, `or`, `not`. Knows no statement.

use tree_sitter::Node;

use super::expressions::expression;
use super::{State, parts, place, text_of};
use crate::facts::*;
use crate::lower::Builder;
use crate::source::Span;

/// What must hold for a test to pass, conjunctions taken apart.
pub fn of(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) -> Vec<Condition> {
    let mut out = Vec::new();
    collect(b, s, node, false, &mut out);
    out
}

/// What must hold for a test to fail.
pub fn negated(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) -> Vec<Condition> {
    let mut out = Vec::new();
    collect(b, s, node, true, &mut out);
    out
}

/// The operands of a chain of one operator, in source order.
pub fn operands<'t>(node: Node<'t>, operator: &str) -> Vec<Node<'t>> {
    let mut out = Vec::new();
    let mut at = bare(node);
    while at.kind() == "boolean_operator" && operator_of(at) == operator {
        let (Some(left), Some(right)) = (at.child_by_field_name("left"), at.child_by_field_name("right"))
        else {
            break;
        };
        out.push(right);
        at = bare(left);
    }
    out.push(at);
    out.reverse();
    out
}

fn operator_of(node: Node<'_>) -> &'static str {
    match node.child_by_field_name("operator").map(|o| o.kind() == "or") {
        Some(true) => "or",
        Some(false) => "and",
        None => "",
    }
}

/// The expression inside its parentheses.
pub fn bare(node: Node<'_>) -> Node<'_> {
    let mut at = node;
    while at.kind() == "parenthesized_expression" {
        let Some(inner) = parts(at).into_iter().next() else { break };
        at = inner;
    }
    at
}

fn collect(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, negated: bool, out: &mut Vec<Condition>) {
    let mut node = bare(node);
    let mut negated = negated;
    while node.kind() == "not_operator" {
        let Some(inner) = node.child_by_field_name("argument") else { break };
        node = bare(inner);
        negated = !negated;
    }
    let span = place(b, node);
    // `not (a or b)` is `not a and not b`: a conjunction again.
    let splits = if negated { "or" } else { "and" };
    if node.kind() == "boolean_operator" && operator_of(node) == splits {
        for operand in operands(node, splits) {
            if b.deeper(span, |b| collect(b, s, operand, negated, out)).is_none() {
                return;
            }
        }
        return;
    }
    let value = tested(b, s, node);
    out.push(Condition { value, negated, span });
}

/// The value a test is about: the left side of a comparison, else the expression.
fn tested(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) -> ValueId {
    let mut node = bare(node);
    while node.kind() == "not_operator" {
        let Some(inner) = node.child_by_field_name("argument") else { break };
        node = bare(inner);
    }
    let span = place(b, node);
    match node.kind() {
        "comparison_operator" => comparison(b, s, node, span),
        "boolean_operator" => {
            let each = operands(node, operator_of(node));
            let values = each.into_iter().filter_map(|o| b.deeper(span, |b| tested(b, s, o))).collect();
            b.value(Value::Either(values), span)
        }
        _ => expression(b, s, node),
    }
}

/// `a and b` is worth b, where a holds; `a or b` is either.
pub fn boolean(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    if operator_of(node) == "or" {
        let values = operands(node, "or").into_iter().map(|o| expression(b, s, o)).collect();
        return b.value(Value::Either(values), span);
    }
    let mut each = operands(node, "and");
    let last = each.pop();
    let before = b.region;
    for operand in each {
        let holds = of(b, s, operand);
        let after = b.span(operand.end_byte(), node.end_byte());
        let region = b.open(RegionKind::Branch, None, after);
        b.facts.regions[region.0 as usize].conditions = holds;
        b.region = region;
    }
    let value = last.map(|last| expression(b, s, last));
    b.region = before;
    match value {
        Some(value) => value,
        None => b.unknown(span),
    }
}

/// One `Compare` an operator; gives the leftmost value.
pub fn comparison(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let mut cursor = node.walk();
    let operators: Vec<_> = node.children_by_field_name("operators", &mut cursor).map(|o| o.kind()).collect();
    let sides: Vec<_> =
        parts(node).into_iter().filter(|p| !matches!(p.kind(), "not in" | "is not")).collect();
    let Some((first, others)) = sides.split_first() else { return b.unknown(span) };
    let leftmost = expression(b, s, *first);
    let (mut left, mut start) = (leftmost, first.start_byte());
    for (right, operator) in others.iter().zip(operators) {
        let value = expression(b, s, *right);
        let op = match operator {
            "==" | "is" => CompareOp::Equal,
            "<" => CompareOp::Less,
            "<=" => CompareOp::LessEqual,
            ">" => CompareOp::Greater,
            ">=" => CompareOp::GreaterEqual,
            "in" => CompareOp::In,
            "not in" => CompareOp::NotIn,
            _ => CompareOp::NotEqual,
        };
        let span = b.span(start, right.end_byte());
        b.compare(op, left, value, span);
        (left, start) = (value, right.start_byte());
    }
    leftmost
}

/// Is the test `__name__ == "__main__"`?
pub fn asks_for_main(b: &Builder<'_>, node: Node<'_>) -> bool {
    let text = text_of(b, bare(node));
    text.starts_with("__name__") && text.contains("==") && text.contains("__main__")
}
