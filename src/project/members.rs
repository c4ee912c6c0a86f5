//! What a field of something is: records with later writes, objects, classes, modules.

use crate::facts::*;
use crate::finding::Strength;
use crate::source::{Ecosystem, FileId, Str};

use super::Module;
use super::names::Names;
use super::origins::{At, Context, Origins, Root, Traced, Walk, step};

impl Origins<'_> {
    /// `base.name` where it stands: writes to that field before it, then the base itself.
    pub(super) fn field(
        &self,
        at: At,
        base: ValueId,
        name: &Str,
        context: &Context,
        walk: &mut Walk,
    ) -> Vec<Traced> {
        let base_at = At { file: at.file, value: base };
        let mut out = Vec::new();
        if self.written(at, base, name, context, walk, &mut out) {
            return out;
        }
        if let Some(found) = self.inside_function(base_at, name, context, walk) {
            return found;
        }
        for traced in self.walk(base_at, context, walk) {
            if let Some(found) = self.of_package(&traced, base_at, name, context) {
                out.extend(found);
                continue;
            }
            let mut found = self.member(&traced, name, walk);
            for f in &mut found {
                f.strength = f.strength.min(traced.strength);
                let mut steps = traced.steps.clone();
                steps.append(&mut f.steps);
                f.steps = steps;
            }
            out.extend(found);
        }
        if out.is_empty() { self.end(Root::Unknown, at, context) } else { out }
    }

    /// A function and a package of one name: only the package has members.
    fn of_package(&self, traced: &Traced, base: At, name: &Str, context: &Context) -> Option<Vec<Traced>> {
        let Root::Function(file, function) = &traced.root else { return None };
        let facts = self.facts(base.file).filter(|f| f.ecosystem == Ecosystem::Crates)?;
        let Value::Name(written) = facts.value(base.value) else { return None };
        let same = self.facts(*file)?.function(*function).name == *written;
        let package = self.project.package(base.file, Ecosystem::Crates, written).is_some()
            || facts.imports.iter().any(|i| i.module.split("::").next() == Some(written.as_str()));
        (same && package).then(|| self.external(base, written, std::slice::from_ref(name), context))
    }

    /// The field of what a function of the project returns, as its own code leaves it: a function may
    /// write to what it was given and give it back.
    fn inside_function(
        &self,
        base: At,
        name: &str,
        context: &Context,
        walk: &mut Walk,
    ) -> Option<Vec<Traced>> {
        let (facts, names) = (self.facts(base.file)?, self.names(base.file)?);
        let node = facts.node(base.value);
        if walk.depth > super::origins::DEPTH || walk.steps > super::origins::STEPS {
            return None;
        }
        walk.depth += 1;
        let found = match &node.value {
            Value::Name(variable) => {
                let scope = names.scope(facts, node.function, variable)?;
                let writes: Vec<u32> = names
                    .bindings(scope, variable)
                    .iter()
                    .filter_map(|b| if let super::names::Binding::Write(w) = b { Some(*w) } else { None })
                    .collect();
                let (reaching, definite) =
                    Names::reaching(facts, &writes, scope, node.function, node.region, node.span);
                let [only] = reaching.as_slice() else {
                    walk.depth -= 1;
                    return None;
                };
                let write = &facts.writes[*only as usize];
                let is_call = matches!(facts.value(write.value), Value::Result(_));
                match definite && is_call {
                    true => {
                        self.inside_function(At { file: base.file, value: write.value }, name, context, walk)
                    }
                    false => None,
                }
            }
            Value::Result(call)
                if (self.meaning)(base, *call, context) == super::origins::Meaning::Opaque =>
            {
                self.field_of_returned(base, *call, name, context, walk)
            }
            _ => None,
        };
        walk.depth -= 1;
        found
    }

    fn field_of_returned(
        &self,
        base: At,
        call: CallId,
        name: &str,
        context: &Context,
        walk: &mut Walk,
    ) -> Option<Vec<Traced>> {
        let facts = self.facts(base.file)?;
        let callee = At { file: base.file, value: facts.call(call).callee };
        // Chains of calls are walked once, by the caller of this.
        let plain = match facts.value(callee.value) {
            Value::Name(_) => true,
            Value::Field(inner, _) => matches!(facts.value(*inner), Value::Name(_)),
            _ => false,
        };
        if !plain {
            return None;
        }
        let mut out = Vec::new();
        for target in self.walk(callee, context, walk) {
            let Root::Function(file, function) = target.root else { return None };
            let inner = self.entered((file, function), (base.file, call), context)?;
            let there = self.facts(file)?;
            // Only where the function writes to something before it gives it back is there more to see.
            let writes = there.writes.iter().any(|w| {
                w.function == function
                    && (matches!(w.target, Target::Field(..)) || w.kind == WriteKind::Merge)
            });
            if !writes {
                return None;
            }
            for exit in there.exits.iter().filter(|e| e.function == function && e.kind == ExitKind::Return) {
                if let Some(value) = exit.value {
                    out.extend(self.field(At { file, value }, value, &Str::new(name), &inner, walk));
                }
            }
        }
        (!out.is_empty()).then_some(out)
    }

    /// The field of an expression, as if it were written at the place of the expression.
    pub fn field_of(&self, at: At, name: &Str, context: &Context) -> Vec<Traced> {
        self.field(at, at.value, name, context, &mut Walk::default())
    }

    /// Adds what was written to `base.name` before; says whether that certainly happened.
    fn written(
        &self,
        at: At,
        base: ValueId,
        name: &Str,
        context: &Context,
        walk: &mut Walk,
        out: &mut Vec<Traced>,
    ) -> bool {
        let (Some(facts), Some(names)) = (self.facts(at.file), self.names(at.file)) else { return false };
        let Value::Name(variable) = facts.value(base) else { return false };
        let Some(writes) = names.field_writes.get(variable) else { return false };
        let node = facts.node(at.value);
        let scope = names.scope(facts, node.function, variable);
        let own: Vec<u32> = writes
            .iter()
            .copied()
            .filter(|w| {
                let write = &facts.writes[*w as usize];
                names.scope(facts, write.function, variable) == scope
                    && match &write.target {
                        Target::Field(_, n) => n == name,
                        Target::Variable(_) => write.kind == WriteKind::Merge,
                        Target::Index(..) => false,
                    }
            })
            .collect();
        if own.is_empty() {
            return false;
        }
        let (reaching, _) = Names::reaching(
            facts,
            &own,
            scope.unwrap_or(FunctionId(0)),
            node.function,
            node.region,
            node.span,
        );
        for w in reaching {
            let write = &facts.writes[w as usize];
            if write.span.contains(&node.span) {
                continue;
            }
            let value = At { file: at.file, value: write.value };
            let mut found = match (&write.target, write.kind) {
                (_, WriteKind::Remove) => self.end(Root::Absent, value, context),
                (_, WriteKind::Append) => self.end(Root::Unknown, value, context),
                (Target::Field(..), _) => self.walk(value, context, walk),
                _ => {
                    let whole = self.walk(value, context, walk);
                    let mut merged: Vec<_> = whole.iter().flat_map(|t| self.member(t, name, walk)).collect();
                    for t in &mut merged {
                        // Merged in from something that cannot be looked into.
                        if matches!(&t.root, Root::Member(base, _) if whole.iter().any(|w| w.root == **base))
                        {
                            t.root = Root::Unknown;
                        }
                    }
                    if merged.iter().all(|t| t.root == Root::Absent) {
                        continue;
                    }
                    merged
                }
            };
            step(&mut found, write.span, format!("`{variable}.{name}` is set here"), Strength::Stated);
            out.extend(found);
            if node.function == write.function && facts.encloses(write.region, node.region) {
                return true;
            }
        }
        false
    }

    /// A field of something already traced.
    pub fn member(&self, base: &Traced, name: &str, walk: &mut Walk) -> Vec<Traced> {
        let at = base.at;
        let context = &base.context;
        walk.steps += 1;
        let inside = |root: Root| self.end(Root::Member(Box::new(root), name.into()), at, context);
        match &base.root {
            Root::Value(v) if base.open => {
                let mut out = self.of_value(*v, name, context, walk);
                for t in out.iter_mut().filter(|t| t.root == Root::Absent) {
                    t.root = Root::Unknown;
                }
                out
            }
            Root::Value(v) => self.of_value(*v, name, context, walk),
            Root::External(path) => {
                let mut path = path.clone();
                // The default export is the module itself.
                if name != "default" || path.ecosystem != Ecosystem::Npm {
                    path.members.push(name.into());
                }
                self.end(Root::External(path), at, context)
            }
            Root::Module(module) => {
                if let Module::File(file) = module
                    && let Some(found) = self.export(*file, name, walk)
                {
                    return found;
                }
                match self.project.child(module, name) {
                    Some(Module::Package(p)) => self.external(at, p, &[], context),
                    Some(child) => self.end(Root::Module(child.clone()), at, context),
                    None => self.end(Root::Unknown, at, context),
                }
            }
            Root::Type(file, t) => self.of_class((*file, *t), name, at, context, walk),
            Root::Instance(file, t) => self.of_instance((*file, *t), name, at, context, walk),
            Root::Param(file, function, n) => match self.declared(*file, *function, *n, walk) {
                Some(root) => {
                    let typed = Traced { root, ..base.clone() };
                    self.member(&typed, name, walk)
                }
                None => inside(base.root.clone()),
            },
            Root::Function(file, function) if name == "()" => self.returns((*file, *function), context, walk),
            Root::Call(file, call) => match self.set_by_constructor(*file, *call, name, walk) {
                Some(found) => found,
                None => inside(base.root.clone()),
            },
            Root::Foreign(_) | Root::Member(..) | Root::Function(..) => inside(base.root.clone()),
            Root::Absent => self.end(Root::Absent, at, context),
            Root::Perhaps(..) => self.end(base.root.clone(), at, context),
            Root::Unknown => self.end(Root::Unknown, at, context),
        }
    }

    /// What a function that is called with `new` puts into the object: `this.name = …`.
    fn set_by_constructor(
        &self,
        file: FileId,
        call: CallId,
        name: &str,
        walk: &mut Walk,
    ) -> Option<Vec<Traced>> {
        let fact = self.facts(file)?.call(call);
        if !fact.is_new || walk.steps > 200 {
            return None;
        }
        let callee = self.walk(At { file, value: fact.callee }, &None, walk);
        let (f, function) = callee.iter().find_map(|t| match t.root {
            Root::Function(f, function) => Some((f, function)),
            _ => None,
        })?;
        let facts = self.facts(f)?;
        let writes = self.names(f)?.field_writes.get("this")?;
        let mut out = Vec::new();
        for write in writes.iter().map(|w| &facts.writes[*w as usize]) {
            if write.function == function && matches!(&write.target, Target::Field(_, n) if n == name) {
                out.extend(self.walk(At { file: f, value: write.value }, &None, walk));
            }
        }
        (!out.is_empty()).then_some(out)
    }

    fn of_value(&self, at: At, name: &str, context: &Context, walk: &mut Walk) -> Vec<Traced> {
        let Some(facts) = self.facts(at.file) else { return Vec::new() };
        match facts.value(at.value) {
            Value::Record(record) => {
                let mut unclear = false;
                let coded =
                    record.type_ref.and_then(|t| self.code_name(At { file: at.file, value: t }, name, walk));
                let name = coded.as_deref().unwrap_or(name);
                for entry in record.entries.iter().rev() {
                    let value = At { file: at.file, value: entry.value };
                    match &entry.key {
                        Key::Text(k) if k == name => return self.walk(value, context, walk),
                        Key::Text(_) => {}
                        Key::Spread => {
                            let found: Vec<_> = self
                                .walk(value, context, walk)
                                .iter()
                                .flat_map(|t| self.member(t, name, walk))
                                .collect();
                            if found.iter().any(|t| matches!(t.root, Root::Unknown | Root::Member(..))) {
                                unclear = true;
                            } else if found.iter().any(|t| t.root != Root::Absent) {
                                return found;
                            }
                        }
                        Key::Computed(_) => unclear = true,
                    }
                }
                // A method of the type that was written out.
                if let Some(value) = record.type_ref {
                    let types = self.walk(At { file: at.file, value }, &None, walk);
                    let method = types.iter().find_map(|t| match t.root {
                        Root::Type(f, t) | Root::Instance(f, t) => self.method((f, t), name),
                        _ => None,
                    });
                    if let Some((file, function)) = method {
                        return self.end(Root::Function(file, function), at, context);
                    }
                }
                self.end(if unclear { Root::Unknown } else { Root::Absent }, at, context)
            }
            Value::List(items) => match name.parse::<usize>() {
                Ok(n) => match items.get(n) {
                    Some(item) => self.walk(At { file: at.file, value: *item }, context, walk),
                    None => self.end(Root::Absent, at, context),
                },
                Err(_) if name == "[]" && items.len() <= 16 => items
                    .iter()
                    .flat_map(|i| self.walk(At { file: at.file, value: *i }, context, walk))
                    .collect(),
                Err(_) => self.end(Root::Unknown, at, context),
            },
            Value::Null | Value::Text(_) | Value::Number(_) | Value::Bool(_) => {
                self.end(Root::Absent, at, context)
            }
            _ => self.end(Root::Unknown, at, context),
        }
    }

    /// The name in code of a field that is serialized under another.
    fn code_name(&self, type_ref: At, name: &str, walk: &mut Walk) -> Option<Str> {
        self.walk(type_ref, &None, walk).iter().find_map(|t| {
            let (Root::Type(file, id) | Root::Instance(file, id)) = t.root else { return None };
            let fields = &self.facts(file)?.types[id.0 as usize].fields;
            fields.iter().find(|f| f.name == name && f.code_name != name).map(|f| f.code_name.clone())
        })
    }

    /// What a parameter's annotation says it is.
    pub fn declared(&self, file: FileId, function: FunctionId, n: u32, walk: &mut Walk) -> Option<Root> {
        let facts = self.facts(file)?;
        let annotation = facts.function(function).params.get(n as usize)?.type_ref.as_ref()?;
        self.annotated(file, annotation, walk)
    }

    /// The object that an annotation promises.
    pub fn annotated(&self, file: FileId, annotation: &TypeRef, walk: &mut Walk) -> Option<Root> {
        let found = self.walk(At { file, value: annotation.head }, &None, walk);
        let wrapper = |t: &Traced| match &t.root {
            Root::External(p) => p.members.last().is_some_and(|m| {
                matches!(
                    m.as_str(),
                    "Annotated"
                        | "Optional"
                        | "Option"
                        | "Arc"
                        | "Rc"
                        | "Box"
                        | "Promise"
                        | "Final"
                        | "ClassVar"
                )
            }),
            _ => false,
        };
        if let Some(first) = annotation.args.first()
            && found.iter().any(wrapper)
        {
            return self.annotated(file, first, walk);
        }
        found.into_iter().find_map(|t| match t.root {
            Root::Type(file, t) => Some(Root::Instance(file, t)),
            Root::External(path) if !path.module.is_empty() => Some(Root::Foreign(path)),
            _ => None,
        })
    }

    pub(super) fn bases(&self, file: FileId, t: TypeId, walk: &mut Walk) -> Vec<Traced> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let bases = facts.types[t.0 as usize].bases.clone();
        // `Base[T]` is the base, whatever it holds.
        let plain = |b: ValueId| match facts.value(b) {
            Value::Field(base, name) if name == "[]" => *base,
            _ => b,
        };
        bases.into_iter().flat_map(|b| self.walk(At { file, value: plain(b) }, &None, walk)).collect()
    }

    /// The classes outside the project that a class of it derives from, itself first.
    pub fn ancestors(&self, file: FileId, t: TypeId) -> Vec<Root> {
        let mut out = vec![Root::Type(file, t)];
        let mut at = 0;
        while at < out.len() && out.len() < 32 {
            if let Root::Type(file, t) = out[at].clone() {
                for base in self.bases(file, t, &mut Walk::default()) {
                    if !out.contains(&base.root) {
                        out.push(base.root);
                    }
                }
            }
            at += 1;
        }
        out
    }

    fn of_class(
        &self,
        t: (FileId, TypeId),
        name: &str,
        at: At,
        context: &Context,
        walk: &mut Walk,
    ) -> Vec<Traced> {
        let Some(facts) = self.facts(t.0) else { return self.end(Root::Unknown, at, context) };
        let class = &facts.types[t.1.0 as usize];
        if let Some(method) = self.method(t, name) {
            return self.end(Root::Function(method.0, method.1), at, context);
        }
        if let Some(field) = class.fields.iter().find(|f| f.code_name == name || f.name == name) {
            return match field.default {
                Some(default) => {
                    let mut out = self.walk(At { file: t.0, value: default }, &None, walk);
                    step(
                        &mut out,
                        field.span,
                        format!("`{}.{name}` is set here", class.name),
                        Strength::CrossFile.max(if t.0 == at.file {
                            Strength::Stated
                        } else {
                            Strength::CrossFile
                        }),
                    );
                    out
                }
                None => self.end(Root::Member(Box::new(Root::Type(t.0, t.1)), name.into()), at, context),
            };
        }
        // Fields that are written out as if they were its own.
        for field in class.fields.iter().filter(|f| f.flatten) {
            if let Some(root) = field.type_ref.as_ref().and_then(|a| self.annotated(t.0, a, walk)) {
                let inner = Traced {
                    root,
                    at,
                    context: context.clone(),
                    steps: Vec::new(),
                    strength: Strength::Stated,
                    open: false,
                };
                let found = self.member(&inner, name, walk);
                if found.iter().any(|f| f.root != Root::Absent) {
                    return found;
                }
            }
        }
        let mut out = Vec::new();
        for base in self.bases(t.0, t.1, walk) {
            match &base.root {
                Root::Type(file, base_type) if (*file, *base_type) != t && walk.steps < 200 => {
                    out.extend(self.of_class((*file, *base_type), name, at, context, walk));
                }
                Root::External(_) | Root::Call(..) | Root::Foreign(_) => {
                    out.extend(self.end(Root::Member(Box::new(base.root.clone()), name.into()), at, context));
                }
                _ => {}
            }
        }
        out.retain(|x| x.root != Root::Absent);
        if out.is_empty() { self.end(Root::Absent, at, context) } else { out }
    }

    /// A method of a class, also from an `impl` block of another file of its module tree.
    pub fn method(&self, t: (FileId, TypeId), name: &str) -> Option<(FileId, FunctionId)> {
        let facts = self.facts(t.0)?;
        let class = &facts.types[t.1.0 as usize];
        self.names(t.0)?.method(&class.name, name).map(|f| (t.0, f))
    }

    /// The expressions that the code of a class puts into one of its fields: `this.x = …`, and
    /// struct expressions of the type.
    pub fn assigned(&self, t: (FileId, TypeId), name: &str) -> Vec<At> {
        let (Some(facts), Some(names)) = (self.facts(t.0), self.names(t.0)) else { return Vec::new() };
        let class = &facts.types[t.1.0 as usize];
        let mut out = Vec::new();
        for own in ["this", "self", "cls"] {
            for w in names.field_writes.get(own).map_or(&[][..], Vec::as_slice) {
                let write = &facts.writes[*w as usize];
                if matches!(&write.target, Target::Field(_, n) if n == name)
                    && write.kind != WriteKind::Append
                    && self.owner(t.0, write.function) == Some(t)
                {
                    out.push(At { file: t.0, value: write.value });
                }
            }
        }
        for node in &facts.values {
            let Value::Record(record) = &node.value else { continue };
            let Some(Value::Name(written)) = record.type_ref.map(|v| facts.value(v)) else { continue };
            if *written == class.name || written == "Self" && self.owner(t.0, node.function) == Some(t) {
                let entries = record.entries.iter().filter(|e| matches!(&e.key, Key::Text(k) if k == name));
                out.extend(entries.map(|e| At { file: t.0, value: e.value }));
            }
        }
        out
    }

    fn of_instance(
        &self,
        t: (FileId, TypeId),
        name: &str,
        at: At,
        context: &Context,
        walk: &mut Walk,
    ) -> Vec<Traced> {
        let Some(facts) = self.facts(t.0) else { return self.end(Root::Unknown, at, context) };
        let mut out = Vec::new();
        for value in self.assigned(t, name) {
            let mut found = self.walk(value, &None, walk);
            step(&mut found, self.span(value), format!("`{name}` is set here"), Strength::Stated);
            out.extend(found);
        }
        let class = &facts.types[t.1.0 as usize];
        let field = class.fields.iter().find(|f| f.code_name == name || f.name == name);
        // A parameter that became a field, or a declared field: its type tells more than an unknown value.
        let opaque = out.iter().all(|x| matches!(x.root, Root::Unknown | Root::Param(..) | Root::Absent));
        if opaque
            && let Some(annotation) = field.and_then(|f| f.type_ref.as_ref())
            && let Some(root) = self.annotated(t.0, annotation, walk)
            && field.is_some_and(|f| f.default.is_none())
        {
            return self.end(root, at, context);
        }
        if opaque {
            let typed: Vec<Traced> = out
                .iter()
                .filter_map(|x| match &x.root {
                    Root::Param(file, function, n) => {
                        self.declared(*file, *function, *n, walk).map(|root| Traced { root, ..x.clone() })
                    }
                    _ => None,
                })
                .collect();
            if !typed.is_empty() {
                return typed;
            }
        }
        if !out.is_empty() {
            return out;
        }
        self.of_class(t, name, at, context, walk)
    }
}
