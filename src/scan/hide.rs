//! Keys made unreadable wherever they are shown: in the sources that reports quote from, and in the
//! answers of `explain`. Knows roles that hold credentials, no rule and no format.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;

use crate::endpoint::Inventory;
use crate::event::{Event, Known};
use crate::facts::Value;
use crate::finding::{Finding, Verdict};
use crate::judge::credentials::{Credentials, Worth};
use crate::project::Project;
use crate::rulebook::Check;
use crate::source::{Ecosystem, FileId, Source, Span, Str};

/// Characters of a key that stay readable, so that it can be told from others.
const SHOWN: usize = 4;
/// Longer keys are no words of anything else.
const PLAIN: usize = 12;
/// Roles whose texts are credentials.
const ROLES: &[&str] = &["key", "secret", "password"];
/// Weaknesses (CWE) of which the place itself is the credential: in the source, as a password, as a key.
const CREDENTIALS_IN_SOURCE: &[u32] = &[798, 259, 321];

/// Every value of the events that is a credential, and no public one.
fn credentials<'e>(
    events: &'e [Event],
    looks: &'e Credentials<'_>,
) -> impl Iterator<Item = (&'e Known, &'e str)> {
    let values = events.iter().flat_map(|e| &e.roles).flat_map(|(n, r)| r.values.iter().map(move |v| (n, v)));
    values.filter_map(|(name, known)| {
        let text = known.text.as_deref()?;
        let public = text.contains("PUBLIC KEY") || text.contains("CERTIFICATE");
        let by_looks = || looks.format(text).is_some_and(|(format, _)| !format.public);
        (!public && (ROLES.contains(name) || by_looks())).then_some((known, text))
    })
}

/// The literals at which a rule about credentials in the source reports.
pub fn reported(verdicts: &[Verdict], checks: &[Check], project: &Project) -> Vec<Span> {
    let about: BTreeSet<&str> = checks
        .iter()
        .filter(|c| c.references.cwe.iter().any(|n| CREDENTIALS_IN_SOURCE.contains(n)))
        .map(|c| c.id.as_str())
        .collect();
    let places: BTreeSet<Span> =
        verdicts.iter().filter(|v| about.contains(v.rule.as_str())).map(|v| v.place).collect();
    let mut out = Vec::new();
    for facts in project.files.iter().flatten() {
        let texts = facts.values.iter().filter(|n| matches!(n.value, Value::Text(_) | Value::Join(_)));
        out.extend(texts.map(|n| n.span).filter(|span| places.contains(span)));
    }
    out
}

/// What else in some files is a credential, whether a rule speaks of it or not: excerpts show the lines
/// around a finding, too. By the name before it, or by its looks.
pub fn written(
    files: &BTreeSet<FileId>,
    sources: &[Source],
    project: &Project,
    looks: &Credentials<'_>,
) -> Vec<Span> {
    let mut out = Vec::new();
    let kinds: [Str; 4] = ["password".into(), "secret".into(), "token".into(), "own key".into()];
    for file in files {
        let (Some(source), Some(facts)) = (sources.get(file.0 as usize), project.facts(*file)) else {
            continue;
        };
        let text = source.text.as_ref();
        let code = facts.ecosystem != Ecosystem::None;
        let Some(pattern) = assignment(code) else { continue };
        for found in pattern.captures_iter(text) {
            let (Some(name), Some(value)) = (found.get(1), found.get(2)) else { continue };
            if looks.is_of(name.as_str(), &kinds) && looks.worth(value.as_str()) > Worth::Nothing {
                out.push(Span::new(*file, value.start(), value.end()));
            }
        }
        for node in &facts.values {
            if let Value::Text(t) = &node.value
                && looks.is_credential(t)
            {
                out.push(node.span);
            }
        }
    }
    out
}

/// `NAME=value`, `name: value`; in programs only quoted values, because others are names.
fn assignment(code: bool) -> Option<&'static Regex> {
    static CODE: OnceLock<Option<Regex>> = OnceLock::new();
    static PLAIN: OnceLock<Option<Regex>> = OnceLock::new();
    let quoted = r#"([A-Za-z_][A-Za-z0-9_]*)["']?(?:: ?[A-Za-z&' ]+)?\s*[=:]\s*["'`]([^"'`\n]{5,})["'`]"#;
    let plain = r#"([A-Za-z_][A-Za-z0-9_.-]*)["']?[ \t]*[=:][ \t]*["']?([^\s"'$<{][^\s"']{4,})"#;
    let (cell, pattern) = if code { (&CODE, quoted) } else { (&PLAIN, plain) };
    cell.get_or_init(|| Regex::new(pattern).ok()).as_ref()
}

/// The sources with all keys in them starred out, and what else is to be; every place stays where it was.
pub fn in_sources(
    mut sources: Vec<Source>,
    events: &[Event],
    looks: &Credentials<'_>,
    more: &[Span],
) -> Vec<Source> {
    let mut spans: BTreeMap<FileId, BTreeSet<(u32, u32)>> = BTreeMap::new();
    for span in credentials(events, looks).map(|(known, _)| known.span).chain(more.iter().copied()) {
        spans.entry(span.file).or_default().insert((span.start, span.end));
    }
    for (file, spans) in spans {
        let Some(source) = sources.get_mut(file.0 as usize) else { continue };
        let mut text = source.text.as_bytes().to_vec();
        for (start, end) in spans {
            let whole = start as usize..end as usize;
            let Some(written) = source.text.get(whole.clone()) else { continue };
            let inside = within_quotes(written);
            let hidden = hidden(&written[inside.clone()]);
            text[whole.start + inside.start..whole.start + inside.end].copy_from_slice(hidden.as_bytes());
        }
        if let Ok(text) = String::from_utf8(text) {
            *source = Source::new(file, source.path.clone(), text);
        }
    }
    sources
}

