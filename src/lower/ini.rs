//! INI and properties files: sections of `key = value` lines. Knows the formats, not what any key means.

use super::tree::{self, Fields};
use crate::facts::*;
use crate::lower::{Builder, template};
use crate::source::{Ecosystem, Source, Span, Str};

/// A file that is no such file at all should not be reported line by line.
const TROUBLES: usize = 5;

pub fn lower(source: &Source) -> FileFacts {
    let text = source.text.clone();
    let mut reader = Reader {
        b: Builder::new(source, Ecosystem::None),
        text: &text,
        properties: source.path.ends_with(".properties"),
        at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
        top: Fields::default(),
        sections: Vec::new(),
        bad: Vec::new(),
    };
    while reader.at < text.len() {
        reader.line();
    }
    reader.finish()
}

struct Section {
    name: Str,
    span: Span,
    fields: Fields,
}

struct Reader<'t, 's> {
    b: Builder<'s>,
    text: &'t str,
    /// Java's format: no sections, escapes, lines that go on after a `\`.
    properties: bool,
    at: usize,
    top: Fields,
    sections: Vec<Section>,
    /// Lines that could not be read, and why.
    bad: Vec<(Span, &'static str)>,
}

impl Reader<'_, '_> {
    fn line_end(&self, from: usize) -> usize {
        self.text[from..].find(['\n', '\r']).map_or(self.text.len(), |n| from + n)
    }

    /// Begin and end of what is written on the line at `from`, without the blanks around it.
    fn written(&self, from: usize) -> (usize, usize) {
        let line = &self.text[from..self.line_end(from)];
        let start = from + line.len() - line.trim_start().len();
        (start, start + line.trim().len())
    }

    fn next_line(&self, from: usize) -> usize {
        let end = self.line_end(from);
        let crlf = self.text[end..].starts_with("\r\n");
        (end + if crlf { 2 } else { 1 }).min(self.text.len())
    }

    fn line(&mut self) {
        let begin = self.at;
        let (start, end) = self.written(begin);
        self.at = self.next_line(begin);
        let marks: &[char] = if self.properties { &['#', '!'] } else { &['#', ';'] };
        if start == end {
            return;
        }
        if self.text[start..].starts_with(marks) {
            return self.comment(start, end);
        }
        if !self.properties && self.text[start..].starts_with('[') {
            return self.section(start, end);
        }
        if self.properties { self.property(start) } else { self.entry(start - begin, start, end) }
    }

    fn comment(&mut self, start: usize, end: usize) {
        let span = self.b.span(start, end);
        // `;` is no comment mark that is taken off later.
        self.b.comment(self.text[start..end].trim_start_matches([';', '!']), span);
    }

    fn section(&mut self, start: usize, end: usize) {
        let line = &self.text[start..end];
        let Some(close) = line.rfind(']') else {
            return self.trouble(start, end, "a section without its closing `]`");
        };
        let after = line[close + 1..].len() - line[close + 1..].trim_start().len();
        if close + 1 + after < line.len() {
            self.comment(start + close + 1 + after, end);
        }
        let name: Str = line[1..close].trim().into();
        let span = self.b.span(start, start + close + 1);
        self.sections.push(Section { name, span, fields: Fields::default() });
    }

    fn trouble(&mut self, start: usize, end: usize, reason: &'static str) {
        self.bad.push((self.b.span(start, end), reason));
    }

    /// Reports the lines that could not be read; as one when there are many.
    fn report(&mut self) {
        let bad = std::mem::take(&mut self.bad);
        if bad.len() <= TROUBLES {
            for (span, reason) in bad {
                self.b.trouble(span, format!("{reason}: the other lines were analysed"));
            }
        } else if let Some((span, reason)) = bad.first() {
            let message = format!("{reason} (one of {} lines): the other lines were analysed", bad.len());
            self.b.trouble(*span, message);
        }
    }

