//! What an expression that stands before a handler does: a function of the project, a class, a call
//! that a page knows, or something that cannot be read. Knows no framework.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use crate::concepts::State;
use crate::endpoint::{Answer, Does, Exempt, Guard, GuardKind};
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Context, Path, Root, Traced};
use crate::recognize::Recognizer;
use crate::recognize::index::{self, EntryId};
use crate::recognize::roles::Scope;
use crate::rulebook::model::Spec;
use crate::source::{FileId, Span, Str, words};

use super::actions::Asked;
use super::carve::Carve;
use super::collect::Placed;
use super::dependencies::Dependency;
use super::extractors::holds_nothing_surely;
use super::powers::{Powers, Reader};

/// Words of a name that make something unread worth telling.
const TELLING: &[&str] = &[
    "auth",
    "authenticate",
    "authenticated",
    "authentication",
    "authorize",
    "authorized",
    "authorization",
    "login",
    "guard",
    "permission",
    "permissions",
    "protect",
    "protected",
    "require",
    "required",
    "requires",
    "ensure",
    "jwt",
    "token",
    "session",
    "secure",
    "secured",
    "signed",
    "access",
    "role",
    "roles",
    "admin",
    "user",
    "verify",
    "policy",
    "identity",
    "acl",
];

/// Words of guards against other things than strangers.
const OTHERWISE: &[&str] = &[
    "throttle",
    "throttler",
    "throttling",
    "rate",
    "limit",
    "limits",
    "limiter",
    "csrf",
    "xsrf",
    "cors",
    "agent",
    "header",
    "headers",
    "captcha",
    "recaptcha",
    "maintenance",
    "cache",
    "logger",
    "logging",
];

/// What a guard is made of, before it is told.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub does: Does,
    pub evidence: Vec<Evidence>,
    pub function: Option<(FileId, FunctionId)>,
    pub strength: Option<Strength>,
    /// Said to be open to everybody.
    pub public: bool,
    /// Paths that it lets pass, or the only ones that it looks at.
    pub carved: Vec<Carve>,
    /// Requests that change nothing pass.
    pub reads: bool,
    /// Paths that pass.
    pub exempts: Vec<Exempt>,
}

pub struct Guards<'g, 'r, 'a> {
    pub reader: &'g Reader<'r, 'a>,
    known: RefCell<HashMap<(At, Asked), Reading>>,
    asked: RefCell<Asked>,
    /// What is read at the moment hangs on the request that is asked about.
    hangs: Cell<bool>,
}

impl<'g, 'r, 'a> Guards<'g, 'r, 'a> {
    pub fn new(reader: &'g Reader<'r, 'a>) -> Self {
        Self { reader, known: RefCell::default(), asked: RefCell::default(), hangs: Cell::default() }
    }

    fn rec(&self) -> &'r Recognizer<'a> {
        self.reader.rec
    }

    pub fn asked(&self) -> Asked {
        self.asked.borrow().clone()
    }

    /// Is what is tested true of the request that is asked about? Without the negation.
    pub fn truth(&self, facts: &FileFacts, condition: &Condition) -> Option<bool> {
        let rec = self.rec();
        if !rec.asks_request(facts, condition) {
            return None;
        }
        self.hangs.set(true);
        rec.truth(facts, condition, &self.asked())
    }

    /// From here on, this request is asked about.
    pub fn ask(&self, asked: Asked) {
        *self.asked.borrow_mut() = asked;
    }

    /// A placed expression as a guard, for requests of one method.
    pub fn guard_of(&self, placed: Placed, method: &str) -> Guard {
        let mut guard = self.guard(placed);
        if self.read(placed.at, 0).reads && matches!(method, "GET" | "HEAD" | "OPTIONS" | "ANY") {
            guard.does.authentication = guard.does.authentication.min(Answer::Optional);
            guard.does.role = Answer::No;
            guard.does.scope = Answer::No;
        }
        guard
    }

