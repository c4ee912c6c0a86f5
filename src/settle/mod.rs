//! Verdicts to findings: merged, suppressed, fingerprinted, sorted. Knows nothing of how a verdict
//! came about and nothing of how it is shown.

pub mod fingerprint;
pub mod merge;
pub mod suppress;

use crate::facts::Note;
use crate::finding::{Finding, Verdict};
use crate::rulebook::check::Check;
use crate::source::{FileId, Source, Span, Str};

/// All findings of a scan in the order of path, place and rule, suppressed ones included.
/// `rules` are all rules that there are, and all of them ran.
pub fn settle(
    verdicts: Vec<Verdict>,
    sources: &[Source],
    notes: &[(FileId, Vec<Note>)],
    rules: &[Check],
) -> Vec<Finding> {
    settle_partial(verdicts, sources, notes, rules, &[])
}

/// The same where only `rules` ran and the rules named in `unrun` exist as well: a comment that
/// names one of those is neither wrong nor unused.
pub fn settle_partial(
    verdicts: Vec<Verdict>,
    sources: &[Source],
    notes: &[(FileId, Vec<Note>)],
    rules: &[Check],
    unrun: &[Str],
) -> Vec<Finding> {
    let groups = merge::group(verdicts, sources);
    let known = suppress::Known::new(rules, unrun);
    let directives = suppress::read(notes, sources, &known);
    let (groups, said) = suppress::apply(groups, directives, sources, &known);

    let mut findings: Vec<Finding> = groups
        .into_iter()
        .chain(said)
        .filter_map(|(parts, suppression)| {
            let mut finding = merge::join(parts)?;
            finding.suppressed = suppression;
            Some(finding)
        })
        .collect();
    findings.sort_by(|a, b| {
        let key = |f: &Finding| {
            (path(sources, f.place).clone(), f.place.start, f.rule.clone(), f.place.end, f.message.clone())
        };
        key(a).cmp(&key(b))
    });
    fingerprint::assign(&mut findings, sources);
    findings
}

/// The source of a span, if the scan has it.
pub(crate) fn source(sources: &[Source], span: Span) -> Option<&Source> {
    sources.get(span.file.0 as usize)
}

pub(crate) fn path(sources: &[Source], span: Span) -> Str {
    source(sources, span).map(|s| s.path.clone()).unwrap_or_default()
}

/// The first and the last line of a span.
pub(crate) fn lines(sources: &[Source], span: Span) -> (u32, u32) {
    source(sources, span).map_or((0, 0), |s| {
        let first = s.line(span.start);
        (first, s.line(span.end.saturating_sub(1).max(span.start)))
    })
}
