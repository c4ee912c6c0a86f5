//! Several verdicts about one place become one finding with one sentence. Knows no comment and no rule.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Confidence, Evidence, Finding, Severity, Verdict};
use crate::source::{FileId, Source, Span, Str};

/// Longer pieces of code make no subject of a sentence.
const SUBJECT_CHARS: usize = 80;

/// The verdicts of each finding, whatever the order of the input. Exact repetitions are gone.
pub fn group(verdicts: Vec<Verdict>, sources: &[Source]) -> Vec<Vec<Verdict>> {
    let mut groups = Vec::new();
    // What is only guessed must not be said in the same breath as what is known.
    let mut mergeable: BTreeMap<(FileId, u32, Str, bool), Vec<Vec<Verdict>>> = BTreeMap::new();
    for verdict in without_repetitions(verdicts) {
        let Some(key) = verdict.merge.clone() else {
            groups.push(vec![verdict]);
            continue;
        };
        let line = super::lines(sources, verdict.place).0;
        let guessed = verdict.confidence == Confidence::Low;
        let on_line = mergeable.entry((verdict.place.file, line, key, guessed)).or_default();
        match on_line.iter_mut().find(|g| g.iter().any(|v| v.place == verdict.place)) {
            Some(group) => group.push(verdict),
            None => on_line.push(vec![verdict]),
        }
    }
    for places in mergeable.into_values() {
        groups.extend(join_places(places));
    }
    groups
}

/// Places on one line are one thing, unless the same rule speaks of both: then they are two calls
/// that share a line.
fn join_places(places: Vec<Vec<Verdict>>) -> Vec<Vec<Verdict>> {
    let mut joined: Vec<Vec<Verdict>> = Vec::new();
    for place in places {
        let fits = |group: &&mut Vec<Verdict>| !group.iter().any(|a| place.iter().any(|b| a.rule == b.rule));
        match joined.iter_mut().find(fits) {
            Some(group) => group.extend(place),
            None => joined.push(place),
        }
    }
    joined
}

/// Same rule and same place: once, with the evidence of both. Where verdicts merge, one rule may say
/// several things of a place (each flag that a cookie lacks): those are kept for the sentence.
fn without_repetitions(mut verdicts: Vec<Verdict>) -> Vec<Verdict> {
    verdicts.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut kept: Vec<Verdict> = Vec::new();
    for verdict in verdicts {
        let here = |v: &&mut Verdict| v.place == verdict.place && v.rule == verdict.rule;
        let same = |v: &&mut Verdict| v.merge.is_none() || v.merge != verdict.merge || v.says == verdict.says;
        match kept.iter_mut().rev().take_while(here).find(same) {
            Some(last) => {
                last.confidence = last.confidence.max(verdict.confidence);
                last.in_test &= verdict.in_test;
                unite(&mut last.evidence, verdict.evidence);
                unite(&mut last.related, verdict.related);
            }
            None => kept.push(verdict),
        }
    }
    kept
}

type Order<'a> = (Span, &'a Str, Reverse<(Severity, Confidence)>, Texts<'a>, Steps, Steps);
type Texts<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, Option<&'a Str>, bool);
type Steps = Vec<(Span, String)>;

/// A total order, so that nothing depends on who came first.
fn order(v: &Verdict) -> Order<'_> {
    let steps = |list: &[Evidence]| list.iter().map(|e| (e.span, e.text.clone())).collect();
    (
        v.place,
        &v.rule,
        Reverse((v.severity, v.confidence)),
        (&v.subject, &v.says, &v.why, &v.fix, &v.prompt, v.merge.as_ref(), v.in_test),
        steps(&v.evidence),
        steps(&v.related),
    )
}

/// One finding of the parts about one place; none when there are no parts.
pub fn join(mut parts: Vec<Verdict>) -> Option<Finding> {
    parts.sort_by(|a, b| {
        (Reverse(a.severity), &a.rule, order(a)).cmp(&(Reverse(b.severity), &b.rule, order(b)))
    });
    let first = parts.first()?;
    let gravest = parts.iter().filter(|p| p.severity == first.severity);
    let mut finding = Finding {
        rule: first.rule.clone(),
        rules: Vec::new(),
        severity: first.severity,
        confidence: gravest.map(|p| p.confidence).max().unwrap_or(first.confidence),
        place: first.place,
        message: message(&parts),
        why: clauses(parts.iter().map(|p| p.why.as_str())),
        fix: clauses(parts.iter().map(|p| p.fix.as_str())),
        prompt: sentences(parts.iter().map(|p| p.prompt.as_str())),
        evidence: Vec::new(),
        related: Vec::new(),
        fingerprint: String::new(),
        suppressed: None,
        in_test: parts.iter().all(|p| p.in_test),
    };
    for part in parts {
        if !finding.rules.contains(&part.rule) {
            finding.rules.push(part.rule);
        }
        unite(&mut finding.evidence, part.evidence);
        unite(&mut finding.related, part.related);
    }
    Some(finding)
}

