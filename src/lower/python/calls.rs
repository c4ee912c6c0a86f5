//! Python calls, and what the methods of the built-in containers do to them.

use tree_sitter::Node;

use super::expressions::expression;
use super::{State, parts, place, settings, targets, text_of};
use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Span, Str};

pub fn call(b: &mut Builder<'_>, s: &mut State, node: Node<'_>, span: Span) -> ValueId {
    let Some(function) = node.child_by_field_name("function") else { return b.unknown(span) };
    if function.kind() == "identifier" && text_of(b, function) == "dict" {
        let args = arguments(b, s, node);
        return record_of(b, &args, span);
    }
    // `Client[User](…)`: what a class is of does not matter to what is made.
    let function = match function.child_by_field_name("value") {
        Some(class) if function.kind() == "subscript" && is_class(text_of(b, class)) => class,
        _ => function,
    };
    let callee = expression(b, s, function);
    let args = arguments(b, s, node);
    let method = match b.facts.value(callee) {
        Value::Field(base, name) if function.kind() == "attribute" => Some((*base, name.clone())),
        _ => None,
    };
    if let Some((base, name)) = method {
        container(b, s, base, &name, &args, span);
    }
    b.call(callee, args, span).1
}

/// By its name: `auth.Client`; not `HANDLERS`, not `handlers`.
fn is_class(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path);
    name.starts_with(char::is_uppercase) && name.chars().any(char::is_lowercase)
}

/// The arguments of a call or the parts of a class header.
pub fn arguments(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) -> Vec<Arg> {
    let Some(list) = node.child_by_field_name("arguments") else { return Vec::new() };
    if list.kind() == "generator_expression" {
        let value = expression(b, s, list);
        return vec![Arg { name: None, spread: false, double: false, value }];
    }
    parts(list).into_iter().filter_map(|argument| one(b, s, argument)).collect()
}

fn one(b: &mut Builder<'_>, s: &mut State, node: Node<'_>) -> Option<Arg> {
    let plain = Arg { name: None, spread: false, double: false, value: ValueId(0) };
    Some(match node.kind() {
        "keyword_argument" => {
            let name = Str::from(text_of(b, node.child_by_field_name("name")?));
            let value = expression(b, s, node.child_by_field_name("value")?);
            Arg { name: Some(name), value, ..plain }
        }
        "list_splat" => Arg { spread: true, value: expression(b, s, *parts(node).first()?), ..plain },
        "dictionary_splat" => {
            Arg { spread: true, double: true, value: expression(b, s, *parts(node).first()?), ..plain }
        }
        _ => Arg { value: expression(b, s, node), ..plain },
    })
}

/// `dict(other, key=value, **more)` as the record it makes.
fn record_of(b: &mut Builder<'_>, args: &[Arg], span: Span) -> ValueId {
    let entries = args
        .iter()
        .map(|arg| Entry {
            key: arg.name.clone().map_or(Key::Spread, Key::Text),
            value: arg.value,
            span: argument_span(b, arg),
        })
        .collect();
    b.value(Value::Record(Record { type_ref: None, entries }), span)
}

/// The value together with its keyword.
fn argument_span(b: &Builder<'_>, arg: &Arg) -> Span {
    let value = b.facts.values[arg.value.0 as usize].span;
    let before = b.source.text.get(..value.start as usize).unwrap_or("");
    let before = before.trim_end_matches(['(', ' ']).strip_suffix('=').map(str::trim_end);
    let keyword = arg.name.as_deref().and_then(|name| before?.strip_suffix(name));
    keyword.map_or(value, |rest| b.span(rest.len(), value.end as usize))
}

fn container(b: &mut Builder<'_>, s: &mut State, base: ValueId, method: &str, args: &[Arg], span: Span) {
    let text = |b: &Builder<'_>, n: usize| match args.get(n).map(|a| b.facts.value(a.value)) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let plain = args.iter().filter(|a| a.name.is_none()).count();
    match method {
        "update" | "from_mapping" => {
            let value = match args {
                [] => return,
                [only] if plain == 1 && !only.spread => only.value,
                _ => record_of(b, args, span),
            };
            if method == "update"
                && !matches!(b.facts.value(value), Value::Text(_) | Value::Number(_))
                && let Some(target) = targets::of_value(b, base)
            {
                targets::put(b, s, target, value, WriteKind::Merge, span);
            }
            settings::merged(b, base, value);
        }
        "setdefault" => {
            if let (Some(key), Some(arg)) = (text(b, 0), args.get(1)) {
                settings::field(b, base, &key, arg.value, span);
                targets::put(b, s, Target::Field(base, key), arg.value, WriteKind::Assign, span);
            }
        }
        "append" if plain == 1 => {
            if let Some(target) = targets::of_value(b, base) {
                targets::put(b, s, target, args[0].value, WriteKind::Append, span);
            }
        }
        "pop" if !args.is_empty() => {
            if let Some(key) = text(b, 0) {
                let nothing = b.unknown(span);
                targets::put(b, s, Target::Field(base, key), nothing, WriteKind::Remove, span);
            }
        }
        "clear" if args.is_empty() => {
            let nothing = b.unknown(span);
            targets::put(b, s, Target::Field(base, "*".into()), nothing, WriteKind::Remove, span);
        }
        _ => {}
    }
}

/// Marks the call a statement consists of: nobody uses its result.
pub fn drop_result(b: &mut Builder<'_>, node: Node<'_>, value: ValueId) {
    let place = place(b, node);
    if let Value::Result(call) = *b.facts.value(value)
        && let Some(call) = b.facts.calls.get_mut(call.0 as usize)
        && place.contains(&call.span)
    {
        call.dropped = true;
    }
}
