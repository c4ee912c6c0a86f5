//! Trees of values, as the readers of configuration build them. Knows no format.

use std::collections::HashMap;

use crate::facts::*;
use crate::lower::Builder;
use crate::source::Str;

/// How deep documents may nest before the inner part is given up (as a trouble).
pub const DEPTH: usize = 200;

/// A file that is something else entirely should not be reported line by line.
pub const TROUBLES: usize = 5;

/// Where the text begins: behind the mark that some editors put in front.
pub fn beginning(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// The end of the line at `from`, without its line ending.
pub fn line_end(text: &str, from: usize) -> usize {
    text[from..].find(['\n', '\r']).map_or(text.len(), |n| from + n)
}

/// The start of the line behind the line ending at `end`.
pub fn next_line(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or("");
    let skipped = if rest.starts_with("\r\n") { 2 } else { rest.chars().next().map_or(0, char::len_utf8) };
    end + skipped
}

/// The range without the white space on both sides.
pub fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let inside = &text[start..end];
    let from = start + inside.len() - inside.trim_start().len();
    (from, from + inside.trim().len())
}

/// Notes the comments that speak to authlint: on their lines, behind one of the marks.
pub fn notes(b: &mut Builder<'_>, marks: &[&str]) {
    let text = b.source.text.clone();
    let mut at = 0;
    while let Some(found) = text[at..].find("authlint") {
        let word = at + found;
        let line = text[..word].rfind(['\n', '\r']).map_or(0, |n| n + 1).max(at);
        let end = line_end(&text, word);
        let outside = |n: &usize| text[line..line + n].matches('"').count().is_multiple_of(2);
        let mark = marks.iter().filter_map(|m| text[line..word].find(m)).filter(outside).min();
        if let Some(mark) = mark {
            let span = b.span(line + mark, end);
            b.comment(&text[line + mark..end], span);
        }
        at = end;
    }
}

/// A record that grows entry by entry.
#[derive(Default)]
pub struct Draft {
    entries: Vec<Entry>,
}

impl Draft {
    /// `start` is where the key stands; the entry ends with its value.
    pub fn put(&mut self, b: &Builder<'_>, key: impl Into<Str>, value: ValueId, start: usize, end: usize) {
        self.entries.push(Entry { key: Key::Text(key.into()), value, span: b.span(start, end) });
    }

    /// An entry whose key is not written: it stands where its value does.
    pub fn set(&mut self, b: &Builder<'_>, key: &'static str, value: ValueId) {
        let range = b.facts.values[value.0 as usize].span.range();
        self.put(b, key, value, range.start, range.end);
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn done(self, b: &mut Builder<'_>, start: usize, end: usize) -> ValueId {
        let span = b.span(start, end);
        b.value(Value::Record(Record { type_ref: None, entries: self.entries }), span)
    }
}

/// Values gathered under keys that may come again: each key becomes a list, in the order of the file.
#[derive(Default)]
pub struct Lists {
    index: HashMap<Str, usize>,
    rows: Vec<(Str, Vec<ValueId>, usize, usize)>,
}

impl Lists {
    pub fn add(&mut self, key: impl Into<Str>, value: ValueId, start: usize, end: usize) {
        let key = key.into();
        let row = *self.index.entry(key.clone()).or_insert(self.rows.len());
        match self.rows.get_mut(row) {
            Some((_, items, _, last)) => {
                items.push(value);
                *last = end;
            }
            None => self.rows.push((key, vec![value], start, end)),
        }
    }

    pub fn into(self, b: &mut Builder<'_>, draft: &mut Draft) {
        for (key, items, start, end) in self.rows {
            let list = list(b, items, start, end);
            draft.put(b, key, list, start, end);
        }
    }
}

pub fn list(b: &mut Builder<'_>, items: Vec<ValueId>, start: usize, end: usize) -> ValueId {
    let span = b.span(start, end);
    b.value(Value::List(items), span)
}

pub fn text(b: &mut Builder<'_>, text: impl Into<Str>, start: usize, end: usize) -> ValueId {
    let span = b.span(start, end);
    b.text(text, span)
}
