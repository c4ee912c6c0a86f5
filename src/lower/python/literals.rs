//! Python's strings and numbers. Knows spelling only, no tree.

/// The letters before a string's opening quotes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Prefix {
    pub raw: bool,
    pub bytes: bool,
    /// `f` and `t`: braces hold expressions.
    pub template: bool,
}

pub fn prefix(start: &str) -> Prefix {
    let mut out = Prefix::default();
    for letter in start.chars().take_while(|c| c.is_ascii_alphabetic()) {
        match letter.to_ascii_lowercase() {
            'r' => out.raw = true,
            'b' => out.bytes = true,
            'f' | 't' => out.template = true,
            _ => {}
        }
    }
    out
}

/// The text a stretch of string content stands for.
pub fn content(written: &str, prefix: Prefix) -> String {
    let mut out = String::with_capacity(written.len());
    let mut rest = written.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' if rest.peek() == Some(&'\n') => {}
            '\\' if !prefix.raw => escape(&mut rest, &mut out, prefix),
            '{' | '}' if prefix.template => {
                if rest.peek() == Some(&c) {
                    rest.next();
                }
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn escape(rest: &mut Chars<'_>, out: &mut String, prefix: Prefix) {
    let Some(c) = rest.next() else {
        out.push('\\');
        return;
    };
    match c {
        '\n' => {}
        '\r' => {
            if rest.peek() == Some(&'\n') {
                rest.next();
            }
        }
        '\\' | '\'' | '"' => out.push(c),
        'n' => out.push('\n'),
        't' => out.push('\t'),
        'r' => out.push('\r'),
        'a' => out.push('\x07'),
        'b' => out.push('\x08'),
        'f' => out.push('\x0c'),
        'v' => out.push('\x0b'),
        '0'..='7' => {
            let mut code = c.to_digit(8).unwrap_or(0);
            for _ in 0..2 {
                let Some(digit) = rest.peek().and_then(|d| d.to_digit(8)) else { break };
                code = code * 8 + digit;
                rest.next();
            }
            out.extend(char::from_u32(code));
        }
        'x' => hex(rest, out, c, 2),
        'u' if !prefix.bytes => hex(rest, out, c, 4),
        'U' if !prefix.bytes => hex(rest, out, c, 8),
        'N' if !prefix.bytes && rest.peek() == Some(&'{') => {
            // A table of character names is not worth its size here.
            for c in rest.by_ref() {
                if c == '}' {
                    break;
                }
            }
            out.push(char::REPLACEMENT_CHARACTER);
        }
        other => {
            out.push('\\');
            out.push(other);
        }
    }
}

fn hex(rest: &mut Chars<'_>, out: &mut String, letter: char, count: usize) {
    let digits: String = rest.clone().take(count).take_while(char::is_ascii_hexdigit).collect();
    if digits.len() < count {
        out.push('\\');
        out.push(letter);
        return;
    }
    for _ in 0..count {
        rest.next();
    }
    let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
    out.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
}

/// The number a literal stands for; none for imaginary numbers.
pub fn number(written: &str) -> Option<f64> {
    let plain: String = written.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    for (mark, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = plain.strip_prefix(mark) {
            let digits = digits.trim_end_matches('l');
            return u128::from_str_radix(digits, radix).ok().map(|n| n as f64);
        }
    }
    let plain = plain.trim_end_matches('l');
    let octal = plain.len() > 1 && plain.starts_with('0') && plain.bytes().all(|b| b.is_ascii_digit());
    if octal && let Ok(n) = u64::from_str_radix(plain, 8) {
        return Some(n as f64);
    }
    plain.parse::<f64>().ok().filter(|n| n.is_finite())
}
