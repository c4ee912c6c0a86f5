//! Regressions: each file or folder below `testdata/<rule-id>/` is a project whose lines say what is
//! reported on them at the default profile.
//!
//! A comment at the end of a line: `finding: <id>` it is reported and should be, `ok: <id>` it is not and
//! should not be, `todo-finding: <id>` a known miss, `todo-ok: <id>` a known false alarm. Whatever is
//! reported on a line that does not say so fails.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use authlint::finding::{Hidden, Outcome};
use authlint::rulebook::{Kind, Rulebook, embedded_pages, kind_of};
use authlint::scan::examples::Memory;
use authlint::scan::{self, Depth, Request};

/// path, line, rule
type Mark = (String, u32, String);

#[derive(Default)]
struct Marks {
    finding: BTreeSet<Mark>,
    ok: BTreeSet<Mark>,
    todo_finding: BTreeSet<Mark>,
    todo_ok: BTreeSet<Mark>,
}

#[test]
fn fixtures_hold() {
    let work = || {
        let book = Rulebook::embedded().unwrap();
        let mut failures = Vec::new();
        let mut projects = 0;
        for (path, _) in embedded_pages().iter().filter(|(p, _)| kind_of(p) == Some(Kind::Check)) {
            let rule = Path::new(path).file_stem().unwrap().to_string_lossy();
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(rule.as_ref());
            if !folder.is_dir() {
                continue;
            }
            for project in sorted(&folder) {
                projects += 1;
                let shown = format!("{rule}/{}", project.file_name().unwrap().to_string_lossy());
                failures.extend(failures_of(&project, &book).into_iter().map(|f| format!("{shown}: {f}")));
            }
        }
        assert!(projects > 0, "no fixtures were found");
        failures
    };
    let failures = std::thread::Builder::new().stack_size(64 << 20).spawn(work).unwrap().join().unwrap();
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// A folder without a rule of its name would never be run.
#[test]
fn every_folder_names_a_rule() {
    let rules: BTreeSet<String> = embedded_pages()
        .iter()
        .filter(|(p, _)| kind_of(p) == Some(Kind::Check))
        .map(|(p, _)| Path::new(p).file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let other = ["apps", "sarif"];
    for folder in
        sorted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")).iter().filter(|f| f.is_dir())
    {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        assert!(rules.contains(&name) || other.contains(&name.as_str()), "testdata/{name} names no rule");
    }
}

fn failures_of(project: &Path, book: &Rulebook) -> Vec<String> {
    let files = files_of(project);
    let mut marks = Marks::default();
    for (path, text) in &files {
        read_marks(path, text, &mut marks);
    }
    let mut failures = Vec::new();
    let named: BTreeSet<&Mark> =
        [&marks.finding, &marks.ok, &marks.todo_finding, &marks.todo_ok].into_iter().flatten().collect();
    if named.is_empty() {
        failures.push("no line says what is expected".to_string());
    }
    for (_, _, rule) in &named {
        if book.check(rule).is_none() {
            failures.push(format!("`{rule}` is no rule"));
        }
    }
    let (found, outcome) = found_in(files, book);
    for problem in &outcome.problems {
        failures.push(format!("{}: {}", problem.path, problem.message));
    }
    for mark in &found {
        let (path, line, rule) = mark;
        if marks.todo_finding.contains(mark) {
            failures.push(format!("{path}:{line}: {rule} is found now: turn `todo-finding` into `finding`"));
        } else if !marks.finding.contains(mark) && !marks.todo_ok.contains(mark) {
            failures.push(format!("{path}:{line}: {rule} is reported, and nothing says so"));
        }
    }
    for (path, line, rule) in marks.finding.difference(&found) {
        failures.push(format!("{path}:{line}: {rule} is not found"));
    }
    for (path, line, rule) in marks.todo_ok.difference(&found) {
        failures.push(format!("{path}:{line}: {rule} is silent now: turn `todo-ok` into `ok`"));
    }
    failures
}

fn found_in(files: Vec<(String, String)>, book: &Rulebook) -> (BTreeSet<Mark>, Outcome) {
    let memory = Memory::new(files);
    let start = Instant::now();
    let understood = scan::understand(&memory, book, Depth::Judged);
    let limits = Default::default();
    let request = Request { book, limits: &limits, enabled: &|_, _| true, honour_suppressions: true };
    let mut outcome = scan::judge(understood, &request, start);
    scan::show(&mut outcome, |f| {
        let shown = scan::in_default_profile(book.check(&f.rule), f.confidence);
        (!shown).then_some(Hidden::Profile)
    });
    let mut found = BTreeSet::new();
    for finding in outcome.active() {
        let source = outcome.source(finding.place).unwrap();
        for rule in &finding.rules {
            found.insert((source.path.to_string(), source.line(finding.place.start), rule.to_string()));
        }
    }
    (found, outcome)
}

/// Several marks may follow each other: `// finding: a finding: b`. A mark ends at the next blank.
/// A comment that is a line of its own speaks of the next line: some formats have no other.
fn read_marks(path: &str, text: &str, marks: &mut Marks) {
    for (number, line) in text.lines().enumerate() {
        let Some(comment) = ["// ", "# "]
            .iter()
            .filter_map(|open| line.rfind(open).map(|at| &line[at + open.len()..]))
            .min_by_key(|c| c.len())
        else {
            continue;
        };
        let alone = matches!(line[..line.len() - comment.len()].trim(), "//" | "#");
        let words: Vec<&str> = comment.split_whitespace().collect();
        for pair in words.windows(2) {
            let set = match pair[0] {
                "finding:" => &mut marks.finding,
                "ok:" => &mut marks.ok,
                "todo-finding:" => &mut marks.todo_finding,
                "todo-ok:" => &mut marks.todo_ok,
                _ => continue,
            };
            set.insert((path.to_string(), number as u32 + 1 + u32::from(alone), pair[1].to_string()));
        }
    }
}

/// Relative paths and texts of a file, or of all files of a folder.
fn files_of(project: &Path) -> Vec<(String, String)> {
    let base = if project.is_dir() { project } else { project.parent().unwrap() };
    let mut open = vec![project.to_path_buf()];
    let mut out = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(sorted(&path));
        } else {
            let name = path.strip_prefix(base).unwrap().to_string_lossy().replace('\\', "/");
            out.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    out
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    out.sort();
    out
}
