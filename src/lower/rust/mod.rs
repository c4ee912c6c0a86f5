//! Rust syntax to facts. Knows the language and its standard conversions; knows no library and no rule.

mod calls;
mod declarations;
mod expressions;
mod imports;
mod literals;
mod patterns;
mod statements;
mod types;

use std::collections::HashMap;
use std::ops::Range;

use tree_sitter::{Node, Parser, Point, Tree};

use crate::facts::*;
use crate::source::{Ecosystem, Source, Span, Str};

use super::Builder;

pub(super) use calls::mark_thrown;
pub(super) use declarations::Owner;
pub(super) use expressions::expression;
pub(super) use literals::literal;

pub fn lower(source: &Source) -> FileFacts {
    let mut b = Builder::new(source, Ecosystem::Crates);
    let Some(tree) = parse(source.text.as_bytes(), 0..source.text.len()) else {
        b.trouble(b.span(0, source.text.len()), "the file could not be parsed");
        return b.facts;
    };
    let root = tree.root_node();
    if let Some(place) = first_error(root) {
        b.trouble(span(&b, place), "syntax error near here; the rest was analysed");
    }
    if source.text.contains("authlint") {
        comments(&mut b, root);
    }
    declarations::items(&mut b, root, &Owner::default());
    settle_owners(&mut b.facts);
    b.facts
}

/// Lowers a piece of the file that the tree has only as tokens (a macro's argument) as one expression.
pub(super) fn expression_at(b: &mut Builder, range: Range<usize>) -> ValueId {
    let place = b.span(range.start, range.end);
    let mut value = None;
    reparse(b, range, |b, root| {
        for child in children(root) {
            // The whole piece is a value: it is not a statement whose result is dropped.
            let inner = match child.kind() {
                "expression_statement" => children(child).into_iter().next(),
                _ => None,
            };
            let worth = match inner {
                Some(inner) => Some(expression(b, inner)),
                None => statements::statement(b, child, &Owner::default()),
            };
            value = value.or(worth);
        }
    });
    value.unwrap_or_else(|| b.unknown(place))
}

/// Lowers a piece of the file as items and statements, when it reads as such. False when it does not.
pub(super) fn items_at(b: &mut Builder, range: Range<usize>) -> bool {
    let mut read = false;
    reparse(b, range, |b, root| {
        read = !root.has_error();
        if read {
            declarations::items(b, root, &Owner::default());
        }
    });
    read
}

fn reparse(b: &mut Builder, range: Range<usize>, f: impl FnOnce(&mut Builder, Node)) {
    let place = b.span(range.start, range.end);
    b.deeper(place, |b| {
        if let Some(tree) = parse(b.source.text.as_bytes(), range) {
            f(b, tree.root_node());
        }
    });
}

/// Parses a part of the text; offsets are those of the whole. A part is read as if a `;` followed.
fn parse(text: &[u8], range: Range<usize>) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_rust::LANGUAGE.into()).ok()?;
    let whole = range == (0..text.len());
    if whole {
        return parser.parse(text, None);
    }
    let part = tree_sitter::Range {
        start_byte: range.start,
        end_byte: range.end + 1,
        start_point: Point::new(0, range.start),
        end_point: Point::new(0, range.end + 1),
    };
    parser.set_included_ranges(&[part]).ok()?;
    let mut read = |at: usize, _: Point| -> &[u8] {
        if at < range.end {
            &text[at..range.end]
        } else if at == range.end {
            b";"
        } else {
            &[]
        }
    };
    parser.parse_with_options(&mut read, None, None)
}

fn first_error(root: Node) -> Option<Node> {
    let mut at = root;
    loop {
        if at.is_error() || at.is_missing() {
            return Some(at);
        }
        let mut cursor = at.walk();
        at = at.children(&mut cursor).find(|c| c.has_error() || c.is_missing())?;
    }
}

fn comments(b: &mut Builder, root: Node) {
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if is_comment(node) {
            let shown = text(b, node).trim_end();
            let place = b.span(node.start_byte(), node.start_byte() + shown.len());
            b.comment(shown, place);
        } else if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// `impl` blocks may stand before their type, so methods and associated constants find it only now.
fn settle_owners(facts: &mut FileFacts) {
    let types: HashMap<Str, TypeId> =
        facts.types.iter().enumerate().map(|(i, t)| (t.name.clone(), TypeId(i as u32))).collect();
    for function in &mut facts.functions {
        if function.owner.is_none() && !function.owner_name.is_empty() {
            function.owner = types.get(&function.owner_name).copied();
        }
    }
    let mut fields = Vec::new();
    facts.writes.retain(|write| {
        let Target::Variable(name) = &write.target else { return true };
        let Some((owner, name)) = name.split_once("::") else { return true };
        let Some(id) = types.get(owner) else { return true };
        let name = Str::from(name);
        fields.push((
            *id,
            TypeField {
                name: name.clone(),
                code_name: name,
                type_ref: None,
                default: Some(write.value),
                optional: false,
                flatten: false,
                span: write.span,
            },
        ));
        false
    });
    for (id, field) in fields {
        facts.types[id.0 as usize].fields.push(field);
    }
}

fn span(b: &Builder, node: Node) -> Span {
    b.span(node.start_byte(), node.end_byte().min(b.source.text.len()))
}

fn text<'s>(b: &Builder<'s>, node: Node) -> &'s str {
    b.source.text.get(node.byte_range()).unwrap_or("")
}

/// An identifier without the `r#` of a raw one.
fn word(b: &Builder, node: Node) -> Str {
    let text = text(b, node);
    text.strip_prefix("r#").unwrap_or(text).into()
}

fn is_comment(node: Node) -> bool {
    matches!(node.kind(), "line_comment" | "block_comment")
}

/// The named children, comments left out.
fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|c| !is_comment(*c)).collect()
}

fn child<'t>(node: Node<'t>, field: &str) -> Option<Node<'t>> {
    node.child_by_field_name(field)
}

/// Does one of the tokens directly under the node read `token`?
fn has_token(node: Node, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|c| c.kind() == token)
}
