//! What must hold for any input: no panic, and every span inside its file and on char boundaries.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use authlint::facts::show;
use authlint::rulebook::Rulebook;
use authlint::scan::{self, Request, examples::Memory};
use authlint::source::{FileId, Source, Span};

/// The stack that a scan gives its threads: deep source is walked by recursion.
const STACK: usize = 64 << 20;

pub fn in_large_stack<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    static POOL: OnceLock<rayon::ThreadPool> = OnceLock::new();
    let pool = POOL
        .get_or_init(|| rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(STACK).build().unwrap());
    pool.install(f)
}

fn fits(source: &Source, span: Span) {
    let range = span.range();
    let whole = source.text.get(range.clone()).is_some();
    assert!(whole, "{}: {range:?} is not a piece of the text", source.path);
}

/// Lowers one text.
pub fn lower(path: &str, text: &str) {
    in_large_stack(|| {
        let source = Source::new(FileId(0), path, text);
        let Some(facts) = authlint::lower::lower(&source) else { return };
        for (span, _) in show::all(&facts) {
            fits(&source, span);
        }
        for node in &facts.values {
            fits(&source, node.span);
        }
        for trouble in &facts.troubles {
            fits(&source, trouble.span);
        }
    });
}

/// Scans one text with all built-in rules.
pub fn scan(path: &str, text: &str) {
    static BOOK: OnceLock<Rulebook> = OnceLock::new();
    let book = BOOK.get_or_init(|| Rulebook::embedded().unwrap());
    in_large_stack(|| {
        let files = Memory::new([(path.to_string(), text.to_string())]);
        let request =
            Request { book, limits: &BTreeMap::new(), enabled: &|_, _| true, honour_suppressions: true };
        let outcome = scan::scan(&files, &request);
        for finding in &outcome.findings {
            let steps = finding.evidence.iter().chain(&finding.related).map(|e| e.span);
            let comment = finding.suppressed.as_ref().map(|s| s.span);
            for span in steps.chain([finding.place]).chain(comment) {
                fits(&outcome.sources[span.file.0 as usize], span);
            }
        }
    });
}
