//! Tables of paths: a module keeps a list of routes under a certain name, and other tables include
//! it by the module's name. Knows no framework: pages say what the lists are called.

use std::collections::BTreeSet;

use crate::endpoint::GuardKind;
use crate::facts::*;
use crate::project::Module;
use crate::project::names::Binding;
use crate::project::origins::{At, Path, Root, Traced};
use crate::recognize::roles::Scope;
use crate::recognize::{Recognizer, index};
use crate::rulebook::model::{Base, Source};
use crate::source::{Ecosystem, FileId, Str, is_test_path};

use super::collect::{Item, Node, Placed, Router, Routers, What, condition};

/// How deep lists may stand in lists.
const DEPTH: u32 = 10;

impl Recognizer<'_> {
    /// The tables that a file keeps.
    pub fn tables_of(&self, file: FileId) -> Vec<Node> {
        let (Some(facts), Some(names)) = (self.facts(file), self.names(file)) else { return Vec::new() };
        let pages = self.index.models.iter().filter(|m| m.ecosystem == facts.ecosystem);
        let wanted = pages.flat_map(|m| &m.tables).flat_map(|t| &t.names);
        let kept = wanted.filter(|n| !names.bindings(FunctionId(0), n).is_empty());
        kept.map(|n| Node::Table(file, n.clone())).collect()
    }

    /// The tables of a module that a text names.
    pub fn tables_named(&self, file: FileId, text: &str) -> Vec<Node> {
        match self.project.module(file, text) {
            Some(Module::File(there)) => self.tables_of(*there),
            _ => Vec::new(),
        }
    }

    /// What a text names: a class or function of the project, or of a package.
    pub fn named_by_text(&self, file: FileId, text: &str) -> Vec<Root> {
        let Some((module, name)) = text.rsplit_once('.') else { return Vec::new() };
        let name = Str::new(name);
        let Some(Module::File(there)) = self.project.module(file, module).cloned() else {
            let mut parts = text.split('.').map(Str::new);
            let path = Path {
                ecosystem: self.facts(file).map_or(Ecosystem::None, |f| f.ecosystem),
                module: parts.next().unwrap_or_default(),
                members: parts.collect(),
            };
            return vec![Root::External(path)];
        };
        if let Some((file, t)) = self.with_origins(|o| o.type_named(there, &name)) {
            return vec![Root::Type(file, t)];
        }
        let Some(names) = self.names(there) else { return Vec::new() };
        let function = names.bindings(FunctionId(0), &name).iter().find_map(|b| match b {
            Binding::Function(f) => Some(Root::Function(there, *f)),
            _ => None,
        });
        function.into_iter().collect()
    }

    /// The lines of the `[[value]]` entries of a page that a text names.
    pub fn values_named(&self, file: FileId, text: &str, page: &str) -> Vec<usize> {
        let mut out = Vec::new();
        for root in self.named_by_text(file, text) {
            let Root::External(path) = root else { continue };
            for model in self.index.of_module(path.ecosystem, &path.module) {
                let model = &self.index.models[model];
                let hits = model.values.iter().filter(|v| index::names_end(&v.path, &path.members));
                out.extend(hits.filter(|_| model.page == page).map(|v| v.line));
            }
        }
        out
    }

    /// The expressions that a setting holds, lists taken apart.
    pub fn setting_places(&self, sources: &[Source], reader: FileId) -> Vec<At> {
        let mut out: Vec<At> = Vec::new();
        for source in sources {
            let Base::Setting(key) = &source.base else { continue };
            for traced in self.setting(key, &Scope::call(reader, None, 0, &None)) {
                let Root::Value(at) = traced.root else { continue };
                if !is_test_path(self.project.path_below(at.file)) {
                    out.extend(self.parts_of_list(at, 0));
                }
            }
        }
        out
    }

    /// `router.urls` of an object of the project's own router class.
    pub fn router_object(&self, at: At) -> Vec<Node> {
        let Some(Value::Field(base, _)) = self.facts(at.file).map(|f| f.value(at.value)) else {
            return Vec::new();
        };
        let found = self.trace(At { file: at.file, value: *base }, &None);
        let objects = found.into_iter().filter_map(|t| match t.root {
            Root::Instance(file, class) if self.is_router(file, class) => {
                Some(self.made_here(t.at).unwrap_or(Node::Class(file, class)))
            }
            _ => None,
        });
        objects.collect()
    }

    /// Does a class derive from one that pages call a router?
    pub fn is_router(&self, file: FileId, class: TypeId) -> bool {
        self.with_origins(|o| o.ancestors(file, class)).iter().any(|root| {
            let (Root::External(path) | Root::Foreign(path)) = root else { return false };
            let models = self.index.of_module(path.ecosystem, &path.module);
            let mut calls = models.into_iter().flat_map(|m| &self.index.models[m].calls);
            calls.any(|c| {
                c.concept.is_some_and(|c| c.name == "http.router")
                    && c.paths.iter().any(|p| index::names_end(p, &path.members))
            })
        })
    }

    /// A list spread into another.
    pub fn is_spread(&self, at: At) -> bool {
        matches!(self.facts(at.file).map(|f| f.value(at.value)), Some(Value::Field(_, name)) if name == "[]")
    }

    /// What stands in a list of routes, each with the expression that puts it there.
    pub fn rows(&self, at: At, depth: u32, out: &mut Vec<(At, Node)>) {
        let Some(facts) = self.facts(at.file) else { return };
        if depth > DEPTH {
            return;
        }
        let each = |parts: &[ValueId], out: &mut Vec<(At, Node)>| {
            for part in parts {
                self.rows(At { file: at.file, value: *part }, depth + 1, out);
            }
        };
        match facts.value(at.value) {
            Value::List(items) | Value::Join(items) | Value::Either(items) => each(items, out),
            // A list spread into another.
            Value::Field(base, name) if name == "[]" => {
                self.rows(At { file: at.file, value: *base }, depth + 1, out);
            }
            _ => {
                out.extend(self.router_object(at).into_iter().map(|n| (at, n)));
                for traced in self.trace(at, &None) {
                    match &traced.root {
                        Root::Value(v) if *v != at => {
                            let there = self.facts(v.file).map(|f| f.value(v.value));
                            if let Some(Value::List(_) | Value::Join(_)) = there {
                                self.rows(*v, depth + 1, out);
                            }
                        }
                        Root::Call(file, call) => {
                            let nodes = self.nodes_of_call(*file, *call, 0);
                            if nodes.is_empty() && self.callee(*file, *call).local.is_empty() {
                                // A function that gives back more than it was handed.
                                let args = self.facts(*file).map_or(&[][..], |f| &f.call(*call).args);
                                for arg in args.iter().filter(|a| a.name.is_none()) {
                                    let given = At { file: *file, value: arg.value };
                                    let lists = |t: &Traced| match t.root {
                                        Root::Value(v) => matches!(
                                            self.facts(v.file).map(|f| f.value(v.value)),
                                            Some(Value::List(_) | Value::Join(_))
                                        ),
                                        _ => false,
                                    };
                                    if self.trace(given, &None).iter().any(lists) {
                                        self.rows(given, depth + 1, out);
                                    }
                                }
                            }
                            out.extend(nodes.into_iter().map(|n| (at, n)));
                        }
                        Root::Member(base, _) => {
                            if let Root::Call(file, call) = base.as_ref() {
                                out.extend(self.nodes_of_call(*file, *call, 0).into_iter().map(|n| (at, n)));
                            }
                        }
                        Root::Module(Module::File(file)) => {
                            out.extend(self.tables_of(*file).into_iter().map(|n| (at, n)));
                        }
                        _ => {}
                    }
                }
            }
        }
    }
}

