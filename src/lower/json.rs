//! JSON as it is found in configuration: comments, trailing commas, JSON5 spellings, several values in a row.
//! Knows the format, not what any key means.

use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};

use super::tree::{DEPTH, Fields, NODES};
use crate::facts::*;
use crate::lower::{Builder, template};
use crate::source::{Ecosystem, Source, Span, Str};

pub fn lower(source: &Source) -> FileFacts {
    let text = source.text.clone();
    let skip = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader {
        b: Builder::new(source, Ecosystem::None),
        scanner: Scanner::new(&text[skip..], &ScannerOptions::default()),
        skip,
        token: None,
        end: 0,
        stopped: false,
    };
    reader.advance();
    while !reader.stopped && reader.token.is_some() {
        let root = reader.value(0);
        reader.b.document(root);
    }
    reader.b.facts
}

struct Reader<'t, 's> {
    b: Builder<'s>,
    scanner: Scanner<'t>,
    /// Bytes before what the scanner sees.
    skip: usize,
    token: Option<Token<'t>>,
    /// Where the token before the current one ended.
    end: usize,
    /// Nothing more is read: the rest is broken or too much.
    stopped: bool,
}

impl<'t> Reader<'t, '_> {
    fn here(&self) -> Span {
        self.b.span(self.skip + self.scanner.token_start(), self.skip + self.scanner.token_end())
    }

    fn advance(&mut self) {
        self.end = self.skip + self.scanner.token_end();
        loop {
            match self.scanner.scan() {
                Ok(Some(Token::CommentLine(_) | Token::CommentBlock(_))) => {
                    let span = self.here();
                    let text = self.b.source.slice(span);
                    self.b.comment(text, span);
                }
                Ok(token) => {
                    self.token = token;
                    return;
                }
                Err(error) => {
                    let range = error.range();
                    let span = self.b.span(self.skip + range.start, self.skip + range.end);
                    let reason = error.kind().to_string();
                    return self.stop(span, &lower_first(&reason));
                }
            }
        }
    }

    fn stop(&mut self, span: Span, reason: &str) {
        if !self.stopped {
            let message = format!("not valid JSON ({reason}): what stands before this place was analysed");
            self.b.trouble(span, message);
        }
        self.stopped = true;
        self.token = None;
    }

    fn value(&mut self, depth: usize) -> ValueId {
        let span = self.here();
        if self.b.facts.values.len() >= NODES && !self.stopped {
            self.b.trouble(span, format!("more than {NODES} values: only the first ones were analysed"));
            self.stopped = true;
        }
        let Some(token) = self.token.take().filter(|_| !self.stopped) else {
            self.stop(span, "a value is missing");
            return self.b.unknown(span);
        };
        let value = match token {
            Token::OpenBrace | Token::OpenBracket if depth >= DEPTH => {
                return self.too_deep(span);
            }
            Token::OpenBrace => return self.record(span, depth),
            Token::OpenBracket => return self.list(span, depth),
            Token::String(text) => template::text(&mut self.b, &text, span),
            Token::Number(text) => self.b.value(number(text).map_or(Value::Unknown, Value::Number), span),
            Token::Boolean(on) => self.b.value(Value::Bool(on), span),
            Token::Null => self.b.value(Value::Null, span),
            Token::Word(_) => self.b.unknown(span),
            _ => {
                self.stop(span, "a value is missing");
                return self.b.unknown(span);
            }
        };
        self.advance();
        value
    }

    fn record(&mut self, start: Span, depth: usize) -> ValueId {
        let mut fields = Fields::default();
        self.advance();
        loop {
            let key_span = self.here();
            let key: Str = match self.token.take() {
                Some(Token::CloseBrace) => {
                    self.advance();
                    break;
                }
                Some(Token::String(text)) => text.as_ref().into(),
                Some(word @ (Token::Word(_) | Token::Number(_) | Token::Boolean(_) | Token::Null)) => {
                    word.as_str().into()
                }
                Some(_) => {
                    self.stop(key_span, "a key is missing");
                    break;
                }
                None => {
                    self.stop(start, "this object is not closed");
                    break;
                }
            };
            self.advance();
            if self.token != Some(Token::Colon) {
                let span = self.here();
                self.stop(span, "no colon after the key");
                break;
            }
            self.advance();
            let value = self.value(depth + 1);
            let span =
                self.b.span(key_span.start as usize, self.b.facts.values[value.0 as usize].span.end as usize);
            fields.add(&mut self.b, key, key_span, value, span);
            self.comma();
        }
        if self.stopped {
            let span = self.b.span(self.end, self.end);
            fields.leave_open(&mut self.b, span);
        }
        let span = self.b.span(start.start as usize, self.end);
        fields.record(&mut self.b, span)
    }

    fn list(&mut self, start: Span, depth: usize) -> ValueId {
        let mut items = Vec::new();
        self.advance();
        loop {
            match self.token {
                Some(Token::CloseBracket) => {
                    self.advance();
                    break;
                }
                Some(_) => {
                    items.push(self.value(depth + 1));
                    self.comma();
                }
                None => {
                    self.stop(start, "this list is not closed");
                    let span = self.b.span(self.end, self.end);
                    items.push(self.b.unknown(span));
                    break;
                }
            }
        }
        let span = self.b.span(start.start as usize, self.end);
        self.b.value(Value::List(items), span)
    }

    fn comma(&mut self) {
        if self.token == Some(Token::Comma) {
            self.advance();
        }
    }

    /// Leaves out everything up to the closing bracket.
    fn too_deep(&mut self, start: Span) -> ValueId {
        self.b
            .trouble(start, format!("nested more than {DEPTH} levels deep: the inner part was not analysed"));
        let mut open = 1;
        while open > 0 {
            self.advance();
            match self.token {
                Some(Token::OpenBrace | Token::OpenBracket) => open += 1,
                Some(Token::CloseBrace | Token::CloseBracket) => open -= 1,
                Some(_) => {}
                None => {
                    self.stop(start, "this value is not closed");
                    break;
                }
            }
        }
        self.advance();
        let span = self.b.span(start.start as usize, self.end);
        self.b.unknown(span)
    }
}

/// The number a token writes; hexadecimal and `Infinity` as JSON5 has them.
fn number(text: &str) -> Option<f64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let hex = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let value: f64 = match hex {
        Some(hex) => u64::from_str_radix(hex, 16).ok()? as f64,
        None => digits.parse().ok()?,
    };
    (!value.is_nan()).then_some(sign * value)
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}
