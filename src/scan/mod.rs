//! The flow of a scan: walk, prefilter, lower, link, recognize, judge, settle. The only room that
//! knows the order of the stages, and rayon.

mod contained;
pub mod disk;
pub mod examples;
pub mod explain;
mod explain_routes;
mod hide;
mod reasons;
pub mod survey;
mod triggers;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::time::Instant;

use rayon::prelude::*;

use crate::concepts::State;
use crate::endpoint::Inventory;
use crate::endpoint::declared::{self, Declarations};
use crate::event::Event;
use crate::facts::{CallId, FileFacts, FunctionId, Note};
use crate::finding::{Confidence, Coverage, Finding, Hidden, Outcome, Problem, ProblemKind, Timing, Verdict};
use crate::judge::Judge;
use crate::link;
use crate::lower;
use crate::prefilter::Prefilter;
use crate::project::names::Names;
use crate::project::{Manifest, Project};
use crate::recognize::index::Index;
use crate::recognize::wrappers::Callers;
use crate::recognize::{Recognized, Recognizer, routes, sides};
use crate::rulebook::{Check, Rulebook};
use crate::settle;
use crate::source::{FileId, Source, Str};

use contained::Contained;
use triggers::Triggers;

/// Where the files come from: the disk, or a test's memory.
pub trait Files: Sync {
    /// Relative paths, in order.
    fn paths(&self) -> Vec<Str>;
    /// The folders and files that were named, relative like the paths.
    fn named(&self) -> Vec<Str> {
        Vec::new()
    }
    fn manifests(&self) -> &[Manifest];
    /// What the project's settings say of its endpoints.
    fn declarations(&self) -> Declarations {
        Declarations::default()
    }
    /// The files that version control keeps, as far as they were asked for; none outside a repository.
    fn tracked(&self) -> Option<BTreeSet<Str>> {
        None
    }
    /// The decoded text of a file, or why it is left out; and what was odd about it.
    fn read(&self, file: FileId) -> (Result<String, String>, Option<Problem>);
}

/// What a scan should do with what it finds.
pub struct Request<'a> {
    pub book: &'a Rulebook,
    pub limits: &'a BTreeMap<Str, f64>,
    /// May this rule be reported in this file?
    pub enabled: &'a (dyn Fn(&str, &str) -> bool + Sync),
    pub honour_suppressions: bool,
}

/// All that is known of a project before it is judged.
pub struct Understood {
    pub sources: Vec<Source>,
    pub project: Project,
    pub events: Vec<Event>,
    /// Who may call what.
    pub inventory: Inventory,
    /// By `FileId`: runs in a browser or an app.
    pub client: Vec<bool>,
    pub problems: Vec<Problem>,
    pub coverage: Coverage,
    pub timings: Vec<Timing>,
}

/// Which files are read, and which events are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What rules judge.
    Judged,
    /// Every file, and the events that only lend meaning to values too: for proofs.
    All,
}

/// How often link may ask for more files, and wrappers for more callers.
const ROUNDS: usize = 4;

struct Clock {
    timings: Vec<Timing>,
    last: Instant,
}

impl Clock {
    fn new() -> Self {
        Self { timings: Vec::new(), last: Instant::now() }
    }

    fn stage(&mut self, stage: &'static str) {
        let now = Instant::now();
        let time = now - self.last;
        self.last = now;
        match self.timings.iter_mut().find(|t| t.stage == stage) {
            Some(known) => known.time += time,
            None => self.timings.push(Timing { stage, time }),
        }
    }
}

/// From files to findings.
pub fn scan(files: &dyn Files, request: &Request) -> Outcome {
    let start = Instant::now();
    let understood = understand(files, request.book, Depth::Judged);
    judge(understood, request, start)
}

