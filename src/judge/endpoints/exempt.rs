//! Which guards let paths pass by how they begin, so that other paths slip through?

use std::collections::BTreeMap;

use crate::endpoint::{Answer, Endpoint, Exempt, Guard};
use crate::finding::{Evidence, Strength, Verdict};
use crate::rulebook::check::Check;
use crate::source::Span;

use super::{Judge, short};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut lists: BTreeMap<Span, (&Guard, &Exempt)> = BTreeMap::new();
    for guard in judge.inventory.endpoints.iter().flat_map(|e| &e.guards) {
        if guard.does.authentication == Answer::Yes {
            for exempt in &guard.exempts {
                lists.entry(exempt.span).or_insert((guard, exempt));
            }
        }
    }
    let mut out = Vec::new();
    for (span, (guard, _)) in lists {
        let exempts: Vec<&Exempt> = guard.exempts.iter().filter(|e| e.span == span).collect();
        let behind =
            judge.inventory.endpoints.iter().filter(|e| e.guards.iter().any(|g| g.span == guard.span));
        let through: Vec<&Endpoint> = behind
            .filter(|e| exempts.iter().any(|x| slips(&x.text, x.anywhere, &e.path)))
            .filter(|e| !exempts.iter().any(|x| means(&x.text, &e.path)))
            .collect();
        let strength = if through.is_empty() { Strength::Heuristic } else { Strength::Inferred };
        let Some(first) = exempts.iter().find(|x| x.anywhere || !x.text.ends_with('/')) else { continue };
        let mut found = judge.plain_verdict(check, &short(&guard.name), span, strength, false);
        found.says = match through.as_slice() {
            [] => format!("lets every path pass that {} `{}`", how(first), first.text),
            [one] => format!("lets `{}` pass, because its path {} `{}`", one.name(), how(first), first.text),
            [one, rest @ ..] => format!(
                "lets `{}` and {} more pass, because their paths {} `{}`",
                one.name(),
                rest.len(),
                if first.anywhere { "contain" } else { "begin with" },
                first.text
            ),
        };
        found.evidence = through
            .iter()
            .take(8)
            .map(|e| Evidence {
                span: e.registered,
                text: format!("`{}` slips through", e.name()),
                strength: Strength::Stated,
            })
            .collect();
        out.push(found);
    }
    out
}

fn how(exempt: &Exempt) -> &'static str {
    if exempt.anywhere { "contains" } else { "begins with" }
}

/// Begins with the text, and goes on within the segment; or holds it somewhere behind its beginning.
fn slips(text: &str, anywhere: bool, path: &str) -> bool {
    match path.strip_prefix(text) {
        Some(rest) => !rest.is_empty() && !rest.starts_with('/') && !text.ends_with('/'),
        None => anywhere && path.contains(text),
    }
}

/// The path itself, or something below it.
fn means(text: &str, path: &str) -> bool {
    path.strip_prefix(text.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
