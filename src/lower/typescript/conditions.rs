//! What must hold for code to run: `if`, `&&`, `? :`. Knows what is tested, not what it means.

use tree_sitter::Node;

use super::expressions::{chain_of, expression, operator};
use super::{children, peel, span};
use crate::facts::*;
use crate::lower::Builder;

/// The conditions that hold where `node` is true: one for each part of a conjunction.
pub fn conditions(b: &mut Builder, node: Node) -> Vec<Condition> {
    let mut out = Vec::new();
    hold(b, node, false, &mut out);
    out
}

/// What holds where `node` is true (`negated`: false). `!(a || b)` is `!a && !b`.
fn hold(b: &mut Builder, node: Node, negated: bool, out: &mut Vec<Condition>) {
    let place = span(b, node);
    let node = peel(node);
    let done = b.deeper(place, |b| {
        if let Some(inner) = not(b, node) {
            return hold(b, inner, !negated, out);
        }
        let joins = if negated { "||" } else { "&&" };
        let parts = chain_of(b, node, &[joins]);
        if parts.len() > 1 {
            for part in parts {
                hold(b, part, negated, out);
            }
            return;
        }
        let (value, flipped) = tested(b, node);
        out.push(Condition { value, negated: negated != flipped, span: span(b, node) });
    });
    if done.is_none() {
        let value = b.unknown(place);
        out.push(Condition { value, negated, span: place });
    }
}

/// The value that is tested, and whether it is its being false that counts. A disjunction whose
/// arms are all negated (`!user || !user.active`) is one negated `Either` of what they test.
fn tested(b: &mut Builder, node: Node) -> (ValueId, bool) {
    let node = peel(node);
    let place = span(b, node);
    let arms = match chain_of(b, node, &["||"]) {
        arms if arms.len() > 1 => arms,
        _ => chain_of(b, node, &["&&"]),
    };
    if arms.len() > 1 {
        let mut values = Vec::new();
        let mut all_negated = true;
        for arm in arms {
            let (value, negated) =
                b.deeper(place, |b| tested(b, arm)).unwrap_or_else(|| (b.unknown(place), false));
            values.push(value);
            all_negated &= negated;
        }
        return (b.value(Value::Either(values), place), all_negated);
    }
    if let Some(inner) = not(b, node) {
        let (value, negated) =
            b.deeper(place, |b| tested(b, inner)).unwrap_or_else(|| (b.unknown(place), false));
        return (value, !negated);
    }
    let left = compares(b, node).and_then(|_| node.child_by_field_name("left"));
    let before = b.facts.compares.len();
    let value = expression(b, node);
    if left.is_some()
        && let Some(compare) = b.facts.compares[before..].last()
    {
        let left = compare.left;
        return (super::again(b, left), false);
    }
    (value, false)
}

fn not<'t>(b: &Builder, node: Node<'t>) -> Option<Node<'t>> {
    (node.kind() == "unary_expression" && operator(b, node) == "!")
        .then(|| node.child_by_field_name("argument"))
        .flatten()
}

fn compares(b: &Builder, node: Node) -> Option<CompareOp> {
    (node.kind() == "binary_expression").then(|| compare_op(operator(b, node))).flatten()
}

pub fn compare_op(operator: &str) -> Option<CompareOp> {
    Some(match operator {
        "==" | "===" => CompareOp::Equal,
        "!=" | "!==" => CompareOp::NotEqual,
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessEqual,
        ">" => CompareOp::Greater,
        ">=" => CompareOp::GreaterEqual,
        "in" => CompareOp::In,
        _ => return None,
    })
}

/// `a && b && c`: each part runs only where those before it held; the value is the last part's.
pub fn conjunction(b: &mut Builder, parts: &[Node]) -> ValueId {
    let before = b.region;
    let Some((last, firsts)) = parts.split_last() else {
        let at = b.span(0, 0);
        return b.unknown(at);
    };
    for (i, part) in firsts.iter().enumerate() {
        let conditions = conditions(b, *part);
        let next = parts.get(i + 1).map_or_else(|| span(b, *part), |n| span(b, *n));
        let end = span(b, *last).end as usize;
        let place = b.span(next.start as usize, end);
        let region = b.open(RegionKind::Branch, None, place);
        b.facts.regions[region.0 as usize].conditions = conditions;
        b.region = region;
    }
    let value = expression(b, *last);
    b.region = before;
    value
}

/// `c ? a : b`; a chain in the last arm is one group.
pub fn ternary(b: &mut Builder, node: Node) -> ValueId {
    let mut values = Vec::new();
    let mut group = None;
    let mut at = node;
    loop {
        let conditions = at.child_by_field_name("condition").map(|c| conditions(b, c)).unwrap_or_default();
        if let Some(arm) = at.child_by_field_name("consequence") {
            let place = span(b, arm);
            let region = b.open(RegionKind::Branch, group, place);
            group = group.or(Some(region));
            b.facts.regions[region.0 as usize].conditions = conditions;
            values.push(b.within(region, |b| expression(b, arm)));
        }
        let Some(arm) = at.child_by_field_name("alternative") else { break };
        let peeled = peel(arm);
        if peeled.kind() == "ternary_expression" {
            at = peeled;
            continue;
        }
        let place = span(b, arm);
        let region = b.open(RegionKind::Else, group, place);
        values.push(b.within(region, |b| expression(b, arm)));
        break;
    }
    let place = span(b, node);
    b.value(Value::Either(values), place)
}

/// `if … else if … else`: all arms are one group.
pub fn if_statement(b: &mut Builder, node: Node) {
    let mut group = None;
    let mut at = node;
    loop {
        let conditions = at.child_by_field_name("condition").map(|c| conditions(b, c)).unwrap_or_default();
        if let Some(body) = at.child_by_field_name("consequence") {
            let place = span(b, body);
            let region = b.open(RegionKind::Branch, group, place);
            group = group.or(Some(region));
            b.facts.regions[region.0 as usize].conditions = conditions;
            b.within(region, |b| super::statements::statement(b, body));
        }
        let Some(clause) = at.child_by_field_name("alternative") else { return };
        let Some(body) = children(clause).into_iter().next() else { return };
        if body.kind() == "if_statement" {
            at = body;
            continue;
        }
        let place = span(b, body);
        let region = b.open(RegionKind::Else, group, place);
        return b.within(region, |b| super::statements::statement(b, body));
    }
}
