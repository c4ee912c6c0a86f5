//! Does the program itself give out tokens for a user's password, by the protocol's grant of that name?

use crate::facts::*;
use crate::finding::{Confidence, Evidence, Strength, Verdict};
use crate::rulebook::check::Check;

use super::{Judge, words};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out = Vec::new();
    for facts in judge.project.files.iter().flatten() {
        for compare in &facts.compares {
            let sides = [(compare.left, compare.right), (compare.right, compare.left)];
            let asks = sides.iter().any(|(name, text)| {
                matches!(facts.value(*text), Value::Text(t) if t == "password") && names_grant(facts, *name)
            });
            if compare.op != CompareOp::Equal || !asks || refused(facts, compare) {
                continue;
            }
            let callee = "grant_type=password".to_string();
            let Some(event) = judge.place_event("oauth.exchange", facts.file, None, compare.span, callee)
            else {
                continue;
            };
            let text = "the grant is served here".to_string();
            let evidence = vec![Evidence { span: compare.span, text, strength: Strength::Stated }];
            let mut verdict = judge.verdict(check, &event, compare.span, Strength::Inferred, evidence);
            verdict.says = "is served: clients may send users' passwords".into();
            let issues = judge.of_concept("jwt.sign").any(|e| {
                e.file == facts.file && e.call.is_some_and(|c| facts.call(c).function == compare.function)
            });
            if !issues {
                verdict.confidence = Confidence::Low;
            }
            out.push(verdict);
        }
    }
    out
}

fn names_grant(facts: &FileFacts, id: ValueId) -> bool {
    match facts.value(id) {
        Value::Name(name) | Value::Field(_, name) => words(name) == ["grant", "type"],
        Value::Result(call) => {
            facts.call(*call).args.first().is_some_and(
                |a| matches!(facts.value(a.value), Value::Text(t) if words(t) == ["grant", "type"]),
            )
        }
        _ => false,
    }
}

/// The branch that the comparison opens says no.
fn refused(facts: &FileFacts, compare: &Compare) -> bool {
    let branch = facts.regions.iter().position(|r| {
        r.kind == RegionKind::Branch && r.conditions.iter().any(|c| c.span.contains(&compare.span))
    });
    let Some(branch) = branch.map(|i| RegionId(i as u32)) else { return true };
    facts.exits.iter().any(|e| {
        facts.encloses(branch, e.region)
            && (e.kind == ExitKind::Throw
                || e.value.is_some_and(|v| {
                    words(&show::value(facts, v, 5)).iter().any(|w| {
                        matches!(
                            w.as_str(),
                            "unsupported" | "error" | "invalid" | "err" | "400" | "401" | "403"
                        )
                    })
                }))
    }) && !facts.calls.iter().any(|c| {
        facts.encloses(branch, c.region)
            && words(&show::value(facts, c.callee, 3)).iter().any(|w| {
                matches!(
                    w.as_str(),
                    "authenticate" | "login" | "user" | "encode" | "sign" | "issue" | "token" | "password"
                )
            })
    })
}
