//! Which endpoints are for few, and ask for nothing but a login? And which ask for no scope where their
//! neighbours do?

use crate::endpoint::{Answer, Endpoint, GuardKind};
use crate::finding::{Evidence, Strength, Verdict};
use crate::rulebook::check::Check;
use crate::source::Str;

use super::{Judge, is_of, is_writing, of_siblings, siblings, verdict};

/// Administration behind a login alone.
pub fn roles(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let all = &judge.inventory.endpoints;
    let mut out: Vec<Verdict> = Vec::new();
    for endpoint in all.iter().filter(|e| lacks_role(e)) {
        let privileged = is_for_few(judge, endpoint);
        let rights = is_writing(endpoint) && is_of(judge, endpoint, "rights");
        if !privileged && !rights {
            if let Some(sentence) = neighbours_ask(all, endpoint) {
                let mut evidence = guarded(endpoint);
                evidence.push(sentence);
                let mut found = verdict(judge, check, endpoint, Strength::Inferred, evidence);
                found.says = "asks for nothing but a login, where its neighbours ask for a role".into();
                push(&mut out, found);
            }
            continue;
        }
        let alike: Vec<&Endpoint> = all
            .iter()
            .filter(|e| e.authentication == Answer::Yes)
            .filter(|e| is_for_few(judge, e) || is_of(judge, e, "rights") && is_writing(e))
            .collect();
        let asking = alike.iter().filter(|e| e.role == Answer::Yes).count();
        // Where most of its kind ask for no role, either none is needed or it is asked in a way that was not seen.
        let strength = match asking >= 2 && asking * 3 >= alike.len() * 2 {
            true => Strength::Inferred,
            false => Strength::Heuristic,
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

/// All others that change the same kind of thing ask for a role.
fn neighbours_ask(all: &[Endpoint], endpoint: &Endpoint) -> Option<Evidence> {
    // To make something new is often for all, to change what is there is not.
    if !is_writing(endpoint) || endpoint.method == "POST" {
        return None;
    }
    let kind = |e: &Endpoint| -> String {
        let parts: Vec<&str> =
            e.path.split('/').take_while(|s| !s.starts_with('{')).filter(|s| !s.is_empty()).collect();
        parts.join("/")
    };
    let own = kind(endpoint);
    let others: Vec<&Endpoint> =
        all.iter().filter(|e| is_writing(e) && kind(e) == own && e.place != endpoint.place).collect();
    let asking: Vec<&Endpoint> = others.iter().copied().filter(|e| e.role == Answer::Yes).collect();
    let guard = asking.first()?.guards.iter().find(|g| g.does.role == Answer::Yes)?;
    (asking.len() >= 2 && asking.len() == others.len() && !own.is_empty()).then(|| Evidence {
        span: guard.span,
        text: format!("the {} others that change `/{own}` ask for a role, as here", others.len()),
        strength: Strength::Stated,
    })
}

fn lacks_role(endpoint: &Endpoint) -> bool {
    endpoint.authentication == Answer::Yes
        && endpoint.role == Answer::No
        && endpoint.scope == Answer::No
        && endpoint.public.is_none()
        && endpoint.effects.asks_rights.is_none()
        // What the handler asks of the caller itself may be more than a login.
        && !endpoint.guards.iter().any(|g| g.kind == GuardKind::Body && g.does.authentication == Answer::Yes)
}

/// A part of the address that stands before all parameters and others: `/admin/users`.
fn is_for_few(judge: &Judge, endpoint: &Endpoint) -> bool {
    let fixed: Vec<&str> =
        endpoint.path.split('/').filter(|s| !s.is_empty()).take_while(|s| !s.starts_with('{')).collect();
    let inner = match endpoint.path.trim_end_matches('/').ends_with(fixed.last().copied().unwrap_or_default())
    {
        true => &fixed[..fixed.len().saturating_sub(1)],
        false => &fixed[..],
    };
    let few = [Str::new("privileged")];
    inner.iter().any(|s| judge.credentials.is_of(s, &few))
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