    /// A placed expression as a guard.
    pub fn guard(&self, placed: Placed) -> Guard {
        let facts = self.rec().facts(placed.at.file);
        let (mut name, span) = facts.map_or_else(
            || (String::new(), Span::new(placed.at.file, 0, 0)),
            |f| (show::value(f, placed.at.value, 3), f.node(placed.at.value).span),
        );
        let reading = match self.rec().hooked(placed) {
            Some((file, function)) => {
                name = self.rec().facts(file).map_or(name, |f| f.function(function).name.to_string());
                self.of_powers(file, function)
            }
            None if placed.kind == GuardKind::Extractor => self.of_request_type(placed.at),
            None => self.read(placed.at, 0),
        };
        Guard {
            name: name.into(),
            span,
            kind: placed.kind,
            does: reading.does,
            exempts: match reading.function {
                Some((file, function)) if reading.exempts.is_empty() => {
                    self.reader.powers(file, function).exempts
                }
                _ => reading.exempts,
            },
            function: reading.function,
            evidence: reading.evidence,
            strength: reading.strength.unwrap_or(Strength::Stated),
        }
    }

    /// A placed expression as a guard of one route, which it may let pass.
    pub fn guard_at(&self, placed: Placed, prefix: &str, method: &Str, path: &str) -> Guard {
        let mut guard = self.guard_of(placed, method);
        for carve in self.read(placed.at, 0).carved {
            match carve.passes(prefix, method, path) {
                // It stands there, and does nothing for this route.
                Some(true) => {
                    if guard.does.authentication == Answer::Yes {
                        let text = crate::endpoint::LETS_PASS.into();
                        guard.evidence.push(Evidence { span: guard.span, text, strength: Strength::Stated });
                    }
                    guard.does = Does::default();
                }
                Some(false) => {}
                None if guard.does.authentication == Answer::Yes => {
                    guard.does.authentication = Answer::Unknown;
                }
                None => {}
            }
        }
        guard
    }

    /// Is it a page that says what it does?
    pub fn is_stated(&self, at: At) -> bool {
        let reading = self.read(at, 0);
        reading.function.is_none() && reading.does.authentication != Answer::Unknown
    }

    /// A request that comes with its caller was let in by whoever made it.
    fn of_request_type(&self, at: At) -> Reading {
        let is_caller = |name: &str| self.reader.is_named("caller", name);
        let Some(span) = super::dispatch::carried(self.rec(), at, &is_caller) else {
            return Reading::default();
        };
        Reading {
            does: Does { authentication: Answer::Yes, ..Does::default() },
            evidence: vec![Evidence {
                span,
                text: "the request cannot be made without its caller".into(),
                strength: Strength::Heuristic,
            }],
            strength: Some(Strength::Heuristic),
            ..Reading::default()
        }
    }

    pub fn is_public(&self, at: At) -> bool {
        self.read(at, 0).public
    }

    pub fn read(&self, at: At, depth: u32) -> Reading {
        if depth > 6 {
            return Reading::default();
        }
        if let Some(known) = self.known.borrow().get(&(at, Asked::default())) {
            return known.clone();
        }
        let key = (at, self.asked());
        if let Some(known) = self.known.borrow().get(&key) {
            self.hangs.set(true);
            return known.clone();
        }
        let outer = self.hangs.replace(false);
        let mut out: Option<Reading> = None;
        // A name that pages know is what they say, whatever else can be read of it.
        for traced in self.rec().trace(at, &None) {
            let one = self.read_root(at, &traced, depth);
            out = Some(match out {
                None => one,
                Some(sofar) => either(sofar, one),
            });
        }
        let mut out = out.unwrap_or_default();
        if matches!(out.does.authentication, Answer::No | Answer::Unknown)
            && out.does.role == Answer::No
            && !out.public
            && self.rec().promised(at).is_some()
        {
            let promised = self.of_expression(at);
            if !promised.evidence.is_empty() {
                out = promised;
            }
        }
        // What does not hang on the request is the same for all.
        let key = if self.hangs.get() { key } else { (at, Asked::default()) };
        self.hangs.set(outer || self.hangs.get());
        self.known.borrow_mut().insert(key, out.clone());
        out
    }

