//! Do the issuer and the verifier of one project agree?

use crate::concepts::State;
use crate::event::Event;
use crate::finding::{Evidence, Strength, Verdict};
use crate::rulebook::check::Check;

use super::when::same_value;
use super::{Judge, words};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out = Vec::new();
    let issuers: Vec<&Event> =
        judge.of_concept("jwt.sign").filter(|e| !e.in_test && !judge.is_test_file(e.file)).collect();
    let verifiers: Vec<&Event> =
        judge.of_concept("jwt.verify").filter(|e| !e.in_test && !judge.is_test_file(e.file)).collect();
    for verifier in &verifiers {
        let own: Vec<&&Event> = issuers.iter().filter(|i| share_key(i, verifier)).collect();
        if own.is_empty() {
            continue;
        }
        for (role, word) in [("audience", "audience"), ("issuer", "issuer")] {
            // The issuer takes the trouble to name it, and nobody looks.
            if verifier.state(role) == State::Unchecked
                && let Some(issuer) = own.iter().find(|i| i.state(role) == State::Set)
            {
                let bare = own.iter().find(|i| i.state(role) == State::Unset);
                let which = if bare.is_some() { "some of the" } else { "the" };
                let says = format!("never looks at the {word} that {which} tokens are issued with");
                let mut found = verdict(judge, check, verifier, issuer, role, says);
                if let Some(bare) = bare {
                    found.fix = format!(
                        "first let every place that issues tokens with this key name the {word}, since tokens that \
                         name none would be refused; then demand it here"
                    );
                    found.related.push(step(bare, &format!("a token without an {word} is issued here")));
                }
                push(&mut out, found);
            }
            if verifier.state(role) == State::Checked && own.iter().all(|i| i.state(role) == State::Unset) {
                let says = format!("demands an {word}, and no token of this project is issued with one");
                push(&mut out, verdict(judge, check, verifier, own[0], role, says));
            }
        }
        if let Some((access, refresh)) = interchangeable(judge, &own)
            && !looks_at_kind(judge, verifier)
        {
            let says = "accepts refresh tokens where access tokens are meant: both are signed with one key and look alike".to_string();
            let mut found = verdict(judge, check, verifier, refresh, "key", says);
            found.related.push(step(access, "the access token is issued here"));
            push(&mut out, found);
        }
    }
    shared_secrets(judge, check, &issuers, &mut out);
    out.dedup_by(|a, b| a.place == b.place && a.says == b.says);
    out
}

/// One HMAC secret with which two services of the project issue tokens: each can speak for the other.
fn shared_secrets(judge: &Judge, check: &Check, issuers: &[&Event], out: &mut Vec<Verdict>) {
    let service = |e: &Event| {
        let ecosystem = judge.facts(e.file).map(|f| f.ecosystem)?;
        judge.project.units_of(e.file, ecosystem).next().map(|u| u.folder.clone())
    };
    let symmetric = |e: &Event| {
        let algorithms = e.role("algorithm").map(|r| r.values.as_slice()).unwrap_or_default();
        algorithms
            .iter()
            .flat_map(|v| v.items.iter().flatten())
            .all(|a| a.to_ascii_uppercase().starts_with("HS"))
    };
    for (i, issuer) in issuers.iter().enumerate() {
        let first = issuers[..i].iter().find(|other| {
            share_key(other, issuer) && symmetric(other) && symmetric(issuer) && {
                let (a, b) = (service(other), service(issuer));
                a.is_some() && b.is_some() && a != b
            }
        });
        if let Some(first) = first {
            let says = "signs with the same secret as another service of this project".to_string();
            let mut found = verdict(judge, check, issuer, first, "key", says);
            found.evidence = vec![
                step(issuer, "one service issues tokens here"),
                step(first, "another one does so here, with the same secret"),
            ];
            push(out, found);
        }
    }
}

/// One finding for each thing that an issuer and its verifiers do not agree on; further verifiers
/// are named in it.
fn push(out: &mut Vec<Verdict>, mut verdict: Verdict) {
    let issued = |v: &Verdict| v.evidence.last().map(|step| step.span);
    match out.iter_mut().find(|v| v.says == verdict.says && issued(v) == issued(&verdict)) {
        Some(known) if known.place != verdict.place && known.related.len() < 8 => {
            verdict.evidence.truncate(1);
            known.related.append(&mut verdict.evidence);
        }
        Some(_) => {}
        None => out.push(verdict),
    }
}

fn step(event: &Event, text: &str) -> Evidence {
    Evidence { span: event.span, text: text.into(), strength: Strength::Stated }
}

fn verdict(
    judge: &Judge,
    check: &Check,
    verifier: &Event,
    issuer: &Event,
    role: &str,
    says: String,
) -> Verdict {
    let strength = [verifier, issuer]
        .iter()
        .filter_map(|e| e.role(role))
        .map(|r| r.strength)
        .min()
        .unwrap_or(Strength::Stated);
    let mut out = judge.verdict(
        check,
        verifier,
        verifier.span,
        strength.min(issuer.strength),
        vec![step(verifier, "the token is verified here")],
    );
    out.evidence.push(step(issuer, "the token is issued here"));
    out.says = says;
    out
}

fn share_key(a: &Event, b: &Event) -> bool {
    let (Some(a), Some(b)) = (a.role("key"), b.role("key")) else { return false };
    a.values.iter().any(|x| b.values.iter().any(|y| same_value(x, y)))
}

/// An access and a refresh token of the same key whose payloads have the same keys.
fn interchangeable<'e>(judge: &Judge, issuers: &[&&'e Event]) -> Option<(&'e Event, &'e Event)> {
    let refresh = issuers.iter().find(|e| is_refresh(judge, e))?;
    let access =
        issuers.iter().find(|e| !is_refresh(judge, e) && share_key(e, refresh) && names_access(judge, e))?;
    let keys = |e: &Event| {
        let mut all: Vec<_> = e.role("claims")?.values.iter().flat_map(|v| v.keys.clone()).collect();
        all.sort();
        all.dedup();
        (!all.is_empty()).then_some(all)
    };
    let (a, r) = (keys(access)?, keys(refresh)?);
    let marked = |all: &[crate::source::Str]| {
        all.iter().any(|k| {
            words(k).iter().any(|w| {
                matches!(w.as_str(), "type" | "typ" | "use" | "purpose" | "kind" | "scope" | "refresh")
            })
        })
    };
    let same_audience = access.state("audience") != State::Set || refresh.state("audience") != State::Set;
    (a == r && !marked(&a) && same_audience).then_some((*access, *refresh))
}

/// A refresh token by the names around it; a function that says it issues access tokens does, whoever calls it.
fn is_refresh(judge: &Judge, event: &Event) -> bool {
    let own = judge
        .facts(event.file)
        .zip(event.call)
        .map(|(facts, call)| words(&facts.function(facts.call(call).function).name));
    if own.is_some_and(|own| own.iter().any(|w| w == "access")) {
        return false;
    }
    judge.names_around(event).iter().any(|w| w == "refresh")
}

fn names_access(judge: &Judge, event: &Event) -> bool {
    judge.names_around(event).iter().any(|w| w == "access")
}

/// The verifier's own names say that it is about refresh tokens.
fn looks_at_kind(judge: &Judge, verifier: &Event) -> bool {
    is_refresh(judge, verifier)
}
