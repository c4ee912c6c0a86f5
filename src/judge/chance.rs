//! Does a credential come from a generator that can be predicted?

use std::collections::BTreeSet;

use crate::concepts::State;
use crate::event::Event;
use crate::facts::*;
use crate::finding::{Confidence, Evidence, Strength, Verdict};
use crate::rulebook::check::Check;
use crate::source::{Span, Str};

use super::compared::*;
use super::{Judge, words};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out: Vec<Verdict> = Vec::new();
    let mut said: BTreeSet<Span> = BTreeSet::new();
    for event in judge.of_concept("random.make").filter(|e| e.state("secure") == State::Off) {
        let (Some(facts), Some(call)) = (judge.facts(event.file), event.call) else { continue };
        let call = facts.call(call);
        if words(&event.callee).last().is_some_and(|w| w == "shuffle") || is_weighed(facts, event.span) {
            continue;
        }
        let Some(sink) = sink(judge, facts, event.span, call.function, 0) else { continue };
        // In a page a `token` tells requests apart more often than it opens anything.
        if is_client(judge, event) && words(&sink.name).last().is_some_and(|w| w == "token") {
            continue;
        }
        // One token that several draws make: said once.
        if !said.insert(sink.place) {
            continue;
        }
        let evidence = vec![Evidence {
            span: sink.place,
            text: format!("`{}` is made of it", sink.name),
            strength: Strength::Stated,
        }];
        let mut found = judge.verdict(check, event, event.span, sink.strength, evidence);
        found.says = format!("can be predicted, and `{}` is made of it", sink.name);
        if is_client(judge, event) || draws(judge, event) > MANY {
            found.confidence = Confidence::Low;
        }
        out.push(found);
    }
    out
}

/// A file that draws this often makes up sample data.
const MANY: usize = 12;

fn draws(judge: &Judge, event: &Event) -> usize {
    judge
        .of_concept("random.make")
        .filter(|e| e.file == event.file && e.state("secure") == State::Off)
        .count()
}

fn is_client(judge: &Judge, event: &Event) -> bool {
    judge.client.get(event.file.0 as usize).copied().unwrap_or(false)
}

struct Sink {
    name: Str,
    place: Span,
    strength: Strength,
}

/// It decides something (`random() < 0.1`) and becomes nothing.
fn is_weighed(facts: &FileFacts, span: Span) -> bool {
    facts.compares.iter().any(|c| {
        [c.left, c.right].iter().any(|v| {
            let side = facts.node(*v).span;
            side.contains(&span) && c.op != CompareOp::In
        })
    })
}

/// The credential that a value becomes: by the name that it gets, the function that returns it, or
/// the name that a caller gives it.
fn sink(judge: &Judge, facts: &FileFacts, span: Span, function: FunctionId, depth: u32) -> Option<Sink> {
    let around = functions_around(facts, function);
    let mut targets: Vec<(Str, Span)> = Vec::new();
    // `{ code: random() }`: the innermost key says what it is.
    if let Some((key, at)) = key_of(facts, span) {
        targets.push((key, at));
    } else {
        let holding = facts.writes.iter().filter(|w| {
            w.kind != WriteKind::Remove
                && facts.node(w.value).span.contains(&span)
                && !is_list_choice(facts, w)
        });
        // The innermost write: the one with the shortest value.
        let innermost = holding.min_by_key(|w| {
            let s = facts.node(w.value).span;
            s.end - s.start
        });
        targets.extend(innermost.and_then(|w| {
            Some(match &w.target {
                Target::Variable(name) | Target::Field(_, name) => (name.clone(), w.span),
                Target::Index(base, _) => (last_name(facts, *base)?.clone(), w.span),
            })
        }));
    }
    // How long it is, or how many there are, gives nothing of it away.
    targets.retain(|(name, _)| !is_amount(name));
    // What it is used for next: `let i = random(); code += digits[i];`.
    let mut at = 0;
    while at < targets.len() && targets.len() < 8 {
        let name = targets[at].0.clone();
        let next = facts.writes.iter().filter(|w| {
            holds(facts, enclosing(facts, function), w.function)
                && mentions(facts, w.value, &name, 0)
                && !is_list_choice(facts, w)
        });
        let found: Vec<_> = next
            .filter_map(|w| match &w.target {
                Target::Variable(target) | Target::Field(_, target) => Some((target.clone(), w.span)),
                Target::Index(..) => None,
            })
            .filter(|(n, _)| !is_amount(n) && !targets.iter().any(|(known, _)| known == n))
            .collect();
        targets.extend(found);
        at += 1;
    }
    if let Some((name, place)) = targets.iter().find(|(n, _)| is_credential(n, &around)) {
        return Some(Sink { name: name.clone(), place: *place, strength: Strength::Stated });
    }
    // Given back by a function that says what it makes, or whose callers do.
    let given = facts.exits.iter().find(|e| {
        e.kind == ExitKind::Return
            && e.value.is_some_and(|v| {
                facts.node(v).span.contains(&span) || targets.iter().any(|(n, _)| mentions(facts, v, n, 0))
            })
            && holds(facts, e.function, function)
            && !facts.function(e.function).name.is_empty()
    })?;
    let maker = facts.function(given.function);
    let mut outside = functions_around(facts, given.function);
    outside.remove(0);
    if is_maker(&maker.name, &outside) {
        return Some(Sink { name: maker.name.clone(), place: maker.name_span, strength: Strength::Stated });
    }
    if depth > 1 || maker.name.len() < 4 || is_common(judge, &maker.name) {
        return None;
    }
    for other in judge.project.files.iter().flatten() {
        let reachable = other.file == facts.file
            || other.imports.iter().any(|i| {
                i.local == maker.name || matches!(&i.name, ImportName::Named(n) if *n == maker.name)
            });
        if !reachable || judge.is_test_file(other.file) {
            continue;
        }
        for call in other.calls.iter().filter(|c| last_name(other, c.callee) == Some(&maker.name)) {
            if is_weighed(other, call.span) {
                continue;
            }
            if let Some(found) = sink(judge, other, call.span, call.function, depth + 1) {
                return Some(Sink { strength: found.strength.min(Strength::CrossFile), ..found });
            }
        }
    }
    None
}

