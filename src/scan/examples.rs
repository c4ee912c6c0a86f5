//! Runs the examples of pages: the proof of every model entry and of every rule.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use crate::endpoint::{Answer, Endpoint};
use crate::event::{Event, RoleValue};
use crate::finding::Problem;
use crate::project::Manifest;
use crate::rulebook::page::{Example, Page};
use crate::rulebook::{Kind, Rulebook, kind_of};
use crate::source::{Ecosystem, FileId, Str};

use super::{Files, Request, Understood};

/// Files that stand in memory.
#[derive(Debug, Default)]
pub struct Memory {
    pub files: Vec<(Str, String)>,
    pub manifests: Vec<Manifest>,
}

impl Memory {
    /// Sorts files and manifests by what their names say.
    pub fn new(files: impl IntoIterator<Item = (String, String)>) -> Memory {
        let mut memory = Memory::default();
        for (path, text) in files {
            match crate::lower::syntax_of(&path) {
                Some(_) => memory.files.push((path.into(), text)),
                None => memory.manifests.push(Manifest { path: path.into(), text }),
            }
        }
        memory.files.sort();
        memory
    }
}

impl Files for Memory {
    fn paths(&self) -> Vec<Str> {
        self.files.iter().map(|(path, _)| path.clone()).collect()
    }

    fn manifests(&self) -> &[Manifest] {
        &self.manifests
    }

    fn read(&self, file: FileId) -> (Result<String, String>, Option<Problem>) {
        (Ok(self.files[file.0 as usize].1.clone()), None)
    }
}

/// An example that does not hold: where it stands, and what differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub page: String,
    /// The line of the page.
    pub line: usize,
    pub message: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.page, self.line, self.message)
    }
}

/// One project of an example: a single fence, or all fences of a heading that name a file.
struct Case<'p> {
    examples: Vec<&'p Example>,
}

fn cases(page: &Page) -> Vec<Case<'_>> {
    let mut out: Vec<Case> = Vec::new();
    let mut open: Option<(String, String)> = None;
    for example in &page.examples {
        let verdict = ["bad", "good"].iter().find(|w| example.is(w)).copied().unwrap_or_default();
        let key = (example.heading.clone(), verdict.to_string());
        let named = example.word("file").is_some();
        let together = open.as_ref() == Some(&key)
            && named
            && !out.last().is_some_and(|c| c.examples.iter().any(|e| e.file_name() == example.file_name()));
        if together && let Some(last) = out.last_mut() {
            last.examples.push(example);
        } else {
            out.push(Case { examples: vec![example] });
        }
        open = named.then_some(key);
    }
    out
}

impl Case<'_> {
    fn files(&self, book: &Rulebook, page: &Page) -> Memory {
        let mut files: Vec<(String, String)> =
            self.examples.iter().map(|e| (e.file_name(), e.code.clone())).collect();
        if let Some(version) = self.examples.iter().find_map(|e| e.word("version"))
            && let Some(model) = book.models.iter().find(|m| m.page == page.path)
        {
            files.push(match model.ecosystem {
                Ecosystem::PyPi => ("requirements.txt".into(), format!("{}=={version}\n", model.package)),
                Ecosystem::Crates => {
                    let text = format!("[package]\nname = \"example\"\nversion = \"0.1.0\"\n[dependencies]\n{} = \"{version}\"\n", model.package);
                    ("Cargo.toml".into(), text)
                }
                _ => ("package.json".into(), format!("{{\"dependencies\": {{\"{}\": \"{version}\"}}}}", model.package)),
            });
        }
        Memory::new(files)
    }

    /// The page's line of a line of one of the files.
    fn line(&self, path: &str, line: u32) -> usize {
        let example = self.examples.iter().find(|e| e.file_name() == path).or(self.examples.first());
        example.map_or(0, |e| e.line + line as usize - 1)
    }
}

