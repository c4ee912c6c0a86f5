//! What a function does to a request: who it looks up, and whether it stops those it does not know.
//! Judged by what the code does, never by what it is called. Knows no framework and no rule.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use crate::concepts::State;
use crate::endpoint::{Answer, Does, Effects, Exempt};
use crate::event::Event;
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::names::Binding;
use crate::project::origins::{At, Context, Frame, Root};
use crate::recognize::Recognizer;
use crate::source::{FileId, Span, Str, words};

use super::collect::Entry;

const CONVERSIONS: &[&str] = &[
    "str",
    "string",
    "len",
    "print",
    "log",
    "debug",
    "info",
    "warn",
    "error",
    "split",
    "strip",
    "trim",
    "encode",
    "bool",
    "boolean",
    "unquote",
    "replace",
    "slice",
    "substring",
    "starts",
    "startswith",
    "format",
    "json",
    "send",
    "next",
    "lower",
    "upper",
    "typeof",
    "isinstance",
    "set",
    "includes",
    "contains",
    "header",
    "headers",
    "array",
];

/// What is said of a function that gives back "no".
const REFUSES: &str = "refuses here";

use super::caught::{is_caught, is_other_status, is_told, not_demanded};
use super::extractors::Extractors;
use super::failing::{self, Leaving};

const SAYS_NO: &str = "says no here";

/// How many functions deep a guard is read.
const DEPTH: u32 = 5;

/// Names of parameters by which functions hand a request, or what came with it, on.
const REQUESTS: &[&str] = &[
    "req",
    "request",
    "ctx",
    "context",
    "c",
    "session",
    "event",
    "info",
    "socket",
    "client",
    "conn",
    "connection",
    "parts",
    "headers",
    "cookies",
    "scope",
    "environ",
    "self",
    "token",
    "claims",
    "payload",
    "jwt",
    "state",
    "env",
    "r",
    "handler",
    "metadata",
    "principal",
    "identity",
    "auth",
    "security",
];

/// What is found in a function, and in what it calls.
#[derive(Clone, Debug, Default)]
pub struct Powers {
    /// A token, session or user is verified or looked up; fails by itself when `strict`.
    pub identity: Option<Evidence>,
    /// A header, cookie or key that proves the caller is read.
    pub credential: Option<Evidence>,
    /// Something is compared, or looked up with it.
    pub tested: bool,
    /// The request is stopped.
    pub stop: Option<Evidence>,
    /// It is stopped, and not because something else is wrong with it.
    pub denies: Option<Evidence>,
    /// It is stopped with "who are you": 401, a login page, a failed verification.
    pub unknown_caller: Option<Evidence>,
    /// A condition asks for the caller.
    pub asks_caller: Option<Evidence>,
    pub role: Option<Evidence>,
    /// The request is stopped because of a role, not merely somewhere.
    pub role_stops: Option<Evidence>,
    pub scope: Option<Evidence>,
    /// A condition asks where the request comes from.
    pub network: Option<Evidence>,
    /// Checks whose outcome is lost.
    pub lost: Vec<Evidence>,
    /// Paths that pass.
    pub exempts: Vec<Exempt>,
    pub changes: Option<Evidence>,
    pub signs_in: Option<Evidence>,
    /// Callers are counted, and stopped when there are too many of them.
    pub limits: bool,
    /// Who the caller is was verified or looked up by a library, not only named.
    pub proven: bool,
    /// Failures are values here: a name alone proves little.
    pub by_value: bool,
    /// Said by the library: without credentials the request goes on.
    pub optional: bool,
    /// A call that could not be read and whose name speaks of authentication.
    pub unread: Option<Evidence>,
}

impl Powers {
    /// As something that stands before a handler.
    pub fn as_guard(&self) -> Does {
        let stops = self.stop.is_some() || self.unknown_caller.is_some();
        let known = self.identity.is_some() || self.credential.is_some() && self.tested;
        let authentication = match (known, stops) {
            (true, true) if self.limits && self.unknown_caller.is_none() => Answer::No,
            (true, true) if self.optional && self.unknown_caller.is_none() => Answer::Optional,
            (true, true) => Answer::Yes,
            (true, false) => Answer::Optional,
            _ if self.unread.is_some() => Answer::Unknown,
            _ => Answer::No,
        };
        let role = match self.role.is_some() && stops {
            true => Answer::Yes,
            false => Answer::No,
        };
        let scope = match self.scope.is_some() && stops {
            true => Answer::Yes,
            false => Answer::No,
        };
        let yes = |holds: bool| if holds { Answer::Yes } else { Answer::No };
        let network = yes(self.network.is_some() && stops);
        let presence = yes(!known && self.credential.is_some() && stops);
        Does { authentication, role, scope, network, presence }
    }

    pub fn effects(&self) -> Effects {
        Effects { changes: self.changes.clone(), signs_in: self.signs_in.clone(), lost: self.lost.clone() }
    }

    /// As the handler itself: that somebody is looked up is no check.
    pub fn as_body(&self) -> Does {
        let asked = self.unknown_caller.is_some()
            // Who brings a credential to be given another one is only about to be let in.
            && (self.identity.is_some() || self.credential.is_some() && self.tested && self.signs_in.is_none())
            || self.asks_caller.is_some()
                && self.denies.is_some()
                && (self.identity.is_some() || self.credential.is_some() && self.tested)
                && (self.proven || !self.by_value);
        let asked = asked && (self.proven || !self.by_value || self.signs_in.is_none());
        let mut does = self.as_guard();
        if !asked || self.optional {
            does.authentication = Answer::No;
            does.presence = Answer::No;
            if !asked {
                does.role = Answer::No;
                does.scope = Answer::No;
            }
        }
        does
    }

    pub fn evidence(&self) -> Vec<Evidence> {
        let all = [
            &self.credential,
            &self.identity,
            &self.role,
            &self.scope,
            &self.network,
            &self.unknown_caller,
            &self.stop,
            &self.unread,
        ];
        let mut out: Vec<Evidence> = Vec::new();
        for step in all.into_iter().flatten() {
            if !out.contains(step) {
                out.push(step.clone());
            }
        }
        out
    }

