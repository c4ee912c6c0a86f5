//! Where a value comes from: backward through names, imports, parameters, results and fields,
//! across files. Knows no library: what a call means is asked through `Meaning`.

use std::sync::{Arc, OnceLock};

use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::source::{Ecosystem, FileId, Span, Str};

use super::names::{Binding, Names};
use super::{Module, Project};

/// An expression of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct At {
    pub file: FileId,
    pub value: ValueId,
}

/// A function entered through one certain call: its parameters are that call's arguments.
#[derive(Debug, PartialEq)]
pub struct Frame {
    pub function: (FileId, FunctionId),
    pub call: (FileId, CallId),
    pub outer: Context,
}

pub type Context = Option<Arc<Frame>>;

/// An item of a package outside the project, or (with an empty module) a global name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    pub ecosystem: Ecosystem,
    pub module: Str,
    pub members: Vec<Str>,
}

/// What an expression finally is.
#[derive(Clone, Debug, PartialEq)]
pub enum Root {
    /// A literal, list, record, concatenation: the node itself.
    Value(At),
    /// The result of a call that the project does not define.
    Call(FileId, CallId),
    /// A parameter whose caller is not known.
    Param(FileId, FunctionId, u32),
    Function(FileId, FunctionId),
    Type(FileId, TypeId),
    /// An object of a class of the project.
    Instance(FileId, TypeId),
    /// An object of a class outside the project.
    Foreign(Path),
    Module(Module),
    External(Path),
    /// A field that a parameter may have or not.
    Perhaps(FileId, FunctionId, u32),
    /// A part of something that cannot be looked into.
    Member(Box<Root>, Str),
    /// Surely not there: a missing key, undefined.
    Absent,
    Unknown,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Traced {
    pub root: Root,
    /// The expression where the way ends.
    pub at: At,
    pub context: Context,
    /// The steps of the way, from the use to the origin.
    pub steps: Vec<Evidence>,
    pub strength: Strength,
    /// A call gave it back with more fields than it was given.
    pub open: bool,
}

/// What the models say of a call, as far as values go.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    Opaque,
    /// The result is one of these, converted.
    Pass(Vec<At>),
    /// The same, with fields of the library's own besides.
    Widen(Vec<At>),
    /// The result comes from outside, or else is this.
    Outside(Option<At>),
}

/// How many steps one question may take, and how deep functions are followed.
pub(super) const STEPS: u32 = 400;
pub(super) const DEPTH: u32 = 40;
const FRAMES: usize = 6;

pub struct Origins<'a> {
    pub project: &'a Project,
    pub names: &'a [OnceLock<Names>],
    pub meaning: &'a dyn Fn(At, CallId, &Context) -> Meaning,
}

/// One question: its budget and what it is in the middle of.
#[derive(Default)]
pub struct Walk {
    pub steps: u32,
    pub depth: u32,
}

