//! Elements as calls of their tag with a record of props. Knows no component.

use tree_sitter::Node;

use super::expressions::expression;
use super::literals::unquoted;
use super::{child, children, fields, span, statements, text};
use crate::facts::*;
use crate::lower::Builder;

pub fn element(b: &mut Builder, node: Node) -> ValueId {
    let place = span(b, node);
    let tag = node.child_by_field_name("open_tag").unwrap_or(node);
    let name = tag.child_by_field_name("name");
    let callee =
        name.map(|n| if n.kind() == "member_expression" { expression(b, n) } else { plain_tag(b, n) });
    let mut entries = Vec::new();
    for attribute in fields(tag, "attribute") {
        entries.extend(prop(b, attribute));
    }
    let mut inside = Vec::new();
    for part in children(node) {
        match part.kind() {
            "jsx_element" | "jsx_self_closing_element" | "jsx_fragment" => inside.push(expression(b, part)),
            "jsx_expression" if !children(part).is_empty() => inside.push(expression(b, part)),
            "ERROR" => statements::any(b, part),
            _ => {}
        }
    }
    let Some(callee) = callee else { return b.value(Value::List(inside), place) };
    if !inside.is_empty() {
        let value = b.value(Value::List(inside), place);
        entries.push(Entry { key: Key::Text("children".into()), value, span: place });
    }
    let at = span(b, tag);
    let value = b.value(Value::Record(Record { type_ref: None, entries }), at);
    b.call(callee, vec![Arg { name: None, spread: false, double: false, value }], place).1
}

fn plain_tag(b: &mut Builder, name: Node) -> ValueId {
    let at = span(b, name);
    b.name(text(b, name), at)
}

/// `name="text"`, `name={value}`, `name`, `{...props}`.
fn prop(b: &mut Builder, node: Node) -> Option<Entry> {
    let place = span(b, node);
    if node.kind() == "jsx_expression" {
        let value = children(node).first().map(|e| expression(b, *e))?;
        return Some(Entry { key: Key::Spread, value, span: place });
    }
    let parts = children(node);
    let (name, rest) = parts.split_first()?;
    let value = match rest.first() {
        None if child(node, "=").is_none() => b.value(Value::Bool(true), place),
        None => b.unknown(place),
        // No escapes here: attribute texts are markup.
        Some(value) if value.kind() == "string" => {
            let at = span(b, *value);
            b.text(unquoted(text(b, *value)), at)
        }
        Some(value) => expression(b, *value),
    };
    Some(Entry { key: Key::Text(text(b, *name).into()), value, span: place })
}
