//! Words as shells write them: quotes, escapes, and `$` for the value of a variable. Knows no command.

use std::collections::HashMap;

use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Span, Str};

/// How far the end of a `${…}` or `$(…)` is looked for.
const REACH: usize = 4096;

/// What the words of a format may hold.
pub struct Rules<'r> {
    pub escape: char,
    /// `$(…)`, backticks, `$1`; and `;`, `&`, `|` end a word.
    pub commands: bool,
    /// White space does not end the word.
    pub whole: bool,
    /// Variables whose value stands in the file.
    pub known: &'r HashMap<Str, (Str, Span)>,
}

struct Reader<'r, 's> {
    b: &'r mut Builder<'s>,
    text: &'r str,
    at: usize,
    end: usize,
    rules: &'r Rules<'r>,
    parts: Vec<ValueId>,
    /// The characters read since the last part, and where they began.
    plain: String,
    from: usize,
    /// Brackets without an end.
    lost: usize,
}

/// The word at `start`, and where it ends.
pub fn word(
    b: &mut Builder<'_>,
    text: &str,
    start: usize,
    end: usize,
    rules: &Rules<'_>,
) -> (ValueId, usize) {
    let (parts, plain) = (Vec::new(), String::new());
    let mut reader = Reader { b, text, at: start, end, rules, parts, plain, from: start, lost: 0 };
    reader.run();
    let at = reader.at;
    (reader.done(start), at)
}

impl Reader<'_, '_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..self.end].chars().next()
    }

    fn push(&mut self, c: char) {
        self.plain.push(c);
        self.at += c.len_utf8();
    }

    fn run(&mut self) {
        while let Some(c) = self.peek() {
            match c {
                '\'' => self.single(),
                '"' => self.double(),
                c if self.stops(c) => return,
                c => self.step(c, false),
            }
        }
    }

    fn stops(&self, c: char) -> bool {
        let ends = self.rules.commands && matches!(c, ';' | '&' | '|' | ')' | '<' | '>' | '\n' | '\r');
        ends || (!self.rules.whole && c.is_whitespace())
    }

    fn single(&mut self) {
        let inside = self.at + 1;
        match self.text[inside..self.end].find('\'') {
            Some(n) => {
                self.plain.push_str(&self.text[inside..inside + n]);
                self.at = inside + n + 1;
            }
            None => self.push('\''),
        }
    }

    fn double(&mut self) {
        self.at += 1;
        while let Some(c) = self.peek() {
            if c == '"' {
                self.at += 1;
                return;
            }
            self.step(c, true);
        }
    }

    fn step(&mut self, c: char, quoted: bool) {
        match c {
            c if c == self.rules.escape => self.escaped(c, quoted),
            '$' => self.dollar(),
            '`' if self.rules.commands => {
                let close = reach(self.text, self.at + 1, self.end).find('`');
                match close {
                    Some(n) => self.unknown(self.at + n + 2),
                    None => self.push(c),
                }
            }
            c => self.push(c),
        }
    }

    fn escaped(&mut self, escape: char, quoted: bool) {
        self.at += escape.len_utf8();
        let Some(next) = self.peek() else {
            self.plain.push(escape);
            return;
        };
        if let Some(after) = continued(self.text, self.at, self.end, !self.rules.commands) {
            self.at = after;
            return;
        }
        if quoted && next != escape && !matches!(next, '$' | '"' | '`') {
            self.plain.push(escape);
        }
        self.push(next);
    }

    /// The bracket that closes the one behind a `$`.
    fn matching(&mut self, left: u8, right: u8) -> Option<usize> {
        if self.lost >= crate::lower::fields::TROUBLES {
            return None;
        }
        let close = matching(self.text, self.at + 1, self.end, left, right);
        self.lost += usize::from(close.is_none());
        close
    }

    fn dollar(&mut self) {
        let rest = &self.text[self.at..self.end];
        let second = rest.chars().nth(1);
        match second {
            Some('{') => match self.matching(b'{', b'}') {
                Some(close) => self.braced(close),
                None => self.push('$'),
            },
            Some('(') if self.rules.commands => match self.matching(b'(', b')') {
                Some(close) => self.unknown(close + 1),
                None => self.push('$'),
            },
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let len = name_length(&rest[1..]);
                let name = &self.text[self.at + 1..self.at + 1 + len];
                let after = self.at + 1 + len;
                let value = self.variable(name, after);
                self.part(value, after);
            }
            Some(c) if self.rules.commands && (c.is_ascii_digit() || "@*#?!$-".contains(c)) => {
                self.unknown(self.at + 2);
            }
            _ => self.push('$'),
        }
    }

    /// `${NAME}`, `${NAME:-default}` and the like; `close` is the place of the bracket.
    fn braced(&mut self, close: usize) {
        let inside = &self.text[self.at + 2..close];
        let name = &inside[..name_length(inside)];
        let tail = &inside[name.len()..];
        let operator = ["", ":-", "-", ":=", "=", ":?", "?"]
            .into_iter()
            .find(|o| if o.is_empty() { tail.is_empty() } else { tail.starts_with(o) });
        if name.is_empty() || operator.is_none() {
            return self.unknown(close + 1);
        }
        let mut value = self.variable(name, close + 1);
        if let Some(operator @ (":-" | "-" | ":=" | "=")) = operator {
            let from = close - tail.len() + operator.len();
            let other = self.default(from, close);
            let span = self.b.span(self.at, close + 1);
            value = self.b.value(Value::Either(vec![value, other]), span);
        }
        self.part(value, close + 1);
    }

    fn default(&mut self, from: usize, close: usize) -> ValueId {
        let written = &self.text[from..close];
        let span = self.b.span(from, close);
        if written.contains(['$', '`', '\\']) {
            return self.b.unknown(span);
        }
        self.b.text(written.trim_matches(['"', '\'']), span)
    }

    fn variable(&mut self, name: &str, after: usize) -> ValueId {
        let span = self.b.span(self.at, after);
        let variable = self.b.name(name, span);
        let Some((known, place)) = self.rules.known.get(name) else { return variable };
        let known = self.b.text(known.clone(), *place);
        self.b.value(Value::Either(vec![variable, known]), span)
    }

    fn unknown(&mut self, after: usize) {
        let span = self.b.span(self.at, after);
        let value = self.b.unknown(span);
        self.part(value, after);
    }

    fn part(&mut self, value: ValueId, after: usize) {
        self.flush();
        self.parts.push(value);
        self.at = after;
        self.from = after;
    }

    fn flush(&mut self) {
        if !self.plain.is_empty() {
            let span = self.b.span(self.from, self.at);
            let text = std::mem::take(&mut self.plain);
            let value = self.b.text(text, span);
            self.parts.push(value);
        }
    }

    fn done(mut self, start: usize) -> ValueId {
        let span = self.b.span(start, self.at);
        if self.parts.is_empty() {
            return self.b.text(self.plain, span);
        }
        self.flush();
        match self.parts[..] {
            [only] => only,
            _ => self.b.value(Value::Join(self.parts), span),
        }
    }
}

