//! Does a failed verification stop the request?

use crate::event::Event;
use crate::facts::*;
use crate::finding::{Evidence, Strength, Verdict};
use crate::rulebook::check::Check;
use crate::source::Span;

use super::{Judge, words};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out: Vec<Verdict> = Vec::new();
    for group in judge.groups("jwt.verify") {
        let event = group[0];
        let (Some(facts), Some(call)) = (judge.facts(event.file), event.call) else { continue };
        if optional(judge, event) {
            continue;
        }
        let found =
            [caught(judge, facts, event, call), swallowed(facts, event, call), bypassed(facts, event, call)];
        for (place, says, text) in found.into_iter().flatten() {
            let evidence = vec![
                Evidence {
                    span: event.span,
                    text: "the token is verified here".into(),
                    strength: Strength::Stated,
                },
                Evidence { span: place, text, strength: Strength::Stated },
            ];
            let mut verdict = judge.verdict(check, event, place, Strength::CrossFile, evidence);
            verdict.says = says;
            if !out.iter().any(|v| v.place == verdict.place) {
                out.push(verdict);
            }
        }
    }
    out
}

type Found = Option<(Span, String, String)>;

/// Functions that say that a caller without a token is welcome.
fn optional(judge: &Judge, event: &Event) -> bool {
    let around = judge.names_around(event);
    ["optional", "maybe", "try", "soft", "anonymous", "guest", "logout", "signout"]
        .iter()
        .any(|w| around.iter().any(|a| a == w))
}

/// A catch that lets the request go on.
fn caught(judge: &Judge, facts: &FileFacts, event: &Event, call: CallId) -> Found {
    let fact = facts.call(call);
    let mut at = Some(fact.region);
    let tried = loop {
        let id = at?;
        let region = facts.region(id);
        if region.function != fact.function {
            return None;
        }
        if region.kind == RegionKind::Try {
            break id;
        }
        at = region.parent;
    };
    let group = facts.region(tried).group;
    let catches: Vec<RegionId> = (0..facts.regions.len() as u32)
        .map(RegionId)
        .filter(|r| facts.region(*r).group == group && facts.region(*r).kind == RegionKind::Catch)
        .collect();
    for catch in catches {
        let place = facts.region(catch).span;
        let inside = |region: RegionId| facts.encloses(catch, region);
        // The claims are read without verification instead.
        if let Some(decode) = judge
            .of_concept("jwt.decode")
            .find(|e| e.file == event.file && e.call.is_some_and(|c| inside(facts.call(c).region)))
        {
            return Some((
                decode.span,
                "is followed by reading the same token unverified when verification fails".into(),
                "when it fails, the token is read unverified".into(),
            ));
        }
        // The continuation that a good token gets is called for a bad one too.
        let goes_on = facts.calls.iter().filter(|c| inside(c.region)).find(|c| {
            c.args.is_empty()
                && is_parameter(facts, c)
                && facts
                    .calls
                    .iter()
                    .any(|other| same_callee(facts, c, other) && facts.encloses(tried, other.region))
        });
        if let Some(c) = goes_on
            && !facts.exits.iter().any(|e| {
                inside(e.region)
                    && e.kind != ExitKind::Leave
                    && e.span.end < c.span.start
                    && facts.encloses(e.region, c.region)
            })
            && exclusive_reject(facts, catch).is_none()
        {
            return Some((
                c.span,
                "lets the request go on when verification fails".into(),
                "a failed verification goes on here like a good one".into(),
            ));
        }
        // `return true` where a failed check should say no.
        let yes = facts.exits.iter().find(|e| {
            inside(e.region)
                && e.kind == ExitKind::Return
                && e.value.is_some_and(|v| matches!(facts.value(v), Value::Bool(true)))
        });
        if let Some(exit) = yes {
            return Some((
                exit.span,
                "counts as passed when verification fails".into(),
                "a failed verification returns true".into(),
            ));
        }
        // Nothing happens, and what follows needs no result of the verification.
        let silent = !facts.calls.iter().any(|c| inside(c.region) && !is_log(facts, c))
            && !facts.exits.iter().any(|e| inside(e.region))
            && !facts
                .writes
                .iter()
                .any(|w| inside(w.region) && !matches!(facts.value(w.value), Value::Unknown));
        let after = facts.calls.iter().find(|c| {
            c.function == fact.function
                && c.span.start > place.end
                && c.args.is_empty()
                && is_parameter(facts, c)
                && !guarded(facts, c, tried)
        });
        if silent && let Some(c) = after {
            return Some((
                place,
                "lets the request go on when verification fails: the error is swallowed".into(),
                format!("the error is swallowed, and `{}` is called below", show::value(facts, c.callee, 2)),
            ));
        }
    }
    None
}

/// A condition in the catch that rejects before the continuation is reached.
fn exclusive_reject(facts: &FileFacts, catch: RegionId) -> Option<&Exit> {
    facts.exits.iter().find(|e| e.region == catch && matches!(e.kind, ExitKind::Throw))
}

