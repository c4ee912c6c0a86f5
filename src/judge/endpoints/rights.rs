//! Which endpoints are for few, and ask for nothing but a login? And which ask for no scope where their
//! neighbours do?

use crate::endpoint::{Answer, Endpoint};
use crate::finding::{Evidence, Strength, Verdict};
use crate::rulebook::check::Check;

use super::{Judge, is_of, is_writing, of_siblings, siblings, verdict};

/// Administration behind a login alone.
pub fn roles(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let all = &judge.inventory.endpoints;
    let mut out: Vec<Verdict> = Vec::new();
    for endpoint in all.iter().filter(|e| lacks_role(e)) {
        let privileged = is_of(judge, endpoint, "privileged");
        let rights = is_writing(endpoint) && is_of(judge, endpoint, "rights");
        if !privileged && !rights {
            continue;
        }
        let alike: Vec<&Endpoint> = all
            .iter()
            .filter(|e| e.authentication == Answer::Yes)
            .filter(|e| is_of(judge, e, "privileged") || is_of(judge, e, "rights") && is_writing(e))
            .collect();
        let asking = alike.iter().filter(|e| e.role == Answer::Yes).count();
        let known = all.iter().any(|e| e.role == Answer::Yes);
        // Where nothing in the program asks for a role, there may be none.
        let strength = match (asking >= 2 && asking * 2 >= alike.len(), known) {
            (true, _) => Strength::CrossFile,
            (false, true) => Strength::Inferred,
            (false, false) => Strength::Heuristic,
        };
        let mut evidence = guarded(endpoint);
        if let Some(sentence) = of_siblings(&alike, |g| g.does.role == Answer::Yes) {
            evidence
                .push(Evidence { text: sentence.text.replace("of this router", "of this kind"), ..sentence });
        }
        push(&mut out, verdict(judge, check, endpoint, strength, evidence));
    }
    out
}

/// No scope where the neighbours ask for one.
pub fn scopes(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out: Vec<Verdict> = Vec::new();
    for endpoint in &judge.inventory.endpoints {
        let plain = endpoint.authentication == Answer::Yes
            && endpoint.scope == Answer::No
            && endpoint.role == Answer::No;
        if !plain || endpoint.public.is_some() {
            continue;
        }
        let around = siblings(judge, endpoint);
        let asking = around.iter().filter(|e| e.scope == Answer::Yes).count();
        if asking < 3 || asking * 3 < around.len() * 2 {
            continue;
        }
        let mut evidence = guarded(endpoint);
        evidence.extend(of_siblings(&around, |g| g.does.scope == Answer::Yes));
        push(&mut out, verdict(judge, check, endpoint, Strength::Inferred, evidence));
    }
    out
}

fn lacks_role(endpoint: &Endpoint) -> bool {
    endpoint.authentication == Answer::Yes
        && endpoint.role == Answer::No
        && endpoint.scope == Answer::No
        && endpoint.public.is_none()
}

fn guarded(endpoint: &Endpoint) -> Vec<Evidence> {
    let asks = endpoint.guards.iter().filter(|g| g.does.authentication == Answer::Yes);
    asks.map(|g| Evidence {
        span: g.span,
        text: format!("`{}` asks who calls, and not for what the caller may do", super::short(&g.name)),
        strength: Strength::Stated,
    })
    .collect()
}

fn push(out: &mut Vec<Verdict>, verdict: Verdict) {
    if !out.iter().any(|v| v.place == verdict.place) {
        out.push(verdict);
    }
}
