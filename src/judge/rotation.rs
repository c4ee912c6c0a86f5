//! Does a handler that takes a refresh token give a new one, or end the old one?

use crate::event::Event;
use crate::facts::*;
use crate::finding::{Evidence, Strength, Verdict};
use crate::rulebook::check::{Amount, Check};
use crate::source::Span;

use super::{Judge, words};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out: Vec<Verdict> = Vec::new();
    if judge.of_concept("jwt.sign").next().is_none() {
        return out;
    }
    for facts in judge.project.files.iter().flatten() {
        for function in (1..facts.functions.len() as u32).map(FunctionId) {
            let Some((taken, issued)) = exchange(judge, facts, function) else { continue };
            if renews(facts, function, issued.span) {
                continue;
            }
            let evidence = vec![
                Evidence {
                    span: taken.0,
                    text: "the refresh token is taken here".into(),
                    strength: Strength::Stated,
                },
                Evidence {
                    span: issued.span,
                    text: "a new access token is issued, and the refresh token stays as it is".into(),
                    strength: Strength::Stated,
                },
            ];
            let strength = Strength::CrossFile.min(issued.strength).min(taken.1);
            let mut verdict = judge.verdict(check, issued.event, issued.span, strength, evidence);
            verdict.subject = issued.name;
            verdict.says = "issues a new access token, and the refresh token stays as good as it was".into();
            if !out.iter().any(|v| v.place == verdict.place) {
                out.push(verdict);
            }
        }
    }
    out.extend(long_lived(judge, check));
    out
}

/// Refresh tokens that the program issues itself, and that live too long.
fn long_lived(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let most = judge.amount(check, &Amount::Limit("refresh_token_max_days".into()));
    let mut out: Vec<Verdict> = Vec::new();
    for event in judge.of_concept("jwt.sign") {
        let (Some(most), Some(lifetime), Some(call), Some(facts)) =
            (most, event.role("lifetime"), event.call, judge.facts(event.file))
        else {
            continue;
        };
        let over = lifetime.values.iter().find(|k| k.number.is_some_and(|n| n > most));
        let Some(known) = over else { continue };
        let own = words(&facts.function(facts.call(call).function).name);
        let has = |w: &str| own.iter().any(|n| n == w);
        if !names_refresh_token(facts, event, call) && (!has("refresh") || has("access")) {
            continue;
        }
        let mut verdict =
            judge.verdict(check, event, event.span, known.traced.strength, super::evidence_of(&[lifetime]));
        let text = known.number.map(crate::event::span_words).unwrap_or_default();
        verdict.says = format!("issues refresh tokens that live {text}");
        if !out.iter().any(|v| v.place == verdict.place) {
            out.push(verdict);
        }
    }
    out
}

struct Issued<'e> {
    event: &'e Event,
    span: Span,
    name: String,
    strength: Strength,
}

/// A function that takes a refresh token and issues something: both stand in it.
fn exchange<'e>(
    judge: &Judge<'e>,
    facts: &FileFacts,
    function: FunctionId,
) -> Option<((Span, Strength), Issued<'e>)> {
    let here = |call: CallId| own(facts, facts.call(call).function, function);
    let verified = judge.of_concept("jwt.verify").filter(|e| e.file == facts.file).find_map(|e| {
        let call = e.call.filter(|c| here(*c))?;
        speaks_of_refresh(facts, e, call, function).map(|strength| (e.span, strength))
    });
    let called = || {
        // A helper of the project that verifies: `verifyRefreshToken(token)`.
        facts.calls.iter().enumerate().filter(|(i, _)| here(CallId(*i as u32))).find_map(|(_, c)| {
            let name = words(&callee_name(facts, c));
            let has = |w: &str| name.iter().any(|n| n == w);
            let verifies =
                has("refresh") && (has("verify") || has("decode") || has("validate") || has("check"));
            let defined =
                judge.of_concept("jwt.verify").any(|e| in_function_named(judge, e, &callee_name(facts, c)));
            (verifies && defined).then_some((c.span, Strength::Stated))
        })
    };
    let marked = || {
        facts.attributes.iter().filter(|a| a.on == Attached::Function(function)).find_map(|a| {
            let text = words(&show::value(facts, a.value, 5));
            let asks = text.windows(2).any(|w| w[0] == "refresh" && w[1] == "true");
            asks.then_some((a.span, Strength::Stated))
        })
    };
    let taken = verified.or_else(called).or_else(marked)?;
    let direct = judge.of_concept("jwt.sign").filter(|e| e.file == facts.file).find_map(|e| {
        let call = e.call.filter(|c| here(*c))?;
        (!names_refresh_token(facts, e, call)).then(|| Issued {
            event: e,
            span: e.span,
            name: e.callee.clone(),
            strength: e.strength,
        })
    });
    let helped = || {
        facts.calls.iter().enumerate().filter(|(i, _)| here(CallId(*i as u32))).find_map(|(_, c)| {
            let name = callee_name(facts, c);
            let parts = words(&name);
            if parts.iter().any(|w| w == "refresh" || w == "tokens" || w == "pair") {
                return None;
            }
            let event = judge.of_concept("jwt.sign").find(|e| in_function_named(judge, e, &name))?;
            Some(Issued { event, span: c.span, name, strength: event.strength.min(Strength::CrossFile) })
        })
    };
    let issued = direct.or_else(helped)?;
    (issued.span.file == facts.file).then_some((taken, issued))
}

