//! Python 3 to facts. Knows the language's syntax and built-in containers, and no library.

mod calls;
mod conditions;
mod declarations;
mod expressions;
mod imports;
mod literals;
mod matches;
mod recovery;
mod settings;
mod statements;
mod targets;
mod types;

use std::collections::{HashMap, HashSet};

use tree_sitter::Node;

use crate::facts::{FileFacts, FunctionId};
use crate::lower::Builder;
use crate::source::{Ecosystem, Source, Span, Str};

pub fn lower(source: &Source) -> FileFacts {
    let mut b = Builder::new(source, Ecosystem::PyPi);
    let mut s = State::default();
    match recovery::parse(source.text.as_bytes(), 0) {
        Some(tree) => {
            let root = tree.root_node();
            if source.text.contains("authlint") {
                notes(&mut b, root);
            }
            if root.has_error() {
                recovery::module(&mut b, &mut s, root);
            } else {
                statements::block(&mut b, &mut s, root);
            }
        }
        None => {
            let all = b.span(0, source.text.len());
            b.trouble(all, "the parser gave up: nothing was analysed");
        }
    }
    b.facts
}

/// What lowering remembers beside the facts themselves.
#[derive(Default)]
pub struct State {
    /// The variables each function has declared so far.
    declared: HashSet<(FunctionId, Str)>,
    /// Names that `global` or `nonlocal` gave to another scope.
    given_away: HashMap<(FunctionId, Str), FunctionId>,
    /// What the method around calls its first parameter, and whether that is `self` or `cls`.
    pub receiver: Option<(Str, &'static str)>,
}

impl State {
    /// Is this the first time the scope declares the name?
    pub fn declare(&mut self, function: FunctionId, name: &Str) -> bool {
        self.declared.insert((function, name.clone()))
    }

    /// The scope that a write to the name belongs to.
    pub fn owner(&self, function: FunctionId, name: &Str) -> FunctionId {
        if self.given_away.is_empty() {
            return function;
        }
        self.given_away.get(&(function, name.clone())).copied().unwrap_or(function)
    }

    pub fn give_away(&mut self, facts: &FileFacts, function: FunctionId, name: Str, global: bool) {
        let mut owner = FunctionId(0);
        if !global {
            let mut at = facts.function(function).parent;
            owner = at.unwrap_or(owner);
            while let Some(around) = at {
                if self.declared.contains(&(around, name.clone())) {
                    owner = around;
                    break;
                }
                at = facts.function(around).parent;
            }
        }
        self.given_away.insert((function, name), owner);
    }

    /// `self` and `cls`, whatever this method calls them; other names as they are.
    pub fn receiver<'n>(&self, name: &'n str) -> &'n str {
        match &self.receiver {
            Some((own, known)) if own == name => known,
            _ => name,
        }
    }
}

/// The named children that mean something.
fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    let mut out = Vec::with_capacity(node.named_child_count());
    let mut cursor = node.walk();
    out.extend(
        node.named_children(&mut cursor).filter(|c| !matches!(c.kind(), "comment" | "line_continuation")),
    );
    out
}

fn place(b: &Builder<'_>, node: Node<'_>) -> Span {
    b.span(node.start_byte(), node.end_byte())
}

fn text_of<'s>(b: &Builder<'s>, node: Node<'_>) -> &'s str {
    b.source.text.get(node.byte_range()).unwrap_or("")
}

/// Comments may stand anywhere in an expression: a pass of its own, for files that speak to us.
fn notes(b: &mut Builder<'_>, root: Node<'_>) {
    recovery::each(root, |node| {
        if node.kind() == "comment" {
            let text = text_of(b, node);
            let span = place(b, node);
            b.comment(text, span);
        }
        true
    });
}
