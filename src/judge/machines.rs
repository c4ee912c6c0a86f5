//! Is a token of a machine fetched anew with each call?

use crate::concepts::State;
use crate::event::Event;
use crate::facts::*;
use crate::finding::{Confidence, Evidence, Strength, Verdict};
use crate::rulebook::check::Check;

use super::{Judge, words};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out: Vec<Verdict> = Vec::new();
    for group in judge.groups("oauth.exchange") {
        let event = group[0];
        if !is_machine(event) || event.state("cached") == State::Checked {
            continue;
        }
        let Some(facts) = judge.facts(event.file) else { continue };
        let Some(function) = function_of(facts, event) else { continue };
        if function == FunctionId(0) || starts_up(facts, function) || keeps(facts, function, event) {
            continue;
        }
        let callers = callers(judge, facts, function);
        if callers.iter().any(|c| c.keeps) || !callers.is_empty() && callers.iter().all(|c| c.starts_up) {
            continue;
        }
        let called = callers.iter().find(|c| !c.starts_up);
        let strength = if called.is_some() { Strength::CrossFile } else { Strength::Inferred };
        let name = &facts.function(function).name;
        let text = match name.is_empty() {
            true => "the function around it keeps nothing".to_string(),
            false => format!("`{name}` fetches one whenever it is called, and keeps nothing"),
        };
        let evidence = vec![Evidence { span: event.span, text, strength: Strength::Stated }];
        let mut verdict = judge.verdict(check, event, event.span, strength, evidence);
        if let Some(caller) = called {
            verdict.related.push(Evidence {
                span: caller.span,
                text: "called here".into(),
                strength: Strength::Stated,
            });
        }
        // A tool that speaks to any server, in whatever way the server wants.
        if judge.grants_of_part(event) >= 3 {
            verdict.confidence = Confidence::Low;
        }
        if !out.iter().any(|v| v.place == verdict.place) {
            out.push(verdict);
        }
    }
    out
}

fn is_machine(event: &Event) -> bool {
    let grants = event.role("grant").map(|r| r.values.as_slice()).unwrap_or_default();
    grants.iter().any(|k| k.text.as_ref().is_some_and(|t| t == "client_credentials"))
}

/// The function that the call stands in; the named one around a callback.
fn function_of(facts: &FileFacts, event: &Event) -> Option<FunctionId> {
    let inner = match event.call {
        Some(call) => facts.call(call).function,
        None => facts.values.iter().find(|n| event.span.contains(&n.span))?.function,
    };
    Some(inner)
}

/// The function and those around it, without the module.
fn chain(facts: &FileFacts, function: FunctionId) -> Vec<FunctionId> {
    let mut out = Vec::new();
    let mut at = Some(function);
    while let Some(id) = at {
        if id != FunctionId(0) {
            out.push(id);
        }
        at = facts.function(id).parent;
    }
    out
}

const START: [&str; 12] = [
    "main",
    "init",
    "initialize",
    "setup",
    "bootstrap",
    "start",
    "startup",
    "connect",
    "lifespan",
    "cli",
    "script",
    "seed",
];

/// Code that runs once: the beginning of a program, a constructor, a script.
fn starts_up(facts: &FileFacts, function: FunctionId) -> bool {
    let region = facts.function(function).region;
    facts.in_test(region)
        || chain(facts, function).iter().any(|id| {
            let f = facts.function(*id);
            f.is_constructor || words(&f.name).iter().any(|w| START.contains(&w.as_str()))
        })
}

const KEEPS: [&str; 21] = [
    "cache",
    "cached",
    "caching",
    "memo",
    "memoize",
    "memoized",
    "lru",
    "ttl",
    "redis",
    "memcached",
    "once",
    "singleton",
    "revalidate",
    "keyv",
    "store",
    "stored",
    "persist",
    "save",
    "swr",
    "lazy",
    "moka",
];
const EXPIRY: [&str; 14] = [
    "exp",
    "expiry",
    "expires",
    "expire",
    "expired",
    "expiration",
    "expiring",
    "ttl",
    "valid",
    "until",
    "fresh",
    "stale",
    "age",
    "deadline",
];

fn any_word(text: &str, wanted: &[&str]) -> bool {
    words(text).iter().any(|w| wanted.contains(&w.as_str()))
}

