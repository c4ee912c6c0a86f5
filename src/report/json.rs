//! Our own JSON, version 1; its shape is documented in docs/json.md.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::finding::{
    Confidence, Coverage, Evidence, Finding, Hidden, Outcome, Problem, ProblemKind, Severity,
};

use super::{Options, json_text, place};

const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    tool: Tool,
    findings: Vec<FindingForm<'a>>,
    problems: Vec<ProblemForm<'a>>,
    coverage: CoverageForm<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timings: Option<BTreeMap<&'static str, f64>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingForm<'a> {
    rule: &'a str,
    rules: Vec<&'a str>,
    severity: Severity,
    confidence: Confidence,
    #[serde(flatten)]
    place: PlaceForm<'a>,
    end_line: u32,
    end_column: u32,
    message: &'a str,
    why: &'a str,
    fix: &'a str,
    prompt: &'a str,
    evidence: Vec<StepForm<'a>>,
    related: Vec<StepForm<'a>>,
    fingerprint: &'a str,
    suppressed: Option<SuppressedForm<'a>>,
    test: bool,
}

#[derive(Serialize)]
struct PlaceForm<'a> {
    path: &'a str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct StepForm<'a> {
    #[serde(flatten)]
    place: PlaceForm<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct SuppressedForm<'a> {
    reason: &'a str,
    #[serde(flatten)]
    place: Option<PlaceForm<'a>>,
}

#[derive(Serialize)]
struct ProblemForm<'a> {
    kind: ProblemKind,
    path: &'a str,
    line: Option<u32>,
    column: Option<u32>,
    message: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CoverageForm<'a> {
    seen: usize,
    analysed: usize,
    irrelevant: usize,
    skipped: &'a BTreeMap<String, usize>,
    events: &'a BTreeMap<String, usize>,
    libraries: &'a BTreeMap<String, String>,
    hidden: usize,
    hidden_for: BTreeMap<&'static str, usize>,
    suppressed: usize,
}

pub fn render(outcome: &Outcome, options: &Options) -> String {
    let mut timings = BTreeMap::new();
    for timing in &outcome.timings {
        *timings.entry(timing.stage).or_insert(0.0) += timing.time.as_secs_f64();
    }
    json_text(&Report {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        findings: outcome.findings.iter().map(|f| finding(outcome, f)).collect(),
        problems: outcome.problems.iter().map(|p| problem(outcome, p)).collect(),
        coverage: coverage(&outcome.coverage),
        timings: options.timings.then_some(timings),
    })
}

fn finding<'a>(outcome: &'a Outcome, f: &'a Finding) -> FindingForm<'a> {
    let end = place(outcome, f.place).map(|p| p.end);
    FindingForm {
        rule: &f.rule,
        rules: f.rules.iter().map(|r| r.as_str()).collect(),
        severity: f.severity,
        confidence: f.confidence,
        place: place_form(outcome, f.place).unwrap_or(PlaceForm { path: "", line: 1, column: 1 }),
        end_line: end.map_or(1, |e| e.line),
        end_column: end.map_or(1, |e| e.column),
        message: &f.message,
        why: &f.why,
        fix: &f.fix,
        prompt: &f.prompt,
        evidence: steps(outcome, &f.evidence),
        related: steps(outcome, &f.related),
        fingerprint: &f.fingerprint,
        suppressed: f
            .suppressed
            .as_ref()
            .map(|s| SuppressedForm { reason: &s.reason, place: place_form(outcome, s.span) }),
        test: f.in_test,
    }
}

fn place_form(outcome: &Outcome, span: crate::source::Span) -> Option<PlaceForm<'_>> {
    place(outcome, span).map(|p| PlaceForm {
        path: &p.source.path,
        line: p.start.line,
        column: p.start.column,
    })
}

fn steps<'a>(outcome: &'a Outcome, list: &'a [Evidence]) -> Vec<StepForm<'a>> {
    list.iter()
        .filter_map(|e| Some(StepForm { place: place_form(outcome, e.span)?, text: &e.text }))
        .collect()
}

fn problem<'a>(outcome: &'a Outcome, p: &'a Problem) -> ProblemForm<'a> {
    let start = p.span.and_then(|span| place(outcome, span)).map(|p| p.start);
    ProblemForm {
        kind: p.kind,
        path: &p.path,
        line: start.map(|s| s.line),
        column: start.map(|s| s.column),
        message: &p.message,
    }
}

pub(super) fn coverage_value(coverage_of: &Coverage) -> serde_json::Value {
    serde_json::to_value(coverage(coverage_of)).unwrap_or_default()
}

fn hidden_id(why: Hidden) -> &'static str {
    match why {
        Hidden::Profile => "profile",
        Hidden::Confidence => "min-confidence",
        Hidden::Severity => "min-severity",
    }
}

fn coverage(c: &Coverage) -> CoverageForm<'_> {
    CoverageForm {
        seen: c.seen,
        analysed: c.analysed,
        irrelevant: c.irrelevant,
        skipped: &c.skipped,
        events: &c.events,
        libraries: &c.libraries,
        hidden: c.hidden.values().sum(),
        hidden_for: c.hidden.iter().map(|(why, n)| (hidden_id(*why), *n)).collect(),
        suppressed: c.suppressed,
    }
}
