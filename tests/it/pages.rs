//! Every page holds what it says: examples are run, and every model entry is exercised by one.

use authlint::rulebook::{self, Kind, Page, Rulebook};
use authlint::scan::examples;

fn pages() -> Vec<Page> {
    let only = std::env::var("PAGE").unwrap_or_default();
    rulebook::embedded_pages()
        .iter()
        .filter(|(path, _)| path.contains(&only))
        .map(|(path, text)| Page::parse(path, text).unwrap_or_else(|e| panic!("{e}: {:?}", e.help)))
        .collect()
}

/// The pages that can be read; the others are reported one by one.
fn book() -> (Rulebook, Vec<String>) {
    let mut book = Rulebook::default();
    let mut errors = Vec::new();
    for (path, text) in rulebook::embedded_pages() {
        if let Err(e) = book.add(path, text) {
            let at = e.span.map_or(0, |s| text[..s.offset().min(text.len())].matches('\n').count() + 1);
            errors.push(format!("{path}:{at}: {} {}", e.message, e.help.unwrap_or_default()));
        }
    }
    book.finish();
    (book, errors)
}

fn in_large_stack<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(64 << 20).spawn(f).unwrap().join().unwrap()
}

#[test]
fn pages_can_be_read() {
    let (_, errors) = book();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn model_pages_hold_and_every_entry_is_proven() {
    let failures = in_large_stack(|| {
        let (book, _) = book();
        let mut failures = Vec::new();
        for page in pages().iter().filter(|p| matches!(rulebook::kind_of(&p.path), Some(Kind::Model(_)))) {
            let Some(model) = book.models.iter().find(|m| m.page == page.path) else { continue };
            let (failed, proven) = examples::run_model(page, &book);
            failures.extend(failed.iter().map(ToString::to_string));
            let lines = model
                .calls
                .iter()
                .map(|c| (c.line, format!("call {:?}", c.paths)))
                .chain(model.types.iter().map(|t| (t.line, format!("type {}", t.name))))
                .chain(model.values.iter().map(|v| (v.line, format!("value {}", v.path))))
                .chain(model.settings.iter().map(|s| (s.line, format!("setting {}", s.key))));
            for (line, entry) in lines {
                if !proven.contains(&line) {
                    failures.push(format!("{}:{line}: no example exercises the entry {entry}", page.path));
                }
            }
        }
        failures
    });
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn check_pages_hold() {
    let failures = in_large_stack(|| {
        let (book, _) = book();
        let checks = pages();
        let failures: Vec<String> = checks
            .iter()
            .filter(|p| rulebook::kind_of(&p.path) == Some(Kind::Check))
            .flat_map(|page| examples::run(page, &book))
            .map(|f| f.to_string())
            .collect();
        failures
    });
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
