//! What an expression is worth, as far as its own file tells. Fourteen kinds, no operators.

use crate::source::{Span, Str};

use super::code::{CallId, FunctionId, RegionId};

/// An index into `FileFacts::values`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValueId(pub u32);

impl ValueId {
    /// No expression at all: reads as unknown.
    pub const NONE: ValueId = ValueId(u32::MAX);
}

/// A value with the place where it stands. Two values never share a node.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueNode {
    pub value: Value,
    pub span: Span,
    /// The function whose body holds the expression (0 = the module itself): the scope of names.
    pub function: FunctionId,
    /// The innermost region that holds the expression.
    pub region: RegionId,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A string or byte string, unescaped.
    Text(Str),
    Number(f64),
    Bool(bool),
    /// null, undefined, None, ().
    Null,
    /// Array, tuple, set, `vec![…]`.
    List(Vec<ValueId>),
    Record(Record),
    /// A closure, arrow function or a function written in place.
    Function(FunctionId),
    /// A name to be looked up in the scope of the node's function: variable, parameter, import,
    /// function, type, or the language's own `this` / `self` / `cls` / `super`.
    Name(Str),
    /// `base.name`, `base["name"]`, `base::name`, `base[0]` (name `0`); `[]` when the index is not known.
    Field(ValueId, Str),
    /// What a call gives back (awaited or not, `?` or not).
    Result(CallId),
    /// The n-th parameter of a function (0 is the first one that a caller writes: no self).
    Param(FunctionId, u32),
    /// Concatenation, template string, `format!`, `a + b`: the parts in order.
    Join(Vec<ValueId>),
    /// One of these: `a || b`, `a ?? b`, `c ? a : b`, `a or b`, if / match as an expression.
    Either(Vec<ValueId>),
    /// Anything else.
    Unknown,
}

/// Object literal, dict display, struct expression, keyword record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The named type of a struct expression (`Claims { .. }`); none for plain records.
    pub type_ref: Option<ValueId>,
    /// In source order; a later entry wins.
    pub entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: Key,
    pub value: ValueId,
    /// The key together with the value.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Text(Str),
    /// `...other`, `**other`, `..Default::default()`: all fields of `value`.
    Spread,
    /// `[expression]: value` where the key is not a literal.
    Computed(ValueId),
}
