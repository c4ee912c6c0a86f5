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
        b.value(Value::Record(Record { type_ref: None, entries: self.entries }), span)
    }
}

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
}