    fn add(&mut self, key: Str, key_span: Span, value: ValueId, span: Span) {
        let fields = self.sections.last_mut().map_or(&mut self.top, |s| &mut s.fields);
        if key.ends_with("[]") {
            return fields.push(key, value, span);
        }
        fields.add(&mut self.b, key, key_span, value, span);
    }

    /// `key = value` of an INI file; lines that are indented deeper than the key go on with the value.
    fn entry(&mut self, indent: usize, start: usize, end: usize) {
        let line = &self.text[start..end];
        let Some(sign) = line.find(['=', ':']) else {
            return self.lone_key(start, end);
        };
        let key = line[..sign].trim_end();
        if key.is_empty() {
            return self.trouble(start, end, "a value without a key");
        }
        let key_span = self.b.span(start, start + key.len());
        let rest = &line[sign + 1..];
        let from = end - rest.trim_start().len();
        let mut last = self.value_end(from, end);
        let mut lines = vec![self.text[from..last].to_string()];
        while let Some((a, z)) = self.continued(indent) {
            lines.push(self.text[a..z].to_string());
            last = z;
            self.at = self.next_line(a);
        }
        let first = if from < last { from + leading(&self.text[from..last]) } else { last };
        let span = self.b.span(first, last);
        let value = self.ini_value(lines.join("\n").trim(), span);
        let whole = self.b.span(start, last);
        self.add(key.into(), key_span, value, whole);
    }

    /// A key without a value: flags of some programs. Anything else is no line of such a file.
    fn lone_key(&mut self, start: usize, end: usize) {
        let stop = self.value_end(start, end);
        let key = &self.text[start..stop];
        if key.contains(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '*'))) {
            return self.trouble(start, end, "not a `key = value` line");
        }
        let span = self.b.span(start, stop);
        let value = self.b.value(Value::Null, self.b.span(stop, stop));
        self.add(key.into(), span, value, span);
    }

    /// The next line when it is a part of the value before it.
    fn continued(&self, indent: usize) -> Option<(usize, usize)> {
        if self.at >= self.text.len() {
            return None;
        }
        let (start, end) = self.written(self.at);
        let deeper = start - self.at > indent && start < end;
        (deeper && !self.text[start..].starts_with(['#', ';'])).then_some((start, end))
    }

    /// Where the value ends: at its closing quote, or before a comment on the line.
    fn value_end(&mut self, from: usize, end: usize) -> usize {
        let value = &self.text[from..end];
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let closed = quote.and_then(|q| value[1..].find(q)).map(|n| from + n + 2);
        let search = closed.unwrap_or(from);
        let mut before = if closed.is_some() { 'x' } else { ' ' };
        for (i, c) in self.text[search..end].char_indices() {
            let after = &self.text[search + i + c.len_utf8()..end];
            // `#{x}` is a placeholder; right after the `=` may stand a colour or a password.
            let remark =
                if search + i == from { after.starts_with([' ', '\t']) } else { !after.starts_with('{') };
            if matches!(c, '#' | ';') && before.is_whitespace() && remark {
                self.comment(search + i, end);
                return from + self.text[from..search + i].trim_end().len();
            }
            before = c;
        }
        end
    }

    fn ini_value(&mut self, text: &str, span: Span) -> ValueId {
        for quote in ['"', '\''] {
            let inside = text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote));
            if let Some(inside) = inside.filter(|t| !t.contains(quote)) {
                return template::text(&mut self.b, inside, span);
            }
        }
        self.plain(text, span)
    }

    fn plain(&mut self, text: &str, span: Span) -> ValueId {
        match text {
            "true" | "True" | "TRUE" => self.b.value(Value::Bool(true), span),
            "false" | "False" | "FALSE" => self.b.value(Value::Bool(false), span),
            _ => match tree::number(text) {
                Some(number) => self.b.value(Value::Number(number), span),
                None => template::text(&mut self.b, text, span),
            },
        }
    }

    /// A line of a properties file with those it goes on to.
    fn property(&mut self, start: usize) {
        let mut logical = Logical::default();
        let mut from = start;
        loop {
            let end = self.line_end(from);
            let line = &self.text[from..end];
            let slashes = line.len() - line.trim_end_matches('\\').len();
            let goes_on = slashes % 2 == 1 && self.next_line(from) < self.text.len();
            let cut = if slashes % 2 == 1 { end - 1 } else { end };
            logical.push(&self.text[from..cut], from);
            self.at = self.next_line(from);
            if !goes_on {
                break;
            }
            from = self.written(self.at).0;
        }
        let (key, value) = logical.split();
        let key_span = self.b.span(start, logical.place(key.end).max(start));
        let name = unescape(&logical.text[key]);
        let value = value.start..value.start + logical.text[value].trim_end_matches([' ', '\t', '\r']).len();
        let span = self.b.span(logical.place(value.start), logical.place(value.end));
        let text = unescape(&logical.text[value]);
        if name.is_empty() {
            return self.trouble(start, span.end as usize, "a value without a key");
        }
        let id = self.plain(&text, span);
        let whole = self.b.span(start, (span.end).max(key_span.end) as usize);
        self.add(name.into(), key_span, id, whole);
    }

    fn finish(mut self) -> FileFacts {
        let sections = std::mem::take(&mut self.sections);
        let mut root = std::mem::take(&mut self.top);
        let mut merged: Vec<Section> = Vec::new();
        let mut index = std::collections::HashMap::new();
        for section in sections {
            let at = *index.entry(section.name.clone()).or_insert(merged.len());
            match merged.get_mut(at) {
                Some(first) => first.fields.extend(&mut self.b, section.fields),
                None => merged.push(section),
            }
        }
        for section in merged {
            let end = section.fields.entries.last().map_or(section.span.end, |e| e.span.end);
            let span = self.b.span(section.span.start as usize, end as usize);
            let record = section.fields.record(&mut self.b, span);
            root.add(&mut self.b, section.name, section.span, record, span);
        }
        if !root.entries.is_empty() || self.bad.is_empty() {
            let span = self.b.span(0, self.text.trim_end().len());
            let record = root.record(&mut self.b, span);
            self.b.document(record);
        }
        self.report();
        self.b.facts
    }
}

