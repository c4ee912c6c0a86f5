//! From the parser's events to values: anchors, aliases, merge keys, tags. Knows no text of the file but by
//! its places.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use saphyr_parser::{Event, ScalarStyle, Tag};

use super::holes::{Output, column};
use super::{File, Spanned, scalar};
use crate::facts::*;
use crate::lower::template;
use crate::lower::tree::{DEPTH, Fields, NODES};
use crate::source::Span;

/// Reads the documents of `events`, which stand in `chunk` of the file or break off there. False when
/// the file has more values than are read.
pub(super) fn read(
    file: &mut File<'_>,
    plain: &str,
    chunk: Range<usize>,
    events: Vec<Spanned<'_>>,
    broken: bool,
) -> bool {
    let passed = file.holes.outputs.partition_point(|o| o.at < chunk.start);
    let mut reader = Reader {
        file,
        plain,
        end: chunk.end,
        events,
        broken,
        at: 0,
        last: chunk.start,
        anchors: HashMap::new(),
        waiting: Vec::new(),
        passed,
        column: 0,
        too_deep: false,
        full: false,
    };
    while let Some((event, _)) = reader.events.get(reader.at) {
        if !matches!(event, Event::DocumentStart(_)) {
            reader.at += 1;
            continue;
        }
        reader.last = reader.events[reader.at].1.end;
        reader.at += 1;
        reader.anchors.clear();
        if reader.at < reader.events.len() {
            let root = reader.node(0).value;
            reader.file.b.document(root);
        }
        if reader.full {
            return false;
        }
    }
    true
}

struct Reader<'f, 's, 't> {
    file: &'f mut File<'s>,
    /// The file with its templates taken out.
    plain: &'t str,
    end: usize,
    events: Vec<Spanned<'t>>,
    /// The events break off: records and lists that are not closed go on in ways not known.
    broken: bool,
    at: usize,
    /// Where the last event ended.
    last: usize,
    anchors: HashMap<usize, ValueId>,
    /// Actions that put something somewhere before the current place: not yet seen to belong to a node.
    waiting: Vec<Output>,
    /// How many of the file's outputs were put to the waiting ones.
    passed: usize,
    /// The indentation of the record around the current place.
    column: usize,
    too_deep: bool,
    full: bool,
}

/// A value and the bytes it takes where it is used (an alias: the alias).
struct Node {
    value: ValueId,
    place: Range<usize>,
}

type Props<'t> = Option<Cow<'t, Tag>>;

impl<'t> Reader<'_, '_, 't> {
    fn span(&self, range: &Range<usize>) -> Span {
        self.file.b.span(range.start, range.end)
    }

    fn unknown(&mut self, range: &Range<usize>) -> Node {
        let span = self.span(range);
        Node { value: self.file.b.unknown(span), place: range.clone() }
    }

    /// Where the next event begins.
    fn ahead(&self) -> usize {
        self.events.get(self.at).map_or(self.end, |(_, range)| range.start)
    }

    fn ended(&self) -> bool {
        self.full || self.at >= self.events.len()
    }

    fn node(&mut self, depth: usize) -> Node {
        let here = self.last..self.last;
        if self.file.b.facts.values.len() >= NODES && !self.full {
            self.full = true;
            let span = self.span(&(self.ahead()..self.ahead()));
            let message =
                format!("more than {NODES} values, aliases written out: only the first were analysed");
            self.file.b.trouble(span, message);
        }
        if self.ended() {
            return self.unknown(&here);
        }
        let (event, range) = std::mem::replace(&mut self.events[self.at], (Event::Nothing, 0..0));
        self.at += 1;
        let before = std::mem::replace(&mut self.last, range.end);
        match event {
            Event::Alias(id) => self.alias(id, range, depth),
            Event::Scalar(text, style, anchor, tag) => {
                let node = self.scalar(&text, style, &range, before, anchor != 0, tag);
                self.remember(anchor, node)
            }
            Event::SequenceStart(anchor, tag) => {
                let range = scalar::dash(self.plain, before, &range);
                self.collection(anchor, tag, range, depth, Self::list)
            }
            Event::MappingStart(anchor, tag) => self.collection(anchor, tag, range, depth, Self::record),
            _ => self.unknown(&range),
        }
    }