/// A text that may repeat what the keys say.
pub fn in_text<'a>(
    mut text: String,
    events: &'a [Event],
    looks: &'a Credentials<'_>,
    more: impl Iterator<Item = &'a str>,
) -> String {
    for key in keys(events, looks, more) {
        text = without(&text, key);
    }
    text
}

/// The sentences of findings: the call that they speak of may hold the key.
pub fn in_findings(findings: &mut [Finding], events: &[Event], looks: &Credentials<'_>) {
    for key in keys(events, looks, std::iter::empty()) {
        for finding in findings.iter_mut() {
            let sentences = [&mut finding.message, &mut finding.why, &mut finding.fix, &mut finding.prompt];
            let steps = finding.evidence.iter_mut().chain(&mut finding.related).map(|step| &mut step.text);
            for text in sentences.into_iter().chain(steps).filter(|text| text.contains(key)) {
                *text = without(text, key);
            }
        }
    }
}

/// Guards are shown as the source writes them, and their arguments may be keys.
pub fn in_inventory(
    inventory: &mut Inventory,
    events: &[Event],
    looks: &Credentials<'_>,
    more: &[Span],
    sources: &[Source],
) {
    let written = more.iter().filter_map(|span| Some((span, sources.get(span.file.0 as usize)?)));
    let written: Vec<&str> = written
        .map(|(span, source)| source.slice(*span))
        .map(|text| &text[within_quotes(text)])
        .filter(|text| text.chars().count() > SHOWN)
        .collect();
    for key in keys(events, looks, written.into_iter()) {
        let late = inventory.late.iter_mut().map(|late| &mut late.guard);
        for guard in inventory.endpoints.iter_mut().flat_map(|e| &mut e.guards).chain(late) {
            if guard.name.contains(key) {
                guard.name = without(&guard.name, key).into();
            }
            for step in guard.evidence.iter_mut().filter(|step| step.text.contains(key)) {
                step.text = without(&step.text, key);
            }
        }
    }
}

/// The long ones first: one may be a part of another.
fn keys<'a>(
    events: &'a [Event],
    looks: &'a Credentials<'_>,
    more: impl Iterator<Item = &'a str>,
) -> Vec<&'a str> {
    let all: BTreeSet<&str> = credentials(events, looks).map(|(_, key)| key).chain(more).collect();
    let mut keys: Vec<&str> = all.into_iter().filter(|key| key.chars().count() > SHOWN).collect();
    keys.sort_by_key(|key| std::cmp::Reverse(key.len()));
    keys
}

fn without(text: &str, key: &str) -> String {
    let debug = format!("{key:?}");
    let mut out = text.replace(&debug, &format!("\"{}\"", hidden(&debug[1..debug.len() - 1])));
    // A short one may be a word of the text itself: it counts in quotes only.
    if key.len() > PLAIN {
        return out.replace(key, &hidden(key));
    }
    for quote in ['"', '\'', '`'] {
        out = out.replace(&format!("{quote}{key}{quote}"), &format!("{quote}{}{quote}", hidden(key)));
    }
    out
}

/// Stars for all but the first characters; as many bytes as before, and the same lines.
fn hidden(text: &str) -> String {
    let star = |(n, c): (usize, char)| match n < SHOWN || matches!(c, '\n' | '\r') {
        true => c.to_string(),
        false => "*".repeat(c.len_utf8()),
    };
    text.chars().enumerate().map(star).collect()
}

/// What stands between the quotes of a literal; everything when it is none.
fn within_quotes(written: &str) -> Range<usize> {
    let prefix = written.len() - written.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let rest = written[prefix..].trim_start_matches('#');
    let open = written.len() - rest.len();
    let Some(quote) = rest.chars().next().filter(|c| prefix < 3 && matches!(c, '"' | '\'' | '`')) else {
        return 0..written.len();
    };
    let triple = quote.to_string().repeat(3);
    let length = if rest.len() >= 6 && rest.starts_with(&triple) { 3 } else { 1 };
    let closed = written.trim_end_matches('#').trim_end_matches(quote).len();
    let close = closed.max(written.trim_end_matches('#').len().saturating_sub(length));
    match written.trim_end_matches('#').ends_with(quote) && open + length <= close {
        true => open + length..close,
        false => open + length..written.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_characters_and_the_quotes_stay() {
        let shown = |text: &str| {
            let inside = within_quotes(text);
            format!("{}{}{}", &text[..inside.start], hidden(&text[inside.clone()]), &text[inside.end..])
        };
        assert_eq!(shown("'1242#$%^ a-b'"), "'1242********'");
        assert_eq!(shown("b\"abcdef\""), "b\"abcd**\"");
        assert_eq!(shown("r#\"ab\"cdef\"#"), "r#\"ab\"c***\"#");
        assert_eq!(shown("\"\"\"abcde\nf\"\"\""), "\"\"\"abcd*\n*\"\"\"");
        assert_eq!(shown("`k€y€€z`"), "`k€y€****`");
        assert_eq!(shown("abcdefg"), "abcd***");
        assert_eq!(shown("'abcdef' + x"), "'abcd*******");
        assert_eq!(shown("'abcdef'''"), "'abcd****'");
        for odd in ["'", "\"", "r#", "r#\"", "''", "\"\"\"", "", "'''a", "é'"] {
            assert_eq!(shown(odd).len(), odd.len(), "{odd}");
        }
    }
}
