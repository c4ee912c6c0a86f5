//! SARIF 2.1.0, as GitHub code scanning and other viewers read it. The only room that knows its types.
//!
//! Sources: OASIS SARIF 2.1.0; GitHub, "SARIF support for code scanning" (limits, `security-severity`,
//! `partialFingerprints`, category). Nothing in it depends on time or machine.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use serde_sarif::sarif::{
    ArtifactContent, ArtifactLocation, CodeFlow, Invocation, Location, Message, Notification,
    PhysicalLocation, Region, ReportingDescriptor, ReportingDescriptorReference, Result as SarifResult,
    ResultLevel, Run, RunAutomationDetails, Sarif, Suppression as SarifSuppression, ThreadFlow,
    ThreadFlowLocation, Tool, ToolComponent,
};

use crate::finding::{Confidence, Evidence, Finding, Outcome, Problem, ProblemKind, Strength};
use crate::rulebook::check::Check;
use crate::source::{FileId, Source, Span};

use super::sarif_rules::{bag, descriptor, indexes, level, text, weaknesses, weaknesses_reference};
use super::{
    Options, SEVERITIES, counted, coverage_text, hidden_text, json, json_text, line_hash, place, problem_id,
    sentence,
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const ROOT: &str = "%SRCROOT%";
/// Code scanning refuses a file with more.
const RESULTS: usize = 25_000;
/// Code scanning shows no more of one result.
const STEPS: usize = 1_000;
const SNIPPET_CHARS: usize = 2_000;
const COVERAGE: &str = "coverage";
const CUT: &str = "cut";

pub fn render(outcome: &Outcome, rules: &[Check], options: &Options) -> String {
    let kept = gravest(&outcome.findings, RESULTS);
    let mut writer = Writer {
        outcome,
        indexes: indexes(rules),
        line_hash: options.line_hash,
        line_hashes: BTreeMap::new(),
        cut_flows: 0,
    };
    let results = kept.iter().map(|f| writer.result(f)).collect();
    let notifications = notifications(outcome, outcome.findings.len() - kept.len(), writer.cut_flows);
    let weaknesses = weaknesses(rules);
    let driver = ToolComponent {
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        semantic_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        information_uri: Some(env!("CARGO_PKG_REPOSITORY").to_owned()),
        rules: Some(rules.iter().map(|r| descriptor(r, &weaknesses)).collect()),
        notifications: Some(notification_descriptors(&notifications)),
        supported_taxonomies: Some(vec![weaknesses_reference()]),
        ..ToolComponent::builder().name(env!("CARGO_PKG_NAME")).build()
    };
    let root =
        ArtifactLocation { description: Some(message("The folder that was scanned.")), ..Default::default() };
    let invocation = Invocation {
        tool_execution_notifications: Some(notifications),
        ..Invocation::builder().execution_successful(true).build()
    };
    let run = Run {
        taxonomies: Some(vec![weaknesses]),
        automation_details: Some(RunAutomationDetails { id: Some(category(options)), ..Default::default() }),
        invocations: Some(vec![invocation]),
        original_uri_base_ids: Some(BTreeMap::from([(ROOT.to_owned(), root)])),
        column_kind: Some(json!("utf16CodeUnits")),
        default_encoding: Some("utf-8".to_owned()),
        language: Some("en".to_owned()),
        results: Some(results),
        properties: Some(bag([("coverage", json::coverage_value(&outcome.coverage))])),
        ..Run::builder().tool(Tool { driver, extensions: None, properties: None }).build()
    };
    let log = Sarif {
        schema: Some(SCHEMA.to_owned()),
        version: json!("2.1.0"),
        runs: vec![run],
        inline_external_properties: None,
        properties: None,
    };
    json_text(&log)
}

/// Everything up to the last slash names the category; what follows would name the single run.
fn category(options: &Options) -> String {
    let name = options
        .category
        .as_deref()
        .map(str::trim)
        .filter(|c| !c.is_empty())
        .unwrap_or(env!("CARGO_PKG_NAME"));
    format!("{}/", name.trim_end_matches('/'))
}

/// At most `limit` findings in their order, the least grave left out, suppressed ones first of all.
fn gravest(findings: &[Finding], limit: usize) -> Vec<&Finding> {
    if findings.len() <= limit {
        return findings.iter().collect();
    }
    let weight = |f: &Finding| (f.suppressed.is_some(), SEVERITIES.iter().position(|s| *s == f.severity));
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|i| (weight(&findings[*i]), *i));
    let kept: BTreeSet<usize> = order.into_iter().take(limit).collect();
    kept.into_iter().map(|i| &findings[i]).collect()
}

