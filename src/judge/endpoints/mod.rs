//! Questions about endpoints: who may call them, and whether what stands before them holds.
//! Knows no framework.

pub mod exempt;
pub mod ineffective;
pub mod network;
pub mod open;
pub mod rights;

use crate::endpoint::{Answer, Endpoint, Guard};
use crate::finding::{Evidence, Strength, Verdict};
use crate::rulebook::check::Check;
use crate::source::Str;

use super::Judge;

/// Does the path of an endpoint, or its handler's name, say that it is of this kind?
fn is_of(judge: &Judge, endpoint: &Endpoint, kind: &str) -> bool {
    let fixed: Vec<&str> =
        endpoint.path.split('/').filter(|s| !s.contains('{') && !s.contains('…')).collect();
    let kinds = [Str::new(kind)];
    judge.credentials.is_of(&fixed.join("/"), &kinds)
        || judge.credentials.is_of(last_name(&endpoint.handler), &kinds)
}

fn last_name(handler: &str) -> &str {
    handler.rsplit(['.', ':']).next().unwrap_or(handler)
}

/// Does a request of this method change something?
fn is_writing(endpoint: &Endpoint) -> bool {
    matches!(endpoint.method.as_str(), "POST" | "PUT" | "PATCH" | "DELETE" | "MUTATION")
}

/// The endpoints of the same router, itself among them.
fn siblings<'a>(judge: &Judge<'a>, endpoint: &Endpoint) -> Vec<&'a Endpoint> {
    let same = |e: &&Endpoint| e.router.is_some() && e.router == endpoint.router;
    judge.inventory.endpoints.iter().filter(same).collect()
}

/// The guard that most of these endpoints have in common, and how many have it.
fn common_guard<'a>(endpoints: &[&'a Endpoint], asks: impl Fn(&Guard) -> bool) -> Option<(&'a Guard, usize)> {
    let mut counts: Vec<(&Guard, usize)> = Vec::new();
    for endpoint in endpoints {
        let mut seen: Vec<&str> = Vec::new();
        for guard in endpoint.guards.iter().filter(|g| asks(g)) {
            if seen.contains(&guard.name.as_str()) {
                continue;
            }
            seen.push(&guard.name);
            match counts.iter_mut().find(|(g, _)| g.name == guard.name) {
                Some((_, n)) => *n += 1,
                None => counts.push((guard, 1)),
            }
        }
    }
    counts.into_iter().max_by_key(|(_, n)| *n)
}

/// "7 of 8 endpoints of this router stand behind `requireUser`".
fn of_siblings(all: &[&Endpoint], asks: impl Fn(&Guard) -> bool) -> Option<Evidence> {
    let (guard, count) = common_guard(all, asks)?;
    (count > 1).then(|| Evidence {
        span: guard.span,
        text: format!(
            "{count} of {} endpoints of this router stand behind `{}`",
            all.len(),
            short(&guard.name)
        ),
        strength: Strength::Stated,
    })
}

fn short(name: &str) -> String {
    match name.chars().count() > 60 {
        true => format!("{}…", name.chars().take(59).collect::<String>()),
        false => name.to_string(),
    }
}

/// A verdict about an endpoint, at its handler.
fn verdict(
    judge: &Judge,
    check: &Check,
    endpoint: &Endpoint,
    strength: Strength,
    evidence: Vec<Evidence>,
) -> Verdict {
    let mut out = judge.plain_verdict(check, &endpoint.name(), endpoint.place, strength, false);
    let registered = Evidence {
        span: endpoint.registered,
        text: format!("`{}` is registered here", endpoint.name()),
        strength: Strength::Stated,
    };
    out.evidence = evidence;
    if !out.evidence.iter().any(|e| e.span == registered.span) && endpoint.registered != endpoint.place {
        out.evidence.insert(0, registered);
    }
    out
}

/// Is it known whether somebody must sign in?
fn is_open(endpoint: &Endpoint) -> bool {
    matches!(endpoint.authentication, Answer::No | Answer::Optional) && endpoint.public.is_none()
}
