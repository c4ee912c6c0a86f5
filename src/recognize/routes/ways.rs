//! Guards that look at the path themselves: `if (path.startsWith("/public")) return next()`. What such a guard does
//! depends on the address. Knows no framework.

use crate::endpoint::{Answer, Guard};
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Root};
use crate::recognize::Recognizer;
use crate::source::{FileId, Span, Str};

use super::guards::Guards;
use super::patterns::Patterns;

/// How deep conditions are followed.
const DEPTH: u32 = 4;

/// What a condition says of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Yes,
    No,
    /// It asks for the path in a way that could not be followed.
    Unclear,
    /// It asks for something else.
    Nothing,
}

impl Guards<'_, '_, '_> {
    /// Takes back what a guard does not do for this address.
    pub fn narrow(&self, guard: &mut Guard, path: &str, patterns: &Patterns) {
        let Some((file, function)) = guard.function.filter(|_| !guard.does.nothing()) else { return };
        let rec = self.reader.rec;
        let Some(facts) = rec.facts(file) else { return };
        let whole = facts.function(function).span;
        let (mut idle, mut unclear) = (Vec::new(), None);
        for (i, region) in facts.regions.iter().enumerate() {
            if region.kind != RegionKind::Branch || !whole.contains(&region.span) {
                continue;
            }
            let said: Vec<(Says, Span)> = region
                .conditions
                .iter()
                .map(|c| (condition(rec, patterns, facts, c, path), c.span))
                .collect();
            if said.iter().any(|(s, _)| *s == Says::No) {
                idle.push(region.span);
            } else if let Some((_, span)) = said.iter().find(|(s, _)| *s == Says::Unclear) {
                unclear = unclear.or(Some(*span));
            } else if said.iter().all(|(s, _)| *s == Says::Yes)
                && !said.is_empty()
                && leaves(facts, RegionId(i as u32))
            {
                idle.push(Span { start: region.span.end, ..whole });
            }
        }
        if !idle.is_empty() {
            let powers = self.reader.powers_without((file, function), &idle);
            guard.does = powers.as_guard();
            guard.evidence = powers.evidence();
        }
        if let Some(span) = unclear.filter(|_| guard.does.authentication == Answer::Yes) {
            guard.does.authentication = Answer::Unknown;
            guard.evidence.push(Evidence {
                span,
                text: "asks for the path in a way that could not be followed".into(),
                strength: Strength::Stated,
            });
        }
    }
}

/// Does a region end with leave to go on?
fn leaves(facts: &FileFacts, region: RegionId) -> bool {
    facts.exits.iter().any(|e| e.kind == ExitKind::Return && facts.encloses(region, e.region))
}

fn condition(rec: &Recognizer, patterns: &Patterns, facts: &FileFacts, c: &Condition, path: &str) -> Says {
    let mut said = Says::Nothing;
    for compare in facts.compares.iter().filter(|x| c.span.contains(&x.span)) {
        let one = compared(facts, compare, path);
        said = if said == Says::Nothing { one } else { either(said, one) };
    }
    let asked = ask(rec, patterns, At { file: facts.file, value: c.value }, path, 0);
    said = if said == Says::Nothing {
        asked
    } else if asked == Says::Nothing {
        said
    } else {
        either(said, asked)
    };
    match (said, c.negated) {
        (Says::Yes, true) => Says::No,
        (Says::No, true) => Says::Yes,
        (other, _) => other,
    }
}

fn either(a: Says, b: Says) -> Says {
    match (a, b) {
        (Says::Yes, _) | (_, Says::Yes) => Says::Yes,
        (Says::No, Says::No) => Says::No,
        _ => Says::Unclear,
    }
}

fn compared(facts: &FileFacts, compare: &Compare, path: &str) -> Says {
    for (a, b) in [(compare.left, compare.right), (compare.right, compare.left)] {
        if !is_path(facts, a) {
            continue;
        }
        let fits = match facts.value(b) {
            Value::Text(text) => like(text, path, true),
            Value::List(items) => any(items.iter().map(|i| match facts.value(*i) {
                Value::Text(text) => like(text, path, true),
                _ => Says::Unclear,
            })),
            _ => Says::Unclear,
        };
        return match (fits, compare.op) {
            (Says::Yes, CompareOp::NotEqual | CompareOp::NotIn) => Says::No,
            (Says::No, CompareOp::NotEqual | CompareOp::NotIn) => Says::Yes,
            (fits, _) => fits,
        };
    }
    Says::Nothing
}

fn any(said: impl Iterator<Item = Says>) -> Says {
    said.reduce(either).unwrap_or(Says::Nothing)
}

/// Is it an address, or does it begin so? `/users/{id}` may be anything below `/users/`.
fn like(text: &str, path: &str, whole: bool) -> Says {
    let known = path.split('{').next().unwrap_or(path);
    let (text, trimmed) = (text.trim_end_matches('/'), path.trim_end_matches('/'));
    // What only slips through is not what was meant: `/public` and `/publications`.
    let below = path.strip_prefix(text).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let fits = if whole { text == trimmed } else { below };
    match fits {
        true => Says::Yes,
        false if known.len() < path.len() && text.starts_with(known) && text.len() > known.len() => {
            Says::Unclear
        }
        false => Says::No,
    }
}

