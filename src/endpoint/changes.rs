//! What became of the endpoints between two states of a project. Knows no version control and no format.

use std::collections::BTreeMap;

use super::address::{FIELDS, shape};
use super::survey::Survey;
use super::{Answer, Endpoint};
use crate::source::Str;

/// In the order of the inventories.
#[derive(Debug, Default)]
pub struct Changes<'a> {
    pub added: Vec<&'a Endpoint>,
    pub removed: Vec<&'a Endpoint>,
    pub changed: Vec<Change<'a>>,
}

/// An endpoint whose guards or answers are others now.
#[derive(Debug)]
pub struct Change<'a> {
    pub before: &'a Endpoint,
    pub after: &'a Endpoint,
    /// Names of guards that no longer stand before it.
    pub lost: Vec<Str>,
    pub gained: Vec<Str>,
    pub answers: Vec<AnswerChange>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerChange {
    /// `authentication`, `role`, `scope`, `ownership`.
    pub what: &'static str,
    pub before: Answer,
    pub after: Answer,
}

impl AnswerChange {
    /// What was asked of callers is asked no longer. That it is no longer known is not said to be a loss.
    pub fn is_loss(&self) -> bool {
        self.before == Answer::Yes && matches!(self.after, Answer::No | Answer::Optional)
    }
}

impl Change<'_> {
    /// Callers must prove less than before.
    pub fn is_loss(&self) -> bool {
        self.answers.iter().any(AnswerChange::is_loss)
    }
}

impl Changes<'_> {
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }

    /// New endpoints that nobody guards, and those that lost protection.
    pub fn unprotected(&self) -> usize {
        let added = self.added.iter().filter(|e| e.is_unprotected()).count();
        added + self.changed.iter().filter(|c| c.is_loss() && c.after.public.is_none()).count()
    }

    /// Leaves only these.
    pub fn keep_unprotected(&mut self) {
        self.added.retain(|e| e.is_unprotected());
        self.removed.clear();
        self.changed.retain(|c| c.is_loss() && c.after.public.is_none());
    }
}

/// Endpoints are the same when method and address are, whatever their parameters are called.
pub fn between<'a>(before: &'a Survey, after: &'a Survey) -> Changes<'a> {
    let mut earlier: BTreeMap<(Str, String), Vec<&Endpoint>> = BTreeMap::new();
    for endpoint in &before.inventory.endpoints {
        earlier.entry(identity(endpoint)).or_default().push(endpoint);
    }
    let mut later: BTreeMap<(Str, String), Vec<&Endpoint>> = BTreeMap::new();
    for endpoint in &after.inventory.endpoints {
        later.entry(identity(endpoint)).or_default().push(endpoint);
    }
    let mut changes = Changes::default();
    for (identity, now) in later {
        let mut then = earlier.remove(&identity).unwrap_or_default();
        let mut rest = Vec::new();
        // Several of one address: first those whose handler kept its name, or its condition.
        for endpoint in now {
            let alike = then
                .iter()
                .position(|e| e.handler == endpoint.handler && e.condition == endpoint.condition)
                .or_else(|| then.iter().position(|e| e.handler == endpoint.handler));
            match alike {
                Some(n) => changes.changed.extend(compare(then.remove(n), endpoint)),
                None => rest.push(endpoint),
            }
        }
        for endpoint in rest {
            match then.is_empty() {
                true => changes.added.push(endpoint),
                false => changes.changed.extend(compare(then.remove(0), endpoint)),
            }
        }
        changes.removed.extend(then);
    }
    changes.removed.extend(earlier.into_values().flatten());
    let order = |e: &Endpoint| (e.path.clone(), e.method.clone(), e.place);
    changes.added.sort_by_key(|e| order(e));
    changes.removed.sort_by_key(|e| order(e));
    changes.changed.sort_by_key(|c| order(c.after));
    changes
}

fn identity(endpoint: &Endpoint) -> (Str, String) {
    let path = match FIELDS.contains(&endpoint.method.as_str()) {
        true => endpoint.path.to_string(),
        false => shape(&endpoint.path),
    };
    (endpoint.method.clone(), path)
}

fn compare<'a>(before: &'a Endpoint, after: &'a Endpoint) -> Option<Change<'a>> {
    let (mut lost, mut gained) = (names(before), names(after));
    gained.retain(|name| match lost.iter().position(|other| other == name) {
        Some(n) => {
            lost.remove(n);
            false
        }
        None => true,
    });
    let answers: Vec<AnswerChange> = [
        ("authentication", before.authentication, after.authentication),
        ("role", before.role, after.role),
        ("scope", before.scope, after.scope),
        ("ownership", before.ownership, after.ownership),
    ]
    .into_iter()
    .filter(|(_, before, after)| before != after)
    .map(|(what, before, after)| AnswerChange { what, before, after })
    .collect();
    let is_same = lost.is_empty() && gained.is_empty() && answers.is_empty();
    (!is_same).then_some(Change { before, after, lost, gained, answers })
}

/// The guards that do something or may; a logger that comes or goes is nothing to tell.
fn names(endpoint: &Endpoint) -> Vec<Str> {
    let words = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ");
    endpoint.evidence().map(|guard| words(guard.title()).into()).collect()
}
