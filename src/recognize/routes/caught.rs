//! Failures that do not reach the caller, and answers that say something else than "who are you".

use crate::facts::*;
use crate::source::Span;

/// Is a failure here caught, and answered by going on?
pub fn is_caught(facts: &FileFacts, region: RegionId) -> bool {
    let mut at = Some(region);
    while let Some(id) = at {
        let r = facts.region(id);
        if matches!(r.kind, RegionKind::Function | RegionKind::File) {
            return false;
        }
        if r.kind == RegionKind::Try {
            let mut arms = facts.regions.iter().enumerate().filter(|(_, other)| {
                other.kind == RegionKind::Catch && other.group == r.group && other.function == r.function
            });
            let catches = arms.clone().next().is_some();
            if catches && arms.all(|(i, arm)| goes_on(facts, RegionId(i as u32), arm.span)) {
                return true;
            }
        }
        at = r.parent;
    }
    false
}

/// Nothing in an arm stops the request.
fn goes_on(facts: &FileFacts, arm: RegionId, span: Span) -> bool {
    let throws = facts.exits.iter().any(|e| {
        facts.encloses(arm, e.region)
            && (e.kind == ExitKind::Throw
                || e.kind == ExitKind::Return
                    && e.value.is_some_and(|v| !matches!(facts.value(v), Value::Null | Value::Bool(false))))
    });
    let answers = facts.values.iter().any(|v| {
        span.contains(&v.span) && (matches!(&v.value, Value::Number(n) if (400.0..600.0).contains(n)))
    });
    let calls = facts.calls.iter().filter(|c| span.contains(&c.span));
    let stops = calls.into_iter().any(|c| match facts.value(c.callee) {
        Value::Name(name) | Value::Field(_, name) => {
            let name = name.to_lowercase();
            ["abort", "redirect", "reject", "fail", "exit", "unauthorized", "forbidden"]
                .iter()
                .any(|w| name.contains(w))
        }
        _ => false,
    });
    !throws && !answers && !stops
}

/// An error whose status says that something is wrong with the request, not with the caller: 400, 404.
pub fn is_other_status(facts: &FileFacts, value: Option<ValueId>) -> bool {
    let Some(Value::Result(call)) = value.map(|v| facts.value(v)) else { return false };
    let c = facts.call(*call);
    let named = |id: ValueId| match facts.value(id) {
        Value::Number(n) => Some(*n),
        Value::Field(_, name) | Value::Name(name) => {
            let digits =
                crate::source::words(name).into_iter().find(|w| w.len() == 3 && w.starts_with(['4', '5']));
            digits.and_then(|d| d.parse().ok())
        }
        _ => None,
    };
    let status = c.args.iter().find_map(|a| named(a.value)).or_else(|| named(c.callee));
    status.is_some_and(|s| (400.0..600.0).contains(&s) && !matches!(s as u32, 401 | 403 | 407))
}

/// A text that is told, not read: an entry of a record, a named argument.
pub fn is_told(facts: &FileFacts, id: ValueId) -> bool {
    facts.calls.iter().any(|c| c.args.iter().any(|a| a.value == id && a.name.is_some()))
        || facts.values.iter().any(|v| match &v.value {
            Value::Record(record) => record.entries.iter().any(|e| e.value == id),
            _ => false,
        })
}
