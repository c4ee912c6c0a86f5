//! What a bare name is bound to inside one file. Knows no other file.

use std::collections::HashMap;

use crate::facts::*;
use crate::source::{Span, Str};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    Param(FunctionId, u32),
    /// An index into `FileFacts::writes`.
    Write(u32),
    /// An index into `FileFacts::imports`.
    Import(u32),
    Function(FunctionId),
    Type(TypeId),
}

/// The bindings of one file by scope and name.
#[derive(Debug, Default)]
pub struct Names {
    bound: HashMap<(FunctionId, Str), Vec<Binding>>,
    /// Writes to `name.field` and merges into `name`, by the name.
    pub field_writes: HashMap<Str, Vec<u32>>,
    /// Methods by (type name, method name).
    methods: HashMap<(Str, Str), Vec<FunctionId>>,
    /// Calls by the method name of their callee.
    pub calls_by_method: HashMap<Str, Vec<CallId>>,
}

impl Names {
    pub fn new(facts: &FileFacts) -> Self {
        let mut names = Names::default();
        for (i, import) in facts.imports.iter().enumerate() {
            names.bind(import.function, &import.local, Binding::Import(i as u32));
        }
        for (i, t) in facts.types.iter().enumerate() {
            names.bind(t.function, &t.name, Binding::Type(TypeId(i as u32)));
        }
        for (i, f) in facts.functions.iter().enumerate().skip(1) {
            let id = FunctionId(i as u32);
            for (n, p) in f.params.iter().enumerate() {
                names.bind(id, &p.name, Binding::Param(id, n as u32));
            }
            if is_method(facts, f) {
                names.methods.entry((f.owner_name.clone(), f.name.clone())).or_default().push(id);
            } else if let Some(parent) = f.parent {
                names.bind(parent, &f.name, Binding::Function(id));
            }
        }
        let mut later = Vec::new();
        for (i, w) in facts.writes.iter().enumerate() {
            let i = i as u32;
            match &w.target {
                Target::Variable(name) if w.kind == WriteKind::Declare => {
                    names.bind(w.function, name, Binding::Write(i));
                }
                Target::Variable(name) => later.push((i, name.clone())),
                Target::Field(base, _) | Target::Index(base, _) => {
                    if let Value::Name(name) = facts.value(*base) {
                        names.field_writes.entry(name.clone()).or_default().push(i);
                    }
                }
            }
        }
        for (i, name) in later {
            let w = &facts.writes[i as usize];
            if w.kind != WriteKind::Assign {
                names.field_writes.entry(name).or_default().push(i);
                continue;
            }
            let scope = names.scope(facts, w.function, &name).unwrap_or(w.function);
            names.bind(scope, &name, Binding::Write(i));
        }
        for (i, c) in facts.calls.iter().enumerate() {
            if let Value::Field(_, method) = facts.value(c.callee) {
                names.calls_by_method.entry(method.clone()).or_default().push(CallId(i as u32));
            }
        }
        names
    }

    fn bind(&mut self, scope: FunctionId, name: &Str, binding: Binding) {
        if !name.is_empty() {
            self.bound.entry((scope, name.clone())).or_default().push(binding);
        }
    }

    /// The innermost scope around `function` that binds the name.
    pub fn scope(&self, facts: &FileFacts, function: FunctionId, name: &Str) -> Option<FunctionId> {
        let mut at = Some(function);
        while let Some(id) = at {
            if self.bound.contains_key(&(id, name.clone())) {
                return Some(id);
            }
            at = facts.function(id).parent;
        }
        None
    }

    pub fn bindings(&self, scope: FunctionId, name: &Str) -> &[Binding] {
        self.bound.get(&(scope, name.clone())).map_or(&[], Vec::as_slice)
    }

    pub fn method(&self, type_name: &str, method: &str) -> Option<FunctionId> {
        self.methods.get(&(Str::new(type_name), Str::new(method)))?.last().copied()
    }

    /// The writes to a variable that can have set the value a use sees: backward from the use to
    /// the first one that every path passes. Uses in another function see all of them.
    pub fn reaching(
        facts: &FileFacts,
        writes: &[u32],
        scope: FunctionId,
        function: FunctionId,
        region: RegionId,
        at: Span,
    ) -> (Vec<u32>, bool) {
        if function != scope {
            return (writes.to_vec(), !writes.is_empty());
        }
        let mut out = Vec::new();
        // In `let x = x.next()` the x on the right is the one before.
        let earlier = |w: &u32| {
            let write = &facts.writes[*w as usize];
            write.span.end <= at.start && !facts.node(write.value).span.contains(&at)
        };
        let mut before: Vec<u32> = writes.iter().copied().filter(earlier).collect();
        before.sort_by_key(|w| facts.writes[*w as usize].span.start);
        for w in before.into_iter().rev() {
            let write = &facts.writes[w as usize];
            if exclusive(facts, write.region, region) {
                continue;
            }
            out.push(w);
            if facts.encloses(write.region, region) {
                return (out, true);
            }
        }
        (out, false)
    }
}

/// Is it called through an object, not by its bare name?
pub fn is_method(facts: &FileFacts, f: &Function) -> bool {
    if f.owner_name.is_empty() && f.owner.is_none() {
        return false;
    }
    match f.owner {
        Some(owner) => f.parent == Some(facts.types[owner.0 as usize].function),
        None => true,
    }
}

/// Two arms of one if or match: never both run.
pub fn exclusive(facts: &FileFacts, a: RegionId, b: RegionId) -> bool {
    let chain = |start: RegionId| {
        let mut out = Vec::new();
        let mut at = Some(start);
        while let Some(id) = at {
            out.push(id);
            at = facts.region(id).parent;
        }
        out
    };
    let (a, b) = (chain(a), chain(b));
    let arm = |id: &RegionId| matches!(facts.region(*id).kind, RegionKind::Branch | RegionKind::Else);
    a.iter().filter(|x| arm(x)).any(|x| {
        b.iter().filter(|y| arm(y)).any(|y| x != y && facts.region(*x).group == facts.region(*y).group)
    })
}
