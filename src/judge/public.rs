//! Does a variable that a bundler publishes hold a secret, by its name?

use std::collections::BTreeMap;

use crate::facts::*;
use crate::finding::{Evidence, Strength, Verdict};
use crate::rulebook::check::Check;
use crate::source::{FileId, Span, Str};

use super::{Judge, words};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    // Where each variable is set or read; where it is set comes first.
    let mut found: BTreeMap<Str, Vec<(bool, FileId, Span)>> = BTreeMap::new();
    for facts in judge.project.files.iter().flatten() {
        each_name(facts, &mut |name, set, span| {
            if is_published_secret(judge, check, name) {
                found.entry(name.into()).or_default().push((!set, facts.file, span));
            }
        });
    }
    let mut out = Vec::new();
    for (name, mut places) in found {
        places.sort_by_key(|(read, file, span)| (judge.is_test_file(*file), *read, *file, *span));
        let (_, file, span) = places[0];
        let Some(event) = judge.place_event("env.read", file, None, span, name.to_string()) else { continue };
        let mut verdict = judge.verdict(check, &event, span, Strength::Stated, Vec::new());
        verdict.says = "is a secret that is built into the code that every visitor gets".into();
        for (read, _, span) in places.iter().skip(1).take(8) {
            let text = if *read { "read here" } else { "set here too" };
            verdict.related.push(Evidence { span: *span, text: text.into(), strength: Strength::Stated });
        }
        out.push(verdict);
    }
    out
}

/// Names of variables in a file: set in settings, or read as a field of an environment.
fn each_name(facts: &FileFacts, take: &mut dyn FnMut(&str, bool, Span)) {
    for setting in &facts.settings {
        // A form to be filled in: `NEXT_PUBLIC_SECRET=`.
        let empty = matches!(facts.value(setting.value), Value::Text(t) if t.trim().is_empty());
        if let Some(name) = setting.path.last().filter(|_| !empty) {
            take(name, true, setting.span);
        }
    }
    // `getenv("NAME")`.
    for arg in facts.calls.iter().flat_map(|c| &c.args) {
        if let Value::Text(text) = facts.value(arg.value) {
            take(text, false, facts.node(arg.value).span);
        }
    }
    for node in &facts.values {
        match &node.value {
            Value::Field(_, name) => take(name, false, node.span),
            // `- NAME=value` of a service's environment.
            Value::Text(text) if !facts.documents.is_empty() => {
                if let Some((name, _)) = text.split_once('=') {
                    take(name, true, node.span);
                }
            }
            Value::Record(record) => {
                for entry in &record.entries {
                    if let Key::Text(key) = &entry.key {
                        take(key, true, entry.span);
                    }
                }
            }
            _ => {}
        }
    }
}

/// A publishing prefix, and a rest that speaks of a secret and of nothing that is meant to be seen.
fn is_published_secret(judge: &Judge, check: &Check, name: &str) -> bool {
    if name.len() > 80 || !name.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'_') {
        return false;
    }
    let list = |limit: &str| judge.word_list(check, limit);
    let rest = list("published_prefixes").iter().find_map(|prefix| name.strip_prefix(prefix.as_str()));
    let Some(rest) = rest else { return false };
    let rest = words(rest);
    let has = |phrases: &[Str]| {
        phrases.iter().any(|phrase| {
            let wanted: Vec<&str> = phrase.split(' ').collect();
            rest.windows(wanted.len()).any(|w| w.iter().zip(&wanted).all(|(a, b)| a == b))
        })
    };
    has(list("secret_words")) && !has(list("public_words"))
}
