//! Which model entries a call is. Knows no rule.

use std::rc::Rc;

use crate::event::Event;
use crate::facts::*;
use crate::finding::Strength;
use crate::project::origins::{Argument, At, Context, Path, Root, Traced, argument};
use crate::rulebook::model::{Base, CallModel, Literal, Spec};
use crate::source::{Ecosystem, FileId, Str};

use super::Recognizer;
use super::index::{self, EntryId};
use super::roles::Scope;

/// What a call's callee is.
#[derive(Debug, Default)]
pub struct Callee {
    pub entries: Vec<EntryId>,
    /// Modelled types that the call makes an object of: (model, type).
    pub makes: Vec<(usize, usize)>,
    /// Modelled types of the receiver, when the call is a method of one.
    pub receiver: Vec<(usize, usize)>,
    /// Functions of the project that it calls.
    pub local: Vec<(FileId, FunctionId)>,
    pub strength: Option<Strength>,
}

impl Recognizer<'_> {
    pub fn callee(&self, file: FileId, call: CallId) -> Rc<Callee> {
        if let Some(found) = self.callees.borrow().get(&(file, call)) {
            return found.clone();
        }
        if !self.busy.borrow_mut().insert((file, call)) {
            return Rc::default();
        }
        let found = Rc::new(self.find_callee(file, call));
        self.busy.borrow_mut().remove(&(file, call));
        self.callees.borrow_mut().insert((file, call), found.clone());
        found
    }

    fn find_callee(&self, file: FileId, call: CallId) -> Callee {
        let mut out = Callee::default();
        let Some(facts) = self.facts(file) else { return out };
        let callee = facts.call(call).callee;
        for traced in self.trace(At { file, value: callee }, &None) {
            match &traced.root {
                Root::Function(f, function) => out.local.push((*f, *function)),
                Root::Type(f, t) => self.of_local_type(&mut out, file, call, *f, *t, &traced),
                Root::Instance(f, t) if self.calls_itself(*f, *t).is_some() => {
                    out.local.extend(self.calls_itself(*f, *t));
                }
                root => self.of_root(&mut out, file, call, root, &traced),
            }
        }
        // A function of the project is what it is, whatever a library calls its own.
        if out.entries.is_empty()
            && out.makes.is_empty()
            && out.receiver.is_empty()
            && out.local.is_empty()
            && let Value::Field(_, method) = facts.value(callee)
        {
            for id in self.index.any_receiver(method) {
                let model = &self.index.models[id.model];
                if model.ecosystem != facts.ecosystem
                    || !self.in_use(file, id.model)
                    || !ends_with(facts, callee, self.index.call(*id))
                {
                    continue;
                }
                if self.admits(file, call, *id) {
                    out.entries.push(*id);
                    out.strength = Some(Strength::Inferred.max(out.strength.unwrap_or(Strength::Inferred)));
                    break;
                }
            }
        }
        out.entries.dedup();
        out.makes.dedup();
        out.local.sort();
        out.local.dedup();
        out
    }

    /// The method that runs when an object of a class of the project is called.
    fn calls_itself(&self, file: FileId, t: TypeId) -> Option<(FileId, FunctionId)> {
        self.with_origins(|o| {
            o.ancestors(file, t).into_iter().find_map(|a| match a {
                Root::Type(f, t) => o.method((f, t), "__call__"),
                _ => None,
            })
        })
    }

    /// Constructing a class of the project: its constructor, and what its modelled base makes of it.
    fn of_local_type(
        &self,
        out: &mut Callee,
        file: FileId,
        call: CallId,
        owner: FileId,
        t: TypeId,
        traced: &Traced,
    ) {
        let constructor = self.with_origins(|o| {
            o.method((owner, t), "constructor").or_else(|| o.method((owner, t), "__init__"))
        });
        out.local.extend(constructor);
        let ancestors = self.with_origins(|o| o.ancestors(owner, t));
        if constructor.is_none() {
            for root in ancestors.iter().skip(1) {
                self.of_root(out, file, call, root, traced);
            }
        }
    }

    fn of_root(&self, out: &mut Callee, file: FileId, call: CallId, root: &Root, traced: &Traced) {
        let Some(paths) = self.paths_of(root) else { return };
        for (path, receiver) in paths {
            let mut hit = false;
            for model in self.index.of_module(path.ecosystem, &path.module) {
                let page = &self.index.models[model];
                // A path that names the type comes before one for any receiver.
                let exact = |p: &Str| !p.starts_with("*.") && index::names(p, &path.members);
                let any = |p: &Str| p.starts_with("*.") && index::names(p, &path.members);
                let entries = |wanted: &dyn Fn(&Str) -> bool| -> Vec<EntryId> {
                    let named = page.calls.iter().enumerate().filter(|(_, c)| c.paths.iter().any(wanted));
                    named.map(|(e, _)| EntryId { model, entry: e }).collect()
                };
                for id in entries(&exact).into_iter().chain(entries(&any)) {
                    if out.entries.iter().any(|x| x.model == model) {
                        break;
                    }
                    if self.admits(file, call, id) {
                        out.entries.push(id);
                        hit = true;
                    }
                }
                for (t, kind) in page.types.iter().enumerate() {
                    if kind
                        .construct
                        .iter()
                        .any(|p| index::names(p, &path.members) || last_name(p, &path.members))
                        && self.version_admits(file, model, &kind.versions)
                    {
                        out.makes.push((model, t));
                        hit = true;
                    }
                }
                if let Some(name) = &receiver {
                    for (t, kind) in page.types.iter().enumerate() {
                        if kind.name == *name && self.version_admits(file, model, &kind.versions) {
                            out.receiver.push((model, t));
                        }
                    }
                }
            }
            if hit {
                // A name that nothing binds is only taken for the module it is called like.
                let bound =
                    !matches!(root, Root::External(p) if p.module.is_empty() && !path.module.is_empty());
                let strength = if bound { traced.strength } else { Strength::Heuristic };
                out.strength = Some(strength.min(out.strength.unwrap_or(Strength::Stated)));
            }
        }
        if out.entries.is_empty()
            && out.makes.is_empty()
            && let Root::External(path) = root
            && self.is_called_like_module(path)
        {
            let module = Root::External(Path { members: Vec::new(), ..path.clone() });
            let strength = traced.strength.min(Strength::Inferred);
            self.of_root(out, file, call, &module, &Traced { strength, ..traced.clone() });
        }
    }

    /// `import { cookieSession } from "cookie-session"`, of a package that is a function itself: no page knows
    /// the name, and what is meant is plain from it.
    fn is_called_like_module(&self, path: &Path) -> bool {
        let [name] = path.members.as_slice() else { return false };
        if path.ecosystem != Ecosystem::Npm || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            return false;
        }
        let models = self.index.of_module(path.ecosystem, &path.module);
        let mut calls = models.iter().flat_map(|m| &self.index.models[*m].calls).flat_map(|c| &c.paths);
        let package = path.module.rsplit('/').next().unwrap_or_default();
        let words: Vec<&str> = package.split(['-', '_', '.']).collect();
        let last = words.last().is_some_and(|w| w == name);
        (last || words.concat() == name.to_lowercase())
            && models.iter().any(|m| self.index.models[*m].package == path.module)
            && !calls.clone().any(|p| p.trim_start_matches("*.") == name)
            && calls.any(|p| p == "default")
    }

    /// The entries that a name would be if it were called: a decorator without brackets.
    pub fn entries_of_name(&self, at: At) -> Vec<EntryId> {
        let mut out = Vec::new();
        for traced in self.trace(at, &None) {
            for (path, _) in self.paths_of(&traced.root).into_iter().flatten() {
                for model in self.index.of_module(path.ecosystem, &path.module) {
                    let calls = self.index.models[model].calls.iter().enumerate();
                    let named = calls.filter(|(_, c)| c.paths.iter().any(|p| index::names(p, &path.members)));
                    out.extend(named.map(|(e, _)| EntryId { model, entry: e }));
                }
            }
        }
        out.dedup();
        out
    }

    /// The paths under which a page can name something, and the type of the receiver of a method.
    fn paths_of(&self, root: &Root) -> Option<Vec<(Path, Option<Str>)>> {
        match root {
            // A module that nothing imports, called by its own name: a piece of a file, a star import.
            Root::External(path)
                if path.ecosystem == Ecosystem::PyPi && path.module.is_empty() && path.members.len() > 1 =>
            {
                let module = path.members[0].clone();
                let inside = Path { module, members: path.members[1..].to_vec(), ..path.clone() };
                Some(vec![(path.clone(), None), (inside, None)])
            }
            Root::External(path) => Some(vec![(path.clone(), None)]),
            Root::Member(base, name) => {
                let mut out = Vec::new();
                for path in self.type_paths(base) {
                    let kind = path.members.last().cloned();
                    let mut whole = path.clone();
                    whole.members.push(name.clone());
                    for many in [2, 3] {
                        let short = Path {
                            members: whole.members[whole.members.len().saturating_sub(many)..].to_vec(),
                            ..whole.clone()
                        };
                        if short != whole {
                            out.push((short, kind.clone()));
                        }
                    }
                    out.push((whole, kind));
                }
                (!out.is_empty()).then_some(out)
            }
            // An object that is called itself.
            Root::Call(..) | Root::Foreign(_) => {
                let call = |mut path: Path| {
                    let kind = path.members.last().cloned();
                    path.members.push("__call__".into());
                    (path, kind)
                };
                let out: Vec<_> = self.type_paths(root).into_iter().map(call).collect();
                (!out.is_empty()).then_some(out)
            }
            _ => None,
        }
    }

    /// The modelled type that something is an object of, as a path: module + type name.
    pub fn type_paths(&self, root: &Root) -> Vec<Path> {
        match root {
            Root::Foreign(path) | Root::External(path) => vec![path.clone()],
            // The first part of a pair that a call gives back.
            Root::Member(base, name) if name == "0" && matches!(**base, Root::Call(..)) => {
                self.type_paths(base)
            }
            // A part of an object: `app.router`.
            Root::Member(base, name) => {
                let mut out = self.type_paths(base);
                out.iter_mut().for_each(|p| p.members.push(name.clone()));
                out.retain(|p| p.members.len() <= 4);
                out
            }
            Root::Instance(file, t) | Root::Type(file, t) => {
                let ancestors = self.with_origins(|o| o.ancestors(*file, *t));
                ancestors
                    .iter()
                    .skip(1)
                    .filter(|a| !matches!(a, Root::Type(..)))
                    .flat_map(|a| self.type_paths(a))
                    .collect()
            }
            Root::Call(file, call) => {
                self.types_of_result(*file, *call).into_iter().map(|(m, t)| self.type_path(m, t)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn type_path(&self, model: usize, t: usize) -> Path {
        let page = &self.index.models[model];
        Path {
            ecosystem: page.ecosystem,
            module: page.modules.first().cloned().unwrap_or_default(),
            members: vec![page.types[t].name.clone()],
        }
    }

    /// The modelled types that a call's result is an object of.
    pub fn types_of_result(&self, file: FileId, call: CallId) -> Vec<(usize, usize)> {
        let callee = self.callee(file, call);
        let mut out = callee.makes.clone();
        for entry in &callee.entries {
            if let Some(name) = &self.index.call(*entry).returns {
                let types = self.index.types(entry.model);
                out.extend(
                    types
                        .iter()
                        .enumerate()
                        .filter(|(_, t)| {
                            t.name == *name && self.version_admits(file, entry.model, &t.versions)
                        })
                        .map(|(i, _)| (entry.model, i)),
                );
            }
        }
        if out.is_empty() {
            out.extend(callee.receiver.iter().filter(|(m, t)| self.index.types(*m)[*t].fluent));
        }
        out
    }

    /// Is the package part of the project that the file belongs to?
    pub fn in_use(&self, file: FileId, model: usize) -> bool {
        let page = &self.index.models[model];
        page.package.is_empty()
            || self.index.is_imported(model)
            || self.project.package(file, page.ecosystem, &page.package).is_some()
    }

    pub fn version(&self, file: FileId, model: usize) -> Option<&str> {
        let page = &self.index.models[model];
        self.project.package(file, page.ecosystem, &page.package).map(|p| p.version.as_str())
    }

    fn version_admits(
        &self,
        file: FileId,
        model: usize,
        requirement: &crate::rulebook::version::Requirement,
    ) -> bool {
        requirement.is_any() || requirement.admits(self.version(file, model))
    }

    fn admits(&self, file: FileId, call: CallId, id: EntryId) -> bool {
        let entry = self.index.call(id);
        self.version_admits(file, id.model, &entry.versions)
            && self.condition_holds(file, call, id.model, entry)
    }

    /// All `when` tests that name the same role place hold; several places of one test are alternatives.
    fn condition_holds(&self, file: FileId, call: CallId, model: usize, entry: &CallModel) -> bool {
        entry.when.iter().all(|(source, literal)| {
            let value = match &source.base {
                Base::Arg(n) => self.plain_argument(file, call, *n, None),
                Base::Keyword(name) => self.plain_argument(file, call, usize::MAX, Some(name)),
                Base::Receiver => self.receiver(file, call),
                _ => None,
            };
            let Some(value) = value else { return *literal == Literal::Absent };
            let mut found = self.trace(value, &None);
            for name in &source.path {
                found = self.with_origins(|o| {
                    found.iter().flat_map(|t| o.member(t, name, &mut Default::default())).collect()
                });
            }
            match literal {
                Literal::Absent => found.iter().all(|t| t.root == Root::Absent),
                _ => found.iter().any(|t| self.is_literal(t, literal, model, value)),
            }
        })
    }

    fn is_literal(&self, traced: &Traced, literal: &Literal, model: usize, written: At) -> bool {
        if let Literal::PartOf(separator) = literal {
            return self.is_part_of(written, separator, 0);
        }
        if *literal == Literal::Module {
            let page = &self.index.models[model];
            return matches!(&traced.root, Root::External(p) if page.modules.contains(&p.module));
        }
        super::roles::matches(self, traced, literal)
    }

    /// Is it `text.split(".")[1]`, `parts[1]`, or a loop over such parts, also padded or converted?
    fn is_part_of(&self, at: At, separator: &str, depth: u32) -> bool {
        if depth > 8 {
            return false;
        }
        let Some(facts) = self.facts(at.file) else { return false };
        if let Value::Join(parts) = facts.value(at.value) {
            return parts
                .iter()
                .any(|p| self.is_part_of(At { file: at.file, value: *p }, separator, depth + 1));
        }
        self.trace(at, &None).iter().any(|t| {
            let mut root = &t.root;
            while let Root::Member(base, _) = root {
                root = base;
            }
            match root {
                Root::Call(file, call) => {
                    let Some(facts) = self.facts(*file) else { return false };
                    let c = facts.call(*call);
                    let Value::Field(base, method) = facts.value(c.callee) else {
                        return c.args.iter().any(|a| {
                            self.is_part_of(At { file: *file, value: a.value }, separator, depth + 1)
                        });
                    };
                    let splits = matches!(method.as_str(), "split" | "splitn" | "rsplit" | "rsplitn");
                    if splits
                        && c.args
                            .iter()
                            .any(|a| matches!(facts.value(a.value), Value::Text(s) if s == separator))
                    {
                        return true;
                    }
                    // A conversion of a part: `parts[1].replace(..)`, `iter.next()`, `parts.get(1)`.
                    self.is_part_of(At { file: *file, value: *base }, separator, depth + 1)
                }
                Root::Value(v) if *v != at => self.is_part_of(*v, separator, depth + 1),
                _ => false,
            }
        })
    }

    /// The argument that a simple spec names, as written.
    pub fn argument_of(&self, file: FileId, call: CallId, spec: &Spec) -> Option<At> {
        spec.alternatives.iter().flat_map(|a| &a.from).find_map(|source| match &source.base {
            Base::Arg(n) => self.entry_of(self.plain_argument(file, call, *n, None)?, &source.path),
            Base::Keyword(name) => {
                self.entry_of(self.plain_argument(file, call, usize::MAX, Some(name))?, &source.path)
            }
            Base::Receiver => self.receiver(file, call),
            _ => None,
        })
    }

    /// The expression that a record has below these names.
    fn entry_of(&self, at: At, path: &[Str]) -> Option<At> {
        path.iter().try_fold(at, |at, name| {
            self.trace(at, &None).iter().find_map(|t| {
                let Root::Value(v) = t.root else { return None };
                let Value::Record(record) = self.facts(v.file)?.value(v.value) else { return None };
                let entry =
                    record.entries.iter().rev().find(|e| matches!(&e.key, Key::Text(k) if k == name))?;
                Some(At { file: v.file, value: entry.value })
            })
        })
    }

    pub fn plain_argument(&self, file: FileId, call: CallId, n: usize, name: Option<&str>) -> Option<At> {
        match argument(self.facts(file)?.call(call), n, name) {
            Argument::Given(value) => Some(At { file, value }),
            _ => None,
        }
    }

    pub fn receiver(&self, file: FileId, call: CallId) -> Option<At> {
        let facts = self.facts(file)?;
        match facts.value(facts.call(call).callee) {
            Value::Field(base, _) => Some(At { file, value: *base }),
            _ => None,
        }
    }

    /// The callee as the source writes it, shortened to names.
    pub fn callee_text(&self, file: FileId, call: CallId) -> String {
        let Some(facts) = self.facts(file) else { return String::new() };
        fn text(facts: &FileFacts, id: ValueId, depth: u32) -> String {
            match facts.value(id) {
                Value::Name(n) if n == "super" => String::new(),
                Value::Name(n) => n.to_string(),
                Value::Field(base, name) if depth < 4 => {
                    let base = text(facts, *base, depth + 1);
                    let separator = if facts.ecosystem == crate::source::Ecosystem::Crates
                        && base.chars().next().is_some_and(char::is_uppercase)
                    {
                        "::"
                    } else {
                        "."
                    };
                    if base.is_empty() { name.to_string() } else { format!("{base}{separator}{name}") }
                }
                _ => String::new(),
            }
        }
        let written = text(facts, facts.call(call).callee, 0);
        if !written.is_empty() {
            return written;
        }
        // `super(…)`, an expression: what the page calls it.
        let callee = self.callee(file, call);
        let path = callee.entries.first().and_then(|e| self.index.call(*e).paths.first());
        path.map_or_else(|| "this call".into(), |p| p.trim_start_matches("*.").to_string())
    }

    /// The events that one call is, seen from a context of callers.
    pub fn call_events(&self, file: FileId, call: CallId, callee: &Callee, context: &Context) -> Vec<Event> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let mut out = Vec::new();
        for id in &callee.entries {
            let entry = self.index.call(*id);
            let Some(concept) = entry.concept else { continue };
            let of_values = matches!(
                concept.name,
                "value.pass"
                    | "time.now"
                    | "time.span"
                    | "env.read"
                    | "secret.fetch"
                    | "request.read"
                    | "setting.read"
            );
            if of_values && !self.values_too {
                continue;
            }
            let fact = facts.call(call);
            let page = &self.index.models[id.model];
            let mut roles =
                self.roles_of(concept, &entry.roles, &Scope::call(file, Some(call), id.model, context));
            if concept.name == "time.span" {
                // Several units add up.
                let whole = Traced {
                    root: Root::Call(file, call),
                    at: At { file, value: ValueId::NONE },
                    context: context.clone(),
                    steps: Vec::new(),
                    strength: Strength::Stated,
                    open: false,
                };
                let sum = self.quantity(&whole, Some(crate::rulebook::model::Unit::Span), None);
                for known in roles.iter_mut().flat_map(|(_, r)| &mut r.values) {
                    known.number = sum;
                }
            }
            out.push(Event {
                concept,
                model: (page.page.clone(), entry.line),
                package: page.package.clone(),
                file,
                call: Some(call),
                span: fact.span,
                callee: self.callee_text(file, call),
                context: context.clone(),
                roles,
                strength: self.certainty(file, id.model, callee.strength.unwrap_or(Strength::Stated), entry),
                in_test: facts.in_test(fact.region),
            });
        }
        out.extend(self.unpack_event(file, call, callee, context));
        out
    }

    /// An entry that depends on the version is less sure when the version is not known.
    fn certainty(&self, file: FileId, model: usize, strength: Strength, entry: &CallModel) -> Strength {
        if !entry.versions.is_any() && self.version(file, model).is_none() {
            return strength.min(Strength::Inferred);
        }
        strength
    }
}

/// `SignJWT` is named by `jose.SignJWT` too.
fn last_name(path: &str, members: &[Str]) -> bool {
    let parts: Vec<&str> = path.split('.').collect();
    members.len() > parts.len()
        && members[members.len() - parts.len()..].iter().zip(&parts).all(|(m, p)| m == p)
}

/// Does the callee read as one of the entry's `*.a.b` paths?
fn ends_with(facts: &FileFacts, callee: ValueId, entry: &CallModel) -> bool {
    entry.paths.iter().filter_map(|p| p.strip_prefix("*.")).any(|path| {
        let mut at = callee;
        path.rsplit('.').enumerate().all(|(i, part)| match facts.value(at) {
            Value::Field(base, name) if name == part => {
                at = *base;
                true
            }
            Value::Name(name) => i > 0 && name == part,
            _ => false,
        })
    })
}
