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
    /// The configuration formats that its settings speak of; none: settings of code and env files.
    pub formats: Vec<Str>,
    pub writes: Vec<WriteModel>,
    pub variables: Vec<VariableModel>,
    pub names: Vec<NameModel>,
    pub credentials: Vec<CredentialModel>,
    pub guards: Vec<GuardModel>,
    pub records: Vec<RecordModel>,
    pub files: Vec<FileModel>,
    pub directives: Vec<DirectiveModel>,
    pub tables: Vec<TableModel>,
    pub controllers: Vec<ControllerModel>,
    pub operations: Vec<OperationsModel>,
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
    pub roles: Vec<(Str, Spec)>,
    pub line: usize,
}

/// A class or interface whose methods run before a handler: where it is attached, or as the type of a
/// parameter.
#[derive(Clone, Debug)]
pub struct GuardModel {
    /// What the project's class derives from or implements.
    pub bases: Vec<Str>,
    /// The methods that decide.
    pub methods: Vec<Str>,
    /// Methods that are handed what was found out: where the class has its own and it stops nobody, credentials
    /// are optional.
    pub last: Vec<Str>,
    /// What the methods give back says whether the request goes on.
    pub verdict: bool,
    /// The result says whether the request may go on.
    pub answers: bool,
    /// It is handed a credential; the request goes on when it gives something back.
    pub proves: bool,
    pub line: usize,
}

/// A record with a field that names something of the library: `{ provide: APP_GUARD, useClass: Guard }`.
#[derive(Clone, Debug)]
pub struct RecordModel {
    pub field: Str,
    pub paths: Vec<Str>,
    pub concept: &'static Concept,
    pub roles: Vec<(Str, Spec)>,
    pub line: usize,
}

/// Files that are routes by where they stand.
#[derive(Clone, Debug)]
pub struct FileModel {
    pub concept: &'static Concept,
    /// Folders that paths begin at: `app`, `src/app`.
    pub below: Vec<Str>,
    /// File names without their ending; `*` is any, and a part of the path.
    pub names: Vec<Str>,
    /// Names of files that are the folder itself.
    pub index: Vec<Str>,
    /// Parts of paths that addresses do not show: `(*)`.
    pub hidden: Vec<Str>,
    /// Files below such folders are no routes.
    pub not: Vec<Str>,
    /// What joins parts of a path in one file name.
    pub split: Str,
    /// What parameters begin with.
    pub parameter: Str,
    /// What paths begin with.
    pub at: Str,
    /// Exported names, and the methods that they answer.
    pub exports: Vec<(Str, Str)>,
    /// The exported value that lists the paths.
    pub paths: Vec<Str>,
    pub line: usize,
}

/// A statement that is only a text, and makes a function a route, or all that a file exports.
#[derive(Clone, Debug)]
pub struct DirectiveModel {
    pub text: Str,
    pub method: Str,
    pub line: usize,
}

/// A list of routes that a module keeps under a certain name.
#[derive(Clone, Debug)]
pub struct TableModel {
    pub names: Vec<Str>,
    /// What names the module of the program's own table.
    pub root: Vec<Source>,
    /// What runs before all routes of that one.
    pub guard: Vec<Source>,
    pub line: usize,
}

/// A class whose methods answer requests.
#[derive(Clone, Debug, Default)]
pub struct ControllerModel {
    /// The library's classes: a class of the project that derives from one answers.
    pub bases: Vec<Str>,
    /// Methods, and what they answer: `GET`, or `GET {pk}/` below the class's own path.
    pub answers: Vec<(Str, Str)>,
    /// Methods that the library's classes bring along.
    pub inherited: Vec<Str>,
    /// Fields that say what the paths of its decorated methods begin with.
    pub at: Vec<Str>,
    /// Fields that hold guards; the nearest class that has one decides.
    pub guards: Vec<Str>,
    /// Settings whose guards hold where no class has such a field.
    pub otherwise: Vec<Str>,
    /// Fields that list the only methods that are answered.
    pub verbs: Vec<Str>,
    /// Methods of the class that make a handler of it.
    pub makers: Vec<Str>,
    /// Methods that run before every handler of the class.
    pub before: Vec<Str>,
    /// Methods of the class whose answer says whether the request may go on.
    pub decides: Vec<Str>,
    /// Methods of the class that give the guards back, in the place of the fields.
    pub chosen_by: Vec<Str>,
    pub line: usize,
}