/// More than one function of the project has this name: nobody knows which is meant.
fn is_common(judge: &Judge, name: &Str) -> bool {
    let all = judge.project.files.iter().flatten().flat_map(|f| &f.functions);
    all.filter(|f| f.name == *name).count() > 1
}

/// The key of the innermost record entry around a place.
fn key_of(facts: &FileFacts, span: Span) -> Option<(Str, Span)> {
    let records = facts.values.iter().filter_map(|node| match &node.value {
        Value::Record(record) => Some(record),
        _ => None,
    });
    let entries = records.flat_map(|r| &r.entries).filter(|e| {
        let value = facts.node(e.value);
        // A function in a record is not what the record holds.
        value.span.contains(&span) && !matches!(value.value, Value::Function(_))
    });
    let (key, at) = entries
        .filter_map(|e| match &e.key {
            Key::Text(key) => Some((key.clone(), e.span)),
            _ => None,
        })
        .min_by_key(|(_, s)| s.end - s.start)?;
    // `Array.from({ length: 6 }, …)` and the like stand beside the value, not around it.
    let shadowed =
        facts.writes.iter().any(|w| at.contains(&w.span) && facts.node(w.value).span.contains(&span));
    (!shadowed).then_some((key, at))
}

/// `length`, `wordCount`, `retryDelay`.
fn is_amount(name: &str) -> bool {
    let amounts = ["length", "len", "size", "count", "delay", "timeout", "jitter", "amount"];
    words(name).last().is_some_and(|w| amounts.contains(&w.as_str()))
}

/// One of a list is taken: `tokens[random()]`.
fn is_list_choice(facts: &FileFacts, write: &Write) -> bool {
    let Target::Variable(name) = &write.target else { return false };
    let all = words(name);
    let Some(last) = all.last() else { return false };
    let many = format!("{last}s");
    words(&show::value(facts, write.value, 6)).contains(&many)
}

fn mentions(facts: &FileFacts, value: ValueId, name: &Str, depth: u32) -> bool {
    if depth > 6 {
        return false;
    }
    let inner = |v: &ValueId| mentions(facts, *v, name, depth + 1);
    match facts.value(value) {
        Value::Name(n) => n == name,
        Value::Join(parts) | Value::List(parts) | Value::Either(parts) => parts.iter().any(inner),
        Value::Field(base, _) => inner(base),
        Value::Result(call) => {
            let call = facts.call(*call);
            let receiver = match facts.value(call.callee) {
                Value::Field(base, _) => Some(*base),
                _ => None,
            };
            call.args.iter().map(|a| a.value).chain(receiver).any(|v| inner(&v))
        }
        _ => false,
    }
}

/// A function whose name says that it makes a credential: `generateToken`, `new_session_id`, `otp`.
fn is_maker(name: &str, around: &[&Str]) -> bool {
    let reads = [
        "get", "fetch", "load", "read", "check", "verify", "validate", "use", "is", "has", "refresh",
        "revoke", "parse", "decode", "handle", "on",
    ];
    !words(name).first().is_some_and(|w| reads.contains(&w.as_str())) && is_credential(name, around)
}

/// A name of something that must not be guessed.
fn is_credential(name: &str, around: &[&Str]) -> bool {
    let all = words(name);
    let Some(last) = all.last() else { return false };
    let last = last.trim_end_matches(|c: char| c.is_ascii_digit());
    let has = |list: &[&str]| all.iter().any(|w| list.contains(&w.as_str()));
    let not = [
        "css",
        "color",
        "colour",
        "test",
        "mock",
        "fake",
        "dummy",
        "sample",
        "demo",
        "placeholder",
        "index",
        "lexer",
        "cancel",
        "nft",
        "erc20",
        "mask",
        "cache",
        "trace",
        "span",
        "correlation",
        "react",
        "key_prefix",
        "random_seed",
        "style",
        "design",
        "page",
        "next",
    ];
    let outside: Vec<String> = around.iter().flat_map(|n| words(n)).collect();
    if has(&not)
        || outside.iter().any(|w| {
            matches!(w.as_str(), "test" | "mock" | "fake" | "dummy" | "seed" | "simulate" | "fixture")
        })
    {
        return false;
    }
    match last {
        "token" | "otp" | "password" | "passwd" | "passcode" | "secret" | "sessionid" | "csrf" | "apikey"
        | "jwt" | "nonce" | "totp" => true,
        "id" | "key" if has(&["session", "sess"]) => true,
        "key" => has(&["api", "secret", "access", "auth"]),
        "code" | "pin" | "link" | "hash" => {
            let about = |w: &str| {
                matches!(
                    w,
                    "verification"
                        | "verify"
                        | "reset"
                        | "login"
                        | "auth"
                        | "otp"
                        | "mfa"
                        | "2fa"
                        | "confirm"
                        | "confirmation"
                        | "invite"
                        | "recovery"
                        | "activation"
                        | "sms"
                        | "twofactor"
                        | "access"
                        | "password"
                        | "magic"
                )
            };
            all.iter().any(|w| about(w)) || last == "code" && outside.iter().any(|w| about(w))
        }
        _ => false,
    }
}