struct Writer<'a> {
    outcome: &'a Outcome,
    indexes: BTreeMap<&'a str, i64>,
    line_hash: bool,
    line_hashes: BTreeMap<FileId, Vec<String>>,
    /// Results whose code flow was too long.
    cut_flows: usize,
}

impl Writer<'_> {
    fn result(&mut self, f: &Finding) -> SarifResult {
        let steps: Vec<&Evidence> = f.evidence.iter().chain(&f.related).collect();
        let related: Vec<Location> = (1..).zip(&steps).filter_map(|(id, e)| self.step(e, Some(id))).collect();
        let code_flows = self.code_flow(f).map(|flow| vec![flow]);
        SarifResult {
            rule_id: Some(f.rule.to_string()),
            rule_index: self.indexes.get(f.rule.as_str()).copied(),
            level: Some(match level(f.severity) {
                "error" => ResultLevel::Error,
                "warning" => ResultLevel::Warning,
                _ => ResultLevel::Note,
            }),
            locations: self.location(f.place, true).map(|l| vec![l]),
            related_locations: Some(related).filter(|r| !r.is_empty()),
            code_flows,
            partial_fingerprints: Some(self.fingerprints(f)),
            rank: Some(match f.confidence {
                Confidence::High => 90.0,
                Confidence::Medium => 60.0,
                Confidence::Low => 30.0,
            }),
            // An empty list says: known not to be suppressed. Viewers ask for all results to agree.
            suppressions: Some(self.suppression(f).into_iter().collect()),
            properties: Some(bag([
                ("rules", json!(f.rules.iter().map(|r| r.as_str()).collect::<Vec<_>>())),
                ("severity", json!(f.severity)),
                ("confidence", json!(f.confidence)),
                ("why", json!(f.why)),
                ("fix", json!(f.fix)),
                ("prompt", json!(f.prompt)),
                ("test", json!(f.in_test)),
            ])),
            ..SarifResult::builder().message(self.message(f, &steps)).build()
        }
    }

    /// The first sentence is the title of the alert; the steps are links to the related locations.
    fn message(&self, f: &Finding, steps: &[&Evidence]) -> Message {
        let known = |e: &&Evidence| self.outcome.source(e.span).is_some();
        let links: Vec<String> = (1..)
            .zip(steps)
            .filter(|(_, e)| known(e))
            .map(|(id, e)| format!("[{}]({id})", link_text(&e.text)))
            .collect();
        let mut lines = vec![sentence(&f.message)];
        lines.extend([&f.why, &f.fix].into_iter().filter(|t| !t.is_empty()).map(|t| sentence(t)));
        let mut markdown = vec![lines[0].clone()];
        markdown.extend(Some(&f.why).filter(|t| !t.is_empty()).map(|t| format!("**Why:** {}", sentence(t))));
        markdown.extend(Some(&f.fix).filter(|t| !t.is_empty()).map(|t| format!("**Fix:** {}", sentence(t))));
        if !links.is_empty() {
            lines.push(format!("Seen: {}.", links.join("; ")));
            markdown.push(format!("**Seen:** {}.", links.join("; ")));
        }
        Message { text: Some(lines.join("\n")), markdown: Some(markdown.join("\n\n")), ..Default::default() }
    }

    fn fingerprints(&mut self, f: &Finding) -> BTreeMap<String, String> {
        let mut all = BTreeMap::from([("authlint/v1".to_owned(), f.fingerprint.clone())]);
        if let Some(source) = self.outcome.source(f.place).filter(|_| self.line_hash) {
            let hashes =
                self.line_hashes.entry(source.id).or_insert_with(|| line_hash::line_hashes(&source.text));
            if let Some(hash) = hashes.get(source.line(f.place.start).saturating_sub(1) as usize) {
                all.insert("primaryLocationLineHash".to_owned(), hash.clone());
            }
        }
        all
    }

    /// The steps of the evidence, ending at the place itself. None when there is no way to show.
    fn code_flow(&mut self, f: &Finding) -> Option<CodeFlow> {
        let mut steps: Vec<(Location, &str)> = f
            .evidence
            .iter()
            .filter_map(|e| {
                let importance = match e.strength {
                    _ if f.place.contains(&e.span) => "essential",
                    Strength::Heuristic => "unimportant",
                    _ => "important",
                };
                Some((self.step(e, None)?, importance))
            })
            .collect();
        if steps.len() < 2 {
            return None;
        }
        if f.evidence.last().is_some_and(|e| !f.place.contains(&e.span)) {
            let mut end = self.location(f.place, true)?;
            end.message = Some(message(&f.message));
            steps.push((end, "essential"));
        }
        if steps.len() > STEPS {
            self.cut_flows += 1;
            steps.drain(STEPS / 2..steps.len() - STEPS / 2);
        }
        let locations = (1..).zip(steps).map(|(order, (location, importance))| ThreadFlowLocation {
            location: Some(location),
            importance: Some(json!(importance)),
            execution_order: Some(order),
            ..Default::default()
        });
        let flow = ThreadFlow::builder().locations(locations.collect::<Vec<_>>()).build();
        Some(CodeFlow::builder().thread_flows(vec![flow]).build())
    }

    fn step(&self, e: &Evidence, id: Option<i64>) -> Option<Location> {
        let location = self.location(e.span, false)?;
        Some(Location { id, message: Some(message(&e.text)), ..location })
    }

    fn location(&self, span: Span, snippet: bool) -> Option<Location> {
        let place = place(self.outcome, span)?;
        let region = Region {
            start_line: Some(place.start.line.into()),
            start_column: Some(place.start.column.into()),
            end_line: Some(place.end.line.into()),
            end_column: Some(place.end.column.into()),
            snippet: snippet.then(|| shown(place.source, span)),
            ..Default::default()
        };
        Some(located(&place.source.path, Some(region)))
    }

    fn suppression(&self, f: &Finding) -> Option<SarifSuppression> {
        let suppression = f.suppressed.as_ref()?;
        Some(SarifSuppression {
            kind: json!("inSource"),
            status: Some(json!("accepted")),
            justification: Some(suppression.reason.clone()),
            location: self.location(suppression.span, false),
            guid: None,
            properties: None,
        })
    }
}