/// The function itself, or a callback in it.
fn own(facts: &FileFacts, inner: FunctionId, function: FunctionId) -> bool {
    let mut at = inner;
    while at != function {
        let f = facts.function(at);
        match f.parent {
            Some(parent) if f.name.is_empty() => at = parent,
            _ => return false,
        }
    }
    true
}

fn callee_name(facts: &FileFacts, call: &Call) -> String {
    match facts.value(call.callee) {
        Value::Name(n) | Value::Field(_, n) => n.to_string(),
        _ => String::new(),
    }
}

/// The event stands in a function of this name.
fn in_function_named(judge: &Judge, event: &Event, name: &str) -> bool {
    let (Some(facts), Some(call)) = (judge.facts(event.file), event.call) else { return false };
    name.len() > 3 && facts.function(facts.call(call).function).name == name
}

/// The names of the handler, the token or the key say that a refresh token is verified.
fn speaks_of_refresh(
    facts: &FileFacts,
    event: &Event,
    call: CallId,
    function: FunctionId,
) -> Option<Strength> {
    let says = |text: &str| words(text).iter().any(|w| w == "refresh");
    if says(&event.callee) || facts.call(call).args.iter().any(|a| says(&show::value(facts, a.value, 6))) {
        return Some(Strength::Stated);
    }
    // A session that is prolonged is called so too.
    says(&facts.function(function).name).then_some(Strength::Heuristic)
}

/// What is signed here is a refresh token itself: by its variable, key, or claims.
fn names_refresh_token(facts: &FileFacts, event: &Event, call: CallId) -> bool {
    let says = |text: &str| words(text).iter().any(|w| w == "refresh");
    let fact = facts.call(call);
    fact.args.iter().any(|a| says(&show::value(facts, a.value, 5)))
        || facts.writes.iter().any(|w| {
            w.function == fact.function
                && w.span.contains(&event.span)
                && matches!(&w.target, Target::Variable(n) | Target::Field(_, n) if says(n))
        })
        || facts.values.iter().any(|n| {
            matches!(&n.value, Value::Record(r) if r.entries.iter().any(|e| {
                matches!(&e.key, Key::Text(k) if says(k)) && facts.node(e.value).span.contains(&event.span)
            }))
        })
}

const ENDS: [&str; 36] = [
    "revoke",
    "revoked",
    "delete",
    "destroy",
    "remove",
    "removed",
    "blacklist",
    "blacklisted",
    "blocklist",
    "denylist",
    "invalidate",
    "invalidated",
    "rotate",
    "rotated",
    "rotation",
    "update",
    "save",
    "replace",
    "upsert",
    "expire",
    "del",
    "set",
    "setex",
    "add",
    "create",
    "insert",
    "commit",
    "execute",
    "push",
    "pop",
    "clear",
    "consume",
    "use",
    "used",
    "mark",
    "reuse",
];

/// The old refresh token is ended or a new one is made.
fn renews(facts: &FileFacts, function: FunctionId, issued: Span) -> bool {
    let says = |text: &str| words(text).iter().any(|w| w == "refresh");
    let inside = |f: FunctionId| own(facts, f, function);
    facts.calls.iter().any(|c| {
        if !inside(c.function) || c.span == issued {
            return false;
        }
        let name = callee_name(facts, c);
        let parts = words(&name);
        let has = |list: &[&str]| parts.iter().any(|w| list.contains(&w.as_str()));
        let verifies =
            has(&["verify", "decode", "validate", "check", "find", "get", "json", "send", "cookie", "clear"]);
        // Setting a cookie ends nothing, unless it is the refresh token's.
        let cookie = has(&["cookie", "cookies"]) || show::value(facts, c.callee, 4).contains("cookie");
        if cookie {
            let mut args = c.args.iter();
            return args.any(|a| matches!(facts.value(a.value), Value::Text(t) if says(t))) && !has(&["get"]);
        }
        has(&ENDS)
            || parts.iter().any(|w| w == "tokens" || w == "pair" || w == "session")
            || says(&name) && !verifies
    }) || facts.writes.iter().any(|w| {
        inside(w.function)
            && match &w.target {
                // `user.refreshToken = …`, `const newRefreshToken = sign(…)`.
                Target::Field(..) => !matches!(facts.value(w.value), Value::Unknown) && target_says(w, &says),
                Target::Variable(name) => {
                    says(name)
                        && words(name)
                            .iter()
                            .any(|x| matches!(x.as_str(), "new" | "next" | "rotated" | "replacement"))
                }
                Target::Index(..) => false,
            }
    }) || facts.calls.iter().any(|c| {
        // Another token is signed that is a refresh token.
        inside(c.function)
            && c.span != issued
            && facts.writes.iter().any(|w| {
                w.span.contains(&c.span)
                    && w.function == c.function
                    && matches!(&w.target, Target::Variable(n) | Target::Field(_, n) if says(n))
                    && words(&callee_name(facts, c)).iter().any(|x| {
                        matches!(
                            x.as_str(),
                            "sign" | "encode" | "generate" | "issue" | "make" | "new" | "token" | "random"
                        )
                    })
            })
    }) || facts.values.iter().any(|n| {
        inside(n.function)
            && matches!(&n.value, Value::Record(r) if r.entries.iter().any(|e| {
                matches!(&e.key, Key::Text(k) if says(k)) && matches!(facts.value(e.value), Value::Result(_))
            }))
    })
}

fn target_says(write: &Write, says: &dyn Fn(&str) -> bool) -> bool {
    matches!(&write.target, Target::Field(_, name) if says(name) || name.contains("jti") || name.contains("version"))
}
