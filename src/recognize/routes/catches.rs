//! Failures that are caught and forgotten: what throws inside stops nobody. Knows no framework.

use crate::facts::*;
use crate::source::{Span, words};

/// Words of calls that only write down what happened, or tidy up.
const QUIET: &[&str] = &[
    "log", "warn", "error", "debug", "info", "trace", "clear", "delete", "remove", "capture", "set", "print",
];

/// Is what is thrown in a region caught around it, and then forgotten? Code that never runs does not count.
pub fn forgotten(facts: &FileFacts, region: RegionId, dead: &[Span]) -> bool {
    let mut at = Some(region);
    while let Some(id) = at {
        let r = facts.region(id);
        match r.kind {
            RegionKind::Function | RegionKind::File => return false,
            RegionKind::Try => {
                let catches = facts.regions.iter().enumerate().filter(|(_, c)| {
                    c.kind == RegionKind::Catch && c.group == r.group && c.parent == r.parent
                });
                let mut any = false;
                for (i, _) in catches {
                    any = true;
                    if !is_quiet(facts, RegionId(i as u32), dead) {
                        return false;
                    }
                }
                if any {
                    return true;
                }
            }
            _ => {}
        }
        at = r.parent;
    }
    false
}

fn is_quiet(facts: &FileFacts, catch: RegionId, dead: &[Span]) -> bool {
    let whole = facts.region(catch).span;
    let runs = |span: Span| whole.contains(&span) && !dead.iter().any(|d| d.contains(&span));
    let exits = facts.exits.iter().filter(|e| runs(e.span));
    let leaves = exits.into_iter().any(|e| {
        e.kind == ExitKind::Throw || e.kind == ExitKind::Return && e.value.is_some_and(|v| tells(facts, v))
    });
    let speaks = facts.calls.iter().filter(|c| runs(c.span)).any(|c| {
        let (Value::Field(_, name) | Value::Name(name)) = facts.value(c.callee) else { return true };
        !c.args.is_empty() && !words(name).iter().any(|w| QUIET.contains(&w.as_str()))
    });
    !leaves && !speaks
}

/// Does what is given back say that something failed?
fn tells(facts: &FileFacts, value: ValueId) -> bool {
    match facts.value(value) {
        Value::Null => false,
        Value::Name(name) => name != "undefined" && name != "None",
        // `return next()`
        Value::Result(call) => !facts.call(*call).args.is_empty(),
        _ => true,
    }
}
