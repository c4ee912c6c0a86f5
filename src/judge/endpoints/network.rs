//! Which endpoints let callers pass by where they come from, or by what they say of themselves?

use crate::endpoint::{Answer, Endpoint};
use crate::finding::{Strength, Verdict};
use crate::rulebook::check::Check;

use super::{Judge, is_of, is_writing, verdict};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out: Vec<Verdict> = Vec::new();
    for endpoint in &judge.inventory.endpoints {
        // Beside a login, an address is one more hurdle.
        if endpoint.authentication == Answer::Yes || endpoint.public.is_some() {
            continue;
        }
        let Some(guard) = endpoint.guards.iter().find(|g| g.does.network == Answer::Yes) else { continue };
        if !matters(judge, endpoint) {
            continue;
        }
        let mut verdict = verdict(judge, check, endpoint, Strength::Inferred, guard.evidence.clone());
        if let Some(asked) = guard.evidence.iter().find(|e| e.text.contains("comes from")) {
            verdict.place = asked.span;
        }
        if !out.iter().any(|v| v.place == verdict.place) {
            out.push(verdict);
        }
    }
    out
}

fn matters(judge: &Judge, endpoint: &Endpoint) -> bool {
    (is_writing(endpoint) || is_of(judge, endpoint, "personal data") || is_of(judge, endpoint, "privileged"))
        && endpoint.effects.signs_in.is_none()
}
