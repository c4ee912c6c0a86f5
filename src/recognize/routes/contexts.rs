//! What a function does when it is called in a certain way: `read(request, { open: true })` leaves out what
//! stands under `if (!options.open)`. Knows no framework.

use std::sync::Arc;

use crate::facts::*;
use crate::project::origins::{At, Context, Frame, Root};
use crate::recognize::Recognizer;
use crate::source::{FileId, Span, words};

/// The stretches of a function that do not run when this call calls it.
pub fn idle(rec: &Recognizer, callee: (FileId, FunctionId), call: (FileId, CallId)) -> Vec<Span> {
    let Some(facts) = rec.facts(callee.0) else { return Vec::new() };
    let whole = facts.function(callee.1).span;
    let context: Context = Some(Arc::new(Frame { function: callee, call, outer: None }));
    let branches = facts.regions.iter().filter(|r| r.kind == RegionKind::Branch && whole.contains(&r.span));
    let never = branches.filter(|r| {
        r.conditions.iter().any(|c| {
            asks_parameter(facts, c.value, 0)
                && truth(rec, At { file: callee.0, value: c.value }, &context) == Some(c.negated)
        })
    });
    never.map(|r| r.span).collect()
}

/// Only what the caller chooses is worth asking.
fn asks_parameter(facts: &FileFacts, value: ValueId, depth: u32) -> bool {
    match facts.value(value) {
        Value::Field(base, _) if depth < 4 => asks_parameter(facts, *base, depth + 1),
        Value::Name(_) | Value::Param(..) => true,
        _ => false,
    }
}

/// Is it surely true, or surely not?
fn truth(rec: &Recognizer, at: At, context: &Context) -> Option<bool> {
    let mut out = None;
    for traced in rec.trace(at, context) {
        let one = match &traced.root {
            Root::Absent => false,
            Root::Value(v) => match rec.facts(v.file)?.value(v.value) {
                Value::Bool(b) => *b,
                Value::Null => false,
                _ => return None,
            },
            _ => return None,
        };
        // It must be said by the caller, not by the function itself.
        if traced.steps.is_empty() || out.is_some_and(|o| o != one) {
            return None;
        }
        out = Some(one);
    }
    out
}

/// Does what is asked at a place decide whether the function goes on?
pub fn decides(facts: &FileFacts, whole: Span, at: Span) -> bool {
    let branches = facts.regions.iter().enumerate().filter(|(_, r)| whole.contains(&r.span));
    let asking = branches.flat_map(|(i, r)| r.conditions.iter().map(move |c| (RegionId(i as u32), r, c)));
    let mut found = false;
    for (id, region, condition) in asking.filter(|(.., c)| c.span.contains(&at)) {
        found = true;
        let unlike =
            facts.compares.iter().any(|c| c.op == CompareOp::NotEqual && condition.span.contains(&c.span));
        let rest = Span { start: region.span.end, ..whole };
        let others = || facts.regions.iter().filter(|r| r.group == region.group && r.span != region.span);
        let leaves = exits_in(facts, id);
        if refuses(facts, region.span)
            || leaves && (condition.negated || unlike || refuses(facts, rest))
            || others().any(|r| refuses(facts, r.span))
        {
            return true;
        }
    }
    // `return user.role === "admin"`
    let given = |e: &Exit| e.value.is_some_and(|v| facts.node(v).span.contains(&at));
    !found && facts.exits.iter().any(|e| e.kind == ExitKind::Return && given(e))
}

fn exits_in(facts: &FileFacts, region: RegionId) -> bool {
    facts.exits.iter().any(|e| e.kind != ExitKind::Leave && facts.encloses(region, e.region))
}

/// Is somebody sent away in a stretch of code?
fn refuses(facts: &FileFacts, span: Span) -> bool {
    let inside = |other: &Span| span.start <= other.start && other.end <= span.end;
    let telling = |name: &str| {
        let parts = words(name);
        parts.iter().any(|w| {
            matches!(
                w.as_str(),
                "unauthorized"
                    | "unauthenticated"
                    | "forbidden"
                    | "denied"
                    | "deny"
                    | "abort"
                    | "redirect"
                    | "reject"
            )
        })
    };
    facts.exits.iter().any(|e| {
        inside(&e.span)
            && (e.kind == ExitKind::Throw
                || e.kind == ExitKind::Return
                    && e.value.is_some_and(|v| matches!(facts.value(v), Value::Bool(false) | Value::Null)))
    }) || facts.values.iter().filter(|v| inside(&v.span)).any(|v| match &v.value {
        Value::Number(n) => *n == 401.0 || *n == 403.0 || *n == 404.0,
        Value::Name(name) | Value::Field(_, name) => telling(name) || name == "Err",
        _ => false,
    }) || facts.calls.iter().any(|c| c.propagated && inside(&c.span))
}
