//! Are passwords kept in clear, or behind a digest that is fast to try out?

use crate::concepts::State;
use crate::event::{Event, Known};
use crate::facts::*;
use crate::finding::{Confidence, Evidence, Strength, Verdict};
use crate::project::origins::Root;
use crate::rulebook::check::Check;
use crate::source::{FileId, Span};

use super::compared::*;
use super::{Judge, words};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let reader = Reader::new(judge);
    let mut out: Vec<Verdict> = Vec::new();
    for event in judge.of_concept("hash.make") {
        out.extend(digest(&reader, check, event));
    }
    for event in judge.of_concept("password.hash").filter(|e| e.state("slow") == State::Off) {
        let role = event.role("slow");
        let evidence = role.map(|r| r.evidence.clone()).unwrap_or_default();
        let strength = role.map_or(Strength::Stated, |r| r.strength);
        let mut found = judge.verdict(check, event, event.span, strength, evidence);
        found.says = "keeps passwords by a scheme that is fast to try out, or in clear".into();
        out.push(found);
    }
    for facts in judge.project.files.iter().flatten() {
        if is_client(judge, facts.file) {
            continue;
        }
        let compares =
            facts.compares.iter().filter(|c| matches!(c.op, CompareOp::Equal | CompareOp::NotEqual));
        let mut there: Vec<(FunctionId, Verdict)> = Vec::new();
        for compare in compares {
            let found =
                compared(&reader, check, facts, compare).or_else(|| helper(&reader, check, facts, compare));
            let Some(mut found) = found else { continue };
            let outer = enclosing(facts, compare.function);
            // One function that asks several times has one flaw.
            match there.iter_mut().find(|(f, v)| *f == outer && v.subject == found.subject) {
                Some((_, known)) => {
                    found.evidence[0].text = "and here again".into();
                    found.evidence[0].span = found.place;
                    known.related.append(&mut found.evidence);
                }
                None => there.push((outer, found)),
            }
        }
        out.extend(there.into_iter().map(|(_, v)| v));
        let calls = (0..facts.calls.len() as u32).map(CallId);
        out.extend(calls.filter_map(|c| asked(&reader, check, facts, c)));
    }
    let mut kept: Vec<Verdict> = Vec::new();
    for verdict in out {
        match kept.iter_mut().find(|v| v.place == verdict.place) {
            Some(known) => known.confidence = known.confidence.max(verdict.confidence),
            None => kept.push(verdict),
        }
    }
    kept
}

fn is_client(judge: &Judge, file: FileId) -> bool {
    judge.client.get(file.0 as usize).copied().unwrap_or(false)
}

/// A name of a password itself: not of its hash, its length, a switch, or the second typing of it.
fn is_password(name: &str) -> bool {
    let all = words(name);
    let Some(last) = all.last() else { return false };
    let last = last.trim_end_matches(|c: char| c.is_ascii_digit());
    let named = matches!(last, "password" | "passwd" | "pwd" | "passphrase" | "pswd" | "pw")
        || all.len() == 1 && last == "pass";
    let other = [
        "has",
        "is",
        "no",
        "needs",
        "require",
        "requires",
        "show",
        "use",
        "confirm",
        "confirmed",
        "confirmation",
        "repeat",
        "repeated",
        "retype",
        "again",
        "reset",
        "forgot",
        "salted",
        "temp",
        "masked",
        "redacted",
    ];
    named && !speaks_of_hash(name) && !all.iter().any(|w| other.contains(&w.as_str()))
}

/// The first or only typing of the password that is checked, not one that replaces it.
fn is_current(name: &str) -> bool {
    let other = [
        "new",
        "old",
        "original",
        "previous",
        "prev",
        "last",
        "next",
        "default",
        "generated",
        "db",
        "database",
        "dev",
        "test",
    ];
    is_password(name) && !words(name).iter().any(|w| other.contains(&w.as_str()))
}

// ---- Digests