fn unite(all: &mut Vec<Evidence>, more: Vec<Evidence>) {
    let mut seen: BTreeSet<(Span, String)> = all.iter().map(|e| (e.span, e.text.clone())).collect();
    all.extend(more.into_iter().filter(|e| seen.insert((e.span, e.text.clone()))));
}

/// "`subject` says this, that and the other": one clause a subject.
fn message(parts: &[Verdict]) -> String {
    let mut subjects: Vec<(&str, Vec<&str>)> = Vec::new();
    for part in parts {
        match subjects.iter_mut().find(|(s, _)| *s == part.subject) {
            Some((_, says)) => says.push(&part.says),
            None => subjects.push((&part.subject, vec![&part.says])),
        }
    }
    let clauses: Vec<String> = subjects
        .into_iter()
        .map(|(subject, says)| match shown(subject) {
            s if s.is_empty() => predicate(&says),
            s => format!("`{s}` {}", predicate(&says)),
        })
        .collect();
    clauses.join("; ")
}

/// A piece of code as it can stand between back-ticks.
fn shown(subject: &str) -> String {
    let flat = subject.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
    match flat.char_indices().nth(SUBJECT_CHARS) {
        Some((cut, _)) => format!("{}…", &flat[..cut]),
        None => flat,
    }
}

/// The predicates of one subject; what they begin with in common is said once.
fn predicate(says: &[&str]) -> String {
    let mut clusters: Vec<Vec<Vec<&str>>> = Vec::new();
    for text in says {
        let words: Vec<&str> = text.split_whitespace().collect();
        match clusters.iter_mut().find(|c| c[0].first() == words.first()) {
            Some(cluster) if cluster.contains(&words) => {}
            Some(cluster) => cluster.push(words),
            None => clusters.push(vec![words]),
        }
    }
    let nested = clusters.len() > 1 && clusters.iter().any(|c| c.len() > 1);
    let texts: Vec<String> = clusters.iter().map(|c| cluster_text(c)).collect();
    enumerate(&texts, if nested { ", and " } else { " and " })
}

fn cluster_text(cluster: &[Vec<&str>]) -> String {
    let common = common_words(cluster);
    let rests: Vec<String> = cluster.iter().map(|words| words[common..].join(" ")).collect();
    let head = cluster.first().map(|words| words[..common].join(" ")).unwrap_or_default();
    [head, enumerate(&rests, " and ")].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ")
}

/// How many words all of them begin with, leaving each at least one of its own, and never ending
/// on a little word that belongs to what follows: "for any audience and for any issuer".
fn common_words(cluster: &[Vec<&str>]) -> usize {
    const LITTLE: &[&str] = &[
        "a", "an", "any", "as", "at", "by", "every", "for", "from", "in", "into", "is", "no", "not", "of",
        "on", "or", "the", "to", "under", "when", "with", "without",
    ];
    let [first, rest @ ..] = cluster else { return 0 };
    if rest.is_empty() {
        return 0;
    }
    let shortest = cluster.iter().map(Vec::len).min().unwrap_or(0);
    let mut common = (0..shortest.saturating_sub(1))
        .take_while(|i| rest.iter().all(|words| words[*i] == first[*i]))
        .count();
    while common > 0 && LITTLE.contains(&first[common - 1]) {
        common -= 1;
    }
    common
}

fn enumerate(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., end] => format!("{}{last}{end}", all.join(", ")),
    }
}

fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for text in texts.map(str::trim) {
        if !text.is_empty() && !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen
}

fn clauses<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    distinct(texts).join("; ")
}

fn sentences<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let ended = |text: &str| match text.ends_with(['.', '!', '?', ':', '`']) {
        true => text.to_owned(),
        false => format!("{text}."),
    };
    match distinct(texts).as_slice() {
        [one] => (*one).to_owned(),
        many => many.iter().map(|t| ended(t)).collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_beginnings_are_said_once() {
        assert_eq!(
            predicate(&["accepts tokens issued for any audience", "accepts tokens issued by any issuer"]),
            "accepts tokens issued for any audience and by any issuer"
        );
        assert_eq!(
            predicate(&[
                "sets a cookie without HttpOnly",
                "sets a cookie without Secure",
                "sets a cookie without SameSite"
            ]),
            "sets a cookie without HttpOnly, without Secure and without SameSite"
        );
        assert_eq!(
            predicate(&["signs with a known key", "never expires"]),
            "signs with a known key and never expires"
        );
        assert_eq!(
            predicate(&[
                "accepts tokens for any audience",
                "never checks expiry",
                "accepts tokens by any issuer"
            ]),
            "accepts tokens for any audience and by any issuer, and never checks expiry"
        );
        assert_eq!(predicate(&["same", "same"]), "same");
        assert_eq!(predicate(&["accepts", "accepts all"]), "accepts and accepts all");
        assert_eq!(predicate(&["", ""]), "");
    }

    #[test]
    fn subjects_stay_on_one_line() {
        assert_eq!(shown("jwt\n  .verify(`x`)"), "jwt .verify('x')");
        assert_eq!(shown(&"é".repeat(100)).chars().count(), 81);
    }
}
