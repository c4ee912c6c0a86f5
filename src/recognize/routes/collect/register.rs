//! What one call registers, and on which routers. Knows no framework.

use crate::concepts::State;
use crate::endpoint::GuardKind;
use crate::facts::*;
use crate::project::origins::{At, Root};
use crate::recognize::Recognizer;
use crate::recognize::routes::path::join;
use crate::recognize::wrappers::Callers;
use crate::source::{FileId, Span, Str};

use super::given::{covers_of, is_path};
use super::{Covers, Entry, Handler, Item, Node, Placed, Routers, What, condition, order_of, program, verb};

impl Routers {
    /// What one call registers, and where.
    pub(super) fn add(&mut self, rec: &Recognizer, callers: &Callers, entry: &Entry) {
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
                    let each = |o: &Str| paths.iter().map(|p| join(o, p).into()).collect::<Vec<_>>();
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

    pub(in crate::recognize::routes) fn register(
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

/// The class around a method, or the handler itself.
fn class_of(rec: &Recognizer, file: FileId, function: FunctionId) -> Node {
    let owner = rec.facts(file).and_then(|f| f.function(function).owner);
    match owner {
        Some(t) => Node::Class(file, t),
        None => Node::Handler(file, function),
    }
}
