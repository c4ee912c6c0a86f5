//! Routers and what is registered on them as endpoints: prefixes and guards carried from the outer
//! routers to the inner ones, in the order of registration. Knows no framework.

use std::collections::BTreeSet;

use crate::endpoint::{
    Answer, Does, Effects, Endpoint, Exempt, Guard, GuardKind, Input, InputFrom, Inventory, Late,
};
use crate::facts::*;
use crate::finding::{Evidence, Problem, ProblemKind, Strength};
use crate::project::origins::{At, Root};
use crate::recognize::Recognizer;
use crate::source::{FileId, Span, Str};

use super::actions::Asked;
use super::classes::Class;
use super::collect::{Covers, Handler, Item, Node, Placed, Router, Routers, What, program};
use super::guards::{Guards, body};
use super::path::{join, normal};
use super::patterns::Patterns;
use super::{derived, marks, patterns, programs, records};

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

    #[allow(clippy::too_many_arguments)]
    fn route(
        &mut self,
        router: &Router,
        node: &Node,
        item: &Item,
        method: &Str,
        path: &str,
        found: Found,
        active: &[Active],
        own: &[Placed],
        condition: Option<&Str>,
    ) {
        if self.endpoints.len() >= ENDPOINTS {
            return;
        }
        let path = normal(path);
        let mut guards: Vec<Guard> = Vec::new();
        let mut public = None;
        let mut add = |guard: Guard| {
            if !guards.iter().any(|g: &Guard| g.span == guard.span) {
                guards.push(guard);
            }
        };
        let action = found.name.rsplit('.').next().unwrap_or_default();
        self.guards.ask(Asked { action: action.into(), verb: method.clone(), class: found.class });
        let own_policy = self.policy(node, Some(item.span));
        let outer = self.policies.last().copied().filter(|_| !found.decided);
        let policy = own_policy.or(outer).unwrap_or(&[]);
        // Nothing, where something could stand: it is open on purpose.
        let nothing = policy
            .iter()
            .find(|p| matches!(self.rec.facts(p.at.file).map(|f| f.value(p.at.value)), Some(Value::Null)));
        if let Some(nothing) = nothing {
            public = Some(Evidence {
                span: self.rec.with_origins(|o| o.span(nothing.at)),
                text: "said to be open to everybody".into(),
                strength: Strength::Stated,
            });
        }
        let open = found.decided
            || found.function.is_some_and(|(file, function)| {
                let mut own = self.rec.decorators(file, function).into_iter();
                own.any(|(file, value)| self.guards.is_public(At { file, value }))
            });
        for a in active.iter().filter(|a| a.prefix.is_empty() || self.reaches(a, method, &path)) {
            // What a setting names holds unless the handler says otherwise.
            if self.routers.open.contains(&item.span) && self.rec.is_guard_object(a.placed.at) {
                continue;
            }
            let mut guard = self.guards.guard_at(a.placed, &normal(&a.prefix), method, &path);
            if guard.exempts.iter().any(|e| lets_pass(e, &path)) && self.rec.is_guard_object(a.placed.at) {
                guard.does = Does::default();
            }
            self.guards.narrow(&mut guard, &path, &self.patterns);
            let setting = a.placed.kind == GuardKind::Setting;
            if !(setting && (guard.does.nothing() || open && self.guards.is_stated(a.placed.at))) {
                add(guard);
            }
        }
        for placed in own.iter().chain(policy).chain(&found.wrappers) {
            if let Some(demand) = self.routers.demanded.get(&(placed.at.file, placed.at.value)) {
                add(demand.guard());
                continue;
            }
            if placed.kind != GuardKind::Setting {
                public = public.or(self.says_public(placed.at));
            }
            add(self.guards.guard_of(*placed, method));
        }
        for (file, function) in found.decides.iter().copied() {
            let class = self.rec.with_origins(|o| o.owner(file, function));
            let reading = self.guards.decision(file, function, class, 0);
            let decides = self.found(file, function, Vec::new());
            add(Guard {
                name: decides.name,
                span: decides.place,
                kind: GuardKind::Hook,
                does: reading.does,
                function: Some((file, function)),
                exempts: Vec::new(),
                evidence: reading.evidence,
                strength: Strength::Stated,
            });
        }
        for (file, function) in found.before.iter().copied() {
            for (guard, _) in self.on_handler(file, function, item) {
                add(guard);
            }
            let gate = self.guards.gate(file, function);
            let reading = match gate.does.nothing() {
                true => self.guards.of_powers(file, function),
                false => gate,
            };
            if !reading.does.nothing() {
                let before = self.found(file, function, Vec::new());
                add(Guard {
                    name: before.name,
                    span: before.place,
                    kind: GuardKind::Hook,
                    does: reading.does,
                    function: Some((file, function)),
                    exempts: Vec::new(),
                    evidence: reading.evidence,
                    strength: Strength::Stated,
                });
            }
        }
        let mut effects = Effects::default();
        if let Some((file, function)) = found.function {
            for placed in &derived::around(self.rec, node, (file, function)) {
                for at in self.rec.leaves(placed.at, 0) {
                    add(self.guards.guard(Placed { at, ..*placed }));
                }
            }
            for (guard, says) in self.on_handler(file, function, item) {
                if says {
                    public = public.or(Some(Evidence {
                        span: guard.span,
                        text: "said to be open to everybody".into(),
                        strength: Strength::Stated,
                    }));
                }
                add(guard);
            }
            let powers = self.guards.reader.body_powers(file, function);
            let mut does = body(&powers);
            effects = powers.effects();
            // What is done for callers who are known stops nobody.
            if self.guards.favours_known(file, function) {
                does = Does::default();
            }
            for guard in self.delegated(file, function, item, 0) {
                add(guard);
            }
            // Where callers come in, a failure is no demand for what they come for.
            if self.guards.reader.is_named("entrance", &found.name) {
                does = Does::default();
            }
            if !does.nothing() {
                add(Guard {
                    name: found.name.clone(),
                    span: found.place,
                    kind: GuardKind::Body,
                    does,
                    function: found.function,
                    exempts: Vec::new(),
                    evidence: powers.evidence(),
                    strength: Strength::Inferred,
                });
            }
        }
        self.guards.ask(Asked::default());
        if found.unread && !self.routers.roots.is_empty() && public.is_none() {
            add(Guard {
                name: found.name.clone(),
                span: found.place,
                kind: GuardKind::Body,
                does: Does { authentication: Answer::Unknown, ..Does::default() },
                function: None,
                exempts: Vec::new(),
                evidence: vec![Evidence {
                    span: found.place,
                    text: "what answers could not be read".into(),
                    strength: Strength::Stated,
                }],
                strength: Strength::Inferred,
            });
        }
        if let Some(function) = found.function {
            let marks = marks::marks_on(self.rec, function, &derived::around(self.rec, node, function));
            for guard in &mut guards {
                let open = self.guards.adjust(guard, &marks);
                public = public.or(open);
            }
        }
        for (f, guard) in guards.iter().filter_map(|g| g.function).filter(|g| Some(*g) != found.function) {
            effects.lost.extend(self.guards.reader.powers(f, guard).lost);
        }
        let mut does = guards.iter().fold(Does::default(), |all, g| all.and(g.does));
        if does.authentication == Answer::Yes
            && let Some((file, function)) = found.function
            && self.guards.reader.powers(file, function).role_stops.is_some()
        {
            does.role = Answer::Yes;
        }
        // Nobody's rights can be told before it is known who calls.
        if does.authentication == Answer::No {
            does = Does::default();
        }
        let inputs = path
            .split('/')
            .filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'))
            .map(|name| Input { from: InputFrom::Path, name: name.trim_end_matches('*').into() })
            .collect();
        self.endpoints.push(Endpoint {
            method: method.clone(),
            path: path.clone(),
            place: found.place,
            registered: item.span,
            handler: found.name,
            function: found.function,
            framework: self.framework(item.model),
            condition: condition.cloned(),
            guards,
            inputs,
            effects,
            router: router.span.or_else(|| file_of(node).map(|f| Span::new(f, 0, 0))),
            authentication: does.authentication,
            role: does.role,
            scope: does.scope,
            ownership: Answer::Unknown,
            public,
        });
        if path.contains('…') {
            self.problem(
                Some(item.span),
                "this path is worked out at run time: `…` stands for what is not known",
            );
        }
    }

    /// Decorators, parameters, and those of the class around a method.
    fn on_handler(&self, file: FileId, function: FunctionId, item: &Item) -> Vec<(Guard, bool)> {
        let Some(facts) = self.rec.facts(file) else { return Vec::new() };
        let mut out = Vec::new();
        let fact = facts.function(function);
        let mut on: Vec<Attached> = Vec::new();
        on.extend(fact.owner.map(Attached::Type));
        on.push(Attached::Function(function));
        for place in on {
            for attribute in facts.attributes.iter().filter(|a| a.on == place) {
                if attribute.span == item.span
                    || self.is_route(file, attribute.value)
                    || place != Attached::Function(function)
                        && !self.rec.concerns(file, attribute.value, &fact.name)
                {
                    continue;
                }
                // It wraps what the route's decorator has registered already.
                let above = attribute.span.start < item.span.start && item.span.file == file;
                if above && place == Attached::Function(function) && self.routers.above.contains(&item.span) {
                    continue;
                }
                let at = At { file, value: attribute.value };
                for at in self.rec.leaves(at, 0) {
                    let guard = self.guards.guard(Placed { at, kind: GuardKind::Decorator });
                    out.push((guard, self.guards.is_public(at)));
                }
            }
        }
        let fields = fact.owner.map_or_else(Vec::new, |t| self.rec.dependencies_of_class(file, t));
        for dependency in fields {
            let reading = self.guards.of_dependency(&dependency);
            let Some(there) = self.rec.facts(dependency.at.file) else { continue };
            out.push((
                Guard {
                    name: show::value(there, dependency.at.value, 3).into(),
                    span: there.node(dependency.at.value).span,
                    kind: GuardKind::Dependency,
                    does: reading.does,
                    function: reading.function,
                    exempts: Vec::new(),
                    evidence: reading.evidence,
                    strength: reading.strength.unwrap_or(Strength::Stated),
                },
                reading.public,
            ));
        }
        for parameter in &fact.params {
            for (at, kind, reading, optional) in self.guards.of_parameter(file, parameter) {
                let mut does = reading.does;
                if optional && does.authentication == Answer::Yes {
                    does.authentication = Answer::Optional;
                    does.role = Answer::No;
                }
                out.push((
                    Guard {
                        name: self
                            .rec
                            .facts(at.file)
                            .map_or("".into(), |f| show::value(f, at.value, 3).into()),
                        span: parameter.span,
                        kind,
                        does,
                        function: reading.function,
                        exempts: Vec::new(),
                        evidence: reading.evidence,
                        strength: reading.strength.unwrap_or(Strength::Stated),
                    },
                    reading.public,
                ));
            }
        }
        out
    }

    /// What stands before the functions that a handler hands every request on to.
    fn delegated(&self, file: FileId, function: FunctionId, item: &Item, depth: u32) -> Vec<Guard> {
        let Some(facts) = self.rec.facts(file) else { return Vec::new() };
        let fact = facts.function(function);
        let mut out: Option<Vec<Guard>> = None;
        let all = facts.exits.iter().filter(|e| e.function == function && e.kind == ExitKind::Return);
        for exit in all {
            let Some(Value::Result(call)) = exit.value.map(|v| facts.value(v)) else { return Vec::new() };
            let handed = facts.call(*call).args.iter().any(|a| match facts.value(a.value) {
                Value::Name(name) => fact.params.iter().any(|p| p.name == *name),
                Value::Param(f, _) => *f == function,
                _ => false,
            });
            let callee = self.rec.callee(file, *call);
            let [(f, target)] = callee.local.as_slice() else { return Vec::new() };
            if !handed || depth > 3 || (*f, *target) == (file, function) {
                return Vec::new();
            }
            let mut guards: Vec<Guard> =
                self.on_handler(*f, *target, item).into_iter().map(|(g, _)| g).collect();
            guards.extend(self.delegated(*f, *target, item, depth + 1));
            if !guards.iter().any(|g| g.does.authentication == Answer::Yes) {
                return Vec::new();
            }
            out = out.or(Some(guards));
        }
        out.unwrap_or_default()
    }

    fn is_route(&self, file: FileId, value: ValueId) -> bool {
        match self.rec.facts(file).map(|f| f.value(value)) {
            Some(Value::Result(call)) => !self.rec.route_entries(file, *call).is_empty(),
            _ => false,
        }
    }

    /// What answers: functions, or the methods of classes.
    fn answering(
        &self,
        handlers: &[Handler],
        method: &Str,
        path: &str,
        registered: Span,
    ) -> Vec<(Str, String, Found)> {
        let mut out = Vec::new();
        for handler in handlers {
            let classes = self.rec.classes_of(handler);
            if classes.is_empty() {
                if let Some(found) = self.foreign(handler, method, path, registered) {
                    out.extend(found);
                    continue;
                }
                for mut found in self.handlers(handler, registered) {
                    let mut places: Vec<(FileId, ValueId)> =
                        found.wrappers.iter().map(|w| (w.at.file, w.at.value)).collect();
                    places.extend(found.function.into_iter().flat_map(|(f, n)| self.rec.decorators(f, n)));
                    let said = self.rec.said_at(&places);
                    found.decided |= said.policy.is_some();
                    found.wrappers.extend(said.policy.into_iter().flatten());
                    let all = match method.as_str() {
                        "ANY" if !said.methods.is_empty() => said.methods,
                        _ => vec![method.clone()],
                    };
                    out.extend(all.into_iter().map(|m| (m, path.to_string(), found.clone())));
                }
            }
            for class in classes {
                for answer in self.rec.answers(&class) {
                    let verb = match (method.as_str(), answer.verb.as_str()) {
                        ("ANY", _) => answer.verb.clone(),
                        (_, "ANY") => method.clone(),
                        (a, b) if a == b => method.clone(),
                        _ => continue,
                    };
                    let path = if answer.below.is_empty() { path.into() } else { join(path, &answer.below) };
                    let mut found = match answer.function {
                        Some((file, function)) => self.found(file, function, answer.guards),
                        None => self.inherited(&class, &answer.name, answer.guards),
                    };
                    found.before = answer.before;
                    found.decides = answer.decides;
                    found.decided = answer.decided;
                    found.class = Some(class);
                    found.name = format!("{}.{}", self.class_name(&class), answer.name).into();
                    out.push((verb, path, found));
                }
            }
        }
        out
    }

    /// A library's own class as handler.
    fn foreign(
        &self,
        handler: &Handler,
        method: &Str,
        path: &str,
        registered: Span,
    ) -> Option<Vec<(Str, String, Found)>> {
        let Handler::Value(at) = handler else { return None };
        let (verbs, guards) = self.rec.foreign_answers(*at)?;
        let found = Found { wrappers: guards, unread: false, ..self.unread(*at, registered) };
        let all = verbs.into_iter().filter(|v| method == "ANY" || v == method);
        Some(all.map(|verb| (verb, path.to_string(), found.clone())).collect())
    }

    fn class_name(&self, class: &Class) -> Str {
        self.rec.facts(class.file).map(|f| f.types[class.t.0 as usize].name.clone()).unwrap_or_default()
    }

    /// A method that only the library's class has: its place is the class.
    fn inherited(&self, class: &Class, name: &str, wrappers: Vec<Placed>) -> Found {
        let place = self.rec.facts(class.file).map(|f| f.types[class.t.0 as usize].name_span);
        Found {
            function: None,
            name: name.into(),
            place: place.unwrap_or(Span::new(class.file, 0, 0)),
            wrappers,
            before: Vec::new(),
            decides: Vec::new(),
            decided: false,
            class: None,
            unread: false,
        }
    }

    fn says_public(&self, at: At) -> Option<Evidence> {
        let span = self.rec.with_origins(|o| o.span(at));
        self.guards.is_public(at).then(|| Evidence {
            span,
            text: "said to be open to everybody".into(),
            strength: Strength::Stated,
        })
    }

    /// The functions that a handler can be, without what is wrapped around them.
    fn handlers(&self, handler: &Handler, registered: Span) -> Vec<Found> {
        match handler {
            Handler::Function(file, function) => vec![self.found(*file, *function, Vec::new())],
            Handler::Class(..) => Vec::new(),
            Handler::Value(at) => {
                let mut out: Vec<Found> = Vec::new();
                for found in self.peel(*at, Vec::new(), 0) {
                    if !out.iter().any(|o| o.place == found.place) {
                        out.push(found);
                    }
                }
                if out.is_empty() {
                    out.push(self.unread(*at, registered));
                }
                out
            }
        }
    }

    fn unread(&self, at: At, registered: Span) -> Found {
        let name = self.rec.facts(at.file).map_or(String::new(), |f| show::value(f, at.value, 3));
        // A library's own handler, where a page says what it demands.
        let guard = Placed { at, kind: GuardKind::Wrapper };
        let stated = self.guards.is_stated(at) && !self.guards.read(at, 0).does.nothing();
        Found {
            function: None,
            name: name.into(),
            place: registered,
            unread: !stated && !self.guards.is_public(at),
            wrappers: if stated { vec![guard] } else { Vec::new() },
            before: Vec::new(),
            decides: Vec::new(),
            decided: false,
            class: None,
        }
    }

    fn found(&self, file: FileId, function: FunctionId, wrappers: Vec<Placed>) -> Found {
        let (name, place) = self.rec.facts(file).map_or((Str::default(), Span::new(file, 0, 0)), |f| {
            let x = f.function(function);
            (x.name.clone(), if x.name_span.start == x.name_span.end { x.span } else { x.name_span })
        });
        Found {
            function: Some((file, function)),
            name,
            place,
            wrappers,
            before: Vec::new(),
            decides: Vec::new(),
            decided: false,
            class: None,
            unread: false,
        }
    }

    fn peel(&self, at: At, wrappers: Vec<Placed>, depth: u32) -> Vec<Found> {
        if depth > 6 {
            return Vec::new();
        }
        let mut out = Vec::new();
        for traced in self.rec.trace(at, &None) {
            match &traced.root {
                // Given back by a function of the project that was handed the handler.
                Root::Function(file, function) => {
                    let inner = traced.context.as_ref().map_or_else(Vec::new, |frame| {
                        let mut around = wrappers.clone();
                        let call = self.call_value(frame.call).filter(|at| self.is_function(*at));
                        // One of several functions that it gave back.
                        let at = call.unwrap_or(traced.at);
                        around.push(Placed { at, kind: GuardKind::Wrapper });
                        self.functions_given(frame.call, around, depth)
                    });
                    match inner.is_empty() {
                        true => out.push(self.found(*file, *function, wrappers.clone())),
                        false => out.extend(inner),
                    }
                }
                Root::Call(file, call) => {
                    let mut around = wrappers.clone();
                    around.extend(
                        self.call_value((*file, *call)).map(|at| Placed { at, kind: GuardKind::Wrapper }),
                    );
                    out.extend(self.functions_given((*file, *call), around, depth));
                }
                _ => {}
            }
        }
        out
    }

    fn is_function(&self, at: At) -> bool {
        self.rec.trace(at, &None).iter().any(|t| matches!(t.root, Root::Function(..)))
    }

    fn call_value(&self, (file, call): (FileId, CallId)) -> Option<At> {
        let facts = self.rec.facts(file)?;
        let i = facts.values.iter().position(|v| v.value == Value::Result(call))?;
        Some(At { file, value: ValueId(i as u32) })
    }

    fn functions_given(
        &self,
        (file, call): (FileId, CallId),
        wrappers: Vec<Placed>,
        depth: u32,
    ) -> Vec<Found> {
        let Some(facts) = self.rec.facts(file) else { return Vec::new() };
        let fact = facts.call(call);
        let mut given: Vec<At> = fact.args.iter().map(|a| At { file, value: a.value }).collect();
        // `handler.bind(this)`
        if let Value::Field(base, method) = facts.value(fact.callee)
            && method == "bind"
        {
            given.insert(0, At { file, value: *base });
        }
        given
            .into_iter()
            .map(|at| self.peel(at, wrappers.clone(), depth + 1))
            .find(|f| !f.is_empty())
            .unwrap_or_default()
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

/// Does a guard's own list let this path pass?
fn lets_pass(exempt: &Exempt, path: &str) -> bool {
    match exempt.anywhere {
        true => path.contains(exempt.text.as_str()),
        false => exempt.text.len() > 1 && path.starts_with(exempt.text.as_str()) || path == exempt.text,
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
