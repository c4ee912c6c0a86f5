//! Which endpoints change something, or give out what belongs to somebody, and ask nobody who they are?

use crate::endpoint::{Answer, Endpoint};
use crate::finding::{Evidence, Strength, Verdict};
use crate::rulebook::check::Check;
use crate::source::{Str, words};

use super::{Judge, is_of, is_open, is_writing, of_siblings, siblings, verdict};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let all = &judge.inventory.endpoints;
    let mut out: Vec<Verdict> = Vec::new();
    for endpoint in all.iter().filter(|e| is_open(e)) {
        let Some((strength, evidence)) = why(judge, endpoint) else { continue };
        let verdict = verdict(judge, check, endpoint, strength, evidence);
        if !out.iter().any(|v| v.place == verdict.place) {
            out.push(verdict);
        }
    }
    out
}

fn closed_anywhere(judge: &Judge) -> bool {
    judge.inventory.endpoints.iter().any(|e| e.authentication == Answer::Yes)
}

/// Gives out a token, or takes a password, for nobody in particular.
fn signs_up(endpoint: &Endpoint) -> bool {
    endpoint.effects.signs_in.is_some()
        && matches!(endpoint.method.as_str(), "POST" | "MUTATION" | "ANY")
        && !endpoint.path.contains('{')
}

/// A link that is good for one thing, and that only who got it knows.
fn brings_ticket(endpoint: &Endpoint) -> bool {
    let mut parameters = endpoint.path.split('/').filter(|s| s.starts_with('{'));
    parameters.any(|p| {
        words(p).iter().any(|w| {
            matches!(w.as_str(), "token" | "nonce" | "signature" | "otp" | "ticket" | "secret" | "code")
        })
    })
}

/// Meant to be read by everybody; among personal data only when the address ends so.
fn is_page(judge: &Judge, endpoint: &Endpoint, personal: bool) -> bool {
    let page = [Str::new("public page")];
    let last = endpoint.path.rsplit('/').find(|s| !s.is_empty()).unwrap_or_default();
    // A file by its name: pictures, downloads.
    if words(last).iter().any(|w| matches!(w.as_str(), "file" | "filename" | "image")) && last.contains('{') {
        return true;
    }
    match personal {
        true => !last.contains('{') && judge.credentials.is_of(last, &page),
        false => is_of(judge, endpoint, "public page"),
    }
}

fn why(judge: &Judge, endpoint: &Endpoint) -> Option<(Strength, Vec<Evidence>)> {
    if is_of(judge, endpoint, "public endpoint")
        || signs_up(endpoint)
        || brings_ticket(endpoint)
        || endpoint.guards.iter().any(|g| g.does.network == Answer::Yes)
        || endpoint.function.is_none()
        // What browsers ask before a request.
        || matches!(endpoint.method.as_str(), "OPTIONS" | "TRACE")
    {
        return None;
    }
    let writing = is_writing(endpoint);
    let personal = is_of(judge, endpoint, "personal data");
    let around = siblings(judge, endpoint);
    let closed = around.iter().filter(|e| e.authentication == Answer::Yes).count();
    // Most others ask: this one was forgotten. Of what is only read, only what others that are only read do counts.
    let reading = around.iter().filter(|e| !is_writing(e));
    let (readable, closed_readable) = reading
        .fold((0, 0), |(all, closed), e| (all + 1, closed + usize::from(e.authentication == Answer::Yes)));
    let deviates = match writing {
        true => closed >= 2 && closed * 3 >= around.len() * 2,
        false => closed_readable >= 3 && closed_readable + 1 >= readable,
    };
    let mut evidence = Vec::new();
    let mut strength = match () {
        () if writing && endpoint.effects.changes.is_some() => Strength::Inferred,
        // The method itself says that something is changed or deleted.
        () if writing && (endpoint.method != "POST" || personal) => Strength::Inferred,
        () if writing => Strength::Heuristic,
        () if is_page(judge, endpoint, personal) => return None,
        () if personal => Strength::Inferred,
        () if deviates => Strength::Inferred,
        () => return None,
    };
    // Where all but a few ask, this one was forgotten.
    if deviates && (writing || personal) && (closed + 1) * 10 >= around.len() * 9 {
        strength = Strength::CrossFile;
    }
    // Pages of people under the name that they chose are often for all.
    let handle = endpoint.path.split('/').filter(|s| s.starts_with('{')).any(|p| {
        words(p).iter().any(|w| {
            matches!(w.as_str(), "username" | "user" | "handle" | "slug" | "login" | "name" | "nickname")
        })
    });
    if !writing && !deviates && handle && closed_anywhere(judge) {
        strength = Strength::Heuristic;
    }
    if endpoint.authentication == Answer::Optional || endpoint.condition.is_some() {
        strength = Strength::Heuristic;
    }
    if let Some(changes) = &endpoint.effects.changes {
        evidence.push(changes.clone());
    }
    if let Some(sentence) = of_siblings(&around, |g| g.does.authentication == Answer::Yes) {
        evidence.push(sentence);
    }
    evidence.extend(endpoint.guards.iter().filter(|g| g.does.authentication == Answer::Optional).map(|g| {
        Evidence {
            span: g.span,
            text: format!("`{}` lets callers without credentials pass", super::short(&g.name)),
            strength: Strength::Stated,
        }
    }));
    Some((strength, evidence))
}