/// Walks through all stages up to recognition.
pub fn understand(files: &dyn Files, book: &Rulebook, depth: Depth) -> Understood {
    let mut clock = Clock::new();
    let triggers = Triggers::new(book);
    let words = triggers.all();
    let mut reading = Reading::new(files);
    let all: Vec<FileId> = (0..reading.paths.len()).map(|f| FileId(f as u32)).collect();
    reading.take(
        files,
        &all,
        (depth == Depth::Judged).then_some(&|path: &str, text: &str| triggers.admits(path, text)),
    );
    clock.stage("read and lower");

    let known = link::known(files.manifests());
    reading.problems.extend(known.problems);
    let resolution = known.resolution;
    let mut project = Project {
        paths: reading.paths.clone(),
        named: files.named(),
        tracked: files.tracked(),
        declared: files.declarations(),
        units: known.units,
        ..Project::default()
    };
    // Files that only hold a word such as `token` are read for themselves: what they import is not asked for.
    let mut alone: BTreeSet<FileId> = match depth {
        Depth::All => BTreeSet::new(),
        Depth::Judged => reading
            .lowered()
            .into_iter()
            .filter(|f| {
                let source = &reading.sources[f.0 as usize];
                !triggers.follows(&source.path, &source.text)
            })
            .collect(),
    };
    for _ in 0..ROUNDS {
        project.files = std::mem::take(&mut reading.facts);
        let wanted = link::resolve(&mut project, &resolution, &|file| !alone.contains(&file));
        reading.facts = std::mem::take(&mut project.files);
        let before = alone.len();
        alone.retain(|file| wanted.binary_search(file).is_err());
        let wanted: Vec<FileId> = wanted.into_iter().filter(|f| reading.is_new(*f)).collect();
        if wanted.is_empty() && alone.len() == before {
            break;
        }
        reading.take(files, &wanted, None);
    }
    project.files = std::mem::take(&mut reading.facts);
    clock.stage("link");

    let names: Vec<OnceLock<Names>> = project.paths.iter().map(|_| OnceLock::new()).collect();
    let contained = Contained::default();
    let index = Index::new(book, &project);
    let mut recognized = recognize(&project, &index, &names, &lowered(&project), depth, &contained);
    let mut wrappers = wrapper_words(&project, &recognized, &words);
    let mut project_names = (project, names);
    for _ in 0..2 {
        if wrappers.is_empty() {
            break;
        }
        // Files that name a wrapper are read too: they may pass what counts.
        let (mut project, _) = project_names;
        reading.facts = std::mem::take(&mut project.files);
        let before: BTreeSet<FileId> = reading.lowered();
        let again = Prefilter::new(wrappers.iter().map(Str::as_str));
        let rest: Vec<FileId> = all.iter().copied().filter(|f| reading.is_new(*f)).collect();
        reading.take(files, &rest, Some(&|_: &str, text: &str| again.admits(text)));
        let fresh: Vec<FileId> = reading.lowered().difference(&before).copied().collect();
        project.files = std::mem::take(&mut reading.facts);
        if !fresh.is_empty() {
            link::resolve(&mut project, &resolution, &|_| true);
        }
        let names: Vec<OnceLock<Names>> = project.paths.iter().map(|_| OnceLock::new()).collect();
        project_names = (project, names);
        if fresh.is_empty() {
            break;
        }
        let index = Index::new(book, &project_names.0);
        let more = recognize(&project_names.0, &index, &project_names.1, &fresh, depth, &contained);
        recognized.extend(more);
        wrappers = wrapper_words(&project_names.0, &recognized, &words);
    }
    let (project, names) = project_names;
    let index = Index::new(book, &project);
    let client = sides::client_files(&project, &index);
    let callers = Callers::new(recognized.iter().flat_map(|r| r.edges.iter().copied()));
    let mut events: Vec<Event> = recognized
        .into_par_iter()
        .flat_map_iter(|file| {
            let recognizer = Recognizer::new(&project, &index, &names);
            let seen = |e: Event| {
                let path = &project.paths[e.file.0 as usize];
                contained.run(path, "a call and its callers", || recognizer.expand(&e, &callers))
            };
            file.events.into_iter().flat_map(seen).collect::<Vec<_>>()
        })
        .collect();
    events.sort_by_key(|e| (e.span, e.call));
    clock.stage("recognize");

    let inventory = contained.run(&Str::default(), "the inventory of endpoints", || {
        let mut inventory = routes::inventory(&project, &index, &names, &callers, &events);
        declared::mark(&mut inventory, &notes(&project), &reading.sources);
        declared::apply(&mut inventory, &project.declared, &reading.sources);
        inventory
    });
    clock.stage("routes");

    let mut coverage = reading.coverage(&project);
    let mut counted = BTreeSet::new();
    for event in &events {
        // A call that is seen from several callers is one call.
        if counted.insert((event.concept.name, event.span)) {
            *coverage.events.entry(event.concept.name.to_string()).or_default() += 1;
        }
        if !event.package.is_empty() {
            let ecosystem = project.facts(event.file).map_or(crate::source::Ecosystem::None, |f| f.ecosystem);
            let version =
                project.package(event.file, ecosystem, &event.package).map(|p| p.version.to_string());
            coverage.libraries.entry(event.package.to_string()).or_insert(version.unwrap_or_default());
        }
    }
    let mut problems = reading.problems;
    problems.extend(troubles(&project));
    problems.extend(contained.into_problems());
    Understood {
        sources: reading.sources,
        project,
        events,
        inventory,
        client,
        problems,
        coverage,
        timings: clock.timings,
    }
}

