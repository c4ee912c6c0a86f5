//! Which guards do not guard: they look only whether something is there, or come too late?

use crate::endpoint::{Answer, Endpoint, Guard, GuardKind};
use crate::finding::{Evidence, Strength, Verdict};
use crate::rulebook::check::Check;
use crate::source::Span;

use super::{Judge, short, verdict};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out: Vec<Verdict> = Vec::new();
    let all = &judge.inventory.endpoints;
    let mut told: Vec<Span> = Vec::new();
    for endpoint in all.iter().filter(|e| matches!(e.authentication, Answer::No | Answer::Optional)) {
        // A handler asks for many things; what stands before it asks for the caller.
        let presence = |g: &&Guard| {
            g.does.presence == Answer::Yes && !matches!(g.kind, GuardKind::Body | GuardKind::Wrapper)
        };
        for guard in endpoint.guards.iter().filter(presence) {
            let Some(stands) = guard.function.and(guard.evidence.first()).map(|e| e.span) else { continue };
            if told.contains(&stands) {
                continue;
            }
            told.push(stands);
            let behind = all.iter().filter(|e| has(e, guard)).count();
            let mut found = verdict(judge, check, endpoint, Strength::Inferred, guard.evidence.clone());
            found.place = stands;
            found.subject = short(&guard.name);
            found.says = "looks only whether a credential is there, and never at what it says".into();
            found.evidence.push(Evidence {
                span: endpoint.registered,
                text: match behind {
                    1 => format!("nothing else stands before `{}`", endpoint.name()),
                    n => format!("nothing else stands before `{}` and {} more", endpoint.name(), n - 1),
                },
                strength: Strength::Stated,
            });
            out.push(found);
        }
    }
    for endpoint in all.iter().filter(|e| e.public.is_none()) {
        for lost in &endpoint.effects.lost {
            if told.contains(&lost.span) {
                continue;
            }
            told.push(lost.span);
            let name = lost.text.split('`').nth(1).unwrap_or_default();
            let mut found = verdict(judge, check, endpoint, Strength::Inferred, vec![lost.clone()]);
            found.place = lost.span;
            found.subject = name.to_string();
            found.says = lost.text.rsplit("` ").next().unwrap_or_default().to_string();
            out.push(found);
        }
    }
    out.extend(late(judge, check));
    out
}

fn has(endpoint: &Endpoint, guard: &Guard) -> bool {
    endpoint.guards.iter().any(|g| g.function == guard.function && g.name == guard.name)
}

/// Guards that are registered when nothing comes after them.
fn late(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out = Vec::new();
    for late in &judge.inventory.late {
        let before: Vec<&Endpoint> = judge
            .inventory
            .endpoints
            .iter()
            .filter(|e| {
                late.router.is_some() && e.router == late.router && e.registered.start < late.guard.span.start
            })
            .filter(|e| e.registered.file == late.guard.span.file && e.authentication == Answer::No)
            .collect();
        let Some(first) = before.first() else { continue };
        let mut found =
            judge.plain_verdict(check, &short(&late.guard.name), late.guard.span, Strength::Inferred, false);
        found.says = "is registered after the routes, and stands before none of them".into();
        found.evidence = vec![Evidence {
            span: first.registered,
            text: match before.len() {
                1 => format!("`{}` is registered before it, and is open", first.name()),
                n => format!("`{}` and {} more are registered before it, and are open", first.name(), n - 1),
            },
            strength: Strength::Stated,
        }];
        out.push(found);
    }
    out
}
