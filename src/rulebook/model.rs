//! A model page in its run form: what the calls, types, values and settings of a library mean.

use crate::concepts::{Concept, State};
use crate::source::{Ecosystem, Str};

use super::version::Requirement;

/// What one page says.
#[derive(Clone, Debug)]
pub struct Model {
    /// The page it comes from; for inferred models the function's place in words.
    pub page: Str,
    pub ecosystem: Ecosystem,
    /// The registry's name; empty for the language's own names.
    pub package: Str,
    /// What imports name. Empty: global names.
    pub modules: Vec<Str>,
    pub calls: Vec<CallModel>,
    pub types: Vec<TypeModel>,
    pub values: Vec<ValueModel>,
    pub settings: Vec<SettingModel>,
    /// Files that import it, or use its global names, run on this side.
    pub side: Option<Side>,
    /// Texts that make a file worth reading even when it names no module.
    pub words: Vec<Str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A browser or an app: it cannot keep a secret, and it decides nothing.
    Client,
    Server,
}

#[derive(Clone, Debug)]
pub struct CallModel {
    /// To be named by `config` sources.
    pub label: Str,
    /// Member paths below a module (`verify`, `jwt.decode`, `Client.verifyIdToken`), or `*.name`:
    /// a method of any receiver.
    pub paths: Vec<Str>,
    pub versions: Requirement,
    pub concept: Option<&'static Concept>,
    pub when: Vec<(Source, Literal)>,
    /// The type (of the same page) that the result is.
    pub returns: Option<Str>,
    pub roles: Vec<(Str, Spec)>,
    /// The line of the page, for proofs.
    pub line: usize,
}

#[derive(Clone, Debug)]
pub struct TypeModel {
    pub name: Str,
    pub versions: Requirement,
    /// Calls that make one; for classes, the name itself.
    pub construct: Vec<Str>,
    /// Methods give the receiver back.
    pub fluent: bool,
    pub properties: Vec<(Str, Spec)>,
    /// Field defaults of classes deriving from it are overridden by the environment.
    pub env_fields: bool,
    pub line: usize,
}

/// A name that is a value: `process.env.*`.
#[derive(Clone, Debug)]
pub struct ValueModel {
    pub path: Str,
    pub concept: &'static Concept,
    pub line: usize,
}

/// A key of settings code or configuration that stands for an event.
#[derive(Clone, Debug)]
pub struct SettingModel {
    pub key: Str,
    pub versions: Requirement,
    pub concept: &'static Concept,
    pub roles: Vec<(Str, Spec)>,
    pub line: usize,
}

/// Where a role comes from and what its value means; alternatives in the order of precedence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spec {
    pub alternatives: Vec<Alternative>,
    /// When no alternative is there; none: as the concept says.
    pub absent: Option<State>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alternative {
    /// Tried in order; empty for a state that always holds.
    pub from: Vec<Source>,
    /// Holds whatever the value is.
    pub state: Option<State>,
    /// What it is worth, where the call itself says so: `"password"` for the call of that grant.
    pub text: Option<Str>,
    pub present: Option<State>,
    /// What certain values mean.
    pub values: Vec<(Literal, State)>,
    /// A record or list with this key or item means this state.
    pub has: Vec<(Str, State)>,
    /// A record or list known to be without it means this state.
    pub lacks: Vec<(Str, State)>,
    /// The unit of a number.
    pub unit: Option<Unit>,
    /// The unit of a text of digits; texts with a unit (`15m`) are read as such.
    pub text_unit: Option<Unit>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Bool(bool),
    Number(f64),
    Text(Str),
    Null,
    /// `[]`, `{}`, `""`.
    Empty,
    Absent,
    Present,
    /// The page's own module: `app.register(jwt)`.
    Module,
    /// A part of a text that was split at this separator.
    PartOf(Str),
    /// A function value.
    Function,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Seconds,
    Milliseconds,
    Minutes,
    Hours,
    Days,
    Weeks,
    EpochSeconds,
    EpochMilliseconds,
    /// Numbers mean nothing; only spans of time and texts with units.
    Span,
}

/// Where to look, in words: `arg 2.audience`.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub base: Base,
    /// Field names below it.
    pub path: Vec<Str>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Base {
    Arg(usize),
    Keyword(Str),
    Receiver,
    Result,
    /// The n-th generic argument of the callee.
    Generic(usize),
    /// On properties: an argument of the call that made the object.
    Construct(usize),
    /// The same, only when it was made by the call of this name.
    ConstructBy(Str, usize),
    ConstructKeyword(Str),
    /// On properties: an argument of a method called on it.
    Method(Str, usize),
    /// On properties: the field of the object.
    Field(Str),
    /// The same sources on the project's calls of another entry of this page.
    Config(Str, Box<Base>),
    Setting(Vec<Str>),
    Env(Str),
    /// The last part of a name matched by `*`.
    Wildcard,
}
