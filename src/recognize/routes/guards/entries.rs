//! What pages say of a call or a name that stands before a handler. Knows no framework.

use crate::concepts::State;
use crate::endpoint::{Answer, Does, Exempt};
use crate::facts::*;
use crate::project::origins::{At, Path, Root};
use crate::recognize::index::{self, EntryId};
use crate::recognize::roles::Scope;
use crate::recognize::routes::collect::Entry;
use crate::source::{FileId, Span, Str};

use super::Guards;
use super::reading::{Reading, any, both, said, stated};

impl Guards<'_, '_, '_> {
    /// A name that a plugin gives routers: `router.basicAuth`.
    pub(super) fn given_by_plugin(&self, at: At, name: &str) -> Option<Reading> {
        let rec = self.rec();
        let ecosystem = rec.facts(at.file)?.ecosystem;
        rec.index.values(ecosystem).find_map(|(model, v)| {
            let own = v.concept.name == "http.guard" && v.path.strip_prefix("*.") == Some(name);
            let state = |name: &str| stated(&v.roles, name);
            let span = rec.with_origins(|o| o.span(at));
            (own && rec.in_use(at.file, model))
                .then(|| said(state("required"), state("role"), state("scope"), span, &v.roles))
        })
    }

    /// A call that the project does not define.
    pub(super) fn of_call(&self, file: FileId, call: CallId, depth: u32) -> Reading {
        let rec = self.rec();
        let callee = rec.callee(file, call);
        let mut out = Reading::default();
        let mut known = false;
        for id in &callee.entries {
            let model = rec.index.call(*id);
            let Some(concept) = model.concept else { continue };
            match concept.name {
                "http.guard" => {
                    known = true;
                    out = both(out, self.of_guard_entry(file, call, *id, depth));
                }
                "http.depend" => {
                    known = true;
                    let entry = Entry {
                        file,
                        call,
                        model: id.model,
                        concept: "http.depend",
                        roles: &model.roles,
                        round: None,
                        through: None,
                    };
                    let all: Vec<Reading> = rec
                        .all_role_places(&entry, "guard")
                        .into_iter()
                        .map(|at| self.read(at, depth + 1))
                        .collect();
                    let required =
                        rec.roles_of(concept, &model.roles, &Scope::call(file, Some(call), id.model, &None));
                    let any = required.iter().any(|(n, r)| *n == "any" && r.state == State::Set);
                    let weakest = all.iter().map(|r| r.does.authentication).min();
                    let role = all.iter().map(|r| r.does.role).min();
                    out = all.into_iter().fold(out, both);
                    if any && let (Some(weakest), Some(role)) = (weakest, role) {
                        out.does.authentication = weakest;
                        out.does.role = role;
                    }
                }
                "http.except" => {
                    known = true;
                    out = both(out, self.of_exception(file, call, *id, depth));
                }
                "jwt.verify" => {
                    known = true;
                    out = both(out, self.of_verification(file, call, *id));
                }
                "http.credential" => {
                    known = true;
                    let scope = Scope::call(file, Some(call), id.model, &None);
                    let roles = rec.roles_of(concept, &model.roles, &scope);
                    let lax = roles.iter().any(|(n, r)| *n == "required" && r.state == State::Off);
                    if !lax {
                        out.does.presence = Answer::Yes;
                    }
                }
                "http.public" => {
                    known = true;
                    out.public = true;
                }
                "identity.read" => {
                    known = true;
                    let required =
                        rec.roles_of(concept, &model.roles, &Scope::call(file, Some(call), id.model, &None));
                    let strict = required.iter().any(|(n, r)| *n == "required" && r.state == State::Set);
                    out.does.authentication = if strict { Answer::Yes } else { Answer::Optional };
                }
                _ => {}
            }
        }
        if known || !callee.entries.is_empty() {
            return out;
        }
        // A function that wraps others: whatever stands among its arguments.
        let Some(facts) = rec.facts(file) else { return out };
        let fact = facts.call(call);
        // `a | b`, `a & b` of guards.
        if let Value::Name(operator) = facts.value(fact.callee)
            && matches!(operator.as_str(), "|" | "&")
            && let [left, right] = fact.args.as_slice()
        {
            let left = self.read(At { file, value: left.value }, depth + 1);
            let right = self.read(At { file, value: right.value }, depth + 1);
            return if operator == "&" { both(left, right) } else { any(left, right) };
        }
        let mut inner = Reading::default();
        for arg in &fact.args {
            let given = At { file, value: arg.value };
            let is_function = rec.trace(given, &None).iter().any(|t| matches!(t.root, Root::Function(..)));
            if is_function {
                inner = both(inner, self.read(given, depth + 1));
            }
        }
        if inner.function.is_some() {
            return inner;
        }
        // An object of a class that pages know: `IsAuthenticated()`.
        for traced in rec.trace(At { file, value: fact.callee }, &None) {
            let Root::External(path) = &traced.root else { continue };
            let reading = self.of_path(path, At { file, value: ValueId::NONE });
            if reading.public || reading.reads || !reading.does.nothing() {
                return reading;
            }
        }
        // `guard.bind(this)`, `X.as_view()`: a method of what was meant.
        if let Value::Field(base, method) = facts.value(fact.callee)
            && matches!(method.as_str(), "bind" | "into_layer" | "as_middleware")
        {
            return self.read(At { file, value: *base }, depth + 1);
        }
        // `router.guard("admin")`, where the project gave routers that name.
        if let Value::Field(_, name) = facts.value(fact.callee) {
            let named = self.reader.extensions(name);
            if !named.is_empty() && depth < 4 {
                return named
                    .into_iter()
                    .fold(Reading::default(), |sofar, at| both(sofar, self.read(at, depth + 1)));
            }
        }
        self.unread(At { file, value: fact.callee })
    }

    /// A guard that does not run for some paths.
    fn of_exception(&self, file: FileId, call: CallId, id: EntryId, depth: u32) -> Reading {
        let rec = self.rec();
        let roles = &rec.index.call(id).roles;
        let entry =
            Entry { file, call, model: id.model, concept: "http.except", roles, round: None, through: None };
        let guards = rec.all_role_places(&entry, "guard");
        let mut out =
            guards.into_iter().fold(Reading::default(), |sofar, at| both(sofar, self.read(at, depth + 1)));
        let methods: Vec<Str> =
            rec.role_texts(&entry, "method").iter().map(|m| m.to_uppercase().into()).collect();
        for at in rec.all_role_places(&entry, "at") {
            let carved = rec.carved(at);
            out.carved.extend(carved.into_iter().map(|mut c| {
                if c.methods.is_empty() {
                    c.methods.clone_from(&methods);
                }
                c
            }));
        }
        out
    }

    /// A middleware that verifies tokens by itself.
    fn of_verification(&self, file: FileId, call: CallId, id: EntryId) -> Reading {
        let rec = self.rec();
        let model = rec.index.call(id);
        let Some(concept) = model.concept else { return Reading::default() };
        let roles = rec.roles_of(concept, &model.roles, &Scope::call(file, Some(call), id.model, &None));
        let state =
            |name: &str| roles.iter().find(|(n, _)| *n == name).map_or(State::Unknown, |(_, r)| r.state);
        let span = rec.facts(file).map_or(Span::new(file, 0, 0), |f| f.call(call).span);
        match state("signature") {
            State::Off | State::Unchecked => Reading::default(),
            _ => said(state("required"), State::Unset, State::Unset, span, &model.roles),
        }
    }

    fn of_guard_entry(&self, file: FileId, call: CallId, id: EntryId, depth: u32) -> Reading {
        let rec = self.rec();
        let model = rec.index.call(id);
        let Some(concept) = model.concept else { return Reading::default() };
        let roles = rec.roles_of(concept, &model.roles, &Scope::call(file, Some(call), id.model, &None));
        let state =
            |name: &str| roles.iter().find(|(n, _)| *n == name).map_or(State::Unset, |(_, r)| r.state);
        let span = rec.facts(file).map_or(Span::new(file, 0, 0), |f| f.call(call).span);
        let reads = state("reads") == State::Off;
        let mut out = said(state("required"), state("role"), state("scope"), span, &model.roles);
        out.reads = reads;
        // What it hands the decision to.
        let entry = Entry {
            file,
            call,
            model: id.model,
            concept: "http.guard",
            roles: &model.roles,
            round: None,
            through: None,
        };
        // A function that says yes or no of the caller.
        for at in rec.all_role_places(&entry, "test") {
            for traced in rec.trace(at, &None) {
                let Root::Function(f, function) = traced.root else { continue };
                let tested = self.decision(f, function, None, depth);
                out.evidence.extend(tested.evidence);
                out.function = tested.function;
                out.does.role = out.does.role.max(tested.does.role);
                if tested.does.authentication == Answer::No {
                    out.does.authentication = Answer::No;
                }
            }
        }
        for place in rec.all_role_places(&entry, "except") {
            let span = rec.with_origins(|o| o.span(place));
            let texts = rec.texts_at(place).into_iter().filter(|t| !t.contains('…'));
            let plain = texts.map(|t| Str::from(t.trim_start_matches('^').trim_end_matches(['$', '*'])));
            out.exempts.extend(plain.map(|text| Exempt { text, span, anywhere: false }));
        }
        let handed = rec.all_role_places(&entry, "guard");
        if !handed.is_empty() {
            let decided = handed
                .into_iter()
                .fold(Reading::default(), |sofar, at| both(sofar, self.read(at, depth + 1)));
            // The functions decide: what they do counts, and what cannot be told stays open.
            if decided.function.is_some() && decided.does.authentication != Answer::Yes {
                out.does.authentication = match decided.does.authentication {
                    Answer::No if out.does.authentication == Answer::Yes => Answer::Yes,
                    other => other,
                };
            }
            if decided.does.role == Answer::Yes {
                out.does.role = Answer::Yes;
            }
            out.evidence.extend(decided.evidence);
            out.function = decided.function;
        }
        out
    }

    /// A name that pages know: `login_required`, `IsAuthenticated`, `AllowAny`.
    pub fn of_path(&self, path: &Path, at: At) -> Reading {
        let rec = self.rec();
        let span = rec.with_origins(|o| o.span(at));
        let mut out: Option<Reading> = None;
        for model in rec.index.of_module(path.ecosystem, &path.module) {
            let page = &rec.index.models[model];
            for value in page.values.iter().filter(|v| index::names_end(&v.path, &path.members)) {
                match value.concept.name {
                    "http.guard" => {
                        let state = |name: &str| stated(&value.roles, name);
                        let reads = state("reads") == State::Off;
                        let said = said(state("required"), state("role"), state("scope"), span, &value.roles);
                        out = Some(Reading { reads, ..said });
                    }
                    "http.public" => out = Some(Reading { public: true, ..Reading::default() }),
                    "identity.read" => {
                        let strict = stated(&value.roles, "required") == State::Set;
                        let authentication = if strict { Answer::Yes } else { Answer::Optional };
                        out = Some(Reading {
                            does: Does { authentication, ..Does::default() },
                            ..Reading::default()
                        });
                    }
                    _ => {}
                }
            }
            // A decorator without brackets is the call of the function.
            for call in
                page.calls.iter().filter(|c| c.paths.iter().any(|p| index::names_end(p, &path.members)))
            {
                match call.concept.map(|c| c.name) {
                    Some("http.guard") if out.is_none() => {
                        out = Some(said(
                            State::Set,
                            stated(&call.roles, "role"),
                            stated(&call.roles, "scope"),
                            span,
                            &call.roles,
                        ));
                    }
                    Some("http.public") => out = Some(Reading { public: true, ..Reading::default() }),
                    Some(_) if out.is_none() => out = Some(Reading::default()),
                    _ => {}
                }
            }
        }
        out.unwrap_or_else(|| self.unread(at))
    }
}
