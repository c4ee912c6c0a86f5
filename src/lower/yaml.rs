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

/// An event and the bytes of the file it stands for.
type Spanned<'t> = (Event<'t>, Range<usize>);

impl File<'_> {
    /// Reads what stands between two `---` lines; false when the file has had its share.
    fn chunk(&mut self, plain: &str, chunk: Range<usize>) -> bool {
        let text = &plain[chunk.clone()];
        let place = Places::new(text, chunk.start);
        let mut parser = Parser::new_from_str(text);
        let (mut events, mut broken) = (Vec::new(), false);
        while let Some(next) = parser.next_event() {
            match next {
                Ok((event, span)) => {
                    let start = place.of(span.start.index());
                    events.push((event, start..place.of(span.end.index()).max(start)));
                }
                Err(error) => {
                    broken = true;
                    let at = place.of(error.marker().index());
                    self.broken(plain, at, chunk.end, error.info());
                    break;
                }
            }
        }
        tree::read(self, plain, chunk, events, broken)
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
    let (mut at, mut filled, mut out) = (start, false, Vec::new());
    for line in text[start..].split_inclusive('\n') {
        let marker = line
            .strip_prefix("---")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
        if marker && filled {
            out.push(start..at);
            start = at;
        }
        filled |= marker || !(line.trim().is_empty() || line.starts_with(['#', '%']));
        at += line.len();
    }
    out.push(start..text.len());
    out
}
