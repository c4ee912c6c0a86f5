//! Events about routes as the parts of a tree: routers, and what is registered on them, in order.
//! Knows no framework: pages say which arguments are what.

mod given;
mod nodes;
mod places;
mod register;
mod settle;

use std::collections::{BTreeMap, BTreeSet};

use crate::concepts::State;
use crate::endpoint::GuardKind;
use crate::facts::*;
use crate::project::origins::{At, Root};
use crate::recognize::Recognizer;
use crate::recognize::wrappers::Callers;
use crate::rulebook::model::Spec;
use crate::source::{FileId, Span, Str, is_test_path};

use super::rounds::Round;
use super::through::Through;

/// Something that holds routes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// Made by this call.
    Made(FileId, CallId),
    /// Handed to a function.
    Param(FileId, FunctionId, u32),
    /// A handler that says itself where it answers.
    Handler(FileId, FunctionId),
    Class(FileId, TypeId),
    /// A file that is a route by where it stands.
    File(FileId),
    /// A list that a module keeps under a name.
    Table(FileId, Str),
    /// The whole program below a folder, as far as one page speaks of it.
    Program(Str, Str),
}

/// An expression that stands before a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    pub at: At,
    pub kind: GuardKind,
}

#[derive(Clone, Debug)]
pub enum Handler {
    Value(At),
    Function(FileId, FunctionId),
    Class(FileId, TypeId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covers {
    /// Registered later, also on the routers around it.
    After,
    /// Registered later, also on the router around it, and no further.
    Outer,
    /// Registered later.
    Below,
    /// Registered earlier.
    Before,
    All,
    /// The router's own routes whose path has a parameter of that name.
    Parameter,
}

impl Covers {
    pub fn of(rec: &Recognizer, entry: &Entry) -> Covers {
        rec.role_texts(entry, "covers").first().map_or(Covers::After, |t| Covers::named(t))
    }

    pub fn named(text: &str) -> Covers {
        match text {
            "below" => Covers::Below,
            "outer" => Covers::Outer,
            "before" => Covers::Before,
            "all" => Covers::All,
            _ => Covers::After,
        }
    }
}

#[derive(Clone, Debug)]
pub enum What {
    Route { methods: Vec<Str>, paths: Vec<Str>, handlers: Vec<Handler>, guards: Vec<Placed> },
    Mount { paths: Vec<Str>, children: Vec<Node>, guards: Vec<Placed> },
    Use { paths: Vec<Str>, exact: bool, guards: Vec<Placed>, covers: Covers },
}

#[derive(Clone, Debug)]
pub struct Item {
    /// When it is registered: the places of the calls that lead to it, outermost first.
    pub order: Vec<u32>,
    pub span: Span,
    /// The page that says so.
    pub model: usize,
    pub what: What,
    pub condition: Option<Str>,
}

#[derive(Clone, Debug, Default)]
pub struct Router {
    pub model: usize,
    pub span: Option<Span>,
    pub paths: Vec<Str>,
    pub method: Option<Str>,
    pub guards: Vec<Placed>,
    pub items: Vec<Item>,
    /// What is registered here is registered on the router around it.
    pub same: bool,
    /// Of a program: paths that do not begin as its others do, what stands before a version in a path, and the
    /// versions of what names none.
    pub except: Vec<Str>,
    pub version_mark: Option<Str>,
    pub versions: Vec<Str>,
}

/// What is known of all routers.
#[derive(Default)]
pub struct Routers {
    pub all: BTreeMap<Node, Router>,
    /// Mounts whose path stands in the place of the inner router's own.
    pub instead: BTreeSet<Span>,
    /// Mounts of applications that do not share what the outer one's handlers depend on.
    pub apart: BTreeSet<Span>,
    /// What documents demand before a handler.
    pub demanded: std::collections::HashMap<(FileId, ValueId), super::operations::Demand>,
    /// Routes that the guards of a library leave open.
    pub open: BTreeSet<Span>,
    /// Routes that are registered by the time that decorators above them run.
    pub above: BTreeSet<Span>,
    /// Method calls on parameters: routes when the parameter turns out to be a router.
    loose: BTreeMap<Node, Vec<(FileId, CallId)>>,
    done: BTreeSet<(Node, usize)>,
    /// What options of routes stand for.
    options: BTreeMap<Str, Vec<At>>,
    /// What classes and handlers say of their version.
    pub versions: BTreeMap<Node, Vec<Str>>,
    /// The tables that the program begins with.
    pub roots: BTreeSet<Node>,
    /// What decides unless something nearer to the handler says so itself: of routers, and of what is
    /// registered at a place.
    pub policies: BTreeMap<(Node, Option<Span>), Vec<Placed>>,
}

/// The places that the entry of a page names for one call.
#[derive(Clone, Copy)]
pub struct Entry<'e> {
    pub file: FileId,
    pub call: CallId,
    pub model: usize,
    pub concept: &'static str,
    pub roles: &'e [(Str, Spec)],
    /// The item of the list that the call is in a loop over.
    pub round: Option<&'e Round>,
    /// It stands in a function of the project and is seen from one of its callers.
    pub through: Option<Through>,
}

impl<'e> Entry<'e> {
    pub fn spec(&self, role: &str) -> Option<&'e Spec> {
        self.roles.iter().find(|(name, _)| name == role).map(|(_, spec)| spec)
    }

