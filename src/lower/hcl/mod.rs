//! HCL (Terraform): blocks and attributes as one tree. Knows the language, not what any block is for.

mod expression;
mod group;
mod json;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::parser::parse_body;
use hcl_edit::structure::{Block, BlockLabel, Body, Structure};

use crate::facts::*;
use crate::lower::Builder;
use crate::lower::fields;
use crate::source::{Ecosystem, Source, Span};

use group::Group;

/// More labels than any tool gives a meaning to.
const LABELS: usize = 8;

pub fn lower(source: &Source) -> FileFacts {
    let mut b = Builder::new(source, Ecosystem::None);
    let text = source.text.clone();
    let parts = parse(&mut b, &text);
    let mut reader =
        Reader { b, text: &text, scope: Scope::of(&parts), base: 0, resolving: 0, budget: 50_000 };
    let mut group = Group::default();
    for (base, body) in &parts {
        reader.base = *base;
        reader.body(body, &mut group, true);
    }
    let mut b = reader.b;
    if !group.is_empty() {
        let root = group.record(&mut b, 0, text.len());
        b.document(root);
    }
    fields::notes(&mut b, &["#", "//", "/*"]);
    b.facts
}

/// The bodies of the file, each with the place where its text begins: one, or when the file has an error
/// one a block, without those that cannot be read.
fn parse(b: &mut Builder<'_>, text: &str) -> Vec<(usize, Body)> {
    let start = fields::beginning(text);
    if let Ok(body) = parse_body(&text[start..]) {
        return vec![(start, body)];
    }
    let mut out = Vec::new();
    let mut troubles = 0;
    for part in parts(text, start) {
        match parse_body(&text[part.clone()]) {
            Ok(body) => out.push((part.start, body)),
            Err(error) => {
                troubles += 1;
                if troubles <= fields::TROUBLES {
                    let mut at = (part.start + error.location().offset()).min(part.end);
                    while !text.is_char_boundary(at) {
                        at -= 1;
                    }
                    let span = b.span(at, fields::line_end(text, at));
                    b.trouble(span, "this block cannot be read; the other blocks of the file were analysed");
                }
            }
        }
    }
    out
}

/// The text cut before each line that begins a block or an attribute at the margin.
fn parts(text: &str, start: usize) -> Vec<Range<usize>> {
    let mut cuts = vec![start];
    let mut at = start;
    let mut lost = HashSet::new();
    while at < text.len() {
        let end = fields::line_end(text, at);
        if at > start && text[at..].starts_with(|c: char| c.is_alphabetic() || c == '_') {
            cuts.push(at);
        }
        let line = &text[at..end];
        at = fields::next_line(text, end);
        if let Some((_, mark)) = line.rsplit_once("<<") {
            let mark = mark.trim_start_matches('-').trim();
            if !mark.is_empty() && lost.len() < fields::TROUBLES && !lost.contains(mark) {
                match heredoc_end(text, at, mark) {
                    Some(after) => at = after,
                    None => {
                        lost.insert(mark);
                    }
                }
            }
        }
    }
    cuts.push(text.len());
    cuts.windows(2).map(|w| w[0]..w[1]).filter(|r| !r.is_empty()).collect()
}

fn heredoc_end(text: &str, mut at: usize, mark: &str) -> Option<usize> {
    while at < text.len() {
        let end = fields::line_end(text, at);
        let next = fields::next_line(text, end);
        if text[at..end].trim() == mark {
            return Some(next);
        }
        at = next;
    }
    None
}

/// What `var.x` and `local.x` stand for, as far as this file tells.
#[derive(Default)]
struct Scope<'t> {
    variables: HashMap<&'t str, (usize, &'t Expression)>,
    locals: HashMap<&'t str, (usize, &'t Expression)>,
}

