//! What the scan says: evidence, verdicts, findings, problems. Knows no rule by name.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::source::{Source, Span, Str};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

/// How sure the analysis is: computed from the evidence, never typed into a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    Low,
    Medium,
    High,
}

impl Confidence {
    /// One step down.
    pub fn lower(self) -> Self {
        match self {
            Confidence::High => Confidence::Medium,
            _ => Confidence::Low,
        }
    }
}

impl Severity {
    /// One step up.
    pub fn graver(self) -> Self {
        match self {
            Severity::Low => Severity::Medium,
            Severity::Medium => Severity::High,
            _ => Severity::Critical,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

impl Confidence {
    pub fn word(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// One step of the way from a value to what is said of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Evidence {
    pub span: Span,
    /// A clause for people: "`options` is defined here", "no `audience` in this object".
    pub text: String,
    pub strength: Strength,
}

/// How a step was known, weakest first: the weakest of a chain bounds the confidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Strength {
    /// Guessed from a name, or one of several possible values.
    Heuristic,
    /// Through a function of the project that was read as a wrapper; version of a library unknown.
    Inferred,
    /// Through another file.
    CrossFile,
    /// It stands there.
    Stated,
}

impl Strength {
    pub fn confidence(self) -> Confidence {
        match self {
            Strength::Heuristic => Confidence::Low,
            Strength::Inferred => Confidence::Medium,
            Strength::CrossFile | Strength::Stated => Confidence::High,
        }
    }
}

/// One check said yes at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub rule: Str,
    pub severity: Severity,
    pub confidence: Confidence,
    pub place: Span,
    /// What the message speaks of, as the source writes it: `jwt.verify`.
    pub subject: String,
    /// Completes the sentence that begins with the subject: "accepts tokens issued for any audience".
    pub says: String,
    /// One clause: what an attacker gains.
    pub why: String,
    /// What to do, in the library's own words.
    pub fix: String,
    /// Verdicts with the same place and the same key become one finding.
    pub merge: Option<Str>,
    /// In the order in which a reviewer reads them.
    pub evidence: Vec<Evidence>,
    /// Other places that belong to the story (other callers, the other service).
    pub related: Vec<Evidence>,
    /// The text to hand to a coding assistant, filled in.
    pub prompt: String,
    /// The place is test or example code.
    pub in_test: bool,
}

/// What is reported: one or several verdicts about one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The gravest rule.
    pub rule: Str,
    /// All rules in it, the gravest first.
    pub rules: Vec<Str>,
    pub severity: Severity,
    pub confidence: Confidence,
    pub place: Span,
    /// "`jwt.verify` accepts tokens issued for any audience and by any issuer"
    pub message: String,
    pub why: String,
    pub fix: String,
    pub prompt: String,
    pub evidence: Vec<Evidence>,
    pub related: Vec<Evidence>,
    /// Hex; the same after lines moved and comments changed.
    pub fingerprint: String,
    pub suppressed: Option<Suppression>,
    pub in_test: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Where the comment stands.
    pub span: Span,
    pub reason: String,
}

/// Something that could not be read or was left out. Never ends a scan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub kind: ProblemKind,
    /// Relative to the scanned folder; empty when it concerns no file.
    pub path: Str,
    /// Where in the file, if anywhere.
    pub span: Option<Span>,
    /// What, why, and what to do about it.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// The file or folder could not be read (permissions, broken link, loop).
    Unreadable,
    /// Left out by size or line length.
    TooLarge,
    /// Binary, or an encoding that is not understood.
    NotText,
    /// Decoded with replacement characters.
    Encoding,
    /// Part of the file did not parse.
    Syntax,
    /// A manifest or lock file could not be read: versions unknown.
    Manifest,
    /// A budget ended before the answer was found.
    Budget,
    /// A route, mount or guard that was not understood.
    Route,
}

/// A stage of the scan and how long it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    pub stage: &'static str,
    pub time: Duration,
}

/// Why a finding is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hidden {
    /// Low confidence, or advice: the default profile leaves it out.
    Profile,
    /// Less sure than the user asked for.
    Confidence,
    /// Less severe than the user asked for.
    Severity,
}

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Files that the walk saw and whose syntax is known.
    pub seen: usize,
    /// Of those: lowered and judged.
    pub analysed: usize,
    /// Of those: no word in them that any rule could speak of.
    pub irrelevant: usize,
    /// Left out, by reason in words ("larger than 1 MB", "minified", "unreadable").
    pub skipped: BTreeMap<String, usize>,
    /// Events recognised, by concept ("jwt.verify" -> 3).
    pub events: BTreeMap<String, usize>,
    /// Libraries whose pages matched something, with the version if known.
    pub libraries: BTreeMap<String, String>,
    /// Findings that are not shown, by what hid them.
    pub hidden: BTreeMap<Hidden, usize>,
    pub suppressed: usize,
}

/// All that a report may show.
#[derive(Debug, Default)]
pub struct Outcome {
    /// By `FileId`.
    pub sources: Vec<Source>,
    /// In the order of path, place, rule; suppressed ones included.
    pub findings: Vec<Finding>,
    /// In the order of path, place, kind.
    pub problems: Vec<Problem>,
    pub coverage: Coverage,
    pub timings: Vec<Timing>,
    pub elapsed: Duration,
}

impl Outcome {
    pub fn source(&self, span: Span) -> Option<&Source> {
        self.sources.get(span.file.0 as usize)
    }

    /// Findings that nobody suppressed.
    pub fn active(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.suppressed.is_none())
    }
}
