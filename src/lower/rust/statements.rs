//! Blocks, `let`, branches and loops. Knows when code runs; what expressions are worth is in `expressions`.

use tree_sitter::Node;

use crate::facts::*;
use crate::source::Span;

use super::calls::either;
use super::expressions::{conditions, conjuncts, expression};
use super::patterns::{self, Test};
use super::{Builder, Owner, child, children, declarations, has_token, span, text};

pub fn is_control(kind: &str) -> bool {
    matches!(
        kind,
        "if_expression"
            | "match_expression"
            | "while_expression"
            | "loop_expression"
            | "for_expression"
            | "block"
            | "unsafe_block"
            | "async_block"
            | "gen_block"
            | "try_block"
            | "const_block"
    )
}

/// One statement, declaration or stray expression. Gives a value when it can be a block's tail.
pub fn statement(b: &mut Builder, node: Node, owner: &Owner) -> Option<ValueId> {
    let place = span(b, node);
    match node.kind() {
        "expression_statement" => {
            let inner = children(node).into_iter().next()?;
            let value = tail_value(b, inner);
            if has_token(node, ";") {
                drop_result(b, inner);
            }
            value
        }
        "let_declaration" => {
            b.deeper(place, |b| let_declaration(b, node));
            None
        }
        kind if declarations::is_item(kind) => {
            declarations::items_of(b, &[node], owner);
            None
        }
        "attribute_item" | "inner_attribute_item" | "empty_statement" | "line_comment" | "block_comment" => {
            None
        }
        _ => tail_value(b, node),
    }
}

/// The statements of a function's or closure's body; its tail leaves the function.
pub fn body(b: &mut Builder, node: Node) {
    let place = span(b, node);
    let tail = match node.kind() {
        "block" => b.deeper(place, |b| block(b, node)).flatten(),
        _ => tail_value(b, node).map(|value| (value, place)),
    };
    if let Some((value, place)) = tail {
        b.exit(ExitKind::Return, Some(value), place);
    }
}

/// The value of an expression that a block or arm ends with; none when it leaves instead.
fn tail_value(b: &mut Builder, node: Node) -> Option<ValueId> {
    let leaves = match node.kind() {
        "return_expression"
        | "break_expression"
        | "continue_expression"
        | "assignment_expression"
        | "compound_assignment_expr" => true,
        "macro_invocation" => child(node, "macro").is_some_and(|m| {
            matches!(
                text(b, m).rsplit("::").next(),
                Some("panic" | "bail" | "todo" | "unreachable" | "unimplemented")
            )
        }),
        _ => false,
    };
    let before = b.facts.values.len();
    let value = expression(b, node);
    // A branch whose every arm leaves, or gives nothing, is worth nothing itself.
    let nothing =
        is_control(node.kind()) && value.0 as usize >= before && *b.facts.value(value) == Value::Null;
    (!leaves && !nothing).then_some(value)
}

/// Lowers a block's statements; the tail's value and place.
fn block(b: &mut Builder, node: Node) -> Option<(ValueId, Span)> {
    let parts: Vec<Node> = children(node).into_iter().filter(|c| c.kind() != "label").collect();
    let (last, before) = parts.split_last()?;
    let owner = Owner::default();
    let ends = match last.kind() {
        "expression_statement" => !has_token(*last, ";"),
        kind => !declarations::is_item(kind) && kind != "let_declaration",
    };
    if !ends {
        declarations::items_of(b, &parts, &owner);
        return None;
    }
    declarations::items_of(b, before, &owner);
    let place = span(b, *last);
    statement(b, *last, &owner).map(|value| (value, place))
}

fn arm_value(b: &mut Builder, node: Node) -> Option<ValueId> {
    let place = span(b, node);
    match node.kind() {
        "block" => b.deeper(place, |b| block(b, node)).flatten().map(|(value, _)| value),
        _ => tail_value(b, node),
    }
}

/// Marks the call that a whole statement consists of.
fn drop_result(b: &mut Builder, node: Node) {
    let mut at = node;
    while matches!(at.kind(), "try_expression" | "await_expression" | "parenthesized_expression") {
        let Some(inner) = children(at).into_iter().next() else { return };
        at = inner;
    }
    let place = span(b, at);
    if let Some(call) = b.facts.calls.last_mut().filter(|c| c.span == place) {
        call.dropped = true;
    }
}

fn let_declaration(b: &mut Builder, node: Node) {
    let Some(pattern) = child(node, "pattern") else { return };
    let Some(value) = child(node, "value") else { return };
    let worth = expression(b, value);
    if text(b, pattern) == "_" {
        drop_result(b, value);
    }
    if let Some(alternative) = child(node, "alternative") {
        let region = b.open(RegionKind::Else, None, span(b, alternative));
        b.within(region, |b| arm_value(b, alternative));
    }
    patterns::bind(b, pattern, worth);
}

