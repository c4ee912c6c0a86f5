//! Parameters and fields whose values are made by functions that run first, and what those demand:
//! a function that is handed the caller by another one reads no token itself. Knows no framework.

use crate::concepts::State;
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Path, Root};
use crate::recognize::roles::Scope;
use crate::recognize::{Recognizer, index};
use crate::source::FileId;

use super::collect::Entry;
use super::powers::{Powers, READS_CALLER, Reader};

/// How many functions stand behind each other.
const DEPTH: u32 = 8;

/// One parameter or field that is made by something that runs first.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// The expression that says so: `Depends(f)`.
    pub at: At,
    /// What runs: `f`.
    pub runs: Vec<At>,
}

impl Recognizer<'_> {
    /// Is it a call that says what a handler depends on?
    pub fn is_dependency(&self, at: At) -> bool {
        self.trace(at, &None).iter().any(|t| {
            let Root::Call(file, call) = t.root else { return false };
            let callee = self.callee(file, call);
            let concepts = callee.entries.iter().filter_map(|e| self.index.call(*e).concept);
            concepts.map(|c| c.name).any(|n| n == "http.depend")
        })
    }

    /// The class that a function of the project says it gives back, for a call of it.
    pub fn promised(&self, at: At) -> Option<(FileId, TypeId)> {
        let Value::Result(call) = self.facts(at.file)?.value(at.value) else { return None };
        self.callee(at.file, *call).local.iter().find_map(|(file, function)| {
            let annotation = self.facts(*file)?.function(*function).returns.as_ref()?;
            match self.with_origins(|o| o.annotated(*file, annotation, &mut Default::default())) {
                Some(Root::Instance(f, t)) => Some((f, t)),
                _ => None,
            }
        })
    }

    /// Does a registration say that a library's guard leaves it open?
    pub fn is_open(&self, entry: &Entry) -> bool {
        let Some(spec) = entry.spec("open") else { return false };
        let yes = |at: &At| {
            let found = self.trace(*at, &None);
            found.iter().any(|t| match t.root {
                Root::Value(v) => self.facts(v.file).is_some_and(|f| f.value(v.value) == &Value::Bool(true)),
                _ => false,
            })
        };
        !spec.alternatives.is_empty() && self.role_places(entry, "open").iter().any(yes)
    }

    /// An object of a library that guards by itself, or a part of one.
    pub fn is_guard_object(&self, at: At) -> bool {
        self.trace(at, &None).iter().any(|t| {
            let root = match &t.root {
                Root::Member(base, _) => base,
                other => other,
            };
            let Root::Call(file, call) = root else { return false };
            let callee = self.callee(*file, *call);
            let concepts = callee.entries.iter().filter_map(|e| self.index.call(*e).concept);
            concepts.map(|c| c.name).any(|n| n == "http.guard")
        })
    }

    /// Do pages say that a field of this name holds the routes of what it belongs to?
    pub fn is_router_field(&self, at: At, name: &str) -> bool {
        let Some(facts) = self.facts(at.file) else { return false };
        self.index.values(facts.ecosystem).any(|(model, v)| {
            v.concept.name == "http.router"
                && v.path.rsplit('.').next() == Some(name)
                && self.in_use(at.file, model)
        })
    }

    /// What makes a parameter's value: its default, or what stands in its annotation.
    pub fn dependencies_of(&self, file: FileId, parameter: &Parameter) -> Vec<Dependency> {
        self.dependencies_in(file, parameter.default, parameter.type_ref.as_ref())
    }

    /// The fields of a class and of those that it derives from.
    pub fn dependencies_of_class(&self, file: FileId, t: TypeId) -> Vec<Dependency> {
        let mut out = Vec::new();
        for (file, t) in self.line(file, t) {
            let Some(facts) = self.facts(file) else { continue };
            for field in &facts.types[t.0 as usize].fields {
                out.extend(self.dependencies_in(file, field.default, field.type_ref.as_ref()));
            }
            let Some((f, constructor)) = self.with_origins(|o| o.method((file, t), "__init__")) else {
                continue;
            };
            let parameters = self.facts(f).map_or(&[][..], |x| x.function(constructor).params.as_slice());
            out.extend(parameters.iter().flat_map(|p| self.dependencies_of(f, p)));
        }
        out
    }

    fn dependencies_in(
        &self,
        file: FileId,
        default: Option<ValueId>,
        annotation: Option<&TypeRef>,
    ) -> Vec<Dependency> {
        let mut out = Vec::new();
        if let Some(value) = default {
            self.dependencies_at(At { file, value }, annotation, file, 0, &mut out);
        }
        if let Some(annotation) = annotation {
            self.dependencies_in_annotation(file, annotation, 0, &mut out);
        }
        out
    }

    fn dependencies_in_annotation(
        &self,
        file: FileId,
        annotation: &TypeRef,
        depth: u32,
        out: &mut Vec<Dependency>,
    ) {
        if depth > 3 {
            return;
        }
        let head = self.facts(file).map(|f| f.value(annotation.head));
        if matches!(head, Some(Value::Result(_))) || annotation.args.is_empty() {
            self.dependencies_at(At { file, value: annotation.head }, None, file, 0, out);
        }
        let first = annotation.args.first();
        for inner in &annotation.args {
            if matches!(self.facts(file).map(|f| f.value(inner.head)), Some(Value::Result(_))) {
                self.dependencies_at(At { file, value: inner.head }, first, file, 0, out);
            } else {
                self.dependencies_in_annotation(file, inner, depth + 1, out);
            }
        }
    }

    fn dependencies_at(
        &self,
        at: At,
        annotation: Option<&TypeRef>,
        annotated_in: FileId,
        depth: u32,
        out: &mut Vec<Dependency>,
    ) {
        if depth > 4 {
            return;
        }
        let written = at;
        let first = out.len();
        for traced in self.trace(at, &None) {
            let Root::Call(file, call) = traced.root else { continue };
            let callee = self.callee(file, call);
            let Some(facts) = self.facts(file) else { continue };
            let depends = callee
                .entries
                .iter()
                .find(|e| self.index.call(**e).concept.is_some_and(|c| c.name == "http.depend"));
            if let Some(id) = depends {
                let model = self.index.call(*id);
                let entry = Entry {
                    file,
                    call,
                    model: id.model,
                    concept: "http.depend",
                    roles: &model.roles,
                    through: None,
                    round: None,
                };
                let mut runs = self.all_role_places(&entry, "guard");
                if runs.is_empty()
                    && let Some(annotation) = annotation
                {
                    // `x: X = Depends()`: the type itself is called.
                    runs.push(At { file: annotated_in, value: annotation.head });
                }
                out.push(Dependency { at, runs });
            } else if callee.entries.is_empty() && callee.local.is_empty() {
                // An alias: `Annotated[User, Depends(f)]`.
                for arg in &facts.call(call).args {
                    let plain = matches!(facts.value(arg.value), Value::Result(_) | Value::Name(_));
                    if plain && depth < 4 {
                        self.dependencies_at(
                            At { file, value: arg.value },
                            annotation,
                            annotated_in,
                            depth + 1,
                            out,
                        );
                    }
                }
            }
        }
        // What the reader sees is the name, not what it stands for.
        out[first..].iter_mut().for_each(|d| d.at = written);
    }
}

