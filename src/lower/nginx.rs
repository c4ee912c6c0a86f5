//! nginx configuration: directives and blocks. Knows the grammar, and just enough names to tell such a
//! file from the many others that end the same way.

use crate::facts::*;
use crate::lower::Builder;
use crate::lower::fields::{self, DEPTH, Draft, Lists};
use crate::source::{Ecosystem, Source};

/// Directives that stand in hardly any other format of the same looks.
const MARKS: &[&str] = &[
    "server",
    "http",
    "location",
    "upstream",
    "events",
    "listen",
    "server_name",
    "proxy_pass",
    "add_header",
    "ssl_certificate",
    "ssl_protocols",
    "fastcgi_pass",
    "fastcgi_param",
    "proxy_set_header",
    "worker_processes",
];

pub fn lower(source: &Source) -> FileFacts {
    let mut b = Builder::new(source, Ecosystem::None);
    let text = source.text.clone();
    let named = source.path.to_ascii_lowercase().contains("nginx");
    let root = read(&mut b, &text);
    match root {
        Some((root, seen)) if seen || (named && b.facts.troubles.is_empty()) => {
            b.document(root);
            fields::notes(&mut b, &["#"]);
            b.facts
        }
        _ => Builder::new(source, Ecosystem::None).facts,
    }
}

/// A block that is open: the directive it belongs to and what it holds so far.
struct Block {
    name: (usize, usize),
    args: Vec<ValueId>,
    inside: Lists,
}

enum Token {
    Word(usize, usize),
    Open(usize),
    Close(usize),
    End(usize),
}

/// The tree of the file, and whether one of the marks was seen as a directive.
fn read(b: &mut Builder<'_>, text: &str) -> Option<(ValueId, bool)> {
    let mut at = fields::beginning(text);
    let mut open: Vec<Block> = Vec::new();
    let mut top = Lists::default();
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut seen = false;
    let mut skipped = 0usize;
    while let Some((token, after)) = token(text, at) {
        at = after;
        match token {
            Token::Word(start, end) => words.push((start, end)),
            Token::Open(_) if skipped > 0 || open.len() >= DEPTH => {
                if skipped == 0 {
                    let span = b.span(at - 1, at);
                    b.trouble(
                        span,
                        format!("blocks nest more than {DEPTH} levels deep: the inner part was not analysed"),
                    );
                }
                skipped += 1;
                words.clear();
            }
            Token::Close(_) if skipped > 0 => {
                skipped -= 1;
                words.clear();
            }
            _ if skipped > 0 => words.clear(),
            Token::Open(place) => {
                let Some((name, args)) = directive(b, text, &mut words) else {
                    trouble(b, place, "a block without a name; what is in it was analysed");
                    open.push(Block { name: (place, place), args: Vec::new(), inside: Lists::default() });
                    continue;
                };
                seen |= MARKS.contains(&&text[name.0..name.1]);
                if text[name.0..name.1].ends_with("_by_lua_block") {
                    at = code_end(text, at);
                }
                open.push(Block { name, args, inside: Lists::default() });
                if text[..at].ends_with('}') && text[name.0..name.1].ends_with("_by_lua_block") {
                    close(b, &mut open, &mut top, at);
                }
            }
            Token::Close(place) => {
                if let Some((start, _)) = words.first() {
                    trouble(b, *start, "a directive without `;`; the rest was analysed");
                    words.clear();
                }
                if open.is_empty() {
                    trouble(b, place, "a `}` without a block; the rest was analysed");
                } else {
                    close(b, &mut open, &mut top, place + 1);
                }
            }
            Token::End(place) => {
                if let Some((name, args)) = directive(b, text, &mut words) {
                    seen |= MARKS.contains(&&text[name.0..name.1]);
                    let value = record(b, args, Lists::default(), name.0, place);
                    let holder = open.last_mut().map_or(&mut top, |o| &mut o.inside);
                    holder.add(&text[name.0..name.1], value, name.0, place);
                }
            }
        }
    }
    if let Some((start, _)) = words.first() {
        trouble(b, *start, "a directive without `;`; the rest was analysed");
    }
    if let Some(block) = open.last() {
        let start = block.name.0;
        trouble(b, start, "a block that is not closed; what is in it was analysed");
    }
    while !open.is_empty() {
        close(b, &mut open, &mut top, text.len());
    }
    let mut draft = Draft::default();
    top.into(b, &mut draft);
    (!draft.is_empty()).then(|| (draft.done(b, 0, text.len()), seen))
}

