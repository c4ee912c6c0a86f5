//! Shell scripts: the variables they set and the lines they run. Knows no command and runs nothing.

use std::collections::{HashMap, HashSet};

use crate::facts::*;
use crate::lower::Builder;
use crate::lower::fields::{self, Draft};
use crate::lower::words::{self, Rules, name_length};
use crate::source::{Ecosystem, Source};

/// How far the end of a quote is looked for.
const REACH: usize = 16_384;

/// Words that stand on a line of their own and run nothing.
const SYNTAX: &[&str] =
    &["{", "}", "(", ")", "then", "else", "fi", "do", "done", "esac", ";;", "};", "fi;", "done;"];

pub fn lower(source: &Source) -> FileFacts {
    let mut b = Builder::new(source, Ecosystem::None);
    let text = source.text.clone();
    let mut out = Script { draft: Draft::default(), commands: Vec::new(), lost: HashSet::new() };
    let mut at = fields::beginning(&text);
    while at < text.len() {
        let start = at + text[at..].len() - text[at..].trim_start_matches([' ', '\t']).len();
        if text[start..].starts_with('#') {
            at = fields::next_line(&text, fields::line_end(&text, start));
            continue;
        }
        let mut marks = Vec::new();
        let end = logical_end(&text, start, &mut marks);
        if start < end {
            line(&mut b, &mut out, &text, start, end);
        }
        at = fields::next_line(&text, end);
        for mark in marks {
            at = heredoc(&mut b, &mut out, &text, at, &mark, start);
        }
    }
    done(&mut b, out, text.len());
    fields::notes(&mut b, &["#"]);
    b.facts
}

struct Script {
    draft: Draft,
    commands: Vec<ValueId>,
    /// Marks of heredocs that never end.
    lost: HashSet<String>,
}

fn done(b: &mut Builder<'_>, mut out: Script, end: usize) {
    let range = |v: &ValueId| b.facts.values[v.0 as usize].span.range();
    if let (Some(first), Some(last)) = (out.commands.first().map(range), out.commands.last().map(range)) {
        let list = fields::list(b, out.commands, first.start, last.end);
        out.draft.set(b, "commands", list);
    }
    if !out.draft.is_empty() {
        let root = out.draft.done(b, 0, end);
        b.document(root);
    }
}

/// One line, joined lines included: settings at its front, and a command if it runs one.
fn line(b: &mut Builder<'_>, out: &mut Script, text: &str, start: usize, end: usize) {
    let (at, sets, local) = declaration(text, start, end);
    let mut at = at;
    let mut runs = false;
    while let Some((name_end, array)) = assignment(text, at, end) {
        let known = HashMap::new();
        let rules = Rules { escape: '\\', commands: true, whole: false, known: &known };
        let from = name_end + 1;
        let (value, mut after) = if array {
            let close = text[from..end].rfind(')').map_or(end, |n| from + n + 1);
            let span = b.span(from, close);
            (b.unknown(span), close)
        } else {
            words::word(b, text, from, end, &rules)
        };
        runs |= text[from..after].contains(['`', '(']) && !array;
        let name = &text[at..name_end];
        if !local {
            let span = b.span(at, name_end);
            b.facts.settings.push(Setting { path: vec![name.into()], value, span });
        }
        out.draft.put(b, name, value, at, after);
        after = end - text[after..end].trim_start_matches([' ', '\t', ';']).len();
        at = after;
    }
    let rest = text[at..end].trim();
    let comment = rest.is_empty() || rest.starts_with('#');
    let command = text[start..end].trim_end();
    if (runs || !comment && !sets) && !SYNTAX.contains(&command) {
        let words = command.replace("\\\r\n", " ").replace("\\\n", " ");
        let value = fields::text(b, words, start, start + command.len());
        out.commands.push(value);
    }
}

/// Past `export` and its like with their options; whether there was one, and whether it is for a function only.
fn declaration(text: &str, start: usize, end: usize) -> (usize, bool, bool) {
    let mut at = start;
    let (mut sets, mut local) = (false, false);
    loop {
        let rest = &text[at..end];
        let word = &rest[..rest.find([' ', '\t']).unwrap_or(rest.len())];
        let known = matches!(word, "export" | "declare" | "readonly" | "typeset" | "local");
        if word.len() == rest.len() || !(known || (sets && word.starts_with('-'))) {
            return (at, sets, local);
        }
        local |= word == "local";
        sets = true;
        at = end - rest[word.len()..].trim_start_matches([' ', '\t']).len();
    }
}

/// The end of the name when `NAME=` stands at `at`, and whether an array follows.
fn assignment(text: &str, at: usize, end: usize) -> Option<(usize, bool)> {
    let length = name_length(&text[at..end]);
    let rest = &text[at + length..end];
    let value = rest.strip_prefix('=').filter(|_| length > 0)?;
    Some((at + length, value.starts_with('(')))
}

/// The end of the line at `start` with the lines joined to it by `\` or by a quote that is open; the end
/// marks of the heredocs it opens go to `marks`.
fn logical_end(text: &str, start: usize, marks: &mut Vec<String>) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'\n' | b'\r' => return at,
            b'\\' => {
                let after = at + 1;
                let joined = bytes.get(after).is_some_and(|c| matches!(c, b'\n' | b'\r'));
                at = if joined { fields::next_line(text, after) } else { after + 1 };
                continue;
            }
            b'#' if at == start || bytes[at - 1].is_ascii_whitespace() => return fields::line_end(text, at),
            quote @ (b'\'' | b'"') => {
                at = quote_end(bytes, at + 1, quote).unwrap_or(at + 1);
                continue;
            }
            b'<' if bytes[at..].starts_with(b"<<<") => at += 2,
            b'<' if bytes[at..].starts_with(b"<<") && bytes.get(at + 2) != Some(&b'=') => {
                marks.extend(mark(text, at + 2));
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
    let mut end = at.min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    end
}

/// The word behind `<<`: where the heredoc ends. A number is a shift, not a heredoc.
fn mark(text: &str, at: usize) -> Option<String> {
    let rest = text[at..].strip_prefix('-').unwrap_or(&text[at..]).trim_start_matches([' ', '\t', '\\']);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let rest = quote.map_or(rest, |_| &rest[1..]);
    let is_mark = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '!');
    let word = &rest[..rest.find(|c| !is_mark(c)).unwrap_or(rest.len())];
    (!word.is_empty() && !word.starts_with(|c: char| c.is_ascii_digit())).then(|| word.to_string())
}

fn quote_end(bytes: &[u8], from: usize, quote: u8) -> Option<usize> {
    let mut at = from;
    while at < bytes.len().min(from + REACH) {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            c if c == quote => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Behind the body of a heredoc that begins at `at`; its text is not read.
fn heredoc(b: &mut Builder<'_>, out: &mut Script, text: &str, at: usize, mark: &str, opened: usize) -> usize {
    if out.lost.len() >= fields::TROUBLES || out.lost.contains(mark) {
        return at;
    }
    let mut place = at;
    while place < text.len() {
        let end = fields::line_end(text, place);
        if text[place..end].trim_matches(['\t', ' ']) == mark {
            return fields::next_line(text, end);
        }
        place = fields::next_line(text, end);
    }
    let span = b.span(opened, fields::line_end(text, opened));
    b.trouble(span, format!("a heredoc that does not end with {mark}; its lines were read as commands"));
    out.lost.insert(mark.to_string());
    at
}
