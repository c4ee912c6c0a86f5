//! Is a secret compared by an operator that stops at the first difference?

use crate::facts::*;
use crate::finding::{Evidence, Strength, Verdict};
use crate::project::origins::Root;
use crate::rulebook::check::Check;
use crate::source::FileId;

use super::compared::*;
use super::{Judge, words};

/// How far a digest is followed through conversions.
const DEPTH: u32 = 5;

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let reader = Reader::new(judge);
    let mut out = Vec::new();
    for facts in judge.project.files.iter().flatten() {
        let client = judge.client.get(facts.file.0 as usize).copied().unwrap_or(false);
        if client || judge.is_test_file(facts.file) {
            continue;
        }
        let compares =
            facts.compares.iter().filter(|c| matches!(c.op, CompareOp::Equal | CompareOp::NotEqual));
        out.extend(
            compares.filter(|c| !facts.in_test(c.region)).filter_map(|c| compared(&reader, check, facts, c)),
        );
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Secret {
    /// Read from the environment or the settings.
    Set,
    /// A keyed digest that the program computes.
    Signature,
}

fn compared(reader: &Reader, check: &Check, facts: &FileFacts, compare: &Compare) -> Option<Verdict> {
    let plain = |v: ValueId| {
        matches!(
            facts.value(v),
            Value::Text(_)
                | Value::Number(_)
                | Value::Bool(_)
                | Value::Null
                | Value::Unknown
                | Value::Function(_)
        )
    };
    // `Token.hash == digest`: a column of a query, which the database compares.
    let column = |v: ValueId| {
        matches!(facts.value(v), Value::Field(base, _)
            if matches!(facts.value(*base), Value::Name(n) if n.starts_with(char::is_uppercase) && n.chars().any(char::is_lowercase)))
    };
    if plain(compare.left) || plain(compare.right) || column(compare.left) || column(compare.right) {
        return None;
    }
    let sides = [(compare.left, compare.right), (compare.right, compare.left)];
    let (secret, other, kind) = sides.into_iter().find_map(|(secret, other)| {
        let kind = secret_of(reader, facts, secret)?;
        (secret_of(reader, facts, other).is_none() && is_from_outside(reader, facts, other, kind))
            .then_some((secret, other, kind))
    })?;
    let subject = show::value(facts, peeled(facts, other), 4);
    let event = reader.event(facts, subject, compare.region, compare.span)?;
    let text = match kind {
        Secret::Set => "the secret that it is compared with",
        Secret::Signature => "the signature that is expected",
    };
    let evidence =
        vec![Evidence { span: facts.node(secret).span, text: text.into(), strength: Strength::Stated }];
    Some(reader.judge.verdict(check, &event, compare.span, Strength::Stated, evidence))
}

fn secret_of(reader: &Reader, facts: &FileFacts, value: ValueId) -> Option<Secret> {
    secret_within(reader, facts, value, 0)
}

/// `path = path + part` is put together from itself: it has no end.
fn secret_within(reader: &Reader, facts: &FileFacts, value: ValueId, depth: u32) -> Option<Secret> {
    if depth > 8 {
        return None;
    }
    let value = peeled(facts, value);
    if let Value::Join(parts) = facts.value(value) {
        return parts.iter().find_map(|p| secret_within(reader, facts, *p, depth + 1));
    }
    let found = reader.trace(facts.file, value);
    found.iter().find_map(|t| match &t.root {
        Root::Call(file, call) => {
            let there = reader.judge.facts(*file)?;
            if is_signature(reader, *file, *call, 0) {
                return Some(Secret::Signature);
            }
            let text = show::call(there, *call, 5);
            (asks_for_secret(there, *call) && speaks_of_settings(&text)).then_some(Secret::Set)
        }
        Root::External(path) => {
            let mut all = path.members.iter().chain([&path.module]);
            let last = path.members.last()?;
            (is_secret(last) && all.any(|m| speaks_of_settings(m))).then_some(Secret::Set)
        }
        Root::Member(base, name) => {
            // `settings.api_key` of an object that cannot be looked into.
            let written = show::value(facts, value, 5);
            let below = match &**base {
                Root::Instance(file, t) => {
                    reader.judge.facts(*file)?.types.get(t.0 as usize)?.name.to_string()
                }
                _ => written,
            };
            let request =
                words(&below).iter().any(|w| matches!(w.as_str(), "req" | "request" | "body" | "headers"));
            (is_secret(name) && speaks_of_settings(&below) && !request).then_some(Secret::Set)
        }
        // Put together elsewhere: `"sha256=" + hmac(…)`.
        Root::Value(at) => {
            let there = reader.judge.facts(at.file)?;
            let Value::Join(parts) = there.value(at.value) else { return None };
            parts.iter().filter(|p| **p != value).find_map(|p| {
                matches!(there.value(*p), Value::Name(_) | Value::Field(..) | Value::Result(_))
                    .then(|| secret_within(reader, there, *p, depth + 1))?
            })
        }
        _ => None,
    })
}

/// Some call of a chain is given the name of a secret: `env("API_KEY").or_fail()`.
fn asks_for_secret(facts: &FileFacts, call: CallId) -> bool {
    let mut at = Some(call);
    while let Some(id) = at {
        let fact = facts.call(id);
        if let Some(Value::Text(name)) = fact.args.first().map(|a| facts.value(a.value)) {
            return is_secret(name);
        }
        at = match facts.value(fact.callee) {
            Value::Field(base, _) => match facts.value(*base) {
                Value::Result(inner) => Some(*inner),
                _ => None,
            },
            _ => None,
        };
    }
    false
}

/// A keyed digest, or a conversion of one.
fn is_signature(reader: &Reader, file: FileId, call: CallId, depth: u32) -> bool {
    let Some(facts) = reader.judge.facts(file) else { return false };
    if depth > DEPTH {
        return false;
    }
    let fact = facts.call(call);
    let callee = show::value(facts, fact.callee, 8);
    let names = words(&callee);
    if names
        .iter()
        .any(|w| matches!(w.as_str(), "compare" | "verify" | "equal" | "equals" | "len" | "length"))
    {
        return false;
    }
    if names.iter().any(|w| w == "hmac") {
        return true;
    }
    // `mac.finalize()`, `hex(mac.digest())`: through the receiver, or the only argument.
    let mut inner = Vec::new();
    if let Value::Field(base, _) = facts.value(fact.callee) {
        inner.push(*base);
    }
    if let [only] = fact.args.as_slice()
        && names.iter().any(|w| {
            w.contains("64") || matches!(w.as_str(), "hex" | "encode" | "string" | "str" | "from" | "hexlify")
        })
    {
        inner.push(only.value);
    }
    inner.into_iter().any(|v| {
        matches!(facts.value(v), Value::Name(_) | Value::Result(_))
            && reader.trace(file, v).iter().any(|t| match &t.root {
                Root::Call(f, c) if (*f, *c) != (file, call) => is_signature(reader, *f, *c, depth + 1),
                _ => false,
            })
    })
}

/// What somebody sent, by its origin and its name.
fn is_from_outside(reader: &Reader, facts: &FileFacts, value: ValueId, kind: Secret) -> bool {
    let value = peeled(facts, value);
    let name = leaf(facts, value);
    let named = name.as_deref().is_some_and(|n| {
        is_secret(n)
            || words(n).iter().any(|w| {
                matches!(
                    w.as_str(),
                    "authorization"
                        | "auth"
                        | "bearer"
                        | "sig"
                        | "mac"
                        | "hash"
                        | "provided"
                        | "received"
                        | "key"
                        | "credentials"
                )
            })
    });
    let counted = name.as_deref().is_some_and(|n| matches!(n, "length" | "size" | "len" | "type" | "id"));
    let text = show::value(facts, value, 5);
    let sent = words(&text).iter().any(|w| is_request_word(w));
    match kind {
        _ if counted => false,
        Secret::Signature => named || reader.is_given(facts.file, value),
        Secret::Set => (named || sent) && reader.is_given(facts.file, value),
    }
}

/// The name of something that opens doors, and not what is said of it.
fn is_secret(name: &str) -> bool {
    let all = words(name);
    let other = [
        "public",
        "publishable",
        "url",
        "uri",
        "id",
        "name",
        "type",
        "expiry",
        "ttl",
        "header",
        "length",
        "count",
        "issuer",
        "audience",
        "algorithm",
        "file",
        "path",
        "enabled",
        "prefix",
        "hash",
        "hashed",
        "version",
        "provider",
        "mode",
        "site",
        "expires",
    ];
    if all.iter().any(|w| other.contains(&w.as_str())) {
        return false;
    }
    all.iter().any(|w| {
        matches!(
            w.as_str(),
            "secret" | "token" | "signature" | "hmac" | "password" | "passwd" | "apikey" | "passphrase"
        )
    }) || all.last().is_some_and(|w| w == "key")
        && all.iter().any(|w| {
            matches!(
                w.as_str(),
                "api"
                    | "access"
                    | "webhook"
                    | "auth"
                    | "private"
                    | "signing"
                    | "internal"
                    | "service"
                    | "admin"
                    | "shared"
                    | "master"
            )
        })
}

fn speaks_of_settings(text: &str) -> bool {
    words(text).iter().any(|w| {
        matches!(
            w.as_str(),
            "env"
                | "environ"
                | "environment"
                | "getenv"
                | "settings"
                | "setting"
                | "config"
                | "configuration"
                | "conf"
                | "secrets"
        )
    })
}
