//! Texts of configuration files in which `${NAME}`, `{{ … }}` and the like stand for something else.
//! Knows the forms of placeholders, not what is put in for them.

use crate::facts::*;
use crate::lower::Builder;
use crate::source::Span;

/// How deep placeholders may nest (`${A:-${B:-${C}}}`).
const NESTED: usize = 8;

/// A placeholder and how many bytes it takes.
struct Found<'t> {
    what: What<'t>,
    len: usize,
}

enum What<'t> {
    Name(&'t str),
    /// `${NAME:-default}`: where the default begins, and its text.
    Default(&'t str, usize, &'t str),
    /// Something a program works out.
    Other,
}

/// The value of a text that stands at `span` (with or without quotes around it). A placeholder that is the
/// whole text is a name, a choice or unknown; beside other text it is a part of a join.
pub fn text(b: &mut Builder<'_>, text: &str, span: Span) -> ValueId {
    let raw = b.source.slice(span);
    let at = if raw == text {
        Some(span.start as usize)
    } else if raw.len() == text.len() + 2 && raw.get(1..raw.len() - 1) == Some(text) {
        Some(span.start as usize + 1)
    } else {
        None
    };
    read(b, text, span, at, NESTED)
}

/// `at` is where `text` begins in the file, when it stands there as it is.
fn read(b: &mut Builder<'_>, text: &str, span: Span, at: Option<usize>, nested: usize) -> ValueId {
    let place = |b: &Builder<'_>, from: usize, to: usize| at.map_or(span, |at| b.span(at + from, at + to));
    let mut search = Search { text, unclosed: Vec::new() };
    let (mut parts, mut known, mut from, mut i) = (Vec::new(), String::new(), 0, 0);
    while let Some(c) = text.get(i..).and_then(|rest| rest.chars().next()) {
        if text[i..].starts_with("$${") {
            known.push_str("${");
            i += 3;
            continue;
        }
        let Some(found) = search.placeholder(i) else {
            known.push(c);
            i += c.len_utf8();
            continue;
        };
        if !known.is_empty() {
            let span = place(b, from, i);
            parts.push(b.text(std::mem::take(&mut known), span));
        }
        let here = place(b, i, i + found.len);
        let whole = i == 0 && found.len == text.len();
        parts.push(placeholder(b, &found, if whole { span } else { here }, at.map(|at| at + i), nested));
        i += found.len;
        from = i;
    }
    if parts.is_empty() {
        return b.text(known, span);
    }
    if !known.is_empty() {
        let span = place(b, from, i);
        parts.push(b.text(known, span));
    }
    match parts.as_slice() {
        [only] => *only,
        all if all.iter().all(|p| matches!(b.facts.value(*p), Value::Unknown)) => b.unknown(span),
        _ => b.value(Value::Join(parts), span),
    }
}

fn placeholder(
    b: &mut Builder<'_>,
    found: &Found<'_>,
    span: Span,
    at: Option<usize>,
    nested: usize,
) -> ValueId {
    match found.what {
        What::Name(name) => b.name(name, span),
        What::Default(name, offset, default) if nested > 0 => {
            let at = at.map(|at| at + offset);
            let default_span = at.map_or(span, |at| b.span(at, at + default.len()));
            let name = b.name(name, span);
            let default = read(b, default, default_span, at, nested - 1);
            b.value(Value::Either(vec![name, default]), span)
        }
        What::Default(..) | What::Other => b.unknown(span),
    }
}

struct Search<'t> {
    text: &'t str,
    /// Closing marks that do not come any more: not looked for again.
    unclosed: Vec<&'static str>,
}

