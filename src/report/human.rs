//! Findings for people at a terminal: what, where, why, what to do; then what was looked at.

use crate::finding::{Confidence, Coverage, Evidence, Finding, Outcome, Problem, ProblemKind, Severity};

use super::excerpt::{self, Mark};
use super::paint::{Paint, safe_text, wrap};
use super::{Options, SEVERITIES, counted, coverage_text, hidden_text, place, problem_id, seconds};

const PROBLEMS: usize = 10;
/// Steps that are marked in the source; the others follow as lines.
const MARKS: usize = 12;

pub fn render(outcome: &Outcome, options: &Options) -> String {
    let paint = Paint { color: options.color };
    let mut out = String::new();
    for f in outcome.active() {
        out += &finding(outcome, f, options, paint);
        out.push('\n');
    }
    if options.quiet {
        return out;
    }
    out += &problems(outcome, options, paint);
    out += &summary(outcome, options, paint);
    out
}

fn finding(outcome: &Outcome, f: &Finding, options: &Options, paint: Paint) -> String {
    let (inside, elsewhere) = steps(outcome, f);
    let mut out = wrap(&header(f, paint), "", "  ", options.width);
    let marks: Vec<Mark> = inside
        .iter()
        .map(|(span, text)| Mark { span: *span, text: text.clone(), primary: *span == f.place })
        .collect();
    if let Some(source) = outcome.source(f.place) {
        out += &excerpt::render(source, &marks, options);
    }
    for line in elsewhere {
        out += &wrap(&line, "  ", "      ", options.width);
    }
    for (name, text) in [("why", &f.why), ("fix", &f.fix)] {
        if !text.trim().is_empty() {
            let first = format!("  {} ", paint.bold(&format!("{name}:")));
            out += &wrap(&safe_text(text), &first, "       ", options.width);
        }
    }
    out += &format!("  {} authlint explain {}\n", paint.dim("explain:"), f.rule);
    out
}

fn header(f: &Finding, paint: Paint) -> String {
    let rules = f.rules.iter().map(|r| r.as_str()).collect::<Vec<_>>().join(", ");
    let head = paint.severity(f.severity, &format!("{}[{rules}]", f.severity.word()));
    let mut remarks = Vec::new();
    if f.confidence != Confidence::High {
        remarks.push(format!("{} confidence", f.confidence.word()));
    }
    if f.in_test {
        remarks.push("test code".to_owned());
    }
    let remarks = if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join(", ")) };
    format!("{head} {}{remarks}", paint.bold(&safe_text(&f.message)))
}

type Marked = (crate::source::Span, String);

/// The steps of the story, numbered when there are several: those to mark in the excerpt of the
/// finding's file, with the place itself, and a line for each of the others.
fn steps(outcome: &Outcome, f: &Finding) -> (Vec<Marked>, Vec<String>) {
    let all: Vec<&Evidence> = f.evidence.iter().chain(&f.related).collect();
    let mut inside: Vec<Marked> = Vec::new();
    let mut elsewhere = Vec::new();
    for (i, e) in all.iter().enumerate() {
        let flat = safe_text(&e.text).split_whitespace().collect::<Vec<_>>().join(" ");
        let text = if all.len() > 1 { format!("{}. {flat}", i + 1) } else { flat };
        match inside.iter().position(|(span, _)| *span == e.span) {
            Some(there) => inside[there].1 = format!("{}; {text}", inside[there].1),
            None if e.span.file == f.place.file && inside.len() < MARKS => inside.push((e.span, text)),
            None => {
                let at = place(outcome, e.span).map_or_else(String::new, |p| {
                    format!("{}:{}:{}: ", safe_text(&p.source.path), p.start.line, p.start.column)
                });
                elsewhere.push(format!("{at}{text}"));
            }
        }
    }
    if !inside.iter().any(|(span, _)| *span == f.place) {
        // A mark without words among others that have some is drawn with a loose end.
        let text = if inside.is_empty() { "" } else { "here" };
        inside.push((f.place, text.to_owned()));
    }
    (inside, elsewhere)
}

