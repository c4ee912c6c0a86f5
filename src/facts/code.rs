//! The eleven kinds of code facts, in one arena a file. Plain data: `Send`, comparable, no syntax.

use crate::source::{Ecosystem, FileId, Span, Str};

use super::setting::Setting;
use super::value::{Value, ValueId, ValueNode};

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
    )*};
}
index!(
    /// An index into `FileFacts::functions`; 0 is the module itself.
    FunctionId,
    /// An index into `FileFacts::calls`.
    CallId,
    /// An index into `FileFacts::types`.
    TypeId,
    /// An index into `FileFacts::regions`; 0 is the whole file.
    RegionId,
);

/// `import`, `require`, `from … import`, `use`.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The name it gets in this file.
    pub local: Str,
    /// The module as written: `jsonwebtoken`, `./config`, `jose.jwt`, `..auth`, `crate::auth`.
    /// For `use` paths everything before the last segment.
    pub module: Str,
    pub name: ImportName,
    /// The scope it is bound in (0 = module).
    pub function: FunctionId,
    pub span: Span,
}

impl Import {
    /// The local name of an import of all macros of a package, for every file of the crate:
    /// `#[macro_use] extern crate x`.
    pub const MACROS: &'static str = "!";
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportName {
    /// `import x from 'm'`.
    Default,
    /// `import * as x`, `const x = require('m')`, `import m`, `use m` of a module.
    Module,
    /// `import { name as local }`, `from m import name`, `use m::name`.
    Named(Str),
    /// `from m import *`, `use m::*`: local is empty.
    All,
    /// `import 'm'`: local is empty.
    Effect,
}

/// What other files can import from this one, where the language says so explicitly.
/// (Where every module-level name can be imported, only re-exports stand here.)
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// `default` for the default export, `=` for `module.exports = …`, `*` for `export * from`.
    pub name: Str,
    pub what: Exported,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Exported {
    Value(ValueId),
    /// `export { name } from 'module'`, `pub use module::name`; name `*` is the module itself.
    From {
        module: Str,
        name: Str,
    },
}

/// Class, struct, interface, enum, schema model.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    pub name: Str,
    pub function: FunctionId,
    pub bases: Vec<ValueId>,
    pub fields: Vec<TypeField>,
    pub region: RegionId,
    pub span: Span,
    pub name_span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TypeField {
    /// As it is serialized (`#[serde(rename)]` applied); for a renamed field `code_name` differs.
    pub name: Str,
    pub code_name: Str,
    /// The annotation as a value: `Name` / `Field` chain; generics: `Result` never, see `TypeRef`.
    pub type_ref: Option<TypeRef>,
    pub default: Option<ValueId>,
    /// `?`, `Option<T>`, `Optional[T]`, `T | None`, `#[serde(flatten)]` is not optional but `flatten`.
    pub optional: bool,
    pub flatten: bool,
    pub span: Span,
}

/// A type annotation: the outermost name and its arguments.
/// `Annotated[User, Depends(f)]` = head `Annotated`, args [User, Depends(f) as a call value].
#[derive(Clone, Debug, PartialEq)]
pub struct TypeRef {
    pub head: ValueId,
    pub args: Vec<TypeRef>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Empty for closures; for `const f = () => …` and object methods the name it is given.
    pub name: Str,
    /// The function around it (none only for the module itself).
    pub parent: Option<FunctionId>,
    /// The class, impl or trait it belongs to; `impl` blocks of other files: by name in `owner_name`.
    pub owner: Option<TypeId>,
    /// The type's name as written on an `impl` block (`Claims`), or the class name; empty otherwise.
    pub owner_name: Str,
    /// The trait of an `impl Trait for Type` block, else empty.
    pub trait_name: Str,
    pub params: Vec<Parameter>,
    /// Declared return type.
    pub returns: Option<TypeRef>,
    pub is_async: bool,
    /// `constructor`, `__init__`.
    pub is_constructor: bool,
    /// Its body (the region whose `function` is this one).
    pub region: RegionId,
    pub span: Span,
    pub name_span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Empty for a destructured parameter (its names are then `Write`s from `Field(Param)`).
    pub name: Str,
    pub type_ref: Option<TypeRef>,
    pub default: Option<ValueId>,
    /// `...rest`, `*args`, `**kwargs`.
    pub rest: bool,
    /// TypeScript `constructor(private x: T)`: also a field of the class.
    pub field: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// `Name`, `Field` chain, or any value. Operators that cannot be folded are calls of
    /// `Name("*")`, `Name("/")`, `Name("-")`; macros are calls of `Name("format!")`.
    pub callee: ValueId,
    pub args: Vec<Arg>,
    /// `f::<T>(…)`, `T::<U>::f(…)`.
    pub generics: Vec<TypeRef>,
    /// `new X(…)`.
    pub is_new: bool,
    pub awaited: bool,
    /// `f(…)?`: a failure leaves the function.
    pub propagated: bool,
    /// The call is a statement by itself: its result is dropped.
    pub dropped: bool,
    pub function: FunctionId,
    pub region: RegionId,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// Keyword arguments have a name.
    pub name: Option<Str>,
    /// `...list`, `*args`; `**kwargs` is spread with no name and `double` true.
    pub spread: bool,
    pub double: bool,
    pub value: ValueId,
}

/// Something gets a value: declaration, assignment, field or index write, in-place merge.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    pub target: Target,
    pub value: ValueId,
    pub kind: WriteKind,
    pub function: FunctionId,
    pub region: RegionId,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A variable of `Write::function` (or of the function around it, for closures).
    Variable(Str),
    /// `base.name = …`, `base["name"] = …`; `this.x = …` has base `Name("this")`.
    Field(ValueId, Str),
    /// `base[expression] = …`.
    Index(ValueId, ValueId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteKind {
    Declare,
    Assign,
    /// The record on the right is merged into the target: `Object.assign(x, y)`, `x.update(y)`,
    /// `x |= y`. Target is then the variable or field itself.
    Merge,
    /// `+=`, `push`, `append`: the value is added to what is there.
    Append,
    /// `delete x.y`, `del x["y"]`, `x.pop("y")`, `x.clear()` (field `*`).
    Remove,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Compare {
    pub op: CompareOp,
    pub left: ValueId,
    pub right: ValueId,
    pub function: FunctionId,
    /// The region in which the comparison itself stands (not the branch it guards).
    pub region: RegionId,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    /// `x in y`, `y.includes(x)`, `y.contains(&x)`: left is the element.
    In,
    NotIn,
}

/// A stretch of code with a reason to run or not to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    pub kind: RegionKind,
    /// None only for the file.
    pub parent: Option<RegionId>,
    pub function: FunctionId,
    /// What must hold for a `Branch` to run: all of these (`&&`), when the condition is a
    /// conjunction; a disjunction is one condition whose value is an `Either`.
    pub conditions: Vec<Condition>,
    /// For the arms of one if / match / try: the same number in each (index of the first arm's region).
    pub group: RegionId,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What is tested: `if (user)` gives `user`; comparisons give the value of the left side and
    /// stand as `Compare` facts inside the span.
    pub value: ValueId,
    /// `if (!user)`.
    pub negated: bool,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionKind {
    File,
    Function,
    /// Body of an if, a match arm, the right side of `&&`, an arm of `? :`.
    Branch,
    /// The else of the group's branches (also `_` / default arms).
    Else,
    Loop,
    Try,
    Catch,
    Finally,
    /// `with`, a bare block, a class body: runs whenever its parent does.
    Block,
    /// `#[cfg(test)]`, `if __name__ == "__main__"`, `describe(…)`-like: test or demo code.
    Test,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Exit {
    pub kind: ExitKind,
    pub value: Option<ValueId>,
    pub function: FunctionId,
    pub region: RegionId,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitKind {
    /// `return`, an arrow's or a Rust block's tail expression.
    Return,
    /// `throw`, `raise`, `panic!`.
    Throw,
    /// `break`, `continue`.
    Leave,
}

/// Decorator, annotation, `#[…]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// A `Name` / `Field` chain, or the `Result` of the decorator's call.
    pub value: ValueId,
    pub on: Attached,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attached {
    Function(FunctionId),
    Type(TypeId),
    /// The n-th parameter.
    Param(FunctionId, u32),
    /// The n-th field.
    Field(TypeId, u32),
}

/// A comment that mentions authlint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Without the comment marks.
    pub text: Str,
    /// Nothing but the comment stands on its line: it speaks of the next line of code.
    pub own_line: bool,
    pub span: Span,
}

/// Something in the file that could not be read; the rest was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub message: String,
    pub span: Span,
}

/// All that is known of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileFacts {
    pub file: FileId,
    pub ecosystem: Ecosystem,
    pub values: Vec<ValueNode>,
    pub imports: Vec<Import>,
    pub exports: Vec<Export>,
    pub types: Vec<Type>,
    pub functions: Vec<Function>,
    pub calls: Vec<Call>,
    pub writes: Vec<Write>,
    pub compares: Vec<Compare>,
    pub regions: Vec<Region>,
    pub exits: Vec<Exit>,
    pub attributes: Vec<Attribute>,
    pub notes: Vec<Note>,
    pub settings: Vec<Setting>,
    /// Configuration files: the root of each document, a tree of records, lists and plain values.
    pub documents: Vec<ValueId>,
    /// The name of the syntax.
    pub format: &'static str,
    pub troubles: Vec<Trouble>,
}

static NOWHERE: ValueNode = ValueNode {
    value: Value::Unknown,
    span: Span { file: FileId(0), start: 0, end: 0 },
    function: FunctionId(0),
    region: RegionId(0),
};

impl FileFacts {
    /// Facts of an empty file of `len` bytes: the module function 0 and the file region 0.
    pub fn new(file: FileId, ecosystem: Ecosystem, len: usize) -> Self {
        let span = Span::new(file, 0, len);
        let module = Function {
            name: Str::default(),
            parent: None,
            owner: None,
            owner_name: Str::default(),
            trait_name: Str::default(),
            params: Vec::new(),
            returns: None,
            is_async: false,
            is_constructor: false,
            region: RegionId(0),
            span,
            name_span: Span::new(file, 0, 0),
        };
        let whole = Region {
            kind: RegionKind::File,
            parent: None,
            function: FunctionId(0),
            conditions: Vec::new(),
            group: RegionId(0),
            span,
        };
        Self {
            file,
            ecosystem,
            values: Vec::new(),
            imports: Vec::new(),
            exports: Vec::new(),
            types: Vec::new(),
            functions: vec![module],
            calls: Vec::new(),
            writes: Vec::new(),
            compares: Vec::new(),
            regions: vec![whole],
            exits: Vec::new(),
            attributes: Vec::new(),
            notes: Vec::new(),
            settings: Vec::new(),
            documents: Vec::new(),
            format: "",
            troubles: Vec::new(),
        }
    }

    pub fn value(&self, id: ValueId) -> &Value {
        &self.node(id).value
    }

    /// `ValueId::NONE` gives an unknown value that stands nowhere.
    pub fn node(&self, id: ValueId) -> &ValueNode {
        self.values.get(id.0 as usize).unwrap_or(&NOWHERE)
    }

    pub fn call(&self, id: CallId) -> &Call {
        &self.calls[id.0 as usize]
    }

    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.0 as usize]
    }

    pub fn region(&self, id: RegionId) -> &Region {
        &self.regions[id.0 as usize]
    }

    /// Is `outer` the region itself or one around it?
    pub fn encloses(&self, outer: RegionId, inner: RegionId) -> bool {
        let mut at = Some(inner);
        while let Some(id) = at {
            if id == outer {
                return true;
            }
            at = self.region(id).parent;
        }
        false
    }

    /// Does the region lie in test code?
    pub fn in_test(&self, region: RegionId) -> bool {
        let mut at = Some(region);
        while let Some(id) = at {
            if self.region(id).kind == RegionKind::Test {
                return true;
            }
            at = self.region(id).parent;
        }
        false
    }
}