pub fn control(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    match node.kind() {
        "if_expression" => if_expression(b, node),
        "match_expression" => match_expression(b, node),
        "while_expression" => {
            let tests = child(node, "condition");
            let held = tests.map(|c| conditions(b, c)).unwrap_or_default();
            let region = b.open(RegionKind::Loop, None, place);
            b.facts.regions[region.0 as usize].conditions = held.clone();
            b.within(region, |b| {
                bind_conditions(b, tests, &held);
                child(node, "body").and_then(|body| arm_value(b, body));
            });
            b.value(Value::Null, place)
        }
        "for_expression" => {
            let list = child(node, "value").map(|v| expression(b, v));
            let region = b.open(RegionKind::Loop, None, place);
            b.within(region, |b| {
                if let (Some(pattern), Some(list)) = (child(node, "pattern"), list) {
                    let item = b.value(Value::Field(list, "[]".into()), span(b, pattern));
                    patterns::bind(b, pattern, item);
                }
                child(node, "body").and_then(|body| arm_value(b, body));
            });
            b.value(Value::Null, place)
        }
        "loop_expression" => {
            let region = b.open(RegionKind::Loop, None, place);
            b.within(region, |b| child(node, "body").and_then(|body| arm_value(b, body)));
            b.unknown(place)
        }
        "block" => in_block(b, node),
        _ => match children(node).into_iter().find(|c| c.kind() == "block") {
            Some(inner) => in_block(b, inner),
            None => b.unknown(place),
        },
    }
}

fn in_block(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    let region = b.open(RegionKind::Block, None, place);
    match b.within(region, |b| arm_value(b, node)) {
        Some(value) => value,
        None => b.value(Value::Null, place),
    }
}

fn bind_conditions(b: &mut Builder, tests: Option<Node>, held: &[Condition]) {
    let parts = tests.map(|t| conjuncts(b, t)).unwrap_or_default();
    for (part, condition) in parts.into_iter().zip(held) {
        if let Some(pattern) = child(part, "pattern").filter(|_| part.kind() == "let_condition") {
            patterns::bind(b, pattern, condition.value);
        }
    }
}

/// Runs along `else if` in a loop: such chains may be long.
fn if_expression(b: &mut Builder, node: Node) -> ValueId {
    let mut arms = Vec::new();
    let mut group = None;
    let mut at = Some(node);
    while let Some(branch) = at.take() {
        let tests = child(branch, "condition");
        let held = tests.map(|c| conditions(b, c)).unwrap_or_default();
        let Some(consequence) = child(branch, "consequence") else { break };
        let failed = tests.is_some_and(|t| {
            conjuncts(b, t).into_iter().any(|part| {
                part.kind() == "let_condition"
                    && child(part, "pattern").is_some_and(|p| patterns::test(b, p) == Test::Failure)
            })
        });
        let kind = if failed { RegionKind::Catch } else { RegionKind::Branch };
        let region = b.open(kind, group, span(b, consequence));
        group = group.or(Some(region));
        b.facts.regions[region.0 as usize].conditions = held.clone();
        arms.extend(b.within(region, |b| {
            bind_conditions(b, tests, &held);
            arm_value(b, consequence)
        }));
        let Some(other) = child(branch, "alternative").and_then(|e| children(e).into_iter().next()) else {
            break;
        };
        if other.kind() == "if_expression" {
            at = Some(other);
        } else {
            let region = b.open(RegionKind::Else, group, span(b, other));
            arms.extend(b.within(region, |b| arm_value(b, other)));
        }
    }
    let place = span(b, node);
    either(b, arms, place)
}

fn match_expression(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    let value = match child(node, "value") {
        Some(value) => expression(b, value),
        None => b.unknown(place),
    };
    let mut arms = Vec::new();
    let mut group = None;
    for arm in child(node, "body").map(children).unwrap_or_default() {
        let (Some(pattern), Some(worth)) = (child(arm, "pattern"), child(arm, "value")) else {
            statement(b, arm, &Owner::default());
            continue;
        };
        let test = patterns::test(b, pattern);
        let kind = match test {
            Test::Always => RegionKind::Else,
            Test::Failure => RegionKind::Catch,
            Test::Holds | Test::Lacks => RegionKind::Branch,
        };
        let region = b.open(kind, group, span(b, arm));
        group = group.or(Some(region));
        let mut held = Vec::new();
        if kind == RegionKind::Branch {
            held.push(Condition { value, negated: test == Test::Lacks, span: span(b, pattern) });
        }
        arms.extend(b.within(region, |b| {
            patterns::compare(b, pattern, value);
            patterns::bind(b, pattern, value);
            if let Some(guard) = child(pattern, "condition") {
                let tests = conditions(b, guard);
                bind_conditions(b, Some(guard), &tests);
                held.extend(tests);
            }
            b.facts.regions[region.0 as usize].conditions = held;
            arm_value(b, worth)
        }));
    }
    either(b, arms, place)
}