fn leading(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Lines that a `\` joins, and where each of them stands.
#[derive(Default)]
struct Logical {
    text: String,
    /// (offset in `text`, offset in the file)
    pieces: Vec<(usize, usize)>,
}

impl Logical {
    fn push(&mut self, text: &str, at: usize) {
        self.pieces.push((self.text.len(), at));
        self.text.push_str(text);
    }

    /// The place in the file of an offset of the text.
    fn place(&self, offset: usize) -> usize {
        let i = self.pieces.partition_point(|(begin, _)| *begin <= offset).saturating_sub(1);
        self.pieces.get(i).map_or(0, |(begin, at)| at + offset.saturating_sub(*begin))
    }

    /// The key and the value: parted by `=`, `:` or blanks that no `\` escapes.
    fn split(&self) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let mut escaped = false;
        let mut end = self.text.len();
        for (i, c) in self.text.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '=' | ':' | ' ' | '\t' => {
                    end = i;
                    break;
                }
                _ => {}
            }
        }
        let mut rest = self.text[end..].trim_start_matches([' ', '\t']);
        if let Some(after) = rest.strip_prefix(['=', ':']) {
            rest = after.trim_start_matches([' ', '\t']);
        }
        (0..end, self.text.len() - rest.len()..self.text.len())
    }
}

/// `\n`, `\=`, `\u00e9` and the like.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('u') => {
                let code: String = rest.clone().take(4).collect();
                match u32::from_str_radix(&code, 16).ok().and_then(char::from_u32) {
                    Some(c) if code.len() == 4 => {
                        out.push(c);
                        rest.nth(3);
                    }
                    _ => out.push('u'),
                }
            }
            Some(same) => out.push(same),
            None => {}
        }
    }
    out
}
