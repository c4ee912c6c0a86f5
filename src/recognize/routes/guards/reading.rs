//! What a guard is read as, and two such readings as one. Knows no expression and no framework.

use crate::concepts::State;
use crate::endpoint::{Answer, Does, Exempt};
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::recognize::routes::carve::Carve;
use crate::rulebook::model::Spec;
use crate::source::{FileId, Span, Str, words};

/// Words of a name that make something unread worth telling.
const TELLING: &[&str] = &[
    "auth",
    "authenticate",
    "authenticated",
    "authentication",
    "authorize",
    "authorized",
    "authorization",
    "login",
    "guard",
    "permission",
    "permissions",
    "protect",
    "protected",
    "require",
    "required",
    "requires",
    "ensure",
    "jwt",
    "token",
    "session",
    "secure",
    "secured",
    "signed",
    "access",
    "role",
    "roles",
    "admin",
    "user",
    "verify",
    "policy",
    "identity",
    "acl",
];

/// Words of guards against other things than strangers.
const OTHERWISE: &[&str] = &[
    "throttle",
    "throttler",
    "throttling",
    "rate",
    "limit",
    "limits",
    "limiter",
    "csrf",
    "xsrf",
    "cors",
    "agent",
    "header",
    "headers",
    "captcha",
    "recaptcha",
    "maintenance",
    "cache",
    "logger",
    "logging",
];

/// What a guard is made of, before it is told.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub does: Does,
    pub evidence: Vec<Evidence>,
    pub function: Option<(FileId, FunctionId)>,
    pub strength: Option<Strength>,
    /// Said to be open to everybody.
    pub public: bool,
    /// Paths that it lets pass, or the only ones that it looks at.
    pub carved: Vec<Carve>,
    /// Requests that change nothing pass.
    pub reads: bool,
    /// Paths that pass.
    pub exempts: Vec<Exempt>,
}

pub(super) fn is_telling(name: &str) -> bool {
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    has(TELLING) && !has(OTHERWISE)
}

pub(super) fn unknown(span: Span, name: &str) -> Reading {
    Reading {
        does: Does { authentication: Answer::Unknown, ..Does::default() },
        evidence: vec![Evidence {
            span,
            text: format!("`{name}` could not be read"),
            strength: Strength::Stated,
        }],
        ..Reading::default()
    }
}

/// Both stand before the handler.
pub(super) fn both(a: Reading, b: Reading) -> Reading {
    let mut evidence = a.evidence;
    evidence.extend(b.evidence.into_iter().filter(|e| !evidence.contains(e)).collect::<Vec<_>>());
    Reading {
        does: a.does.and(b.does),
        evidence,
        function: a.function.or(b.function),
        strength: a.strength.or(b.strength),
        public: a.public || b.public,
        carved: a.carved.into_iter().chain(b.carved).collect(),
        reads: (a.reads || a.does.nothing()) && (b.reads || b.does.nothing()) && (a.reads || b.reads),
        exempts: a.exempts.into_iter().chain(b.exempts).collect(),
    }
}

/// One of them is enough.
pub(super) fn any(a: Reading, b: Reading) -> Reading {
    let does = Does {
        authentication: a.does.authentication.min(b.does.authentication),
        role: a.does.role.min(b.does.role),
        scope: a.does.scope.min(b.does.scope),
        ..Does::default()
    };
    let reads = a.reads || b.reads;
    Reading { does, reads, ..both(a, b) }
}

/// One of the two stands there: what only one does is not sure.
pub(super) fn either(a: Reading, b: Reading) -> Reading {
    let weaker = |x: Answer, y: Answer| if x == y { x } else { Answer::Unknown };
    let does = match (a.does.nothing(), b.does.nothing()) {
        // A switch over configuration: the branch that guards is the one that is meant.
        (false, true) => a.does,
        (true, false) => b.does,
        _ => Does {
            authentication: weaker(a.does.authentication, b.does.authentication),
            role: weaker(a.does.role, b.does.role),
            scope: weaker(a.does.scope, b.does.scope),
            ..Does::default()
        },
    };
    let mut out = both(a, b);
    out.does = does;
    out
}

pub(super) fn said(
    required: State,
    role: State,
    scope: State,
    span: Span,
    _roles: &[(Str, Spec)],
) -> Reading {
    let yes = |state: State| if state == State::Set { Answer::Yes } else { Answer::No };
    let authentication = match required {
        State::Off => Answer::Optional,
        State::Unknown => Answer::Yes,
        _ => Answer::Yes,
    };
    Reading {
        does: Does { authentication, role: yes(role), scope: yes(scope), ..Does::default() },
        evidence: vec![Evidence {
            span,
            text: match authentication {
                Answer::Optional => "lets callers without credentials pass".into(),
                _ => "stops callers without valid credentials".into(),
            },
            strength: Strength::Stated,
        }],
        ..Reading::default()
    }
}

/// A state that the page gives, whatever the arguments.
pub(super) fn stated(roles: &[(Str, Spec)], name: &str) -> State {
    let spec = roles.iter().find(|(n, _)| n == name).map(|(_, s)| s);
    spec.and_then(|s| s.alternatives.first()?.state.or(s.absent)).unwrap_or(State::Unset)
}
