//! What several test modules need.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use authlint::finding::Outcome;
use authlint::rulebook::{self, Page, Rulebook};
use authlint::scan::{self, Files, Request};
use authlint::source::{FileId, Source};

/// The facts of a piece of source, one line each: `LINE: fact`, in the order of their places.
pub fn facts_of(path: &str, text: &str) -> String {
    let source = Source::new(FileId(0), path, text);
    let facts = authlint::lower::lower(&source).expect("a known syntax");
    authlint::facts::show::all(&facts)
        .into_iter()
        .map(|(span, fact)| format!("{}: {fact}\n", source.line(span.start)))
        .collect()
}

/// All built-in pages as a book.
pub fn book() -> &'static Rulebook {
    static BOOK: OnceLock<Rulebook> = OnceLock::new();
    BOOK.get_or_init(|| Rulebook::embedded().unwrap())
}

/// The built-in pages; only those whose path contains `PAGE`, when that is set.
pub fn pages() -> Vec<Page> {
    let only = std::env::var("PAGE").unwrap_or_default();
    let pages = rulebook::embedded_pages().iter().filter(|(path, _)| path.contains(&only));
    pages.map(|(path, text)| Page::parse(path, text).unwrap()).collect()
}

/// A scan with all rules.
pub fn scan_all(files: &dyn Files) -> Outcome {
    let request =
        Request { book: book(), limits: &BTreeMap::new(), enabled: &|_, _| true, honour_suppressions: true };
    scan::scan(files, &request)
}

/// Deep source is walked by recursion.
pub fn in_large_stack<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    in_pool(4, f)
}

pub fn in_pool<T: Send + 'static>(threads: usize, f: impl FnOnce() -> T + Send + 'static) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(64 << 20).build().unwrap().install(f)
}