    pub(super) fn take(&mut self, other: &Powers) {
        let fill = |own: &mut Option<Evidence>, new: &Option<Evidence>| {
            if own.is_none() {
                own.clone_from(new);
            }
        };
        fill(&mut self.identity, &other.identity);
        fill(&mut self.credential, &other.credential);
        fill(&mut self.stop, &other.stop);
        fill(&mut self.denies, &other.denies);
        fill(&mut self.unknown_caller, &other.unknown_caller);
        fill(&mut self.asks_caller, &other.asks_caller);
        fill(&mut self.role, &other.role);
        fill(&mut self.role_stops, &other.role_stops);
        fill(&mut self.scope, &other.scope);
        fill(&mut self.unread, &other.unread);
        fill(&mut self.network, &other.network);
        fill(&mut self.changes, &other.changes);
        fill(&mut self.signs_in, &other.signs_in);
        let new = other.lost.iter().filter(|e| !self.lost.contains(e)).cloned().collect::<Vec<_>>();
        self.lost.extend(new);
        self.limits |= other.limits;
        self.tested |= other.tested;
        self.proven |= other.proven;
        self.optional |= other.optional;
    }
}

/// The facts of a file by where they begin.
struct Places {
    calls: Vec<(u32, CallId)>,
    values: Vec<(u32, ValueId)>,
}

impl Places {
    fn new(facts: &FileFacts) -> Places {
        let calls = facts.calls.iter().enumerate().map(|(i, c)| (c.span.start, CallId(i as u32)));
        let values = facts.values.iter().enumerate().map(|(i, v)| (v.span.start, ValueId(i as u32)));
        let (mut calls, mut values): (Vec<_>, Vec<_>) = (calls.collect(), values.collect());
        calls.sort();
        values.sort();
        Places { calls, values }
    }
}

fn inside<T: Copy>(sorted: &[(u32, T)], span: Span) -> impl Iterator<Item = T> + '_ {
    let from = sorted.partition_point(|(start, _)| *start < span.start);
    sorted[from..].iter().take_while(move |(start, _)| *start < span.end).map(|(_, id)| *id)
}

