//! Routers and what is registered on them as endpoints: prefixes and guards carried from the outer
//! routers to the inner ones, in the order of registration. Knows no framework.

mod before;
mod handlers;
mod route;

use std::collections::BTreeSet;

use crate::endpoint::{Answer, Endpoint, Inventory, Late};
use crate::facts::*;
use crate::finding::{Problem, ProblemKind};
use crate::recognize::Recognizer;
use crate::source::{FileId, Span, Str};

use super::classes::Class;
use super::collect::{Covers, Handler, Item, Node, Placed, Router, Routers, What, program};
use super::guards::Guards;
use super::path::{join, normal};
use super::patterns::Patterns;
use super::{patterns, programs, records};

/// How many routers may stand inside each other, and how many endpoints one program may have.
const DEPTH: usize = 24;
const ENDPOINTS: usize = 20_000;

/// A guard on the way down, and the paths that it stands before.
#[derive(Clone, Debug)]
struct Active {
    placed: Placed,
    /// The full path.
    prefix: String,
    exact: bool,
}

pub struct Walk<'w, 'g, 'r, 'a> {
    rec: &'r Recognizer<'a>,
    routers: &'w Routers,
    guards: &'w Guards<'g, 'r, 'a>,
    endpoints: Vec<Endpoint>,
    problems: Vec<Problem>,
    /// The routers around the one that is walked.
    around: Vec<Node>,
    /// What decides where nothing nearer does: the nearest last.
    policies: Vec<&'w [Placed]>,
    /// What holds for the program that is walked.
    whole: Option<&'w Router>,
    patterns: Patterns,
}

/// A function that answers, and the function around it.
#[derive(Clone)]
struct Found {
    function: Option<(FileId, FunctionId)>,
    name: Str,
    place: Span,
    wrappers: Vec<Placed>,
    /// What runs before it: methods of the same class.
    before: Vec<(FileId, FunctionId)>,
    /// The same, where the answer decides.
    decides: Vec<(FileId, FunctionId)>,
    /// What decides is said here, whatever is said further out.
    decided: bool,
    /// The class whose method it is.
    class: Option<Class>,
    /// What answers could not be read, and no page speaks of it.
    unread: bool,
}

impl<'w, 'g, 'r, 'a> Walk<'w, 'g, 'r, 'a> {
    pub fn new(rec: &'r Recognizer<'a>, routers: &'w Routers, guards: &'w Guards<'g, 'r, 'a>) -> Self {
        Walk {
            rec,
            routers,
            guards,
            endpoints: Vec::new(),
            problems: Vec::new(),
            around: Vec::new(),
            policies: Vec::new(),
            whole: None,
            patterns: Patterns::default(),
        }
    }

    pub fn inventory(mut self) -> Inventory {
        let mut mounted: BTreeSet<&Node> = BTreeSet::new();
        for (node, router) in &self.routers.all {
            for item in &router.items {
                if let What::Mount { children, .. } = &item.what {
                    mounted.extend(children.iter().filter(|c| *c != node));
                }
            }
        }
        let roots: Vec<&Node> = self
            .routers
            .all
            .keys()
            .filter(|n| match n {
                Node::Program(..) => false,
                Node::Table(..) => self.routers.roots.contains(n),
                // Where routes stand in tables, one that stands in none answers nowhere.
                Node::Made(..) if self.routers.in_tables(self.rec, n) => false,
                _ => !mounted.contains(n) && !self.is_loose(n),
            })
            .collect();
        for node in roots {
            let mut active = Vec::new();
            let mut base = String::new();
            self.whole = None;
            if let Some(router) = self.routers.all.get(node)
                && let Some(file) = file_of(node)
                && let Some(whole) = self.routers.all.get(&program(self.rec, file, router.model))
            {
                base = programs::beginning(whole);
                self.whole = Some(whole);
                active.extend(uses_of(self.rec, whole));
                active.extend(whole.guards.iter().map(|g| Active {
                    placed: *g,
                    prefix: String::new(),
                    exact: false,
                }));
            }
            self.walk(node, &base, false, &active, None);
        }
        self.finish()
    }

    /// A route of its own that says no path, and that nothing mounts, answers nowhere.
    fn is_loose(&self, node: &Node) -> bool {
        let Some(router) = self.routers.all.get(node).filter(|_| matches!(node, Node::Made(..))) else {
            return false;
        };
        let bare = |item: &Item| matches!(&item.what, What::Route { paths, .. } if paths.is_empty());
        router.span.is_none() && router.items.iter().all(bare)
    }

    /// Guards after the last route of a router.
    fn late(&self) -> Vec<Late> {
        let mut out = Vec::new();
        for (node, router) in &self.routers.all {
            let routes = |item: &&Item| !matches!(item.what, What::Use { .. });
            let Some(last) = router.items.iter().rposition(|i| routes(&i)) else { continue };
            if !matches!(node, Node::Made(..))
                || !router.items.iter().any(|i| matches!(i.what, What::Route { .. }))
            {
                continue;
            }
            for item in &router.items[last + 1..] {
                let What::Use { guards, covers: Covers::After | Covers::Below, .. } = &item.what else {
                    continue;
                };
                let guards = guards.iter().map(|g| self.guards.guard(*g));
                out.extend(
                    guards
                        .filter(|g| g.does.authentication == Answer::Yes)
                        .map(|guard| Late { guard, router: router.span }),
                );
            }
        }
        out
    }

