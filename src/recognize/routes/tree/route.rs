//! One route as an endpoint: what stands before its handler, added up. Knows no framework.

use crate::endpoint::{Answer, Does, Effects, Endpoint, Exempt, Guard, GuardKind, Input, InputFrom};
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::origins::At;
use crate::recognize::routes::actions::Asked;
use crate::recognize::routes::collect::{Item, Node, Placed, Router};
use crate::recognize::routes::guards::body;
use crate::recognize::routes::path::normal;
use crate::recognize::routes::{derived, marks};
use crate::source::{Span, Str};

use super::{Active, ENDPOINTS, Found, Walk, file_of};

impl Walk<'_, '_, '_, '_> {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn route(
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

    fn says_public(&self, at: At) -> Option<Evidence> {
        let span = self.rec.with_origins(|o| o.span(at));
        self.guards.is_public(at).then(|| Evidence {
            span,
            text: "said to be open to everybody".into(),
            strength: Strength::Stated,
        })
    }
}

/// Does a guard's own list let this path pass?
fn lets_pass(exempt: &Exempt, path: &str) -> bool {
    match exempt.anywhere {
        true => path.contains(exempt.text.as_str()),
        false => exempt.text.len() > 1 && path.starts_with(exempt.text.as_str()) || path == exempt.text,
    }
}
