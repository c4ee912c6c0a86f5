//! Events about routes as the parts of a tree: routers, and what is registered on them, in order.
//! Knows no framework: pages say which arguments are what.

use std::collections::{BTreeMap, BTreeSet};

use crate::concepts::State;
use crate::endpoint::GuardKind;
use crate::facts::*;
use crate::project::Module;
use crate::project::origins::{Argument, At, Context, Root, Traced, argument};
use crate::recognize::Recognizer;
use crate::recognize::index::EntryId;
use crate::recognize::wrappers::Callers;
use crate::rulebook::model::{Base, CallModel, Source, Spec};
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

impl Recognizer<'_> {
    /// The expressions that fill a role, lists taken apart.
    pub fn role_places(&self, entry: &Entry, role: &str) -> Vec<At> {
        let Some(spec) = entry.spec(role) else { return Vec::new() };
        for source in spec.alternatives.iter().flat_map(|a| &a.from) {
            let found = self.source_places(entry, source);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// The same from all alternatives: several options that each hold guards.
    pub fn all_role_places(&self, entry: &Entry, role: &str) -> Vec<At> {
        let sources = entry.spec(role).into_iter().flat_map(|s| &s.alternatives).flat_map(|a| &a.from);
        let mut out: Vec<At> = Vec::new();
        for at in sources.flat_map(|s| self.source_places(entry, s)) {
            if !out.contains(&at) {
                out.push(at);
            }
        }
        out
    }

    fn source_places(&self, entry: &Entry, source: &Source) -> Vec<At> {
        let (file, call) = (entry.file, entry.call);
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let fact = facts.call(call);
        let base: Vec<At> = match &source.base {
            Base::Arg(n) => match argument(fact, *n, None) {
                Argument::Given(value) => vec![At { file, value }],
                _ => Vec::new(),
            },
            Base::Keyword(name) => match argument(fact, usize::MAX, Some(name)) {
                Argument::Given(value) => vec![At { file, value }],
                _ => Vec::new(),
            },
            Base::Rest(n) => {
                let plain = fact.args.iter().filter(|a| a.name.is_none() && !a.double);
                plain.skip(*n).map(|a| At { file, value: a.value }).collect()
            }
            Base::Receiver => self.receiver(file, call).into_iter().collect(),
            Base::Method(name, n) => self.chained(file, call, name, *n),
            Base::Setting(_) => return self.setting_places(std::slice::from_ref(source), file),
            Base::Generic(n) => {
                fact.generics.get(*n).map(|t| At { file, value: t.head }).into_iter().collect()
            }
            _ => Vec::new(),
        };
        let base = base.into_iter().flat_map(|at| self.in_round(entry.round, at));
        let base = base.flat_map(|at| self.seen_from(entry.through, at));
        let below = base.flat_map(|at| self.fields_below(at, &source.path));
        below.flat_map(|at| self.parts_of_list(at, 0)).collect()
    }

    pub fn fields_below(&self, at: At, path: &[Str]) -> Vec<At> {
        let Some((first, rest)) = path.split_first() else { return vec![at] };
        let mut out = Vec::new();
        for traced in self.trace(at, &None) {
            let Root::Value(v) = traced.root else { continue };
            let Some(Value::Record(record)) = self.facts(v.file).map(|f| f.value(v.value)) else { continue };
            for entry in record.entries.iter().rev() {
                if matches!(&entry.key, Key::Text(k) if k == first) {
                    out.extend(self.fields_below(At { file: v.file, value: entry.value }, rest));
                    break;
                }
                if entry.key == Key::Spread {
                    let inner = self.fields_below(At { file: v.file, value: entry.value }, path);
                    if !inner.is_empty() {
                        out.extend(inner);
                        break;
                    }
                }
            }
        }
        out
    }

    /// A list is its items, also through a name; anything else is itself.
    pub fn parts_of_list(&self, at: At, depth: u32) -> Vec<At> {
        let Some(facts) = self.facts(at.file) else { return Vec::new() };
        let list = |v: At| match self.facts(v.file).map(|f| f.value(v.value)) {
            Some(Value::List(items)) => Some((v.file, items.clone())),
            _ => None,
        };
        let found = match facts.value(at.value) {
            Value::List(_) => list(at),
            // `a + b`, `[...a, b]` of lists.
            Value::Join(parts)
                if depth < 4 && parts.iter().any(|p| self.is_list(At { file: at.file, value: *p })) =>
            {
                return parts
                    .iter()
                    .flat_map(|p| self.parts_of_list(At { file: at.file, value: *p }, depth + 1))
                    .collect();
            }
            Value::Name(_) | Value::Field(..) if depth < 4 => {
                self.trace(at, &None).iter().find_map(|t| match t.root {
                    Root::Value(v) => list(v),
                    _ => None,
                })
            }
            _ => None,
        };
        match found {
            Some((file, items)) if depth < 4 => {
                items.iter().flat_map(|i| self.parts_of_list(At { file, value: *i }, depth + 1)).collect()
            }
            _ => vec![at],
        }
    }

    fn is_list(&self, at: At) -> bool {
        self.trace(at, &None).iter().any(|t| match t.root {
            Root::Value(v) => matches!(self.facts(v.file).map(|f| f.value(v.value)), Some(Value::List(_))),
            _ => false,
        })
    }

    /// The texts of a role: stated by the page, or written in the source; `…` for what is not known.
    pub fn role_texts(&self, entry: &Entry, role: &str) -> Vec<Str> {
        let Some(spec) = entry.spec(role) else { return Vec::new() };
        for alternative in &spec.alternatives {
            if let Some(text) = &alternative.text {
                return vec![text.clone()];
            }
            for source in &alternative.from {
                if let Some(key) = self.key_of_round(entry, source) {
                    return vec![key];
                }
                if source.base == Base::Name(None) {
                    return self.decorated(entry.file, entry.call).into_iter().collect();
                }
                let found = self.source_places(entry, source);
                if !found.is_empty() {
                    let each = |at: &At| {
                        let texts = self.texts_in(entry.round, *at);
                        // A default stands beside what is only known at run time.
                        let known: Vec<Str> = texts.iter().filter(|t| *t != "…").cloned().collect();
                        if known.is_empty() { texts } else { known }
                    };
                    let mut out: Vec<Str> = found.iter().flat_map(each).collect();
                    out.dedup();
                    return out;
                }
            }
        }
        Vec::new()
    }

    /// The same where parts of the text are what a loop goes through.
    fn texts_in(&self, round: Option<&Round>, at: At) -> Vec<Str> {
        let parts = match self.facts(at.file).map(|f| f.value(at.value)) {
            Some(Value::Join(parts)) if round.is_some() => parts,
            _ => return self.texts_at(at),
        };
        let mut out = String::new();
        for part in parts {
            let meant = self.in_round(round, At { file: at.file, value: *part });
            let texts: Vec<Str> = meant.into_iter().flat_map(|at| self.texts_at(at)).collect();
            out.push_str(match texts.as_slice() {
                [one] => one,
                _ => "…",
            });
        }
        vec![out.into()]
    }

    /// The name of the function that a call decorates.
    fn decorated(&self, file: FileId, call: CallId) -> Option<Str> {
        let facts = self.facts(file)?;
        let attribute = facts.attributes.iter().find(|a| facts.value(a.value) == &Value::Result(call))?;
        let Attached::Function(function) = attribute.on else { return None };
        Some(facts.function(function).name.clone())
    }

    pub fn texts_at(&self, at: At) -> Vec<Str> {
        let mut out: Vec<Str> = Vec::new();
        for traced in self.trace(at, &None) {
            let text = match (&traced.root, self.text(&traced)) {
                (_, Some(text)) => vec![text],
                (Root::Absent, _) => continue,
                (Root::External(path), _) => vec![path.members.last().unwrap_or(&path.module).clone()],
                (Root::Value(v), _) => match self.facts(v.file).map(|f| f.value(v.value)) {
                    Some(Value::Join(parts)) => vec![self.pieces(v.file, parts)],
                    Some(Value::List(items)) => {
                        items.iter().flat_map(|i| self.texts_at(At { file: v.file, value: *i })).collect()
                    }
                    Some(Value::Null) => continue,
                    _ => vec!["…".into()],
                },
                _ => vec!["…".into()],
            };
            out.extend(text.into_iter().filter(|t| !out.contains(t)).collect::<Vec<_>>());
        }
        // A value that is only sometimes worked out: what is written counts.
        if out.iter().any(|t| !t.contains('…')) {
            out.retain(|t| !t.contains('…'));
        }
        out
    }

    fn pieces(&self, file: FileId, parts: &[ValueId]) -> Str {
        let mut out = String::new();
        for part in parts {
            let texts = self.texts_at(At { file, value: *part });
            // Of several the one that is written down: nothing at all, or else a default.
            let known: Vec<&Str> = texts.iter().filter(|t| !t.contains('…')).collect();
            out.push_str(match known.as_slice() {
                [one] => one,
                several if several.iter().any(|t| t.is_empty()) => "",
                _ => "…",
            });
        }
        out.into()
    }

    /// The entries about routes that a call is.
    pub fn route_entries(&self, file: FileId, call: CallId) -> Vec<Entry<'_>> {
        let callee = self.callee(file, call);
        callee.entries.iter().filter_map(|id| self.route_entry(file, call, *id)).collect()
    }

    fn route_entry(&self, file: FileId, call: CallId, id: EntryId) -> Option<Entry<'_>> {
        let model = self.index.call(id);
        let concept = model.concept?.name;
        let about = matches!(
            concept,
            "http.router"
                | "http.scope"
                | "http.route"
                | "http.mount"
                | "http.use"
                | "http.application"
                | "http.document"
                | "http.share"
                | "http.option"
                | "http.version"
        );
        let home = self.framework_of(file, call, id.model);
        about.then_some(Entry {
            file,
            call,
            model: home,
            concept,
            roles: &model.roles,
            round: None,
            through: None,
        })
    }

    /// The page of the framework whose routers a call is about: that of a plugin knows no routes.
    fn framework_of(&self, file: FileId, call: CallId, model: usize) -> usize {
        let has_routes = |m: usize| {
            let calls = &self.index.models[m].calls;
            calls.iter().any(|c| c.concept.is_some_and(|c| c.name == "http.route"))
        };
        let Some(Value::Field(_, method)) = self.facts(file).map(|f| f.value(f.call(call).callee)) else {
            return model;
        };
        if has_routes(model) {
            return model;
        }
        let page = &self.index.models[model];
        let named = |c: &CallModel| c.paths.iter().any(|p| p.rsplit('.').next() == Some(method));
        (0..self.index.models.len())
            .find(|m| {
                let other = &self.index.models[*m];
                other.ecosystem == page.ecosystem
                    && has_routes(*m)
                    && other
                        .calls
                        .iter()
                        .any(|c| c.concept.is_some_and(|c| c.name == "http.mount") && named(c))
                    && self.in_use(file, *m)
            })
            .unwrap_or(model)
    }

    /// The entry of a page for a method of that name, whatever the receiver.
    fn method_named(&self, file: FileId, call: CallId, model: usize, method: &str) -> Option<Entry<'_>> {
        let page = &self.index.models[model];
        let about = |c: &CallModel| {
            c.concept.is_some_and(|c| c.name.starts_with("http."))
                && c.paths.iter().any(|p| p.contains('.') && p.rsplit('.').next() == Some(method))
        };
        let ids = (0..page.calls.len()).filter(|i| about(&page.calls[*i]));
        let mut ids = ids.map(|entry| EntryId { model, entry });
        let id = ids.find(|id| self.admits(file, call, *id))?;
        self.route_entry(file, call, id)
    }

    /// The router that an expression is.
    pub fn nodes_of(&self, at: At, depth: u32) -> Vec<Node> {
        self.nodes_in(at, &None, depth)
    }

    fn nodes_in(&self, at: At, context: &Context, depth: u32) -> Vec<Node> {
        if depth > 12 {
            return Vec::new();
        }
        // `app.router`: a field that pages say is the router.
        if let Some(Value::Field(base, name)) = self.facts(at.file).map(|f| f.value(at.value))
            && self.is_router_field(at, name)
        {
            let found = self.nodes_of(At { file: at.file, value: *base }, depth + 1);
            if !found.is_empty() {
                return found;
            }
        }
        let mut out: Vec<Node> = Vec::new();
        if self.is_spread(at) {
            let mut rows = Vec::new();
            self.rows(at, depth, &mut rows);
            return rows.into_iter().map(|(_, node)| node).collect();
        }
        for traced in self.trace(at, context) {
            for node in self.nodes_of_root(&traced, depth) {
                if !out.contains(&node) {
                    out.push(node);
                }
            }
        }
        for more in self.added_later(at) {
            for node in self.nodes_of(more, depth + 2) {
                if !out.contains(&node) {
                    out.push(node);
                }
            }
        }
        if out.is_empty() { self.router_object(at) } else { out }
    }

    fn nodes_of_root(&self, traced: &Traced, depth: u32) -> Vec<Node> {
        match &traced.root {
            // Made inside a function of the project: each call of that function makes one.
            Root::Call(file, call) => match self.made_by(traced, *file, *call) {
                Some(outer) => vec![Node::Made(outer.0, outer.1)],
                None => self.nodes_of_call(*file, *call, &traced.context, depth),
            },
            // `let (router, description) = …`: the first part is the router.
            Root::Member(base, name) if name == "0" => {
                let whole = Traced { root: (**base).clone(), ..traced.clone() };
                self.nodes_of_root(&whole, depth + 1)
            }
            Root::Param(file, function, n) => vec![Node::Param(*file, *function, *n)],
            Root::Function(file, function) => match self.says_where(*file, *function) {
                true => vec![Node::Handler(*file, *function)],
                false => vec![Node::Param(*file, *function, 0)],
            },
            Root::Instance(file, t) => {
                vec![self.made_here(traced.at).unwrap_or(Node::Class(*file, *t))]
            }
            Root::Type(file, t) => vec![Node::Class(*file, *t)],
            Root::Value(v) => match self.facts(v.file).map(|f| f.value(v.value)) {
                Some(Value::List(items)) => {
                    let each = items.iter().map(|i| At { file: v.file, value: *i });
                    each.flat_map(|at| self.nodes_of(at, depth + 1)).collect()
                }
                Some(Value::Join(_)) => {
                    let mut rows = Vec::new();
                    self.rows(*v, depth + 1, &mut rows);
                    rows.into_iter().map(|(_, node)| node).collect()
                }
                Some(Value::Text(text)) => self.tables_named(v.file, text),
                _ => Vec::new(),
            },
            Root::Module(Module::File(file)) => self.tables_of(*file),
            // `router.urls`
            Root::Member(base, _) => match base.as_ref() {
                Root::Call(file, call) => self.nodes_of_call(*file, *call, &traced.context, depth),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// Is it a router rather than something that runs before one?
    fn holds_routes(&self, node: &Node) -> bool {
        match node {
            Node::Made(..) => true,
            Node::Class(file, t) => {
                let own = self.facts(*file).map(|f| f.ecosystem);
                let models = self.index.models.iter().filter(|m| Some(m.ecosystem) == own);
                let mut methods = models.flat_map(|m| &m.guards).flat_map(|g| &g.methods);
                !methods.any(|m| self.with_origins(|o| o.method((*file, *t), m)).is_some())
            }
            _ => false,
        }
    }

    /// The outermost call of the project's functions that made a router.
    fn made_by(&self, traced: &Traced, file: FileId, call: CallId) -> Option<(FileId, CallId)> {
        let mut frame = traced.context.as_ref()?;
        let inside = (file, self.facts(file)?.call(call).function);
        if frame.function != inside
            || self.route_entries(file, call).iter().all(|e| e.spec("router").is_some())
        {
            return None;
        }
        while let Some(outer) = &frame.outer {
            if self.facts(frame.call.0)?.call(frame.call.1).function != outer.function.1 {
                break;
            }
            frame = outer;
        }
        Some(frame.call)
    }

    /// What stands before a function in the place of a part of a router: `share(function)`.
    pub fn shared(&self, at: At) -> Option<At> {
        self.trace(at, &None).iter().find_map(|t| {
            let Root::Call(file, call) = t.root else { return None };
            let entries = self.route_entries(file, call);
            let entry = entries.iter().find(|e| e.concept == "http.share")?;
            self.role_places(entry, "body").first().copied()
        })
    }

    pub fn nodes_of_call(&self, file: FileId, call: CallId, context: &Context, depth: u32) -> Vec<Node> {
        if let Some(entry) = self.route_entries(file, call).into_iter().next() {
            if entry.concept == "http.share" && entry.spec("router").is_none() {
                let body = self.role_places(&entry, "body");
                return body.into_iter().flat_map(|at| self.nodes_of(at, depth + 1)).collect();
            }
            // A part that a function is handed ends with that function; the call gives the whole back.
            let own = match entry.concept == "http.scope" {
                true => entry.spec("router").is_none() || self.role_places(&entry, "body").is_empty(),
                false => entry.spec("router").is_none(),
            };
            if matches!(entry.concept, "http.router" | "http.scope") && own {
                return vec![Node::Made(file, call)];
            }
            if entry.spec("router").is_some() {
                let routers = self.role_places(&entry, "router");
                return routers
                    .into_iter()
                    .flat_map(|at| self.nodes_in(at, context, self.links(at, depth)))
                    .collect();
            }
            return vec![Node::Made(file, call)];
        }
        // A method that gives the router itself back.
        let Some(Value::Field(base, _)) = self.facts(file).map(|f| f.value(f.call(call).callee)) else {
            return Vec::new();
        };
        let base = At { file, value: *base };
        let callee = self.callee(file, call);
        let fluent = callee.receiver.iter().any(|(m, t)| self.index.types(*m)[*t].fluent);
        let handed = || {
            let Some(facts) = self.facts(file) else { return false };
            let mut start = base.value;
            while let Value::Result(inner) = facts.value(start)
                && let Value::Field(before, _) = facts.value(facts.call(*inner).callee)
            {
                start = *before;
            }
            self.trace(At { file, value: start }, &None).iter().all(|t| matches!(t.root, Root::Param(..)))
        };
        // `Service.new(api).server(address)`: what is made there and then, and given on.
        let chained = matches!(self.facts(file).map(|f| f.value(base.value)), Some(Value::Result(_)));
        match fluent || callee.entries.is_empty() && callee.local.is_empty() && (chained || handed()) {
            true => self.nodes_in(base, context, self.links(base, depth)),
            false => Vec::new(),
        }
    }

    /// A chain of calls is one step, however long.
    fn links(&self, at: At, depth: u32) -> u32 {
        match self.facts(at.file).map(|f| f.value(at.value)) {
            Some(Value::Result(_)) => depth,
            _ => depth + 1,
        }
    }

    /// Does a handler carry its own route?
    fn says_where(&self, file: FileId, function: FunctionId) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        facts.attributes.iter().filter(|a| a.on == Attached::Function(function)).any(|a| {
            matches!(facts.value(a.value), Value::Result(call)
                if self.route_entries(file, *call).iter().any(|e| e.concept == "http.route" && e.spec("router").is_none()))
        })
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

    /// What one call registers, and where.
    fn add(&mut self, rec: &Recognizer, callers: &Callers, entry: &Entry) {
        let (file, call) = entry.place();
        let Some(facts) = rec.facts(file) else { return };
        let fact = facts.call(call);
        let own = Node::Made(file, call);
        let attached = facts.attributes.iter().find(|a| facts.value(a.value) == &Value::Result(call));
        let routers: Vec<Node> = match entry.spec("router") {
            Some(_) => {
                rec.role_places(entry, "router").into_iter().flat_map(|at| rec.nodes_of(at, 0)).collect()
            }
            None => match attached.map(|a| a.on) {
                Some(Attached::Function(f)) => vec![class_of(rec, file, f)],
                Some(Attached::Type(t)) => vec![Node::Class(file, t)],
                _ => vec![own.clone()],
            },
        };
        let kind = match attached {
            Some(_) => GuardKind::Decorator,
            None => GuardKind::Middleware,
        };
        let guards = |at: Vec<At>| -> Vec<Placed> { at.into_iter().map(|at| Placed { at, kind }).collect() };
        if matches!(entry.concept, "http.use" | "http.application")
            && let Some(attribute) = attached
        {
            self.add_hook(rec, callers, entry, attribute, &routers);
            return;
        }
        let paths = rec.role_texts(entry, "at");
        let unread = |paths: Vec<Str>| {
            let given = !rec.all_role_places(entry, "at").is_empty();
            if paths.is_empty() && given { vec![Str::new("…")] } else { paths }
        };
        let paths = unread(paths);
        match entry.concept {
            "http.router" if entry.spec("router").is_some() => {
                for node in routers {
                    let router = self.all.entry(node).or_default();
                    router.paths.extend(paths.clone());
                    router.guards.extend(guards(rec.all_role_places(entry, "guard")));
                }
            }
            "http.router" => {
                let node = match attached.map(|a| a.on) {
                    Some(Attached::Type(t)) => Node::Class(file, t),
                    _ => own,
                };
                // The parts of one thing of another router: `/shops/{shop}`.
                let below = rec.role_places(entry, "below").into_iter().flat_map(|at| rec.nodes_of(at, 0));
                let outer: Vec<Str> =
                    below.filter_map(|n| self.all.get(&n)).flat_map(|r| r.paths.clone()).collect();
                let parameter = rec.role_texts(entry, "parameter").first().cloned();
                let whole = |p: &Str| match &parameter {
                    Some(name) => format!("{p}/{{{name}}}").into(),
                    None => p.clone(),
                };
                let mut paths: Vec<Str> = paths.iter().map(whole).collect();
                if !outer.is_empty() {
                    let each =
                        |o: &Str| paths.iter().map(|p| super::path::join(o, p).into()).collect::<Vec<_>>();
                    paths = outer.iter().flat_map(each).collect();
                }
                self.note_policy(rec, entry, std::slice::from_ref(&node), None, kind);
                let router = self.all.entry(node).or_default();
                router.model = entry.model;
                router.span = Some(fact.span);
                router.paths = paths;
                let behind = rec.role_texts(entry, "proxied");
                if router.paths.is_empty() && behind.iter().all(|p| !p.contains('…')) {
                    router.paths = behind;
                }
                router.method = rec.role_texts(entry, "method").first().map(|m| m.to_uppercase().into());
                router.guards = guards(rec.all_role_places(entry, "guard"));
                if entry.spec("version").is_some() {
                    self.note_version(rec, entry, attached.map(|a| a.on));
                }
                self.note_table(rec, entry);
            }
            "http.scope" => {
                let router = self.all.entry(own.clone()).or_default();
                router.model = entry.model;
                router.span = Some(fact.span);
                router.method = rec.role_texts(entry, "method").first().map(|m| m.to_uppercase().into());
                router.paths = paths;
                router.guards = guards(rec.all_role_places(entry, "guard"));
                let body = rec.role_places(entry, "body").into_iter().flat_map(|at| rec.nodes_of(at, 0));
                let body: Vec<Node> = body.filter(|n| *n != own).collect();
                if !body.is_empty() {
                    let what = What::Mount { paths: Vec::new(), children: body, guards: Vec::new() };
                    self.register(rec, callers, entry, std::slice::from_ref(&own), what);
                }
                let what = What::Mount { paths: Vec::new(), children: vec![own], guards: Vec::new() };
                self.register(rec, callers, entry, &routers, what);
            }
            // An action of a controller: the class says where it answers.
            "http.route" if entry.spec("under").is_some() => {}
            "http.route" => {
                let (handlers, before) = match attached.map(|a| a.on) {
                    Some(Attached::Function(f)) => (vec![Handler::Function(file, f)], Vec::new()),
                    Some(Attached::Type(t)) => (vec![Handler::Class(file, t)], Vec::new()),
                    _ => {
                        let mut given = rec.role_places(entry, "handler");
                        let last = given.pop();
                        (last.map(Handler::Value).into_iter().collect(), given)
                    }
                };
                if handlers.is_empty() {
                    return;
                }
                self.note_policy(rec, entry, &routers, Some(own_part(facts, fact)), kind);
                if rec.is_open(entry) {
                    self.open.insert(fact.span);
                }
                if entry.says("above", State::Off) {
                    self.above.insert(own_part(facts, fact));
                }
                let mut before = guards(before);
                before.extend(guards(rec.all_role_places(entry, "guard")));
                for (name, value) in
                    rec.role_places(entry, "options").into_iter().flat_map(|at| rec.named_in(at))
                {
                    let off =
                        rec.facts(value.file).is_some_and(|f| f.value(value.value) == &Value::Bool(false));
                    if let Some(means) = self.options.get(&name).filter(|_| !off) {
                        before.extend(guards(means.clone()));
                    }
                }
                // A router in the place of a handler.
                let children: Vec<Node> =
                    rec.role_places(entry, "child").into_iter().flat_map(|at| rec.nodes_of(at, 0)).collect();
                if children.iter().any(|n| matches!(n, Node::Made(..) | Node::Table(..))) {
                    let what = What::Mount { paths, children, guards: before };
                    self.register(rec, callers, entry, &routers, what);
                    return;
                }
                let methods = self.methods_of(rec, entry, &routers, &handlers);
                if let ([method], [Handler::Value(at)]) = (methods.as_slice(), handlers.as_slice())
                    && method == "ANY"
                    && rec.goes_on(*at)
                {
                    before.push(Placed { at: *at, kind });
                    let covers = covers_of(rec, entry.model);
                    let what = What::Use { exact: !paths.is_empty(), paths, guards: before, covers };
                    return self.register(rec, callers, entry, &routers, what);
                }
                let what = What::Route { methods, paths, handlers, guards: before };
                self.register(rec, callers, entry, &routers, what);
            }
            "http.mount" => {
                self.note_policy(rec, entry, &routers, Some(own_part(facts, fact)), kind);
                if entry.says("instead", State::Set) && !paths.is_empty() {
                    self.instead.insert(own_part(facts, fact));
                }
                if entry.says("apart", State::Set) {
                    self.apart.insert(own_part(facts, fact));
                }
                let mut children: Vec<Node> = Vec::new();
                let mut paths = paths;
                for at in rec.role_places(entry, "child") {
                    let nodes = rec.nodes_of(at, 0);
                    let works_on_it =
                        entry.spec("shared").is_some() && nodes.iter().all(|n| matches!(n, Node::Param(..)));
                    if works_on_it || rec.shared(at).is_some() {
                        // It works on the router itself, whatever path is asked for.
                        paths.clear();
                        for node in &nodes {
                            let inner = self.all.entry(node.clone()).or_default();
                            inner.model = entry.model;
                            inner.same = true;
                        }
                    }
                    children.extend(nodes);
                }
                let folders = rec.folder_routers(entry);
                if let Some((first, _)) = folders.first() {
                    children = vec![first.clone()];
                }
                for (node, router) in folders {
                    let own = self.all.entry(node).or_default();
                    own.model = router.model;
                    own.same |= router.same;
                    own.span = own.span.or(router.span);
                    own.items.extend(router.items);
                }
                let what =
                    What::Mount { paths, children, guards: guards(rec.all_role_places(entry, "guard")) };
                self.register(rec, callers, entry, &routers, what);
            }
            "http.document" => self.add_document(rec, entry, &routers, &paths),
            "http.use" => {
                let covers = Covers::of(rec, entry);
                if entry.spec("parameter").is_some() {
                    let paths = rec.role_texts(entry, "parameter");
                    let before = guards(rec.role_places(entry, "guard"));
                    let what = What::Use { paths, exact: false, guards: before, covers: Covers::Parameter };
                    return self.register(rec, callers, entry, &routers, what);
                }
                let errors: Option<usize> =
                    rec.role_texts(entry, "errors").first().and_then(|n| n.parse().ok());
                let (mut children, mut before) = (Vec::new(), Vec::new());
                for at in rec.role_places(entry, "guard") {
                    let nodes: Vec<Node> =
                        rec.nodes_of(at, 0).into_iter().filter(|n| rec.holds_routes(n)).collect();
                    match nodes.is_empty() {
                        true => before.push(at),
                        false => children.extend(nodes),
                    }
                }
                // A text before the guards is their path; anything else is a guard itself.
                let first = rec.all_role_places(entry, "at").first().copied();
                let is_path = |at: At| {
                    rec.trace(at, &None).iter().any(|t| matches!(t.root, Root::Value(v) if is_path(rec, v)))
                };
                let paths = match first {
                    Some(at) if !is_path(at) => {
                        let nodes: Vec<Node> = rec.nodes_of(at, 0);
                        let nodes: Vec<Node> = nodes.into_iter().filter(|n| rec.holds_routes(n)).collect();
                        match nodes.is_empty() {
                            true => before.insert(0, at),
                            false => children.extend(nodes),
                        }
                        Vec::new()
                    }
                    _ => paths,
                };
                before.retain(|at| !errors.is_some_and(|n| rec.takes(*at, n)));
                let exact = entry.says("exact", State::Set) && !paths.is_empty();
                if children.is_empty() {
                    let what = What::Use { paths, exact, guards: guards(before), covers };
                    self.register(rec, callers, entry, &routers, what);
                } else {
                    let what = What::Mount { paths, children, guards: guards(before) };
                    self.register(rec, callers, entry, &routers, what);
                }
            }
            "http.share" if entry.spec("router").is_some() => {
                for node in routers {
                    self.all.entry(node).or_default().same = true;
                }
            }
            "http.application" => {
                let node = program(rec, entry.file, entry.model);
                let router = self.all.entry(node).or_default();
                router.model = entry.model;
                router.paths.extend(paths);
                router.guards.extend(guards(rec.all_role_places(entry, "guard")));
                Routers::note_program(rec, entry, router);
            }
            "http.version" => self.note_version(rec, entry, attached.map(|a| a.on)),
            _ => {}
        }
    }

    fn note_policy(
        &mut self,
        rec: &Recognizer,
        entry: &Entry,
        nodes: &[Node],
        span: Option<Span>,
        kind: GuardKind,
    ) {
        let given = rec.all_role_places(entry, "policy");
        if !given.is_empty() {
            let placed: Vec<Placed> = given.into_iter().map(|at| Placed { at, kind }).collect();
            self.policies.extend(nodes.iter().map(|n| ((n.clone(), span), placed.clone())));
        }
    }

    fn methods_of(
        &self,
        rec: &Recognizer,
        entry: &Entry,
        routers: &[Node],
        handlers: &[Handler],
    ) -> Vec<Str> {
        // A class says itself what it answers.
        if rec.role_places(entry, "method").is_empty() && handlers.iter().any(|h| rec.is_class(h)) {
            return vec!["ANY".into()];
        }
        let stated = rec.role_texts(entry, "method");
        if !stated.is_empty() {
            return stated.iter().map(|m| verb(m)).collect();
        }
        let Some(inner) = rec.facts(entry.file) else { return Vec::new() };
        let named = match inner.value(inner.call(entry.call).callee) {
            Value::Field(_, name) | Value::Name(name) => verb(name),
            _ => "ANY".into(),
        };
        if let Some(round) = entry.round
            && let Some(facts) = rec.facts(entry.file)
            && matches!(facts.value(facts.call(entry.call).callee), Value::Field(_, name) if name == "[]")
            && let Some(method) = rec.method_of(round)
        {
            return vec![verb(&method)];
        }
        if named == "ANY"
            && let Some(method) = routers.iter().find_map(|r| self.all.get(r)?.method.clone())
        {
            return vec![method];
        }
        vec![named]
    }

    pub(super) fn register(
        &mut self,
        rec: &Recognizer,
        callers: &Callers,
        entry: &Entry,
        routers: &[Node],
        what: What,
    ) {
        let (file, call) = entry.place();
        let Some(facts) = rec.facts(file) else { return };
        let fact = facts.call(call);
        let span = own_part(facts, fact);
        for node in routers {
            let order = order_of(rec, callers, node, (file, call));
            let router = self.all.entry(node.clone()).or_default();
            if router.span.is_none() {
                router.model = entry.model;
            }
            router.items.push(Item {
                order,
                span,
                model: entry.model,
                what: what.clone(),
                condition: condition(facts, fact.region),
            });
        }
    }

    /// Routers that a function of the project makes: what the function registers on them is registered on
    /// each.
    fn settle_makers(&mut self, rec: &Recognizer) {
        let mut open: BTreeSet<Node> = self.all.keys().cloned().collect();
        for item in self.all.values().flat_map(|r| &r.items) {
            if let What::Mount { children, .. } = &item.what {
                open.extend(children.iter().cloned());
            }
        }
        let mut open: Vec<Node> = open.into_iter().collect();
        while let Some(node) = open.pop() {
            let Node::Made(file, call) = &node else { continue };
            let callee = rec.callee(*file, *call);
            if callee.local.is_empty() || !rec.route_entries(*file, *call).is_empty() {
                continue;
            }
            let mut inner: Vec<Node> = Vec::new();
            for (f, function) in &callee.local {
                let Some(facts) = rec.facts(*f) else { continue };
                let given =
                    facts.exits.iter().filter(|e| e.function == *function && e.kind == ExitKind::Return);
                for value in given.filter_map(|e| e.value) {
                    inner.extend(rec.nodes_of(At { file: *f, value }, 0).into_iter().filter(|n| *n != node));
                }
            }
            inner.dedup();
            for child in inner {
                let model = self.all.get(&child).map_or(0, |r| r.model);
                let span = rec.facts(*file).map(|f| f.call(*call).span);
                let known = self.all.contains_key(&child);
                let own = self.all.entry(child.clone()).or_default();
                own.same = true;
                if !known {
                    open.push(child.clone());
                }
                let outer = self.all.entry(node.clone()).or_default();
                outer.model = model;
                outer.span = outer.span.or(span);
                outer.items.insert(
                    0,
                    Item {
                        order: Vec::new(),
                        span: span.unwrap_or(Span::new(*file, 0, 0)),
                        model,
                        what: What::Mount { paths: Vec::new(), children: vec![child], guards: Vec::new() },
                        condition: None,
                    },
                );
            }
        }
    }

    /// Parameters that are handed a router are routers: by the calls of their functions, and by mounts.
    fn settle_parameters(&mut self, rec: &Recognizer, callers: &Callers) {
        for _ in 0..12 {
            let mut typed: BTreeSet<(Node, usize)> = BTreeSet::new();
            for router in self.all.values() {
                for item in &router.items {
                    let What::Mount { children, .. } = &item.what else { continue };
                    typed.extend(
                        children
                            .iter()
                            .filter(|c| matches!(c, Node::Param(..)))
                            .map(|c| (c.clone(), item.model)),
                    );
                }
            }
            // `routes(app)`
            let mut aliases: Vec<(Node, Node, FileId, CallId, usize)> = Vec::new();
            let known: BTreeSet<Node> = self.loose.keys().chain(self.all.keys()).cloned().collect();
            for node in &known {
                let Node::Param(file, function, n) = node else { continue };
                let Some(facts) = rec.facts(*file) else { continue };
                let name = facts.function(*function).params.get(*n as usize).map(|p| p.name.clone());
                for (caller, call) in callers.of((*file, *function)) {
                    let Some(there) = rec.facts(caller) else { continue };
                    let Argument::Given(value) = argument(there.call(call), *n as usize, name.as_deref())
                    else {
                        continue;
                    };
                    for outer in rec.nodes_of(At { file: caller, value }, 0) {
                        let handed = || typed.iter().find(|(n, _)| *n == outer).map(|(_, model)| *model);
                        let Some(model) = self.all.get(&outer).map(|r| r.model).or_else(handed) else {
                            continue;
                        };
                        if outer != *node {
                            typed.insert((node.clone(), model));
                            aliases.push((outer, node.clone(), caller, call, model));
                        }
                    }
                }
            }
            let before = self.done.len();
            for (outer, inner, file, call, model) in aliases {
                let mark = Node::Made(file, call);
                let key =
                    (Node::Program(format!("{outer:?}").into(), format!("{inner:?}{mark:?}").into()), model);
                if !self.done.insert(key) {
                    continue;
                }
                let Some(facts) = rec.facts(file) else { continue };
                let fact = facts.call(call);
                let item = Item {
                    order: order_of(rec, callers, &outer, (file, call)),
                    span: fact.span,
                    model,
                    what: What::Mount {
                        paths: Vec::new(),
                        children: vec![inner.clone()],
                        guards: Vec::new(),
                    },
                    condition: condition(facts, fact.region),
                };
                self.all.entry(outer).or_default().items.push(item);
                let inner = self.all.entry(inner).or_default();
                inner.model = model;
                inner.same = true;
            }
            for (node, model) in typed {
                if !self.done.insert((node.clone(), model)) {
                    continue;
                }
                for (file, call) in self.loose.get(&node).cloned().unwrap_or_default() {
                    let Some(facts) = rec.facts(file) else { continue };
                    let Value::Field(_, method) = facts.value(facts.call(call).callee) else { continue };
                    if let Some(entry) = rec.method_named(file, call, model, method) {
                        self.add_rounds(rec, callers, entry);
                    }
                }
            }
            if self.done.len() == before {
                break;
            }
        }
        for router in self.all.values_mut() {
            router.items.sort_by(|a, b| a.order.cmp(&b.order).then(a.span.cmp(&b.span)));
        }
    }
}

impl Recognizer<'_> {
    /// The entries of a record, also of one that a function gives back.
    fn named_in(&self, at: At) -> Vec<(Str, At)> {
        let mut out = Vec::new();
        for traced in self.trace(at, &None) {
            match traced.root {
                Root::Value(v) => {
                    let Some(Value::Record(record)) = self.facts(v.file).map(|f| f.value(v.value)) else {
                        continue;
                    };
                    for entry in &record.entries {
                        if let Key::Text(key) = &entry.key {
                            out.push((key.clone(), At { file: v.file, value: entry.value }));
                        }
                    }
                }
                Root::Function(file, function) => {
                    let Some(facts) = self.facts(file) else { continue };
                    let given =
                        facts.exits.iter().filter(|e| e.function == function && e.kind == ExitKind::Return);
                    for value in given.filter_map(|e| e.value) {
                        if matches!(facts.value(value), Value::Record(_)) {
                            out.extend(self.named_in(At { file, value }));
                        }
                    }
                }
                _ => {}
            }
        }
        out
    }

    /// Does it hand the request on instead of answering it: a function that calls its continuation, or
    /// a guard that a page knows?
    fn goes_on(&self, at: At) -> bool {
        let found = self.trace(at, &None);
        !found.is_empty()
            && found.iter().all(|t| match &t.root {
                Root::Function(file, function) => self.calls_next(*file, *function),
                Root::Call(file, call) => {
                    let callee = self.callee(*file, *call);
                    // What is wrapped around a handler answers.
                    let given = self.facts(*file).map_or(Vec::new(), |f| f.call(*call).args.clone());
                    let wraps = given.iter().any(|a| {
                        let found = self.trace(At { file: *file, value: a.value }, &None);
                        found
                            .iter()
                            .any(|t| matches!(t.root, Root::Function(..) | Root::Type(..) | Root::Call(..)))
                    });
                    if wraps {
                        return false;
                    }
                    let concepts = callee.entries.iter().filter_map(|e| self.index.call(*e).concept);
                    concepts
                        .into_iter()
                        .any(|c| matches!(c.name, "http.guard" | "jwt.verify" | "http.depend"))
                }
                _ => false,
            })
    }

    fn calls_next(&self, file: FileId, function: FunctionId) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let f = facts.function(function);
        let Some(last) = f.params.iter().rev().find(|p| !p.name.is_empty()).filter(|_| f.params.len() > 1)
        else {
            return false;
        };
        facts.calls.iter().any(|c| {
            f.span.contains(&c.span)
                && c.args.is_empty()
                && matches!(facts.value(c.callee), Value::Name(name) if *name == last.name)
        })
    }

    /// Is it a function with so many parameters?
    fn takes(&self, at: At, n: usize) -> bool {
        let found = self.trace(at, &None);
        !found.is_empty()
            && found.iter().all(|t| {
                matches!(t.root, Root::Function(file, function)
                    if self.facts(file).is_some_and(|f| f.function(function).params.len() == n))
            })
    }
}

