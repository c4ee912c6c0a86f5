//! Reads functions, each once, and knows what names say. Knows no framework and no rule.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use crate::event::Event;
use crate::facts::*;
use crate::project::names::Binding;
use crate::project::origins::{At, Context};
use crate::recognize::Recognizer;
use crate::recognize::routes::collect::Entry;
use crate::recognize::routes::contexts;
use crate::recognize::routes::extractors::Extractors;
use crate::source::{FileId, Span, Str, words};

use super::Powers;

/// How many functions deep a guard is read.
const DEPTH: u32 = 5;

/// The facts of a file by where they begin.
pub(super) struct Places {
    pub(super) calls: Vec<(u32, CallId)>,
    pub(super) values: Vec<(u32, ValueId)>,
}

impl Places {
    pub(super) fn new(facts: &FileFacts) -> Places {
        let calls = facts.calls.iter().enumerate().map(|(i, c)| (c.span.start, CallId(i as u32)));
        let values = facts.values.iter().enumerate().map(|(i, v)| (v.span.start, ValueId(i as u32)));
        let (mut calls, mut values): (Vec<_>, Vec<_>) = (calls.collect(), values.collect());
        calls.sort();
        values.sort();
        Places { calls, values }
    }
}

pub(super) fn inside<T: Copy>(sorted: &[(u32, T)], span: Span) -> impl Iterator<Item = T> + '_ {
    let from = sorted.partition_point(|(start, _)| *start < span.start);
    sorted[from..].iter().take_while(move |(start, _)| *start < span.end).map(|(_, id)| *id)
}

/// Reads functions, and remembers what it read.
pub struct Reader<'r, 'a> {
    pub rec: &'r Recognizer<'a>,
    pub(super) events: HashMap<(FileId, CallId), Vec<&'r Event>>,
    kinds: BTreeMap<&'static str, Vec<&'a crate::rulebook::model::NameModel>>,
    known: RefCell<HashMap<(FileId, FunctionId), Powers>>,
    /// The same for functions that were read so many functions deep.
    known_at: RefCell<HashMap<(FileId, FunctionId, usize), Powers>>,
    /// A function that is just being read was met again.
    in_circle: Cell<bool>,
    pub(super) places: RefCell<HashMap<FileId, Rc<Places>>>,
    pub extractors: Extractors,
    pub(super) inside: RefCell<Vec<(FileId, FunctionId)>>,
    /// Something was left out since the reading of the function at hand began.
    cut: Cell<bool>,
    /// The calls that made what is being read.
    pub(super) context: RefCell<Context>,
    /// What the project gave routers, requests and answers a name for.
    extensions: HashMap<Str, Vec<At>>,
    /// What each name says of its value.
    named: RefCell<HashMap<Str, Vec<&'static str>>>,
    /// Names under which pages know callers and requests.
    values: std::collections::HashSet<Str>,
}

impl<'r, 'a> Reader<'r, 'a> {
    pub fn new(rec: &'r Recognizer<'a>, all: &'r [Event]) -> Self {
        let mut events: HashMap<_, Vec<&Event>> = HashMap::new();
        for event in all {
            if let Some(call) = event.call {
                events.entry((event.file, call)).or_default().push(event);
            }
        }
        let mut kinds: BTreeMap<&'static str, Vec<_>> = BTreeMap::new();
        for kind in
            ["caller", "role", "scope", "credential", "login", "network", "change", "entrance", "store"]
        {
            let names = rec.index.models.iter().flat_map(|m| &m.names).filter(|n| n.kind == kind);
            kinds.insert(kind, names.collect());
        }
        let mut extensions: HashMap<Str, Vec<At>> = HashMap::new();
        for (file, call) in events
            .values()
            .flatten()
            .filter(|e| e.concept.name == "http.extend")
            .filter_map(|e| Some((e.file, e.call?)))
        {
            for id in &rec.callee(file, call).entries {
                let model = rec.index.call(*id);
                if model.concept.is_none_or(|c| c.name != "http.extend") {
                    continue;
                }
                let entry = Entry {
                    file,
                    call,
                    model: id.model,
                    concept: "http.extend",
                    roles: &model.roles,
                    round: None,
                    through: None,
                };
                let values = rec.role_places(&entry, "value");
                for name in rec.role_texts(&entry, "name") {
                    extensions.entry(name).or_default().extend(values.iter().copied());
                }
            }
        }
        // `request.user = function` of a hook.
        for facts in rec.project.files.iter().flatten() {
            for write in &facts.writes {
                if let (Target::Field(base, name), Value::Function(_)) =
                    (&write.target, facts.value(write.value))
                    && let Value::Name(on) = facts.value(*base)
                    && let Some(names) = rec.names(facts.file)
                    && let Some(scope) = names.scope(facts, write.function, on)
                    && names.bindings(scope, on).iter().any(|b| matches!(b, Binding::Param(..)))
                {
                    extensions
                        .entry(name.clone())
                        .or_default()
                        .push(At { file: facts.file, value: write.value });
                }
            }
        }
        extensions.values_mut().for_each(|all| all.sort_by_key(|at| (at.file, at.value)));
        let about = |v: &&crate::rulebook::model::ValueModel| {
            matches!(v.concept.name, "identity.read" | "http.request")
        };
        let known = rec.index.models.iter().flat_map(|m| &m.values).filter(about);
        let values = known.flat_map(|v| v.path.split('.')).filter(|p| *p != "*").map(Str::new).collect();
        Self {
            named: RefCell::default(),
            values,
            extensions,
            rec,
            events,
            kinds,
            known: RefCell::default(),
            known_at: RefCell::default(),
            in_circle: Cell::default(),
            places: RefCell::default(),
            extractors: Extractors::new(rec),
            inside: RefCell::default(),
            cut: Cell::new(false),
            context: RefCell::default(),
        }
    }