impl Reader<'_, '_> {
    /// A function together with what makes its parameters.
    pub fn guard_powers(&self, file: FileId, function: FunctionId) -> Powers {
        self.with_dependencies(file, function, 0)
    }

    fn with_dependencies(&self, file: FileId, function: FunctionId, depth: u32) -> Powers {
        let mut own = self.powers(file, function);
        let Some(facts) = self.rec.facts(file) else { return own };
        let fact = facts.function(function);
        for parameter in &fact.params {
            for dependency in self.rec.dependencies_of(file, parameter) {
                for at in dependency.runs {
                    own.take(&self.of_expression(at, depth + 1));
                }
            }
            if own.credential.is_none() && own.tested && own.unknown_caller.is_some() {
                own.credential = self.sent(file, parameter);
            }
        }
        own
    }

    /// A header or cookie that a parameter is filled with.
    fn sent(&self, file: FileId, parameter: &Parameter) -> Option<Evidence> {
        let annotated = parameter.type_ref.as_ref().map_or(&[][..], |t| t.args.as_slice());
        let mut places = annotated.iter().map(|t| t.head).chain(parameter.default);
        places.find_map(|value| {
            let Value::Result(call) = self.rec.facts(file)?.value(value) else { return None };
            let callee = self.rec.callee(file, *call);
            let concepts = callee.entries.iter().filter_map(|e| self.rec.index.call(*e).concept);
            concepts.map(|c| c.name).any(|n| n == "request.read").then(|| Evidence {
                span: parameter.span,
                text: "reads what the caller proves itself with".into(),
                strength: Strength::Stated,
            })
        })
    }

