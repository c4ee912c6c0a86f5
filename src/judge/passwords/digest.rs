//! Passwords that become a digest which is fast to try out.

use crate::concepts::State;
use crate::event::{Event, Known};
use crate::facts::*;
use crate::finding::{Confidence, Verdict};
use crate::project::origins::Root;
use crate::rulebook::check::Check;

use super::super::compared::*;
use super::super::{Judge, words};
use super::{is_client, is_password};

pub(super) fn digest(reader: &Reader, check: &Check, event: &Event) -> Option<Verdict> {
    let judge = reader.judge;
    if is_client(judge, event.file) {
        return None;
    }
    let facts = judge.facts(event.file)?;
    let call = facts.call(event.call?);
    let value = event.role("value")?;
    let known = value.values.iter().find(|known| holds_password(judge, known))?;
    if is_excepted(reader, facts, event, call, known) || goes_by_another_name(facts, call) {
        return None;
    }
    let mut found = judge.verdict(
        check,
        event,
        event.span,
        value.strength.min(known.traced.strength),
        value.evidence.clone(),
    );
    found.says = "turns a password into a digest that is fast to try out".into();
    if !event.callee.contains(['.', ':']) && matches!(facts.value(call.callee), Value::Field(..)) {
        found.subject = show::value(facts, call.callee, 5);
    }
    let around = functions_around(facts, call.function);
    let about_keys = around.iter().flat_map(|n| words(n)).any(|w| {
        w.starts_with("encrypt")
            || w.starts_with("decrypt")
            || matches!(w.as_str(), "cipher" | "derive" | "aes" | "legacy" | "migrate" | "upgrade" | "rehash")
    });
    let outer = enclosing(facts, call.function);
    let slow_too = judge.of_concept("password.hash").any(|e| {
        e.file == event.file
            && e.state("slow") != State::Off
            && e.call.is_some_and(|c| holds(facts, outer, facts.call(c).function))
    });
    if about_keys || slow_too {
        found.confidence = Confidence::Low;
    }
    Some(found)
}

/// Does a name that leads to the value say that it is a password?
fn holds_password(judge: &Judge, known: &Known) -> bool {
    let written = judge.facts(known.traced.at.file).is_some_and(|f| parts_hold(f, known.traced.at.value, 0));
    let set = known.traced.steps.iter().filter_map(|s| {
        let (name, rest) = s.text.split_once('`').and_then(|(_, t)| t.split_once('`'))?;
        (rest == " is set here").then_some(name)
    });
    let member = matches!(&known.traced.root, Root::Member(_, name) if is_password(name));
    written || member || set.into_iter().any(is_password)
}

/// What is hashed is called a key or a token here, wherever it came from: long and random, not thought up.
fn goes_by_another_name(facts: &FileFacts, call: &Call) -> bool {
    call.args.iter().filter_map(|a| leaf(facts, a.value)).any(|name| {
        words(&name).last().is_some_and(|w| {
            matches!(
                w.as_str(),
                "key" | "token" | "secret" | "jwt" | "apikey" | "email" | "url" | "id" | "nonce" | "code"
            )
        })
    })
}

fn parts_hold(facts: &FileFacts, value: ValueId, depth: u32) -> bool {
    match facts.value(value) {
        Value::Join(parts) | Value::Either(parts) | Value::List(parts) if depth < 4 => {
            let protocol = parts.iter().filter_map(|p| leaf(facts, *p)).any(|n| {
                words(&n).iter().any(|w| {
                    matches!(
                        w.as_str(),
                        "realm" | "nonce" | "challenge" | "uri" | "timestamp" | "url" | "host"
                    )
                })
            });
            !protocol && parts.iter().any(|p| parts_hold(facts, *p, depth + 1))
        }
        Value::Text(_) => false,
        _ => leaf(facts, value).is_some_and(|name| is_password(&name)),
    }
}

/// Digests of passwords that keep none: a lookup among leaked ones, input of a slow hash, a name in a cache.
fn is_excepted(reader: &Reader, facts: &FileFacts, event: &Event, call: &Call, known: &Known) -> bool {
    let judge = reader.judge;
    let around = functions_around(facts, call.function);
    let harmless = |w: &String| {
        matches!(
            w.as_str(),
            "cache"
                | "cached"
                | "etag"
                | "checksum"
                | "fingerprint"
                | "gravatar"
                | "avatar"
                | "memo"
                | "pwned"
                | "breach"
                | "breached"
                | "breaches"
                | "leaked"
                | "hibp"
                | "compromised"
                | "digestauth"
                | "scram"
                | "ntlm"
        )
    };
    let targets =
        facts.writes.iter().filter(|w| w.span.contains(&event.span)).filter_map(|w| match &w.target {
            Target::Variable(name) | Target::Field(_, name) => Some(name),
            Target::Index(..) => None,
        });
    if around.iter().copied().chain(targets).flat_map(|n| words(n)).any(|w| harmless(&w)) {
        return true;
    }
    let outer = enclosing(facts, call.function);
    let asks_elsewhere = facts.values.iter().any(|node| {
        matches!(&node.value, Value::Text(t) if t.contains("pwnedpasswords") || t.contains("/range/"))
            && (outer.0 == 0 || holds(facts, outer, node.function))
    });
    // `slow(fast(password))`: the fast one only makes it short.
    let inside = judge.of_concept("password.hash").any(|e| {
        e.file == event.file
            && e.span != event.span
            && e.span.contains(&event.span)
            && e.state("slow") != State::Off
    });
    let protocol = judge
        .facts(known.traced.at.file)
        .is_some_and(|f| speaks_of_protocol(&show::value(f, known.traced.at.value, 6)));
    asks_elsewhere || inside || protocol
}

fn speaks_of_protocol(text: &str) -> bool {
    words(text).iter().any(|w| matches!(w.as_str(), "realm" | "nonce" | "cnonce" | "challenge"))
}
