//! Is the state that was sent with an authorization request ever compared when the answer comes?

use crate::concepts::State;
use crate::event::Event;
use crate::facts::*;
use crate::finding::{Evidence, Strength, Verdict};
use crate::rulebook::check::Check;

use super::Judge;

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out: Vec<Verdict> = Vec::new();
    for group in judge.groups("oauth.authorize") {
        let event = group[0];
        if event.state("state") != State::Checked || event.state("pkce") == State::Checked {
            continue;
        }
        let Some(facts) = judge.facts(event.file) else { continue };
        let Some((span, name)) = dropped(facts, event) else { continue };
        let evidence = vec![
            Evidence { span: event.span, text: "the state is made here".into(), strength: Strength::Stated },
            Evidence {
                span,
                text: format!("`{name}` is never used: nothing can be compared with it"),
                strength: Strength::Stated,
            },
        ];
        let mut verdict = judge.verdict(check, event, event.span, Strength::Stated, evidence);
        verdict.says = "makes a state that is thrown away, so that no callback can compare it".into();
        out.push(verdict);
    }
    out
}

/// The library gives address and state as a pair, and the state's variable is named to be unused:
/// `let (url, _csrf) = …`, `url, _ = …`.
fn dropped(facts: &FileFacts, event: &Event) -> Option<(crate::source::Span, String)> {
    let call = facts.call(event.call?);
    let part = |n: &str| {
        facts.writes.iter().find_map(|w| match (&w.target, facts.value(w.value)) {
            (Target::Variable(name), Value::Field(base, field))
                if field == n
                    && facts.node(*base).span.contains(&call.span)
                    && near(facts, *base, call.span) =>
            {
                Some((w.span, name.to_string()))
            }
            _ => None,
        })
    };
    let (first, second) = (part("0"), part("1"));
    match second {
        Some((span, name)) if name.starts_with('_') && !used(facts, &name) => Some((span, name)),
        None if first.is_some() => Some((call.span, "state".to_string())),
        _ => None,
    }
}

/// The pair is the call's result, or that of a method on it.
fn near(facts: &FileFacts, base: ValueId, call: crate::source::Span) -> bool {
    match facts.value(base) {
        Value::Result(id) => {
            let fact = facts.call(*id);
            fact.span == call
                || matches!(facts.value(fact.callee), Value::Field(inner, _) if near(facts, *inner, call))
        }
        _ => false,
    }
}

fn used(facts: &FileFacts, name: &str) -> bool {
    facts.values.iter().any(|n| matches!(&n.value, Value::Name(x) if x == name))
}
