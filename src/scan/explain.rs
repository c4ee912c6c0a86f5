//! Answers to "why no finding here?": facts, events and conditions of one line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use crate::config::Settings;
use crate::event::{Event, RoleValue};
use crate::facts::{CallId, Value, show};
use crate::finding::Verdict;
use crate::judge::Judge;
use crate::judge::when::{self, Truth};
use crate::project::origins::{At, Root};
use crate::recognize::Recognizer;
use crate::recognize::index::{self, Index};
use crate::rulebook::check::{Condition, Judgement, When};
use crate::rulebook::model::ValueModel;
use crate::rulebook::{Check, Rulebook};
use crate::source::{FileId, Str};

use super::disk::ScanError;
use super::reasons::Reasons;
use super::{Understood, hide};

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
    // Values are followed by recursion, here as in a scan.
    super::disk::in_pool(settings, || line_text(&understood, book, &settings.limits, FileId(id as u32), line))
}

fn line_text(
    understood: &Understood,
    book: &Rulebook,
    limits: &BTreeMap<Str, f64>,
    file: FileId,
    line: u32,
) -> Result<String, ScanError> {
    let mut out = String::new();
    let path = &understood.project.paths[file.0 as usize];
    let Some(facts) = understood.project.facts(file) else {
        let _ = writeln!(
            out,
            "{path} was not analysed: nothing in it names a library or a setting that a rule speaks of."
        );
        return Ok(out);
    };
    let source = &understood.sources[file.0 as usize];
    // What follows the last line break of a file is no line to a reader.
    let count = source.line_count() - u32::from(source.text.ends_with(['\n', '\r']));
    if line == 0 || line > count {
        let lines = format!("{count} line{}", if count == 1 { "" } else { "s" });
        return Err(ScanError::NoSuchLine { path: path.to_string(), lines, line });
    }
    let judging = Judge::new(
        &understood.project,
        &understood.events,
        &understood.inventory,
        limits,
        &understood.client,
        &book.models,
    );
    let told: Vec<Verdict> = book.checks.iter().flat_map(|check| judging.check(check)).collect();
    let secret = hide::reported(&told, &book.checks, &understood.project);
    let here = BTreeSet::from([file]);
    let beside = hide::written(&here, &understood.sources, &understood.project, &judging.credentials);
    let secret: Vec<_> = secret.into_iter().chain(beside.iter().copied()).collect();
    let sources = understood.sources.clone();
    let shown = hide::in_sources(sources, &understood.events, &judging.credentials, &secret);
    let _ = writeln!(out, "{path}:{line}: {}\n", shown[file.0 as usize].line_text(line).trim());
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
    let endpoints = super::explain_routes::text(understood, file, line);
    if !endpoints.is_empty() {
        let _ = writeln!(out, "\nEndpoints:\n{}", endpoints.trim_end());
    }
    let by_analysis: Vec<&Check> = book
        .checks
        .iter()
        .filter(|check| matches!(check.judgement, Judgement::Analysis(..)))
        .filter(|check| {
            told.iter().any(|v| v.rule == check.id && v.place.file == file && on_line(v.place.start))
        })
        .collect();
    let _ = writeln!(out, "\nEvents:");
    let mut blocks: Vec<Block> = Vec::new();
    for event in understood.events.iter().filter(|e| e.file == file && on_line(e.span.start)) {
        let block = Block::new(&judging, book, &by_analysis, event);
        match blocks.iter_mut().find(|known| known.says == block.says) {
            Some(known) => known.seen += 1,
            None => blocks.push(block),
        }
    }
    for block in &blocks {
        block.write(understood, &mut out);
    }
    // Rules that look at texts and names themselves.
    let here = told.iter().filter(|v| v.place.file == file && on_line(v.place.start));
    let mut said: Vec<String> = here.map(|v| format!("  {}: `{}` {}", v.rule, v.subject, v.says)).collect();
    said.sort();
    said.dedup();
    if !said.is_empty() {
        let _ = writeln!(out, "\nReported on this line:\n{}", said.join("\n"));
    } else if blocks.is_empty() {
        let _ = writeln!(
            out,
            "  none: no call or setting on this line is known from a page (`authlint models list`)"
        );
    }
    let written = secret.iter().filter_map(|span| {
        let facts = understood.project.facts(span.file)?;
        facts.values.iter().find_map(|n| match &n.value {
            Value::Text(text) if n.span == *span => Some(text.as_str()),
            _ => None,
        })
    });
    let beside = beside.iter().filter_map(|s| source.text.get(s.range()));
    Ok(hide::in_text(out, &understood.events, &judging.credentials, written.chain(beside)))
}