impl Routers {
    /// The tables of all files, as routers.
    pub fn collect_tables(&mut self, rec: &Recognizer) {
        let mut roots: BTreeSet<Node> = BTreeSet::new();
        let mut pages: BTreeSet<usize> = BTreeSet::new();
        for (model, page) in rec.index.models.iter().enumerate() {
            for table in &page.tables {
                for facts in rec.project.files.iter().flatten().filter(|f| f.ecosystem == page.ecosystem) {
                    if is_test_path(rec.project.path_below(facts.file)) {
                        continue;
                    }
                    for name in &table.names {
                        self.collect_table(rec, facts, name, model);
                    }
                    for at in rec.root_settings(facts, &table.root) {
                        let named = rec.facts(at.file).and_then(|f| match f.value(at.value) {
                            Value::Text(text) => Some(rec.tables_named(at.file, text)),
                            _ => None,
                        });
                        roots.extend(named.into_iter().flatten());
                    }
                }
                if !roots.is_empty() {
                    pages.insert(model);
                }
            }
        }
        let tables: Vec<Node> = self.all.keys().filter(|n| matches!(n, Node::Table(..))).cloned().collect();
        let mut mounted: BTreeSet<Node> = BTreeSet::new();
        for router in self.all.values() {
            for item in &router.items {
                if let What::Mount { children, .. } = &item.what {
                    mounted.extend(children.iter().cloned());
                }
            }
        }
        for node in tables {
            let Some(router) = self.all.get_mut(&node) else { continue };
            let is_root = match pages.contains(&router.model) {
                true => roots.contains(&node),
                false => !mounted.contains(&node),
            };
            if !is_root {
                continue;
            }
            self.roots.insert(node.clone());
            let Node::Table(file, _) = &node else { continue };
            let mut seen: Vec<Str> = Vec::new();
            for table in &rec.index.models[router.model].tables {
                for at in rec.setting_places(&table.guard, *file) {
                    let Some(Value::Text(text)) = rec.facts(at.file).map(|f| f.value(at.value)) else {
                        continue;
                    };
                    if !seen.contains(text) {
                        seen.push(text.clone());
                        router.guards.push(Placed { at, kind: GuardKind::Setting });
                    }
                }
            }
        }
    }