    /// The handler's own demands, knowing whom its parameters and fields look up.
    pub fn body_powers(&self, file: FileId, function: FunctionId) -> Powers {
        let mut own = self.powers(file, function);
        let Some(facts) = self.rec.facts(file) else { return own };
        let fact = facts.function(function);
        let mut all: Vec<Dependency> = Vec::new();
        all.extend(fact.params.iter().flat_map(|p| self.rec.dependencies_of(file, p)));
        if all.is_empty() || own.unknown_caller.is_none() && own.asks_caller.is_none() {
            return own;
        }
        for at in all.into_iter().flat_map(|d| d.runs) {
            let handed = self.of_expression(at, 1);
            let handed = Powers {
                identity: handed.identity,
                credential: handed.credential,
                tested: handed.tested,
                ..Powers::default()
            };
            own.take(&handed);
        }
        own
    }

    /// Does something that runs first hand the caller to this parameter?
    pub fn is_handed_caller(&self, file: FileId, function: FunctionId, n: u32) -> bool {
        let Some(facts) = self.rec.facts(file) else { return false };
        let Some(parameter) = facts.function(function).params.get(n as usize) else { return false };
        let runs = self.rec.dependencies_of(file, parameter).into_iter().flat_map(|d| d.runs);
        runs.map(|at| self.of_expression(at, DEPTH - 2))
            .any(|p| p.identity.is_some() || p.tested && p.credential.is_some())
    }

    /// Something that the client sent, where what stands beside it is made by something that runs first.
    pub fn is_plain_input(&self, file: FileId, value: ValueId) -> bool {
        self.rec.trace(At { file, value }, &None).iter().any(|t| {
            let Root::Param(file, function, n) = t.root else { return false };
            let Some(facts) = self.rec.facts(file) else { return false };
            let params = &facts.function(function).params;
            let handed = |p: &Parameter| !self.rec.dependencies_of(file, p).is_empty();
            params.get(n as usize).is_some_and(|p| !handed(p)) && params.iter().any(handed)
        })
    }

    /// A name that pages say stands for the request, or for what is kept with it.
    pub fn is_known_request(&self, file: FileId, value: ValueId) -> bool {
        self.request_name(file, value).is_some()
    }

    /// Is it a session, for a name that says what session?
    fn request_name(&self, file: FileId, value: ValueId) -> Option<bool> {
        if !self.rec.facts(file).is_some_and(|f| self.may_be_known(f, value)) {
            return None;
        }
        self.rec.trace(At { file, value }, &None).iter().find_map(|t| {
            let Root::External(path) = &t.root else { return None };
            let models = self.rec.index.of_module(path.ecosystem, &path.module);
            let mut values = models.into_iter().flat_map(|m| &self.rec.index.models[m].values);
            let named =
                values.find(|v| v.concept.name == "http.request" && index::names(&v.path, &path.members))?;
            let session = named.roles.iter().find(|(n, _)| n == "session");
            Some(session.is_some_and(|(_, s)| s.alternatives.iter().any(|a| a.state == Some(State::Set))))
        })
    }

    /// `session["id"]`: what a session is kept for.
    pub fn is_in_session(&self, file: FileId, base: ValueId, name: &str) -> bool {
        matches!(name.to_lowercase().as_str(), "id" | "username" | "email" | "login")
            && self.request_name(file, base) == Some(true)
    }

    /// `"user_id" in session`
    pub fn read_membership(&self, facts: &FileFacts, compare: &Compare, out: &mut Powers) {
        let Value::Text(text) = facts.value(compare.left) else { return };
        let caller = self.is_named("caller", text) && self.is_known_request(facts.file, compare.right);
        if !caller && !self.is_in_session(facts.file, compare.right, text) {
            return;
        }
        let says =
            |text: &str| Evidence { span: compare.span, text: text.into(), strength: Strength::Stated };
        let found = Powers {
            identity: Some(says(READS_CALLER)),
            asks_caller: Some(says("asks who the caller is")),
            ..Powers::default()
        };
        out.take(&found);
    }