/// Where the text goes on when a line ending stands at `at` (an escape before it joins the lines).
/// With `comments`, whole lines of comment in between do not count.
pub fn continued(text: &str, at: usize, end: usize, comments: bool) -> Option<usize> {
    let line = text[at..end].trim_start_matches([' ', '\t']);
    if !line.starts_with(['\n', '\r']) || (!comments && line.len() != end - at) {
        return None;
    }
    let mut next = crate::lower::fields::next_line(text, end - line.len()).min(end);
    while comments && text[next..end].trim_start_matches([' ', '\t']).starts_with('#') {
        next = crate::lower::fields::next_line(text, crate::lower::fields::line_end(text, next)).min(end);
    }
    Some(next)
}

pub fn name_length(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

fn reach(text: &str, from: usize, end: usize) -> &str {
    let mut to = end.min(from + REACH);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    &text[from..to]
}

/// The bracket that closes the one at `open`; quotes and escapes in between are passed over.
fn matching(text: &str, open: usize, end: usize, left: u8, right: u8) -> Option<usize> {
    let mut depth = 0;
    let mut quote = None;
    let mut bytes = reach(text, open, end).bytes().enumerate();
    while let Some((i, byte)) = bytes.next() {
        match (quote, byte) {
            (_, b'\\') => {
                bytes.next();
            }
            (Some(q), _) if q == byte => quote = None,
            (Some(_), _) => {}
            (None, b'\'') => quote = Some(byte),
            (None, _) if byte == left => depth += 1,
            (None, _) if byte == right => {
                depth -= 1;
                if depth == 0 {
                    return Some(open + i);
                }
            }
            _ => {}
        }
    }
    None
}