/// What follows `mark` in a comment at the end of each line: (file, line, rest). A comment that is a line of
/// its own speaks of the next line: some formats have no other.
fn marks<'c>(case: &'c Case, mark: &str) -> Vec<(String, u32, &'c str)> {
    let mut out = Vec::new();
    for example in &case.examples {
        for (n, line) in example.code.lines().enumerate() {
            let mut rest = line;
            while let Some(at) = rest.find(mark) {
                let before = rest[..at].trim_end();
                let after = rest[at + mark.len()..].trim();
                if before.ends_with("//")
                    || before.ends_with('#')
                    || before.ends_with("/*")
                    || before.ends_with(';')
                {
                    let alone = matches!(line[..line.len() - rest.len() + at].trim(), "//" | "#" | ";");
                    out.push((example.file_name(), n as u32 + 1 + u32::from(alone), after));
                }
                rest = &rest[at + mark.len()..];
            }
        }
    }
    out
}

/// The project of each example of a page, and the line of the page where it begins.
pub fn projects(page: &Page, book: &Rulebook) -> Vec<(usize, Memory)> {
    cases(page).iter().map(|case| (case.examples[0].line, case.files(book, page))).collect()
}

/// Runs all examples of a page.
pub fn run(page: &Page, book: &Rulebook) -> Vec<Failure> {
    match kind_of(&page.path) {
        Some(Kind::Model(_)) => run_model(page, book).0,
        Some(Kind::Check) => run_check(page, book),
        None => Vec::new(),
    }
}

/// Also gives the entries (by their line) that some example exercised.
pub fn run_model(page: &Page, book: &Rulebook) -> (Vec<Failure>, BTreeSet<usize>) {
    let mut failures = Vec::new();
    let mut proven = BTreeSet::new();
    for case in cases(page) {
        let understood = super::understand(&case.files(book, page), book, super::Depth::All);
        let mut fail = |path: &str, line: u32, message: String| {
            failures.push(Failure { page: page.path.to_string(), line: case.line(path, line), message });
        };
        for problem in &understood.problems {
            let line = problem.span.map_or(1, |s| understood.sources[s.file.0 as usize].line(s.start));
            fail(&problem.path, line, problem.message.clone());
        }
        proven.extend(super::explain::entries_hit(&understood, book, &page.path));
        let mut expected: BTreeMap<(String, u32), Vec<&str>> = BTreeMap::new();
        for (path, line, rest) in marks(&case, "event:") {
            expected.entry((path, line)).or_default().push(rest);
        }
        let mut seen: BTreeMap<(String, u32), Vec<&Event>> = BTreeMap::new();
        for event in &understood.events {
            let source = &understood.sources[event.file.0 as usize];
            seen.entry((source.path.to_string(), source.line(event.span.start))).or_default().push(event);
        }
        for ((path, line), wanted) in &expected {
            let there = seen.get(&(path.clone(), *line)).map(Vec::as_slice).unwrap_or_default();
            for text in wanted {
                let text = text.split("event:").next().unwrap_or(text).trim().trim_end_matches(';').trim();
                if let Err(message) = assert_event(text, there) {
                    fail(path, *line, message);
                }
            }
        }
        failures.extend(routes(&case, &understood, &page.path));
        let mut fail = |path: &str, line: u32, message: String| {
            failures.push(Failure { page: page.path.to_string(), line: case.line(path, line), message });
        };
        for ((path, line), events) in &seen {
            for event in events.iter().filter(|e| is_token_concept(e.concept.name)) {
                let named = expected
                    .get(&(path.clone(), *line))
                    .is_some_and(|w| w.iter().any(|t| t.starts_with(event.concept.name)));
                if !named {
                    fail(path, *line, format!("an unexpected {}", describe(event)));
                }
            }
        }
    }
    (failures, proven)
}