    /// Is it said by a page whose routes stand in tables?
    pub fn in_tables(&self, rec: &Recognizer, node: &Node) -> bool {
        self.all.get(node).is_some_and(|r| !rec.index.models[r.model].tables.is_empty())
    }

    fn collect_table(&mut self, rec: &Recognizer, facts: &FileFacts, name: &Str, model: usize) {
        let mut router = Router { model, ..Router::default() };
        for write in &facts.writes {
            let at_top = write.function == FunctionId(0) && !facts.in_test(write.region);
            if !at_top || write.kind == WriteKind::Remove || write.target != Target::Variable(name.clone()) {
                continue;
            }
            router.span = router.span.or(Some(write.span));
            let mut rows = Vec::new();
            rec.rows(At { file: facts.file, value: write.value }, 0, &mut rows);
            for (n, (at, node)) in rows.into_iter().enumerate() {
                if node == Node::Table(facts.file, name.clone()) {
                    continue;
                }
                let span = rec.facts(at.file).map_or(write.span, |f| f.node(at.value).span);
                router.items.push(Item {
                    order: vec![write.span.start, n as u32],
                    span,
                    model,
                    what: What::Mount { paths: Vec::new(), children: vec![node], guards: Vec::new() },
                    condition: condition(facts, write.region),
                });
            }
        }
        if router.span.is_some() {
            self.all.insert(Node::Table(facts.file, name.clone()), router);
        }
    }
}

impl Recognizer<'_> {
    /// What one file sets of the settings that name a table.
    fn root_settings(&self, facts: &FileFacts, sources: &[Source]) -> Vec<At> {
        let mut out = Vec::new();
        for source in sources {
            let Base::Setting(key) = &source.base else { continue };
            let own = facts.settings.iter().filter(|s| s.path == *key);
            out.extend(own.flat_map(|s| {
                let traced = self.trace(At { file: facts.file, value: s.value }, &None);
                traced.into_iter().filter_map(|t| match t.root {
                    Root::Value(at) => Some(at),
                    _ => None,
                })
            }));
        }
        out
    }
}
