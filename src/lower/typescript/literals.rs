//! Strings, templates and numbers as written to what they mean. Knows no names and no calls.

use tree_sitter::Node;

use super::{expressions, span, text};
use crate::facts::*;
use crate::lower::Builder;

/// The text of a string node without its quotes.
pub fn string(b: &Builder, node: Node) -> String {
    unescape(unquoted(text(b, node)))
}

pub fn unquoted(raw: &str) -> &str {
    let Some(quote) = raw.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) else { return raw };
    let inner = &raw[1..];
    inner.strip_suffix(quote).unwrap_or(inner)
}

/// A template without substitutions is a text, any other a join of its parts.
pub fn template(b: &mut Builder, node: Node) -> ValueId {
    let whole = span(b, node);
    let source = b.source;
    let raw = |start: usize, end: usize| source.text.get(start..end).unwrap_or("");
    let mut parts = Vec::new();
    let mut at = node.start_byte() + 1;
    let mut cursor = node.walk();
    for part in node.named_children(&mut cursor).filter(|c| c.kind() == "template_substitution") {
        if part.start_byte() > at {
            let place = b.span(at, part.start_byte());
            parts.push(b.text(unescape(raw(at, part.start_byte())), place));
        }
        parts.push(match super::children(part).first() {
            Some(inner) => expressions::expression(b, *inner),
            None => b.unknown(span(b, part)),
        });
        at = part.end_byte();
    }
    let end = node.end_byte();
    let end =
        if raw(node.start_byte(), end).len() > 1 && raw(at, end).ends_with('`') { end - 1 } else { end };
    if parts.is_empty() {
        return b.text(unescape(raw(at, end)), whole);
    }
    if end > at {
        let place = b.span(at, end);
        parts.push(b.text(unescape(raw(at, end)), place));
    }
    b.value(Value::Join(parts), whole)
}

pub fn number(raw: &str) -> Option<f64> {
    let clean: String = raw.chars().filter(|c| *c != '_').collect();
    let clean = clean.trim_end_matches('n').to_ascii_lowercase();
    let radix = |digits: &str, radix| u64::from_str_radix(digits, radix).ok().map(|n| n as f64);
    match clean.get(..2) {
        // `n` ends no hexadecimal digit, so trimming a bigint's mark is safe here as well.
        Some("0x") => radix(&clean[2..], 16),
        Some("0o") => radix(&clean[2..], 8),
        Some("0b") => radix(&clean[2..], 2),
        _ => clean.parse().ok(),
    }
}

pub fn unescape(raw: &str) -> String {
    if !raw.contains('\\') {
        return raw.to_string();
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('v') => out.push('\u{b}'),
            Some('0') if !rest.as_str().starts_with(|c: char| c.is_ascii_digit()) => out.push('\0'),
            Some('\n' | '\u{2028}' | '\u{2029}') => {}
            Some('\r') if rest.as_str().starts_with('\n') => {
                rest.next();
            }
            Some('\r') => {}
            Some('x') => code_point(&mut rest, 2, &mut out),
            Some('u') => unicode(&mut rest, &mut out),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

fn code_point(rest: &mut std::str::Chars, digits: usize, out: &mut String) {
    if let Some(n) = hex(rest.as_str(), digits) {
        out.push(char::from_u32(n).unwrap_or(char::REPLACEMENT_CHARACTER));
        *rest = rest.as_str()[digits..].chars();
    }
}

fn hex(text: &str, digits: usize) -> Option<u32> {
    let head = text.get(..digits)?;
    head.bytes().all(|c| c.is_ascii_hexdigit()).then(|| u32::from_str_radix(head, 16).ok())?
}

fn unicode(rest: &mut std::str::Chars, out: &mut String) {
    let text = rest.as_str();
    if let Some(inner) = text.strip_prefix('{') {
        if let Some(end) = inner.find('}') {
            let n = u32::from_str_radix(&inner[..end], 16).ok();
            out.push(n.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
            *rest = inner[end + 1..].chars();
        }
        return;
    }
    // A character outside the basic plane is written as two halves.
    let low = text.get(4..6).filter(|s| *s == "\\u").and_then(|_| hex(&text[6..], 4));
    if let (Some(high @ 0xD800..=0xDBFF), Some(low @ 0xDC00..=0xDFFF)) = (hex(text, 4), low) {
        let n = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        out.push(char::from_u32(n).unwrap_or(char::REPLACEMENT_CHARACTER));
        *rest = text[10..].chars();
        return;
    }
    code_point(rest, 4, out);
}