impl<'t> Scope<'t> {
    fn of(parts: &'t [(usize, Body)]) -> Self {
        let mut scope = Self::default();
        for (base, block) in parts.iter().flat_map(|(base, body)| body.blocks().map(move |b| (*base, b))) {
            match (block.ident.as_str(), block.labels.first()) {
                ("variable", Some(name)) => {
                    if let Some(default) = block.body.get_attribute("default") {
                        scope.variables.insert(name.as_str(), (base, &default.value));
                    }
                }
                ("locals", None) => {
                    for local in block.body.attributes() {
                        scope.locals.insert(local.key.as_str(), (base, &local.value));
                    }
                }
                _ => {}
            }
        }
        scope
    }
}

struct Reader<'s, 't> {
    b: Builder<'s>,
    text: &'t str,
    scope: Scope<'t>,
    /// Where the text that places count from begins in the file.
    base: usize,
    /// How many variables and locals deep the expression stands, and how many nodes may still be copied
    /// in their stead.
    resolving: u32,
    budget: u32,
}

impl Reader<'_, '_> {
    fn range(&self, range: Option<Range<usize>>) -> Range<usize> {
        range.map_or(self.base..self.base, |r| r.start + self.base..r.end + self.base)
    }

    fn place(&self, range: Option<Range<usize>>) -> Span {
        let range = self.range(range);
        self.b.span(range.start, range.end)
    }

    fn body(&mut self, body: &Body, group: &mut Group, top: bool) {
        for structure in body.iter() {
            match structure {
                Structure::Attribute(attribute) => {
                    let key = self.range(attribute.key.span());
                    let end = self.range(attribute.value.span()).end;
                    let value = self.expression(&attribute.value);
                    group.put(&[(attribute.key.as_str().into(), key.start)], value, end, false);
                }
                Structure::Block(block) => self.block(block, group, top),
            }
        }
    }

    /// Blocks with labels at the top stand under them; all others are lists.
    fn block(&mut self, block: &Block, group: &mut Group, top: bool) {
        if block.ident.as_str() == "dynamic" && !top && self.dynamic(block, group) {
            return;
        }
        let mut path = vec![(block.ident.as_str().into(), self.range(block.ident.span()).start)];
        let mut head = self.range(block.ident.span()).end;
        for label in &block.labels {
            let range = self.range(label_range(label));
            path.push((label.as_str().into(), range.start));
            head = range.end;
        }
        let range = self.range(block.span());
        if block.labels.len() > LABELS {
            let span = self.b.span(range.start, fields::line_end(self.text, range.start));
            self.b.trouble(span, "a block with too many labels was not analysed");
            return;
        }
        let value = self.block_record(block, head, range.end);
        group.put(&path, value, range.end, !top || block.labels.is_empty());
    }

    /// `dynamic "x" { content { … } }` makes `x` blocks.
    fn dynamic(&mut self, block: &Block, group: &mut Group) -> bool {
        let (Some(label), Some(content)) = (block.labels.first(), block.body.get_blocks("content").next())
        else {
            return false;
        };
        let start = self.range(label_range(label)).start;
        let head = self.range(content.ident.span()).end;
        let end = self.range(content.span()).end;
        let value = self.block_record(content, head, end);
        group.put(&[(label.as_str().into(), start)], value, end, true);
        true
    }

    /// What stands between the brackets.
    fn block_record(&mut self, block: &Block, head: usize, end: usize) -> ValueId {
        let open = self.text.get(head..end).and_then(|t| t.find('{')).map_or(head, |n| head + n);
        let end = open + self.text.get(open..end).map_or(0, |t| t.trim_end().len());
        let mut inside = Group::default();
        self.body(&block.body, &mut inside, false);
        inside.record(&mut self.b, open, end)
    }
}

fn label_range(label: &BlockLabel) -> Option<Range<usize>> {
    match label {
        BlockLabel::Ident(ident) => ident.span(),
        BlockLabel::String(string) => string.span(),
    }
}