/// Grouped by kind; the first ones only.
fn problems(outcome: &Outcome, options: &Options, paint: Paint) -> String {
    if outcome.problems.is_empty() {
        return String::new();
    }
    let mut sorted: Vec<&Problem> = outcome.problems.iter().collect();
    sorted.sort_by_key(|p| p.kind);
    let mut kinds: Vec<(ProblemKind, usize)> = Vec::new();
    for p in &sorted {
        match kinds.last_mut().filter(|(kind, _)| *kind == p.kind) {
            Some((_, n)) => *n += 1,
            None => kinds.push((p.kind, 1)),
        }
    }
    let kinds: Vec<String> = kinds.into_iter().map(|(kind, n)| format!("{n} {}", problem_id(kind))).collect();
    let mut out = format!("{} ({})\n", paint.bold(&counted(sorted.len(), "problem")), kinds.join(", "));
    for p in sorted.iter().take(PROBLEMS) {
        let at = p
            .span
            .and_then(|span| place(outcome, span))
            .map(|at| format!(":{}:{}", at.start.line, at.start.column));
        let path = safe_text(&p.path);
        let whole = format!(
            "{path}{}{}{}",
            at.unwrap_or_default(),
            if path.is_empty() { "" } else { ": " },
            safe_text(&p.message)
        );
        out += &wrap(&whole, "  ", "    ", options.width);
    }
    if sorted.len() > PROBLEMS {
        out += &format!("  and {} more\n", sorted.len() - PROBLEMS);
    }
    out.push('\n');
    out
}

fn summary(outcome: &Outcome, options: &Options, paint: Paint) -> String {
    let c = &outcome.coverage;
    let mut out = format!("{}\n", paint.bold(&total(outcome)));
    out += &wrap(&coverage_text(c), "", "  ", options.width);
    out += &recognised(c, options);
    out += &libraries(c, options);
    let suppressed = outcome.findings.iter().filter(|f| f.suppressed.is_some()).count().max(c.suppressed);
    if suppressed > 0 {
        out += &format!("{suppressed} suppressed by comments\n");
    }
    if !c.hidden.is_empty() {
        out += &wrap(&hidden_text(c), "", "  ", options.width);
    }
    out += &format!("{}\n", paint.dim(&format!("took {}", seconds(outcome.elapsed))));
    if options.timings {
        let widest = outcome.timings.iter().map(|t| t.stage.len()).max().unwrap_or(0);
        for timing in &outcome.timings {
            out += &format!("  {:widest$}  {:>10}\n", timing.stage, seconds(timing.time));
        }
    }
    out
}

/// "3 findings (1 critical, 2 medium)"
fn total(outcome: &Outcome) -> String {
    let count = |severity: Severity| outcome.active().filter(|f| f.severity == severity).count();
    let by_severity: Vec<String> =
        SEVERITIES.iter().filter(|s| count(**s) > 0).map(|s| format!("{} {}", count(*s), s.word())).collect();
    let all = outcome.active().count();
    let by_severity = if all == 0 { String::new() } else { format!(" ({})", by_severity.join(", ")) };
    format!("{}{by_severity}", counted(all, "finding"))
}

/// "recognised: jwt.verify 3, jwt.sign 2"
fn recognised(c: &Coverage, options: &Options) -> String {
    if c.events.is_empty() {
        return String::new();
    }
    let mut events: Vec<(&String, &usize)> = c.events.iter().collect();
    events.sort_by_key(|(name, n)| (std::cmp::Reverse(**n), *name));
    let events: Vec<String> = events.into_iter().map(|(name, n)| format!("{name} {n}")).collect();
    wrap(&format!("recognised: {}", events.join(", ")), "", "  ", options.width)
}

fn libraries(c: &Coverage, options: &Options) -> String {
    if c.libraries.is_empty() {
        return String::new();
    }
    let shown: Vec<String> =
        c.libraries.iter().map(|(name, version)| format!("{name} {version}").trim().to_owned()).collect();
    wrap(&safe_text(&format!("libraries: {}", shown.join(", "))), "", "  ", options.width)
}
