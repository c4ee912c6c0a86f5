//! Passwords that are compared as they were typed.

use crate::facts::*;
use crate::finding::{Evidence, Strength, Verdict};
use crate::project::origins::Root;
use crate::rulebook::check::Check;

use super::super::compared::*;
use super::super::{Judge, words};
use super::asked::is_lookup;
use super::is_current;

/// `user.password === password`: what was sent beside what is kept.
pub(super) fn compared(
    reader: &Reader,
    check: &Check,
    facts: &FileFacts,
    compare: &Compare,
) -> Option<Verdict> {
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
pub(super) fn helper(
    reader: &Reader,
    check: &Check,
    facts: &FileFacts,
    compare: &Compare,
) -> Option<Verdict> {
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

pub(super) fn step(facts: &FileFacts, value: ValueId, text: &str) -> Evidence {
    Evidence { span: facts.node(value).span, text: text.into(), strength: Strength::Stated }
}

/// A password as the client sent it.
pub(super) fn is_sent(reader: &Reader, facts: &FileFacts, value: ValueId) -> bool {
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
pub(super) fn hashes_nearby(judge: &Judge, facts: &FileFacts, function: FunctionId) -> bool {
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
