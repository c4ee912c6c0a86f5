//! Python statements to writes, regions and exits. Knows no library.

use tree_sitter::Node;

use super::expressions::{combined, expression};
use super::{State, calls, conditions, declarations, imports, parts, place, targets, text_of};
use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Span, Str};

/// Every statement of a block, a module, or what is left of one.
pub fn block(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) {
    for child in parts(node) {
        statement(b, s, child);
    }
}

pub fn statement(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) {
    let span = place(b, node);
    b.deeper(span, |b| by_kind(b, s, node, span));
}

fn by_kind(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) {
    match node.kind() {
        "expression_statement" => {
            for child in parts(node) {
                simple(b, s, child);
            }
        }
        "assignment" | "augmented_assignment" => simple(b, s, node),
        "import_statement" | "import_from_statement" | "future_import_statement" => {
            imports::import(b, node, span)
        }
        "function_definition" => declarations::function(b, s, node, &[]),
        "class_definition" => declarations::class(b, s, node, &[]),
        "decorated_definition" => declarations::decorated(b, s, node),
        "if_statement" => if_statement(b, s, node),
        "for_statement" => for_statement(b, s, node, span),
        "while_statement" => while_statement(b, s, node, span),
        "try_statement" => try_statement(b, s, node),
        "with_statement" => with_statement(b, s, node),
        "match_statement" => super::matches::match_statement(b, s, node),
        "return_statement" => {
            let value = parts(node).first().map(|v| expression(b, s, *v));
            b.exit(ExitKind::Return, value, span);
        }
        "raise_statement" => raise(b, s, node, span),
        "break_statement" | "continue_statement" => b.exit(ExitKind::Leave, None, span),
        "assert_statement" => assert(b, s, node, span),
        "delete_statement" => {
            for child in parts(node) {
                targets::remove(b, s, child);
            }
        }
        "global_statement" | "nonlocal_statement" => {
            let global = node.kind() == "global_statement";
            for name in parts(node) {
                let name = Str::from(text_of(b, name));
                s.give_away(&b.facts, b.function, name, global);
            }
        }
        "print_statement" => {
            let callee = b.name("print", span);
            let value = |value| Arg { name: None, spread: false, double: false, value };
            let args = parts(node).into_iter().map(|a| value(expression(b, s, a))).collect();
            let (call, _) = b.call(callee, args, span);
            b.facts.calls[call.0 as usize].dropped = true;
        }
        "type_alias_statement" => {
            let (Some(left), Some(right)) =
                (node.child_by_field_name("left"), node.child_by_field_name("right"))
            else {
                return;
            };
            let name = text_of(b, left).split('[').next().unwrap_or("").trim().to_string();
            let value = expression(b, s, right);
            targets::variable(b, s, name.into(), value, WriteKind::Assign, span);
        }
        "pass_statement" | "comment" | "line_continuation" | "keyword_separator" | "positional_separator" => {
        }
        "ERROR" | "block" | "module" | "exec_statement" | "chevron" | "else_clause" | "finally_clause" => {
            block(b, s, node);
        }
        _ => {
            expression(b, s, node);
        }
    }
}

/// An expression, assignment or yield that stands by itself.
fn simple(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) {
    match node.kind() {
        "assignment" => assignment(b, s, node),
        "augmented_assignment" => augmented(b, s, node),
        _ => {
            let value = expression(b, s, node);
            calls::drop_result(b, node, value);
        }
    }
}

fn assignment(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) {
    let span = place(b, node);
    let mut lefts = Vec::new();
    let mut at = node;
    let value = loop {
        lefts.extend(at.child_by_field_name("left").map(|left| (left, at.child_by_field_name("type"))));
        match at.child_by_field_name("right") {
            Some(right) if right.kind() == "assignment" => at = right,
            Some(right) if right.kind() == "augmented_assignment" => {
                augmented(b, s, right);
                let place = place(b, right);
                break Some(b.unknown(place));
            }
            Some(right) => break Some(expression(b, s, right)),
            None => break None,
        }
    };
    for (left, annotation) in lefts {
        if let (Some(annotation), "identifier", true) = (annotation, left.kind(), b.owner.is_some()) {
            let name = Str::from(text_of(b, left));
            if let Some(value) = value {
                let place = place(b, left);
                super::settings::named(b, s, &name, value, place);
            }
            let annotation = super::types::annotation(b, s, annotation);
            declarations::field(b, name, Some(annotation), value, span);
        } else if let Some(value) = value {
            targets::assign(b, s, left, value, WriteKind::Assign, span);
        }
    }
}