    fn remember(&mut self, anchor: usize, node: Node) -> Node {
        if anchor != 0 {
            self.anchors.insert(anchor, node.value);
        }
        node
    }

    fn collection(
        &mut self,
        anchor: usize,
        tag: Props<'t>,
        mut range: Range<usize>,
        depth: usize,
        read: fn(&mut Self, usize, usize) -> Node,
    ) -> Node {
        if depth >= DEPTH {
            return self.skip(range);
        }
        let known = known(tag.as_deref());
        if anchor != 0 || tag.is_some() {
            let upto = self.ahead().max(range.end);
            let start = scalar::after_properties(self.plain, &(range.start..upto));
            range.start = if known.is_some() { start } else { range.start };
        }
        let node = read(self, range.start, depth);
        let node = if known.is_some() { node } else { self.unknown(&node.place) };
        self.remember(anchor, node)
    }

    /// Leaves out a collection that is nested too deep.
    fn skip(&mut self, range: Range<usize>) -> Node {
        self.deep(&range);
        let mut open = 1;
        while open > 0 && !self.ended() {
            match self.events[self.at].0 {
                Event::SequenceStart(..) | Event::MappingStart(..) => open += 1,
                Event::SequenceEnd | Event::MappingEnd => open -= 1,
                _ => {}
            }
            self.last = self.last.max(self.events[self.at].1.start);
            self.at += 1;
        }
        self.unknown(&range)
    }

    fn deep(&mut self, range: &Range<usize>) {
        if !self.too_deep {
            self.too_deep = true;
            let span = self.span(range);
            let message = format!("nested more than {DEPTH} levels deep: the inner part was not analysed");
            self.file.b.trouble(span, message);
        }
    }

    /// Takes the end of a collection when it comes next; the end of a flow collection is its bracket.
    fn close(&mut self) -> Option<usize> {
        let (event, range) = self.events.get(self.at)?;
        if !matches!(event, Event::SequenceEnd | Event::MappingEnd) {
            return None;
        }
        let end = if range.is_empty() { 0 } else { range.end };
        self.last = self.last.max(end);
        self.at += 1;
        Some(end)
    }

    fn list(&mut self, start: usize, depth: usize) -> Node {
        let (mut items, mut end) = (Vec::new(), start);
        let opened = self.waiting.len();
        let open = loop {
            if self.ended() {
                break self.broken || self.full;
            }
            if let Some(close) = self.close() {
                end = end.max(close);
                break false;
            }
            let item = self.node(depth + 1);
            end = end.max(item.place.end);
            items.push(item.value);
        };
        self.pass(self.ahead());
        let column = column(self.plain, start);
        let filled = self.waiting[opened.min(self.waiting.len())..].iter().any(|o| o.column >= column);
        let place = start..end;
        if open || filled {
            let rest = self.unknown(&(end..end));
            items.push(rest.value);
        }
        let span = self.span(&place);
        Node { value: self.file.b.value(Value::List(items), span), place }
    }

    fn record(&mut self, start: usize, depth: usize) -> Node {
        let own = column(self.plain, start);
        let outer = std::mem::replace(&mut self.column, own);
        let opened = self.waiting.len();
        let (mut fields, mut merged, mut end) = (Fields::default(), Vec::new(), start);
        let open = loop {
            if self.ended() {
                break self.broken || self.full;
            }
            if let Some(close) = self.close() {
                end = end.max(close);
                break false;
            }
            end = end.max(self.entry(&mut fields, &mut merged, depth));
        };
        self.column = outer;
        let place = start..end;
        let filled = self.claim(opened, own);
        if open || filled {
            let span = self.span(&(end..end));
            fields.leave_open(&mut self.file.b, span);
        }
        fields.entries = self.with_merged(&fields, merged);
        let span = self.span(&place);
        Node { value: fields.record(&mut self.file.b, span), place }
    }

