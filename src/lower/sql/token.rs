//! SQL text cut into tokens and statements. Knows quotes and comments of the usual dialects.

use crate::lower::fields;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// A bare word or number.
    Word,
    /// A name in `"…"`, backticks or brackets.
    Name,
    /// A text in `'…'`.
    Text,
    /// `$$ … $$`: a body in some language.
    Body,
    Mark,
}

/// How far the end of a name in `[…]` is looked for.
const NAME: usize = 130;

/// A token and its place in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

pub(super) struct Tokens<'t> {
    text: &'t str,
    at: usize,
    /// `\'` is a quote inside a text.
    pub(super) escapes: bool,
    /// A quote or comment that never ends.
    pub(super) broken: Option<usize>,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let lower = text.to_ascii_lowercase();
        let escapes = text.contains('`') || lower.contains("mysql") || lower.contains("mariadb");
        Self { text, at: fields::beginning(text), escapes, broken: None }
    }

    /// The tokens of the next statement, without its `;`; none at the end of the file.
    pub(super) fn statement(&mut self) -> Option<Vec<Token>> {
        let mut out = Vec::new();
        let mut any = false;
        while let Some(token) = self.token() {
            any = true;
            if &self.text[token.start..token.end] == ";" {
                return Some(out);
            }
            out.push(token);
        }
        any.then_some(out)
    }

    /// Past the rows behind `COPY … FROM stdin;`, which end with `\.`.
    pub(super) fn skip_rows(&mut self) {
        self.at = match self.text[self.at..].find("\n\\.") {
            Some(n) => self.at + n + 3,
            None => self.text.len(),
        };
    }

    fn token(&mut self) -> Option<Token> {
        self.skip();
        let start = self.at;
        let rest = &self.text[start..];
        let first = rest.chars().next()?;
        let (kind, length) = match first {
            '\'' => (Kind::Text, self.quoted('\'', self.escapes)),
            'E' | 'e' | 'N' | 'n' | 'B' | 'b' if rest[1..].starts_with('\'') => {
                self.at += 1;
                (Kind::Text, 1 + self.quoted('\'', self.escapes || matches!(first, 'E' | 'e')))
            }
            '"' | '`' => (Kind::Name, self.quoted(first, self.escapes && first == '"')),
            '[' => match rest.char_indices().take(NAME).skip(1).find(|(_, c)| matches!(c, ']' | '\n' | '\''))
            {
                Some((n, ']')) if n > 1 => (Kind::Name, n + 1),
                _ => (Kind::Mark, 1),
            },
            '$' => match self.body() {
                Some(length) => (Kind::Body, length),
                None => (Kind::Mark, 1),
            },
            c if is_word(c) => (Kind::Word, rest.find(|c| !is_word(c) && c != '$').unwrap_or(rest.len())),
            c => (Kind::Mark, c.len_utf8()),
        };
        self.at = start + length;
        Some(Token { kind, start, end: self.at })
    }

    /// Past white space and comments.
    fn skip(&mut self) {
        loop {
            let rest = self.text[self.at..].trim_start();
            self.at = self.text.len() - rest.len();
            if rest.starts_with("--") || (self.escapes && rest.starts_with('#')) {
                self.at = fields::line_end(self.text, self.at);
            } else if rest.starts_with("/*") {
                match rest.find("*/") {
                    Some(n) => self.at += n + 2,
                    None => self.lost(),
                }
            } else {
                return;
            }
        }
    }

    fn lost(&mut self) {
        self.broken.get_or_insert(self.at);
        self.at = self.text.len();
    }

    /// How long the quoted text at the current place is; a doubled quote is part of it.
    fn quoted(&mut self, quote: char, escapes: bool) -> usize {
        let inside = &self.text[self.at + 1..];
        let mut chars = inside.char_indices().peekable();
        while let Some((i, c)) = chars.next() {
            if c == '\\' && escapes {
                chars.next();
            } else if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
                return i + 2;
            }
        }
        // Up to the end of the line only, so that the rest of the file is still read.
        self.broken.get_or_insert(self.at);
        fields::line_end(self.text, self.at) - self.at
    }

    /// How long `$tag$ … $tag$` at the current place is.
    fn body(&self) -> Option<usize> {
        let rest = &self.text[self.at..];
        let tag = rest[1..].find(|c: char| !is_word(c)).filter(|n| rest[1 + n..].starts_with('$'))?;
        let mark = &rest[..tag + 2];
        let end = rest[mark.len()..].find(mark)?;
        Some(end + 2 * mark.len())
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