/// Reads functions, and remembers what it read.
pub struct Reader<'r, 'a> {
    pub rec: &'r Recognizer<'a>,
    events: HashMap<(FileId, CallId), Vec<&'r Event>>,
    kinds: BTreeMap<&'static str, Vec<&'a crate::rulebook::model::NameModel>>,
    known: RefCell<HashMap<(FileId, FunctionId), Powers>>,
    /// The same for functions that were read so many functions deep.
    known_at: RefCell<HashMap<(FileId, FunctionId, usize), Powers>>,
    /// A function that is just being read was met again.
    in_circle: Cell<bool>,
    places: RefCell<HashMap<FileId, Rc<Places>>>,
    pub extractors: Extractors,
    inside: RefCell<Vec<(FileId, FunctionId)>>,
    /// Something was left out since the reading of the function at hand began.
    cut: Cell<bool>,
    /// The calls that made what is being read.
    context: RefCell<Context>,
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
        let found: Vec<&'static str> = self
            .kinds
            .iter()
            .filter(|(_, names)| names.iter().any(|n| says(n)))
            .map(|(kind, _)| *kind)
            .collect();
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
    fn powers_for(&self, callee: (FileId, FunctionId), call: (FileId, CallId)) -> Powers {
        let busy = {
            let inside = self.inside.borrow();
            inside.contains(&callee) || inside.len() as u32 >= DEPTH
        };
        let idle = if busy { Vec::new() } else { super::contexts::idle(self.rec, callee, call) };
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

    /// What a stretch of a function does.
    pub fn within(&self, file: FileId, function: FunctionId, whole: Span) -> Powers {
        self.stretch(file, function, whole, &[])
    }

    fn stretch(&self, file: FileId, function: FunctionId, whole: Span, idle: &[Span]) -> Powers {
        let mut out = Powers::default();
        let Some(facts) = self.rec.facts(file) else { return out };
        // Functions that are put somewhere for later do nothing here.
        let later: Vec<Span> = facts
            .writes
            .iter()
            .filter(|w| matches!(w.target, Target::Field(..)) && whole.contains(&w.span))
            .filter(|w| matches!(facts.value(w.value), Value::Function(f) if *f != function))
            .map(|w| facts.node(w.value).span)
            .collect();
        let context = self.context.borrow().clone();
        let dead = super::settled::dead(self.rec, file, function, &context);
        let later: Vec<Span> = later.into_iter().chain(dead).collect();
        let runs = |span: Span| !idle.iter().chain(&later).any(|i| i.contains(&span));
        let within = |span: Span| whole.contains(&span) && runs(span);
        let places =
            self.places.borrow_mut().entry(file).or_insert_with(|| Rc::new(Places::new(facts))).clone();
        let leaving = Leaving::new(self.rec, file, function);
        out.by_value = leaving.by_value();
        // What is read of a request to make a parameter: `bearer: BearerAuth`.
        for parameter in &facts.function(function).params {
            for head in parameter.type_ref.iter().flat_map(type_names) {
                if let Value::Name(name) | Value::Field(_, name) = facts.value(head)
                    && self.is_named("credential", name)
                    && self
                        .rec
                        .trace(At { file, value: head }, &None)
                        .iter()
                        .any(|t| matches!(&t.root, Root::External(path) if !path.module.is_empty()))
                {
                    note(&mut out.credential, parameter.span, "reads what the caller proves itself with");
                }
            }
        }
        for id in inside(&places.calls, whole).filter(|id| within(facts.call(*id).span)) {
            self.read_call(facts, id, facts.call(id), &leaving, &mut out);
        }
        let soft = self.only_statuses(facts, &places, whole);
        for id in inside(&places.values, whole) {
            let span = facts.node(id).span;
            // A function that translates words into numbers answers nobody.
            let number = matches!(facts.value(id), Value::Number(_));
            if number
                && facts.exits.iter().any(|e| e.value == Some(id))
                && returns_numbers(facts, function) > 3
            {
                continue;
            }
            if !within(span) || soft.iter().any(|s| s.contains(&span)) {
                continue;
            }
            self.read_value(facts, id, facts.node(id), &mut out);
        }
        for exit in facts.exits.iter().filter(|e| within(e.span)) {
            if exit.kind == ExitKind::Throw {
                note(&mut out.stop, exit.span, "stops the request here");
                if !is_other_status(facts, exit.value) {
                    note(&mut out.denies, exit.span, "stops the request here");
                }
            } else if exit.kind == ExitKind::Return
                && let Some(value) = exit.value
                && is_refusal(facts, value)
                && conditional(facts, exit.region)
            {
                // A function that says no leaves it to its caller what that means.
                let says = if facts.value(value) == &Value::Bool(false) { SAYS_NO } else { REFUSES };
                note(&mut out.stop, exit.span, says);
                note(&mut out.denies, exit.span, says);
            }
        }
        let aside = not_demanded(facts, whole);
        let asked = |span: Span| !aside.iter().any(|a| a.contains(&span));
        for compare in facts.compares.iter().filter(|c| within(c.span)) {
            let plain =
                |v: ValueId| matches!(facts.value(v), Value::Null | Value::Bool(_) | Value::Number(_));
            out.tested |= !plain(compare.left) && !plain(compare.right);
            if is_kept(facts, compare.span) {
                continue;
            }
            if matches!(compare.op, CompareOp::In | CompareOp::NotIn) {
                self.read_membership(facts, compare, &mut out);
            }
            let rights = asked(compare.span);
            self.read_network(facts, compare, &mut out);
            self.read_decision(facts, whole, (compare.left, compare.span), rights, &mut out);
            self.read_decision(facts, whole, (compare.right, compare.span), rights, &mut out);
        }
        for region in facts.regions.iter().filter(|r| within(r.span)) {
            let before = std::mem::take(&mut out.role);
            for condition in &region.conditions {
                let rights = asked(condition.span);
                self.read_decision(facts, whole, (condition.value, condition.span), rights, &mut out);
            }
            if let Some(role) = &out.role
                && failing::ends_inside(facts, region)
            {
                out.role_stops.get_or_insert_with(|| role.clone());
            }
            out.role = before.or(out.role);
        }
        out
    }

    /// Is a failure of this call caught around it, and then forgotten?
    fn forgotten(&self, facts: &FileFacts, call: &Call) -> bool {
        let context = self.context.borrow().clone();
        let dead = super::settled::dead(self.rec, facts.file, call.function, &context);
        super::catches::forgotten(facts, call.region, &dead)
    }

    /// Calls that set the status of the answer and stop nothing: nothing is sent, thrown or given back there.
    fn only_statuses(&self, facts: &FileFacts, places: &Places, whole: Span) -> Vec<Span> {
        let mut out = Vec::new();
        for id in inside(&places.calls, whole) {
            let named = |name: &str, id: CallId| {
                let events = self.events.get(&(facts.file, id)).into_iter().flatten();
                events.into_iter().any(|e| e.concept.name == name)
            };
            if !named("response.status", id) {
                continue;
            }
            let call = facts.call(id);
            let chained = inside(&places.calls, whole).any(|c| {
                matches!(facts.value(facts.call(c).callee), Value::Field(base, _) if facts.value(*base) == &Value::Result(id))
            });
            let ends = inside(&places.calls, whole).any(|c| {
                facts.call(c).region == call.region && (named("request.end", c) || named("response.send", c))
            });
            let leaves = facts.exits.iter().any(|e| {
                e.region == call.region
                    && whole.contains(&e.span)
                    && (e.kind == ExitKind::Throw || e.kind == ExitKind::Return && e.value.is_some())
            });
            if !chained && !ends && !leaves {
                out.push(call.span);
            }
        }
        out
    }

    /// A condition: that it asks for the caller and its rights only counts when it decides who goes on.
    fn read_decision(
        &self,
        facts: &FileFacts,
        whole: Span,
        (value, span): (ValueId, Span),
        rights: bool,
        out: &mut Powers,
    ) {
        let asked = |out: &Powers| (out.role.clone(), out.scope.clone(), out.asks_caller.clone());
        let before = asked(out);
        self.read_condition(facts, value, span, rights, out);
        if !out.by_value && before != asked(out) && !super::contexts::decides(facts, whole, span) {
            (out.role, out.scope, out.asks_caller) = before;
        }
    }

    fn read_call(&self, facts: &FileFacts, id: CallId, call: &Call, leaving: &Leaving, out: &mut Powers) {
        let file = facts.file;
        let callee = self.rec.callee(file, id);
        if leaving.by_value() {
            failing::note_failure(facts, id, !callee.entries.is_empty(), leaving, out);
        }
        for event in self.events.get(&(file, id)).into_iter().flatten() {
            match event.concept.name {
                "jwt.verify" if !matches!(event.state("signature"), State::Off | State::Unchecked) => {
                    note(&mut out.identity, call.span, "verifies a token here");
                    out.proven = true;
                    if event.state("required") == State::Off {
                        out.optional = true;
                    } else if leaving.holds(id)
                        && !is_caught(facts, call.region)
                        && !self.forgotten(facts, call)
                    {
                        note(&mut out.stop, call.span, "fails for a token that is not valid");
                        note(&mut out.denies, call.span, "fails for a token that is not valid");
                    }
                }
                "http.guard" => {
                    note(&mut out.identity, call.span, "asks the library for the caller");
                    out.proven = true;
                    match event.state("required") {
                        State::Off => out.optional = true,
                        _ => note(
                            &mut out.unknown_caller,
                            call.span,
                            "the library stops callers that it does not know",
                        ),
                    }
                    if event.state("role") == State::Set {
                        note(&mut out.role, call.span, "asks for a role or permission");
                    }
                    if event.state("scope") == State::Set {
                        note(&mut out.scope, call.span, "asks for a scope");
                    }
                }
                "identity.read" => {
                    note(&mut out.identity, call.span, "looks the caller up");
                    out.proven = true;
                    if event.state("required") == State::Set {
                        note(&mut out.unknown_caller, call.span, "stops callers that it does not know");
                    }
                }
                "jwt.sign" | "token.make" | "session.login" | "session.renew" | "password.hash" => {
                    note(&mut out.signs_in, call.span, "gives out a token or session, or handles a password");
                }
                "request.end" => {
                    note(&mut out.stop, call.span, "stops the request here");
                    note(&mut out.denies, call.span, "stops the request here");
                }
                _ => {}
            }
        }
        let mut local = callee.local.clone();
        if local.is_empty()
            && callee.entries.is_empty()
            && let Value::Field(_, name) = facts.value(call.callee)
        {
            for at in self.extensions(name) {
                local.extend(self.rec.trace(at, &None).iter().filter_map(|t| match t.root {
                    Root::Function(f, function) => Some((f, function)),
                    _ => None,
                }));
            }
        }
        local.extend(self.extractors.of_call(self.rec, facts, call));
        // `token.and_then(find_user)`: a function of the project gets what was read.
        for function in self.passed_on(facts, call) {
            out.tested = true;
            local.push(function);
        }
        for (f, function) in &local {
            if *f == file && facts.function(call.function).span.contains(&facts.function(*function).span) {
                continue;
            }
            let context = self.context.borrow().clone();
            let inner = match super::settled::hands_on(self.rec, facts, call, &context) {
                true => {
                    let frame = Frame { function: (*f, *function), call: (file, id), outer: context };
                    self.powers_in(*f, *function, &Some(Arc::new(frame)))
                }
                false => self.settled(&None, || self.powers_for((*f, *function), (file, id))),
            };
            if let Some(lost) = self.lost(call, (*f, *function), &inner) {
                out.lost.push(lost);
                continue;
            }
            let mut passed = inner.clone();
            let lost = is_caught(facts, call.region) || self.forgotten(facts, call);
            if (passed.stop.is_some() || passed.unknown_caller.is_some()) && lost {
                passed.stop = None;
                passed.denies = None;
                passed.unknown_caller = None;
            }
            // That an inner function gives back "no" stops nobody unless the answer is handed on.
            let handed_on =
                facts.exits.iter().any(|e| e.kind == ExitKind::Return && e.span.contains(&call.span));
            let says_no = |e: &Evidence| e.text == SAYS_NO || e.text == REFUSES;
            if !handed_on && !call.propagated {
                passed.stop = passed.stop.filter(|e| !says_no(e));
                passed.denies = passed.denies.filter(|e| !says_no(e));
            }
            // What an inner function asks of its own caller is its own matter unless it concerns the request.
            if passed.identity.is_none() && passed.credential.is_none() && passed.unknown_caller.is_none() {
                let kept = call.propagated || is_short(self.rec, *f, *function);
                passed.stop = passed.stop.filter(|_| kept);
                passed.denies = passed.denies.filter(|_| kept);
                passed.role = None;
            }
            if !leaving.holds(id) {
                passed.stop = None;
                passed.unknown_caller = None;
                passed.role_stops = None;
            }
            let leaves = match leaving.by_value() {
                true => leaving.holds(id) && (passed.proven || passed.credential.is_some() && passed.tested),
                false => call.propagated,
            };
            if leaves && passed.identity.is_some() && passed.stop.is_some() && passed.unknown_caller.is_none()
            {
                passed.unknown_caller = Some(Evidence {
                    span: call.span,
                    text: "a failure leaves the function here".into(),
                    strength: Strength::Stated,
                });
            }
            out.take(&passed);
        }
        let name = match facts.value(call.callee) {
            Value::Field(_, name) | Value::Name(name) => name.as_str(),
            _ => return,
        };
        if self.is_named("change", name) {
            note(&mut out.changes, call.span, "changes or sends something");
        }
        let last = words(name);
        let has = |list: &[&str]| last.iter().any(|w| list.contains(&w.as_str()));
        if has(&["create", "generate", "issue", "sign", "make", "mint"])
            && has(&["token", "tokens", "jwt", "session"])
            || has(&["password", "passwd"])
                && has(&["compare", "verify", "check", "match", "matches", "validate"])
        {
            note(&mut out.signs_in, call.span, "gives out a token or session, or handles a password");
        }
        let is = |list: &[&str]| last.iter().any(|w| list.contains(&w.as_str()));
        if is(&[
            "find",
            "get",
            "query",
            "verify",
            "validate",
            "check",
            "authenticate",
            "introspect",
            "lookup",
            "select",
            "fetch",
            "exists",
            "compare",
            "equals",
            "equal",
            "digest",
            "timing",
            "match",
            "matches",
            "load",
            "one",
            "first",
        ]) {
            out.tested |= !call.args.is_empty() && !is(&["header", "headers"]) && !reads_request(facts, call);
        }
        self.read_exempt(facts, call, name, out);
        if is(&["redirect"]) && (is(&["login"]) || call.args.iter().any(|a| self.is_login(facts, a.value))) {
            note(&mut out.unknown_caller, call.span, "sends callers without a session to the login page");
        }
        // Calls that turn a credential into another form, or write it down, know nothing of it.
        let converts = last.iter().any(|w| CONVERSIONS.contains(&w.as_str()));
        // What the caller proves itself with is handed to something that can tell: `known(request.token)`.
        out.tested |= call.args.iter().any(|a| {
            let credential = |v: ValueId| {
                matches!(facts.value(v), Value::Field(base, n)
                    if n.len() < 40 && self.is_named("credential", n) && self.is_request_part(facts, *base))
            };
            // `known(request.headers.get("Authorization"))`
            let read = |v: ValueId| match facts.value(v) {
                Value::Result(inner) => facts.call(*inner).args.iter().any(|x| {
                    matches!(facts.value(x.value), Value::Text(t) if t.len() < 40 && self.is_named("credential", t))
                }),
                _ => false,
            };
            // `known(token)`
            let named = |v: ValueId| {
                matches!(facts.value(v), Value::Name(n) if n.len() < 40 && self.is_named("credential", n))
            };
            credential(a.value) || (read(a.value) || named(a.value)) && !converts
        });
        // `extensions.get::<CurrentUser>()`.
        for given in call.generics.iter().flat_map(type_names) {
            let (Value::Name(name) | Value::Field(_, name)) = facts.value(given) else { continue };
            if self.is_named("credential", name) {
                note(&mut out.credential, call.span, "reads what the caller proves itself with");
            } else if self.is_named("caller", name) && is(&["get", "remove"]) {
                note(&mut out.identity, call.span, "reads who the caller is");
            }
        }
        // A credential that is asked for by its name: `headers.get("authorization")`.
        for (n, arg) in call.args.iter().enumerate() {
            if let Value::Name(name) | Value::Field(_, name) = facts.value(arg.value)
                && name.chars().all(|c| c.is_uppercase() || c == '_' || c.is_numeric())
                && self.is_named("credential", name)
                && is(&["get", "header", "headers", "cookie", "cookies", "one", "value"])
            {
                note(&mut out.credential, call.span, "reads what the caller proves itself with");
            }
            if let Value::Text(text) = facts.value(arg.value) {
                if text.len() < 40
                    && (self.is_named("credential", text) || is_own_header(text))
                    && is(&["get", "header", "headers", "cookie", "cookies", "one", "value"])
                    && !is(&["set", "add", "delete", "remove", "clear", "append"])
                {
                    note(&mut out.credential, call.span, "reads what the caller proves itself with");
                }
                if is(&["get", "pop"])
                    && let Value::Field(base, _) = facts.value(call.callee)
                    && self.is_in_session(file, *base, text)
                {
                    note(&mut out.identity, call.span, "reads who the caller is");
                }
                if n == 0
                    && is(&["get", "one", "value"])
                    && !is(&["set"])
                    && !names_input(facts, call.callee)
                    && self.is_named("caller", text)
                    && text.len() < 40
                    && !text.contains('/')
                {
                    note(&mut out.identity, call.span, "reads who the caller is");
                }
            }
        }
    }

    /// The project's own functions that a value is handed to where values carry their failures.
    fn passed_on(&self, facts: &FileFacts, call: &Call) -> Vec<(FileId, FunctionId)> {
        let Value::Field(_, method) = facts.value(call.callee) else { return Vec::new() };
        let hands = ["and_then", "map", "filter", "filter_map", "map_or", "is_some_and", "is_ok_and", "then"];
        if !facts.ecosystem.fails_by_value() || !hands.contains(&method.as_str()) {
            return Vec::new();
        }
        let named =
            call.args.iter().filter(|a| matches!(facts.value(a.value), Value::Name(_) | Value::Field(..)));
        let traced = named.flat_map(|a| self.rec.trace(At { file: facts.file, value: a.value }, &None));
        traced
            .filter_map(|t| match t.root {
                Root::Function(file, function) => Some((file, function)),
                _ => None,
            })
            .collect()
    }

    /// A check that is called and left alone: not awaited, or its answer dropped.
    fn lost(&self, call: &Call, (file, function): (FileId, FunctionId), inner: &Powers) -> Option<Evidence> {
        let checks = (inner.identity.is_some() || inner.role.is_some() || inner.scope.is_some())
            && inner.stop.is_some();
        if !call.dropped || call.propagated || !checks {
            return None;
        }
        let facts = self.rec.facts(file)?;
        let callee = facts.function(function);
        let named = |text: &str| Evidence {
            span: call.span,
            text: format!("`{}` {text}", callee.name),
            strength: Strength::Stated,
        };
        if callee.is_async && !call.awaited {
            return Some(named("is not awaited: the request goes on before it has an answer"));
        }
        // It answers yes or no, and stops nothing itself.
        let span = callee.span;
        let mut returns = facts.exits.iter().filter(|e| e.function == function && e.kind == ExitKind::Return);
        let throws = facts.exits.iter().any(|e| span.contains(&e.span) && e.kind == ExitKind::Throw);
        let says_no = facts.exits.iter().any(|e| {
            e.function == function && e.value.is_some_and(|v| matches!(facts.value(v), Value::Bool(false)))
        });
        let answers = returns.all(|e| {
            e.value
                .is_some_and(|v| matches!(facts.value(v), Value::Bool(_) | Value::Unknown | Value::Either(_)))
        });
        (says_no && answers && !throws && inner.unknown_caller.is_none())
            .then(|| named("answers yes or no, and nobody looks at the answer"))
    }

    /// `path.startsWith("/public")`, where what follows lets the request pass.
    fn read_exempt(&self, facts: &FileFacts, call: &Call, name: &str, out: &mut Powers) {
        let anywhere = match name {
            "startsWith" | "startswith" | "starts_with" => false,
            "includes" | "contains" => true,
            _ => return,
        };
        let Value::Field(base, _) = facts.value(call.callee) else { return };
        let of_path = match facts.value(*base) {
            Value::Field(_, n) | Value::Name(n) => n.clone(),
            Value::Result(c) => match facts.value(facts.call(*c).callee) {
                Value::Field(_, n) | Value::Name(n) => n.clone(),
                _ => return,
            },
            _ => return,
        };
        if !words(&of_path)
            .iter()
            .any(|w| matches!(w.as_str(), "path" | "pathname" | "url" | "uri" | "route"))
        {
            return;
        }
        // What stands under the condition lets the request go on.
        let passes = facts.regions.iter().enumerate().any(|(i, r)| {
            let id = RegionId(i as u32);
            r.kind == RegionKind::Branch
                && r.conditions.iter().any(|c| !c.negated && c.span.contains(&call.span))
                && facts.exits.iter().any(|e| {
                    e.kind == ExitKind::Return
                        && facts.encloses(id, e.region)
                        && !e.value.is_some_and(|v| is_refusal(facts, v))
                })
        });
        let Some(arg) = call.args.first().filter(|_| passes) else { return };
        for text in self.rec.texts_at(At { file: facts.file, value: arg.value }) {
            if text.len() > 1 && !text.contains('…') {
                out.exempts.push(Exempt { text, span: call.span, anywhere });
            }
        }
    }

    fn is_login(&self, facts: &FileFacts, value: ValueId) -> bool {
        match facts.value(value) {
            Value::Text(text) => self.is_named("login", text),
            Value::Result(call) => facts.call(*call).args.iter().any(|a| self.is_login(facts, a.value)),
            Value::Field(_, name) | Value::Name(name) => self.is_named("login", name),
            Value::Join(parts) => parts.iter().any(|p| self.is_login(facts, *p)),
            _ => false,
        }
    }

    fn read_value(&self, facts: &FileFacts, id: ValueId, node: &ValueNode, out: &mut Powers) {
        match &node.value {
            Value::Number(n) if *n == 429.0 => out.limits = true,
            Value::Number(n) if *n == 401.0 => note(&mut out.unknown_caller, node.span, "answers 401"),
            Value::Number(n) if *n == 403.0 => {
                note(&mut out.stop, node.span, "answers 403");
                note(&mut out.denies, node.span, "answers 403");
            }
            Value::Field(base, name) => {
                self.read_refusal(name, node.span, out);
                if name.len() < 40
                    && self.is_named("credential", name)
                    && self.is_request_part(facts, *base)
                    && !is_written(facts, node.span)
                {
                    note(&mut out.credential, node.span, "reads what the caller proves itself with");
                }
                if self.is_caller(facts, id) && !is_written(facts, node.span) {
                    note(&mut out.identity, node.span, "reads who the caller is");
                }
            }
            Value::Name(name) => {
                self.read_refusal(name, node.span, out);
                if self.is_known_caller(facts.file, id) {
                    note(&mut out.identity, node.span, "reads who the caller is");
                }
            }
            Value::Text(text) if text.len() < 60 => {
                let lower = text.to_lowercase();
                if !lower.contains([' ', '/', '.']) {
                    self.read_refusal(text, node.span, out);
                }
                let read = lower.starts_with("bearer") || lower == "authorization";
                if read && !is_told(facts, id) && !is_sent(facts, node.span) {
                    note(&mut out.credential, node.span, "reads what the caller proves itself with");
                }
            }
            _ => {}
        }
    }

    fn read_refusal(&self, name: &str, span: Span, out: &mut Powers) {
        let parts = words(name);
        let has = |w: &str| parts.iter().any(|p| p == w || w.len() > 8 && p.ends_with(w));
        out.limits |= has("too") && has("many") || has("rate") && has("limit");
        if has("unauthorized")
            || has("unauthenticated")
            || has("401")
            || has("authenticated") && has("not")
            || has("unauthorised")
        {
            note(&mut out.unknown_caller, span, "answers that the caller is not known");
        } else if has("forbidden") || has("403") || has("permission") && has("denied") {
            note(&mut out.stop, span, "answers that the caller may not");
            note(&mut out.denies, span, "answers that the caller may not");
        }
    }

    /// Something that pages say is the caller.
    fn is_known_caller(&self, file: FileId, id: ValueId) -> bool {
        if !self.rec.facts(file).is_some_and(|f| self.may_be_known(f, id)) {
            return false;
        }
        let ecosystem = self.rec.facts(file).map_or(crate::source::Ecosystem::None, |f| f.ecosystem);
        let mut values = self.rec.index.values(ecosystem);
        if !values.any(|(_, v)| v.concept.name == "identity.read") {
            return false;
        }
        self.rec.trace(At { file, value: id }, &None).iter().any(|t| {
            let Root::External(path) = &t.root else { return false };
            self.rec.index.values(path.ecosystem).any(|(model, v)| {
                v.concept.name == "identity.read"
                    && self.rec.index.of_module(path.ecosystem, &path.module).contains(&model)
                    && crate::recognize::index::names(&v.path, &path.members)
            })
        })
    }

    /// `request.user`, `session["user_id"]`, `ctx.state.user`: a caller's name on something that a
    /// request brings.
    pub fn is_caller(&self, facts: &FileFacts, id: ValueId) -> bool {
        let Value::Field(base, name) = facts.value(id) else { return false };
        let is_setting = !name.chars().any(char::is_lowercase);
        if name.len() > 40 || is_setting || !self.is_named("caller", name) {
            return self.is_known_caller(facts.file, id) || self.is_in_session(facts.file, *base, name);
        }
        // `store.findUser(id)` looks somebody up; it is not who calls.
        self.is_request_part(facts, *base)
            && !facts.calls.iter().any(|c| c.callee == id && !c.args.is_empty())
    }

    /// Is it what a request brings: a parameter, a part of one, or of the object whose method this is?
    fn is_request_part(&self, facts: &FileFacts, value: ValueId) -> bool {
        let mut at = value;
        for _ in 0..6 {
            match facts.value(at) {
                // What the deployment sets and stores is no part of a request, wherever it hangs.
                Value::Field(_, name) if self.is_named("store", name) => return false,
                Value::Field(base, _) => at = *base,
                Value::Result(call) => at = facts.call(*call).callee,
                Value::Param(f, n) => {
                    let name = facts.function(*f).params.get(*n as usize).map_or("", |p| p.name.as_str());
                    return self.may_be_request(facts, *f, name);
                }
                Value::Name(name) if matches!(name.as_str(), "this" | "self") => {
                    return at != value || facts.function(facts.node(at).function).owner.is_none();
                }
                Value::Name(name) => {
                    let Some(names) = self.rec.names(facts.file) else { return false };
                    let Some(scope) = names.scope(facts, facts.node(at).function, name) else {
                        return self.is_known_request(facts.file, at);
                    };
                    let bindings = names.bindings(scope, name);
                    let parameter = bindings.iter().find_map(|b| match b {
                        Binding::Param(f, _) => Some(*f),
                        _ => None,
                    });
                    if let Some(f) = parameter {
                        return self.may_be_request(facts, f, name);
                    }
                    // `const { headers } = request`
                    let written = bindings.iter().find_map(|b| match b {
                        Binding::Write(w) => Some(facts.writes[*w as usize].value),
                        _ => None,
                    });
                    match written {
                        Some(value) if matches!(facts.value(value), Value::Field(..)) => at = value,
                        // `const request = context.getRequest()`
                        Some(value) if self.is_of_parameter(facts, value) => return true,
                        _ => return self.is_known_request(facts.file, at),
                    }
                }
                _ => return false,
            }
        }
        false
    }

    /// Is a parameter what a request brings? The handler's and the guard's are; further down only what is
    /// called so, or what has no name of its own.
    fn may_be_request(&self, facts: &FileFacts, function: FunctionId, name: &str) -> bool {
        if words(name).iter().any(|w| REQUESTS.contains(&w.as_str())) {
            return true;
        }
        // `rows.map(row => row.user)`: an item of a list.
        let of_list = facts.calls.iter().any(|c| {
            c.args.iter().any(|a| facts.value(a.value) == &Value::Function(function))
                && matches!(facts.value(c.callee), Value::Field(_, method)
                    if matches!(method.as_str(), "map" | "forEach" | "filter" | "some" | "every" | "find" | "reduce" | "sort" | "flatMap"))
        });
        !of_list && (self.inside.borrow().len() <= 1 || name.is_empty())
    }

    /// Is it a field of a parameter, or what a method of one gives back?
    fn is_of_parameter(&self, facts: &FileFacts, mut value: ValueId) -> bool {
        for _ in 0..6 {
            match facts.value(value) {
                Value::Field(base, _) => value = *base,
                Value::Result(call) => value = facts.call(*call).callee,
                Value::Param(..) => return true,
                Value::Name(name) => {
                    let Some(names) = self.rec.names(facts.file) else { return false };
                    let scope = names.scope(facts, facts.node(value).function, name);
                    return scope.is_some_and(|s| {
                        names.bindings(s, name).iter().any(|b| matches!(b, Binding::Param(..)))
                    });
                }
                _ => return false,
            }
        }
        false
    }

    pub fn read_condition(
        &self,
        facts: &FileFacts,
        value: ValueId,
        span: Span,
        rights: bool,
        out: &mut Powers,
    ) {
        let mut open = vec![value];
        let mut steps = 0;
        while let Some(id) = open.pop() {
            steps += 1;
            if steps > 40 {
                return;
            }
            match facts.value(id) {
                Value::Field(base, name) => {
                    if self.is_caller(facts, id) {
                        note(&mut out.asks_caller, span, "asks who the caller is");
                    }
                    if !self.is_plain_input(facts.file, *base) {
                        self.read_rights(name, span, rights, out);
                    }
                    open.push(*base);
                }
                Value::Name(name) => {
                    self.read_rights(name, span, rights, out);
                    if self.comes_from_caller(facts.file, id) {
                        note(&mut out.asks_caller, span, "asks who the caller is");
                    }
                    // `const may = hasPermission(user, …)`
                    for asked in self.calls_behind(facts, id) {
                        if let Value::Name(name) | Value::Field(_, name) =
                            facts.value(facts.call(asked).callee)
                        {
                            self.read_rights(name, span, rights, out);
                        }
                    }
                }
                Value::Result(call) => {
                    let c = facts.call(*call);
                    if self.asks_identity(facts.file, *call) {
                        note(&mut out.asks_caller, span, "asks who the caller is");
                    }
                    open.push(c.callee);
                    open.extend(c.args.iter().map(|a| a.value));
                }
                Value::Either(parts) | Value::Join(parts) | Value::List(parts) => open.extend(parts),
                _ => {}
            }
        }
    }

    /// The calls that a variable was given the results of.
    fn calls_behind(&self, facts: &FileFacts, id: ValueId) -> Vec<CallId> {
        let Value::Name(name) = facts.value(id) else { return Vec::new() };
        let Some(names) = self.rec.names(facts.file) else { return Vec::new() };
        let Some(scope) = names.scope(facts, facts.node(id).function, name).filter(|s| *s != FunctionId(0))
        else {
            return Vec::new();
        };
        let written = names.bindings(scope, name).iter().filter_map(|b| match b {
            Binding::Write(w) => match facts.value(facts.writes[*w as usize].value) {
                Value::Result(call) => Some(*call),
                _ => None,
            },
            _ => None,
        });
        written.collect()
    }

    fn read_rights(&self, name: &str, span: Span, rights: bool, out: &mut Powers) {
        // A type or a constant stands beside what is asked.
        if name.starts_with(char::is_uppercase) {
            return;
        }
        if rights && self.is_named("role", name) {
            note(&mut out.role, span, "asks for a role or permission");
        }
        if rights && self.is_named("scope", name) {
            note(&mut out.scope, span, "asks for a scope");
        }
    }

    /// `req.ip === "10.0.0.5"`, `host in INTERNAL`: an address or a name that the request brings, compared.
    fn read_network(&self, facts: &FileFacts, compare: &Compare, out: &mut Powers) {
        let named = |value: ValueId| {
            let mut at = value;
            for _ in 0..4 {
                match facts.value(at) {
                    Value::Field(base, name) => {
                        if self.is_named("network", name) {
                            return true;
                        }
                        at = *base;
                    }
                    Value::Name(name) => {
                        return self.is_named("network", name) && name.chars().any(char::is_lowercase);
                    }
                    Value::Result(call) => {
                        let texts = facts.call(*call).args.iter().any(
                            |a| matches!(facts.value(a.value), Value::Text(t) if self.is_named("network", t)),
                        );
                        if texts {
                            return true;
                        }
                        at = facts.call(*call).callee;
                    }
                    _ => return false,
                }
            }
            false
        };
        let nothing = |v: ValueId| matches!(facts.value(v), Value::Null | Value::Bool(_) | Value::Number(_));
        if named(compare.left) && !nothing(compare.right) || named(compare.right) && !nothing(compare.left) {
            note(&mut out.network, compare.span, "asks where the request comes from");
        }
    }

    pub fn comes_from_caller(&self, file: FileId, id: ValueId) -> bool {
        self.rec.trace(At { file, value: id }, &None).iter().any(|t| {
            let mut root = &t.root;
            while let Root::Member(base, name) = root {
                if self.is_named("caller", name) {
                    return true;
                }
                root = base;
            }
            match root {
                Root::Call(file, call) => self.asks_identity(*file, *call),
                Root::Param(file, function, n) => self.is_handed_caller(*file, *function, *n),
                _ => false,
            }
        })
    }

    fn asks_identity(&self, file: FileId, call: CallId) -> bool {
        let by_event = self.events.get(&(file, call)).into_iter().flatten();
        if by_event
            .into_iter()
            .any(|e| matches!(e.concept.name, "identity.read" | "jwt.verify" | "http.guard"))
        {
            return true;
        }
        let callee = self.rec.callee(file, call);
        callee.local.iter().any(|(f, function)| self.powers(*f, *function).identity.is_some())
    }
}

/// Is the outcome only put into a field: `user.isAdmin = user.role === "admin"`?
fn is_kept(facts: &FileFacts, span: Span) -> bool {
    facts.writes.iter().any(|w| {
        matches!(w.target, Target::Field(..))
            && matches!(facts.value(w.value), Value::Unknown)
            && facts.node(w.value).span.contains(&span)
    })
}

/// `headers().get("x")`, `request.cookies.get("x")`: to read something is not to test it.
fn reads_request(facts: &FileFacts, call: &Call) -> bool {
    let Value::Field(base, _) = facts.value(call.callee) else { return false };
    let named = |id: ValueId| match facts.value(id) {
        Value::Name(name) | Value::Field(_, name) => words(name)
            .last()
            .is_some_and(|w| matches!(w.as_str(), "headers" | "cookies" | "params" | "query")),
        _ => false,
    };
    match facts.value(*base) {
        Value::Result(inner) => named(facts.call(*inner).callee),
        _ => named(*base),
    }
}

/// `params.get(…)`, `request.match_info().get(…)`: what anybody can write into an address or a body.
fn names_input(facts: &FileFacts, callee: ValueId) -> bool {
    let input = ["match", "params", "param", "query", "path", "args", "form", "body", "json", "input"];
    let mut at = callee;
    for _ in 0..6 {
        at = match facts.value(at) {
            Value::Field(base, _) => *base,
            Value::Result(call) => facts.call(*call).callee,
            _ => break,
        };
        if let Value::Field(_, name) | Value::Name(name) = facts.value(at)
            && words(name).iter().any(|w| input.contains(&w.as_str()))
        {
            return true;
        }
    }
    false
}

fn type_names(t: &TypeRef) -> Vec<ValueId> {
    let mut out = vec![t.head];
    out.extend(t.args.iter().flat_map(type_names));
    out
}

/// A function so short that what it does is what calling it does: `unauthorized(res)`.
fn is_short(rec: &Recognizer, file: FileId, function: FunctionId) -> bool {
    rec.facts(file).is_some_and(|f| {
        let span = f.function(function).span;
        f.calls.iter().filter(|c| span.contains(&c.span)).count() <= 4
    })
}

/// Is the place the target of an assignment?
fn is_written(facts: &FileFacts, span: Span) -> bool {
    facts
        .writes
        .iter()
        .any(|w| w.span.start == span.start && w.span != span && facts.node(w.value).span.start > span.end)
}

/// How many different numbers a function gives back.
fn returns_numbers(facts: &FileFacts, function: FunctionId) -> usize {
    let exits = facts.exits.iter().filter(|e| e.function == function && e.kind == ExitKind::Return);
    let numbers = exits.filter_map(|e| match facts.value(e.value?) {
        Value::Number(n) => Some(*n as i64),
        _ => None,
    });
    numbers.collect::<std::collections::BTreeSet<i64>>().len()
}

/// `x-service-key`: a header of the project's own that proves the caller.
fn is_own_header(name: &str) -> bool {
    let parts = words(name);
    parts.len() > 2
        && parts[0] == "x"
        && parts
            .last()
            .is_some_and(|w| matches!(w.as_str(), "key" | "token" | "secret" | "signature" | "auth"))
        && !parts.iter().any(|w| matches!(w.as_str(), "csrf" | "xsrf" | "idempotency"))
}

/// Does it go out with a request to another service: `{ authorization: "Bearer …" }`, `headers.set("authorization", x)`?
fn is_sent(facts: &FileFacts, span: Span) -> bool {
    let named = |name: &str| name.eq_ignore_ascii_case("authorization");
    let in_record = facts.values.iter().any(|v| match &v.value {
        Value::Record(record) if v.span.contains(&span) => record
            .entries
            .iter()
            .any(|e| e.span.contains(&span) && matches!(&e.key, Key::Text(key) if named(key))),
        _ => false,
    });
    let in_call = || {
        facts.calls.iter().any(|c| {
            c.args.len() > 1
                && c.span.contains(&span)
                && matches!(facts.value(c.callee), Value::Field(_, m) if matches!(m.as_str(), "set" | "append" | "insert" | "header" | "setHeader"))
                && matches!(facts.value(c.args[0].value), Value::Text(t) if named(t))
        })
    };
    let written = || {
        facts
            .writes
            .iter()
            .any(|w| w.span.contains(&span) && matches!(&w.target, Target::Field(_, name) if named(name)))
    };
    in_record || in_call() || written()
}

/// `false`, an error, nothing: what says no.
fn is_refusal(facts: &FileFacts, value: ValueId) -> bool {
    match facts.value(value) {
        Value::Bool(false) => true,
        Value::Result(call) => match facts.value(facts.call(*call).callee) {
            Value::Name(name) => matches!(name.as_str(), "Err" | "Error"),
            _ => false,
        },
        _ => false,
    }
}

fn conditional(facts: &FileFacts, region: RegionId) -> bool {
    let mut at = Some(region);
    while let Some(id) = at {
        let r = facts.region(id);
        match r.kind {
            RegionKind::Branch | RegionKind::Else | RegionKind::Catch => return true,
            RegionKind::Function | RegionKind::File => return false,
            _ => at = r.parent,
        }
    }
    false
}

fn note(slot: &mut Option<Evidence>, span: Span, text: &str) {
    if slot.is_none() {
        *slot = Some(Evidence { span, text: text.into(), strength: Strength::Stated });
    }
}
