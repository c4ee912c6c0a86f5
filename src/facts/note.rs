//! What code a comment speaks of. Knows how comments begin, no syntax beyond that.

use std::collections::BTreeSet;

use super::Note;
use crate::source::Source;

impl Note {
    /// The lines that a comment speaks of: its own, or the next line of code when it stands alone, with
    /// the decorators and attributes that lead up to it.
    pub fn lines(&self, source: &Source) -> BTreeSet<u32> {
        let first = source.line(self.span.start);
        let last = source.line(self.span.end.saturating_sub(1).max(self.span.start));
        // A comment of a markup language stands in braces of its own.
        let line = source.line_range(first);
        let around = source
            .text
            .get(line.start..self.span.start as usize)
            .zip(source.text.get(self.span.end as usize..line.end));
        let in_braces = around.is_some_and(|(before, after)| before.trim() == "{" && after.trim() == "}");
        if !self.own_line && !in_braces {
            return BTreeSet::from([first, last]);
        }
        let mut lines = BTreeSet::new();
        let mut in_block = false;
        for line in last + 1..=source.line_count() {
            let text = source.line_text(line).trim_start();
            if in_block || text.is_empty() || only_comment(text) {
                in_block = (in_block || text.starts_with("/*")) && !text.contains("*/");
                continue;
            }
            lines.insert(line);
            if !text.starts_with('@') && !text.starts_with("#[") {
                break;
            }
        }
        lines
    }
}

fn only_comment(line: &str) -> bool {
    let hash = line.starts_with('#') && !line.starts_with("#[");
    let block =
        line.starts_with("/*") && line.split_once("*/").is_none_or(|(_, after)| after.trim().is_empty());
    hash || block || ["//", "--", "<!--", "{/*"].iter().any(|mark| line.starts_with(mark))
}
