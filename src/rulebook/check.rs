//! A check page in its run form.

use std::collections::BTreeMap;

use crate::concepts::Concept;
use crate::finding::Severity;
use crate::source::Str;

/// One rule.
#[derive(Clone, Debug)]
pub struct Check {
    pub id: Str,
    /// One line for lists: what is wrong.
    pub title: String,
    pub severity: Severity,
    /// Reported in the strict profile only.
    pub advice: bool,
    pub references: References,
    /// Markdown sections of the page.
    pub why: String,
    pub fix: String,
    pub prompt: String,
    pub further: String,
    pub judgement: Judgement,
    /// An analysis that is asked besides the condition.
    pub also: Option<Str>,
    pub wording: Wording,
    /// Other words for some of the cases: the first that holds speaks. A check that has some is about
    /// these cases only.
    pub variants: Vec<Variant>,
    /// Named limits that `authlint.toml` can change, with their defaults.
    pub limits: BTreeMap<Str, Limit>,
    /// Texts that make a file worth reading for it; none: what the pages of its concepts name.
    pub words: Vec<Str>,
    /// Values that have rules of their own: nothing is said where such a role's value stands.
    pub spares: Vec<(&'static Concept, Str)>,
    /// Verdicts at one place with the same key become one finding.
    pub merge: Option<Str>,
}

/// Where the rule stands in the field's catalogues.
#[derive(Clone, Debug, Default)]
pub struct References {
    /// 347
    pub cwe: Vec<u32>,
    /// "A07:2021"
    pub owasp: Vec<Str>,
    /// "API2:2023"
    pub api: Vec<Str>,
    /// "RFC 8725 section 3.9"
    pub rfc: Vec<Str>,
}

/// The sentences of a verdict; `{role}` is replaced by what the role is in the code.
#[derive(Clone, Debug, Default)]
pub struct Wording {
    /// Completes a sentence that begins with the callee.
    pub says: String,
    /// One clause: what an attacker gains.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// The role whose value is the place to report; the call when none.
    pub at: Option<Str>,
}

/// A case of a check with sentences of its own; what it does not say, the check says.
#[derive(Clone, Debug)]
pub struct Variant {
    pub when: Condition,
    pub says: Option<String>,
    pub why: Option<String>,
    pub fix: Option<String>,
}

#[derive(Clone, Debug)]
pub enum Judgement {
    /// Events of a concept that meet a condition.
    When(Box<When>),
    /// One of the analyses in `judge`, and the concepts that it reads.
    Analysis(Str, Vec<&'static Concept>),
    /// Said by the tool itself, about comments or pages.
    Builtin,
}

#[derive(Clone, Debug)]
pub struct When {
    pub on: Vec<&'static Concept>,
    pub when: Condition,
    pub unless: Condition,
    /// Reported at low confidence.
    pub doubt: Condition,
    /// Reported one step graver.
    pub grave: Condition,
    /// Several things that the rule says of one event, each with its own condition and wording: the
    /// rule once more, for each of them.
    pub parts: Vec<Check>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    Number(f64),
    /// Seconds.
    Span(f64),
    Words(Vec<Str>),
}

/// A condition on the roles of an event: three-valued.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Role { role: Str, test: Test },
}

/// A test of one role.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// The role's state is one of these.
    State(Vec<crate::concepts::State>),
    /// Some possible value is a text that stands in the source.
    Known(bool),
    /// Some possible value is this text, whatever its case.
    Is(Vec<Str>),
    /// A list (or the value itself) holds this text, whatever its case.
    Contains(Vec<Str>),
    /// A list holds texts of both groups: prefixes of algorithm families.
    Mixes(Vec<Str>, Vec<Str>),
    /// A known text is shorter than this many bytes.
    ShorterThan(Amount),
    /// A known number or span is larger.
    Over(Amount),
    /// A known number is smaller.
    Under(Amount),
    /// A known text, or an item of a list, matches.
    Matches(Pattern),
    /// A text matches, with `…` for each part of it that is not known.
    Shaped(Pattern),
    /// A known text does not have this part, whatever its case.
    LacksText(Str),
    /// A name that leads to the value, or the text of a name, is of one of these kinds.
    Holds(Vec<Str>),
    /// A known text is a real credential, no placeholder.
    Secret(bool),
    /// A known text has the form of a credential.
    Credential(bool),
    /// The file runs in a browser or an app.
    Client(bool),
    /// It stands under a condition on a debug or development mode, or in a file of such settings.
    Debug(bool),
    /// It stands under a condition in whose names one of these words occurs.
    Asked(Vec<Str>),
    /// The file's path matches.
    Path(Pattern),
    /// A record has a field whose name (words of it) is one of these.
    HasField(Vec<Str>),
    /// The value comes from an event of this concept, in this role.
    From(Str, Str),
    /// Names around the place (function, variable, file, payload type) speak of one of these words.
    Named(Vec<Str>),
    /// A name that leads to the value (a variable, a field) holds one of these words.
    Called(Vec<Str>),
    /// The project has an event of this concept whose same role has the same value.
    SharedWith(Str),
    /// The same file has an event of one of these concepts.
    FileHas(Vec<Str>),
    /// The same part of the project (what has a manifest of its own) has an event of one of these concepts.
    PartHas(Vec<Str>),
    /// A name with these words in a row stands in the file or right beside it.
    Near(Vec<Str>),
    /// The same part of the project asks for tokens in at least so many ways.
    Grants(Amount),
    /// A known text is a password that nobody keeps secret: the user's name, a word of its own name.
    Throwaway(bool),
    /// The same text, or the password in it, is set for a program of the same file, as its own, whose port is
    /// open to all.
    Published(bool),
}

/// A number typed in the page, or the name of a limit.
#[derive(Clone, Debug, PartialEq)]
pub enum Amount {
    Fixed(f64),
    Limit(Str),
}

/// A regular expression that compares equal by its text.
#[derive(Clone, Debug)]
pub struct Pattern(pub regex::Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Condition {
    /// A condition that always holds.
    pub fn yes() -> Self {
        Condition::All(Vec::new())
    }

    /// A condition that never holds.
    pub fn no() -> Self {
        Condition::Any(Vec::new())
    }
}