/// What is told of one event. Those of one call, seen from several callers, often say the same.
struct Block<'e> {
    event: &'e Event,
    /// The states of the roles, and what the rules say.
    says: (String, Vec<String>, Vec<String>),
    seen: usize,
}

impl<'e> Block<'e> {
    fn new(judging: &Judge, book: &Rulebook, by_analysis: &[&Check], event: &'e Event) -> Self {
        let head = format!(
            "{} `{}` ({}, line {} of the page)",
            event.concept.name, event.callee, event.model.0, event.model.1
        );
        let role = |(name, role): &(&str, RoleValue)| {
            let open = if role.open { ", depends on callers that are not known" } else { "" };
            let place =
                if role.place.is_empty() { String::new() } else { format!(", looked for at {}", role.place) };
            format!("{name}: {}{place}{open}", role.state.word())
        };
        let rule = |check: &Check| match &check.judgement {
            Judgement::When(said) if said.on.iter().any(|c| c.name == event.concept.name) => {
                Some(format!("{}: {}", check.id, answer(judging, check, said, event)))
            }
            Judgement::Analysis(..) if by_analysis.iter().any(|c| c.id == check.id) => {
                Some(format!("{}: yes", check.id))
            }
            _ => None,
        };
        let roles = event.roles.iter().map(role).collect();
        Block { event, says: (head, roles, book.checks.iter().filter_map(rule).collect()), seen: 1 }
    }

    fn write(&self, understood: &Understood, out: &mut String) {
        let (head, roles, rules) = &self.says;
        let seen = match self.seen {
            1 => String::new(),
            n => format!(" (seen from {n} callers)"),
        };
        let _ = writeln!(out, "  {head}{seen}");
        for (text, (_, role)) in roles.iter().zip(&self.event.roles) {
            let _ = writeln!(out, "    {text}");
            for step in role.evidence.iter().take(4) {
                let there = &understood.sources[step.span.file.0 as usize];
                let _ = writeln!(out, "      {}:{} {}", there.path, there.line(step.span.start), step.text);
            }
        }
        let _ = writeln!(out, "    rules:");
        for rule in rules {
            let _ = writeln!(out, "      {rule}");
        }
    }
}

/// What one rule says of an event, and which roles decided.
fn answer(judging: &Judge, check: &Check, said: &When, event: &Event) -> String {
    let ask = |condition: &Condition| when::ask(judging, check, condition, event).truth;
    let reasons = Reasons { judging, check, event };
    match (ask(&said.when), ask(&said.unless)) {
        (Truth::Yes, Truth::Yes) => {
            format!("no: an exception holds: {}", reasons.holding(&said.unless))
        }
        (Truth::Yes, _) if ask(&said.doubt) == Truth::Yes => {
            let doubt = reasons.holding(&said.doubt);
            format!("yes, at low confidence (shown by --strict): {doubt}")
        }
        (Truth::Yes, _) => "yes".into(),
        (truth, _) => match (truth, reasons.failing(&said.when, truth)) {
            // Only what this concept does not have is unknown: the other parts said no.
            (_, why) if why.is_empty() => match reasons.failing(&said.when, Truth::No) {
                why if why.is_empty() => "no: what it asks about is no part of this".into(),
                why => format!("no: {why}"),
            },
            (Truth::No, why) => format!("no: {why}"),
            (_, why) => format!("unknown: {why}"),
        },
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
        for attribute in &facts.attributes {
            let found = recognizer.entries_at(facts.file, attribute.value);
            out.extend(found.iter().filter(|(m, ..)| book.models[*m].page == page).map(|(_, c, _)| c.line));
        }
        for text in facts.values.iter().filter_map(|v| match &v.value {
            Value::Text(text) if text.contains('.') => Some(text),
            _ => None,
        }) {
            out.extend(recognizer.values_named(facts.file, text, page));
        }
        // Names in the types of parameters.
        let values = book.models.iter().filter(|m| m.page == page).flat_map(|m| &m.values);
        let values: Vec<_> = values.filter(|v| v.concept.name.starts_with("identity.")).collect();
        for annotation in facts.functions.iter().flat_map(|f| &f.params).filter_map(|p| p.type_ref.as_ref()) {
            let mut open = vec![annotation];
            while let Some(t) = open.pop().filter(|_| !values.is_empty()) {
                open.extend(&t.args);
                for traced in recognizer.trace(At { file: facts.file, value: t.head }, &None) {
                    let Root::External(path) = &traced.root else { continue };
                    let named = |v: &&&ValueModel| index::names_end(&v.path, &path.members);
                    out.extend(values.iter().filter(named).map(|v| v.line));
                }
            }
        }
    }
    out
}
