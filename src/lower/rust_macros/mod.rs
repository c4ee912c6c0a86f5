//! Macro arguments and attributes: which macro takes what, and the facts of it. Reads tokens through
//! `tokens`; knows the standard macros' notation, no library's meaning.

mod tokens;

use std::ops::Range;

use tree_sitter::Node;

use crate::facts::*;
use crate::source::{Span, Str};

use super::{Builder, rust};
use tokens::{Piece, What};

/// How the arguments of a macro are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// `a, b, name = c`.
    Exprs,
    /// As `Exprs`, with a template that may name variables in `{}`.
    Template,
    /// The template is the result.
    Format,
    /// `a, b` or `a; n`, worth a list.
    List,
    /// `{ "key": value }`.
    Json,
    /// `value, pattern`.
    Matches,
    /// Not in the table: expressions if it reads so, else items, else its strings.
    Guess,
}

const MACROS: &[(&str, Notation)] = &[
    ("vec", Notation::List),
    ("json", Notation::Json),
    ("format", Notation::Format),
    ("format_args", Notation::Format),
    ("matches", Notation::Matches),
    ("println", Notation::Template),
    ("eprintln", Notation::Template),
    ("print", Notation::Template),
    ("eprint", Notation::Template),
    ("write", Notation::Template),
    ("writeln", Notation::Template),
    ("panic", Notation::Template),
    ("todo", Notation::Template),
    ("unreachable", Notation::Template),
    ("unimplemented", Notation::Template),
    ("assert", Notation::Template),
    ("assert_eq", Notation::Template),
    ("assert_ne", Notation::Template),
    ("debug_assert", Notation::Template),
    ("info", Notation::Template),
    ("debug", Notation::Template),
    ("warn", Notation::Template),
    ("error", Notation::Template),
    ("trace", Notation::Template),
    ("anyhow", Notation::Template),
    ("bail", Notation::Template),
    ("ensure", Notation::Template),
    ("dbg", Notation::Exprs),
    ("query", Notation::Exprs),
    ("query_as", Notation::Exprs),
    ("query_scalar", Notation::Exprs),
    ("routes", Notation::Exprs),
    ("catchers", Notation::Exprs),
];

const THROWS: &[&str] = &["panic", "bail", "unreachable", "todo", "unimplemented"];

/// A macro invocation and its value.
pub fn invocation(b: &mut Builder, node: Node) -> ValueId {
    let place = b.span(node.start_byte(), node.end_byte());
    let (Some(name), Some(tree)) = (node.child_by_field_name("macro"), token_tree(node)) else {
        return b.unknown(place);
    };
    let path: Vec<&str> =
        text(b, name.byte_range()).split("::").map(str::trim).filter(|s| !s.is_empty()).collect();
    let last = path.last().copied().unwrap_or_default();
    let notation = MACROS.iter().find(|m| m.0 == last).map_or(Notation::Guess, |m| m.1);
    let inside = inside(tree);
    let braces = text(b, tree.byte_range()).starts_with('{');
    let pieces = tokens::arguments(text(b, inside.clone()), inside.start, notation);

    let guess = notation == Notation::Guess;
    if guess && braces && pieces.iter().any(|p| matches!(p.what, What::Raw(_))) && rust::items_at(b, inside) {
        return b.unknown(place);
    }
    if notation == Notation::Json {
        return match pieces.into_iter().next() {
            Some(piece) => value(b, piece),
            None => b.value(Value::Null, place),
        };
    }
    let (pieces, tested) = match notation {
        Notation::Matches => {
            let mut pieces = pieces;
            let tested = pieces.split_off(pieces.len().min(1));
            (pieces, tested)
        }
        _ => (pieces, Vec::new()),
    };
    let mut args = arguments(b, pieces);
    match notation {
        Notation::List => {
            let items = args.into_iter().map(|a| a.value).collect();
            return b.value(Value::List(items), place);
        }
        Notation::Format if !args.is_empty() => {
            let first = args.remove(0);
            return template(b, first.value, &args, place);
        }
        Notation::Template => {
            if let Some(at) = args.iter().position(|a| names_variables(b, a.value)) {
                let span = b.facts.node(args[at].value).span;
                args[at].value = template(b, args[at].value, &[], span);
            }
        }
        _ => {}
    }
    let tested_value = args.first().map(|a| a.value);
    let callee = callee(b, &path, name.start_byte());
    let (_, result) = b.call(callee, args, place);
    if let (Some(left), false) = (tested_value, tested.is_empty()) {
        for piece in tested {
            let span = b.span(piece.range.start, piece.range.end);
            let right = value(b, piece);
            b.compare(CompareOp::Equal, left, right, span);
        }
    }
    if THROWS.contains(&last) {
        rust::mark_thrown(b, result, place);
    }
    if let (Some(value), "ensure") = (tested_value, last) {
        let region = b.open(RegionKind::Branch, None, place);
        b.facts.regions[region.0 as usize].conditions.push(Condition { value, negated: true, span: place });
        b.within(region, |b| rust::mark_thrown(b, result, place));
    }
    result
}

