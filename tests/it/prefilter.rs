//! Leaving files out changes nothing: what the prefilter admits says all that the whole project says.

use std::collections::BTreeSet;

use authlint::scan::examples::{self, Memory, describe};
use authlint::scan::{Depth, understand};

use crate::support::{book, in_large_stack, pages};

/// Events that rules judge, one line each: `path:line: event`.
fn judged(files: &Memory, depth: Depth) -> BTreeSet<String> {
    let understood = understand(files, book(), depth);
    let judged = |name: &str| ["jwt.", "token.", "key."].iter().any(|area| name.starts_with(area));
    let events = understood.events.iter().filter(|e| judged(e.concept.name));
    events
        .map(|event| {
            let source = &understood.sources[event.file.0 as usize];
            format!("{}:{}: {}", source.path, source.line(event.span.start), describe(event))
        })
        .collect()
}

#[test]
fn the_prefilter_loses_no_event() {
    let lost = in_large_stack(|| {
        let mut lost = Vec::new();
        for page in pages() {
            for (line, files) in examples::projects(&page, book()) {
                let (all, admitted) = (judged(&files, Depth::All), judged(&files, Depth::Judged));
                lost.extend(all.difference(&admitted).map(|e| format!("{}:{line}: lost {e}", page.path)));
                lost.extend(
                    admitted
                        .difference(&all)
                        .map(|e| format!("{}:{line}: only with the prefilter {e}", page.path)),
                );
            }
        }
        lost
    });
    assert!(lost.is_empty(), "{} differences:\n{}", lost.len(), lost.join("\n"));
}
