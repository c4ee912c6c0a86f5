//! Objects that are configured step by step: who made it, and what was done to it before its use.

use crate::concepts::State;
use crate::event::RoleValue;
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::names::exclusive;
use crate::project::origins::{At, Context, Root};
use crate::rulebook::model::{Alternative, Base, Spec, TypeModel};
use crate::source::{FileId, Span, Str};

use super::Recognizer;
use super::literals::words;
use super::roles::Scope;

/// A modelled object at one use.
#[derive(Debug)]
pub struct Object {
    pub kind: (usize, usize),
    pub made: Option<(FileId, CallId)>,
    /// Its making was found, so that what was never set has its default.
    pub complete: bool,
    pub context: Context,
    /// In the order in which they happen.
    pub ops: Vec<Op>,
}

/// A method called on it, or a field written.
#[derive(Clone, Debug, PartialEq)]
pub struct Op {
    pub name: Str,
    pub file: FileId,
    pub call: Option<CallId>,
    pub value: Option<ValueId>,
    pub span: Span,
    /// It surely happens before the use.
    pub certain: bool,
}

impl Object {
    pub fn field(&self, name: &str) -> Option<At> {
        let op = self.ops.iter().rev().find(|op| op.call.is_none() && op.name == name)?;
        Some(At { file: op.file, value: op.value? })
    }
}

/// How far an object is followed through names and calls.
const HOPS: u32 = 12;