impl<'a> Origins<'a> {
    pub fn facts(&self, file: FileId) -> Option<&'a FileFacts> {
        self.project.facts(file)
    }

    pub fn names(&self, file: FileId) -> Option<&'a Names> {
        let facts = self.project.facts(file)?;
        self.names.get(file.0 as usize).map(|cell| cell.get_or_init(|| Names::new(facts)))
    }

    /// All that an expression can be.
    pub fn trace(&self, at: At, context: &Context) -> Vec<Traced> {
        self.walk(at, context, &mut Walk::default())
    }

    pub(super) fn end(&self, root: Root, at: At, context: &Context) -> Vec<Traced> {
        vec![Traced {
            root,
            at,
            context: context.clone(),
            steps: Vec::new(),
            strength: Strength::Stated,
            open: false,
        }]
    }

    pub(super) fn walk(&self, at: At, context: &Context, walk: &mut Walk) -> Vec<Traced> {
        let Some(facts) = self.facts(at.file) else { return self.end(Root::Unknown, at, context) };
        walk.steps += 1;
        if walk.steps > STEPS || walk.depth > DEPTH {
            return self.end(Root::Unknown, at, context);
        }
        walk.depth += 1;
        let out = match facts.value(at.value) {
            Value::Text(_)
            | Value::Number(_)
            | Value::Bool(_)
            | Value::Null
            | Value::List(_)
            | Value::Record(_)
            | Value::Join(_)
            | Value::Unknown => self.end(Root::Value(at), at, context),
            Value::Function(f) => self.end(Root::Function(at.file, *f), at, context),
            Value::Either(parts) => {
                parts.iter().flat_map(|p| self.walk(At { file: at.file, value: *p }, context, walk)).collect()
            }
            Value::Param(f, n) => self.param(at, *f, *n, context, walk),
            Value::Name(name) => self.name(at, name, context, walk),
            Value::Field(base, name) => self.field(at, *base, name, context, walk),
            Value::Result(call) => self.result(at, *call, context, walk),
        };
        walk.depth -= 1;
        out
    }

    fn param(&self, at: At, function: FunctionId, n: u32, context: &Context, walk: &mut Walk) -> Vec<Traced> {
        let open = Root::Param(at.file, function, n);
        let Some(facts) = self.facts(at.file) else { return self.end(Root::Unknown, at, context) };
        let mut frame = context.as_ref();
        while let Some(f) = frame {
            if f.function == (at.file, function) {
                break;
            }
            frame = f.outer.as_ref();
        }
        let Some(frame) = frame else { return self.end(open, at, context) };
        let (file, call) = frame.call;
        let Some(caller) = self.facts(file) else { return self.end(open, at, context) };
        let call = caller.call(call);
        let parameter = facts.function(function).params.get(n as usize);
        match argument(call, n as usize, parameter.map(|p| p.name.as_str())) {
            Argument::Given(value) => {
                let mut out = self.walk(At { file, value }, &frame.outer, walk);
                let text = format!("passed as `{}` here", parameter.map_or("", |p| p.name.as_str()));
                let crossed = if file == at.file { Strength::Stated } else { Strength::CrossFile };
                step(&mut out, call.span, text, crossed);
                // A parameter with a default that is given nothing takes the default.
                if let Some(default) = parameter.and_then(|p| p.default)
                    && out.iter().any(|t| t.root == Root::Absent)
                {
                    out.retain(|t| t.root != Root::Absent);
                    out.extend(self.walk(At { file: at.file, value: default }, &None, walk));
                }
                out
            }
            Argument::Missing => match parameter.and_then(|p| p.default) {
                Some(default) => {
                    let mut out = self.walk(At { file: at.file, value: default }, &None, walk);
                    step(
                        &mut out,
                        call.span,
                        "called without it: the default counts".into(),
                        Strength::Stated,
                    );
                    out
                }
                None => {
                    let mut out = self.end(Root::Absent, at, context);
                    step(&mut out, call.span, "called without it here".into(), Strength::Stated);
                    out
                }
            },
            Argument::Unclear => self.end(Root::Unknown, at, context),
        }
    }

    fn name(&self, at: At, name: &Str, context: &Context, walk: &mut Walk) -> Vec<Traced> {
        let (Some(facts), Some(names)) = (self.facts(at.file), self.names(at.file)) else {
            return self.end(Root::Unknown, at, context);
        };
        let node = facts.node(at.value);
        match name.as_str() {
            "this" | "self" | "cls" | "Self" => {
                if let Some((file, owner)) = self.owner(at.file, node.function) {
                    return self.end(Root::Instance(file, owner), at, context);
                }
            }
            "super" => {
                if let Some((file, owner)) = self.owner(at.file, node.function) {
                    return self.bases(file, owner, walk);
                }
            }
            _ => {}
        }
        let mut scope = names.scope(facts, node.function, name);
        // `let orders = get(orders)`: the name on the right is the one outside.
        while let Some(inner) = scope {
            let own = |b: &Binding| match b {
                Binding::Write(w) => {
                    let value = facts.node(facts.writes[*w as usize].value).span;
                    value.contains(&node.span) && value != node.span
                }
                _ => false,
            };
            if !names.bindings(inner, name).iter().all(own) {
                return self.bound(at, inner, name, context, walk);
            }
            scope = facts.function(inner).parent.and_then(|outer| names.scope(facts, outer, name));
        }
        self.unbound(at, name, context, walk)
    }

    fn bound(
        &self,
        at: At,
        scope: FunctionId,
        name: &Str,
        context: &Context,
        walk: &mut Walk,
    ) -> Vec<Traced> {
        let (Some(facts), Some(names)) = (self.facts(at.file), self.names(at.file)) else {
            return self.end(Root::Unknown, at, context);
        };
        let node = facts.node(at.value);
        let bindings = names.bindings(scope, name);
        let writes: Vec<u32> =
            bindings.iter().filter_map(|b| if let Binding::Write(w) = b { Some(*w) } else { None }).collect();
        let (mut reaching, definite) =
            Names::reaching(facts, &writes, scope, node.function, node.region, node.span);
        let mut out = Vec::new();
        if !definite {
            for b in bindings {
                match b {
                    Binding::Param(f, n) => out.extend(self.param(at, *f, *n, context, walk)),
                    Binding::Import(i) => out.extend(self.import(at, *i, context, walk)),
                    Binding::Function(f) => out.extend(self.end(Root::Function(at.file, *f), at, context)),
                    Binding::Type(t) => out.extend(self.end(Root::Type(at.file, *t), at, context)),
                    Binding::Write(_) => {}
                }
            }
            if out.is_empty() && reaching.is_empty() {
                // Used above its definition (a loop, a hoisted name): any of them.
                reaching = writes.clone();
            }
        }
        for w in reaching {
            let write = &facts.writes[w as usize];
            // Not in its own value; `export const { x } = …` names `x` where it is taken out.
            let value = facts.node(write.value).span;
            if value.contains(&node.span) && value != node.span {
                continue;
            }
            let mut found = self.walk(At { file: at.file, value: write.value }, context, walk);
            step(&mut found, write.span, format!("`{name}` is set here"), Strength::Stated);
            out.extend(found);
        }
        if out.is_empty() { self.end(Root::Unknown, at, context) } else { out }
    }

    /// A name that nothing in the file binds: a glob import, or a global.
    fn unbound(&self, at: At, name: &Str, context: &Context, walk: &mut Walk) -> Vec<Traced> {
        let Some(facts) = self.facts(at.file) else { return self.end(Root::Unknown, at, context) };
        let mut out = self.macro_by_import(at, facts, name, context, walk);
        for import in facts.imports.iter().filter(|i| i.name == ImportName::All) {
            if import.local == Import::MACROS
                && self.project.package(at.file, facts.ecosystem, name).is_some()
            {
                continue;
            }
            match self.project.module(at.file, &import.module) {
                Some(Module::File(file)) => {
                    if let Some(found) = self.export(*file, name, walk) {
                        return found;
                    }
                }
                Some(Module::Folder(_)) => {}
                Some(Module::Package(p)) => {
                    out.extend(self.external(at, p, std::slice::from_ref(name), context))
                }
                None => out.extend(self.external(at, &import.module, std::slice::from_ref(name), context)),
            }
        }
        if let Some(module) = self.project.module(at.file, name) {
            return self.of_module(at, module.clone(), context);
        }
        // A crate needs no import: `serde_json::from_str`.
        if facts.ecosystem == Ecosystem::Crates
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && !name.ends_with('!')
        {
            out.extend(self.external(at, name, &[], context));
            return out;
        }
        out.extend(self.end(
            Root::External(Path {
                ecosystem: facts.ecosystem,
                module: Str::default(),
                members: vec![name.clone()],
            }),
            at,
            context,
        ));
        out
    }

    /// `routes!` is what the file imports as `routes`.
    fn macro_by_import(
        &self,
        at: At,
        facts: &FileFacts,
        name: &str,
        context: &Context,
        walk: &mut Walk,
    ) -> Vec<Traced> {
        let (Some(plain), Some(names)) = (name.strip_suffix('!'), self.names(at.file)) else {
            return Vec::new();
        };
        let plain = Str::new(plain);
        let Some(scope) = names.scope(facts, facts.node(at.value).function, &plain) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for binding in names.bindings(scope, &plain) {
            let Binding::Import(i) = binding else { continue };
            for mut found in self.import(at, *i, context, walk) {
                if let Root::External(path) = &mut found.root
                    && let Some(last) = path.members.last_mut()
                {
                    *last = format!("{last}!").into();
                    out.push(found);
                }
            }
        }
        out
    }

    pub(super) fn of_module(&self, at: At, module: Module, context: &Context) -> Vec<Traced> {
        match module {
            Module::Package(name) => self.external(at, &name, &[], context),
            other => self.end(Root::Module(other), at, context),
        }
    }

    pub fn span(&self, at: At) -> Span {
        match self.facts(at.file) {
            Some(f) if at.value != ValueId::NONE => f.node(at.value).span,
            _ => Span::new(at.file, 0, 0),
        }
    }

    /// Where what was found is written.
    pub fn place(&self, traced: &Traced) -> Span {
        match &traced.root {
            Root::Function(file, f) => {
                self.facts(*file).map_or(Span::new(*file, 0, 0), |x| x.function(*f).name_span)
            }
            Root::Type(file, t) => {
                self.facts(*file).map_or(Span::new(*file, 0, 0), |x| x.types[t.0 as usize].name_span)
            }
            Root::Value(at) => self.span(*at),
            _ => self.span(traced.at),
        }
    }

    /// An item of a package; the first part of a dotted module is the module, the rest are members.
    pub(super) fn external(&self, at: At, module: &str, members: &[Str], context: &Context) -> Vec<Traced> {
        let ecosystem = self.facts(at.file).map_or(Ecosystem::None, |f| f.ecosystem);
        let mut path = Path { ecosystem, module: module.into(), members: Vec::new() };
        if ecosystem != Ecosystem::Npm {
            let text = module.replace("::", ".");
            let mut parts = text.split('.').filter(|p| !p.is_empty());
            path.module = parts.next().unwrap_or_default().into();
            path.members.extend(parts.map(Str::new));
        }
        path.members
            .extend(members.iter().filter(|m| *m != "default" || ecosystem != Ecosystem::Npm).cloned());
        self.end(Root::External(path), at, context)
    }

    fn result(&self, at: At, call: CallId, context: &Context, walk: &mut Walk) -> Vec<Traced> {
        let Some(facts) = self.facts(at.file) else { return self.end(Root::Unknown, at, context) };
        match (self.meaning)(at, call, context) {
            Meaning::Pass(values) => {
                return values.into_iter().flat_map(|v| self.walk(v, context, walk)).collect();
            }
            Meaning::Widen(values) => {
                let found = values.into_iter().flat_map(|v| self.walk(v, context, walk));
                return found.map(|t| Traced { open: true, ..t }).collect();
            }
            Meaning::Outside(default) => {
                let mut out = self.end(Root::Call(at.file, call), at, context);
                if let Some(default) = default {
                    let mut found = self.walk(default, context, walk);
                    step(
                        &mut found,
                        facts.call(call).span,
                        "what is used when it is not set".into(),
                        Strength::Stated,
                    );
                    out.extend(found);
                }
                return out;
            }
            Meaning::Opaque => {}
        }
        let callee = facts.call(call).callee;
        let mut out = Vec::new();
        for target in self.walk(At { file: at.file, value: callee }, context, walk) {
            match target.root {
                Root::Function(file, function) => {
                    out.extend(self.returned(at, (file, function), (at.file, call), context, walk));
                }
                Root::Type(file, t) => {
                    let mut found = self.end(Root::Instance(file, t), at, context);
                    found[0].strength = target.strength;
                    out.extend(found);
                }
                _ => out.extend(self.end(Root::Call(at.file, call), at, context)),
            }
        }
        out.dedup_by(|a, b| a.root == b.root && a.context == b.context);
        out
    }

    /// What a function of the project gives back to one call.
    fn returned(
        &self,
        at: At,
        function: (FileId, FunctionId),
        call: (FileId, CallId),
        context: &Context,
        walk: &mut Walk,
    ) -> Vec<Traced> {
        let opaque = Root::Call(call.0, call.1);
        let Some(facts) = self.facts(function.0) else { return self.end(opaque, at, context) };
        let Some(inner) = self.entered(function, call, context) else {
            return self.end(Root::Unknown, at, context);
        };
        let mut out: Vec<Traced> = self.returns(function, &inner, walk);
        if out.is_empty() {
            return self.end(opaque, at, context);
        }
        let crossed = if function.0 == at.file { Strength::Stated } else { Strength::CrossFile };
        step(
            &mut out,
            facts.function(function.1).name_span,
            format!("what `{}` returns", facts.function(function.1).name),
            crossed,
        );
        out
    }

    /// The context inside a function that is entered through a call; none when it is entered already,
    /// or too deep.
    pub(super) fn entered(
        &self,
        function: (FileId, FunctionId),
        call: (FileId, CallId),
        context: &Context,
    ) -> Option<Context> {
        let mut depth = 0;
        let mut frame = context.as_ref();
        while let Some(f) = frame {
            depth += 1;
            if f.function == function || depth >= FRAMES {
                return None;
            }
            frame = f.outer.as_ref();
        }
        Some(Some(Arc::new(Frame { function, call, outer: context.clone() })))
    }

    /// The values that a function returns.
    pub(super) fn returns(
        &self,
        function: (FileId, FunctionId),
        context: &Context,
        walk: &mut Walk,
    ) -> Vec<Traced> {
        let Some(facts) = self.facts(function.0) else { return Vec::new() };
        let mut out = Vec::new();
        for exit in facts.exits.iter().filter(|e| e.function == function.1 && e.kind == ExitKind::Return) {
            if let Some(value) = exit.value {
                out.extend(self.walk(At { file: function.0, value }, context, walk));
            }
        }
        out
    }
}

pub(super) fn step(traced: &mut [Traced], span: Span, text: String, strength: Strength) {
    for t in traced {
        t.strength = t.strength.min(strength);
        if t.steps.last().is_none_or(|last| last.span != span) && t.steps.len() < 12 {
            t.steps.insert(0, Evidence { span, text: text.clone(), strength });
        }
    }
}

pub enum Argument {
    Given(ValueId),
    Missing,
    /// A spread stands before it.
    Unclear,
}

/// The n-th argument of a call, or the one given by that keyword.
pub fn argument(call: &Call, n: usize, name: Option<&str>) -> Argument {
    if let Some(name) = name.filter(|n| !n.is_empty())
        && let Some(arg) = call.args.iter().find(|a| a.name.as_deref() == Some(name))
    {
        return Argument::Given(arg.value);
    }
    let mut at = 0;
    for arg in &call.args {
        // `**options` holds keywords, no positions.
        if arg.spread && !arg.double {
            return Argument::Unclear;
        }
        if arg.double {
            continue;
        }
        if arg.name.is_some() {
            continue;
        }
        if at == n {
            return Argument::Given(arg.value);
        }
        at += 1;
    }
    Argument::Missing
}
