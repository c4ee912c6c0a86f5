//! `authlint: ignore[rule-id] reason` in comments: read, applied, and reported when it is wrong or
//! does nothing. Knows no rule but the two that speak of these comments.

use std::collections::BTreeSet;

use crate::facts::Note;
use crate::finding::{Confidence, Severity, Suppression, Verdict};
use crate::rulebook::check::Check;
use crate::source::{FileId, Source, Span, Str};

/// The comment cannot be read: nothing is suppressed by it.
pub const MALFORMED: &str = "suppression-malformed";
/// The comment suppresses nothing.
pub const UNUSED: &str = "suppression-unused";

const FORM: &str = "authlint: ignore[rule-id] reason";

/// Which rule ids exist, and which of them ran.
pub struct Known {
    run: BTreeSet<Str>,
    unrun: BTreeSet<Str>,
}

impl Known {
    pub fn new(rules: &[Check], unrun: &[Str]) -> Self {
        let mut run: BTreeSet<Str> = rules.iter().map(|r| r.id.clone()).collect();
        run.extend([Str::new(MALFORMED), Str::new(UNUSED)]);
        let unrun: BTreeSet<Str> = unrun.iter().cloned().collect();
        run.retain(|id| !unrun.contains(id));
        Self { run, unrun }
    }

    fn nearest(&self, id: &str) -> Option<&Str> {
        let distance = |other: &&Str| strsim::damerau_levenshtein(id, other);
        self.run
            .iter()
            .chain(&self.unrun)
            .min_by_key(distance)
            .filter(|best| distance(best) <= 2.max(id.len() / 4))
    }
}

/// One comment that was understood.
#[derive(Debug)]
pub struct Directive {
    ids: Vec<Str>,
    reason: String,
    span: Span,
    /// The lines of code that it speaks of.
    lines: BTreeSet<u32>,
}

/// What the comments say: those that were understood, and what is wrong with the others.
#[derive(Debug, Default)]
pub struct Directives {
    good: Vec<Directive>,
    wrong: Vec<Verdict>,
}

/// A group of verdicts about one place, and the comment that suppresses it.
pub type Group = (Vec<Verdict>, Option<Suppression>);

pub fn read(notes: &[(FileId, Vec<Note>)], sources: &[Source], known: &Known) -> Directives {
    let mut all: Vec<(&Source, &Note)> = notes
        .iter()
        .filter_map(|(file, notes)| sources.get(file.0 as usize).map(|source| (source, notes)))
        .flat_map(|(source, notes)| notes.iter().map(move |note| (source, note)))
        .collect();
    all.sort_by_key(|(source, note)| (source.id, note.span));
    let mut directives = Directives::default();
    for (source, note) in all {
        match parse(&note.text, is_doc(source.slice(note.span))) {
            Parsed::Other => {}
            Parsed::Wrong(says, fix) => directives.wrong.push(wrong(note.span, says, fix)),
            Parsed::Ignore { ids, reason } => {
                let mut good = Vec::new();
                for id in ids {
                    if known.run.contains(&id) || known.unrun.contains(&id) {
                        good.push(id);
                    } else {
                        directives.wrong.push(unknown(note.span, &id, known));
                    }
                }
                let lines = note.lines(source);
                directives.good.push(Directive { ids: good, reason, span: note.span, lines });
            }
        }
    }
    if !known.run.contains(MALFORMED) {
        directives.wrong.clear();
    }
    directives
}

/// Takes the suppressed parts out of each group; they follow as groups of their own. The second list
/// is what is to be said of the comments themselves.
pub fn apply(
    groups: Vec<Vec<Verdict>>,
    directives: Directives,
    sources: &[Source],
    known: &Known,
) -> (Vec<Group>, Vec<Group>) {
    let Directives { good, wrong } = directives;
    let places: Vec<(&Str, Place)> =
        groups.iter().flatten().map(|part| (&part.rule, Place::new(sources, part.place))).collect();
    let reach: Vec<Vec<Reach>> =
        good.iter().map(|d| d.ids.iter().map(|id| Reach::of(d, id, &places)).collect()).collect();

    let mut used: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut settled = Vec::new();
    for group in groups {
        let mut active = Vec::new();
        let mut silenced: Vec<(usize, Vec<Verdict>)> = Vec::new();
        for part in group {
            let place = Place::new(sources, part.place);
            let hits: Vec<(usize, usize)> = good
                .iter()
                .enumerate()
                .flat_map(|(d, directive)| {
                    directive.ids.iter().enumerate().map(move |(i, id)| (d, i, directive, id))
                })
                .filter(|(d, i, directive, id)| **id == part.rule && reach[*d][*i].holds(directive, &place))
                .map(|(d, i, ..)| (d, i))
                .collect();
            used.extend(&hits);
            let Some((d, _)) = hits.first() else {
                active.push(part);
                continue;
            };
            match silenced.iter_mut().find(|(other, _)| other == d) {
                Some((_, parts)) => parts.push(part),
                None => silenced.push((*d, vec![part])),
            }
        }
        if !active.is_empty() {
            settled.push((active, None));
        }
        settled.extend(silenced.into_iter().map(|(d, parts)| (parts, Some(good[d].suppression()))));
    }

    let mut said: Vec<Group> = wrong.into_iter().map(|v| (vec![v], None)).collect();
    if known.run.contains(UNUSED) {
        for (d, directive) in good.iter().enumerate() {
            said.extend(unused(directive, known, |i| used.contains(&(d, i))));
        }
    }
    (settled, said)
}

