//! Model and check pages, as users write them: an error has a span inside the page.
#![no_main]

use authlint::rulebook::Rulebook;
use libfuzzer_sys::fuzz_target;

const PATHS: [&str; 4] = ["models/npm/a.md", "models/pypi/a.md", "models/crates/a.md", "checks/a.md"];

fuzz_target!(|input: (u8, &str)| {
    let (choice, text) = input;
    let mut book = Rulebook::default();
    if let Err(error) = book.add(PATHS[choice as usize % PATHS.len()], text)
        && let Some(span) = error.span
    {
        assert!(span.offset() + span.len() <= text.len() && text.is_char_boundary(span.offset()));
    }
    book.finish();
});
