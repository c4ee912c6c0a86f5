//! YAML as trees of values, one a document. Knows the format and the ways templates are written in it, not
//! what any key means.

mod holes;
mod scalar;
mod tree;

use std::ops::Range;

use saphyr_parser::{Event, Parser};

use self::holes::Holes;
use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Ecosystem, Source};

pub fn lower(source: &Source) -> FileFacts {
    let text = source.text.clone();
    let (plain, holes) = holes::fill(&text);
    let mut file =
        File { b: Builder::new(source, Ecosystem::None), holes, taken: Vec::new(), troubled: false };
    for chunk in documents(&plain) {
        if !file.chunk(&plain, chunk) {
            break;
        }
    }
    crate::lower::tree::comments(&mut file.b, file.taken);
    file.b.facts
}

struct File<'s> {
    b: Builder<'s>,
    holes: Holes,
    /// Where texts and keys stand.
    taken: Vec<Range<usize>>,
    /// A template that could not be read was noted.
    troubled: bool,
}

/// How many brackets of a document are put right.
const MENDED: usize = 20;
/// How many bytes are parsed anew for it.
const MENDED_BYTES: usize = 2_000_000;

/// An event and the bytes of the file it stands for.
type Spanned<'t> = (Event<'t>, Range<usize>);

impl File<'_> {
    /// Reads what stands between two `---` lines; false when the file has had its share.
    fn chunk(&mut self, plain: &str, chunk: Range<usize>) -> bool {
        let text = &plain[chunk.clone()];
        let parsed = parse(text, chunk.start);
        let mended = parsed.failure.as_ref().and_then(|f| mended(text, f.at - chunk.start));
        match &mended {
            Some(text) => self.documents(plain, &chunk, parse(text, chunk.start)),
            None => self.documents(plain, &chunk, parsed),
        }
    }

    fn documents(&mut self, plain: &str, chunk: &Range<usize>, parsed: Parsed<'_>) -> bool {
        if let Some(failure) = &parsed.failure {
            self.broken(plain, failure.at, chunk.end, &failure.reason);
        }
        tree::read(self, plain, chunk.clone(), parsed.events, parsed.failure.is_some())
    }

    fn broken(&mut self, plain: &str, at: usize, end: usize, reason: &str) {
        let line = plain[at..end].find(['\n', '\r']).map_or(end, |n| at + n);
        let span = self.b.span(at, line);
        if self.holes.is_empty() {
            let kept = "what stands before this place and the other documents were analysed";
            self.b.trouble(span, format!("not valid YAML ({reason}): {kept}"));
        } else if !self.troubled {
            self.troubled = true;
            let kept = "what could be read was analysed";
            self.b.trouble(span, format!("this template is no YAML before it is filled in: {kept}"));
        }
    }
}

struct Parsed<'t> {
    events: Vec<Spanned<'t>>,
    failure: Option<Failure>,
}

struct Failure {
    /// The byte of the file.
    at: usize,
    reason: String,
}

/// The events of a text that begins at byte `base` of the file.
fn parse(text: &str, base: usize) -> Parsed<'_> {
    let place = Places::new(text, base);
    let mut parsed = Parsed { events: Vec::new(), failure: None };
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        match next {
            Ok((event, span)) => {
                let start = place.of(span.start.index());
                parsed.events.push((event, start..place.of(span.end.index()).max(start)));
            }
            Err(error) => {
                let (at, reason) = (place.of(error.marker().index()), error.info().to_string());
                parsed.failure = Some(Failure { at, reason });
                break;
            }
        }
    }
    parsed
}

/// Closing brackets that are not indented enough are put up with nearly everywhere, but not by the parser,
/// which gives up at byte `at`: the lines before them are joined, byte for byte.
fn mended(text: &str, at: usize) -> Option<String> {
    let mut gap = line_break_before(text, at)?;
    let mut out = text.to_string();
    for _ in 0..MENDED.min(1 + MENDED_BYTES / text.len().max(1)) {
        let blanks = " ".repeat(gap.len());
        out.replace_range(gap, &blanks);
        let next = parse(&out, 0).failure.and_then(|f| line_break_before(&out, f.at));
        match next {
            Some(next) => gap = next,
            None => break,
        }
    }
    Some(out)
}

/// The comment and the line breaks before a closing bracket at byte `at`.
fn line_break_before(text: &str, at: usize) -> Option<Range<usize>> {
    let before = text[..at].trim_end();
    if !text[at..].starts_with([']', '}']) || !text[before.len()..at].contains('\n') {
        return None;
    }
    let line = before.rfind('\n').map_or(0, |n| n + 1);
    let comment = before[line..].find(" #").map(|n| line + n);
    Some(comment.unwrap_or(before.len())..at)
}

/// From the parser's characters to bytes of the file.
struct Places {
    base: usize,
    len: usize,
    /// The byte at which each character begins; empty when characters are bytes.
    starts: Vec<u32>,
}

impl Places {
    fn new(text: &str, base: usize) -> Self {
        let starts = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(i, _)| u32::try_from(i).unwrap_or(u32::MAX)).collect()
        };
        Self { base, len: text.len(), starts }
    }

    fn of(&self, index: usize) -> usize {
        let inside = match self.starts.get(index) {
            Some(start) => *start as usize,
            None if self.starts.is_empty() => index,
            None => self.len,
        };
        self.base + inside.min(self.len)
    }
}

/// The parts of a file that `---` lines divide: such a line ends a document whatever stands before it, so
/// that a broken document takes no other with it. Directives stay with the document below them.
fn documents(text: &str) -> Vec<Range<usize>> {
    let mut start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let (mut at, mut filled, mut ended, mut out) = (start, false, None, Vec::new());
    for line in text[start..].split_inclusive('\n') {
        let is = |mark: &str| {
            line.strip_prefix(mark)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        };
        let content = !(line.trim().is_empty() || line.starts_with(['#', '%']));
        if is("---") && filled {
            let end = ended.unwrap_or(at);
            out.push(start..end);
            start = end;
        }
        at += line.len();
        if content {
            filled = true;
            ended = is("...").then_some(at);
        }
    }
    out.push(start..text.len());
    out
}