impl Directive {
    fn suppression(&self) -> Suppression {
        Suppression { span: self.span, reason: self.reason.clone() }
    }
}

/// The lines of a verdict's place.
struct Place {
    file: FileId,
    first: u32,
    last: u32,
}

impl Place {
    fn new(sources: &[Source], span: Span) -> Self {
        let (first, last) = super::lines(sources, span);
        Self { file: span.file, first, last }
    }
}

/// How far a comment reaches: to places that begin on its line; only when there are none, to those
/// that go on over it. Else a comment inside a function would also silence what is said of the function.
#[derive(Clone, Copy, PartialEq)]
enum Reach {
    Begin,
    Span,
}

impl Reach {
    fn of(directive: &Directive, id: &Str, places: &[(&Str, Place)]) -> Self {
        let begins = places.iter().any(|(rule, place)| *rule == id && Reach::Begin.holds(directive, place));
        if begins { Reach::Begin } else { Reach::Span }
    }

    fn holds(self, directive: &Directive, place: &Place) -> bool {
        place.file == directive.span.file
            && match self {
                Reach::Begin => directive.lines.contains(&place.first),
                Reach::Span => {
                    directive.lines.range(place.first..=place.last.max(place.first)).next().is_some()
                }
            }
    }
}

#[derive(Debug, PartialEq)]
enum Parsed {
    /// Not about ignoring anything.
    Other,
    Ignore {
        ids: Vec<Str>,
        reason: String,
    },
    /// What is wrong, and what to do about it.
    Wrong(String, String),
}

/// Documentation is written about things: only what begins with an order is one.
fn is_doc(comment: &str) -> bool {
    ["///", "//!", "/**", "/*!"].iter().any(|mark| comment.starts_with(mark))
}

/// Is what stands at a place of a comment only spoken of? In quotes it is, and inside a line of documentation.
fn is_mention(text: &str, at: usize, doc: bool) -> bool {
    let before = text[..at].rsplit(['\n', '\r']).next().unwrap_or_default();
    before.ends_with(['`', '"', '\'', '“', '«'])
        || doc && !before.trim_matches([' ', '\t', '*', '/', '!']).is_empty()
}

fn parse(text: &str, doc: bool) -> Parsed {
    const EXACT: &str = "authlint: ignore[";
    let text = text.trim().trim_end_matches("*/").trim_end_matches("-->");
    if let Some((at, _)) = text.match_indices(EXACT).find(|(at, _)| !is_mention(text, *at, doc)) {
        return parse_ids(&text[at + EXACT.len()..]);
    }
    match nearly(text, doc) {
        Some(written) => {
            let says = format!("is not understood as written (`{written}`), so it suppresses nothing");
            Parsed::Wrong(says, format!("write `{FORM}`"))
        }
        None => Parsed::Other,
    }
}

fn parse_ids(text: &str) -> Parsed {
    let wrong =
        |says: &str, fix: &str| Parsed::Wrong(format!("{says}, so it suppresses nothing"), fix.to_owned());
    let Some((ids, reason)) = text.split_once(']') else {
        return wrong("has no closing bracket", &format!("write `{FORM}`"));
    };
    let ids: Vec<Str> = ids.split(',').map(|id| Str::new(id.trim())).collect();
    if ids.iter().any(|id| id.is_empty()) {
        return wrong("names no rule between its brackets", &format!("write `{FORM}`"));
    }
    let words: Vec<&str> = reason.split_whitespace().filter(|w| *w != "*").collect();
    let reason = words.join(" ");
    let reason = reason.trim_start_matches([':', '-', '–', '—', ' ']);
    if !reason.contains(char::is_alphanumeric) {
        return wrong("gives no reason", "say after the bracket why the finding may stand");
    }
    Parsed::Ignore { ids, reason: reason.to_owned() }
}

