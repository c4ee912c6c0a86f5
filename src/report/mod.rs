//! An outcome as text for people and machines. Knows no language, no library, no rule.

mod excerpt;
pub mod human;
pub mod json;
mod line_hash;
mod paint;
pub mod routes;
pub mod rules;
pub mod sarif;
mod sarif_rules;

use crate::finding::{Coverage, Hidden, Outcome, ProblemKind, Severity};
use crate::rulebook::check::Check;
use crate::source::{Position, Source, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Human,
    Sarif,
    Json,
}

impl Format {
    pub const ALL: [(&'static str, Format); 3] =
        [("human", Format::Human), ("sarif", Format::Sarif), ("json", Format::Json)];

    pub fn parse(name: &str) -> Option<Format> {
        Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, f)| *f)
    }

    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, f)| *f == self).map_or("human", |(n, _)| n)
    }
}

/// How a report is to look.
#[derive(Clone, Debug)]
pub struct Options {
    pub color: bool,
    /// Boxes and arrows of Unicode; else of ASCII (`TERM=dumb`).
    pub unicode: bool,
    /// Findings only, no summary.
    pub quiet: bool,
    /// With the time of each stage.
    pub timings: bool,
    /// Tells several uploads of one commit apart in SARIF: `services/billing`.
    pub category: Option<String>,
    /// With the line hash that code scanning computes itself when a file is uploaded by its action.
    pub line_hash: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            color: false,
            unicode: true,
            quiet: false,
            timings: false,
            category: None,
            line_hash: false,
            width: 100,
        }
    }
}

pub fn render(format: Format, outcome: &Outcome, rules: &[Check], options: &Options) -> String {
    match format {
        Format::Human => human::render(outcome, options),
        Format::Sarif => sarif::render(outcome, rules, options),
        Format::Json => json::render(outcome, options),
    }
}

/// A span as people and editors count it.
#[derive(Clone, Copy)]
struct Place<'a> {
    source: &'a Source,
    start: Position,
    end: Position,
}

fn place(outcome: &Outcome, span: Span) -> Option<Place<'_>> {
    let source = outcome.source(span)?;
    Some(Place { source, start: source.position(span.start), end: source.position(span.end.max(span.start)) })
}

/// The grave ones first.
const SEVERITIES: [Severity; 4] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn seconds(time: std::time::Duration) -> String {
    match time.as_secs_f64() {
        s if s >= 1.0 => format!("{s:.2} s"),
        s => format!("{:.1} ms", s * 1000.0),
    }
}

/// "analysed 41 of 50 files; 6 mention nothing that a rule speaks of; 3 skipped: minified (3)"
fn coverage_text(coverage: &Coverage) -> String {
    let mut parts = vec![format!("analysed {} of {}", coverage.analysed, counted(coverage.seen, "file"))];
    if coverage.irrelevant > 0 {
        let verb = if coverage.irrelevant == 1 { "mentions" } else { "mention" };
        parts.push(format!("{} {verb} nothing that a rule speaks of", coverage.irrelevant));
    }
    if !coverage.skipped.is_empty() {
        let reasons: Vec<String> =
            coverage.skipped.iter().map(|(reason, n)| format!("{reason} ({n})")).collect();
        parts.push(format!("{} skipped: {}", coverage.skipped.values().sum::<usize>(), reasons.join(", ")));
    }
    parts.join("; ")
}

/// "12 hidden: 8 low confidence or advice (--strict shows them), 4 below --min-severity"
fn hidden_text(coverage: &Coverage) -> String {
    let part = |(why, n): (&Hidden, &usize)| match why {
        Hidden::Profile => format!("{n} low confidence or advice (--strict shows them)"),
        Hidden::Confidence => format!("{n} below --min-confidence"),
        Hidden::Severity => format!("{n} below --min-severity"),
    };
    let parts: Vec<String> = coverage.hidden.iter().map(part).collect();
    format!("{} hidden: {}", coverage.hidden.values().sum::<usize>(), parts.join(", "))
}

/// A sentence of its own: begins with a capital letter and ends with a mark.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let begun = chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default();
    match begun.ends_with(['.', '!', '?', ':']) || begun.is_empty() {
        true => begun,
        false => format!("{begun}."),
    }
}

fn json_text(value: &impl serde::Serialize) -> String {
    // Plain data always serializes; an error would be a fault of this program and shows as one.
    serde_json::to_string_pretty(value)
        .map_or_else(|e| format!("{{\"error\": \"{e}\"}}\n"), |text| text + "\n")
}

/// `too-large`
fn problem_id(kind: ProblemKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(id)) => id,
        _ => "problem".to_owned(),
    }
}