    /// Where it is registered: itself, or the caller that it is seen from.
    pub fn place(&self) -> (FileId, CallId) {
        self.through.map_or((self.file, self.call), |t| t.call)
    }

    /// Does the page give the role this state, whatever the arguments?
    pub fn says(&self, role: &str, state: State) -> bool {
        self.spec(role).is_some_and(|s| s.alternatives.iter().any(|a| a.state == Some(state)))
    }
}

impl Routers {
    /// Everything that the files of a project register.
    pub fn collect(rec: &Recognizer, callers: &Callers) -> Routers {
        let mut out = Routers::default();
        let methods = method_names(rec);
        out.collect_options(rec);
        let used = super::files::used(rec);
        for facts in rec.project.files.iter().flatten() {
            if facts.ecosystem == crate::source::Ecosystem::None || is_test(rec, &used, facts.file) {
                continue;
            }
            for i in 0..facts.calls.len() {
                let call = CallId(i as u32);
                if facts.in_test(facts.call(call).region) {
                    continue;
                }
                let entries = rec.route_entries(facts.file, call);
                if entries.is_empty() {
                    out.note_loose(rec, facts, call, &methods);
                    out.add_by_item(rec, callers, facts, call);
                    if let Some((id, inner, through)) = rec.made_through(facts.file, call)
                        && let Some(entry) = rec.route_entry(through.function.0, inner, id)
                    {
                        out.add(rec, callers, &Entry { through: Some(through), ..entry });
                    }
                }
                for entry in entries {
                    let all = rec.through(&entry, callers);
                    if all.is_empty() {
                        out.add_rounds(rec, callers, entry);
                    }
                    for through in all {
                        out.add(rec, callers, &Entry { through: Some(through), ..entry });
                    }
                }
            }
            out.add_bare_decorators(rec, facts);
        }
        out.add_classes(rec);
        out.collect_records(rec);
        out.collect_files(rec);
        out.settle_parameters(rec, callers);
        out.settle_makers(rec);
        out.collect_tables(rec);
        out.inherit(rec);
        out
    }

    fn collect_options(&mut self, rec: &Recognizer) {
        if rec
            .index
            .models
            .iter()
            .flat_map(|m| &m.calls)
            .all(|c| c.concept.is_none_or(|c| c.name != "http.option"))
        {
            return;
        }
        for facts in rec.project.files.iter().flatten() {
            for i in 0..facts.calls.len() {
                let entries = rec.route_entries(facts.file, CallId(i as u32));
                for entry in entries.iter().filter(|e| e.concept == "http.option") {
                    let values = rec.role_places(entry, "value");
                    for name in rec.role_texts(entry, "name") {
                        self.options.entry(name).or_default().extend(values.iter().copied());
                    }
                    for at in rec.role_places(entry, "names") {
                        for (name, value) in rec.named_in(at) {
                            self.options.entry(name).or_default().push(value);
                        }
                    }
                }
            }
        }
    }

    fn note_loose(&mut self, rec: &Recognizer, facts: &FileFacts, call: CallId, methods: &BTreeSet<&str>) {
        let Value::Field(base, method) = facts.value(facts.call(call).callee) else { return };
        if !methods.contains(method.as_str()) {
            return;
        }
        let mut base = *base;
        // `part.options().get(…)`
        while let Value::Result(inner) = facts.value(base)
            && let Value::Field(before, _) = facts.value(facts.call(*inner).callee)
        {
            base = *before;
        }
        for traced in rec.trace(At { file: facts.file, value: base }, &None) {
            if let Root::Param(file, function, n) = traced.root {
                self.loose.entry(Node::Param(file, function, n)).or_default().push((facts.file, call));
            }
        }
    }