    fn finish(mut self) -> Inventory {
        let late = self.late();
        let key = |e: &Endpoint| (e.path.clone(), e.method.clone(), e.place, e.registered);
        self.endpoints.sort_by_key(key);
        self.endpoints.dedup_by(|a, b| {
            a.path == b.path && a.method == b.method && a.place == b.place && a.handler == b.handler
        });
        self.problems.sort_by(|a, b| (&a.path, a.span, &a.message).cmp(&(&b.path, b.span, &b.message)));
        self.problems.dedup();
        Inventory { endpoints: self.endpoints, late, problems: self.problems }
    }

    /// Walks one router; gives back what it leaves to the router around it.
    fn walk(
        &mut self,
        node: &Node,
        base: &str,
        instead: bool,
        outer: &[Active],
        condition: Option<&Str>,
    ) -> Vec<(Active, Covers)> {
        let Some(router) = self.routers.all.get(node) else { return Vec::new() };
        if self.around.contains(node) || self.around.len() >= DEPTH {
            self.problem(
                router.span,
                "this router is mounted inside itself, or too deep: what lies below is left out",
            );
            return Vec::new();
        }
        self.around.push(node.clone());
        let policies = self.policies.len();
        self.policies.extend(self.policy(node, None));
        let mut left = Vec::new();
        let bases: Vec<String> = match instead || router.paths.is_empty() {
            true => vec![base.to_string()],
            false => router.paths.iter().map(|p| join(base, p)).collect(),
        };
        for base in bases {
            left.extend(self.walk_below(router, node, &base, outer, condition));
        }
        self.around.pop();
        self.policies.truncate(policies);
        left
    }