impl<'t> Search<'t> {
    /// The placeholder that begins at byte `i`.
    fn placeholder(&mut self, i: usize) -> Option<Found<'t>> {
        let rest = &self.text[i..];
        let other = |len: usize| Some(Found { what: What::Other, len });
        match rest.as_bytes() {
            [b'$', b'{', b'{', ..] | [b'{', b'{', ..] => other(self.close(i, "}}")?),
            [b'{', b'%', ..] => other(self.close(i, "%}")?),
            [b'<', b'%', ..] => other(self.close(i, "%>")?),
            [b'$', b'{', ..] => braced(rest),
            [b'#', b'{', ..] => other(self.close(i, "}")?),
            [b'$', b'(', ..] => other(self.close(i, ")")?),
            [b'%', b'(', ..] => {
                let name = word(&rest[2..]);
                let end = &rest[2 + name.len()..];
                let closed = !name.is_empty() && (end.starts_with(")s") || end.starts_with(")d"));
                if closed { other(2 + name.len() + 2) } else { None }
            }
            [b'@', ..] => other(around_word(self.text, i)?),
            _ => None,
        }
    }

    /// Bytes from `i` to the end of the first `mark` after it.
    fn close(&mut self, i: usize, mark: &'static str) -> Option<usize> {
        if self.unclosed.contains(&mark) {
            return None;
        }
        match self.text[i..].find(mark) {
            Some(n) => {
                // `{{{ x }}}`
                let more = mark == "}}" && self.text[i..].starts_with("{{{");
                let third = more && self.text[i + n + 2..].starts_with('}');
                Some(n + mark.len() + usize::from(third))
            }
            None => {
                self.unclosed.push(mark);
                None
            }
        }
    }
}

/// `@project.version@` at byte `i`: no mail address, no password with two of the signs.
pub fn around_word(text: &str, i: usize) -> Option<usize> {
    let beside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '@');
    let name = word(&text[i + 1..]);
    let after = text[i + 1 + name.len()..].strip_prefix('@')?;
    let lone = !beside(text[..i].chars().next_back()) && !beside(after.chars().next());
    (lone && !name.is_empty()).then_some(name.len() + 2)
}

/// The name at the front of a text, dots and dashes included.
fn word(text: &str) -> &str {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    &text[..text.find(|c| !is_name(c)).unwrap_or(text.len())]
}

/// `${…}` at the front of `rest`.
fn braced(rest: &str) -> Option<Found<'_>> {
    let end = closing(rest)?;
    let inside = &rest[2..end];
    Some(Found { what: reference(inside).unwrap_or(What::Other), len: end + 1 })
}

/// The `}` that closes the `${` at the front.
fn closing(rest: &str) -> Option<usize> {
    let mut depth = 0;
    let mut dollar = false;
    for (i, c) in rest.bytes().enumerate() {
        match c {
            b'{' if dollar => depth += 1,
            b'}' if depth == 1 => return Some(i),
            b'}' => depth -= 1,
            _ => {}
        }
        if depth > NESTED {
            return None;
        }
        dollar = c == b'$';
    }
    None
}

/// What stands between `${` and `}`: a name, or a name with a default.
fn reference(inside: &str) -> Option<What<'_>> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = &inside[..inside.find(|c| !is_name(c)).unwrap_or(inside.len())];
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let rest = &inside[name.len()..];
    let default = |mark: usize| Some(What::Default(name, 2 + name.len() + mark, &rest[mark..]));
    let upper = !name.contains(|c: char| c.is_ascii_lowercase());
    match rest.as_bytes() {
        [] | [b'?', ..] | [b':', b'?', ..] => Some(What::Name(name)),
        [b':', b'-' | b'=', ..] => default(2),
        [b'-' | b'=', ..] if upper => default(1),
        [b':', b'+', ..] | [b'+', ..] => None,
        [b':', ..] if upper => default(1),
        [b':', ..] if name == "env" && word(&rest[1..]).len() + 1 == rest.len() => {
            Some(What::Name(&rest[1..]))
        }
        [b'.' | b'-', ..] => property(inside),
        _ => None,
    }
}

/// `${spring.datasource.password:default}`. What is written in small letters without a dot may mean
/// anything (`${self:custom.stage}`).
fn property(inside: &str) -> Option<What<'_>> {
    let name = word(inside);
    match inside[name.len()..].strip_prefix(':') {
        None if name.len() == inside.len() => Some(What::Name(name)),
        Some(default) if name.contains('.') => Some(What::Default(name, 2 + name.len() + 1, default)),
        _ => None,
    }
}
