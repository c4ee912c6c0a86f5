//! Settings in code: upper-case names of modules and classes, and keys of a `config`.

use super::State;
use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Span, Str};

/// How deep a settings record is followed.
const LEVELS: usize = 16;

/// `SECRET_KEY`, `SIMPLE_JWT`: what both settings modules and config objects call a setting.
pub fn is_key(name: &str) -> bool {
    name.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'_')
        && name.bytes().any(|c| c.is_ascii_uppercase())
}

/// `NAME = value` in a module or class.
pub fn named(b: &mut Builder<'_>, _s: &State, name: &Str, value: ValueId, span: Span) {
    // Names of one letter are type variables.
    let in_scope = b.function == FunctionId(0) || b.owner.is_some();
    if in_scope && name.len() > 1 && is_key(name) {
        put(b, vec![name.clone()], value, span);
    }
}

/// `x.config["KEY"] = value`, `SIMPLE_JWT["ALGORITHM"] = value`.
pub fn field(b: &mut Builder<'_>, base: ValueId, key: &Str, value: ValueId, span: Span) {
    if let Some(mut path) = holder(b, base)
        && (!path.is_empty() || is_key(key))
    {
        path.push(key.clone());
        put(b, path, value, span);
    }
}

/// `x.config.update(…)`: every known key of the record.
pub fn merged(b: &mut Builder<'_>, base: ValueId, record: ValueId) {
    let Some(path) = holder(b, base) else { return };
    for (key, value, span) in entries(b, record) {
        if !path.is_empty() || is_key(&key) {
            let mut path = path.clone();
            path.push(key);
            put(b, path, value, span);
        }
    }
}

/// The path of the settings that `base` holds: empty for `x.config` itself.
fn holder(b: &Builder<'_>, base: ValueId) -> Option<Vec<Str>> {
    let mut path = Vec::new();
    let mut at = base;
    for _ in 0..LEVELS {
        match b.facts.value(at) {
            Value::Field(_, name) if name == "config" => {
                path.reverse();
                return Some(path);
            }
            Value::Field(inner, name) => {
                path.push(name.clone());
                at = *inner;
            }
            Value::Name(name) if b.function == FunctionId(0) && is_key(name) => {
                path.push(name.clone());
                path.reverse();
                return Some(path);
            }
            _ => return None,
        }
    }
    None
}

fn put(b: &mut Builder<'_>, path: Vec<Str>, value: ValueId, span: Span) {
    if path.len() > LEVELS {
        return;
    }
    b.facts.settings.push(Setting { path: path.clone(), value, span });
    for (key, value, span) in entries(b, value) {
        let mut inner = path.clone();
        inner.push(key);
        put(b, inner, value, span);
    }
}

/// The known keys of a record with the places of their entries.
fn entries(b: &Builder<'_>, value: ValueId) -> Vec<(Str, ValueId, Span)> {
    let Value::Record(record) = b.facts.value(value) else { return Vec::new() };
    let known = record.entries.iter().filter_map(|e| match &e.key {
        Key::Text(key) => Some((key.clone(), e.value, key_span(b, key, e.span))),
        _ => None,
    });
    known.collect()
}

/// The key's own place at the beginning of its entry.
fn key_span(b: &Builder<'_>, key: &str, entry: Span) -> Span {
    let text = b.source.slice(entry);
    match text.find(key) {
        Some(at) if at <= 4 => {
            let start = entry.start as usize + at;
            b.span(start, start + key.len())
        }
        _ => entry,
    }
}