    /// What the project gave this name on routers, requests and answers.
    pub fn extensions(&self, name: &str) -> Vec<At> {
        self.extensions.get(name).cloned().unwrap_or_default()
    }

    /// Does a name say that its value is of this kind?
    pub fn is_named(&self, kind: &str, name: &str) -> bool {
        if let Some(kinds) = self.named.borrow().get(name) {
            return kinds.contains(&kind);
        }
        let parts = words(name);
        let holds = |row: &Vec<String>| parts.windows(row.len().max(1)).any(|w| w == row.as_slice());
        let says =
            |n: &&crate::rulebook::model::NameModel| n.words.iter().any(holds) && !n.not.iter().any(holds);
        let found: Vec<&'static str> =
            self.kinds.iter().filter(|(_, names)| names.iter().any(&says)).map(|(kind, _)| *kind).collect();
        let is = found.contains(&kind);
        self.named.borrow_mut().insert(name.into(), found);
        is
    }

    /// Could the name be one that pages give a meaning as a value: directly, or as what an import calls it?
    pub fn may_be_known(&self, facts: &FileFacts, id: ValueId) -> bool {
        let telling = |name: &str| self.values.contains(name);
        match facts.value(id) {
            Value::Name(name) => {
                telling(name)
                    || facts.imports.iter().any(|i| {
                        i.local == *name
                            && matches!(&i.name, ImportName::Named(original) if telling(original))
                    })
            }
            Value::Field(base, name) => telling(name) || self.may_be_known(facts, *base),
            _ => false,
        }
    }

    /// Reads in the context of the calls that made what is read.
    pub fn settled<T>(&self, context: &Context, f: impl FnOnce() -> T) -> T {
        let before = self.context.replace(context.clone());
        let found = f();
        self.context.replace(before);
        found
    }

    /// The same of a function that was made by a certain call: what that call hands it decides which of
    /// its code runs.
    pub fn powers_in(&self, file: FileId, function: FunctionId, context: &Context) -> Powers {
        let before = self.context.replace(context.clone());
        let found = self.powers(file, function);
        self.context.replace(before);
        found
    }

    pub fn powers(&self, file: FileId, function: FunctionId) -> Powers {
        let settled = self.context.borrow().is_some();
        if let Some(known) = self.known.borrow().get(&(file, function)).filter(|_| !settled) {
            return known.clone();
        }
        let depth = self.inside.borrow().len();
        if depth as u32 >= DEPTH {
            self.cut.set(true);
            return Powers::default();
        }
        if self.inside.borrow().contains(&(file, function)) {
            self.in_circle.set(true);
            self.cut.set(true);
            return Powers::default();
        }
        // What was read further down a chain is cut off earlier: it holds for that depth only.
        if !settled && let Some(known) = self.known_at.borrow().get(&(file, function, depth)) {
            self.cut.set(true);
            return known.clone();
        }
        let around = (self.cut.replace(false), self.in_circle.replace(false));
        self.inside.borrow_mut().push((file, function));
        let found = self.read(file, function, None, &[]);
        self.inside.borrow_mut().pop();
        if !settled && (depth == 0 || !self.cut.get()) {
            self.known.borrow_mut().insert((file, function), found.clone());
        } else if !settled && !self.in_circle.get() {
            self.known_at.borrow_mut().insert((file, function, depth), found.clone());
        }
        self.cut.set(around.0 || self.cut.get());
        self.in_circle.set(depth > 0 && (around.1 || self.in_circle.get()));
        found
    }

    /// What a function does before a place in it.
    pub fn powers_until(&self, (file, function): (FileId, FunctionId), end: u32) -> Powers {
        self.read(file, function, Some(end), &[])
    }

    /// What a function does without some stretches of it.
    pub fn powers_without(&self, (file, function): (FileId, FunctionId), idle: &[Span]) -> Powers {
        self.read(file, function, None, idle)
    }

    /// What a function does when a certain call calls it.
    pub(super) fn powers_for(&self, callee: (FileId, FunctionId), call: (FileId, CallId)) -> Powers {
        let busy = {
            let inside = self.inside.borrow();
            inside.contains(&callee) || inside.len() as u32 >= DEPTH
        };
        let idle = if busy { Vec::new() } else { contexts::idle(self.rec, callee, call) };
        if idle.is_empty() {
            return self.powers(callee.0, callee.1);
        }
        self.inside.borrow_mut().push(callee);
        let found = self.read(callee.0, callee.1, None, &idle);
        self.inside.borrow_mut().pop();
        found
    }

    fn read(&self, file: FileId, function: FunctionId, until: Option<u32>, idle: &[Span]) -> Powers {
        let Some(facts) = self.rec.facts(file) else { return Powers::default() };
        let mut whole = facts.function(function).span;
        whole.end = until.unwrap_or(whole.end);
        self.stretch(file, function, whole, idle)
    }

    /// The values that stand in a stretch of code.
    pub fn values_in(&self, facts: &FileFacts, span: Span) -> Vec<ValueId> {
        let places =
            self.places.borrow_mut().entry(facts.file).or_insert_with(|| Rc::new(Places::new(facts))).clone();
        inside(&places.values, span).collect()
    }
}
