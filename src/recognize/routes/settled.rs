//! Code that cannot run because of what a function was made with: `auth({ optional: true })`.
//! Knows no framework.

use crate::facts::*;
use crate::project::origins::{At, Context, Root, Traced};
use crate::recognize::Recognizer;
use crate::source::{FileId, Span};

/// The stretches of a function that never run in a context.
pub fn dead(rec: &Recognizer, file: FileId, function: FunctionId, context: &Context) -> Vec<Span> {
    let mut out = Vec::new();
    let (Some(facts), true) = (rec.facts(file), context.is_some()) else { return out };
    let whole = facts.function(function).span;
    for (i, region) in facts.regions.iter().enumerate() {
        if region.kind != RegionKind::Branch || region.conditions.is_empty() || !whole.contains(&region.span)
        {
            continue;
        }
        let held: Vec<Option<bool>> =
            region.conditions.iter().map(|c| holds(rec, facts, c, context)).collect();
        if held.contains(&Some(false)) {
            out.push(region.span);
        } else if held.iter().all(|h| *h == Some(true)) {
            let id = RegionId(i as u32);
            // What stands in the other arms, and behind an arm that leaves.
            let others = facts.regions.iter().filter(|r| {
                r.group == region.group && r.span.start > region.span.start && r.parent == region.parent
            });
            out.extend(others.map(|r| r.span));
            let leaves = facts
                .exits
                .iter()
                .any(|e| e.region == id && matches!(e.kind, ExitKind::Return | ExitKind::Throw));
            // It leaves the function only where it is reached.
            let around = region.parent.map_or(whole, |p| facts.region(p).span);
            if leaves && region.span.end < around.end {
                out.push(Span::new(file, region.span.end as usize, around.end as usize));
            }
        }
    }
    out
}

fn holds(rec: &Recognizer, facts: &FileFacts, condition: &Condition, context: &Context) -> Option<bool> {
    let trace = |value: ValueId| rec.trace(At { file: facts.file, value }, context);
    let mut compares = facts.compares.iter().filter(|c| condition.span.contains(&c.span));
    let answer = match (compares.next(), compares.next()) {
        (Some(compare), None) => {
            let (left, right) = (text(rec, &trace(compare.left))?, text(rec, &trace(compare.right))?);
            match compare.op {
                CompareOp::Equal => left == right,
                CompareOp::NotEqual => left != right,
                _ => return None,
            }
        }
        (Some(_), Some(_)) => return None,
        (None, _) => {
            let found = trace(condition.value);
            let [one] = found.as_slice() else { return None };
            truth(rec, one)?
        }
    };
    Some(answer != condition.negated)
}

fn truth(rec: &Recognizer, traced: &Traced) -> Option<bool> {
    match &traced.root {
        Root::Absent => Some(false),
        Root::Value(at) => match rec.facts(at.file)?.value(at.value) {
            Value::Bool(b) => Some(*b),
            Value::Null => Some(false),
            Value::Text(t) => Some(!t.is_empty()),
            Value::Number(n) => Some(*n != 0.0),
            _ => None,
        },
        _ => None,
    }
}

fn text(rec: &Recognizer, found: &[Traced]) -> Option<String> {
    let [one] = found else { return None };
    match &one.root {
        Root::Absent => Some("undefined".into()),
        Root::Value(at) => match rec.facts(at.file)?.value(at.value) {
            Value::Text(t) => Some(format!("\"{t}\"")),
            Value::Bool(b) => Some(b.to_string()),
            Value::Number(n) => Some(n.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// Is something of what the function around was made with handed on to a call?
pub fn hands_on(rec: &Recognizer, facts: &FileFacts, call: &Call, context: &Context) -> bool {
    let Some(frame) = context else { return false };
    let Some(there) = rec.facts(frame.function.0) else { return false };
    let params = &there.function(frame.function.1).params;
    call.args.iter().any(|a| {
        let mut value = a.value;
        for _ in 0..4 {
            match facts.value(value) {
                Value::Field(base, _) => value = *base,
                Value::Name(name) => return params.iter().any(|p| p.name == *name),
                Value::Param(..) => return true,
                _ => return false,
            }
        }
        false
    })
}