/// Judges what is understood, and settles it into findings.
pub fn judge(understood: Understood, request: &Request, start: Instant) -> Outcome {
    let Understood { sources, project, events, inventory, client, mut problems, coverage, timings } =
        understood;
    let mut clock = Clock { timings, last: Instant::now() };
    let path = |v: &Verdict| project.paths.get(v.place.file.0 as usize).cloned().unwrap_or_default();
    let judging = Judge::new(&project, &events, &inventory, request.limits, &client, &request.book.models);
    let contained = Contained::default();
    let verdicts: Vec<Verdict> = request
        .book
        .checks
        .par_iter()
        .flat_map_iter(|check| {
            let lost = format!("the rule {}", check.id);
            contained.run(&Str::default(), &lost, || judging.check(check))
        })
        .filter(|v| (request.enabled)(&v.rule, &path(v)))
        .collect();
    problems.extend(contained.into_problems());
    let secret = hide::reported(&verdicts, &request.book.checks, &project);
    clock.stage("judge");
    let notes: Vec<_> = match request.honour_suppressions {
        true => notes(&project),
        false => Vec::new(),
    };
    let (active, unrun): (Vec<Check>, Vec<Check>) =
        request.book.checks.iter().cloned().partition(|c| (request.enabled)(&c.id, ""));
    let unrun: Vec<Str> = unrun.into_iter().map(|c| c.id).collect();
    let mut findings = settle::settle_partial(verdicts, &sources, &notes, &active, &unrun);
    findings.retain(|f| {
        let path = project.paths.get(f.place.file.0 as usize).cloned().unwrap_or_default();
        (request.enabled)(&f.rule, &path)
    });
    hide::in_findings(&mut findings, &events, &judging.credentials);
    let mut secret = secret;
    let shown = findings.iter().flat_map(|f| {
        std::iter::once(f.place.file).chain(f.evidence.iter().chain(&f.related).map(|step| step.span.file))
    });
    secret.extend(hide::written(&shown.collect(), &sources, &project, &judging.credentials));
    let sources = hide::in_sources(sources, &events, &judging.credentials, &secret);
    clock.stage("settle");
    problems
        .sort_by(|a, b| (&a.path, a.span, a.kind, &a.message).cmp(&(&b.path, b.span, b.kind, &b.message)));
    problems.dedup();
    let mut outcome =
        Outcome { sources, findings, problems, coverage, timings: clock.timings, elapsed: start.elapsed() };
    outcome.coverage.suppressed = outcome.findings.iter().filter(|f| f.suppressed.is_some()).count();
    outcome
}

/// Leaves out what is not to be shown; says how many, and why. Suppressed findings would not be shown
/// anyway and are not counted.
pub fn show(outcome: &mut Outcome, hides: impl Fn(&Finding) -> Option<Hidden>) {
    let mut hidden = BTreeMap::new();
    outcome.findings.retain(|f| match hides(f) {
        None => true,
        Some(why) => {
            if f.suppressed.is_none() {
                *hidden.entry(why).or_insert(0) += 1;
            }
            false
        }
    });
    outcome.coverage.hidden = hidden;
    outcome.coverage.suppressed = outcome.findings.iter().filter(|f| f.suppressed.is_some()).count();
}

/// The default profile: medium and high confidence, no advice.
pub fn in_default_profile(check: Option<&Check>, confidence: Confidence) -> bool {
    confidence >= Confidence::Medium && !check.is_some_and(|c| c.advice)
}

fn recognize(
    project: &Project,
    index: &Index,
    names: &[OnceLock<Names>],
    files: &[FileId],
    depth: Depth,
    contained: &Contained,
) -> Vec<Recognized> {
    let one = |file: &FileId| {
        contained.run(&project.paths[file.0 as usize], "this file", || {
            let mut recognizer = Recognizer::new(project, index, names);
            recognizer.values_too = depth == Depth::All;
            recognizer.file(*file)
        })
    };
    files.par_iter().map(one).collect()
}

/// Comments that speak to this program, by file.
fn notes(project: &Project) -> Vec<(FileId, Vec<Note>)> {
    let files = project.files.iter().flatten().filter(|f| !f.notes.is_empty());
    files.map(|f| (f.file, f.notes.clone())).collect()
}

fn lowered(project: &Project) -> Vec<FileId> {
    project.files.iter().flatten().map(|f| f.file).collect()
}

