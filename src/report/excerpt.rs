//! The lines of a source around some marks, drawn. The only room that knows miette.

use std::fmt;
use std::ops::{Range, RangeInclusive};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use crate::source::{Source, Span};

use super::Options;
use super::paint::{safe, safe_text};

/// Lines shown before and after a marked one.
const CONTEXT: u32 = 1;
/// What is shown of a cut line before its first mark.
const BEFORE: usize = 30;

pub struct Mark {
    pub span: Span,
    /// May be empty.
    pub text: String,
    pub primary: bool,
}

/// Each mark underlines its first line only: a place may span a whole function.
pub fn render(source: &Source, marks: &[Mark], options: &Options) -> String {
    let report = Excerpt::new(source, marks, options.width);
    let mut drawn = String::new();
    if report.chunks.is_empty() || handler(options).render_report(&mut drawn, &report).is_err() {
        return String::new();
    }
    // Above the first box stands miette's own header, which has nothing to say here.
    let corner = characters(options).ltop;
    drawn
        .lines()
        .skip_while(|line| !line.contains(corner))
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

fn characters(options: &Options) -> ThemeCharacters {
    if options.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() }
}

fn handler(options: &Options) -> GraphicalReportHandler {
    let styles = if options.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    GraphicalReportHandler::new_themed(GraphicalTheme { characters: characters(options), styles })
        .with_links(false)
        .with_width(options.width.max(20))
        .with_wrap_lines(false)
        .with_context_lines(CONTEXT as usize)
        .tab_width(4)
        .without_primary_span_start()
        .without_cause_chain()
        .without_syntax_highlighting()
}

/// Neighbouring lines, made safe for a terminal and cut to its width.
#[derive(Debug)]
struct Chunk {
    /// `path:line:column` of the mark to be named.
    name: String,
    /// From 1.
    first_line: u32,
    /// Where `text` begins when all chunks stand one after the other.
    base: usize,
    text: String,
}

#[derive(Debug)]
struct Excerpt {
    chunks: Vec<Chunk>,
    labels: Vec<LabeledSpan>,
}

impl Excerpt {
    fn new(source: &Source, marks: &[Mark], width: usize) -> Self {
        let mut marked: Vec<(u32, &Mark)> = marks.iter().map(|m| (source.line(m.span.start), m)).collect();
        marked.sort_by_key(|(line, m)| (*line, m.span));
        let mut report = Excerpt { chunks: Vec::new(), labels: Vec::new() };
        let mut rest = marked.as_slice();
        let mut runs: Vec<&[(u32, &Mark)]> = Vec::new();
        while !rest.is_empty() {
            let near = |pair: &[(u32, &Mark)]| pair[1].0 - pair[0].0 <= 2 * CONTEXT + 1;
            let count = 1 + rest.windows(2).take_while(|pair| near(pair)).count();
            let (run, after) = rest.split_at(count);
            runs.push(run);
            rest = after;
        }
        // In reading order: the marks stand in the order of the steps.
        let order = |run: &[(u32, &Mark)]| {
            marks.iter().position(|m| run.iter().any(|(_, other)| std::ptr::eq(*other, m)))
        };
        runs.sort_by_key(|run| order(run));
        let place = marks.iter().find(|m| m.primary).or(marks.first());
        for run in runs {
            let (Some((first, _)), Some((last, _))) = (run.first(), run.last()) else { continue };
            // What follows the last line break of a file is no line to a reader.
            let whole = source.line_count() - u32::from(source.text.ends_with(['\n', '\r']));
            let lines = first.saturating_sub(CONTEXT).max(1)..=(last + CONTEXT).min(whole.max(*last));
            // On top stands the place of the finding, wherever the story begins.
            let named = place.filter(|_| report.chunks.is_empty());
            report.push(source, run, named, lines, width);
        }
        report
    }

    fn push(
        &mut self,
        source: &Source,
        marks: &[(u32, &Mark)],
        named: Option<&Mark>,
        lines: RangeInclusive<u32>,
        width: usize,
    ) {
        let base = self.chunks.last().map_or(0, |c| c.base + c.text.len() + 1);
        let first_line = *lines.start();
        let mut text = String::new();
        for line in lines {
            let range = source.line_range(line);
            let within = |offset: u32| (offset as usize).clamp(range.start, range.end) - range.start;
            let here: Vec<&Mark> = marks.iter().filter(|(l, _)| *l == line).map(|(_, m)| *m).collect();
            let from = here.iter().map(|m| within(m.span.start)).min().unwrap_or(0);
            let cut = Line::new(source.line_text(line), from, width);
            let places =
                here.iter().map(|m| (cut.offset(within(m.span.start))..cut.offset(within(m.span.end)), *m));
            for (range, label, primary) in apart(&cut.text, places.collect()) {
                let label = Some(label).filter(|t| !t.is_empty());
                let span = SourceSpan::new((base + text.len() + range.start).into(), range.len());
                self.labels.push(match primary {
                    true => LabeledSpan::new_primary_with_span(label, span),
                    false => LabeledSpan::new_with_span(label, span),
                });
            }
            text += &cut.text;
            text.push('\n');
        }
        let own = marks.iter().map(|(_, m)| *m).find(|m| m.primary).or(marks.first().map(|(_, m)| *m));
        let at = named.or(own).map(|m| source.position(m.span.start));
        let path = safe_text(&source.path);
        let name = at.map_or(path.clone(), |at| format!("{path}:{}:{}", at.line, at.column));
        self.chunks.push(Chunk { name, first_line, base, text });
    }
}