/// A name that paths go by.
fn is_path(facts: &FileFacts, value: ValueId) -> bool {
    match facts.value(value) {
        Value::Name(name) | Value::Field(_, name) => {
            let words = crate::source::words(name);
            words
                .iter()
                .any(|w| matches!(w.as_str(), "path" | "pathname" | "url" | "route" | "uri" | "endpoint"))
        }
        _ => false,
    }
}

fn ask(rec: &Recognizer, patterns: &Patterns, at: At, path: &str, depth: u32) -> Says {
    let Some(facts) = rec.facts(at.file).filter(|_| depth < DEPTH) else { return Says::Nothing };
    match facts.value(at.value) {
        Value::Either(parts) => {
            let said: Vec<Says> = parts
                .iter()
                .map(|p| ask(rec, patterns, At { file: at.file, value: *p }, path, depth + 1))
                .collect();
            match said.iter().all(|s| *s == Says::Nothing) {
                true => Says::Nothing,
                false => any(said.into_iter().map(|s| if s == Says::Nothing { Says::Unclear } else { s })),
            }
        }
        Value::Name(_) => {
            let found = rec.trace(at, &None);
            let calls = found.iter().filter_map(|t| match t.root {
                Root::Call(file, call) if file == at.file => {
                    Some(asks(rec, patterns, file, call, path, depth + 1))
                }
                _ => None,
            });
            any(calls.filter(|s| *s != Says::Nothing))
        }
        Value::Result(call) => asks(rec, patterns, at.file, *call, path, depth + 1),
        _ => Says::Nothing,
    }
}

fn asks(rec: &Recognizer, patterns: &Patterns, file: FileId, call: CallId, path: &str, depth: u32) -> Says {
    let Some(facts) = rec.facts(file) else { return Says::Nothing };
    let fact = facts.call(call);
    let first = fact.args.first().map(|a| At { file, value: a.value });
    if let Value::Field(base, method) = facts.value(fact.callee) {
        let whole = match method.as_str() {
            "startsWith" | "starts_with" | "startswith" => false,
            "includes" | "contains" | "has" => true,
            "some" | "any" | "find" => {
                let texts = listed(rec, At { file, value: *base });
                return match texts.iter().any(|t| t.starts_with('/')) {
                    true => any(texts.iter().map(|t| like(t, path, false))),
                    false => Says::Nothing,
                };
            }
            _ => return Says::Nothing,
        };
        if is_path(facts, *base) {
            let texts = first.map(|at| rec.texts_at(at)).unwrap_or_default();
            return match texts.is_empty() || texts.iter().any(|t| t.contains('…')) {
                true => Says::Unclear,
                // `path.includes("/x")`: anywhere.
                false if whole => {
                    any(texts.iter().map(|t| if path.contains(t.as_str()) { Says::Yes } else { Says::No }))
                }
                false => any(texts.iter().map(|t| like(t, path, false))),
            };
        }
        if whole && first.is_some_and(|at| is_path(facts, at.value)) {
            let texts = listed(rec, At { file, value: *base });
            return match texts.is_empty() {
                true => Says::Unclear,
                false => any(texts.iter().map(|t| like(t, path, true))),
            };
        }
        return Says::Nothing;
    }
    // A function that was made of patterns: `const open = matcher(["/sign-in(.*)"])`.
    for traced in rec.trace(At { file, value: fact.callee }, &None) {
        match traced.root {
            Root::Call(f, made) => {
                let Some(there) = rec.facts(f) else { continue };
                let texts: Vec<Str> = there
                    .call(made)
                    .args
                    .iter()
                    .flat_map(|a| listed(rec, At { file: f, value: a.value }))
                    .collect();
                if !texts.is_empty() && texts.iter().all(|t| t.starts_with('/')) {
                    let fits = |t: &Str| if patterns.takes(t, path) { Says::Yes } else { Says::No };
                    return any(texts.iter().map(fits));
                }
            }
            Root::Function(f, function) if depth < DEPTH => {
                let Some(there) = rec.facts(f) else { continue };
                let given =
                    there.exits.iter().filter(|e| e.kind == ExitKind::Return && e.function == function);
                let mut said = Vec::new();
                for value in given.filter_map(|e| e.value) {
                    let span = there.node(value).span;
                    said.extend(
                        there
                            .compares
                            .iter()
                            .filter(|c| span.contains(&c.span))
                            .map(|c| compared(there, c, path)),
                    );
                    said.push(ask(rec, patterns, At { file: f, value }, path, depth + 1));
                }
                said.retain(|s| *s != Says::Nothing);
                if !said.is_empty() {
                    return any(said.into_iter());
                }
            }
            _ => {}
        }
    }
    Says::Nothing
}

/// The texts of a list.
fn listed(rec: &Recognizer, at: At) -> Vec<Str> {
    rec.parts_of_list(at, 0)
        .into_iter()
        .flat_map(|at| rec.texts_at(at))
        .filter(|t| !t.contains('…'))
        .collect()
}