/// `route: GET /users/{id} yes role=yes`: the endpoints that are registered or answered on a line. A case that
/// marks one marks all.
fn routes(case: &Case, understood: &Understood, page: &Str) -> Vec<Failure> {
    let marked = marks(case, "route:");
    let mut failures = Vec::new();
    if marked.is_empty() {
        return failures;
    }
    let mut fail = |path: &str, line: u32, message: String| {
        failures.push(Failure { page: page.to_string(), line: case.line(path, line), message });
    };
    let place = |span: crate::source::Span| {
        let source = &understood.sources[span.file.0 as usize];
        (source.path.to_string(), source.line(span.start))
    };
    let mut open: Vec<&Endpoint> = understood.inventory.endpoints.iter().collect();
    let said = |e: &Endpoint| {
        let mut out = format!("{} {}", e.name(), e.authentication.word());
        for (name, answer) in [("role", e.role), ("scope", e.scope)] {
            if answer != Answer::No {
                out.push_str(&format!(" {name}={}", answer.word()));
            }
        }
        out.push_str(if e.public.is_some() { " public" } else { "" });
        out
    };
    for (path, line, rest) in &marked {
        let wanted = rest.split("route:").next().unwrap_or(rest).split("event:").next().unwrap_or(rest);
        let wanted = wanted.trim().trim_end_matches("*/").trim_end_matches("//").trim_end_matches('#').trim();
        let here = |e: &&Endpoint| {
            let at = (path.clone(), *line);
            place(e.place) == at || place(e.registered) == at
        };
        match open.iter().position(|e| here(e) && said(e) == wanted) {
            Some(i) => {
                open.remove(i);
            }
            None => {
                let there: Vec<String> = open.iter().filter(|e| here(e)).map(|e| said(e)).collect();
                let there = if there.is_empty() { "nothing".into() } else { there.join(", ") };
                fail(path, *line, format!("expected the route `{wanted}`, found {there}"));
            }
        }
    }
    for endpoint in open {
        let (path, line) = place(endpoint.place);
        let marked_so = marked.iter().any(|(p, l, _)| *p == path && *l == line);
        if !marked_so {
            fail(&path, line, format!("an unexpected route: {}", said(endpoint)));
        }
    }
    failures
}

fn is_token_concept(name: &str) -> bool {
    ["jwt.", "token.make", "key.fetch"].iter().any(|p| name.starts_with(p))
}

/// `jwt.verify audience=unchecked key="abc" lifetime=900`
fn assert_event(text: &str, there: &[&Event]) -> Result<(), String> {
    let mut words = split_words(text).into_iter();
    let concept = words.next().unwrap_or_default();
    let of_concept: Vec<&&Event> = there.iter().filter(|e| e.concept.name == concept).collect();
    if of_concept.is_empty() {
        let found: Vec<_> = there.iter().map(|e| e.concept.name).collect();
        return Err(format!(
            "no {concept} here (found: {})",
            if found.is_empty() { "nothing".into() } else { found.join(", ") }
        ));
    }
    let assertions: Vec<String> = words.collect();
    let holds = |event: &Event| {
        assertions.iter().all(|a| {
            a.split_once('=').is_some_and(|(role, want)| event.role(role).is_some_and(|r| has(r, want)))
        })
    };
    if of_concept.iter().any(|e| holds(e)) {
        return Ok(());
    }
    Err(format!(
        "expected `{text}`, found {}",
        of_concept.iter().map(|e| describe(e)).collect::<Vec<_>>().join(" and ")
    ))
}

fn split_words(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for c in text.trim_end_matches("*/").trim().chars() {
        match c {
            '"' => {
                quoted = !quoted;
                if let Some(last) = out.last_mut() {
                    last.push(c);
                }
            }
            c if c.is_whitespace() && !quoted => out.push(String::new()),
            c => {
                if let Some(last) = out.last_mut() {
                    last.push(c);
                }
            }
        }
    }
    out.retain(|w| !w.is_empty());
    out
}

