//! Does a failed verification stop the request?

use crate::event::Event;
use crate::facts::*;
use crate::finding::{Evidence, Strength, Verdict};
use crate::rulebook::check::Check;
use crate::source::Span;

use super::{Judge, words};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out: Vec<Verdict> = Vec::new();
    let looked_up = ["jwt.verify", "identity.read", "http.guard"];
    for group in looked_up.into_iter().flat_map(|concept| judge.groups(concept)) {
        let event = group[0];
        let (Some(facts), Some(call)) = (judge.facts(event.file), event.call) else { continue };
        if optional(judge, event) {
            continue;
        }
        let found = [
            caught(judge, facts, event, call),
            unread_error(facts, call),
            swallowed(facts, event, call),
            bypassed(facts, event, call),
            skipped(facts, event, call),
        ];
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
        let unsigned = judge.of_concept("jwt.verify").filter(|e| super::is_missing(e.state("signature")));
        if let Some(decode) = judge
            .of_concept("jwt.decode")
            .chain(unsigned)
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
            is_continuation(facts, c)
                && facts.calls.iter().any(|other| {
                    reads_same(facts, c, other)
                        && (facts.encloses(tried, other.region) || other.span.start > place.end)
                })
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
                && is_continuation(facts, c)
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

/// A callback that is told of the error and does not stop: `(err, user) => { req.user = user; next(); }`.
fn unread_error(facts: &FileFacts, call: CallId) -> Found {
    let given = facts.call(call).args.iter().find_map(|a| match facts.value(a.value) {
        Value::Function(f) => Some(*f),
        _ => None,
    })?;
    let callback = facts.function(given);
    let error = callback.params.first().filter(|p| callback.params.len() > 1 && !p.name.is_empty())?;
    let within = |span: Span| callback.span.contains(&span);
    let asked = facts.regions.iter().any(|r| {
        let names = |c: &Condition| matches!(facts.value(c.value), Value::Name(n) if *n == error.name);
        within(r.span) && r.conditions.iter().any(names) && {
            let id = facts.regions.iter().position(|x| std::ptr::eq(x, r)).map(|i| RegionId(i as u32));
            // Asked, and answered with an exit or with the good case inside.
            id.is_some_and(|id| {
                facts.exits.iter().any(|e| facts.encloses(id, e.region))
                    || r.conditions.iter().any(|c| names(c) && c.negated)
            })
        }
    });
    let compared = facts.compares.iter().any(|c| {
        within(c.span)
            && [c.left, c.right].iter().any(|v| matches!(facts.value(*v), Value::Name(n) if *n == error.name))
    });
    let handed_on = facts.calls.iter().any(|c| {
        within(c.span)
            && c.args.iter().any(|a| matches!(facts.value(a.value), Value::Name(n) if *n == error.name))
            && !is_log(facts, c)
    });
    if asked || compared || handed_on {
        return None;
    }
    let goes_on =
        facts.calls.iter().find(|c| within(c.span) && c.args.is_empty() && is_parameter(facts, c))?;
    Some((
        goes_on.span,
        "lets the request go on when verification fails".into(),
        format!("`{}` is not heeded, and the request goes on here", error.name),
    ))
}

/// A middleware that says it demands a token, and lets a request without one pass.
fn skipped(facts: &FileFacts, event: &Event, call: CallId) -> Found {
    let fact = facts.call(call);
    let function = facts.function(fact.function);
    let demands = words(&function.name).iter().any(|w| {
        matches!(
            w.as_str(),
            "auth"
                | "authenticate"
                | "authenticated"
                | "authorize"
                | "require"
                | "required"
                | "requires"
                | "protect"
                | "protected"
                | "guard"
                | "ensure"
        )
    });
    if !demands {
        return None;
    }
    // The branch that holds the verification, or whose condition it is.
    let branch = facts.regions.iter().enumerate().find_map(|(i, r)| {
        let id = RegionId(i as u32);
        let holds = r.kind == RegionKind::Branch
            && r.function == fact.function
            && (facts.encloses(id, fact.region) || r.conditions.iter().any(|c| c.span.contains(&event.span)));
        holds.then_some(id)
    })?;
    let region = facts.region(branch);
    let outer = region.parent?;
    let after = facts.calls.iter().find(|c| {
        c.function == fact.function
            && c.region == outer
            && c.span.start > region.span.end
            && is_continuation(facts, c)
    })?;
    let stopped = facts.exits.iter().any(|e| {
        e.function == fact.function
            && !facts.encloses(branch, e.region)
            && e.span.end < after.span.start
            && e.kind != ExitKind::Leave
    }) || facts.regions.iter().any(|r| r.kind == RegionKind::Else && r.group == region.group);
    let returned = facts.exits.iter().any(|e| {
        facts.encloses(branch, e.region) && e.kind == ExitKind::Return && e.span.contains(&after.span)
    });
    (!stopped && !returned).then(|| {
        (
            after.span,
            "is passed by requests that bring no valid token".into(),
            "a request without a valid token goes on here".into(),
        )
    })
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

/// The same call with the same arguments: `next()` and `next(error)` are not.
fn reads_same(facts: &FileFacts, a: &Call, b: &Call) -> bool {
    let text = |c: &Call| {
        let args: Vec<String> = c.args.iter().map(|a| show::value(facts, a.value, 4)).collect();
        (show::value(facts, c.callee, 4), args)
    };
    a.span != b.span && text(a) == text(b)
}

/// A call of what runs the rest of the request: a function that the middleware was given, or the
/// method of an object that says it is next.
fn is_continuation(facts: &FileFacts, call: &Call) -> bool {
    if is_parameter(facts, call) {
        let Value::Name(name) = facts.value(call.callee) else { return false };
        // A decorator calls the function that it was given, with whatever it got.
        let own = facts.function(call.function).params.iter().any(|p| p.name == *name);
        return !own || call.args.is_empty() || words(name).iter().any(|w| w == "next");
    }
    let Value::Field(base, _) = facts.value(call.callee) else { return false };
    matches!(facts.value(*base), Value::Name(name) if words(name).iter().any(|w| w == "next"))
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
