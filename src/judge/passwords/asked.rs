//! Passwords that are part of a query as they were typed.

use crate::facts::*;
use crate::finding::{Strength, Verdict};
use crate::project::origins::Root;
use crate::rulebook::check::Check;
use crate::source::Span;

use super::super::compared::*;
use super::super::words;
use super::clear::{hashes_nearby, is_sent, step};
use super::is_current;

/// Methods that look records up by what they are given.
pub(super) fn is_lookup(facts: &FileFacts, call: &Call) -> bool {
    let Some(name) = last_name(facts, call.callee) else { return false };
    let chain = words(&show::value(facts, call.callee, 5));
    let outward = [
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
pub(super) fn asked(reader: &Reader, check: &Check, facts: &FileFacts, id: CallId) -> Option<Verdict> {
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
