<<<<<<< HEAD
//! What the readers of configuration trees share: records whose keys come twice, broken ends, comments.
//! Knows no format.

use std::collections::HashMap;
use std::ops::Range;

use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Span, Str};

/// How deep a document may nest.
pub const DEPTH: usize = 200;
/// How many values a file may have, those that aliases repeat included.
pub const NODES: usize = 100_000;

/// A record with more keys than these that come twice is no record of ours: it is not reported key by key.
const TWICE: usize = 5;

/// The entries of a record that is being read.
#[derive(Default)]
pub struct Fields {
    pub entries: Vec<Entry>,
    seen: HashMap<Str, usize>,
    twice: usize,
}

impl Fields {
    pub fn has(&self, key: &str) -> bool {
        self.seen.contains_key(key)
    }

    /// Adds `key: value`; a key that is there already is noted.
    pub fn add(&mut self, b: &mut Builder<'_>, key: Str, key_span: Span, value: ValueId, span: Span) {
        if self.has(&key) && self.twice < TWICE {
            self.twice += 1;
            b.trouble(key_span, format!("duplicate key `{}`: the last one counts", shown(&key)));
        }
        self.push(key, value, span);
    }

    /// Adds `key: value`; where the key is there already, each of the two may count.
    pub fn add_or(&mut self, b: &mut Builder<'_>, key: Str, value: ValueId, span: Span) {
        let Some(first) = self.seen.get(&key).map(|i| &mut self.entries[*i]) else {
            return self.push(key, value, span);
        };
        if let Some(Value::Either(parts)) =
            b.facts.values.get_mut(first.value.0 as usize).map(|n| &mut n.value)
        {
            return parts.push(value);
        }
        let place = b.facts.values[value.0 as usize].span;
        first.value = b.value(Value::Either(vec![first.value, value]), place);
    }

    /// Adds an entry whose key may come any number of times.
    pub fn push(&mut self, key: Str, value: ValueId, span: Span) {
        self.seen.insert(key.clone(), self.entries.len());
        self.entries.push(Entry { key: Key::Text(key), value, span });
    }

    /// Adds the entries of another part of the same record.
    pub fn extend(&mut self, b: &mut Builder<'_>, other: Fields) {
        for entry in other.entries {
            match entry.key {
                Key::Text(key) => {
                    let place = b.span(entry.span.start as usize, entry.span.start as usize + key.len());
                    self.add(b, key, place, entry.value, entry.span);
                }
                _ => self.entries.push(entry),
            }
        }
    }

    pub fn add_computed(&mut self, key: ValueId, value: ValueId, span: Span) {
        self.entries.push(Entry { key: Key::Computed(key), value, span });
    }

    /// More keys may follow that are not known: none counts as absent.
    pub fn leave_open(&mut self, b: &mut Builder<'_>, span: Span) {
        let rest = b.unknown(span);
        self.entries.push(Entry { key: Key::Spread, value: rest, span });
    }

    pub fn record(self, b: &mut Builder<'_>, span: Span) -> ValueId {
=======
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
        let outside = |n: &usize| text[line..line + n].matches('"').count() % 2 == 0;
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
>>>>>>> w-hcl
        b.value(Value::Record(Record { type_ref: None, entries: self.entries }), span)
    }
}

<<<<<<< HEAD
/// A key as a message can show it.
fn shown(key: &str) -> String {
    let mut short: String = key.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if short.len() < key.len() {
        short.push('…');
    }
    short
}

/// Hands over every `#` comment that does not stand inside of one of the `taken` ranges.
pub fn comments(b: &mut Builder<'_>, mut taken: Vec<Range<usize>>) {
    let text = b.source.text.clone();
    if !text.contains("authlint") {
        return;
    }
    taken.sort_by_key(|r| (r.start, r.end));
    let (mut at, mut next) = (0, 0);
    while let Some(found) = text[at..].find('#').map(|n| at + n) {
        while taken.get(next).is_some_and(|r| r.end <= found) {
            next += 1;
        }
        let inside = taken.get(next).filter(|r| r.start <= found);
        if let Some(range) = inside {
            at = range.end;
            continue;
        }
        let end = text[found..].find(['\n', '\r']).map_or(text.len(), |n| found + n);
        let alone = text[..found].chars().next_back().is_none_or(char::is_whitespace);
        if alone {
            let span = b.span(found, end);
            b.comment(&text[found..end], span);
        }
        at = if alone { end } else { found + 1 };
    }
}

/// A number as it is written in configuration: sign, digits, a point, an exponent. No leading zeros, no
/// more digits than a number can hold: those are identifiers.
pub fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let first = digits.as_bytes().first()?;
    let plain = |c: u8| c.is_ascii_digit() || matches!(c, b'.' | b'e' | b'E' | b'+' | b'-');
    let zero = digits.len() > 1 && *first == b'0' && digits.as_bytes()[1].is_ascii_digit();
    if zero || !(first.is_ascii_digit() || *first == b'.') || !digits.bytes().all(plain) {
        return None;
    }
    if digits.len() > 17 || !digits.bytes().any(|c| c.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|n: &f64| n.is_finite())
=======
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
>>>>>>> w-hcl
}
