//! A concept at a place, its roles filled with states, values and evidence. Knows no rule.

use std::sync::Arc;

use crate::concepts::{Concept, State};
use crate::facts::CallId;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{Context, Traced};
use crate::source::{FileId, Span, Str};

#[derive(Clone, Debug)]
pub struct Event {
    pub concept: &'static Concept,
    /// The page of the model, and the line of its entry.
    pub model: (Str, usize),
    /// The package, for the summary.
    pub package: Str,
    pub file: FileId,
    /// None for settings and names.
    pub call: Option<CallId>,
    /// The call, the setting's key, or the name.
    pub span: Span,
    /// As the source writes it: `jwt.verify`, `SIMPLE_JWT`.
    pub callee: String,
    /// The callers through which it was reached, when its roles depend on them.
    pub context: Context,
    pub roles: Vec<(&'static str, RoleValue)>,
    /// How sure it is that this is the library's call.
    pub strength: Strength,
    pub in_test: bool,
}

/// What is known of one role.
#[derive(Clone, Debug)]
pub struct RoleValue {
    pub state: State,
    pub values: Vec<Known>,
    pub evidence: Vec<Evidence>,
    pub strength: Strength,
    /// It hangs on a parameter of the function around, and no caller is known.
    pub open: bool,
    /// A check that stands after the call.
    pub later: bool,
    /// The call of a caller that decided it, when it is not the event's own.
    pub decided: Option<Span>,
    /// Where the library takes it, in words: "`audience` in the options (third argument)".
    pub place: String,
}

/// One possible value of a role.
#[derive(Clone, Debug)]
pub struct Known {
    pub traced: Traced,
    pub span: Span,
    pub text: Option<Str>,
    /// Numbers as they stand; spans of time in seconds where the role has a unit.
    pub number: Option<f64>,
    /// Items of a list, keys of a record, when all are known.
    pub items: Option<Vec<Str>>,
    /// The keys of a record that are known, also of a declared type.
    pub keys: Vec<Str>,
    /// The names in the call that it is the result of: `req.cookies.get`.
    pub names: Vec<Str>,
    /// The names that it goes by: variables and fields that lead to it, the parameter, what is called
    /// to make it.
    pub labels: Vec<Str>,
    /// What pages say that it is: `request.read`, `secret.fetch`.
    pub meanings: Vec<&'static str>,
    /// Calls whose results are part of it (items of a list, parts of a text).
    pub parts: Vec<(FileId, CallId)>,
    /// It stands in an env file that feeds the variable, not in the code.
    pub fed: bool,
    /// The environment variable or stored secret it is read from.
    pub outside: Option<Str>,
}

impl Event {
    pub fn role(&self, name: &str) -> Option<&RoleValue> {
        self.roles.iter().find(|(n, _)| *n == name).map(|(_, r)| r)
    }

    pub fn state(&self, name: &str) -> State {
        self.role(name).map_or(State::Unknown, |r| r.state)
    }

    pub fn is_open(&self) -> bool {
        self.roles.iter().any(|(_, r)| r.open)
    }
}

impl RoleValue {
    pub fn state(state: State) -> Self {
        RoleValue {
            state,
            values: Vec::new(),
            evidence: Vec::new(),
            strength: Strength::Stated,
            open: false,
            later: false,
            decided: None,
            place: String::new(),
        }
    }
}

/// Events of a whole project.
pub type Events = Vec<Arc<Event>>;

/// A length of time for people: `15 minutes`, `24 hours`, `7 days`.
pub fn span_words(seconds: f64) -> String {
    let (size, unit) = match seconds {
        s if s >= 172_800.0 => (86_400.0, "day"),
        s if s >= 7_200.0 => (3_600.0, "hour"),
        s if s >= 120.0 => (60.0, "minute"),
        _ => (1.0, "second"),
    };
    let count = (seconds / size * 10.0).round() / 10.0;
    format!("{count} {unit}{}", if count == 1.0 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_well() {
        assert_eq!(span_words(3_600.0), "60 minutes");
        assert_eq!(span_words(2_592_000.0), "30 days");
        assert_eq!(span_words(86_400.0), "24 hours");
    }
}
