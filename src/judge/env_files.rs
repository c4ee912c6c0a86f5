//! Which env files are kept with the source, and what in them is a credential that somebody uses?

use crate::facts::{FileFacts, Value};
use crate::finding::{Confidence, Evidence, Strength, Verdict};
use crate::rulebook::check::Check;
use crate::source::{Span, Str};

use super::credentials::{Worth, is_form, is_template};
use super::secrets::{is_local, is_model, is_nothing_own, looks_like_code, says_its_name};
use super::{Judge, words};

/// Env files that are kept by version control, or by nothing that would leave them out.
pub fn committed(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out = Vec::new();
    for facts in judge.project.files.iter().flatten().filter(|f| f.format == "env") {
        let path = &judge.project.paths[facts.file.0 as usize];
        let kept = judge.project.tracked.as_ref().is_none_or(|t| t.contains(path));
        let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
        let test = words(&name).iter().any(|w| matches!(w.as_str(), "test" | "testing" | "e2e" | "ci"));
        if !kept || is_model(path) || test {
            continue;
        }
        let real: Vec<(&Str, Span, Span)> =
            facts.settings.iter().filter_map(|s| real_setting(judge, facts, s)).collect();
        let (Some(first), Some(last)) = (real.first(), real.last()) else { continue };
        let keys: Vec<&str> = real.iter().map(|(name, ..)| name.as_str()).collect();
        let place = Span { end: last.2.end, ..first.1 };
        let mut verdict =
            judge.plain_verdict(check, path, place, Strength::Stated, judge.is_test_file(facts.file));
        verdict.says = match &judge.project.tracked {
            Some(_) => format!("is kept by version control with {}", list(&keys)),
            None => format!("stands with the source, and nothing ignores it: {}", list(&keys)),
        };
        verdict.evidence = real
            .iter()
            .map(|(name, span, _)| Evidence {
                span: *span,
                text: format!("`{name}`"),
                strength: Strength::Stated,
            })
            .collect();
        // A file that is handed out to be filled in.
        let texts = facts.settings.iter().filter(|s| real.iter().any(|(_, span, _)| *span == s.span));
        let mut texts = texts.filter_map(|s| match facts.value(s.value) {
            Value::Text(text) => Some(text),
            _ => None,
        });
        if name != ".env" && texts.all(|text| asks_for_change(text)) {
            verdict.confidence = Confidence::Low;
        }
        if judge.project.tracked.is_none() {
            verdict.confidence = verdict.confidence.min(Confidence::Medium);
        }
        out.push(verdict);
    }
    out
}

/// `change-me`.
fn asks_for_change(text: &str) -> bool {
    let all = words(text).concat();
    all.starts_with("change") && all.len() < 20
}

fn list(keys: &[&str]) -> String {
    let shown: Vec<String> = keys.iter().take(5).map(|k| format!("`{k}`")).collect();
    match keys.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A setting whose value is a credential that somebody uses.
fn real_setting<'f>(
    judge: &Judge,
    facts: &'f FileFacts,
    setting: &'f crate::facts::Setting,
) -> Option<(&'f Str, Span, Span)> {
    let [name] = setting.path.as_slice() else { return None };
    let Value::Text(text) = facts.value(setting.value) else { return None };
    let span = facts.node(setting.value).span;
    let format = judge.credentials.format(text);
    if let Some((format, range)) = &format {
        let local = is_local(&text[range.start..]);
        let text = &text[range.clone()];
        let inner = format.pattern.0.captures(text).and_then(|c| c.get(1)).map_or(text, |m| m.as_str());
        let nothing =
            format.public || is_template(inner) || is_form(inner) || local && is_nothing_own(text, inner);
        return (!nothing).then_some((name, setting.span, span));
    }
    let kinds: [Str; 3] = ["password".into(), "secret".into(), "token".into()];
    // What an env file says is what the program takes: `DB_PASSWORD=password` is a password.
    let is_common = judge.credentials.is_of(name, &kinds[..1]) && words(text) == ["password"];
    let real = judge.credentials.is_of(name, &kinds)
        && judge.credentials.worth(text) > Worth::Nothing
        && (!says_its_name(name, text) || is_common)
        && !looks_like_code(text);
    real.then_some((name, setting.span, span))
}
