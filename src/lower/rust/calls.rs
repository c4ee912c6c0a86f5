//! What calls, operators and assignments mean beyond being there: the language's own conversions,
//! changes in place and comparisons. Knows std only; never a third party's names.

use crate::facts::*;
use crate::source::Span;

use super::{Builder, literal};

/// Methods that give the receiver's own value in another wrapping.
const KEEPS: &[&str] = &[
    "to_string",
    "to_owned",
    "into",
    "clone",
    "as_str",
    "as_bytes",
    "as_ref",
    "to_vec",
    "as_deref",
    "borrow",
    "iter",
    "unwrap",
    "as_mut",
    "cloned",
    "copied",
    "into_iter",
    "iter_mut",
    "as_deref_mut",
    "borrow_mut",
    "into_bytes",
    "into_string",
];

/// Constructors that only wrap their argument.
const WRAPS: &[(&str, &str)] = &[
    ("String", "from"),
    ("Vec", "from"),
    ("Box", "new"),
    ("Arc", "new"),
    ("Rc", "new"),
    ("Arc", "clone"),
    ("Rc", "clone"),
];

pub fn positional(value: ValueId) -> Arg {
    Arg { name: None, spread: false, double: false, value }
}

/// A call of a path or any other value.
pub fn plain_call(b: &mut Builder, callee: ValueId, args: Vec<Arg>, span: Span) -> ValueId {
    let only = match args.as_slice() {
        [one] => Some(one.value),
        _ => None,
    };
    if let (Value::Name(name), Some(only)) = (b.facts.value(callee), only)
        && (name == "Some" || name == "Ok")
    {
        return only;
    }
    let wraps = match b.facts.value(callee) {
        Value::Field(base, method) => match b.facts.value(*base) {
            Value::Name(owner) => WRAPS.contains(&(owner.as_str(), method.as_str())),
            _ => false,
        },
        _ => false,
    };
    let (_, result) = b.call(callee, args, span);
    only.filter(|_| wraps).unwrap_or(result)
}

/// A call of `receiver.name`, where `callee` is that field.
pub fn method_call(b: &mut Builder, callee: ValueId, args: Vec<Arg>, span: Span) -> ValueId {
    let values: Vec<ValueId> = args.iter().map(|a| a.value).collect();
    let (_, result) = b.call(callee, args, span);
    let Value::Field(receiver, name) = b.facts.value(callee).clone() else { return result };
    match (name.as_str(), values.as_slice()) {
        (name, []) if KEEPS.contains(&name) => return receiver,
        ("expect", [_]) => return receiver,
        ("unwrap_or" | "or", [other]) => return b.value(Value::Either(vec![receiver, *other]), span),
        ("concat", []) => {
            if let Value::List(parts) = b.facts.value(receiver).clone() {
                return b.value(Value::Join(parts), span);
            }
        }
        ("unwrap_or_else" | "or_else", [f]) => {
            if let Some(tail) = closure_tail(b, *f) {
                return b.value(Value::Either(vec![receiver, tail]), span);
            }
        }
        ("insert", [key, value]) => {
            let target = keyed(b, receiver, *key);
            b.write(target, *value, WriteKind::Assign, span);
        }
        ("push" | "push_str" | "push_back" | "extend" | "append" | "insert", [value]) => {
            if let Some(target) = place(b, receiver) {
                b.write(target, *value, WriteKind::Append, span);
            }
        }
        ("clear", []) => b.write(Target::Field(receiver, "*".into()), result, WriteKind::Remove, span),
        ("remove", [key]) => {
            let target = keyed(b, receiver, *key);
            b.write(target, result, WriteKind::Remove, span);
        }
        ("contains" | "contains_key", [element]) => b.compare(CompareOp::In, *element, receiver, span),
        ("eq" | "eq_ignore_ascii_case", [other]) => b.compare(CompareOp::Equal, receiver, *other, span),
        ("lt" | "is_before", [other]) => b.compare(CompareOp::Less, receiver, *other, span),
        ("le", [other]) => b.compare(CompareOp::LessEqual, receiver, *other, span),
        ("gt" | "is_after", [other]) => b.compare(CompareOp::Greater, receiver, *other, span),
        ("ge", [other]) => b.compare(CompareOp::GreaterEqual, receiver, *other, span),
        ("ne", [other]) => b.compare(CompareOp::NotEqual, receiver, *other, span),
        _ => {}
    }
    result
}