    /// What an expression does that is run before a function: a function, an object that can be called,
    /// a class, or something that pages know.
    pub fn of_expression(&self, at: At, depth: u32) -> Powers {
        let mut out = Powers::default();
        if depth > DEPTH {
            return out;
        }
        for traced in self.rec.trace(at, &None) {
            match &traced.root {
                Root::Function(file, function) => {
                    out.take(&self.with_dependencies(*file, *function, depth));
                    if let Some(frame) = &traced.context {
                        let (f, outer) = frame.function;
                        out.take(&self.with_dependencies(f, outer, depth + 1));
                    }
                }
                Root::Instance(file, t) => self.of_called((*file, *t), "__call__", depth, &mut out),
                Root::Type(file, t) => {
                    for dependency in self.rec.dependencies_of_class(*file, *t) {
                        for at in dependency.runs {
                            out.take(&self.of_expression(at, depth + 1));
                        }
                    }
                    self.of_called((*file, *t), "__init__", depth, &mut out);
                }
                Root::Call(file, call) => {
                    let facts = self.rec.facts(*file);
                    let span =
                        facts.map(|f| f.call(*call).span).unwrap_or(crate::source::Span::new(*file, 0, 0));
                    let callee = self.rec.callee(*file, *call);
                    for id in &callee.entries {
                        let model = self.rec.index.call(*id);
                        let Some(concept) = model.concept else { continue };
                        let scope = Scope::call(*file, Some(*call), id.model, &None);
                        let roles = self.rec.roles_of(concept, &model.roles, &scope);
                        let state = |name: &str| {
                            roles.iter().find(|(n, _)| *n == name).map_or(State::Unset, |(_, r)| r.state)
                        };
                        known(concept.name, state("required"), state("role"), span, &mut out);
                    }
                }
                Root::External(path) | Root::Foreign(path) => self.of_known(path, at, &mut out),
                _ => {}
            }
        }
        if out.evidence().is_empty()
            && let Some(t) = self.rec.promised(at)
        {
            self.of_called(t, "__call__", depth, &mut out);
        }
        out
    }

    /// The method of a class that runs; what the library's class does when the project's says nothing.
    fn of_called(&self, t: (FileId, TypeId), method: &str, depth: u32, out: &mut Powers) {
        let line = self.rec.line(t.0, t.1);
        let own = line.iter().find_map(|c| self.rec.with_origins(|o| o.method(*c, method)));
        if let Some((file, function)) = own {
            out.take(&self.with_dependencies(file, function, depth + 1));
            return;
        }
        let at = At { file: t.0, value: ValueId::NONE };
        for root in self.rec.with_origins(|o| o.ancestors(t.0, t.1)) {
            if let Root::External(path) | Root::Foreign(path) = root {
                self.of_known(&path, at, out);
            }
        }
    }

    fn of_known(&self, path: &Path, at: At, out: &mut Powers) {
        let span = self.rec.with_origins(|o| o.span(at));
        for model in self.rec.index.of_module(path.ecosystem, &path.module) {
            let page = &self.rec.index.models[model];
            let values = page.values.iter().filter(|v| index::names_end(&v.path, &path.members));
            let calls =
                page.calls.iter().filter(|c| c.paths.iter().any(|p| index::names_end(p, &path.members)));
            let names: Vec<&str> = values
                .map(|v| v.concept.name)
                .chain(calls.filter_map(|c| c.concept).map(|c| c.name))
                .collect();
            if let Some(name) = names.first() {
                known(name, State::Set, State::Unset, span, out);
            }
        }
    }
}

/// What pages say of something that runs before a function.
fn known(concept: &str, required: State, role: State, span: crate::source::Span, out: &mut Powers) {
    let says = |text: &str| Some(Evidence { span, text: text.into(), strength: Strength::Stated });
    let mut found = Powers::default();
    match concept {
        "http.credential" => {
            found.credential = says("reads what the caller proves itself with, and checks nothing");
            if required != State::Off {
                found.stop = says("stops requests that bring none");
            }
        }
        "http.guard" => {
            found.identity = says("asks the library for the caller");
            match required {
                State::Off => found.optional = true,
                _ => found.unknown_caller = says("the library stops callers that it does not know"),
            }
            if role == State::Set {
                found.role = says("asks for a role or permission");
            }
        }
        "identity.read" => {
            found.identity = says("looks the caller up");
            if required == State::Set {
                found.unknown_caller = says("stops callers that it does not know");
            }
        }
        _ => return,
    }
    out.take(&found);
}