/// Which routes what a page registers before others stands before.
fn covers_of(rec: &Recognizer, model: usize) -> Covers {
    let uses =
        rec.index.models[model].calls.iter().filter(|c| c.concept.is_some_and(|c| c.name == "http.use"));
    let mut texts = uses.flat_map(|c| &c.roles).filter(|(n, _)| n == "covers");
    let text = texts.find_map(|(_, s)| s.alternatives.first()?.text.clone());
    match text.as_deref() {
        Some("below") => Covers::Below,
        Some("all") => Covers::All,
        _ => Covers::After,
    }
}

fn is_path(rec: &Recognizer, at: At) -> bool {
    match rec.facts(at.file).map(|f| f.value(at.value)) {
        Some(Value::Text(_) | Value::Join(_)) => true,
        Some(Value::List(items)) => {
            items.iter().all(|i| is_path(rec, At { file: at.file, value: *i })) && !items.is_empty()
        }
        _ => false,
    }
}

/// Test code is no part of the program, unless the program takes it in.
fn is_test(rec: &Recognizer, used: &BTreeSet<FileId>, file: FileId) -> bool {
    is_test_path(rec.project.path_below(file)) && !used.contains(&file)
}

/// In a chain of calls, the part that is this call's own.
fn own_part(facts: &FileFacts, call: &Call) -> Span {
    match facts.value(call.callee) {
        Value::Field(base, name) if matches!(facts.value(*base), Value::Result(_)) => {
            let end = facts.node(call.callee).span.end;
            Span { start: end.saturating_sub(name.len() as u32).max(call.span.start), ..call.span }
        }
        _ => call.span,
    }
}

/// The names of methods that register something.
fn method_names<'a>(rec: &Recognizer<'a>) -> BTreeSet<&'a str> {
    let calls = rec.index.models.iter().flat_map(|m| &m.calls);
    let about = calls.filter(|c| c.concept.is_some_and(|c| c.name.starts_with("http.")));
    about.flat_map(|c| &c.paths).filter(|p| p.contains('.')).filter_map(|p| p.rsplit('.').next()).collect()
}

/// The class around a method, or the handler itself.
fn class_of(rec: &Recognizer, file: FileId, function: FunctionId) -> Node {
    let owner = rec.facts(file).and_then(|f| f.function(function).owner);
    match owner {
        Some(t) => Node::Class(file, t),
        None => Node::Handler(file, function),
    }
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
