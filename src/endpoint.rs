//! Who may call what: an address that the program answers at, and what stands before its handler.
//! Knows no library and no rule.

pub mod address;
pub mod changes;
pub mod declared;
pub mod survey;

use serde::Serialize;

use crate::facts::FunctionId;
use crate::finding::{Evidence, Problem, Strength};
use crate::source::{FileId, Span, Str};

/// Three values and two shades of no: nobody must prove anything, or the question does not arise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    #[default]
    No,
    /// A caller who brings credentials is known, one without is let in.
    Optional,
    /// Something stands there that could not be read.
    Unknown,
    Yes,
    /// Nothing to ask for.
    Na,
}

impl Answer {
    pub fn word(self) -> &'static str {
        match self {
            Answer::No => "no",
            Answer::Optional => "optional",
            Answer::Unknown => "unknown",
            Answer::Yes => "yes",
            Answer::Na => "na",
        }
    }
}

/// How a guard is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GuardKind {
    /// In the list of what runs before the handler, or around a router.
    Middleware,
    /// A decorator, annotation or attribute of the handler or its class.
    Decorator,
    /// A parameter whose value is made by a function that runs first.
    Dependency,
    /// A parameter whose type reads the request.
    Extractor,
    /// Registered for all routes of a scope, wherever they are registered.
    Hook,
    /// A function around the handler.
    Wrapper,
    /// The handler's own code, or what it calls.
    Body,
    /// A setting of the program or a document.
    Setting,
}

/// What something does to a request before its handler's work begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Does {
    /// Stops requests without valid credentials.
    pub authentication: Answer,
    /// Stops callers without a role or permission.
    pub role: Answer,
    /// Stops tokens without a scope.
    pub scope: Answer,
    /// Lets requests pass, or stops them, by where they come from.
    pub network: Answer,
    /// Only looks whether a credential is there.
    pub presence: Answer,
}

impl Does {
    pub fn nothing(self) -> bool {
        self == Does::default()
    }

    /// Both stand before the handler.
    pub fn and(self, other: Does) -> Does {
        Does {
            authentication: self.authentication.max(other.authentication),
            role: self.role.max(other.role),
            scope: self.scope.max(other.scope),
            network: self.network.max(other.network),
            presence: self.presence.max(other.presence),
        }
    }
}

/// What is told of a guard that stops others and lets this route pass.
pub const LETS_PASS: &str = "lets this path pass";

/// Something that stands before a handler.
#[derive(Clone, Debug, PartialEq)]
pub struct Guard {
    /// As the source writes it: `requireUser`, `Depends(get_current_user)`.
    pub name: Str,
    /// Where it is attached.
    pub span: Span,
    pub kind: GuardKind,
    pub does: Does,
    /// The function that it is, when the project defines it.
    pub function: Option<(FileId, FunctionId)>,
    /// Paths that it lets pass by how they begin, or by what they contain.
    pub exempts: Vec<Exempt>,
    /// Why it is thought to do so: where credentials are read, where the request is stopped.
    pub evidence: Vec<Evidence>,
    pub strength: Strength,
}

impl Guard {
    /// Its name, for people: what the handler does itself has none.
    pub fn title(&self) -> &str {
        match self.name.is_empty() {
            true => "a check in the handler",
            false => &self.name,
        }
    }
}

/// A guard's own list of who may pass: `path.startsWith("/public")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exempt {
    pub text: Str,
    pub span: Span,
    /// The text may stand anywhere in the path.
    pub anywhere: bool,
}

/// A guard that nothing follows on its router.
#[derive(Clone, Debug, PartialEq)]
pub struct Late {
    pub guard: Guard,
    pub router: Option<Span>,
}

/// What the handler does, as far as its code and what it calls tell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// Something is stored, changed, deleted or sent.
    pub changes: Option<Evidence>,
    /// A token or session is given out, or a password asked for: a login.
    pub signs_in: Option<Evidence>,
    /// A call whose name speaks of rights, and that could not be read.
    pub asks_rights: Option<Evidence>,
    /// Checks on the way whose outcome nobody looks at.
    pub lost: Vec<Evidence>,
}

/// Something that the client sends and the handler reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    pub from: InputFrom,
    pub name: Str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum InputFrom {
    Path,
    Query,
    Body,
    Header,
    Cookie,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// `GET`, `ANY`; `QUERY`, `MUTATION` for fields without an address of their own.
    pub method: Str,
    /// The full address, parameters as `{id}`, the rest of a path as `{rest*}`, what is not known as `…`.
    pub path: Str,
    /// Where the handler is defined.
    pub place: Span,
    /// Where the route is registered.
    pub registered: Span,
    pub handler: Str,
    /// The handler's function, when the project defines it.
    pub function: Option<(FileId, FunctionId)>,
    /// The page that told the shape: `express`.
    pub framework: Str,
    /// What must hold for the route to exist: `settings.DEBUG`.
    pub condition: Option<Str>,
    /// Outermost first.
    pub guards: Vec<Guard>,
    pub inputs: Vec<Input>,
    pub effects: Effects,
    /// The router it is registered on: endpoints of one router are siblings.
    pub router: Option<Span>,
    pub authentication: Answer,
    pub role: Answer,
    pub scope: Answer,
    pub ownership: Answer,
    /// Said to be public on purpose, and where: a marker, a setting.
    pub public: Option<Evidence>,
}

impl Endpoint {
    /// `DELETE /users/{id}`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Callers without credentials are let in, on purpose or not.
    pub fn is_open(&self) -> bool {
        matches!(self.authentication, Answer::No | Answer::Optional)
    }

    /// Open, and nobody said that it should be.
    pub fn is_unprotected(&self) -> bool {
        self.is_open() && self.public.is_none()
    }

    /// The guards that make the answer what it is.
    pub fn evidence(&self) -> impl Iterator<Item = &Guard> {
        self.guards.iter().filter(|g| !g.does.nothing())
    }
}

/// All that is known of who may call what.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// By path, then method, then place.
    pub endpoints: Vec<Endpoint>,
    /// Guards that are registered too late to stand before anything.
    pub late: Vec<Late>,
    /// What was not understood: paths worked out at run time, mounts that could not be read.
    pub problems: Vec<Problem>,
}