fn guarded(facts: &FileFacts, call: &Call, tried: RegionId) -> bool {
    let start = facts.region(tried).span.end;
    // Some exit between the try and the continuation, or the continuation itself is conditional.
    facts
        .exits
        .iter()
        .any(|e| e.function == call.function && e.span.start > start && e.span.end < call.span.start)
        || !facts.encloses(call.region, tried)
}

fn is_parameter(facts: &FileFacts, call: &Call) -> bool {
    let Value::Name(name) = facts.value(call.callee) else { return false };
    let mut at = Some(call.function);
    while let Some(id) = at {
        let f = facts.function(id);
        if f.params.iter().any(|p| p.name == *name) {
            return true;
        }
        at = f.parent;
    }
    false
}

fn same_callee(facts: &FileFacts, a: &Call, b: &Call) -> bool {
    matches!((facts.value(a.callee), facts.value(b.callee)), (Value::Name(x), Value::Name(y)) if x == y)
}

fn is_log(facts: &FileFacts, call: &Call) -> bool {
    let text = show::value(facts, call.callee, 4);
    words(&text).iter().any(|w| {
        matches!(
            w.as_str(),
            "log"
                | "logger"
                | "logging"
                | "console"
                | "print"
                | "println"
                | "eprintln"
                | "warn"
                | "error"
                | "debug"
                | "info"
                | "trace"
                | "sentry"
                | "tracing"
                | "format"
        )
    })
}

/// A failed result is turned into an empty one, and nobody can tell any more.
fn swallowed(facts: &FileFacts, event: &Event, call: CallId) -> Found {
    let hit = facts.calls.iter().find(|c| match facts.value(c.callee) {
        Value::Field(base, method) => method == "unwrap_or_default" && through(facts, *base, call),
        _ => false,
    })?;
    let _ = event;
    Some((
        hit.span,
        "is replaced by default claims when verification fails".into(),
        "a failed verification gives empty claims, and the request goes on".into(),
    ))
}

fn through(facts: &FileFacts, value: ValueId, call: CallId) -> bool {
    match facts.value(value) {
        Value::Result(x) if *x == call => true,
        Value::Result(x) => match facts.value(facts.call(*x).callee) {
            Value::Field(base, method) if matches!(method.as_str(), "ok" | "map" | "map_err") => {
                through(facts, *base, call)
            }
            _ => false,
        },
        Value::Field(base, _) => through(facts, *base, call),
        _ => false,
    }
}

/// A setting that skips the verification: `if (process.env.SKIP_AUTH) return next()`.
fn bypassed(facts: &FileFacts, event: &Event, call: CallId) -> Found {
    let fact = facts.call(call);
    for (i, region) in facts.regions.iter().enumerate() {
        let id = RegionId(i as u32);
        if region.kind != RegionKind::Branch
            || region.function != fact.function
            || region.span.end > event.span.start
        {
            continue;
        }
        let Some(condition) = region.conditions.iter().find(|c| !c.negated && is_switch(facts, c)) else {
            continue;
        };
        let leaves = facts.exits.iter().any(|e| e.kind == ExitKind::Return && facts.encloses(id, e.region));
        let goes_on = facts
            .calls
            .iter()
            .any(|c| facts.encloses(id, c.region) && c.args.is_empty() && is_parameter(facts, c));
        let gives = facts.exits.iter().any(|e| {
            e.kind == ExitKind::Return
                && facts.encloses(id, e.region)
                && e.value.is_some_and(|v| matches!(facts.value(v), Value::Record(_) | Value::Bool(true)) || matches!(facts.value(v), Value::Result(c) if is_parameter(facts, facts.call(*c)) && facts.call(*c).args.is_empty()))
        });
        if leaves && goes_on || gives {
            return Some((
                condition.span,
                "can be skipped by a setting".into(),
                "when this holds, the request goes on without verification".into(),
            ));
        }
    }
    None
}

/// A condition on a debug or skip switch: by the words of the names in it.
fn is_switch(facts: &FileFacts, condition: &Condition) -> bool {
    let text = show::value(facts, condition.value, 5);
    let names = words(&text);
    let has = |list: &[&str]| list.iter().any(|w| names.iter().any(|n| n == w));
    let switch = has(&["skip", "disable", "disabled", "bypass", "no"])
        && has(&["auth", "authentication", "jwt", "token", "login"]);
    let compared = facts.compares.iter().find(|c| condition.span.contains(&c.span));
    let development = has(&["env", "environment", "environ"])
        && compared.is_some_and(|c| {
            c.op == CompareOp::Equal
                && [c.left, c.right].iter().any(|v| matches!(facts.value(*v), Value::Text(t) if matches!(t.as_str(), "development" | "dev" | "test" | "local")))
        });
    let debug = has(&["debug"]) && compared.is_none();
    switch || development || debug
}