/// The `path`, `path = value` or `path(arguments)` of `#[…]`.
pub fn attribute(b: &mut Builder, node: Node) -> ValueId {
    let place = b.span(node.start_byte(), node.end_byte());
    let mut cursor = node.walk();
    let Some(path) = node.named_children(&mut cursor).next() else { return b.unknown(place) };
    let segments = text(b, path.byte_range()).split("::").map(|s| s.trim().to_owned()).collect::<Vec<_>>();
    let callee = path_value(b, &segments, b.span(path.start_byte(), path.end_byte()));
    let args = if let Some(value) = node.child_by_field_name("value") {
        let value = rust::expression(b, value);
        vec![plain(value)]
    } else if let Some(tree) = node.child_by_field_name("arguments") {
        let inside = inside(tree);
        let pieces = tokens::metas(text(b, inside.clone()), inside.start);
        arguments(b, pieces)
    } else {
        return callee;
    };
    b.call(callee, args, place).1
}

fn token_tree(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find(|c| c.kind() == "token_tree")
}

/// The bytes between the delimiters; empty when the closing one is missing.
fn inside(tree: Node) -> Range<usize> {
    let (start, end) = (tree.start_byte() + 1, tree.end_byte().saturating_sub(1));
    start..end.max(start)
}

fn text<'s>(b: &Builder<'s>, range: Range<usize>) -> &'s str {
    b.source.text.get(range).unwrap_or("")
}

fn plain(value: ValueId) -> Arg {
    Arg { name: None, spread: false, double: false, value }
}

/// `tracing::info` as `Field(Name("tracing"), "info!")`.
fn callee(b: &mut Builder, path: &[&str], start: usize) -> ValueId {
    let mut segments: Vec<String> = path.iter().map(|s| (*s).to_owned()).collect();
    let length = path.iter().map(|s| s.len() + 2).sum::<usize>().saturating_sub(2);
    if let Some(last) = segments.last_mut() {
        last.push('!');
    }
    let mut end = (start + length).min(b.source.text.len());
    while !b.source.text.is_char_boundary(end) {
        end -= 1;
    }
    path_value(b, &segments, b.span(start, end))
}

fn path_value(b: &mut Builder, segments: &[String], span: Span) -> ValueId {
    let mut value = None;
    for segment in segments.iter().filter(|s| !s.is_empty()) {
        let segment = segment.strip_prefix("r#").unwrap_or(segment);
        value = Some(match value {
            None => b.name(segment, span),
            Some(base) => b.value(Value::Field(base, segment.into()), span),
        });
    }
    value.unwrap_or_else(|| b.unknown(span))
}

fn arguments(b: &mut Builder, pieces: Vec<Piece>) -> Vec<Arg> {
    let mut args = Vec::new();
    for piece in pieces {
        match piece.what {
            What::Raw(strings) => {
                for range in strings {
                    let span = b.span(range.start, range.end);
                    let value = b.value(rust::literal(text(b, range)), span);
                    args.push(plain(value));
                }
            }
            _ => {
                let name = piece.name.as_deref().map(Str::from);
                let value = value(b, piece);
                args.push(Arg { name, ..plain(value) });
            }
        }
    }
    args
}