    fn policy(&self, node: &Node, span: Option<Span>) -> Option<&'w [Placed]> {
        self.routers.policies.get(&(node.clone(), span)).map(Vec::as_slice)
    }

    fn walk_below(
        &mut self,
        router: &Router,
        node: &Node,
        base: &str,
        outer: &[Active],
        condition: Option<&Str>,
    ) -> Vec<(Active, Covers)> {
        let of = |item: &Item| -> Option<(Vec<Active>, Covers)> {
            let What::Use { paths, exact, guards, covers } = &item.what else { return None };
            let prefixes: Vec<String> = match paths.is_empty() {
                true => vec![base.to_string()],
                false => paths.iter().map(|p| join(base, p)).collect(),
            };
            let all = prefixes.iter().flat_map(|prefix| {
                guards.iter().map(|g| Active { placed: *g, prefix: prefix.clone(), exact: *exact })
            });
            Some((all.collect(), *covers))
        };
        let mut active: Vec<Active> = outer.to_vec();
        let own = |placed: &Placed| Active { placed: *placed, prefix: base.to_string(), exact: false };
        active.extend(router.guards.iter().map(own));
        for (uses, _) in router.items.iter().filter_map(of).filter(|(_, c)| *c == Covers::All) {
            active.extend(uses);
        }
        self.of_same(router, base, 0, &mut active);
        // What looks at one parameter stands before the router's own routes that have it.
        let of_parameter = |path: &str| -> Vec<Active> {
            let uses = router.items.iter().filter_map(|item| match &item.what {
                What::Use { paths, guards, covers: Covers::Parameter, .. }
                    if paths.iter().any(|p| normal(path).contains(&format!("{{{p}}}"))) =>
                {
                    Some(guards)
                }
                _ => None,
            });
            uses.flatten().map(own).collect()
        };
        let mut left = Vec::new();
        for (i, item) in router.items.iter().enumerate() {
            let condition = item.condition.as_ref().or(condition);
            let later = router.items[i + 1..].iter().filter_map(of).filter(|(_, c)| *c == Covers::Before);
            match &item.what {
                What::Use { .. } => {
                    if let Some((uses, covers)) = of(item)
                        && matches!(covers, Covers::After | Covers::Outer | Covers::Below)
                    {
                        left.extend(uses.iter().map(|u| (u.clone(), covers)));
                        active.extend(uses);
                    }
                }
                What::Route { methods, paths, handlers, guards } => {
                    let mut here = active.clone();
                    here.extend(later.flat_map(|(uses, _)| uses));
                    let paths: Vec<String> = match paths.is_empty() {
                        true => vec![base.to_string()],
                        false => paths.iter().map(|p| join(base, p)).collect(),
                    };
                    for (path, method) in self.settled(node, handlers, paths, methods) {
                        let mut here = here.clone();
                        here.extend(of_parameter(&path));
                        for (method, path, found) in self.answering(handlers, &method, &path, item.span) {
                            self.route(router, node, item, &method, &path, found, &here, guards, condition);
                        }
                    }
                }
                What::Mount { paths, children, guards } => {
                    let mut here = active.clone();
                    here.extend(later.flat_map(|(uses, _)| uses));
                    let paths: Vec<String> = match paths.is_empty() {
                        true => vec![base.to_string()],
                        false => paths.iter().map(|p| join(base, p)).collect(),
                    };
                    for path in &paths {
                        let mut inside = here.clone();
                        if self.routers.apart.contains(&item.span) {
                            // An application of its own: what parameters depend on stays behind.
                            inside.retain(|a| !self.rec.is_dependency(a.placed.at));
                        }
                        inside.extend(guards.iter().map(|g| Active {
                            placed: *g,
                            prefix: path.clone(),
                            exact: false,
                        }));
                        let policies = self.policies.len();
                        self.policies.extend(self.policy(node, Some(item.span)));
                        let instead = self.routers.instead.contains(&item.span);
                        for child in children.iter().filter(|c| *c != node) {
                            let mut leaves = self.walk(child, path, instead, &inside, condition);
                            let same = self.routers.all.get(child).is_some_and(|r| r.same);
                            leaves.retain(|(_, covers)| same || *covers != Covers::Below);
                            for (_, covers) in leaves.iter_mut().filter(|(_, c)| !same && *c == Covers::Outer)
                            {
                                *covers = Covers::Below;
                            }
                            active.extend(leaves.iter().map(|(a, _)| a.clone()));
                            left.extend(leaves);
                        }
                        self.policies.truncate(policies);
                    }
                }
            }
        }
        left
    }

    /// What stands before all routes of a router, registered by functions that work on the router itself.
    fn of_same(&self, router: &Router, base: &str, depth: u32, active: &mut Vec<Active>) {
        for item in &router.items {
            let What::Mount { paths, children, .. } = &item.what else { continue };
            if depth > 8 || !paths.is_empty() {
                continue;
            }
            for inner in children.iter().filter_map(|c| self.routers.all.get(c)).filter(|r| r.same) {
                for item in &inner.items {
                    let What::Use { paths, exact, guards, covers: Covers::All } = &item.what else {
                        continue;
                    };
                    let prefixes: Vec<String> = match paths.is_empty() {
                        true => vec![base.to_string()],
                        false => paths.iter().map(|p| join(base, p)).collect(),
                    };
                    active.extend(prefixes.iter().flat_map(|prefix| {
                        guards.iter().map(|g| Active { placed: *g, prefix: prefix.clone(), exact: *exact })
                    }));
                }
                self.of_same(inner, base, depth + 1, active);
            }
        }
    }

    /// Does a guard stand before an address? Fields have none that a pattern could fit.
    fn reaches(&self, active: &Active, method: &str, path: &str) -> bool {
        match programs::is_field(method) {
            true => !patterns::is_marked(&active.prefix),
            false => self.patterns.reaches(&active.prefix, active.exact, path),
        }
    }

    /// Paths and methods with what the program says of them.
    fn settled(
        &self,
        node: &Node,
        handlers: &[Handler],
        paths: Vec<String>,
        methods: &[Str],
    ) -> Vec<(String, Str)> {
        let mut out = Vec::new();
        for path in &paths {
            for method in methods {
                let all = self.routers.settle(self.whole, node, handlers, method, path);
                out.extend(all.iter().map(|p| (records::glued(p), method.clone())));
            }
        }
        out
    }

    fn framework(&self, model: usize) -> Str {
        let page = &self.rec.index.models[model];
        match page.package.is_empty() {
            true => page.page.rsplit('/').next().unwrap_or_default().trim_end_matches(".md").into(),
            false => page.package.clone(),
        }
    }

    fn problem(&mut self, span: Option<Span>, message: &str) {
        let path =
            span.and_then(|s| self.rec.project.paths.get(s.file.0 as usize).cloned()).unwrap_or_default();
        self.problems.push(Problem { kind: ProblemKind::Route, path, span, message: message.into() });
    }
}

/// What runs before the handlers of a whole program.
fn uses_of(rec: &Recognizer, whole: &Router) -> Vec<Active> {
    let mut out = Vec::new();
    for item in &whole.items {
        let What::Use { paths, exact, guards, .. } = &item.what else { continue };
        let all = if paths.is_empty() {
            vec![String::new()]
        } else {
            paths.iter().map(|p| p.to_string()).collect()
        };
        // What is put together is read part by part: each may ask for the path itself.
        let guards: Vec<Placed> = guards
            .iter()
            .flat_map(|g| rec.leaves(g.at, 0).into_iter().map(|at| Placed { at, ..*g }))
            .collect();
        for prefix in all {
            out.extend(guards.iter().map(|g| Active { placed: *g, prefix: prefix.clone(), exact: *exact }));
        }
    }
    out
}

fn file_of(node: &Node) -> Option<FileId> {
    match node {
        Node::Made(file, _)
        | Node::Param(file, ..)
        | Node::Handler(file, _)
        | Node::Class(file, _)
        | Node::File(file)
        | Node::Table(file, _) => Some(*file),
        Node::Program(..) => None,
    }
}
