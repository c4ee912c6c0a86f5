//! Templates in YAML: what a program will put in is taken out before parsing, byte for byte.
//! Knows how templates are marked, not what they say.

use std::borrow::Cow;
use std::ops::Range;

use crate::lower::template::around_word;

/// The places of a file that a template fills.
#[derive(Default)]
pub struct Holes {
    /// In the order of the text.
    all: Vec<Range<usize>>,
    /// Actions that stand on lines of their own and put something there.
    pub outputs: Vec<Output>,
}

#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub at: usize,
    /// How far its text is indented.
    pub column: usize,
}

impl Holes {
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether a part of `range` is filled in.
    pub fn touch(&self, range: &Range<usize>) -> bool {
        let next = self.all.partition_point(|hole| hole.end <= range.start);
        self.all.get(next).is_some_and(|hole| hole.start < range.end)
    }
}

/// The text as plain YAML of the same length: lines that are nothing but actions become blank, other
/// actions become letters.
pub fn fill(text: &str) -> (Cow<'_, str>, Holes) {
    let mut holes = Holes { all: actions(text), outputs: Vec::new() };
    if holes.is_empty() {
        return (Cow::Borrowed(text), holes);
    }
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < holes.all.len() {
        let mut last = i;
        while holes.all.get(last + 1).is_some_and(|n| blank(&text[holes.all[last].end..n.start])) {
            last += 1;
        }
        let alone = alone(text, holes.all[i].start, holes.all[last].end);
        for hole in &holes.all[i..=last] {
            let action = &text[hole.clone()];
            out.push_str(&text[out.len()..hole.start]);
            out.extend(action.bytes().map(|c| match c {
                b'\n' if alone => '\n',
                _ if alone => ' ',
                _ => 'x',
            }));
            if alone && puts(action) {
                let column = indentation(action).unwrap_or_else(|| column(text, hole.start));
                holes.outputs.push(Output { at: hole.start, column });
            }
        }
        i = last + 1;
    }
    out.push_str(&text[out.len()..]);
    (Cow::Owned(out), holes)
}

/// Bytes between the start of the line and `at`.
pub fn column(text: &str, at: usize) -> usize {
    at - text[..at].rfind('\n').map_or(0, |n| n + 1)
}

fn blank(text: &str) -> bool {
    text.bytes().all(|c| matches!(c, b' ' | b'\t'))
}

/// Whether nothing else stands on the lines from `start` to `end`.
fn alone(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].trim_end_matches([' ', '\t']);
    let after = text[end..].trim_start_matches([' ', '\t']);
    (before.is_empty() || before.ends_with('\n')) && (after.is_empty() || after.starts_with(['\n', '\r']))
}

/// Where actions stand: `{{ … }}`, `{% … %}`, `{# … #}`, `<% … %>`, `@word@` as a whole value.
fn actions(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut out, mut i) = (Vec::new(), 0);
    let mut gone: Vec<&str> = Vec::new();
    while i + 1 < bytes.len() {
        let end = match (bytes[i], bytes[i + 1]) {
            (b'{', b'{') => double(text, i, &mut gone),
            (b'{', b'%') => until(text, i, "%}", &mut gone),
            (b'{', b'#') if blank_before(text, i) => until(text, i, "#}", &mut gone),
            (b'<', b'%') => until(text, i, "%>", &mut gone),
            (b'@', _) if blank_before(text, i) => around_word(text, i).map(|len| i + len),
            _ => None,
        };
        match end {
            Some(end) => {
                out.push(i..end);
                i = end;
            }
            None => i += 1,
        }
    }
    out
}

/// `@` and `{#` mean something at the start of a value only.
fn blank_before(text: &str, i: usize) -> bool {
    i == 0 || matches!(text.as_bytes()[i - 1], b' ' | b'\t' | b'\n')
}

/// The end of `{{ … }}`: another `{{` inside means that this one is no action.
fn double(text: &str, i: usize, gone: &mut Vec<&'static str>) -> Option<usize> {
    let inside = text[i + 2..].trim_start_matches(['-', ' ']);
    if inside.starts_with("/*") {
        let comment = until(text, i, "*/", gone)?;
        return until(text, comment, "}}", gone);
    }
    let bytes = text.as_bytes();
    let triple = bytes.get(i + 2) == Some(&b'{');
    let mut at = i + 2 + usize::from(triple);
    while at + 1 < bytes.len() {
        match (bytes[at], bytes[at + 1]) {
            (b'}', b'}') => return Some(at + 2 + usize::from(triple && bytes.get(at + 2) == Some(&b'}'))),
            (b'{', b'{') => return None,
            _ => at += 1,
        }
    }
    None
}

/// The end of the next `mark`. Marks that do not come any more are not looked for again.
fn until(text: &str, i: usize, mark: &'static str, gone: &mut Vec<&'static str>) -> Option<usize> {
    if gone.contains(&mark) {
        return None;
    }
    let found = text[i..].find(mark);
    if found.is_none() {
        gone.push(mark);
    }
    found.map(|n| i + n + mark.len())
}

/// Whether an action puts text in its place: others decide, repeat, remember or remark.
fn puts(action: &str) -> bool {
    if action.starts_with("{%") || action.starts_with("{#") {
        return false;
    }
    if action.starts_with("<%") {
        return action.starts_with("<%=");
    }
    let inside = action.trim_start_matches(['{', '-', ' ', '~', '\n', '\r', '\t']);
    let word = inside.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let control = ["if", "else", "end", "range", "with", "define", "block", "break", "continue", "fail"];
    let sets = inside.starts_with('$') && (inside.contains(":=") || inside.contains(" = "));
    !(control.contains(&word) || inside.starts_with("/*") || inside.starts_with('!') || sets)
}

/// The number of `nindent 4` or `indent 4`.
fn indentation(action: &str) -> Option<usize> {
    let (_, after) = action.rsplit_once("indent ")?;
    let digits = after.trim_start();
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}