/// Names of functions around events that hang on their callers, and of functions that call these.
fn wrapper_words(project: &Project, recognized: &[Recognized], known: &BTreeSet<Str>) -> BTreeSet<Str> {
    let around = |file: FileId, call: CallId| {
        let facts = project.facts(file);
        let mut at = facts.map(|f| f.call(call).function);
        let mut out = Vec::new();
        while let (Some(facts), Some(id)) = (facts, at) {
            out.push((file, id));
            at = facts.function(id).parent;
        }
        out
    };
    let open = recognized.iter().flat_map(|r| &r.events).filter(|e| e.is_open() && e.concept.is_rare());
    let mut functions: BTreeSet<(FileId, FunctionId)> =
        open.filter_map(|e| Some(around(e.file, e.call?))).flatten().collect();
    let edges = recognized.iter().flat_map(|r| &r.edges).filter(|e| functions.contains(&e.callee));
    let callers: Vec<_> = edges.flat_map(|e| around(e.caller.0, e.caller.1)).collect();
    functions.extend(callers);
    let names = functions.iter().filter(|(_, f)| *f != FunctionId(0)).filter_map(|(file, f)| {
        let name = &project.facts(*file)?.function(*f).name;
        (name.len() > 3 && !known.contains(name)).then(|| name.clone())
    });
    names.collect()
}

fn troubles(project: &Project) -> Vec<Problem> {
    let all = project.files.iter().flatten();
    all.flat_map(|facts: &FileFacts| {
        let path = project.paths[facts.file.0 as usize].clone();
        facts.troubles.iter().map(move |t| Problem {
            kind: ProblemKind::Syntax,
            path: path.clone(),
            span: Some(t.span),
            message: t.message.clone(),
        })
    })
    .collect()
}

/// May a file of this path and text matter?
type Admits<'a> = dyn Fn(&str, &str) -> bool + Sync + 'a;

/// Files as they are read: texts, facts, and what was left out.
struct Reading {
    paths: Vec<Str>,
    sources: Vec<Source>,
    facts: Vec<Option<FileFacts>>,
    state: Vec<Progress>,
    problems: Vec<Problem>,
    skipped: BTreeMap<String, usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Irrelevant,
    Lowered,
    Skipped,
}

impl Reading {
    fn new(files: &dyn Files) -> Self {
        let paths = files.paths();
        let sources =
            paths.iter().enumerate().map(|(i, p)| Source::new(FileId(i as u32), p.clone(), "")).collect();
        Self {
            sources,
            facts: paths.iter().map(|_| None).collect(),
            state: vec![Progress::Irrelevant; paths.len()],
            problems: Vec::new(),
            skipped: BTreeMap::new(),
            paths,
        }
    }

    fn is_new(&self, file: FileId) -> bool {
        self.state[file.0 as usize] == Progress::Irrelevant
    }

    fn lowered(&self) -> BTreeSet<FileId> {
        let indexes = 0..self.state.len();
        indexes.filter(|i| self.state[*i] == Progress::Lowered).map(|i| FileId(i as u32)).collect()
    }

    /// Reads files and lowers those that the filter admits.
    fn take(&mut self, files: &dyn Files, which: &[FileId], filter: Option<&Admits>) {
        enum Taken {
            Lowered(Box<(Source, FileFacts)>),
            Irrelevant,
            Skipped(String),
        }
        let paths = &self.paths;
        let taken: Vec<(FileId, Taken, Option<Problem>)> = which
            .par_iter()
            .map(|file| {
                let path = &paths[file.0 as usize];
                let (text, problem) = files.read(*file);
                let taken = match text {
                    Err(reason) => Taken::Skipped(reason),
                    Ok(text) => {
                        match filter.is_none_or(|admits| admits(path, &text) || lower::is_always_read(path)) {
                            false => Taken::Irrelevant,
                            true => {
                                let source = Source::new(*file, path.clone(), text);
                                match lower::lower(&source) {
                                    Some(facts) => Taken::Lowered(Box::new((source, facts))),
                                    None => Taken::Irrelevant,
                                }
                            }
                        }
                    }
                };
                (*file, taken, problem)
            })
            .collect();
        for (file, taken, problem) in taken {
            let i = file.0 as usize;
            self.problems.extend(problem.filter(|p| !self.problems.contains(p)));
            match taken {
                Taken::Irrelevant => {}
                Taken::Skipped(reason) => {
                    if self.state[i] != Progress::Skipped {
                        *self.skipped.entry(reason).or_default() += 1;
                    }
                    self.state[i] = Progress::Skipped;
                }
                Taken::Lowered(both) => {
                    self.state[i] = Progress::Lowered;
                    self.sources[i] = both.0;
                    self.facts[i] = Some(both.1);
                }
            }
        }
    }

    fn coverage(&self, project: &Project) -> Coverage {
        let count = |p: Progress| self.state.iter().filter(|s| **s == p).count();
        Coverage {
            seen: project.paths.len(),
            analysed: count(Progress::Lowered),
            irrelevant: count(Progress::Irrelevant),
            skipped: self.skipped.clone(),
            ..Coverage::default()
        }
    }
}

/// Does an event leave a role unknown? For coverage and `explain`.
pub fn unknown_roles(event: &Event) -> Vec<&'static str> {
    event.roles.iter().filter(|(_, r)| r.state == State::Unknown).map(|(name, _)| *name).collect()
}