impl Recognizer<'_> {
    /// The modelled object that an expression is, with all that was done to it before.
    pub fn object(&self, at: At, context: &Context) -> Option<Object> {
        let mut object =
            Object { kind: (0, 0), made: None, complete: false, context: context.clone(), ops: Vec::new() };
        let found = self.chase(at, context, &mut object, 0)?;
        object.kind = found;
        object.ops.reverse();
        Some(object)
    }

    /// Walks from a use to the making; operations are collected backward.
    fn chase(&self, at: At, context: &Context, object: &mut Object, hops: u32) -> Option<(usize, usize)> {
        if hops > HOPS {
            return None;
        }
        let facts = self.facts(at.file)?;
        match facts.value(at.value) {
            Value::Name(name) => {
                self.collect(at, name, object);
                self.chase_name(at, name, context, object, hops)
            }
            Value::Field(base, name) => {
                // A field of the class around: what its code puts there.
                for traced in self.trace(At { file: at.file, value: *base }, context) {
                    let Root::Instance(file, t) = traced.root else { continue };
                    for value in self.with_origins(|o| o.assigned((file, t), name)) {
                        if let Some(kind) = self.chase(value, &None, object, hops + 1) {
                            return Some(kind);
                        }
                    }
                }
                for traced in self.trace(at, context) {
                    let found = match &traced.root {
                        Root::Call(..) if traced.at != at => {
                            self.chase(traced.at, &traced.context, object, hops + 1)
                        }
                        Root::Foreign(_) => self.kind_of_type(at.file, &traced.root),
                        _ => None,
                    };
                    if found.is_some() {
                        return found;
                    }
                }
                None
            }
            Value::Result(call) => {
                let callee = self.callee(at.file, *call);
                if let Some(kind) = self.types_of_result(at.file, *call).first().copied() {
                    let fluent = callee.makes.is_empty()
                        && self.index.types(kind.0)[kind.1].fluent
                        && callee.receiver.contains(&kind);
                    if fluent && let Some(receiver) = self.receiver(at.file, *call) {
                        if let Value::Field(_, method) = facts.value(facts.call(*call).callee) {
                            object.ops.push(self.op(at.file, *call, method, true));
                        }
                        return self.chase(receiver, context, object, hops + 1).or(Some(kind));
                    }
                    object.made = Some((at.file, *call));
                    object.complete = true;
                    object.context = context.clone();
                    return Some(kind);
                }
                let mut kind = None;
                for target in &callee.local {
                    let inner = Some(std::sync::Arc::new(crate::project::origins::Frame {
                        function: *target,
                        call: (at.file, *call),
                        outer: context.clone(),
                    }));
                    let there = self.facts(target.0)?;
                    for exit in
                        there.exits.iter().filter(|e| e.function == target.1 && e.kind == ExitKind::Return)
                    {
                        if let Some(value) = exit.value
                            && kind.is_none()
                        {
                            kind = self.chase(At { file: target.0, value }, &inner, object, hops + 1);
                        }
                    }
                }
                if kind.is_none()
                    && let Some(receiver) = self.receiver(at.file, *call)
                    && callee.local.is_empty()
                    && callee.entries.is_empty()
                {
                    // An unknown method of a fluent object gives the object back.
                    let mut inner = Object {
                        kind: (0, 0),
                        made: None,
                        complete: false,
                        context: context.clone(),
                        ops: Vec::new(),
                    };
                    if let Some(found) = self.chase(receiver, context, &mut inner, hops + 1)
                        && self.index.types(found.0)[found.1].fluent
                    {
                        if let Value::Field(_, method) = facts.value(facts.call(*call).callee) {
                            object.ops.push(self.op(at.file, *call, method, true));
                        }
                        object.ops.extend(inner.ops);
                        object.made = inner.made;
                        object.complete = inner.complete;
                        object.context = inner.context;
                        return Some(found);
                    }
                }
                kind
            }
            Value::Record(record) => {
                let type_ref = record.type_ref?;
                let named = self.trace(At { file: at.file, value: type_ref }, context);
                let kind = named.iter().find_map(|t| match &t.root {
                    Root::External(path) => self.kind_named(at.file, path),
                    _ => None,
                })?;
                for entry in record.entries.iter().rev() {
                    match &entry.key {
                        Key::Text(name) => object.ops.push(Op {
                            name: name.clone(),
                            file: at.file,
                            call: None,
                            value: Some(entry.value),
                            span: entry.span,
                            certain: true,
                        }),
                        Key::Spread => {
                            self.chase(At { file: at.file, value: entry.value }, context, object, hops + 1);
                        }
                        Key::Computed(_) => {}
                    }
                }
                object.complete = true;
                Some(kind)
            }
            Value::Either(parts) => parts
                .iter()
                .find_map(|p| self.chase(At { file: at.file, value: *p }, context, object, hops + 1)),
            _ => None,
        }
    }

    fn chase_name(
        &self,
        at: At,
        name: &Str,
        context: &Context,
        object: &mut Object,
        hops: u32,
    ) -> Option<(usize, usize)> {
        let (facts, names) = (self.facts(at.file)?, self.names(at.file)?);
        let node = facts.node(at.value);
        if let Some(scope) = names.scope(facts, node.function, name) {
            let writes: Vec<u32> = names
                .bindings(scope, name)
                .iter()
                .filter_map(
                    |b| if let crate::project::names::Binding::Write(w) = b { Some(*w) } else { None },
                )
                .collect();
            let (reaching, _) = crate::project::names::Names::reaching(
                facts,
                &writes,
                scope,
                node.function,
                node.region,
                node.span,
            );
            for w in reaching {
                let write = &facts.writes[w as usize];
                if facts.node(write.value).span.contains(&node.span) {
                    continue;
                }
                if let Some(kind) =
                    self.chase(At { file: at.file, value: write.value }, context, object, hops + 1)
                {
                    return Some(kind);
                }
            }
        }
        for traced in self.trace(at, context) {
            match &traced.root {
                Root::Foreign(_) => return self.kind_of_type(at.file, &traced.root),
                Root::Param(file, function, n) => {
                    let root =
                        self.with_origins(|o| o.declared(*file, *function, *n, &mut Default::default()))?;
                    return self.kind_of_type(at.file, &root);
                }
                Root::Call(..) | Root::Value(_) if traced.at != at => {
                    return self.chase(traced.at, &traced.context, object, hops + 1);
                }
                _ => {}
            }
        }
        None
    }

    fn kind_of_type(&self, file: FileId, root: &Root) -> Option<(usize, usize)> {
        self.type_paths(root).iter().find_map(|path| self.kind_named(file, path))
    }

    fn kind_named(&self, file: FileId, path: &crate::project::origins::Path) -> Option<(usize, usize)> {
        let last = path.members.last()?;
        self.index.of_module(path.ecosystem, &path.module).into_iter().find_map(|model| {
            let t = self.index.types(model).iter().position(|t| {
                t.name == *last && (t.versions.is_any() || t.versions.admits(self.version(file, model)))
            })?;
            Some((model, t))
        })
    }

    /// The last part of a callee.
    fn method_name(&self, file: FileId, call: CallId) -> Option<Str> {
        let facts = self.facts(file)?;
        match facts.value(facts.call(call).callee) {
            Value::Field(_, name) | Value::Name(name) => Some(name.clone()),
            _ => None,
        }
    }

    fn op(&self, file: FileId, call: CallId, method: &Str, certain: bool) -> Op {
        let span = self.facts(file).map_or(Span::new(file, 0, 0), |f| f.call(call).span);
        Op { name: method.clone(), file, call: Some(call), value: None, span, certain }
    }

    /// Methods called on a variable and fields written to it before a use, latest first.
    fn collect(&self, at: At, variable: &Str, object: &mut Object) {
        let (Some(facts), Some(names)) = (self.facts(at.file), self.names(at.file)) else { return };
        let node = facts.node(at.value);
        let scope = names.scope(facts, node.function, variable);
        let mut ops: Vec<Op> = Vec::new();
        let same = |base: ValueId, function: FunctionId| -> bool {
            matches!(facts.value(base), Value::Name(n) if n == variable)
                && names.scope(facts, function, variable) == scope
        };
        let before = |span: Span, function: FunctionId, region: RegionId| -> Option<bool> {
            if function == node.function {
                if span.end > node.span.start || exclusive(facts, region, node.region) {
                    return None;
                }
                return Some(facts.encloses(region, node.region));
            }
            Some(Some(function) == scope && facts.region(region).kind != RegionKind::Branch)
        };
        for (i, call) in facts.calls.iter().enumerate() {
            let Value::Field(base, method) = facts.value(call.callee) else { continue };
            if same(*base, call.function)
                && let Some(certain) = before(call.span, call.function, call.region)
            {
                ops.push(self.op(at.file, CallId(i as u32), method, certain));
            }
        }
        for w in names.field_writes.get(variable).map_or(&[][..], Vec::as_slice) {
            let write = &facts.writes[*w as usize];
            if let Target::Field(base, name) = &write.target
                && same(*base, write.function)
                && let Some(certain) = before(write.span, write.function, write.region)
            {
                ops.push(Op {
                    name: name.clone(),
                    file: at.file,
                    call: None,
                    value: Some(write.value),
                    span: write.span,
                    certain,
                });
            }
        }
        // `v.required.clear()`: the field is emptied.
        for write in facts.writes.iter().filter(|w| w.kind == WriteKind::Remove) {
            if let Target::Field(inner, star) = &write.target
                && star == "*"
                && let Value::Field(base, name) = facts.value(*inner)
                && same(*base, write.function)
                && let Some(certain) = before(write.span, write.function, write.region)
            {
                ops.push(Op {
                    name: name.clone(),
                    file: at.file,
                    call: None,
                    value: None,
                    span: write.span,
                    certain,
                });
            }
        }
        ops.sort_by_key(|op| std::cmp::Reverse(op.span.start));
        object.ops.extend(ops);
    }

    /// What a property of a modelled object is at its use; nothing when the type has no such property.
    pub fn property(&self, object: &Object, name: &str, scope: &Scope) -> Option<RoleValue> {
        let model = &self.index.types(object.kind.0)[object.kind.1];
        let (_, spec) = model.properties.iter().find(|(n, _)| n == name)?;
        Some(self.property_value(object, spec, model, scope))
    }

    fn property_value(&self, object: &Object, spec: &Spec, model: &TypeModel, scope: &Scope) -> RoleValue {
        let present = scope.present;
        let absent =
            spec.absent.unwrap_or(if present == State::Set { State::Unset } else { State::Unchecked });
        let mut start = RoleValue::state(if object.complete { absent } else { State::Unknown });
        let made_here = |call: (FileId, CallId)| self.facts(call.0).map(|f| f.call(call.1).span);
        if let Some(span) = object.made.and_then(made_here) {
            let text = format!("`{}` is made here with its defaults", model.name);
            start.evidence.push(Evidence { span, text, strength: Strength::Stated });
        }
        let mut current = start;
        for alternative in &spec.alternatives {
            if alternative.from.is_empty()
                && let Some(state) = alternative.state
            {
                current.state = state;
            }
        }
        for alternative in &spec.alternatives {
            for source in &alternative.from {
                let argument = match &source.base {
                    Base::Construct(n) => Some((*n, None)),
                    Base::ConstructBy(name, n)
                        if object.made.is_some_and(|(file, call)| {
                            self.method_name(file, call).as_ref() == Some(name)
                        }) =>
                    {
                        Some((*n, None))
                    }
                    Base::ConstructKeyword(k) => Some((usize::MAX, Some(k.as_str()))),
                    _ => None,
                };
                let (Some((n, keyword)), Some((file, call))) = (argument, object.made) else { continue };
                let inner = Scope {
                    present: scope.present,
                    ..Scope::call(file, Some(call), scope.model, &object.context)
                };
                let base = keyword.map_or(Base::Arg(n), |k| Base::Keyword(k.into()));
                let place = crate::rulebook::model::Source { base, path: source.path.clone() };
                if let super::roles::Found::Values(found) = self.locate(&place, &inner)
                    && let Some(value) = self.judge(&found, alternative, present, &inner)
                {
                    current = value;
                }
            }
        }
        for op in &object.ops {
            let hit = spec
                .alternatives
                .iter()
                .find_map(|a| a.from.iter().find(|s| names_op(&s.base, op)).map(|s| (a, s)));
            let Some((alternative, source)) = hit else { continue };
            let Some(value) = self.op_value(op, alternative, &source.base, &source.path, object, scope)
            else {
                continue;
            };
            if op.certain || value.state == current.state {
                current = value;
            } else {
                current = RoleValue { state: State::Unknown, ..value };
            }
        }
        // What to call or write on the object, and not the name that the page gives the property.
        let places = spec.alternatives.iter().flat_map(|a| &a.from).map(words);
        current.place = places.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        current
    }

    fn op_value(
        &self,
        op: &Op,
        alternative: &Alternative,
        base: &Base,
        path: &[Str],
        object: &Object,
        scope: &Scope,
    ) -> Option<RoleValue> {
        let inner =
            Scope { present: scope.present, ..Scope::call(op.file, op.call, scope.model, &object.context) };
        let step = Evidence {
            span: op.span,
            text: format!("`{}` is set here", op.name),
            strength: Strength::Stated,
        };
        let mut value = match (base, op.call, op.value) {
            (Base::Method(_, usize::MAX), _, _) => {
                RoleValue::state(alternative.state.or(alternative.present).unwrap_or(State::Checked))
            }
            (Base::Method(_, n), Some(_), _) => {
                let place = crate::rulebook::model::Source { base: Base::Arg(*n), path: path.to_vec() };
                match self.locate(&place, &inner) {
                    super::roles::Found::Values(found) => {
                        match self.judge(&found, alternative, scope.present, &inner) {
                            Some(value) => value,
                            None => {
                                let empty = alternative.values.iter().find(|(l, _)| {
                                    matches!(
                                        l,
                                        crate::rulebook::model::Literal::Absent
                                            | crate::rulebook::model::Literal::Null
                                    )
                                });
                                RoleValue::state(empty.map_or(State::Unchecked, |(_, s)| *s))
                            }
                        }
                    }
                    super::roles::Found::Property(value) => value,
                }
            }
            (_, None, Some(v)) => {
                let mut found = self.trace(At { file: op.file, value: v }, &object.context);
                for name in path {
                    found = self.with_origins(|o| {
                        found.iter().flat_map(|t| o.member(t, name, &mut Default::default())).collect()
                    });
                }
                let gone =
                    alternative.values.iter().find(|(l, _)| *l == crate::rulebook::model::Literal::Null);
                self.judge(&found, alternative, scope.present, &inner)
                    .unwrap_or_else(|| RoleValue::state(gone.map_or(State::Unchecked, |(_, s)| *s)))
            }
            (_, None, None) => {
                let empty =
                    alternative.values.iter().find(|(l, _)| *l == crate::rulebook::model::Literal::Empty)?;
                RoleValue::state(empty.1)
            }
            _ => return None,
        };
        value.evidence.insert(0, step);
        Some(value)
    }

    /// A property of the object that a call gives back, by what happens to it afterwards.
    pub fn result_property(
        &self,
        file: FileId,
        call: CallId,
        name: &str,
        scope: &Scope,
    ) -> Option<RoleValue> {
        let kind = self.types_of_result(file, call).first().copied()?;
        let model = &self.index.types(kind.0)[kind.1];
        let (_, spec) = model.properties.iter().find(|(n, _)| n == name)?;
        let mut object = Object {
            kind,
            made: Some((file, call)),
            complete: true,
            context: scope.context.clone(),
            ops: Vec::new(),
        };
        self.collect_after(file, call, &mut object);
        // A wrapper gives the result on: what its caller does to it counts.
        let mut frame = scope.context.as_ref();
        let mut outermost = None;
        while let Some(f) = frame {
            self.collect_after(f.call.0, f.call.1, &mut object);
            outermost = self.facts(f.call.0).map(|facts| facts.call(f.call.1).span);
            frame = f.outer.as_ref();
        }
        let value = self.property_value(&object, spec, model, scope);
        Some(RoleValue { decided: value.decided.or(outermost), ..value })
    }

    /// What is done to the result of a call: directly, or through the variable it is put in.
    fn collect_after(&self, file: FileId, call: CallId, object: &mut Object) {
        let (Some(facts), Some(names)) = (self.facts(file), self.names(file)) else { return };
        let fluent = self.index.types(object.kind.0)[object.kind.1].fluent;
        let mut results = vec![call];
        let mut at = 0;
        while at < results.len() && results.len() < 32 {
            let current = results[at];
            at += 1;
            let is_result = |v: ValueId| matches!(facts.value(v), Value::Result(c) if *c == current);
            let scope = facts.call(current).function;
            let variables: Vec<&Str> = facts
                .writes
                .iter()
                .filter(|w| is_result(w.value))
                .filter_map(|w| if let Target::Variable(name) = &w.target { Some(name) } else { None })
                .collect();
            let is_it = |value: ValueId, function: FunctionId| {
                is_result(value)
                    || matches!(facts.value(value), Value::Name(n) if variables.iter().any(|v| *v == n
                        && names.scope(facts, function, v) == names.scope(facts, scope, v)))
            };
            for (i, c) in facts.calls.iter().enumerate() {
                let id = CallId(i as u32);
                for (n, arg) in c.args.iter().enumerate().filter(|(_, arg)| is_it(arg.value, c.function)) {
                    self.collect_handed_on(file, id, n, arg.name.as_deref(), object);
                }
                let Value::Field(base, method) = facts.value(c.callee) else { continue };
                if is_it(*base, c.function) && !results.contains(&id) {
                    object.ops.push(self.op(file, id, method, true));
                    if fluent {
                        results.push(id);
                    }
                }
            }
        }
        // `if lax { c.set_same_site(Lax) } else { c.set_same_site(None) }`: one of the two happens.
        let region = |op: &Op| op.call.filter(|_| op.file == file).map(|c| facts.call(c).region);
        let either: Vec<bool> = object
            .ops
            .iter()
            .map(|op| {
                object.ops.iter().any(|other| {
                    let regions = region(op).zip(region(other));
                    other.name == op.name && regions.is_some_and(|(a, b)| exclusive(facts, a, b))
                })
            })
            .collect();
        for (op, either) in object.ops.iter_mut().zip(either) {
            op.certain &= !either;
        }
        object.ops.sort_by_key(|op| op.span.start);
    }
}

impl Recognizer<'_> {
    /// What a function of the project does to an argument: the methods it calls on that parameter.
    fn collect_handed_on(
        &self,
        file: FileId,
        call: CallId,
        n: usize,
        keyword: Option<&str>,
        object: &mut Object,
    ) {
        for (other, function) in &self.callee(file, call).local {
            let Some(facts) = self.facts(*other) else { continue };
            let params = &facts.function(*function).params;
            let param = match keyword {
                Some(name) => params.iter().find(|p| p.name == name),
                None => params.get(n),
            };
            let Some(param) = param.filter(|p| !p.name.is_empty()) else { continue };
            for (i, c) in facts.calls.iter().enumerate().filter(|(_, c)| c.function == *function) {
                let Value::Field(base, method) = facts.value(c.callee) else { continue };
                if matches!(facts.value(*base), Value::Name(n) if *n == param.name) {
                    object.ops.push(self.op(*other, CallId(i as u32), method, true));
                }
            }
        }
    }
}

fn names_op(base: &Base, op: &Op) -> bool {
    match base {
        Base::Method(name, _) => op.call.is_some() && *name == op.name,
        Base::Field(name) => op.call.is_none() && *name == op.name,
        _ => false,
    }
}
