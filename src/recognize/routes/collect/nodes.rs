//! Which entries of pages a call is, and which routers an expression is. Knows no framework.

use crate::facts::*;
use crate::project::Module;
use crate::project::origins::{At, Context, Root, Traced};
use crate::recognize::Recognizer;
use crate::recognize::index::EntryId;
use crate::rulebook::model::CallModel;
use crate::source::FileId;

use super::{Entry, Node};

impl Recognizer<'_> {
    /// The entries about routes that a call is.
    pub fn route_entries(&self, file: FileId, call: CallId) -> Vec<Entry<'_>> {
        let callee = self.callee(file, call);
        callee.entries.iter().filter_map(|id| self.route_entry(file, call, *id)).collect()
    }

    pub(super) fn route_entry(&self, file: FileId, call: CallId, id: EntryId) -> Option<Entry<'_>> {
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
    pub(super) fn method_named(
        &self,
        file: FileId,
        call: CallId,
        model: usize,
        method: &str,
    ) -> Option<Entry<'_>> {
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
    pub(super) fn holds_routes(&self, node: &Node) -> bool {
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
