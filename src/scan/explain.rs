//! Answers to "why no finding here?": facts, events and conditions of one line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use crate::config::Settings;
use crate::facts::{CallId, show};
use crate::judge::{Judge, when};
use crate::recognize::Recognizer;
use crate::recognize::index::Index;
use crate::rulebook::Rulebook;
use crate::rulebook::check::{Condition, Judgement, Test, When};
use crate::source::FileId;

use super::Understood;
use super::disk::ScanError;

/// What was seen on a line (from 1) of a file (absolute), and which condition of which rule said no
/// or unknown.
pub fn explain(settings: &Settings, book: &Rulebook, file: &Path, line: u32) -> Result<String, ScanError> {
    let shown = file.strip_prefix(&settings.root).unwrap_or(file).to_string_lossy().replace('\\', "/");
    let mut whole = settings.clone();
    // The line is explained with all that the project knows, not with its file alone.
    if settings.root.is_dir() {
        whole.paths = vec![settings.root.clone()];
    }
    let understood = super::disk::understand(&whole, book)?;
    let Some(id) = understood.project.paths.iter().position(|p| *p == shown.as_str()) else {
        return Err(ScanError::NotScanned(shown));
    };
    Ok(line_text(&understood, book, &settings.limits, FileId(id as u32), line))
}

fn line_text(
    understood: &Understood,
    book: &Rulebook,
    limits: &BTreeMap<crate::source::Str, f64>,
    file: FileId,
    line: u32,
) -> String {
    let mut out = String::new();
    let path = &understood.project.paths[file.0 as usize];
    let Some(facts) = understood.project.facts(file) else {
        let _ = writeln!(
            out,
            "{path} was not analysed: nothing in it names a library or a setting that a rule speaks of."
        );
        return out;
    };
    let source = &understood.sources[file.0 as usize];
    let _ = writeln!(out, "{path}:{line}: {}\n", source.line_text(line).trim());
    let _ = writeln!(out, "Facts:");
    let on_line = |start: u32| source.line(start) == line;
    let mut any = false;
    for (span, fact) in show::all(facts) {
        if on_line(span.start) {
            any = true;
            let _ = writeln!(out, "  {fact}");
        }
    }
    if !any {
        let _ = writeln!(out, "  none begins on this line");
    }
    let judging =
        Judge::new(&understood.project, &understood.events, limits, &understood.client, &book.models);
    let _ = writeln!(out, "\nEvents:");
    let mut count = 0;
    for event in understood.events.iter().filter(|e| e.file == file && on_line(e.span.start)) {
        count += 1;
        let _ = writeln!(
            out,
            "  {} `{}` ({}, line {} of the page)",
            event.concept.name, event.callee, event.model.0, event.model.1
        );
        for (name, role) in &event.roles {
            let open = if role.open { ", depends on callers that are not known" } else { "" };
            let place =
                if role.place.is_empty() { String::new() } else { format!(", looked for at {}", role.place) };
            let _ = writeln!(out, "    {name}: {}{place}{open}", role.state.word());
            for step in role.evidence.iter().take(4) {
                let there = &understood.sources[step.span.file.0 as usize];
                let _ = writeln!(out, "      {}:{} {}", there.path, there.line(step.span.start), step.text);
            }
        }
        let _ = writeln!(out, "    rules:");
        for check in &book.checks {
            match &check.judgement {
                Judgement::When(said) if said.on.iter().any(|c| c.name == event.concept.name) => {
                    let When { when: condition, unless, doubt, .. } = &**said;
                    let answer = when::ask(&judging, check, condition, event);
                    let except = when::ask(&judging, check, unless, event);
                    let text = match (answer.truth, except.truth) {
                        (when::Truth::Yes, when::Truth::Yes) => "no: an exception holds".to_string(),
                        (when::Truth::Yes, _) => match when::ask(&judging, check, doubt, event).truth {
                            when::Truth::Yes => "yes, at low confidence (shown by --strict)".into(),
                            _ => "yes".into(),
                        },
                        (truth, _) => {
                            format!("{}: {}", word(truth), first_failing(&judging, check, condition, event))
                        }
                    };
                    let _ = writeln!(out, "      {}: {text}", check.id);
                }
                Judgement::Analysis(..) => {
                    let hit =
                        judging.check(check).iter().any(|v| v.place.file == file && on_line(v.place.start));
                    if hit {
                        let _ = writeln!(out, "      {}: yes", check.id);
                    }
                }
                _ => {}
            }
        }
    }
    if count == 0 {
        let _ = writeln!(
            out,
            "  none: no call or setting on this line is known from a page (`authlint models list`)"
        );
    }
    out
}

fn word(truth: when::Truth) -> &'static str {
    match truth {
        when::Truth::Yes => "yes",
        when::Truth::No => "no",
        when::Truth::Unknown => "unknown",
    }
}

/// The first part of a condition that is not met, in words.
fn first_failing(
    judge: &Judge,
    check: &crate::rulebook::Check,
    condition: &Condition,
    event: &crate::event::Event,
) -> String {
    match condition {
        Condition::All(parts) => parts
            .iter()
            .find(|p| when::ask(judge, check, p, event).truth != when::Truth::Yes)
            .map_or_else(String::new, |p| first_failing(judge, check, p, event)),
        Condition::Any(_) => "none of the alternatives holds".into(),
        Condition::Not(_) => "the opposite holds".into(),
        Condition::Role { role, test } => {
            let state = event.state(role).word();
            match test {
                Test::State(states) => {
                    let wanted: Vec<_> = states.iter().map(|s| s.word()).collect();
                    format!("{role} is {state}, the rule speaks of {}", wanted.join(" or "))
                }
                _ => format!("{role} is {state}, and its value is not what the rule speaks of"),
            }
        }
    }
}

/// The lines of the entries of a page that some call, setting or value of the project met.
pub fn entries_hit(understood: &Understood, book: &Rulebook, page: &str) -> BTreeSet<usize> {
    let mut out: BTreeSet<usize> =
        understood.events.iter().filter(|e| e.model.0 == page).map(|e| e.model.1).collect();
    let project = &understood.project;
    let names: Vec<_> = project.paths.iter().map(|_| std::sync::OnceLock::new()).collect();
    let index = Index::new(book, project);
    let recognizer = Recognizer::new(project, &index, &names);
    for facts in project.files.iter().flatten() {
        for i in 0..facts.calls.len() {
            let callee = recognizer.callee(facts.file, CallId(i as u32));
            for entry in &callee.entries {
                if book.models[entry.model].page == page {
                    out.insert(index.call(*entry).line);
                }
            }
            let results = recognizer.types_of_result(facts.file, CallId(i as u32));
            for (model, t) in callee.makes.iter().chain(&callee.receiver).chain(&results) {
                if book.models[*model].page == page {
                    out.insert(index.types(*model)[*t].line);
                }
            }
        }
        out.extend(recognizer.derived(facts.file, page));
    }
    out
}