    /// Reads one entry and gives its end.
    fn entry(&mut self, fields: &mut Fields, merged: &mut Vec<ValueId>, depth: usize) -> usize {
        self.pass(self.ahead());
        let key = self.key(depth);
        let key_place = key.place();
        if self.ended() {
            return key_place.start;
        }
        let value = self.node(depth + 1);
        let end = value.place.end.max(key_place.end);
        let span = self.span(&(key_place.start..end));
        match key {
            EntryKey::Merge(_) => merged.push(value.value),
            EntryKey::Computed(key) => fields.add_computed(key.value, value.value, span),
            EntryKey::Text(key, _) if !self.file.holes.is_empty() => {
                fields.add_or(&mut self.file.b, key.as_ref().into(), value.value, span);
            }
            EntryKey::Text(key, place) => {
                let key_span = self.span(&place);
                fields.add(&mut self.file.b, key.as_ref().into(), key_span, value.value, span);
            }
        }
        end
    }

    /// The entries that `<<` brings, then the record's own: its own count, then what is merged first.
    fn with_merged(&self, own: &Fields, merged: Vec<ValueId>) -> Vec<Entry> {
        let facts = &self.file.b.facts;
        let (mut out, mut seen) = (Vec::new(), HashSet::new());
        let flat = merged.into_iter().flat_map(|id| match facts.value(id) {
            Value::List(items) => items.clone(),
            _ => vec![id],
        });
        for id in flat {
            match facts.value(id) {
                Value::Record(record) => out.extend(
                    record
                        .entries
                        .iter()
                        .filter(|e| match &e.key {
                            Key::Text(key) => !own.has(key) && seen.insert(key.clone()),
                            _ => true,
                        })
                        .cloned(),
                ),
                Value::Null => {}
                _ => {
                    let span = facts.values[id.0 as usize].span;
                    out.push(Entry { key: Key::Spread, value: id, span });
                }
            }
        }
        out.extend(own.entries.iter().cloned());
        out
    }

    fn key(&mut self, depth: usize) -> EntryKey<'t> {
        let (event, range) = &self.events[self.at];
        let range = range.clone();
        match event {
            Event::Scalar(text, style, 0, None) if !self.file.holes.touch(&range) => {
                let merges = *style == ScalarStyle::Plain && text == "<<";
                let text = text.clone();
                self.at += 1;
                self.last = range.end;
                self.file.taken.push(range.clone());
                if merges { EntryKey::Merge(range) } else { EntryKey::Text(text, range) }
            }
            _ => {
                let node = self.node(depth + 1);
                match self.file.b.facts.value(node.value) {
                    Value::Text(text) => EntryKey::Text(Cow::Owned(text.to_string()), node.place),
                    _ => EntryKey::Computed(node),
                }
            }
        }
    }

    /// Notes the actions before byte `at`.
    fn pass(&mut self, at: usize) {
        while let Some(output) = self.file.holes.outputs.get(self.passed).filter(|o| o.at < at) {
            self.waiting.push(*output);
            self.passed += 1;
        }
    }

    /// Whether an action puts something into the record that ends here: it is indented as far.
    fn claim(&mut self, opened: usize, column: usize) -> bool {
        self.pass(self.ahead());
        let rest = self.waiting.split_off(opened.min(self.waiting.len()));
        let count = rest.len();
        self.waiting.extend(rest.into_iter().filter(|o| o.column < column));
        self.waiting.len() - opened.min(self.waiting.len()) < count
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        range: &Range<usize>,
        before: usize,
        anchored: bool,
        tag: Props<'t>,
    ) -> Node {
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let mut place = range.clone();
        if block {
            place = scalar::block(self.plain, before, range);
        } else if anchored || tag.is_some() {
            place.start = scalar::after_properties(self.plain, range);
        }
        self.file.taken.push(place.clone());
        let Some(kind) = known(tag.as_deref()) else {
            return self.unknown(&(range.start.min(place.start)..place.end));
        };
        if text.trim().is_empty() && (block || style == ScalarStyle::Plain) && self.filled_in(before) {
            return self.unknown(&place);
        }
        let span = self.span(&place);
        let b = &mut self.file.b;
        let value = if self.file.holes.touch(&place) {
            let source = b.source.text.clone();
            template::text(b, written(&source[place.clone()], style), span)
        } else if let Some(typed) = typed(text, style, kind) {
            b.value(typed, span)
        } else {
            template::text(b, text, span)
        };
        Node { value, place }
    }

    /// Whether an action stands where a value is missing.
    fn filled_in(&mut self, before: usize) -> bool {
        let (ahead, column) = (self.ahead(), self.column);
        let opened = self.waiting.len();
        self.pass(ahead);
        let found = self.waiting[opened..].iter().any(|o| o.at >= before);
        let rest = self.waiting.split_off(opened);
        self.waiting.extend(rest.into_iter().filter(|o| o.column <= column));
        found
    }

    fn alias(&mut self, id: usize, range: Range<usize>, depth: usize) -> Node {
        match self.anchors.get(&id) {
            Some(target) => {
                let value = self.copy(*target, depth);
                Node { value, place: range }
            }
            None => {
                let span = self.span(&range);
                let message =
                    "this alias stands inside of what it repeats: read as unknown, the rest was analysed";
                self.file.b.trouble(span, message);
                self.unknown(&range)
            }
        }
    }

    /// Values never share a node: an alias gets nodes of its own, at the places of those it repeats.
    fn copy(&mut self, id: ValueId, depth: usize) -> ValueId {
        let node = self.file.b.facts.values[id.0 as usize].clone();
        let range = node.span.range();
        if depth > DEPTH {
            self.deep(&range);
        }
        if depth > DEPTH || self.file.b.facts.values.len() >= NODES {
            return self.unknown(&range).value;
        }
        let mut all = |ids: Vec<ValueId>| -> Vec<ValueId> {
            ids.into_iter().map(|v| self.copy(v, depth + 1)).collect()
        };
        let value = match node.value {
            Value::List(items) => Value::List(all(items)),
            Value::Join(parts) => Value::Join(all(parts)),
            Value::Either(parts) => Value::Either(all(parts)),
            Value::Record(record) => {
                let entries = record.entries.into_iter().map(|e| self.copy_entry(e, depth)).collect();
                Value::Record(Record { type_ref: None, entries })
            }
            plain => plain,
        };
        self.file.b.value(value, node.span)
    }

    fn copy_entry(&mut self, entry: Entry, depth: usize) -> Entry {
        let key = match entry.key {
            Key::Computed(key) => Key::Computed(self.copy(key, depth + 1)),
            key => key,
        };
        Entry { key, value: self.copy(entry.value, depth + 1), span: entry.span }
    }
}