fn close(b: &mut Builder<'_>, open: &mut Vec<Block>, top: &mut Lists, end: usize) {
    let Some(block) = open.pop() else { return };
    let name = &b.source.text.clone()[block.name.0..block.name.1];
    let value = record(b, block.args, block.inside, block.name.0, end);
    let holder = open.last_mut().map_or(top, |o| &mut o.inside);
    holder.add(name, value, block.name.0, end);
}

/// A directive: its arguments under `args`, and what its block holds.
fn record(b: &mut Builder<'_>, args: Vec<ValueId>, inside: Lists, start: usize, end: usize) -> ValueId {
    let mut draft = Draft::default();
    if let (Some(first), Some(last)) = (args.first(), args.last()) {
        let from = b.facts.values[first.0 as usize].span.range().start;
        let to = b.facts.values[last.0 as usize].span.range().end;
        let list = fields::list(b, args, from, to);
        draft.set(b, "args", list);
    }
    inside.into(b, &mut draft);
    draft.done(b, start, end)
}

/// The name of a directive and its arguments, from the words read so far.
fn directive(
    b: &mut Builder<'_>,
    text: &str,
    words: &mut Vec<(usize, usize)>,
) -> Option<((usize, usize), Vec<ValueId>)> {
    let mut all = std::mem::take(words).into_iter();
    let name = all.next()?;
    let args = all.map(|(start, end)| fields::text(b, unquoted(&text[start..end]), start, end)).collect();
    Some((name, args))
}

fn unquoted(word: &str) -> String {
    let quote = word.chars().next().filter(|c| matches!(c, '"' | '\''));
    let Some(inside) = quote.and_then(|q| word.strip_prefix(q)?.strip_suffix(q)) else { return word.into() };
    inside.replace("\\\"", "\"").replace("\\'", "'")
}

fn trouble(b: &mut Builder<'_>, at: usize, message: &str) {
    if b.facts.troubles.len() < fields::TROUBLES {
        let span = b.span(at, fields::line_end(&b.source.text, at));
        b.trouble(span, message);
    }
}

/// The next token at or after `at`, and where it ends; comments are passed over.
fn token(text: &str, mut at: usize) -> Option<(Token, usize)> {
    loop {
        at = text.len() - text[at..].trim_start().len();
        match text[at..].chars().next()? {
            '#' => at = fields::line_end(text, at),
            '{' => return Some((Token::Open(at), at + 1)),
            '}' => return Some((Token::Close(at), at + 1)),
            ';' => return Some((Token::End(at), at + 1)),
            quote @ ('"' | '\'') => {
                let end = quoted_end(text, at + 1, quote).unwrap_or_else(|| word_end(text, at));
                return Some((Token::Word(at, end), end));
            }
            _ => {
                let end = word_end(text, at);
                return Some((Token::Word(at, end), end));
            }
        }
    }
}

fn quoted_end(text: &str, from: usize, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (i, c) in text[from..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return Some(from + i + 1),
            _ => {}
        }
    }
    None
}

/// The end of a bare word; `${name}` and escaped characters belong to it.
fn word_end(text: &str, from: usize) -> usize {
    let mut before = ' ';
    let mut braces = 0;
    for (i, c) in text[from..].char_indices() {
        match c {
            _ if before == '\\' => {}
            '{' if before == '$' => braces += 1,
            '}' if braces > 0 => braces -= 1,
            '{' | '}' | ';' => return from + i,
            c if c.is_whitespace() => return from + i,
            _ => {}
        }
        before = if before == '\\' { ' ' } else { c };
    }
    text.len()
}

/// Behind the bracket that ends a block of code which is no configuration.
fn code_end(text: &str, from: usize) -> usize {
    let mut depth = 1;
    for (i, byte) in text[from..].bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return from + i + 1;
        }
    }
    text.len()
}
