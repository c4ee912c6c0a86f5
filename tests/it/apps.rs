//! Small whole services, scanned from the disk: what is found in them, and what is not.
//!
//! Snapshots are inline and written anew by `INSTA_UPDATE=always cargo test`; every line of them has been
//! read against the source. Known mistakes stand in `testdata/<rule-id>/` as `todo`.

use std::path::Path;

use authlint::config::settings::Settings;
use authlint::finding::Outcome;
use authlint::rulebook::Rulebook;
use authlint::scan::disk;

pub fn scan(folder: &Path) -> Outcome {
    let root = folder.canonicalize().unwrap();
    let settings = Settings { paths: vec![root.clone()], root, ignore_files: false, ..Settings::default() };
    let book = Rulebook::embedded().unwrap();
    disk::scan(&settings, &book).unwrap()
}

/// `path:line severity confidence rule,rule message` for each finding, problems, and what was looked at.
fn app(name: &str) -> String {
    let outcome = scan(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/apps").join(name));
    let mut out = String::new();
    for f in &outcome.findings {
        let source = outcome.source(f.place).unwrap();
        let (path, line) = (&source.path, source.line(f.place.start));
        let suppressed = if f.suppressed.is_some() { " (suppressed)" } else { "" };
        out += &format!(
            "{path}:{line} {} {} {} {}{suppressed}\n",
            f.severity.word(),
            f.confidence.word(),
            f.rules.join(","),
            f.message
        );
    }
    for p in &outcome.problems {
        out += &format!("problem: {} {}\n", p.path, p.message);
    }
    let c = &outcome.coverage;
    let skipped: usize = c.skipped.values().sum();
    let events: Vec<String> = c.events.iter().map(|(concept, n)| format!("{concept} {n}")).collect();
    out += &format!(
        "files {}, analysed {}, irrelevant {}, skipped {skipped}, hidden {}; {}\n",
        c.seen,
        c.analysed,
        c.irrelevant,
        c.hidden,
        events.join(", ")
    );
    out
}

#[test]
fn shop_api() {
    insta::assert_snapshot!(app("shop-api"), @"");
}

#[test]
fn shop_api_safe() {
    insta::assert_snapshot!(app("shop-api-safe"), @"");
}

#[test]
fn notes_api() {
    insta::assert_snapshot!(app("notes-api"), @"");
}

#[test]
fn notes_api_safe() {
    insta::assert_snapshot!(app("notes-api-safe"), @"");
}

#[test]
fn ledger() {
    insta::assert_snapshot!(app("ledger"), @"");
}

#[test]
fn ledger_safe() {
    insta::assert_snapshot!(app("ledger-safe"), @"");
}

#[test]
fn monorepo() {
    insta::assert_snapshot!(app("monorepo"), @"");
}