/// The result outlives the call, or a kept one is asked first.
fn keeps(facts: &FileFacts, function: FunctionId, event: &Event) -> bool {
    let around = chain(facts, function);
    let within = |f: FunctionId| chain(facts, f).iter().any(|id| around.contains(id));
    // Written to a field of an object, or a variable of the module.
    let kept = facts.writes.iter().any(|w| {
        within(w.function)
            && w.kind != WriteKind::Remove
            && match &w.target {
                Target::Variable(name) => !declared_in(facts, &around, name),
                Target::Field(base, _) => match base_name(facts, *base) {
                    Some(name) => {
                        !declared_in(facts, &around, name) && !is_parameter(facts, &around, name)
                            || matches!(name.as_str(), "this" | "self" | "cls")
                    }
                    None => false,
                },
                Target::Index(base, _) => {
                    base_name(facts, *base).is_some_and(|name| !declared_in(facts, &around, name))
                }
            }
    });
    let compared = facts.compares.iter().any(|c| {
        within(c.function) && [c.left, c.right].iter().any(|v| any_word(&show::value(facts, *v, 5), &EXPIRY))
    });
    let conditions = facts.regions.iter().any(|r| {
        within(r.function)
            && r.conditions.iter().any(|c| {
                let text = show::value(facts, c.value, 5);
                any_word(&text, &EXPIRY) || any_word(&text, &KEEPS)
            })
    });
    let called = facts.calls.iter().any(|c| {
        (within(c.function) || c.span.contains(&event.span)) && {
            let text = show::value(facts, c.callee, 5);
            any_word(&text, &KEEPS)
        }
    });
    let named = around.iter().any(|id| {
        let f = facts.function(*id);
        any_word(&f.name, &KEEPS) || any_word(&f.owner_name, &KEEPS)
    });
    let marked = facts.attributes.iter().any(|a| match a.on {
        Attached::Function(f) => around.contains(&f) && any_word(&show::value(facts, a.value, 4), &KEEPS),
        _ => false,
    });
    // A setting of the request itself: `next: { revalidate: 300 }`.
    let asked = facts.values.iter().any(|n| {
        within(n.function)
            && matches!(&n.value, Value::Record(r) if r.entries.iter().any(|e| {
                matches!(&e.key, Key::Text(k) if k == "revalidate")
            }))
    });
    // `const getToken = cached(async () => …)`; a class or module that compares times elsewhere.
    let wrapped = facts.functions.iter().enumerate().any(|(i, f)| {
        around.contains(&FunctionId(i as u32))
            && facts.calls.iter().any(|c| {
                c.args.iter().any(|a| {
                    facts.node(a.value).span == f.span
                        || matches!(facts.value(a.value), Value::Name(n) if *n == f.name)
                }) && any_word(&show::value(facts, c.callee, 4), &KEEPS)
            })
    });
    kept || compared || conditions || called || named || marked || asked || wrapped
}

fn declared_in(facts: &FileFacts, around: &[FunctionId], name: &str) -> bool {
    facts.writes.iter().any(|w| {
        w.kind == WriteKind::Declare
            && around.iter().any(|f| chain(facts, w.function).contains(f))
            && matches!(&w.target, Target::Variable(n) if n == name)
    })
}

fn is_parameter(facts: &FileFacts, around: &[FunctionId], name: &str) -> bool {
    around.iter().any(|f| facts.function(*f).params.iter().any(|p| p.name == name))
}

fn base_name(facts: &FileFacts, id: ValueId) -> Option<&crate::source::Str> {
    match facts.value(id) {
        Value::Name(name) => Some(name),
        Value::Field(base, _) => base_name(facts, *base),
        _ => None,
    }
}

struct Caller {
    keeps: bool,
    starts_up: bool,
    span: crate::source::Span,
}

/// Calls of a function, by its name: in its own file and in those that import it.
fn callers(judge: &Judge, of: &FileFacts, function: FunctionId) -> Vec<Caller> {
    let named = chain(of, function).into_iter().find(|f| !of.function(*f).name.is_empty());
    let Some(name) = named.map(|f| of.function(f).name.clone()) else { return Vec::new() };
    if name.len() < 4 {
        return Vec::new();
    }
    let mut out = Vec::new();
    for facts in judge.project.files.iter().flatten() {
        if facts.ecosystem != of.ecosystem || judge.is_test_file(facts.file) {
            continue;
        }
        for (i, call) in facts.calls.iter().enumerate() {
            let called = match facts.value(call.callee) {
                Value::Name(n) | Value::Field(_, n) => *n == name,
                _ => false,
            };
            let handed =
                call.args.iter().any(|a| matches!(facts.value(a.value), Value::Name(n) if *n == name));
            if !called && !handed {
                continue;
            }
            let inside = chain(facts, call.function);
            let Some(event) = judge.place_event(
                "oauth.exchange",
                facts.file,
                Some(CallId(i as u32)),
                call.span,
                String::new(),
            ) else {
                continue;
            };
            let at_top = call.function == FunctionId(0);
            out.push(Caller {
                keeps: keeps_called(facts, call.function, &event, at_top)
                    || handed && any_word(&show::value(facts, call.callee, 4), &KEEPS),
                starts_up: at_top || inside.first().is_some_and(|f| starts_up(facts, *f)),
                span: call.span,
            });
        }
    }
    out
}

fn keeps_called(facts: &FileFacts, function: FunctionId, event: &Event, at_top: bool) -> bool {
    !at_top && keeps(facts, function, event)
}
