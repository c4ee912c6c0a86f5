//! PEM files: what kind of thing the first block is, and the text. Judges neither.

use crate::facts::*;
use crate::lower::Builder;
use crate::lower::fields::{self, Draft};
use crate::source::{Ecosystem, Source};

const BEGIN: &str = "-----BEGIN ";

pub fn lower(source: &Source) -> FileFacts {
    let mut b = Builder::new(source, Ecosystem::None);
    let whole = source.text.as_ref();
    if let Some((start, end)) = label(whole) {
        let mut draft = Draft::default();
        let kind = fields::text(&mut b, &whole[start..end], start, end);
        draft.set(&b, "kind", kind);
        let text = fields::text(&mut b, whole, 0, whole.len());
        draft.set(&b, "text", text);
        let root = draft.done(&mut b, 0, whole.len());
        b.document(root);
    }
    b.facts
}

/// Where `X` of the first `-----BEGIN X-----` stands.
fn label(text: &str) -> Option<(usize, usize)> {
    let start = text.find(BEGIN)? + BEGIN.len();
    let line = &text[start..fields::line_end(text, start)];
    let length = line.find("-----")?;
    Some((start, start + length))
}
