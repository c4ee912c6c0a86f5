//! TOML as a tree of values. Knows the format, not what any key means.

use std::ops::Range;

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::tree::{self, Fields, NODES};
use crate::facts::*;
use crate::lower::{Builder, template};
use crate::source::{Ecosystem, Source, Span};

/// A file that is no TOML at all should not be reported line by line.
const TROUBLES: usize = 5;

pub fn lower(source: &Source) -> FileFacts {
    let text = source.text.clone();
    let skip = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let (table, errors) = DeTable::parse_recoverable(&text[skip..]);
    let mut reader = Reader {
        b: Builder::new(source, Ecosystem::None),
        skip,
        taken: Vec::new(),
        full: false,
        open: !errors.is_empty(),
    };
    for error in errors.iter().take(TROUBLES) {
        let range = error.span().unwrap_or(0..0);
        let span = reader.span(&range);
        let reason = error.message().lines().next().unwrap_or_default();
        reader.b.trouble(span, format!("not valid TOML ({reason}): the rest was analysed"));
    }
    if !table.get_ref().is_empty() || errors.is_empty() {
        let whole = 0..text.trim_end().len().saturating_sub(skip);
        let (root, _) = reader.table(table.get_ref(), whole);
        reader.b.document(root);
    }
    tree::comments(&mut reader.b, reader.taken);
    reader.b.facts
}

struct Reader<'s> {
    b: Builder<'s>,
    /// Bytes before what the parser sees.
    skip: usize,
    /// Where texts and keys stand.
    taken: Vec<Range<usize>>,
    full: bool,
    /// The file is broken: none of its tables is known to be whole.
    open: bool,
}

impl Reader<'_> {
    fn span(&self, range: &Range<usize>) -> Span {
        let text = &self.b.source.text;
        let floor = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        self.b.span(floor(self.skip + range.start), floor(self.skip + range.end))
    }

    /// A table that begins at `place`; gives its last byte too, since a table goes on below its header.
    fn table(&mut self, table: &DeTable<'_>, place: Range<usize>) -> (ValueId, usize) {
        let mut sorted: Vec<_> = table.iter().collect();
        sorted.sort_by_key(|(key, _)| key.span().start);
        let (mut fields, mut last) = (Fields::default(), place.end);
        for (key, value) in sorted {
            let key_place = key.span();
            self.taken.push(self.skip + key_place.start..self.skip + key_place.end);
            let (id, end) = self.value(value);
            let span = self.span(&(key_place.start..end));
            let key_span = self.span(&key_place);
            fields.add(&mut self.b, key.get_ref().as_ref().into(), key_span, id, span);
            last = last.max(end);
        }
        let span = self.span(&(place.start..last));
        if self.open {
            let end = self.span(&(last..last));
            fields.leave_open(&mut self.b, end);
        }
        (fields.record(&mut self.b, span), last)
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>) -> (ValueId, usize) {
        let place = value.span();
        let span = self.span(&place);
        if self.full_at(span) {
            return (self.b.unknown(span), place.end);
        }
        let id = match value.get_ref() {
            DeValue::Table(table) => return self.table(table, place),
            DeValue::Array(items) => {
                let (mut ids, mut last) = (Vec::new(), place.end);
                for item in items.iter() {
                    let (id, end) = self.value(item);
                    ids.push(id);
                    last = last.max(end);
                }
                let span = self.span(&(place.start..last));
                return (self.b.value(Value::List(ids), span), last);
            }
            DeValue::String(text) => {
                self.taken.push(span.range());
                template::text(&mut self.b, text, span)
            }
            DeValue::Integer(n) => {
                let number = i128::from_str_radix(n.as_str(), n.radix()).ok();
                self.b.value(number.map_or(Value::Unknown, |n| Value::Number(n as f64)), span)
            }
            DeValue::Float(n) => {
                let number = n.as_str().parse::<f64>().ok().filter(|n| !n.is_nan());
                self.b.value(number.map_or(Value::Unknown, Value::Number), span)
            }
            DeValue::Boolean(on) => self.b.value(Value::Bool(*on), span),
            DeValue::Datetime(_) => {
                let text = self.b.source.slice(span);
                self.b.text(text, span)
            }
        };
        (id, place.end)
    }

    /// Whether the file has more values than are read; noted once.
    fn full_at(&mut self, span: Span) -> bool {
        let full = self.b.facts.values.len() >= NODES;
        if full && !self.full {
            self.full = true;
            self.b.trouble(span, format!("more than {NODES} values: only the first ones were analysed"));
        }
        full
    }
}