    fn read_root(&self, at: At, traced: &Traced, depth: u32) -> Reading {
        match &traced.root {
            Root::Function(file, function) => {
                let mut reading = self.of_powers_in(*file, *function, &traced.context);
                let made_of = reading.function;
                // A factory: what it was given may say more (`requireRole("admin")`, `wrap(guard)`).
                if let Some(frame) = &traced.context {
                    let made = self.of_powers_in(frame.function.0, frame.function.1, &traced.context);
                    reading = both(reading, made);
                    let (file, call) = frame.call;
                    let given = self.rec().facts(file).map_or(Vec::new(), |f| f.call(call).args.clone());
                    for arg in given.iter().filter(|_| depth < 3) {
                        let given = At { file, value: arg.value };
                        let is_function = |t: &Traced| matches!(t.root, Root::Function(..));
                        if given != at && self.rec().trace(given, &None).iter().any(is_function) {
                            reading = both(reading, self.read(given, depth + 1));
                        }
                    }
                    reading.function = made_of;
                }
                both(reading, self.of_arguments(*file, *function, depth))
            }
            Root::Call(file, call) => self.of_call(*file, *call, depth),
            Root::Type(file, t) | Root::Instance(file, t) => {
                // What pages say of its methods or of what it derives from comes before what a call of it does.
                let class = self.of_class(*file, *t, depth);
                let told = class.function.is_some() || class.public || class.does.role == Answer::Yes;
                if told || class.does.authentication == Answer::Yes {
                    return class;
                }
                let called = self.of_expression(at);
                if called.evidence.is_empty() { class } else { called }
            }
            Root::External(path) | Root::Foreign(path) => self.of_path(path, at),
            Root::Value(v) => self.of_value(*v, depth),
            Root::Member(_, name) if self.given_by_plugin(at, name).is_some() => {
                self.given_by_plugin(at, name).unwrap_or_default()
            }
            Root::Member(_, name) if depth < 4 && !self.reader.extensions(name).is_empty() => {
                let named = self.reader.extensions(name);
                named.into_iter().fold(Reading::default(), |sofar, at| both(sofar, self.read(at, depth + 1)))
            }
            Root::Member(base, _) => self.of_member(&traced.root, base, at, depth),
            Root::Unknown | Root::Perhaps(..) | Root::Param(..) => self.unread(at),
            _ => Reading::default(),
        }
    }