/// Marks of one line without overlaps, which cannot be drawn: the shorter one keeps its place, a
/// longer one around it the longest piece that is left, or else only its words, at the other's.
fn apart(line: &str, mut marks: Vec<(Range<usize>, &Mark)>) -> Vec<(Range<usize>, String, bool)> {
    marks.sort_by_key(|(range, _)| (range.len(), range.start));
    let mut taken: Vec<(Range<usize>, String, bool)> = Vec::new();
    for (range, mark) in marks {
        let whole = range.start..range.end.max(range.start + 1);
        let mut pieces = vec![whole.clone()];
        for (other, ..) in &taken {
            let split = |p: Range<usize>| [p.start..p.end.min(other.start), p.start.max(other.end)..p.end];
            pieces = pieces.into_iter().flat_map(split).filter(|p| p.start < p.end).collect();
        }
        let longest = pieces.into_iter().rev().max_by_key(|p| p.len());
        match (
            longest,
            taken.iter_mut().find(|(other, ..)| other.start < whole.end && whole.start < other.end),
        ) {
            (Some(piece), _) => taken.push((with_gap(line, piece, &taken), mark.text.clone(), mark.primary)),
            (None, Some((_, text, primary))) => {
                let both = [text.as_str(), &mark.text]
                    .into_iter()
                    .filter(|t| !t.is_empty())
                    .collect::<Vec<_>>()
                    .join("; ");
                *text = both;
                *primary |= mark.primary;
            }
            (None, None) => {}
        }
    }
    taken
}

/// Without its last character when the next mark follows at once.
fn with_gap(line: &str, piece: Range<usize>, taken: &[(Range<usize>, String, bool)]) -> Range<usize> {
    let touches = taken.iter().any(|(other, ..)| other.start == piece.end);
    let last = line.get(piece.clone()).and_then(|text| text.char_indices().next_back()).map_or(0, |(i, _)| i);
    if touches && last > 0 { piece.start..piece.start + last } else { piece }
}

/// What is shown of one line.
struct Line<'a> {
    text: String,
    original: &'a str,
    /// The bytes of the original that are shown.
    shown: Range<usize>,
    lead: usize,
}

impl<'a> Line<'a> {
    /// A line that is wider than the terminal is cut around `from`.
    fn new(original: &'a str, from: usize, width: usize) -> Self {
        let room = width.saturating_sub(10).max(40);
        let nth = |text: &str, n: usize| text.char_indices().nth(n).map_or(text.len(), |(i, _)| i);
        if nth(original, room) == original.len() {
            let text = original.chars().map(safe).collect();
            return Self { text, original, shown: 0..original.len(), lead: 0 };
        }
        let before =
            original.get(..from).unwrap_or("").char_indices().rev().nth(BEFORE).map_or(0, |(i, _)| i);
        // A mark near the end leaves room on the left.
        let start = before.min(original.char_indices().rev().nth(room - 1).map_or(0, |(i, _)| i));
        let end = start + nth(&original[start..], room);
        let (left, right) = (if start > 0 { "…" } else { "" }, if end < original.len() { "…" } else { "" });
        let kept: String = original[start..end].chars().map(safe).collect();
        Self { text: format!("{left}{kept}{right}"), original, shown: start..end, lead: left.len() }
    }

    /// Where a byte of the original stands in the shown text; the nearest end when it is cut off.
    fn offset(&self, original: usize) -> usize {
        let upto = original.clamp(self.shown.start, self.shown.end);
        let chars = self.original[self.shown.clone()].char_indices();
        let before = chars.take_while(|(i, _)| self.shown.start + i < upto);
        self.lead + before.map(|(_, c)| safe(c).len_utf8()).sum::<usize>()
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Excerpt {}

impl Diagnostic for Excerpt {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let chunk = self.chunks.iter().rfind(|c| c.base <= span.offset()).ok_or(MietteError::OutOfBounds)?;
        let inner = SourceSpan::new((span.offset() - chunk.base).into(), span.len());
        let contents = chunk.text.as_str().read_span(&inner, before, after)?;
        let within = *contents.span();
        Ok(Box::new(MietteSpanContents::new_named(
            chunk.name.clone(),
            contents.data(),
            SourceSpan::new((chunk.base + within.offset()).into(), within.len()),
            chunk.first_line.saturating_sub(1) as usize + contents.line(),
            contents.column(),
            contents.line_count(),
        )))
    }
}
