//! What Rust literals are worth. Knows their notation only.

use crate::facts::Value;

/// The value of a literal as written: strings of all sorts, characters, numbers, booleans.
pub fn literal(text: &str) -> Value {
    match text {
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        _ => {}
    }
    let unprefixed = text.trim_start_matches(['b', 'c']);
    if let Some(raw) = unprefixed.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inner = raw.get(hashes + 1..raw.len().saturating_sub(hashes + 1)).unwrap_or("");
        return Value::Text(inner.replace("\r\n", "\n").into());
    }
    if let Some(quote) = unprefixed.chars().next().filter(|c| *c == '"' || *c == '\'') {
        let inner = unprefixed.strip_prefix(quote).unwrap_or("");
        return Value::Text(unescape(inner.strip_suffix(quote).unwrap_or(inner)).into());
    }
    number(text).map_or(Value::Unknown, Value::Number)
}

fn number(text: &str) -> Option<f64> {
    let clean = text.replace('_', "");
    for (prefix, radix) in [("0x", 16), ("0b", 2), ("0o", 8)] {
        if let Some(digits) = clean.strip_prefix(prefix) {
            let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
            return u128::from_str_radix(&digits[..end], radix).ok().map(|n| n as f64);
        }
    }
    let end = clean.find(['u', 'i', 'f']).unwrap_or(clean.len());
    clean[..end].parse().ok()
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some('0') => out.push('\0'),
                Some('x') => {
                    let digits: String = chars.by_ref().take(2).collect();
                    out.extend(u8::from_str_radix(&digits, 16).ok().map(char::from));
                }
                Some('u') => {
                    let digits: String = chars
                        .by_ref()
                        .skip_while(|c| *c == '{')
                        .take_while(|c| *c != '}')
                        .filter(|c| *c != '_')
                        .collect();
                    out.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
                }
                Some('\n' | '\r') => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                Some(other) => out.push(other),
                None => {}
            },
            other => out.push(other),
        }
    }
    out
}
