//! Checks of claims that stand after the call that read them: a validator of the library, or a
//! comparison by hand. Knows no rule.

use crate::concepts::State;
use crate::event::{Event, RoleValue};
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Root, Traced};
use crate::source::{FileId, Span};

use super::Recognizer;

/// The claims whose comparison counts, and the role it fills.
const CLAIMS: [(&[&str], &str); 3] = [
    (&["aud", "audience", "azp", "client_id"], "audience"),
    (&["iss", "issuer"], "issuer"),
    (&["exp", "expires_at", "expiration"], "expiry"),
];

/// The verifications of the token whose claims a call gave: the call itself, or those of the same
/// token beside a call that only decoded it. A claim that is compared before the signature is checked
/// is the one that was signed.
fn verified_too(events: &[Event], call: CallId) -> Vec<CallId> {
    let token = |e: &Event| {
        let values = e.role("token").map_or(&[][..], |r| r.values.as_slice());
        values.first().map(|known| known.traced.root.clone())
    };
    let decoded = events.iter().find(|e| e.call == Some(call) && e.concept.name == "jwt.decode");
    let Some(decoded) = decoded else { return vec![call] };
    let Some(read) = token(decoded).filter(|root| *root != Root::Unknown) else { return Vec::new() };
    let verified = events.iter().filter(|e| e.concept.name == "jwt.verify" && token(e) == Some(read.clone()));
    verified.filter_map(|e| e.call).collect()
}

impl Recognizer<'_> {
    /// Raises the roles of `jwt.verify` events by what happens to their claims in this file.
    pub fn add_later_checks(&self, file: FileId, events: &mut [Event]) {
        let Some(facts) = self.facts(file) else { return };
        let mut raised: Vec<(CallId, &'static str, Span)> = Vec::new();
        if events.iter().any(|e| e.concept.name == "jwt.verify") {
            for compare in &facts.compares {
                for side in [compare.left, compare.right] {
                    for traced in self.trace(At { file, value: side }, &None) {
                        if let Some((call, name)) = self.compared_claim(&traced, file, 0) {
                            let verified = verified_too(events, call);
                            raised.extend(verified.into_iter().map(|call| (call, name, compare.span)));
                        }
                    }
                }
            }
        }
        let validations: Vec<Event> =
            events.iter().filter(|e| e.concept.name == "jwt.validate").cloned().collect();
        for validation in &validations {
            let Some(claims) = validation.role("claims") else { continue };
            for known in &claims.values {
                let Some(call) = self.claims_of(&known.traced, file) else { continue };
                for role in ["audience", "issuer", "expiry"] {
                    if validation.state(role) == State::Checked {
                        raised.push((call, role, validation.span));
                    }
                }
            }
        }
        for (call, role, span) in raised {
            for event in events.iter_mut().filter(|e| e.call == Some(call) && e.concept.name == "jwt.verify")
            {
                let Some((_, value)) = event.roles.iter_mut().find(|(name, _)| *name == role) else {
                    continue;
                };
                if value.state != State::Checked {
                    let text = "the claim is checked here".to_string();
                    let evidence = vec![Evidence { span, text, strength: Strength::Stated }];
                    *value = RoleValue { evidence, later: true, ..RoleValue::state(State::Checked) };
                }
            }
        }
    }

    /// `payload.aud`, `claims.get("iss")`, `[claims["aud"]]`: the call whose claim it is, and the
    /// role that comparing it fills.
    fn compared_claim(&self, traced: &Traced, file: FileId, depth: u32) -> Option<(CallId, &'static str)> {
        let role = |name: &str| CLAIMS.iter().find(|(names, _)| names.contains(&name)).map(|(_, role)| *role);
        let mut root = &traced.root;
        while let Root::Member(base, name) = root {
            if let Some(role) = role(name) {
                return Some((
                    self.claims_of(&Traced { root: (**base).clone(), ..traced.clone() }, file)?,
                    role,
                ));
            }
            root = base;
        }
        match root {
            Root::Call(f, call) => {
                let facts = self.facts(*f)?;
                let call = facts.call(*call);
                let Value::Field(base, method) = facts.value(call.callee) else { return None };
                let asked = call.args.first().and_then(|a| match facts.value(a.value) {
                    Value::Text(name) => role(name),
                    _ => None,
                });
                let role = asked.or_else(|| role(method))?;
                let base = self.trace(At { file: *f, value: *base }, &None);
                base.iter().find_map(|t| self.claims_of(t, file)).map(|call| (call, role))
            }
            Root::Value(at) if depth < 3 => {
                let Value::List(items) = self.facts(at.file)?.value(at.value) else { return None };
                items.iter().find_map(|item| {
                    let found = self.trace(At { file: at.file, value: *item }, &None);
                    found.iter().find_map(|t| self.compared_claim(t, file, depth + 1))
                })
            }
            _ => None,
        }
    }

    /// The call of this file whose claims a value is part of.
    fn claims_of(&self, traced: &Traced, file: FileId) -> Option<CallId> {
        let mut root = &traced.root;
        loop {
            match root {
                Root::Member(base, _) => root = base,
                Root::Call(f, call) => {
                    let callee = self.callee(*f, *call);
                    if callee
                        .entries
                        .iter()
                        .filter_map(|e| self.index.call(*e).concept)
                        .any(|c| matches!(c.name, "jwt.verify" | "jwt.decode"))
                    {
                        return (*f == file).then_some(*call);
                    }
                    // A method of the claims: `claims.get("aud")`, `payload.issuer()`.
                    let facts = self.facts(*f)?;
                    let Value::Field(base, _) = facts.value(facts.call(*call).callee) else { return None };
                    let base = At { file: *f, value: *base };
                    return self
                        .trace(base, &None)
                        .iter()
                        .filter(|t| t.root != *root)
                        .find_map(|t| self.claims_of(t, file));
                }
                _ => return None,
            }
        }
    }
}
