//! What a function does to a request: who it looks up, and whether it stops those it does not know.
//! Judged by what the code does, never by what it is called. Knows no framework and no rule.

mod calls;
mod conditions;
mod exempt;
mod reader;
mod stretch;
mod values;

use crate::endpoint::{Answer, Does, Effects, Exempt};
use crate::finding::{Evidence, Strength};
use crate::source::Span;

pub use reader::Reader;

/// What is said of a function that gives back "no".
const REFUSES: &str = "refuses here";

const SAYS_NO: &str = "says no here";

/// What is said where a name tells who calls, and nothing was looked up.
pub const READS_CALLER: &str = "reads who the caller is";

/// What is found in a function, and in what it calls.
#[derive(Clone, Debug, Default)]
pub struct Powers {
    /// A token, session or user is verified or looked up; fails by itself when `strict`.
    pub identity: Option<Evidence>,
    /// A header, cookie or key that proves the caller is read.
    pub credential: Option<Evidence>,
    /// Something is compared, or looked up with it.
    pub tested: bool,
    /// The request is stopped.
    pub stop: Option<Evidence>,
    /// It is stopped, and not because something else is wrong with it.
    pub denies: Option<Evidence>,
    /// It is stopped with "who are you": 401, a login page, a failed verification.
    pub unknown_caller: Option<Evidence>,
    /// A condition asks for the caller.
    pub asks_caller: Option<Evidence>,
    pub role: Option<Evidence>,
    /// The request is stopped because of a role, not merely somewhere.
    pub role_stops: Option<Evidence>,
    pub scope: Option<Evidence>,
    /// A condition asks where the request comes from.
    pub network: Option<Evidence>,
    /// A call whose name speaks of rights, and that could not be read.
    pub asks_rights: Option<Evidence>,
    /// Checks whose outcome is lost.
    pub lost: Vec<Evidence>,
    /// Paths that pass.
    pub exempts: Vec<Exempt>,
    pub changes: Option<Evidence>,
    pub signs_in: Option<Evidence>,
    /// Callers are counted, and stopped when there are too many of them.
    pub limits: bool,
    /// Who the caller is was verified or looked up by a library, not only named.
    pub proven: bool,
    /// Failures are values here: a name alone proves little.
    pub by_value: bool,
    /// Said by the library: without credentials the request goes on.
    pub optional: bool,
    /// A call that could not be read and whose name speaks of authentication.
    pub unread: Option<Evidence>,
}

impl Powers {
    /// As something that stands before a handler.
    pub fn as_guard(&self) -> Does {
        let stops = self.stop.is_some() || self.unknown_caller.is_some();
        let known = self.identity.is_some() || self.credential.is_some() && self.tested;
        let authentication = match (known, stops) {
            (true, true) if self.limits && self.unknown_caller.is_none() => Answer::No,
            (true, true) if self.optional && self.unknown_caller.is_none() => Answer::Optional,
            (true, true) => Answer::Yes,
            (true, false) => Answer::Optional,
            _ if self.unread.is_some() => Answer::Unknown,
            _ => Answer::No,
        };
        let role = match self.role.is_some() && stops {
            true => Answer::Yes,
            false => Answer::No,
        };
        let scope = match self.scope.is_some() && stops {
            true => Answer::Yes,
            false => Answer::No,
        };
        let yes = |holds: bool| if holds { Answer::Yes } else { Answer::No };
        let network = yes(self.network.is_some() && stops);
        let presence = yes(!known && self.credential.is_some() && stops);
        Does { authentication, role, scope, network, presence }
    }

    pub fn effects(&self) -> Effects {
        Effects {
            changes: self.changes.clone(),
            signs_in: self.signs_in.clone(),
            asks_rights: self.asks_rights.clone(),
            lost: self.lost.clone(),
        }
    }

    /// As the handler itself: that somebody is looked up is no check.
    pub fn as_body(&self) -> Does {
        let asked = self.unknown_caller.is_some()
            // Who brings a credential to be given another one is only about to be let in.
            && (self.identity.is_some() || self.credential.is_some() && self.tested && self.signs_in.is_none())
            || self.asks_caller.is_some()
                && self.denies.is_some()
                && (self.identity.is_some() || self.credential.is_some() && self.tested)
                && (self.proven || !self.by_value);
        let asked = asked && (self.proven || !self.by_value || self.signs_in.is_none());
        let mut does = self.as_guard();
        if !asked || self.optional {
            does.authentication = Answer::No;
            does.presence = Answer::No;
            if !asked {
                does.role = Answer::No;
                does.scope = Answer::No;
            }
        }
        does
    }

    pub fn evidence(&self) -> Vec<Evidence> {
        let all = [
            &self.credential,
            &self.identity,
            &self.role,
            &self.scope,
            &self.network,
            &self.unknown_caller,
            &self.stop,
            &self.unread,
        ];
        let mut out: Vec<Evidence> = Vec::new();
        for step in all.into_iter().flatten() {
            if !out.contains(step) {
                out.push(step.clone());
            }
        }
        out
    }

    pub(super) fn take(&mut self, other: &Powers) {
        let fill = |own: &mut Option<Evidence>, new: &Option<Evidence>| {
            if own.is_none() {
                own.clone_from(new);
            }
        };
        fill(&mut self.identity, &other.identity);
        fill(&mut self.credential, &other.credential);
        fill(&mut self.stop, &other.stop);
        fill(&mut self.denies, &other.denies);
        fill(&mut self.unknown_caller, &other.unknown_caller);
        fill(&mut self.asks_caller, &other.asks_caller);
        fill(&mut self.role, &other.role);
        fill(&mut self.role_stops, &other.role_stops);
        fill(&mut self.scope, &other.scope);
        fill(&mut self.unread, &other.unread);
        fill(&mut self.asks_rights, &other.asks_rights);
        fill(&mut self.network, &other.network);
        fill(&mut self.changes, &other.changes);
        fill(&mut self.signs_in, &other.signs_in);
        let new = other.lost.iter().filter(|e| !self.lost.contains(e)).cloned().collect::<Vec<_>>();
        self.lost.extend(new);
        self.limits |= other.limits;
        self.tested |= other.tested;
        self.proven |= other.proven;
        self.optional |= other.optional;
    }
}

fn note(slot: &mut Option<Evidence>, span: Span, text: &str) {
    if slot.is_none() {
        *slot = Some(Evidence { span, text: text.into(), strength: Strength::Stated });
    }
}