fn augmented(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) {
    let span = place(b, node);
    let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right"))
    else {
        return;
    };
    let operator = node.child_by_field_name("operator").map_or("", |o| text_of(b, o)).to_string();
    let value = expression(b, s, right);
    match operator.as_str() {
        "+=" => targets::assign(b, s, left, value, WriteKind::Append, span),
        "|=" => targets::assign(b, s, left, value, WriteKind::Merge, span),
        _ => {
            let before = expression(b, s, left);
            let after = combined(b, before, operator.trim_end_matches('='), value, span);
            targets::assign(b, s, left, after, WriteKind::Assign, span);
        }
    }
}

/// Runs `f` in a new region over `node` with the given conditions.
pub fn arm(
    b: &mut Builder<'_>,
    kind: RegionKind,
    group: Option<RegionId>,
    conditions: Vec<Condition>,
    node: Node<'_>,
    f: impl FnOnce(&mut Builder<'_>),
) -> RegionId {
    let span = place(b, node);
    let region = b.open(kind, group, span);
    b.facts.regions[region.0 as usize].conditions = conditions;
    b.within(region, f);
    region
}

fn if_statement(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) {
    let mut group = None;
    let mut cursor = node.walk();
    let clauses: Vec<_> = node.children_by_field_name("alternative", &mut cursor).collect();
    for clause in std::iter::once(node).chain(clauses) {
        let kind = if clause.kind() == "else_clause" { RegionKind::Else } else { RegionKind::Branch };
        let (mut kind, mut tested) = (kind, Vec::new());
        if let Some(test) = clause.child_by_field_name("condition") {
            if conditions::asks_for_main(b, test) {
                kind = if tries_out(b, clause) { RegionKind::Test } else { RegionKind::Block };
            } else {
                tested = conditions::of(b, s, test);
            }
        }
        let body = clause.child_by_field_name("consequence").or_else(|| clause.child_by_field_name("body"));
        if let Some(body) = body {
            let region = arm(b, kind, group, tested, body, |b| block(b, s, body));
            group.get_or_insert(region);
        }
        stray(b, s, clause);
    }
}

/// The main block of a module of classes that fetches what it needs by itself: somebody tried the module by hand.
fn tries_out(b: &Builder<'_>, clause: Node<'_>) -> bool {
    let Some(body) = clause.child_by_field_name("consequence") else { return false };
    !b.facts.types.is_empty()
        && parts(body).into_iter().any(|n| matches!(n.kind(), "import_statement" | "import_from_statement"))
}

/// What an ERROR inside a compound statement swallowed.
fn stray(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) {
    if !node.has_error() {
        return;
    }
    for child in parts(node) {
        if child.is_error() {
            statement(b, s, child);
        }
    }
}

/// Opens the region of `for … in …` and declares its variables there.
pub fn loop_over(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> RegionId {
    let value = match node.child_by_field_name("right") {
        Some(right) => expression(b, s, right),
        None => b.unknown(span),
    };
    let region = b.open(RegionKind::Loop, None, span);
    if let Some(left) = node.child_by_field_name("left") {
        let place = place(b, left);
        b.within(region, |b| {
            let element = b.value(Value::Field(value, "[]".into()), place);
            targets::assign(b, s, left, element, WriteKind::Declare, place);
        });
    }
    region
}

fn for_statement(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) {
    let region = loop_over(b, s, node, span);
    if let Some(body) = node.child_by_field_name("body") {
        b.within(region, |b| block(b, s, body));
    }
    loop_end(b, s, node);
}

fn while_statement(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) {
    let tested = node.child_by_field_name("condition").map(|test| conditions::of(b, s, test));
    let region = b.open(RegionKind::Loop, None, span);
    b.facts.regions[region.0 as usize].conditions = tested.unwrap_or_default();
    if let Some(body) = node.child_by_field_name("body") {
        b.within(region, |b| block(b, s, body));
    }
    loop_end(b, s, node);
}

fn loop_end(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) {
    if let Some(last) = node.child_by_field_name("alternative") {
        arm(b, RegionKind::Block, None, Vec::new(), last, |b| block(b, s, last));
    }
    stray(b, s, node);
}

fn try_statement(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) {
    let mut group = None;
    if let Some(body) = node.child_by_field_name("body") {
        group = Some(arm(b, RegionKind::Try, None, Vec::new(), body, |b| block(b, s, body)));
    }
    for clause in parts(node) {
        match clause.kind() {
            "except_clause" => except(b, s, clause, group),
            "else_clause" => {
                arm(b, RegionKind::Else, group, Vec::new(), clause, |b| block(b, s, clause));
            }
            "finally_clause" => {
                arm(b, RegionKind::Finally, group, Vec::new(), clause, |b| block(b, s, clause));
            }
            _ => {}
        }
    }
    stray(b, s, node);
}

fn except(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, group: Option<RegionId>) {
    let mut caught = Vec::new();
    let region = arm(b, RegionKind::Catch, group, Vec::new(), node, |b| {
        let mut alias = node.child_by_field_name("alias");
        let mut cursor = node.walk();
        for value in node.children_by_field_name("value", &mut cursor) {
            let mut value = value;
            if value.kind() == "as_pattern" {
                alias = value.child_by_field_name("alias");
                value = parts(value).into_iter().next().unwrap_or(value);
            }
            let each = if value.kind() == "tuple" { parts(value) } else { vec![value] };
            for value in each {
                caught.push((expression(b, s, value), place(b, value)));
            }
        }
        if let Some(alias) = alias {
            let span = place(b, alias);
            let error = b.unknown(span);
            targets::assign(b, s, alias, error, WriteKind::Declare, span);
        }
        for child in parts(node) {
            if matches!(child.kind(), "block" | "ERROR") {
                statement(b, s, child);
            }
        }
    });
    // A catch runs for the errors it names: one of them, so one condition.
    let condition = match caught.as_slice() {
        [] => return,
        [(value, span)] => Condition { value: *value, negated: false, span: *span },
        [(_, first), ..] => {
            let span = *first;
            let values = caught.iter().map(|(value, _)| *value).collect();
            let value = b.value(Value::Either(values), span);
            Condition { value, negated: false, span }
        }
    };
    b.facts.regions[region.0 as usize].conditions = vec![condition];
}

fn with_statement(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) {
    for clause in parts(node) {
        if clause.kind() == "with_clause" {
            for item in parts(clause) {
                let value = item.child_by_field_name("value").unwrap_or(item);
                expression(b, s, value);
            }
        }
    }
    if let Some(body) = node.child_by_field_name("body") {
        arm(b, RegionKind::Block, None, Vec::new(), body, |b| block(b, s, body));
    }
    stray(b, s, node);
}

fn raise(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) {
    let cause = node.child_by_field_name("cause");
    let thrown = parts(node).into_iter().find(|child| Some(*child) != cause);
    let value = thrown.map(|thrown| expression(b, s, thrown));
    if let Some(cause) = cause {
        expression(b, s, cause);
    }
    b.exit(ExitKind::Throw, value, span);
}

/// `assert a and b` reads as `if not a: raise` and `if not b: raise`.
fn assert(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) {
    let children = parts(node);
    let Some((test, message)) = children.split_first() else { return };
    for operand in conditions::operands(*test, "and") {
        let fails = conditions::negated(b, s, operand);
        arm(b, RegionKind::Branch, None, fails, node, |b| b.exit(ExitKind::Throw, None, span));
    }
    for message in message {
        expression(b, s, *message);
    }
}
