//! What several test modules need.

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