/// The beginning of a comment that was meant to ignore something and is spelled differently.
fn nearly(text: &str, doc: bool) -> Option<String> {
    const MEANT: &[&str] = &["ignore", "disable", "suppress", "allow", "skip", "noqa", "nosec", "nolint"];
    const NAME: &str = "authlint";
    let lower = text.to_ascii_lowercase();
    let (at, _) = lower.match_indices(NAME).find(|(at, _)| !is_mention(text, *at, doc))?;
    let after = &lower[at + NAME.len()..];
    let word_at = after.find(|c: char| !matches!(c, ' ' | '\t' | ':' | '-' | '=' | '@' | '.'))?;
    let (separator, tail) = after.split_at(word_at);
    let word_end = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
    let (word, tail) = tail.split_at(word_end);
    let meant = MEANT.contains(&word) || strsim::damerau_levenshtein(word, "ignore") <= 2;
    // `authlint ignores this file` is prose: a mark between the words or a bracket makes it an order.
    let bracket = tail.trim_start().starts_with(['[', '(', '{']);
    let order = separator.contains([':', '-', '=', '@']) && (at == 0 || separator.contains(':')) || bracket;
    if !meant || !order || separator.is_empty() {
        return None;
    }
    let end = at
        + NAME.len()
        + word_at
        + word_end
        + tail.chars().next().filter(|_| bracket).map_or(0, char::len_utf8);
    text.get(at..end).map(str::to_owned)
}

fn said(rule: &'static str, severity: Severity, span: Span, says: String, why: &str, fix: String) -> Verdict {
    Verdict {
        rule: Str::new_static(rule),
        severity,
        confidence: Confidence::High,
        place: span,
        subject: "authlint: ignore".to_owned(),
        prompt: format!("Mend this comment: `authlint: ignore` {says}. Its form is `{FORM}`."),
        says,
        why: why.to_owned(),
        fix,
        merge: None,
        evidence: Vec::new(),
        related: Vec::new(),
        in_test: false,
    }
}

fn wrong(span: Span, says: String, fix: String) -> Verdict {
    let why =
        "the author believes that a finding was looked at and allowed, and nobody can tell which or why";
    said(MALFORMED, Severity::Medium, span, says, why, fix)
}

fn unknown(span: Span, id: &str, known: &Known) -> Verdict {
    let fix = match known.nearest(id) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "take an id of `authlint rules list`".to_owned(),
    };
    wrong(span, format!("names the rule `{id}`, which does not exist"), fix)
}

fn unused(directive: &Directive, known: &Known, used: impl Fn(usize) -> bool) -> Option<Group> {
    let idle: Vec<(usize, &Str)> =
        directive.ids.iter().enumerate().filter(|(i, id)| !used(*i) && known.run.contains(*id)).collect();
    let about_itself = idle.iter().any(|(_, id)| *id == UNUSED);
    let names: Vec<String> =
        idle.iter().filter(|(_, id)| *id != UNUSED).map(|(_, id)| format!("`{id}`")).collect();
    let silenced = about_itself && !names.is_empty();
    let names = if names.is_empty() && about_itself { vec![format!("`{UNUSED}`")] } else { names };
    if names.is_empty() {
        return None;
    }
    let says = format!("suppresses nothing: there is no finding of {} here", names.join(" or "));
    let why = "a comment that outlives its finding hides the next one at the same place";
    let fix = "delete the comment, or the ids that are not needed any more".to_owned();
    let verdict = said(UNUSED, Severity::Low, directive.span, says, why, fix);
    Some((vec![verdict], silenced.then(|| directive.suppression())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        let read = |text: &str, doc: bool| match parse(text, doc) {
            Parsed::Ignore { ids, reason } => format!("{} | {reason}", ids.join(" ")),
            Parsed::Wrong(..) => "wrong".to_owned(),
            Parsed::Other => "other".to_owned(),
        };
        let ids = |text: &str| read(text, false);
        assert_eq!(read("authlint: ignore[a] because", true), "a | because");
        assert_eq!(read("Signs.\n * authlint: ignore[a] because", true), "a | because");
        assert_eq!(read("Silence it with authlint: ignore[rule-id] and a reason", true), "other");
        assert_eq!(read("`authlint: ignore[rule-id] reason` in comments", true), "other");
        assert_eq!(ids("authlint: ignore[a-b] because"), "a-b | because");
        assert_eq!(ids("authlint: ignore[a, b ,c] — two\n * lines */"), "a b c | two lines");
        assert_eq!(ids("noqa: S105  authlint: ignore[a] so"), "a | so");
        for wrong in [
            "authlint: ignore[a]",
            "authlint: ignore[a] --",
            "authlint: ignore[] because",
            "authlint: ignore[a,] because",
            "authlint: ignore[a because",
            "authlint: ignore a because",
            "authlint:ignore[a] because",
            "authlint : ignore[a] because",
            "authlint ignore[a] because",
            "authlint-ignore a",
            "Authlint: Ignore[a] because",
            "authlint: ingore[a] because",
            "authlint: ignore (a) because",
            "authlint: disable a",
            "authlint: ignore",
        ] {
            assert_eq!(ids(wrong), "wrong", "{wrong}");
        }
        for other in [
            "authlint: public",
            "authlint ignores this file",
            "see authlint",
            "authlint",
            "run authlint - ignore the rest",
            "authlint: é",
            "write `authlint: ignore[a] because` above it",
            "the form is \"authlint: ignore[rule-id] reason\"",
            "`authlint: disable` is not understood",
        ] {
            assert_eq!(ids(other), "other", "{other}");
        }
    }
}