fn shown(source: &Source, span: Span) -> ArtifactContent {
    let text = source.slice(span).chars().take(SNIPPET_CHARS).collect();
    ArtifactContent { text: Some(text), ..Default::default() }
}

fn located(path: &str, region: Option<Region>) -> Location {
    let artifact =
        ArtifactLocation { uri: Some(uri(path)), uri_base_id: Some(ROOT.to_owned()), ..Default::default() };
    let physical = PhysicalLocation { artifact_location: Some(artifact), region, ..Default::default() };
    Location { physical_location: Some(physical), ..Default::default() }
}

/// A relative reference of RFC 3986: everything but unreserved characters and slashes is encoded;
/// the colon too, since `a:b` would read as a scheme.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(byte as char)
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn message(text: &str) -> Message {
    Message { text: Some(text.to_owned()), ..Default::default() }
}

/// Brackets and back-slashes end or hide a link (SARIF 3.11.6).
fn link_text(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

fn notifications(outcome: &Outcome, results_cut: usize, flows_cut: usize) -> Vec<Notification> {
    let mut all: Vec<Notification> = outcome.problems.iter().map(|p| problem(outcome, p)).collect();
    let note = |id: &str, level: &str, says: String| Notification {
        descriptor: Some(ReportingDescriptorReference { id: Some(id.to_owned()), ..Default::default() }),
        level: Some(json!(level)),
        ..Notification::builder().message(message(&says)).build()
    };
    if results_cut > 0 {
        let says = format!(
            "{} left out: a file may hold {RESULTS}. The gravest are kept; scan parts of the project by themselves to see the others.",
            counted(results_cut, "finding")
        );
        all.push(note(CUT, "warning", says));
    }
    if flows_cut > 0 {
        all.push(note(
            CUT,
            "note",
            format!("The steps of {} were cut to {STEPS}.", counted(flows_cut, "finding")),
        ));
    }
    let c = &outcome.coverage;
    let mut coverage = sentence(&coverage_text(c));
    if !c.hidden.is_empty() {
        coverage += &format!(" {}.", hidden_text(c));
    }
    all.push(note(COVERAGE, "note", coverage));
    for (index, notification) in (0..).zip(&notification_descriptors(&all)) {
        for n in all
            .iter_mut()
            .filter_map(|n| n.descriptor.as_mut())
            .filter(|d| d.id.as_ref() == Some(&notification.id))
        {
            n.index = Some(index);
        }
    }
    all
}

fn problem(outcome: &Outcome, p: &Problem) -> Notification {
    let level = match p.kind {
        ProblemKind::Encoding | ProblemKind::NotText => "note",
        _ => "warning",
    };
    let region = p.span.and_then(|span| place(outcome, span)).map(|place| Region {
        start_line: Some(place.start.line.into()),
        start_column: Some(place.start.column.into()),
        end_line: Some(place.end.line.into()),
        end_column: Some(place.end.column.into()),
        ..Default::default()
    });
    Notification {
        descriptor: Some(ReportingDescriptorReference { id: Some(problem_id(p.kind)), ..Default::default() }),
        level: Some(json!(level)),
        locations: Some(p.path.as_str())
            .filter(|path| !path.is_empty())
            .map(|path| vec![located(path, region)]),
        ..Notification::builder().message(message(&p.message)).build()
    }
}

/// What each kind of notification means, once each.
fn notification_descriptors(notifications: &[Notification]) -> Vec<ReportingDescriptor> {
    let ids: BTreeSet<&str> =
        notifications.iter().filter_map(|n| n.descriptor.as_ref()?.id.as_deref()).collect();
    let meaning = |id: &str| match id {
        "unreadable" => "A file or folder could not be read.",
        "too-large" => "A file was left out for its size or its long lines.",
        "not-text" => "A file is binary or in an encoding that is not understood.",
        "encoding" => "A file was decoded with replacement characters.",
        "syntax" => "Part of a file did not parse; the rest was analysed.",
        "manifest" => "A manifest or lock file could not be read: versions are unknown.",
        "budget" => "A budget ended before the answer was found.",
        COVERAGE => "What was analysed and what was not.",
        _ => "The report was shortened.",
    };
    let describe =
        |id: &str| ReportingDescriptor::builder().id(id).short_description(text(meaning(id))).build();
    ids.into_iter().map(describe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_relative_references() {
        assert_eq!(uri("src/[id]/é b.ts"), "src/%5Bid%5D/%C3%A9%20b.ts");
        assert_eq!(uri("a:b?c#d%"), "a%3Ab%3Fc%23d%25");
    }

    #[test]
    fn categories_end_with_a_slash() {
        let of = |c: &str| category(&Options { category: Some(c.to_owned()), ..Default::default() });
        assert_eq!(
            (of("services/a"), of("services/a/"), of(" ")),
            ("services/a/".into(), "services/a/".into(), "authlint/".into())
        );
    }
}