/// The keys of a document that says which function answers what.
#[derive(Clone, Debug, Default)]
pub struct OperationsModel {
    /// The record of paths, each a record of methods.
    pub paths: Str,
    /// Below a method: the function, by its name.
    pub handler: Vec<Str>,
    /// The module that the name is looked up in, below a method, a path or the top.
    pub module: Vec<Str>,
    /// The list of what is demanded, below a method or at the top.
    pub security: Str,
    /// From the top: what the names in that list stand for.
    pub schemes: Vec<Str>,
    /// Below one of those: the function that checks the credential.
    pub check: Vec<Str>,
    /// From the top: what all paths begin with.
    pub base: Vec<Str>,
    pub line: usize,
}

/// A place of settings code or configuration that stands for an event.
#[derive(Clone, Debug)]
pub struct SettingModel {
    /// As written: `SIMPLE_JWT`, `services.*.ports.*`.
    pub key: Str,
    /// In documents: some of the sources is one of the literals, for each line.
    pub when: Vec<Test>,
    /// The entry does not hold where one of these lines does.
    pub unless: Vec<Test>,
    /// Items of a list are texts `NAME=value`, split at this.
    pub pairs: Option<Str>,
    pub encoding: Option<Encoding>,
    pub versions: Requirement,
    pub concept: &'static Concept,
    pub roles: Vec<(Str, Spec)>,
    pub line: usize,
}

/// Some of the places holds one of the literals.
#[derive(Clone, Debug)]
pub struct Test {
    pub places: Vec<Source>,
    pub literals: Vec<Literal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Base64,
}

/// An assignment that stands for an event.
#[derive(Clone, Debug)]
pub struct WriteModel {
    pub paths: Vec<Str>,
    pub concept: &'static Concept,
    pub when: Vec<Test>,
    pub roles: Vec<(Str, Spec)>,
    pub line: usize,
}

/// An environment variable that means something wherever it is set.
#[derive(Clone, Debug)]
pub struct VariableModel {
    pub names: Vec<Str>,
    pub concept: &'static Concept,
    pub roles: Vec<(Str, Spec)>,
    pub line: usize,
}

/// What a name says of its value.
#[derive(Clone, Debug)]
pub struct NameModel {
    pub kind: Str,
    /// Words in a row, lower case.
    pub words: Vec<Vec<String>>,
    pub not: Vec<Vec<String>>,
    /// Only in records that have one of these names too; empty: anywhere.
    pub beside: Vec<Vec<String>>,
    pub line: usize,
}

/// Texts that are credentials by their looks.
#[derive(Clone, Debug)]
pub struct CredentialModel {
    pub kind: Str,
    pub starts: Vec<Str>,
    pub pattern: super::check::Pattern,
    /// Meant to be seen.
    pub public: bool,
    pub checksum: Option<Checksum>,
    pub line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    /// The last six characters are the CRC-32 of what stands between the first `_` and them, in base 62.
    Crc32Base62,
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
    /// Values that leave the answer to the next alternative.
    pub next: Vec<Literal>,
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
    /// A text that begins so, also when only its beginning is known.
    Starts(Str),
    /// A function value.
    Function,
    /// Any of these.
    OneOf(Vec<Literal>),
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
    /// All arguments of a call.
    Args,
    /// The arguments from the n-th on.
    Rest(usize),
    /// The matched place of a document, or what an assignment assigns.
    Value,
    /// The top of the document.
    Top,
    /// What stands around the matched place, so many steps up (1: beside it).
    Up(usize),
    /// A key matched by `*`, by its place; the last one when none is given.
    Name(Option<usize>),
}