    /// A name that a plugin gives routers: `router.basicAuth`.
    fn given_by_plugin(&self, at: At, name: &str) -> Option<Reading> {
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

    /// What is made for a guard's own parameters runs before it.
    fn of_arguments(&self, file: FileId, function: FunctionId, depth: u32) -> Reading {
        let mut out = Reading::default();
        let Some(facts) = self.rec().facts(file).filter(|_| depth < 3) else { return out };
        for parameter in &facts.function(function).params {
            for (_, kind, mut reading, optional) in self.of_parameter(file, parameter) {
                if kind == GuardKind::Extractor {
                    if optional && reading.does.authentication == Answer::Yes {
                        reading.does.authentication = Answer::Optional;
                        reading.does.role = Answer::No;
                    }
                    reading.function = None;
                    out = both(out, reading);
                }
            }
        }
        out
    }

    /// A part of an object that pages know: `auth.login_required`, `auth.on_app_init`.
    fn of_member(&self, root: &Root, base: &Root, at: At, depth: u32) -> Reading {
        for path in self.rec().type_paths(root) {
            let last = path.members.len().saturating_sub(2);
            let short = Path { members: path.members[last..].to_vec(), ..path };
            let reading = self.of_path(&short, at);
            if !matches!(reading.does.authentication, Answer::Unknown | Answer::No) || reading.public {
                return reading;
            }
        }
        if let Root::Call(file, call) = base {
            let callee = self.rec().callee(*file, *call);
            let concepts = callee.entries.iter().filter_map(|id| self.rec().index.call(*id).concept);
            if concepts.map(|c| c.name).any(|n| n == "http.guard") {
                return self.of_call(*file, *call, depth + 1);
            }
        }
        self.unread(at)
    }

    fn of_value(&self, at: At, depth: u32) -> Reading {
        let Some(facts) = self.rec().facts(at.file) else { return Reading::default() };
        match facts.value(at.value) {
            // A class or function that is named by a text.
            Value::Text(text) if text.contains('.') => {
                let named = self.rec().named_by_text(at.file, text);
                named.iter().fold(Reading::default(), |sofar, root| {
                    both(
                        sofar,
                        match root {
                            Root::Type(file, t) => match self.gate_of_class(*file, *t) {
                                Some(gate) => gate,
                                None => self.of_class(*file, *t, depth + 1),
                            },
                            Root::Function(file, function) => self.gate(*file, *function),
                            Root::External(path) => self.of_path(path, at),
                            _ => Reading::default(),
                        },
                    )
                })
            }
            Value::List(items) => items.iter().fold(Reading::default(), |sofar, item| {
                both(sofar, self.read(At { file: at.file, value: *item }, depth + 1))
            }),
            // A class that is named in a text.
            Value::Text(name) => match self.rec().with_origins(|o| o.type_named(at.file, name)) {
                Some((f, t)) if depth < 4 => self.of_class(f, t, depth + 1),
                _ => Reading::default(),
            },
            // An object of a class, written out; or options of a hook: the functions in it run.
            Value::Record(record) => match record.type_ref {
                Some(value) => self.made(At { file: at.file, value }, depth),
                None => record.entries.iter().fold(Reading::default(), |sofar, entry| {
                    let at = At { file: at.file, value: entry.value };
                    match facts.value(entry.value) {
                        Value::Function(_) | Value::List(_) | Value::Name(_) => {
                            both(sofar, self.read(at, depth + 1))
                        }
                        _ => sofar,
                    }
                }),
            },
            _ => Reading::default(),
        }
    }

    /// A method that pages say decides.
    fn of_method(&self, file: FileId, function: FunctionId, name: &str) -> Reading {
        let mut powers = self.reader.powers(file, function);
        let models = self.rec().index.models.iter().flat_map(|m| &m.guards);
        if models.into_iter().any(|g| g.verdict && g.methods.iter().any(|m| m == name)) {
            super::marks::verdict(self.reader, (file, function), &mut powers);
        }
        let mut reading = self.of_powers(file, function);
        (reading.does, reading.evidence) = (powers.as_guard(), powers.evidence());
        reading
    }

    /// The class that a name of a type means.
    fn made(&self, at: At, depth: u32) -> Reading {
        if depth > 4 {
            return Reading::default();
        }
        let found = self.rec().trace(at, &None);
        found.iter().fold(Reading::default(), |sofar, t| match t.root {
            Root::Type(f, t) | Root::Instance(f, t) => both(sofar, self.of_class(f, t, depth + 1)),
            _ => sofar,
        })
    }

    /// The objects of other classes that a method makes: a layer makes the service that does the work.
    fn of_made(&self, own: (FileId, TypeId), file: FileId, function: FunctionId, depth: u32) -> Reading {
        let mut out = Reading::default();
        let Some(facts) = self.rec().facts(file) else { return out };
        let whole = facts.function(function).span;
        for node in facts.values.iter().filter(|n| whole.contains(&n.span)) {
            let Value::Record(record) = &node.value else { continue };
            let Some(value) = record.type_ref else { continue };
            let at = At { file, value };
            let itself =
                |t: &Traced| matches!(t.root, Root::Type(f, t) | Root::Instance(f, t) if (f, t) == own);
            if !self.rec().trace(at, &None).iter().any(itself) {
                out = both(out, self.made(at, depth));
            }
        }
        out
    }

    pub fn of_powers(&self, file: FileId, function: FunctionId) -> Reading {
        self.of_powers_in(file, function, &None)
    }

    fn of_powers_in(&self, file: FileId, function: FunctionId, context: &Context) -> Reading {
        let powers = self.reader.settled(context, || self.reader.guard_powers(file, function));
        Reading {
            does: powers.as_guard(),
            evidence: powers.evidence(),
            function: Some((file, function)),
            strength: None,
            carved: self.rec().carved_in(file, function),
            ..Reading::default()
        }
    }

    /// A call that the project does not define.
    fn of_call(&self, file: FileId, call: CallId, depth: u32) -> Reading {
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
                    let entry = super::collect::Entry {
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
        let entry = super::collect::Entry {
            file,
            call,
            model: id.model,
            concept: "http.except",
            roles,
            round: None,
            through: None,
        };
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

    /// A class or an object that is called.
    fn of_expression(&self, at: At) -> Reading {
        let powers = self.reader.of_expression(at, 1);
        Reading { does: powers.as_guard(), evidence: powers.evidence(), ..Reading::default() }
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
        let entry = super::collect::Entry {
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

    /// A class of the project: the methods that pages say run before a handler; its modelled ancestors.
    pub fn of_class(&self, file: FileId, t: TypeId, depth: u32) -> Reading {
        let rec = self.rec();
        let ancestors = rec.with_origins(|o| o.ancestors(file, t));
        let mut out = Reading::default();
        let own_language =
            |m: &&crate::rulebook::model::Model| rec.facts(file).is_some_and(|f| f.ecosystem == m.ecosystem);
        let models: Vec<_> = rec.index.models.iter().filter(own_language).collect();
        let mut methods: Vec<Str> =
            models.iter().flat_map(|m| &m.guards).flat_map(|g| g.methods.clone()).collect();
        methods.sort();
        methods.dedup();
        let mut seen = false;
        for ancestor in &ancestors {
            let Root::Type(f, own) = ancestor else { continue };
            for method in &methods {
                let Some((f, function)) = rec.with_origins(|o| o.method((*f, *own), method)) else {
                    continue;
                };
                let answers = models.iter().flat_map(|m| &m.guards);
                let mut answers = answers.filter(|g| g.methods.contains(method));
                let one = match answers.next() {
                    Some(g) if g.verdict => self.of_method(f, function, method),
                    Some(g) if g.answers => self.decision(f, function, Some((file, t)), depth),
                    Some(g) if g.proves => self.proof(f, function),
                    _ => self.of_powers(f, function),
                };
                out = both(out, one);
                if depth < 4
                    && out.does.nothing()
                    && rec.facts(f).is_some_and(|x| x.ecosystem.fails_by_value())
                {
                    out = both(out, self.of_made((file, t), f, function, depth + 1));
                }
                seen = true;
            }
            // The nearest class that decides counts; it may still ask the one it derives from.
            if seen {
                break;
            }
        }
        let calls_super = out.function.is_some_and(|(f, function)| asks_base(rec, f, function));
        if !seen || calls_super {
            for ancestor in ancestors.iter().skip(1) {
                let more = match ancestor {
                    Root::External(path) | Root::Foreign(path) => {
                        let reading = self.of_path(path, At { file, value: ValueId::NONE });
                        if reading.does.authentication == Answer::Unknown {
                            Reading::default()
                        } else {
                            reading
                        }
                    }
                    Root::Call(f, call) => self.of_call(*f, *call, depth + 1),
                    _ => continue,
                };
                out = both(out, more);
            }
        }
        if out.does.authentication == Answer::Yes && self.lets_pass(&ancestors) {
            out.does = Does { authentication: Answer::Optional, ..Does::default() };
        }
        if !seen && out.does.nothing() && !out.public {
            let name = rec.facts(file).map(|f| f.types[t.0 as usize].name.clone()).unwrap_or_default();
            if is_telling(&name) && ancestors.len() > 1 {
                let span = rec.facts(file).map_or(Span::new(file, 0, 0), |f| f.types[t.0 as usize].name_span);
                return unknown(span, &name);
            }
        }
        out
    }

    /// A function that is handed a credential, and gives back who it belongs to: it must look at it.
    fn proof(&self, file: FileId, function: FunctionId) -> Reading {
        let mut reading = self.of_powers(file, function);
        let powers = self.reader.powers(file, function);
        // What it is handed goes somewhere.
        let handed = self.rec().facts(file).is_some_and(|facts| {
            let fact = facts.function(function);
            let last = fact.params.last().map(|p| p.name.clone()).unwrap_or_default();
            let named = |v: ValueId| matches!(facts.value(v), Value::Name(name) if *name == last);
            let calls = facts.calls.iter().filter(|c| fact.span.contains(&c.span));
            calls.flat_map(|c| &c.args).any(|a| named(a.value))
        });
        let looks = powers.tested || powers.identity.is_some() || handed;
        reading.does.authentication = if looks { Answer::Yes } else { Answer::No };
        reading.does.presence = if looks { Answer::No } else { Answer::Yes };
        reading
    }

    /// The guards that a parameter's type or default is: extractors, dependencies.
    pub fn of_parameter(&self, file: FileId, parameter: &Parameter) -> Vec<(At, GuardKind, Reading, bool)> {
        let mut out = Vec::new();
        for dependency in self.rec().dependencies_of(file, parameter) {
            out.push((dependency.at, GuardKind::Dependency, self.of_dependency(&dependency), false));
        }
        if let Some(annotation) = &parameter.type_ref {
            self.of_annotation(file, annotation, false, 0, &mut out);
        }
        out
    }

    pub fn of_dependency(&self, dependency: &Dependency) -> Reading {
        dependency.runs.iter().fold(Reading::default(), |sofar, at| both(sofar, self.read(*at, 1)))
    }

    fn of_annotation(
        &self,
        file: FileId,
        annotation: &TypeRef,
        optional: bool,
        depth: u32,
        out: &mut Vec<(At, GuardKind, Reading, bool)>,
    ) {
        if depth > 3 {
            return;
        }
        let rec = self.rec();
        let at = At { file, value: annotation.head };
        let name = match rec.facts(file).map(|f| f.value(annotation.head)) {
            Some(Value::Name(name) | Value::Field(_, name)) => name.clone(),
            _ => Str::default(),
        };
        let optional = optional || matches!(name.as_str(), "Option" | "Optional" | "Result");
        for traced in rec.trace(at, &None) {
            match &traced.root {
                Root::Type(f, t) => {
                    if let Some(reading) = self.extractor(*f, *t) {
                        out.push((at, GuardKind::Extractor, reading, optional));
                    } else if rec.facts(*f).is_some() {
                        // What its attributes say, or another name for a library's type.
                        out.extend(self.of_attributes(at, *f, *t, optional));
                        let alias = rec.facts(*f).is_some_and(|x| x.types[t.0 as usize].fields.is_empty());
                        let bases =
                            if alias { rec.with_origins(|o| o.ancestors(*f, *t)) } else { Vec::new() };
                        for ancestor in bases {
                            let Root::External(path) = ancestor else { continue };
                            let reading = self.of_path(&path, At { file, value: ValueId::NONE });
                            if !reading.does.nothing() {
                                out.push((at, GuardKind::Extractor, reading, optional));
                            }
                        }
                    }
                }
                Root::External(path) => {
                    let reading = self.of_path(path, at);
                    if !reading.does.nothing() && reading.does.authentication != Answer::Unknown {
                        out.push((at, GuardKind::Extractor, reading, optional));
                    }
                }
                _ => {}
            }
        }
        for inner in &annotation.args {
            self.of_annotation(file, inner, optional, depth + 1, out);
        }
    }

    /// A type whose attribute is a guard.
    fn of_attributes(
        &self,
        at: At,
        file: FileId,
        t: TypeId,
        optional: bool,
    ) -> Option<(At, GuardKind, Reading, bool)> {
        let rec = self.rec();
        let facts = rec.facts(file)?;
        let attributes = facts.attributes.iter().filter(|a| a.on == Attached::Type(t));
        attributes.into_iter().find_map(|a| {
            let Value::Result(call) = facts.value(a.value) else { return None };
            let is_guard = |id: &EntryId| rec.index.call(*id).concept.is_some_and(|c| c.name == "http.guard");
            let guards = rec.callee(file, *call).entries.iter().any(is_guard);
            guards.then(|| (at, GuardKind::Extractor, self.of_call(file, *call, 0), optional))
        })
    }

    /// The `impl` of a type that reads the request.
    fn extractor(&self, file: FileId, t: TypeId) -> Option<Reading> {
        let found = self.reader.extractors.of_type(self.rec(), file, t);
        let readings = found.into_iter().map(|(f, function)| self.of_powers(f, function));
        let mut reading = readings.reduce(both)?;
        if reading.does.authentication == Answer::Yes && holds_nothing_surely(self.rec(), file, t) {
            reading.does.authentication = Answer::Optional;
            reading.does.role = Answer::No;
        }
        Some(reading)
    }

    /// Something that could not be read: worth telling when its name speaks of authentication.
    fn unread(&self, at: At) -> Reading {
        let Some(facts) = self.rec().facts(at.file) else { return Reading::default() };
        if at.value == ValueId::NONE {
            return Reading::default();
        }
        let mut value = at.value;
        if let Value::Result(call) = facts.value(value) {
            value = facts.call(*call).callee;
        }
        // `new Auth(level).middleware`: any name on the way may tell.
        for _ in 0..6 {
            value = match facts.value(value) {
                Value::Name(name) | Value::Field(_, name) if is_telling(name) => {
                    return unknown(facts.node(value).span, name);
                }
                Value::Field(base, _) => *base,
                Value::Result(call) => facts.call(*call).callee,
                _ => return Reading::default(),
            };
        }
        Reading::default()
    }
}

fn is_telling(name: &str) -> bool {
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    has(TELLING) && !has(OTHERWISE)
}

fn unknown(span: Span, name: &str) -> Reading {
    Reading {
        does: Does { authentication: Answer::Unknown, ..Does::default() },
        evidence: vec![Evidence {
            span,
            text: format!("`{name}` could not be read"),
            strength: Strength::Stated,
        }],
        ..Reading::default()
    }
}

/// Both stand before the handler.
fn both(a: Reading, b: Reading) -> Reading {
    let mut evidence = a.evidence;
    evidence.extend(b.evidence.into_iter().filter(|e| !evidence.contains(e)).collect::<Vec<_>>());
    Reading {
        does: a.does.and(b.does),
        evidence,
        function: a.function.or(b.function),
        strength: a.strength.or(b.strength),
        public: a.public || b.public,
        carved: a.carved.into_iter().chain(b.carved).collect(),
        reads: (a.reads || a.does.nothing()) && (b.reads || b.does.nothing()) && (a.reads || b.reads),
        exempts: a.exempts.into_iter().chain(b.exempts).collect(),
    }
}

/// One of them is enough.
fn any(a: Reading, b: Reading) -> Reading {
    let does = Does {
        authentication: a.does.authentication.min(b.does.authentication),
        role: a.does.role.min(b.does.role),
        scope: a.does.scope.min(b.does.scope),
        ..Does::default()
    };
    let reads = a.reads || b.reads;
    Reading { does, reads, ..both(a, b) }
}

/// One of the two stands there: what only one does is not sure.
fn either(a: Reading, b: Reading) -> Reading {
    let weaker = |x: Answer, y: Answer| if x == y { x } else { Answer::Unknown };
    let does = match (a.does.nothing(), b.does.nothing()) {
        // A switch over configuration: the branch that guards is the one that is meant.
        (false, true) => a.does,
        (true, false) => b.does,
        _ => Does {
            authentication: weaker(a.does.authentication, b.does.authentication),
            role: weaker(a.does.role, b.does.role),
            scope: weaker(a.does.scope, b.does.scope),
            ..Does::default()
        },
    };
    let mut out = both(a, b);
    out.does = does;
    out
}

fn said(required: State, role: State, scope: State, span: Span, _roles: &[(Str, Spec)]) -> Reading {
    let yes = |state: State| if state == State::Set { Answer::Yes } else { Answer::No };
    let authentication = match required {
        State::Off => Answer::Optional,
        State::Unknown => Answer::Yes,
        _ => Answer::Yes,
    };
    Reading {
        does: Does { authentication, role: yes(role), scope: yes(scope), ..Does::default() },
        evidence: vec![Evidence {
            span,
            text: match authentication {
                Answer::Optional => "lets callers without credentials pass".into(),
                _ => "stops callers without valid credentials".into(),
            },
            strength: Strength::Stated,
        }],
        ..Reading::default()
    }
}

/// A state that the page gives, whatever the arguments.
fn stated(roles: &[(Str, Spec)], name: &str) -> State {
    let spec = roles.iter().find(|(n, _)| n == name).map(|(_, s)| s);
    spec.and_then(|s| s.alternatives.first()?.state.or(s.absent)).unwrap_or(State::Unset)
}

pub fn asks_base(rec: &Recognizer, file: FileId, function: FunctionId) -> bool {
    rec.facts(file).is_some_and(|f| {
        let span = f.function(function).span;
        f.calls.iter().filter(|c| span.contains(&c.span)).any(|c| {
            let Value::Field(base, _) = f.value(c.callee) else { return false };
            match f.value(*base) {
                Value::Name(name) => name == "super",
                Value::Result(inner) => {
                    matches!(f.value(f.call(*inner).callee), Value::Name(n) if n == "super")
                }
                _ => false,
            }
        })
    })
}

/// What the handler itself, and what it calls, demands.
pub fn body(powers: &Powers) -> Does {
    powers.as_body()
}
