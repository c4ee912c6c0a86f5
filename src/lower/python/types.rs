//! Python's type annotations to `TypeRef`. Knows no declaration.

use tree_sitter::Node;

use super::expressions::expression;
use super::{State, literals, parts, place, text_of};
use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Span, Str};

pub struct Annotation {
    pub reference: TypeRef,
    /// `Optional[T]`, `T | None`.
    pub optional: bool,
}

pub fn annotation(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) -> Annotation {
    let span = place(b, node);
    let out = b.deeper(span, |b| by_kind(b, s, node, span));
    out.unwrap_or_else(|| plain(b.unknown(span)))
}

fn plain(head: ValueId) -> Annotation {
    Annotation { reference: TypeRef { head, args: Vec::new() }, optional: false }
}

fn by_kind(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> Annotation {
    let inner = parts(node);
    match (node.kind(), inner.as_slice()) {
        ("type" | "parenthesized_expression" | "constrained_type" | "splat_type", [first, ..]) => {
            annotation(b, s, *first)
        }
        ("generic_type", [head, list, ..]) => {
            let head = expression(b, s, *head);
            generic(b, s, head, parts(*list))
        }
        ("subscript", [head, args @ ..]) => {
            let head = expression(b, s, *head);
            generic(b, s, head, args.to_vec())
        }
        ("member_type", [base, name]) => {
            let base = annotation(b, s, *base).reference.head;
            let name = Str::from(text_of(b, *name));
            plain(b.value(Value::Field(base, name), span))
        }
        ("union_type", _) => union(b, s, node, span),
        ("binary_operator", _) if is_union(node) => union(b, s, node, span),
        ("string", _) => quoted(b, node, span),
        _ => plain(expression(b, s, node)),
    }
}

fn is_union(node: Node<'_>) -> bool {
    node.kind() == "union_type"
        || (node.kind() == "binary_operator"
            && node.child_by_field_name("operator").is_some_and(|o| o.kind() == "|"))
}

fn generic(b: &mut Builder<'_>, s: &mut State, head: ValueId, args: Vec<Node<'_>>) -> Annotation {
    let name = match b.facts.value(head) {
        Value::Name(name) | Value::Field(_, name) => name.clone(),
        _ => Str::default(),
    };
    // A tuple between the brackets is their list.
    let args = match args.as_slice() {
        [only] if only.kind() == "tuple" => parts(*only),
        _ => args,
    };
    if name == "Literal" {
        let args = args.into_iter().map(|a| plain(expression(b, s, a)).reference).collect();
        return Annotation { reference: TypeRef { head, args }, optional: false };
    }
    let mut optional = name == "Optional";
    let mut lowered = Vec::new();
    for arg in args {
        let inner = annotation(b, s, arg);
        // `Annotated[T | None, …]` is as optional as T is.
        optional |= name == "Annotated" && lowered.is_empty() && inner.optional;
        optional |= name == "Union" && inner.optional;
        lowered.push(inner.reference);
    }
    narrowed(b, head, &name, lowered, optional)
}

/// `Union[T, None]` and `Optional[T]` are an optional T.
fn narrowed(b: &Builder<'_>, head: ValueId, name: &str, args: Vec<TypeRef>, optional: bool) -> Annotation {
    let mut args = args;
    let mut optional = optional;
    if name == "Union" {
        let all = args.len();
        args.retain(|a| !matches!(b.facts.value(a.head), Value::Null));
        optional |= args.len() < all;
    }
    if matches!(name, "Union" | "Optional") && args.len() == 1 {
        return Annotation { reference: args.remove(0), optional };
    }
    Annotation { reference: TypeRef { head, args }, optional }
}

fn union(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> Annotation {
    let mut members = Vec::new();
    let mut at = node;
    loop {
        let inner = parts(at);
        let (Some(left), Some(right)) = (inner.first(), inner.get(1)) else { break };
        members.push(*right);
        let mut left = *left;
        while left.kind() == "type" {
            let Some(bare) = parts(left).into_iter().next() else { break };
            left = bare;
        }
        if !is_union(left) {
            members.push(left);
            break;
        }
        at = left;
    }
    members.reverse();
    let mut optional = false;
    let mut args = Vec::new();
    for member in members {
        let member = annotation(b, s, member);
        optional |= member.optional;
        args.push(member.reference);
    }
    let head = b.name("Union", span);
    narrowed(b, head, "Union", args, optional)
}

/// `"User"`, `"list[User] | None"`: the annotation inside the quotes.
fn quoted(b: &mut Builder<'_>, node: Node<'_>, span: Span) -> Annotation {
    let written = text_of(b, node);
    let letters = written.len() - written.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let text = literals::content(written[letters..].trim_matches(['"', '\'']), literals::Prefix::default());
    written_type(b, &text, span)
}

fn written_type(b: &mut Builder<'_>, text: &str, span: Span) -> Annotation {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    let out = b.deeper(span, |b| {
        let members = split(text, '|');
        if members.len() > 1 {
            let args: Vec<_> = members.into_iter().map(|m| written_type(b, m, span)).collect();
            let optional = args.iter().any(|a| a.optional);
            let head = b.name("Union", span);
            let args = args.into_iter().map(|a| a.reference).collect();
            return narrowed(b, head, "Union", args, optional);
        }
        if let Some((head, args)) = text.strip_suffix(']').and_then(|t| t.split_once('[')) {
            let name = head.rsplit('.').next().unwrap_or(head).to_string();
            let head = chain(b, head, span);
            let args: Vec<_> = split(args, ',').into_iter().map(|a| written_type(b, a, span)).collect();
            let optional = name == "Optional" || (name == "Union" && args.iter().any(|a| a.optional));
            let args = args.into_iter().map(|a| a.reference).collect();
            return narrowed(b, head, &name, args, optional);
        }
        plain(chain(b, text, span))
    });
    out.unwrap_or_else(|| plain(b.unknown(span)))
}

fn chain(b: &mut Builder<'_>, dotted: &str, span: Span) -> ValueId {
    if dotted == "None" {
        return b.value(Value::Null, span);
    }
    let is_name = |n: &str| !n.is_empty() && n.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !dotted.split('.').all(|n| is_name(n.trim())) {
        return b.unknown(span);
    }
    let mut names = dotted.split('.').map(str::trim);
    let mut out = b.name(names.next().unwrap_or(""), span);
    for name in names {
        out = b.value(Value::Field(out, name.into()), span);
    }
    out
}

/// Splits at a mark that stands outside of brackets.
fn split(text: &str, mark: char) -> Vec<&str> {
    let (mut out, mut depth, mut start) = (Vec::new(), 0i32, 0);
    for (i, c) in text.char_indices() {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth -= 1,
            _ if c == mark && depth == 0 => {
                out.push(&text[start..i]);
                start = i + c.len_utf8();
            }
            _ => {}
        }
    }
    out.push(&text[start..]);
    out.retain(|part| !part.trim().is_empty());
    out
}