fn digest(reader: &Reader, check: &Check, event: &Event) -> Option<Verdict> {
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

// ---- Comparisons

/// `user.password === password`: what was sent beside what is kept.
fn compared(reader: &Reader, check: &Check, facts: &FileFacts, compare: &Compare) -> Option<Verdict> {
    let sides = [(compare.left, compare.right), (compare.right, compare.left)];
    let (kept, sent) = sides.into_iter().find(|(kept, sent)| {
        if is_entry(facts, *kept) || is_own_field(facts, *kept, *sent, compare.function) {
            return leaf(facts, *sent)
                .is_some_and(|n| is_current(&n) || is_own_field(facts, *kept, *sent, compare.function))
                && is_sent(reader, facts, *sent);
        }
        leaf(facts, *kept).is_some_and(|n| is_current(&n))
            && leaf(facts, *sent).is_some_and(|n| is_current(&n))
            && is_sent(reader, facts, *sent)
            && is_kept(reader, facts, *kept, *sent, compare.function)
    })?;
    if hashes_nearby(reader.judge, facts, compare.function) || two_records(reader, facts, kept, sent) {
        return None;
    }
    let subject = show::value(facts, kept, 4);
    let event = reader.event(facts, subject, compare.region, compare.span)?;
    let strength = if decides_login(facts, compare.function) { Strength::Stated } else { Strength::Inferred };
    let evidence = vec![step(facts, sent, "the password as it was sent")];
    let mut found = reader.judge.verdict(check, &event, compare.span, strength, evidence);
    found.says = "is compared with the password as it was sent: it is kept in clear".into();
    Some(found)
}

/// `comparePassword(stored, given) { return stored === given }`, given the field of a record.
fn helper(reader: &Reader, check: &Check, facts: &FileFacts, compare: &Compare) -> Option<Verdict> {
    let own = facts.function(compare.function);
    let names = words(&own.name);
    let says = names.iter().any(|w| w.trim_end_matches('s') == "password" || w == "pwd")
        && names.iter().any(|w| {
            matches!(
                w.as_str(),
                "compare" | "check" | "verify" | "match" | "matches" | "validate" | "is" | "equal" | "equals"
            )
        });
    if !says || speaks_of_hash(own.name.trim_start_matches("verify")) {
        return None;
    }
    let index = |v: ValueId| match facts.value(v) {
        Value::Name(name) => own.params.iter().position(|p| p.name == *name),
        _ => None,
    };
    let (one, other) = (index(compare.left)?, index(compare.right)?);
    if one == other || hashes_nearby(reader.judge, facts, compare.function) {
        return None;
    }
    let everywhere = reader.judge.project.files.iter().flatten();
    let mut calls = everywhere
        .flat_map(|f| f.calls.iter().map(move |c| (f, c)))
        .filter(|(f, c)| last_name(f, c.callee) == Some(&own.name));
    let (there, call) = calls.find(|(f, c)| {
        let pair = [(one, other), (other, one)];
        pair.into_iter().any(|(kept, sent)| {
            let (Some(kept), Some(sent)) = (c.args.get(kept), c.args.get(sent)) else { return false };
            let current = |v: ValueId| leaf(f, v).is_some_and(|n| is_current(&n));
            current(kept.value)
                && current(sent.value)
                && is_sent(reader, f, sent.value)
                && is_kept(reader, f, kept.value, sent.value, c.function)
        })
    })?;
    let event = reader.event(facts, own.name.to_string(), compare.region, compare.span)?;
    let evidence = vec![Evidence {
        span: there.node(call.args[0].value).span,
        text: "it is given a stored password and the one that was sent".into(),
        strength: Strength::Stated,
    }];
    let mut found = reader.judge.verdict(check, &event, compare.span, Strength::Stated, evidence);
    found.says = "compares a stored password with the one that was sent: it is kept in clear".into();
    Some(found)
}

fn step(facts: &FileFacts, value: ValueId, text: &str) -> Evidence {
    Evidence { span: facts.node(value).span, text: text.into(), strength: Strength::Stated }
}

/// A password as the client sent it.
fn is_sent(reader: &Reader, facts: &FileFacts, value: ValueId) -> bool {
    !speaks_of_hash(&show::value(facts, value, 5)) && reader.is_given(facts.file, value)
}

/// A field of a record that the program keeps.
fn is_kept(reader: &Reader, facts: &FileFacts, kept: ValueId, sent: ValueId, function: FunctionId) -> bool {
    let Some(record) = base(facts, kept) else { return false };
    if base(facts, sent).is_some_and(|other| show::value(facts, other, 5) == show::value(facts, record, 5)) {
        return false;
    }
    let text = show::value(facts, record, 5);
    let named = words(&text);
    let not_kept = [
        "config",
        "settings",
        "env",
        "environ",
        "options",
        "opts",
        "process",
        "errors",
        "error",
        "touched",
        "constants",
        "props",
        "state",
        "defaults",
    ];
    if named.iter().any(|w| not_kept.contains(&w.as_str())) || speaks_of_hash(&text) {
        return false;
    }
    if matches!(facts.value(record), Value::Name(n) if matches!(n.as_str(), "this" | "self")) {
        let own = words(&facts.function(enclosing(facts, function)).name);
        return own.iter().any(|w| {
            matches!(
                w.as_str(),
                "check"
                    | "verify"
                    | "validate"
                    | "authenticate"
                    | "login"
                    | "compare"
                    | "match"
                    | "matches"
                    | "valid"
            )
        });
    }
    if named.iter().any(|w| is_request_word(w)) {
        return false;
    }
    let person = |w: &String| {
        matches!(
            w.trim_end_matches('s'),
            "user"
                | "account"
                | "member"
                | "admin"
                | "customer"
                | "record"
                | "row"
                | "employee"
                | "person"
                | "student"
                | "teacher"
                | "doctor"
                | "patient"
                | "owner"
                | "author"
                | "existing"
                | "found"
                | "stored"
                | "saved"
                | "client"
        ) || w.ends_with("user")
            || w.ends_with("users")
    };
    let person = named.iter().any(person);
    let found = reader.trace(facts.file, record);
    found.iter().any(|t| {
        let mut root = &t.root;
        let mut below = false;
        while let Root::Member(inner, _) = root {
            below = true;
            root = inner;
        }
        match root {
            Root::Call(file, call) => reader.judge.facts(*file).is_some_and(|f| {
                let text = show::call(f, *call, 4);
                !reads_request(f, *call) && (person || speaks_of_store(&text))
            }),
            // `users.find(u => u.password === password)`.
            Root::Param(file, f, _) => {
                let there = reader.judge.facts(*file);
                let closure =
                    there.is_some_and(|x| x.function(*f).name.is_empty() && *f != enclosing(x, function));
                closure && there.is_some_and(|x| is_given_to_search(x, *f))
                    || person && !same_parameter(reader, facts, sent, t)
            }
            // A column of a table.
            Root::Type(..) | Root::External(_) => person || below || in_lookup(facts, kept),
            Root::Value(_) | Root::Instance(..) | Root::Foreign(_) => person,
            _ => person,
        }
    })
}

/// `users[name]`: a table from names to passwords.
fn is_entry(facts: &FileFacts, kept: ValueId) -> bool {
    let Value::Field(table, index) = facts.value(kept) else { return false };
    index == "[]"
        && leaf(facts, *table).is_some_and(|name| {
            words(&name)
                .last()
                .is_some_and(|w| matches!(w.as_str(), "users" | "passwords" | "accounts" | "credentials"))
                && !speaks_of_hash(&name)
        })
}

/// `checkPassword(candidate) { return this.password === candidate }`.
fn is_own_field(facts: &FileFacts, kept: ValueId, sent: ValueId, function: FunctionId) -> bool {
    let Value::Field(own, field) = facts.value(kept) else { return false };
    let Value::Name(given) = facts.value(sent) else { return false };
    let method = facts.function(function);
    let names = words(&method.name);
    matches!(facts.value(*own), Value::Name(n) if matches!(n.as_str(), "this" | "self"))
        && is_current(field)
        && method.params.iter().any(|p| p.name == *given)
        && !speaks_of_hash(given)
        && names.iter().any(|w| w.trim_end_matches('s') == "password")
        && names.iter().any(|w| {
            matches!(
                w.as_str(),
                "compare" | "check" | "verify" | "match" | "matches" | "validate" | "is" | "valid"
            )
        })
}

/// Fields of two records that are both handed in, and neither of which is a request: before and after a change.
fn two_records(reader: &Reader, facts: &FileFacts, kept: ValueId, sent: ValueId) -> bool {
    let (Some(one), Some(other)) = (base(facts, kept), base(facts, sent)) else { return false };
    let handed = |v: ValueId| reader.trace(facts.file, v).iter().any(|t| matches!(t.root, Root::Param(..)));
    let request = words(&show::value(facts, other, 5))
        .iter()
        .any(|w| is_request_word(w) || w == "login" || w == "credential");
    handed(one) && handed(other) && !request
}

/// A closure that a list is searched with.
fn is_given_to_search(facts: &FileFacts, function: FunctionId) -> bool {
    facts.calls.iter().any(|c| {
        c.args.iter().any(|a| matches!(facts.value(a.value), Value::Function(f) if *f == function))
            && last_name(facts, c.callee).is_some_and(|n| {
                words(n).first().is_some_and(|w| {
                    matches!(w.as_str(), "find" | "filter" | "some" | "any" | "position" | "first")
                })
            })
    })
}

/// The other side is a field of the same parameter: one form, typed twice.
fn same_parameter(
    reader: &Reader,
    facts: &FileFacts,
    sent: ValueId,
    record: &crate::project::origins::Traced,
) -> bool {
    reader.trace(facts.file, sent).iter().any(|t| {
        let mut root = &t.root;
        while let Root::Member(inner, _) = root {
            root = inner;
        }
        let mut own = &record.root;
        while let Root::Member(inner, _) = own {
            own = inner;
        }
        root == own
    })
}

/// The comparison is the condition of a query.
fn in_lookup(facts: &FileFacts, value: ValueId) -> bool {
    let span = facts.node(value).span;
    facts
        .calls
        .iter()
        .any(|c| c.args.iter().any(|a| facts.node(a.value).span.contains(&span)) && is_lookup(facts, c))
}

/// The function hashes or verifies by itself: what is compared is something else (a change, old data).
fn hashes_nearby(judge: &Judge, facts: &FileFacts, function: FunctionId) -> bool {
    let outer = enclosing(facts, function);
    if outer.0 == 0 {
        return false;
    }
    if functions_around(facts, function)
        .iter()
        .any(|n| speaks_of_hash(n) && !words(n).iter().any(|w| w == "verify"))
    {
        return true;
    }
    facts.calls.iter().enumerate().any(|(i, c)| {
        holds(facts, outer, c.function)
            && (speaks_of_hash_call(facts, c)
                || judge
                    .events_of_call(facts.file, CallId(i as u32))
                    .any(|e| matches!(e.concept.name, "password.hash" | "hash.make")))
    })
}

fn speaks_of_hash_call(facts: &FileFacts, call: &Call) -> bool {
    let text = show::value(facts, call.callee, 4);
    let names = words(&text);
    speaks_of_hash(&text) && !names.iter().any(|w| w == "verify" || w == "jwt" || w == "token") || {
        names.iter().any(|w| w == "verify")
            && names
                .iter()
                .any(|w| w.starts_with("argon") || matches!(w.as_str(), "password" | "pwd" | "context"))
    }
}

/// The names of the functions around say that it is about who gets in.
fn decides_login(facts: &FileFacts, function: FunctionId) -> bool {
    functions_around(facts, function).iter().flat_map(|n| words(n)).any(|w| {
        matches!(
            w.as_str(),
            "login"
                | "signin"
                | "sign"
                | "auth"
                | "authenticate"
                | "authorize"
                | "check"
                | "verify"
                | "validate"
                | "session"
                | "password"
                | "token"
                | "handler"
                | "post"
        ) || w.starts_with("log")
    }) || functions_around(facts, function).iter().all(|n| n.is_empty())
}

// ---- Queries

/// Methods that look records up by what they are given.
fn is_lookup(facts: &FileFacts, call: &Call) -> bool {
    let Some(name) = last_name(facts, call.callee) else { return false };
    let chain = words(&show::value(facts, call.callee, 5));
    let outward = [
        "axios",
        "http",
        "fetch",
        "api",
        "requests",
        "session",
        "cache",
        "redis",
        "ldap",
        "smtp",
        "supertest",
        "agent",
        "page",
        "cy",
    ];
    if chain.iter().any(|w| outward.contains(&w.as_str())) {
        return false;
    }
    match words(name).first().map(String::as_str) {
        Some("find" | "where" | "filter" | "first" | "exists" | "count" | "select" | "eq") => true,
        Some("and") => words(name).get(1).is_some_and(|w| w == "where"),
        Some("get") => {
            chain.iter().any(|w| matches!(w.as_str(), "objects" | "query" | "model" | "repository" | "repo"))
        }
        _ => false,
    }
}

/// A lookup or query that the password as it was sent is part of.
fn asked(reader: &Reader, check: &Check, facts: &FileFacts, id: CallId) -> Option<Verdict> {
    let call = facts.call(id);
    let (place, value) = if is_lookup(facts, call) {
        let mut hit = None;
        let mut beside = false;
        for arg in &call.args {
            match &arg.name {
                Some(name) => add_pair(
                    reader,
                    facts,
                    name,
                    arg.value,
                    facts.node(arg.value).span,
                    &mut hit,
                    &mut beside,
                ),
                None => entries(reader, facts, arg.value, 0, &mut hit, &mut beside),
            }
        }
        // `.where("password", password)`.
        if let (Some(first), Some(last)) = (call.args.first(), call.args.last())
            && call.args.len() > 1
            && matches!(facts.value(first.value), Value::Text(t) if is_current(t))
            && is_sent(reader, facts, last.value)
        {
            hit = Some((call.span, last.value));
            beside = true;
        }
        hit.filter(|_| beside)?
    } else {
        statement(reader, facts, id)?
    };
    if hashes_nearby(reader.judge, facts, call.function) {
        return None;
    }
    let event = reader.event(facts, show::value(facts, call.callee, 4), call.region, call.span)?;
    let evidence = vec![step(facts, value, "the password as it was sent")];
    let mut found = reader.judge.verdict(check, &event, place, Strength::Stated, evidence);
    found.says = "looks for a record whose password is the one that was sent: it is kept in clear".into();
    Some(found)
}

type Hit = Option<(Span, ValueId)>;

fn entries(reader: &Reader, facts: &FileFacts, value: ValueId, depth: u32, hit: &mut Hit, beside: &mut bool) {
    match facts.value(value) {
        Value::Record(record) if depth < 4 => {
            for entry in &record.entries {
                let Key::Text(key) = &entry.key else { continue };
                match facts.value(entry.value) {
                    Value::Record(_) | Value::List(_)
                        if matches!(
                            key.as_str(),
                            "where" | "AND" | "and" | "$and" | "filter" | "criteria"
                        ) =>
                    {
                        entries(reader, facts, entry.value, depth + 1, hit, beside);
                    }
                    _ => add_pair(reader, facts, key, entry.value, entry.span, hit, beside),
                }
            }
        }
        Value::List(items) if depth < 4 => {
            for item in items {
                entries(reader, facts, *item, depth + 1, hit, beside);
            }
        }
        _ => {}
    }
}

fn add_pair(
    reader: &Reader,
    facts: &FileFacts,
    key: &str,
    value: ValueId,
    span: Span,
    hit: &mut Hit,
    beside: &mut bool,
) {
    if is_current(key) {
        if leaf(facts, value).is_some_and(|n| is_current(&n)) && is_sent(reader, facts, value) {
            *hit = Some((span, value));
        }
        return;
    }
    *beside |= words(key).iter().any(|w| {
        matches!(
            w.as_str(),
            "email"
                | "mail"
                | "user"
                | "username"
                | "login"
                | "name"
                | "phone"
                | "mobile"
                | "account"
                | "id"
                | "userid"
        )
    });
}

/// A statement that selects by the password: in its text, beside it, or bound to it later.
fn statement(reader: &Reader, facts: &FileFacts, id: CallId) -> Hit {
    let call = facts.call(id);
    let speaks = last_name(facts, call.callee).is_some_and(|name| {
        words(name).iter().any(|w| {
            w.starts_with("quer")
                || matches!(
                    w.as_str(),
                    "execute"
                        | "exec"
                        | "raw"
                        | "prepare"
                        | "text"
                        | "get"
                        | "all"
                        | "one"
                        | "first"
                        | "run"
                        | "fetch"
                        | "sql"
                )
        })
    });
    if !speaks {
        return None;
    }
    let query = call
        .args
        .iter()
        .find_map(|a| text_of(facts, a.value).filter(|t| selects_by_password(t)).map(|t| (a.value, t)));
    let (query, _) = query.or_else(|| {
        call.args.iter().filter(|a| matches!(facts.value(a.value), Value::Name(_))).find_map(|a| {
            let found = reader.trace(facts.file, a.value);
            let Root::Value(at) = found.first()?.root else { return None };
            let there = reader.judge.facts(at.file).filter(|_| at.file == facts.file)?;
            text_of(there, at.value).filter(|t| selects_by_password(t)).map(|t| (at.value, t))
        })
    })?;
    let sent = |value: ValueId| {
        let value = peeled(facts, value);
        (leaf(facts, value).is_some_and(|n| is_current(&n)) && is_sent(reader, facts, value)).then_some(value)
    };
    let mut open: Vec<ValueId> = vec![query];
    open.extend(call.args.iter().map(|a| a.value));
    // `query("…").bind(email).bind(password)`.
    open.extend(facts.calls.iter().filter(|c| c.span.contains(&call.span) && c.span != call.span).flat_map(|c| {
        let binds = matches!(facts.value(c.callee), Value::Field(_, m) if matches!(m.as_str(), "bind" | "get" | "all" | "first" | "run" | "fetch"));
        c.args.iter().filter(move |_| binds).map(|a| a.value)
    }));
    let mut seen = 0;
    while let Some(value) = open.pop() {
        seen += 1;
        if seen > 200 {
            break;
        }
        if let Some(value) = sent(value) {
            return Some((call.span, value));
        }
        match facts.value(value) {
            Value::Join(parts) | Value::List(parts) => open.extend(parts),
            Value::Record(record) => open.extend(record.entries.iter().map(|e| e.value)),
            Value::Result(id) if matches!(facts.value(facts.call(*id).callee), Value::Field(_, m) if m == "format") =>
            {
                open.extend(facts.call(*id).args.iter().map(|a| a.value));
            }
            _ => {}
        }
    }
    None
}

/// The text of a literal or of a text with holes, a hole written as `?`.
fn text_of(facts: &FileFacts, value: ValueId) -> Option<String> {
    match facts.value(value) {
        Value::Text(text) => Some(text.to_string()),
        Value::Join(parts) => {
            let all = parts.iter().map(|p| match facts.value(*p) {
                Value::Text(text) => text.to_string(),
                Value::Join(_) => text_of(facts, *p).unwrap_or_default(),
                _ => "?".to_string(),
            });
            Some(all.collect())
        }
        // `"… {} …".format(name)`.
        Value::Result(call) => match facts.value(facts.call(*call).callee) {
            Value::Field(text, method) if method == "format" => text_of(facts, *text),
            _ => None,
        },
        _ => None,
    }
}

/// `select … where … password = ?`, the value not run through a function of the database.
fn selects_by_password(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let Some(start) = lower.find("select") else { return false };
    let Some(filter) = lower[start..].find("where").map(|at| start + at) else { return false };
    ["password", "passwd", "pwd", "pass"].iter().any(|column| {
        lower[filter..].match_indices(column).any(|(at, _)| {
            let rest = &lower[filter + at + column.len()..];
            let rest = rest.trim_start_matches(['`', '"', ']', ' ']);
            let Some(rest) = rest.strip_prefix('=') else { return false };
            rest.trim_start().starts_with(['?', '$', ':', '@', '%', '\'', '"', '{'])
        })
    })
}