enum EntryKey<'t> {
    Text(Cow<'t, str>, Range<usize>),
    Computed(Node),
    /// `<<`
    Merge(Range<usize>),
}

impl EntryKey<'_> {
    fn place(&self) -> Range<usize> {
        match self {
            EntryKey::Text(_, place) | EntryKey::Merge(place) => place.clone(),
            EntryKey::Computed(node) => node.place.clone(),
        }
    }
}

/// What a tag makes of a scalar.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// What its looks say.
    Plain,
    Text,
    /// What its looks say, even when it is quoted.
    Typed,
}

/// None for a tag that makes something else of a node (`!Ref`, `!vault`).
fn known(tag: Option<&Tag>) -> Option<Kind> {
    let Some(tag) = tag else { return Some(Kind::Plain) };
    if tag.handle.len() + tag.suffix.len() <= 1 {
        return Some(Kind::Text);
    }
    match tag.suffix.as_str() {
        _ if !tag.is_yaml_core_schema() => None,
        "str" | "binary" | "timestamp" => Some(Kind::Text),
        "int" | "float" | "bool" | "null" => Some(Kind::Typed),
        "seq" | "map" | "set" | "omap" | "pairs" => Some(Kind::Plain),
        _ => None,
    }
}

fn typed(text: &str, style: ScalarStyle, kind: Kind) -> Option<Value> {
    let looks = kind == Kind::Typed || (kind == Kind::Plain && style == ScalarStyle::Plain);
    if looks { scalar::typed(text) } else { None }
}

/// A scalar as it is written, without its quotes.
fn written(source: &str, style: ScalarStyle) -> &str {
    match style {
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            source.get(1..source.len().saturating_sub(1)).unwrap_or(source)
        }
        ScalarStyle::Literal | ScalarStyle::Folded => source.split_once('\n').map_or("", |(_, text)| text),
        ScalarStyle::Plain => source,
    }
}