fn has(role: &RoleValue, want: &str) -> bool {
    if let Some(text) = want.strip_prefix('"') {
        let text = text.trim_end_matches('"');
        return role.values.iter().any(|v| {
            v.text.as_deref() == Some(text)
                || v.items.as_ref().is_some_and(|i| i.iter().any(|x| x == text))
                || v.outside.as_deref() == Some(text)
        });
    }
    match want.parse::<f64>() {
        Ok(n) => role.values.iter().any(|v| v.number.is_some_and(|x| (x - n).abs() < 0.001)),
        Err(_) => role.state.word() == want,
    }
}

/// An event with its states and known values, as a mark would write it.
pub fn describe(event: &Event) -> String {
    let mut out = event.concept.name.to_string();
    for (name, role) in &event.roles {
        out.push_str(&format!(" {name}={}", role.state.word()));
        if let Some(n) = role.values.iter().find_map(|v| v.number) {
            out.push_str(&format!("({n})"));
        } else if let Some(v) = role.values.iter().find_map(|v| v.outside.as_ref()) {
            out.push_str(&format!("(outside {v})"));
        } else if role.values.iter().any(|v| v.text.is_some()) {
            out.push_str("(known)");
        }
        if role.open {
            out.push_str("(open)");
        }
    }
    out
}

fn run_check(page: &Page, book: &Rulebook) -> Vec<Failure> {
    let mut failures = Vec::new();
    let limits = BTreeMap::new();
    for case in cases(page) {
        let bad = case.examples.iter().any(|e| e.is("bad"));
        if !bad && !case.examples.iter().any(|e| e.is("good")) {
            continue;
        }
        let understood: Understood = super::understand(&case.files(book, page), book, super::Depth::All);
        let request = Request {
            book,
            limits: &limits,
            enabled: &|rule, _| rule == page.title,
            honour_suppressions: true,
        };
        let mut fail = |path: &str, line: u32, message: String| {
            failures.push(Failure { page: page.path.to_string(), line: case.line(path, line), message });
        };
        for problem in &understood.problems {
            let line = problem.span.map_or(1, |s| understood.sources[s.file.0 as usize].line(s.start));
            fail(&problem.path, line, problem.message.clone());
        }
        let outcome = super::judge(understood, &request, Instant::now());
        let advice = book.check(&page.title).is_some_and(|c| c.advice);
        let mut found: BTreeMap<(String, u32), &str> = BTreeMap::new();
        for finding in outcome.active().filter(|f| f.rules.iter().any(|r| *r == page.title)) {
            let source = &outcome.sources[finding.place.file.0 as usize];
            let kind = match finding.confidence {
                crate::finding::Confidence::Low if !advice => "low",
                _ => "",
            };
            let kept =
                found.entry((source.path.to_string(), source.line(finding.place.start))).or_insert(kind);
            if kind.is_empty() {
                *kept = kind;
            }
        }
        let mut expected: BTreeMap<(String, u32), &str> = BTreeMap::new();
        for (path, line, rest) in marks(&case, "finding") {
            expected.insert((path, line), if rest.starts_with("(low)") { "low" } else { "" });
        }
        for ((path, line), kind) in &expected {
            match found.get(&(path.clone(), *line)) {
                None => fail(path, *line, "expected a finding on this line".into()),
                Some(x) if x != kind => fail(
                    path,
                    *line,
                    format!(
                        "expected a finding at {} confidence",
                        if kind.is_empty() { "default" } else { "low" }
                    ),
                ),
                _ => {}
            }
        }
        for ((path, line), kind) in &found {
            if !expected.contains_key(&(path.clone(), *line)) && (bad || kind.is_empty()) {
                let message = outcome.findings.iter().map(|f| f.message.as_str()).next().unwrap_or_default();
                fail(path, *line, format!("an unexpected finding: {message}"));
            }
        }
    }
    failures
}
