//! The `.env` family: one setting a line. Knows the file format, not what any key means.

use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Ecosystem, Source};

/// A file that is no env file at all should not be reported line by line.
const TROUBLES: usize = 5;

pub fn lower(source: &Source) -> FileFacts {
    let mut b = Builder::new(source, Ecosystem::None);
    let text = source.text.as_ref();
    let mut bad = 0;
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while at < text.len() {
        let end = line_end(text, at);
        let code = at + text[at..end].len() - text[at..end].trim_start().len();
        if code >= end {
            at = next_line(text, end);
        } else if text[code..].starts_with('#') {
            comment(&mut b, code, end);
            at = next_line(text, end);
        } else if let Some(after) = entry(&mut b, code, end) {
            at = next_line(text, after);
        } else {
            bad += 1;
            if bad <= TROUBLES {
                let span = b.span(code, end);
                b.trouble(span, "not a KEY=value line; the rest was analysed");
            }
            at = next_line(text, end);
        }
    }
    b.facts
}

/// The end of the line at `from`, without its line ending.
fn line_end(text: &str, from: usize) -> usize {
    text[from..].find(['\n', '\r']).map_or(text.len(), |n| from + n)
}

fn next_line(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or("");
    let skipped = if rest.starts_with("\r\n") { 2 } else { rest.chars().next().map_or(0, char::len_utf8) };
    end + skipped
}

fn comment(b: &mut Builder<'_>, start: usize, end: usize) {
    let span = b.span(start, end);
    let text = b.source.slice(span);
    b.comment(text, span);
}

/// `KEY=value` between `start` and the end of its first line; gives the end of its last line.
fn entry(b: &mut Builder<'_>, start: usize, end: usize) -> Option<usize> {
    let text = b.source.text.clone();
    let mut key = start;
    if let Some(rest) = text[start..end].strip_prefix("export")
        && rest.starts_with([' ', '\t'])
    {
        key = end - rest.trim_start().len();
    }
    let equals = key + text[key..end].find('=')?;
    let name = text[key..equals].trim_end();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let key_span = b.span(key, key + name.len());
    let written = &text[equals + 1..end];
    let from = equals + 1 + written.len() - written.trim_start().len();
    let (value, after) = match text[from..].chars().next() {
        Some(quote @ ('\'' | '"' | '`')) if from < end => match closing(&text, from + 1, quote) {
            Some(close) => (quoted(b, from, close, quote), close + 1),
            None => (plain(b, from, end), end),
        },
        _ => {
            let stop = inline_comment(&text[from..end]).map_or(end, |n| from + n);
            (plain(b, from, from + text[from..stop].trim_end().len()), stop)
        }
    };
    let last = line_end(&text, after);
    if let Some(hash) = text[after..last].find('#') {
        comment(b, after + hash, last);
    }
    b.facts.settings.push(Setting { path: vec![name.into()], value, span: key_span });
    Some(last)
}

/// Where ` #` begins; a `#` right at the front of a value is a comment too.
fn inline_comment(value: &str) -> Option<usize> {
    let mut before = ' ';
    for (i, c) in value.char_indices() {
        if c == '#' && before.is_whitespace() {
            return Some(i);
        }
        before = c;
    }
    None
}

/// The closing quote, which may stand on a later line.
fn closing(text: &str, from: usize, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (i, c) in text[from..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if c == quote => return Some(from + i),
            _ => {}
        }
    }
    None
}

fn quoted(b: &mut Builder<'_>, open: usize, close: usize, quote: char) -> ValueId {
    let text = b.source.text.clone();
    let inside = &text[open + 1..close];
    let span = b.span(open, close + 1);
    if quote == '"' {
        return interpolated(b, inside, open + 1, span, true);
    }
    b.text(inside.replace("\r\n", "\n"), span)
}

fn plain(b: &mut Builder<'_>, start: usize, end: usize) -> ValueId {
    let text = b.source.text.clone();
    let span = b.span(start, end);
    interpolated(b, &text[start..end], start, span, false)
}

/// A text in which `$NAME` and `${NAME}` (also `${NAME:-default}`) stand for other keys.
fn interpolated(
    b: &mut Builder<'_>,
    text: &str,
    start: usize,
    span: crate::source::Span,
    escapes: bool,
) -> ValueId {
    let mut parts = Vec::new();
    let mut known = String::new();
    let mut rest = text.char_indices().peekable();
    while let Some((i, c)) = rest.next() {
        match c {
            '\\' if escapes || matches!(rest.peek(), Some((_, '$'))) => match rest.next() {
                Some((_, 'n')) => known.push('\n'),
                Some((_, 'r')) => known.push('\r'),
                Some((_, 't')) => known.push('\t'),
                Some((_, same @ ('\\' | '"' | '\'' | '$'))) => known.push(same),
                Some((_, other)) => known.extend(['\\', other]),
                None => known.push('\\'),
            },
            '\r' if matches!(rest.peek(), Some((_, '\n'))) => {}
            '$' => match variable(&text[i..]) {
                Some((name, len)) => {
                    if !known.is_empty() {
                        parts.push(b.text(std::mem::take(&mut known), span));
                    }
                    let place = b.span(start + i, start + i + len);
                    parts.push(b.name(name, place));
                    while rest.next_if(|(at, _)| *at < i + len).is_some() {}
                }
                None => known.push(c),
            },
            _ => known.push(c),
        }
    }
    if parts.is_empty() {
        return b.text(known, span);
    }
    if !known.is_empty() {
        parts.push(b.text(known, span));
    }
    b.value(Value::Join(parts), span)
}

/// The name after a `$` and how many bytes the whole reference takes.
fn variable(text: &str) -> Option<(&str, usize)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let braced = text.starts_with("${");
    let rest = &text[if braced { 2 } else { 1 }..];
    let name = &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())];
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let len = if braced { text.find('}')? + 1 } else { 1 + name.len() };
    Some((name, len))
}
