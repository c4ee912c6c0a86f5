//! What a scalar says: the types of plain ones, where each of them stands. Knows no documents.

use std::ops::Range;

use crate::facts::Value;
use crate::lower::tree;

/// The value of a plain scalar when it is no text. `yes`, `no`, `on`, `off` are texts: programs differ.
pub fn typed(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
        "true" | "True" | "TRUE" => return Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Value::Bool(false)),
        ".inf" | ".Inf" | ".INF" | "+.inf" => return Some(Value::Number(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => return Some(Value::Number(f64::NEG_INFINITY)),
        _ => {}
    }
    radix(text).or_else(|| tree::number(text)).map(Value::Number)
}

/// `0x1f`, `0o17` and the older `017`.
fn radix(text: &str) -> Option<f64> {
    let (base, digits) = match text.as_bytes() {
        [b'0', b'x', ..] => (16, &text[2..]),
        [b'0', b'o', ..] => (8, &text[2..]),
        [b'0', b'0'..=b'7', ..] if text.len() <= 5 => (8, &text[1..]),
        _ => return None,
    };
    let plain = digits.bytes().all(|c| c.is_ascii_hexdigit());
    u64::from_str_radix(digits, base).ok().filter(|_| plain).map(|n| n as f64)
}

/// Where a node begins behind its anchor and tag.
pub fn after_properties(text: &str, range: &Range<usize>) -> usize {
    let mut at = range.start;
    while let Some(c) = text[at..range.end].chars().next() {
        match c {
            '&' | '!' => at += text[at..range.end].find(char::is_whitespace).unwrap_or(range.end - at),
            '#' if at > range.start => at += text[at..range.end].find('\n').unwrap_or(range.end - at),
            c if c.is_whitespace() => at += c.len_utf8(),
            _ => return at,
        }
    }
    range.end
}

/// A block scalar from its `|` or `>` to its last line. `from` is where the node before it ended.
pub fn block(text: &str, from: usize, range: &Range<usize>) -> Range<usize> {
    let start = range.start.max(from);
    let mark = text[from..start].find(['|', '>']).map_or(start, |n| from + n);
    let end = mark + text[mark..range.end.max(start)].trim_end().len();
    mark..end.max(mark)
}

/// A list with its first `-`: the parser begins one that is not indented behind it. `from` is where the
/// node before it ended.
pub fn dash(text: &str, from: usize, range: &Range<usize>) -> Range<usize> {
    let dashed =
        text[range.start..].strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_whitespace));
    let mut at = if dashed { range.start } else { from.min(range.start) };
    while let Some(c) = text[at..range.start].chars().next() {
        match c {
            '-' => return at..range.end,
            '#' => at += text[at..range.start].find('\n').unwrap_or(range.start - at),
            c if c == ':' || c.is_whitespace() => at += c.len_utf8(),
            _ => break,
        }
    }
    range.clone()
}