fn value(b: &mut Builder, piece: Piece) -> ValueId {
    let span = b.span(piece.range.start, piece.range.end);
    match piece.what {
        What::Literal => {
            let worth = rust::literal(text(b, piece.range));
            b.value(worth, span)
        }
        What::Expression => rust::expression_at(b, piece.range),
        What::Path(segments) => path_value(b, &segments, span),
        What::Null => b.value(Value::Null, span),
        What::Raw(_) => b.unknown(span),
        What::List(items) => {
            let items = items.into_iter().map(|item| value(b, item)).collect();
            b.value(Value::List(items), span)
        }
        What::Record(fields) => {
            let mut entries = Vec::new();
            for (key, item) in fields {
                let whole = b.span(key.range.start, item.range.end);
                let key = value(b, key);
                let key = match b.facts.value(key) {
                    Value::Text(text) => Key::Text(text.clone()),
                    _ => Key::Computed(key),
                };
                let value = value(b, item);
                entries.push(Entry { key, value, span: whole });
            }
            b.value(Value::Record(Record { type_ref: None, entries }), span)
        }
        What::Call(segments, pieces) => {
            let callee = path_value(b, &segments, span);
            let args = arguments(b, pieces);
            b.call(callee, args, span).1
        }
    }
}

fn names_variables(b: &Builder, value: ValueId) -> bool {
    let Value::Text(text) = b.facts.value(value) else { return false };
    holes(text).iter().any(|hole| matches!(hole, Hole::Named(_)))
}

enum Hole {
    Text(String),
    /// `{}`.
    Next,
    /// `{0}`.
    Numbered(usize),
    /// `{name}`.
    Named(String),
}

/// The parts of a format template; `{{` and `}}` are braces.
fn holes(template: &str) -> Vec<Hole> {
    let mut out = Vec::new();
    let mut plain = String::new();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' | '}' if chars.peek() == Some(&c) => {
                plain.push(c);
                chars.next();
            }
            '{' => {
                let inner: String = chars.by_ref().take_while(|c| *c != '}').collect();
                if !plain.is_empty() {
                    out.push(Hole::Text(std::mem::take(&mut plain)));
                }
                let name = inner.split(':').next().unwrap_or_default().trim();
                out.push(match name.parse() {
                    Ok(n) => Hole::Numbered(n),
                    Err(_) if name.is_empty() => Hole::Next,
                    Err(_) if name.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                        Hole::Named(name.to_owned())
                    }
                    Err(_) => Hole::Text(format!("{{{inner}}}")),
                });
            }
            other => plain.push(other),
        }
    }
    if !plain.is_empty() {
        out.push(Hole::Text(plain));
    }
    out
}

/// The text with its holes filled from the arguments or from variables in scope.
fn template(b: &mut Builder, text: ValueId, args: &[Arg], span: Span) -> ValueId {
    let Value::Text(written) = b.facts.value(text).clone() else { return text };
    let literal = b.facts.node(text).span;
    let mut parts = Vec::new();
    let mut next = 0;
    for hole in holes(&written) {
        let part = match hole {
            Hole::Text(plain) => Some(b.text(plain, literal)),
            Hole::Next => {
                next += 1;
                args.get(next - 1).map(|a| a.value)
            }
            Hole::Numbered(n) => args.get(n).map(|a| a.value),
            Hole::Named(name) => match args.iter().find(|a| a.name.as_deref() == Some(name.as_str())) {
                Some(arg) => Some(arg.value),
                None => Some(b.name(name, literal)),
            },
        };
        parts.push(match part {
            Some(part) => part,
            None => b.unknown(literal),
        });
    }
    match parts.as_slice() {
        [] => text,
        [one] if matches!(b.facts.value(*one), Value::Text(_)) => *one,
        _ => b.value(Value::Join(parts), span),
    }
}