    /// What one call registers: once, or for each item of the list that a loop around it goes through.
    fn add_rounds(&mut self, rec: &Recognizer, callers: &Callers, entry: Entry) {
        let rounds = rec.rounds(entry.file, entry.call);
        if rounds.is_empty() {
            return self.add(rec, callers, &entry);
        }
        for round in &rounds {
            self.add(rec, callers, &Entry { round: Some(round), ..entry });
        }
    }

    /// `router[item.method](item.path, item.handler)`: the item says what is called.
    fn add_by_item(&mut self, rec: &Recognizer, callers: &Callers, facts: &FileFacts, call: CallId) {
        let Value::Field(base, name) = facts.value(facts.call(call).callee) else { return };
        if name != "[]" {
            return;
        }
        let nodes = rec.nodes_of(At { file: facts.file, value: *base }, 0);
        for round in rec.rounds(facts.file, call) {
            let Some(method) = rec.method_of(&round) else { continue };
            let Some(model) = nodes.iter().find_map(|n| Some(self.all.get(n)?.model)) else { return };
            if let Some(entry) = rec.method_named(facts.file, call, model, &method) {
                self.add(rec, callers, &Entry { round: Some(&round), ..entry });
            }
        }
    }
}

/// Test code is no part of the program, unless the program takes it in.
fn is_test(rec: &Recognizer, used: &BTreeSet<FileId>, file: FileId) -> bool {
    is_test_path(rec.project.path_below(file)) && !used.contains(&file)
}

/// The names of methods that register something.
fn method_names<'a>(rec: &Recognizer<'a>) -> BTreeSet<&'a str> {
    let calls = rec.index.models.iter().flat_map(|m| &m.calls);
    let about = calls.filter(|c| c.concept.is_some_and(|c| c.name.starts_with("http.")));
    about.flat_map(|c| &c.paths).filter(|p| p.contains('.')).filter_map(|p| p.rsplit('.').next()).collect()
}

/// The program that a file belongs to, for a page: below the nearest manifest.
pub fn program(rec: &Recognizer, file: FileId, model: usize) -> Node {
    let page = &rec.index.models[model];
    let unit = rec.project.units_of(file, page.ecosystem).next().map_or("".into(), |u| u.folder.clone());
    Node::Program(unit, page.page.clone())
}

/// The places of the calls that lead from where a router is made to a registration.
fn order_of(rec: &Recognizer, callers: &Callers, node: &Node, call: (FileId, CallId)) -> Vec<u32> {
    let home = match node {
        Node::Made(file, maker) => rec.facts(*file).map(|f| (*file, f.call(*maker).function)),
        Node::Param(file, function, _) => Some((*file, *function)),
        _ => None,
    };
    let mut order = Vec::new();
    let mut at = call;
    for _ in 0..5 {
        let Some(facts) = rec.facts(at.0) else { break };
        let fact = facts.call(at.1);
        order.insert(0, fact.span.end);
        let inside = (at.0, fact.function);
        if home.is_none_or(|h| h == inside) {
            break;
        }
        match callers.of(inside).find(|c| *c != at) {
            Some(outer) => at = outer,
            None => break,
        }
    }
    order
}

/// What must hold for a call to run, where that is a setting and no request.
pub fn condition(facts: &FileFacts, region: RegionId) -> Option<Str> {
    let mut at = Some(region);
    while let Some(id) = at {
        let r = facts.region(id);
        if r.kind == RegionKind::Branch
            && let Some(c) = r.conditions.first()
            && !matches!(facts.value(c.value), Value::Bool(_) | Value::Number(_))
        {
            let text = show::value(facts, c.value, 4);
            return Some(if c.negated { format!("not {text}").into() } else { text.into() });
        }
        if matches!(r.kind, RegionKind::Function | RegionKind::File) {
            return None;
        }
        at = r.parent;
    }
    None
}

/// `del` is DELETE; what is no method is any.
pub fn verb(name: &str) -> Str {
    let upper = name.trim().to_uppercase();
    match upper.as_str() {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY" | "MUTATION"
        | "SUBSCRIPTION" | "WS" => upper.into(),
        "DEL" => "DELETE".into(),
        _ => "ANY".into(),
    }
}