fn closure_tail(b: &Builder, value: ValueId) -> Option<ValueId> {
    let Value::Function(function) = b.facts.value(value) else { return None };
    b.facts.exits.iter().rev().find(|e| e.function == *function && e.kind == ExitKind::Return)?.value
}

fn keyed(b: &Builder, receiver: ValueId, key: ValueId) -> Target {
    match b.facts.value(key) {
        Value::Text(key) => Target::Field(receiver, key.clone()),
        _ => Target::Index(receiver, key),
    }
}

/// The place that an expression on the left of `=` names.
pub fn place(b: &Builder, value: ValueId) -> Option<Target> {
    match b.facts.value(value) {
        Value::Name(name) => Some(Target::Variable(name.clone())),
        Value::Field(base, name) => Some(Target::Field(*base, name.clone())),
        _ => None,
    }
}

/// `base[index]` when read.
pub fn index(b: &mut Builder, base: ValueId, index: ValueId, span: Span) -> ValueId {
    let name = match b.facts.value(index) {
        Value::Text(key) => key.clone(),
        Value::Number(n) => n.to_string().into(),
        _ => "[]".into(),
    };
    b.value(Value::Field(base, name), span)
}

pub fn compare_op(op: &str) -> Option<CompareOp> {
    Some(match op {
        "==" => CompareOp::Equal,
        "!=" => CompareOp::NotEqual,
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessEqual,
        ">" => CompareOp::Greater,
        ">=" => CompareOp::GreaterEqual,
        _ => return None,
    })
}

pub fn compare_literal(b: &mut Builder, written: &str, value: ValueId, span: Span) {
    let right = b.value(literal(written), span);
    b.compare(CompareOp::Equal, value, right, span);
}

/// A run of arithmetic from left to right: what it is worth so far. Sums of texts are kept as parts,
/// so that a long chain costs no more than its length.
pub struct Sum {
    value: ValueId,
    parts: Vec<ValueId>,
}

impl Sum {
    pub fn new(value: ValueId) -> Self {
        Self { value, parts: Vec::new() }
    }

    pub fn apply(&mut self, b: &mut Builder, op: &str, right: ValueId, span: Span) {
        let left = self.value;
        if self.parts.is_empty()
            && let (Value::Number(x), Value::Number(y)) = (b.facts.value(left), b.facts.value(right))
            && let Some(n) = crate::lower::fold(op, *x, *y)
        {
            self.value = b.value(Value::Number(n), span);
            return;
        }
        if op != "+" {
            let left = self.finish(b, span);
            let callee = b.name(op, span);
            let (_, result) = b.call(callee, vec![positional(left), positional(right)], span);
            *self = Self::new(result);
            return;
        }
        if self.parts.is_empty() {
            self.push(b, left);
        }
        self.push(b, right);
    }

    pub fn finish(&mut self, b: &mut Builder, span: Span) -> ValueId {
        if self.parts.is_empty() {
            return self.value;
        }
        let parts = std::mem::take(&mut self.parts);
        self.value = match parts.as_slice() {
            [one] => *one,
            _ => b.value(Value::Join(parts), span),
        };
        self.value
    }

    fn push(&mut self, b: &mut Builder, part: ValueId) {
        if let Value::Join(inner) = b.facts.value(part) {
            self.parts.extend(inner.clone());
            return;
        }
        if let (Some(last), Value::Text(new)) = (self.parts.last_mut(), b.facts.value(part))
            && let Value::Text(before) = b.facts.value(*last)
        {
            let both = format!("{before}{new}");
            let (start, end) = (b.facts.node(*last).span.start, b.facts.node(part).span.end);
            let place = b.span(start as usize, end as usize);
            *last = b.text(both, place);
            return;
        }
        self.parts.push(part);
    }
}

/// `-x`.
pub fn negate(b: &mut Builder, value: ValueId, span: Span) -> ValueId {
    if let Value::Number(n) = b.facts.value(value) {
        let n = -n;
        return b.value(Value::Number(n), span);
    }
    let callee = b.name("-", span);
    b.call(callee, vec![positional(value)], span).1
}

/// The macro's call ends the function.
pub fn mark_thrown(b: &mut Builder, value: ValueId, span: Span) {
    b.exit(ExitKind::Throw, Some(value), span);
}

/// One value for several arms: nothing, the only one, or an `Either`.
pub fn either(b: &mut Builder, mut arms: Vec<ValueId>, span: Span) -> ValueId {
    match arms.len() {
        0 => b.value(Value::Null, span),
        1 => arms.remove(0),
        _ => b.value(Value::Either(arms), span),
    }
}
