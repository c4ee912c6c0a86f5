//! TypeScript, TSX, JavaScript, JSX and single-file components to facts. Knows no library, no rule.

mod calls;
mod conditions;
mod expressions;
mod functions;
mod jsx;
mod literals;
mod modules;
mod patterns;
mod sfc;
mod statements;
mod types;

use tree_sitter::{Language, Node, Parser, Tree};

use super::Builder;
use crate::facts::*;
use crate::source::{Ecosystem, Source, Span};

pub fn lower(source: &Source) -> FileFacts {
    let mut b = Builder::new(source, Ecosystem::Npm);
    let component = [".vue", ".svelte"].iter().any(|e| source.path.ends_with(e));
    let (text, grammars) = if component {
        let scripts = sfc::scripts(&source.text);
        let grammars: &[Grammar] = if scripts.typed { &[Grammar::TypeScript] } else { &[Grammar::Tsx] };
        (scripts.text, grammars)
    } else {
        (source.text.to_string(), grammars_of(&source.path))
    };
    match parse(&text, grammars) {
        Some(tree) => {
            let root = tree.root_node();
            comments_and_errors(&mut b, root);
            statements::all(&mut b, root);
        }
        None => {
            let whole = b.span(0, source.text.len());
            b.trouble(whole, "the file could not be parsed");
        }
    }
    b.facts
}

#[derive(Clone, Copy)]
enum Grammar {
    TypeScript,
    Tsx,
    JavaScript,
}

impl Grammar {
    fn language(self) -> Language {
        match self {
            Grammar::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            Grammar::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
            Grammar::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
        }
    }
}

/// `<T>x` means a cast in `.ts` and an element elsewhere. JavaScript goes to the TSX grammar first,
/// since plain `.js` files hold type annotations of other dialects; its own grammar is the second try.
fn grammars_of(path: &str) -> &'static [Grammar] {
    let ends = |endings: &[&str]| endings.iter().any(|e| path.ends_with(e));
    if ends(&[".ts", ".mts", ".cts"]) {
        &[Grammar::TypeScript]
    } else if ends(&[".tsx"]) {
        &[Grammar::Tsx]
    } else {
        &[Grammar::Tsx, Grammar::JavaScript]
    }
}

/// The first tree without a syntax error, else the first tree.
fn parse(text: &str, grammars: &[Grammar]) -> Option<Tree> {
    let mut best: Option<Tree> = None;
    for grammar in grammars {
        let mut parser = Parser::new();
        if parser.set_language(&grammar.language()).is_err() {
            continue;
        }
        let Some(tree) = parser.parse(text, None) else { continue };
        if !tree.root_node().has_error() {
            return Some(tree);
        }
        best = best.or(Some(tree));
    }
    best
}

/// Comments stand anywhere, also where lowering does not look, so they are collected beforehand.
fn comments_and_errors(b: &mut Builder, root: Node) {
    let comments = b.source.text.contains("authlint");
    let mut errors = root.has_error();
    if !comments && !errors {
        return;
    }
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if errors && (node.is_error() || node.is_missing()) {
            let at = span(b, node);
            b.trouble(at, "syntax error near here; the rest was analysed");
            errors = false;
        }
        if comments && matches!(node.kind(), "comment" | "html_comment") {
            let at = span(b, node);
            b.comment(text(b, node), at);
        }
        let worth_it = comments || (errors && node.has_error());
        if worth_it && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

fn text<'s>(b: &Builder<'s>, node: Node) -> &'s str {
    b.source.text.get(node.byte_range()).unwrap_or("")
}

fn span(b: &Builder, node: Node) -> Span {
    b.span(node.start_byte(), node.end_byte())
}

/// The named children without comments.
fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|c| !matches!(c.kind(), "comment" | "html_comment")).collect()
}

fn fields<'t>(node: Node<'t>, field: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor).filter(|c| !c.is_extra()).collect()
}

fn child<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).find(|c| c.kind() == kind)
}

fn has(node: Node, token: &str) -> bool {
    child(node, token).is_some()
}

/// A second node of the same value: two values never share a node.
fn again(b: &mut Builder, id: ValueId) -> ValueId {
    let node = b.facts.node(id).clone();
    b.value(node.value, node.span)
}

/// The expression inside parentheses, casts and `!`, which change no value.
fn peel(mut node: Node<'_>) -> Node<'_> {
    loop {
        let inner = match node.kind() {
            "parenthesized_expression" | "as_expression" | "satisfies_expression" | "non_null_expression" => {
                children(node).into_iter().next()
            }
            "type_assertion" => children(node).into_iter().nth(1),
            "instantiation_expression" => {
                node.child_by_field_name("function").or_else(|| children(node).into_iter().next())
            }
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => return node,
        }
    }
}
