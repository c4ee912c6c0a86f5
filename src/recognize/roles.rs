//! What fills a role: places of a page's spec, looked up in the code. Knows no rule.

use std::collections::BTreeSet;

use crate::concepts::{Concept, Role, State};
use crate::event::{Known, RoleValue};
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{Argument, At, Context, Root, Traced, argument};
use crate::rulebook::model::{Alternative, Base, Source, Spec};
use crate::source::{FileId, Span, Str};

use super::Recognizer;
use super::documents::{Node, text_is};
use super::literals::{is_literal, is_nothing, words};
use super::objects::Object;

pub use super::literals::matches;

/// Where a spec is looked up.
#[derive(Clone, Copy)]
pub struct Scope<'s> {
    pub file: FileId,
    pub call: Option<CallId>,
    pub model: usize,
    pub context: &'s Context,
    /// The state of the role that asks, when the value is there.
    pub present: State,
    /// The place in a document, or the assignment, that is looked at.
    pub node: Option<&'s Node>,
}

impl<'s> Scope<'s> {
    pub fn call(file: FileId, call: Option<CallId>, model: usize, context: &'s Context) -> Self {
        Scope { file, call, model, context, present: State::Set, node: None }
    }

    pub fn node(file: FileId, model: usize, node: &'s Node) -> Self {
        Scope { file, call: None, model, context: &None, present: State::Set, node: Some(node) }
    }
}

/// What a place holds.
pub enum Found {
    Values(Vec<Traced>),
    /// The property of a modelled object.
    Property(RoleValue),
}

impl Recognizer<'_> {
    /// All roles of a concept as an entry fills them.
    pub fn roles_of(
        &self,
        concept: &'static Concept,
        specs: &[(Str, Spec)],
        scope: &Scope,
    ) -> Vec<(&'static str, RoleValue)> {
        concept.roles.iter().map(|role| (role.name, self.role(role, specs, scope))).collect()
    }

    fn role(&self, role: &Role, specs: &[(Str, Spec)], scope: &Scope) -> RoleValue {
        match specs.iter().find(|(name, _)| name == role.name) {
            None => RoleValue::state(State::Unknown),
            Some((_, spec)) => {
                self.spec(spec, role.present, role.absent, &Scope { present: role.present, ..*scope })
            }
        }
    }

    pub fn spec(&self, spec: &Spec, present: State, absent: State, scope: &Scope) -> RoleValue {
        let mut places = Vec::new();
        let mut omitted: Option<Evidence> = None;
        for alternative in &spec.alternatives {
            if alternative.from.is_empty() {
                if let Some(state) = alternative.state {
                    let mut value = RoleValue::state(state);
                    value.values.extend(alternative.text.iter().map(|t| self.said(t, scope)));
                    return value;
                }
                continue;
            }
            for source in &alternative.from {
                places.push(source);
                if let Some(node) = scope.node
                    && let Some(text) = node.text_at(source)
                {
                    let mut value = self.text_role(node, text, alternative, present);
                    if let Base::Name(_) = source.base {
                        // A name only says what the place is.
                        value.evidence.clear();
                    }
                    return value;
                }
                match self.locate(source, scope) {
                    Found::Property(value) => {
                        return RoleValue {
                            place: if value.place.is_empty() { words(source) } else { value.place },
                            state: of_kind(value.state, present),
                            ..value
                        };
                    }
                    Found::Values(found) => {
                        if let Some(mut value) = self.judge(&found, alternative, present, scope) {
                            self.add_written_keys(source, scope, &mut value);
                            if let Base::Setting(_) = source.base {
                                // The setting decides, for every call that heeds it.
                                value.decided = value.evidence.first().map(|step| step.span);
                            }
                            return RoleValue { place: words(source), ..value };
                        }
                        omitted = omitted.or_else(|| found.iter().find_map(|t| passed_by(t, scope.context)));
                    }
                }
            }
        }
        let mut out = RoleValue::state(spec.absent.unwrap_or(absent));
        // An off switch is not where the expected value is given.
        let switches: Vec<&Source> =
            spec.alternatives.iter().filter(|a| !a.values.is_empty()).flat_map(|a| &a.from).collect();
        let wanted = places.iter().copied().find(|p| !switches.contains(p)).or(places.first().copied());
        out.place = wanted.map(words).unwrap_or_default();
        if let Some((span, decided)) = self.where_absent(wanted, scope) {
            out.decided = decided.or_else(|| omitted.as_ref().map(|step| step.span));
            out.evidence.extend(omitted);
            // What nobody switched off explains nothing.
            if out.state != State::Checked || wanted.is_none_or(|w| !switches.contains(&w)) {
                out.evidence.push(Evidence {
                    span,
                    text: format!("no {} here", out.place),
                    strength: Strength::Stated,
                });
            }
        }
        out
    }

    /// A text that the page gives, at the call that it speaks of.
    fn said(&self, text: &Str, scope: &Scope) -> Known {
        let mut known = self.known(&self.nothing(Root::Unknown, scope), &Alternative::default());
        let call = self.facts(scope.file).zip(scope.call).map(|(facts, call)| facts.call(call).span);
        known.span = call.unwrap_or(known.span);
        known.text = Some(text.clone());
        known.items = Some(vec![text.clone()]);
        known
    }

    /// The place that lacks something: the options object, or the call; and the caller's call when
    /// the options come from there.
    fn where_absent(&self, source: Option<&Source>, scope: &Scope) -> Option<(Span, Option<Span>)> {
        let facts = self.facts(scope.file)?;
        let call = facts.call(scope.call?);
        let given = source.and_then(|s| match &s.base {
            Base::Arg(n) => self.plain_argument(scope.file, scope.call?, *n, None),
            _ => None,
        });
        let Some(given) = given else { return Some((call.span, None)) };
        let traced = self.trace(given, scope.context);
        let first = traced.first()?;
        let decided = passed_by(first, scope.context).map(|step| step.span);
        let origin = match &first.root {
            Root::Value(v) => self.with_origins(|o| o.span(*v)),
            _ => decided.unwrap_or(call.span),
        };
        Some((origin, decided))
    }

    /// What stands at a place.
    pub fn locate(&self, source: &Source, scope: &Scope) -> Found {
        let unknown = || Found::Values(vec![self.nothing(Root::Unknown, scope)]);
        let absent = || Found::Values(vec![self.nothing(Root::Absent, scope)]);
        match &source.base {
            Base::Arg(n) => self.locate_argument(*n, None, &source.path, scope),
            Base::Keyword(name) => self.locate_argument(usize::MAX, Some(name), &source.path, scope),
            Base::Receiver => match scope.call.and_then(|c| self.receiver(scope.file, c)) {
                Some(at) => self.below(at, &source.path, scope),
                None => absent(),
            },
            Base::Result => {
                let Some(call) = scope.call else { return unknown() };
                if let [name] = source.path.as_slice()
                    && let Some(value) = self.result_property(scope.file, call, name, scope)
                {
                    return Found::Property(value);
                }
                let mut traced = self.nothing(Root::Call(scope.file, call), scope);
                for name in &source.path {
                    traced.root = Root::Member(Box::new(traced.root), name.clone());
                }
                Found::Values(vec![traced])
            }
            Base::Generic(_) => unknown(),
            Base::Setting(key) => Found::Values(self.setting(key, scope)),
            Base::Env(_) | Base::Name(_) => unknown(),
            Base::Args => Found::Values(self.all_arguments(scope)),
            Base::Rest(n) => Found::Values(self.arguments_from(*n, scope)),
            Base::Value | Base::Top | Base::Up(_) => match scope.node.and_then(|n| n.base(&source.base)) {
                Some(at) => self.below(at, &source.path, scope),
                None => absent(),
            },
            Base::Config(id, inner) => self.configured(id, inner, &source.path, scope),
            Base::Construct(_)
            | Base::ConstructBy(..)
            | Base::ConstructKeyword(_)
            | Base::Method(..)
            | Base::Field(_) => unknown(),
        }
    }

    pub fn nothing(&self, root: Root, scope: &Scope) -> Traced {
        let at = At { file: scope.file, value: ValueId::NONE };
        Traced {
            root,
            at,
            context: scope.context.clone(),
            steps: Vec::new(),
            strength: Strength::Stated,
            open: false,
        }
    }

    fn locate_argument(&self, n: usize, name: Option<&str>, path: &[Str], scope: &Scope) -> Found {
        let Some(facts) = self.facts(scope.file) else { return Found::Values(Vec::new()) };
        let Some(call) = scope.call else { return Found::Values(vec![self.nothing(Root::Unknown, scope)]) };
        match argument(facts.call(call), n, name) {
            Argument::Given(value) => self.below(At { file: scope.file, value }, path, scope),
            Argument::Missing => {
                // A keyword can hide in `**options`.
                if let Some(name) = name {
                    let spread = facts.call(call).args.iter().find(|a| a.double);
                    if let Some(spread) = spread {
                        let mut whole = vec![Str::new(name)];
                        whole.extend_from_slice(path);
                        return self.below(At { file: scope.file, value: spread.value }, &whole, scope);
                    }
                }
                Found::Values(vec![self.nothing(Root::Absent, scope)])
            }
            Argument::Unclear if name.is_some() && !facts.call(call).args.iter().any(|a| a.double) => {
                Found::Values(vec![self.nothing(Root::Absent, scope)])
            }
            Argument::Unclear => Found::Values(vec![self.nothing(Root::Unknown, scope)]),
        }
    }

    /// An expression, or a field below it: of a modelled object its property.
    pub fn below(&self, at: At, path: &[Str], scope: &Scope) -> Found {
        let Some((first, rest)) = path.split_first() else {
            return Found::Values(self.trace(at, scope.context));
        };
        if let Some(object) = self.object(at, scope.context) {
            if let Some(mut value) = self.property(&object, first, scope) {
                // Made by a caller and handed in: what it is was decided there.
                if let Some((file, call)) = object.made.filter(|_| scope.context.is_some()) {
                    let made = self.facts(file).map(|f| f.call(call));
                    let around = scope.call.and_then(|c| Some(self.facts(scope.file)?.call(c).function));
                    let elsewhere = made.filter(|m| file != scope.file || Some(m.function) != around);
                    value.decided = value.decided.or(elsewhere.map(|m| m.span));
                }
                return Found::Property(value);
            }
            if rest.is_empty() && !object.ops.is_empty() {
                return Found::Values(self.field_of_object(&object, first, scope));
            }
        }
        let mut found = self.with_origins(|o| o.field_of(at, first, scope.context));
        let whole = self.trace(at, scope.context);
        for t in &mut found {
            // A class that declares its fields has no others, whatever its base can do.
            if matches!(&t.root, Root::Member(base, _) if matches!(**base, Root::External(_) | Root::Foreign(_)))
                && whole.iter().any(|w| matches!(w.root, Root::Instance(..)))
            {
                t.root = Root::Absent;
            }
            // A field of something that cannot be looked into: nobody knows whether it is there.
            if let Root::Member(base, _) = &t.root
                && whole.iter().any(|w| w.root == **base)
            {
                t.root = match **base {
                    Root::Param(file, function, n) => Root::Perhaps(file, function, n),
                    Root::Function(..) => Root::Absent,
                    _ => Root::Unknown,
                };
            }
        }
        // A modelled object in a field: `{ store: new Store(…) }`.
        if let ([name], [one]) = (rest, found.as_slice())
            && matches!(one.root, Root::Call(..))
            && let Some(object) = self.object(one.at, scope.context)
            && let Some(value) = self.property(&object, name, scope)
        {
            return Found::Property(value);
        }
        for name in rest {
            found = self.with_origins(|o| {
                found
                    .iter()
                    .flat_map(|t| {
                        let mut out = o.member(t, name, &mut Default::default());
                        for x in &mut out {
                            x.strength = x.strength.min(t.strength);
                            let mut steps = t.steps.clone();
                            steps.append(&mut x.steps);
                            x.steps = steps;
                        }
                        out
                    })
                    .collect()
            });
        }
        found.extend(self.written_below(at, path, scope));
        let found = found.into_iter().map(|t| self.declared_field(t)).collect();
        Found::Values(self.with_folder_values(found))
    }

    fn field_of_object(&self, object: &Object, name: &str, scope: &Scope) -> Vec<Traced> {
        object
            .field(name)
            .map_or_else(|| vec![self.nothing(Root::Absent, scope)], |at| self.trace(at, &object.context))
    }

    /// A field of a value whose declared type has it: it is there, whatever it is.
    fn declared_field(&self, traced: Traced) -> Traced {
        traced
    }

    /// The same place on the project's calls of another entry of the page.
    fn configured(&self, id: &str, inner: &Base, path: &[Str], scope: &Scope) -> Found {
        let absent = vec![self.nothing(Root::Absent, scope)];
        let page = &self.index.models[scope.model];
        let entries: Vec<usize> =
            page.calls.iter().enumerate().filter(|(_, c)| c.label == id).map(|(i, _)| i).collect();
        let methods: BTreeSet<&str> = entries
            .iter()
            .flat_map(|e| &page.calls[*e].paths)
            .map(|p| p.rsplit('.').next().unwrap_or(p))
            .collect();
        let mut out = Vec::new();
        for (file, call) in methods.iter().flat_map(|name| self.index.labelled(name)) {
            let callee = self.callee(*file, *call);
            if !callee.entries.iter().any(|e| e.model == scope.model && entries.contains(&e.entry)) {
                continue;
            }
            let there =
                Scope { present: scope.present, ..Scope::call(*file, Some(*call), scope.model, &None) };
            let source = Source { base: inner.clone(), path: path.to_vec() };
            match self.locate(&source, &there) {
                Found::Values(found) => out.extend(found),
                property => return property,
            }
        }
        Found::Values(if out.is_empty() { absent } else { out })
    }

    /// The role's value from what a place holds; nothing when the place holds nothing.
    pub fn judge(
        &self,
        found: &[Traced],
        alternative: &Alternative,
        present: State,
        scope: &Scope,
    ) -> Option<RoleValue> {
        let mut out = RoleValue::state(State::Unknown);
        let mut states: Vec<State> = Vec::new();
        let mut gone = 0;
        let mut outside = 0;
        let chosen = alternative.unit.map(|_| self.callers_choice(found.to_vec(), scope.context));
        for traced in chosen.as_deref().unwrap_or(found) {
            // Documents write numbers and switches as texts, too.
            let written = scope.node.and_then(|_| self.text(traced));
            if let Some((_, state)) = alternative.values.iter().find(|(literal, _)| {
                matches(self, traced, literal) || written.as_ref().is_some_and(|t| text_is(t, literal))
            }) {
                states.push(*state);
            } else if is_nothing(self, traced) || alternative.next.iter().any(|l| matches(self, traced, l)) {
                gone += 1;
                continue;
            } else if let Root::Param(..) = traced.root {
                out.open = true;
                states.push(if present == State::Set { State::Set } else { State::Unknown });
            } else if let Root::Perhaps(..) = traced.root {
                out.open = true;
                states.push(State::Unknown);
            } else if present == State::Checked
                && matches!(&traced.root, Root::Member(base, _) if matches!(**base, Root::Param(..)))
            {
                // What is expected comes from the caller: it may be empty.
                out.open = true;
                states.push(State::Unknown);
            } else if let Some(state) = self.contents(traced, alternative) {
                states.push(state);
            } else if let Some(state) = alternative.state {
                states.push(state);
            } else if !alternative.values.is_empty()
                && !is_literal(self, traced)
                && !self.is_made_here(traced)
            {
                if self.outside_name(traced).is_some() {
                    outside += 1;
                } else {
                    states.push(State::Unknown);
                }
            } else if matches!(traced.root, Root::Unknown) {
                states.push(State::Unknown);
            } else {
                states.push(alternative.present.unwrap_or(present));
            }
            if alternative.unit.is_some() {
                out.open |= self.hangs_on_caller(traced);
                out.decided = out.decided.or_else(|| self.part_passed_by(traced, scope.context));
            }
            let known = self.known(traced, alternative);
            if let Some(name) = known.outside.clone().filter(|n| !n.is_empty()) {
                out.values.extend(self.fed(&name, scope.file, alternative));
            }
            out.values.push(known);
            out.strength = out.strength.min(traced.strength);
            for step in &traced.steps {
                if !out.evidence.contains(step) {
                    out.evidence.push(step.clone());
                }
            }
            out.decided = out.decided.or_else(|| passed_by(traced, scope.context).map(|step| step.span));
        }
        if out.values.is_empty() {
            return None;
        }
        if outside > 0 {
            // Set from outside, or else the default that stands in the code.
            out.strength = out.strength.min(Strength::Inferred);
            if states.is_empty() {
                states.push(State::Unknown);
            }
        }
        let first = states.first().copied().unwrap_or(State::Unknown);
        out.state = if gone > 0 && alternative.state.is_none() || states.iter().any(|s| *s != first) {
            State::Unknown
        } else {
            first
        };
        if let Some(known) = out.values.first()
            && out.evidence.is_empty()
            && known.span.start < known.span.end
        {
            let text = match &known.outside {
                Some(name) if !name.is_empty() => format!("read from `{name}`"),
                Some(_) => "read from outside".into(),
                None => "given here".into(),
            };
            out.evidence.push(Evidence { span: known.span, text, strength: Strength::Stated });
        }
        Some(out)
    }

    /// The caller's call that gave a part of something that is put together.
    fn part_passed_by(&self, traced: &Traced, context: &Context) -> Option<Span> {
        let Root::Value(at) = traced.root else { return None };
        let Value::Join(parts) = self.facts(at.file)?.value(at.value) else { return None };
        parts.iter().find_map(|part| {
            let found = self.trace(At { file: at.file, value: *part }, &traced.context);
            found.iter().find_map(|t| passed_by(t, context)).map(|step| step.span)
        })
    }

    /// A moment or length of time that is computed with a parameter.
    fn hangs_on_caller(&self, traced: &Traced) -> bool {
        let Root::Value(at) = traced.root else { return false };
        let Some(Value::Join(parts)) = self.facts(at.file).map(|f| f.value(at.value)) else { return false };
        parts.iter().any(|part| {
            let found = self.trace(At { file: at.file, value: *part }, &traced.context);
            found.iter().any(|t| match &t.root {
                Root::Param(..) | Root::Perhaps(..) => true,
                Root::Call(file, call) => self.facts(*file).is_some_and(|f| {
                    f.call(*call).args.iter().any(|a| {
                        let inner = self.trace(At { file: *file, value: a.value }, &t.context);
                        inner.iter().any(|x| matches!(x.root, Root::Param(..)))
                    })
                }),
                _ => false,
            })
        })
    }

    /// A value that a modelled call makes (a span of time, an object): surely no literal.
    fn is_made_here(&self, traced: &Traced) -> bool {
        let Root::Call(file, call) = traced.root else { return false };
        let callee = self.callee(file, call);
        let made = |concept: Option<&crate::concepts::Concept>| {
            concept.is_some_and(|c| !matches!(c.name, "env.read" | "secret.fetch"))
        };
        callee.entries.iter().any(|e| made(self.index.call(*e).concept)) || !callee.makes.is_empty()
    }

    /// States that hang on the keys or items of a record or list.
    fn contents(&self, traced: &Traced, alternative: &Alternative) -> Option<State> {
        if alternative.has.is_empty() && alternative.lacks.is_empty() {
            return None;
        }
        let items = self.items(traced);
        let Some(items) = items else { return Some(State::Unknown) };
        for (key, state) in &alternative.has {
            if items.iter().any(|i| i == key) {
                return Some(*state);
            }
        }
        for (key, state) in &alternative.lacks {
            if !items.iter().any(|i| i == key) {
                return Some(*state);
            }
        }
        None
    }
}

/// Properties speak of checks; a role that is a value is set or not.
fn of_kind(state: State, present: State) -> State {
    match (state, present) {
        (State::Checked, State::Set) => State::Set,
        (State::Unchecked, State::Set) => State::Unset,
        (other, _) => other,
    }
}

/// The caller's call that gave a value, when one did.
fn passed_by(traced: &Traced, context: &Context) -> Option<Evidence> {
    let mut frame = context.as_ref();
    while let Some(f) = frame {
        let file = f.call.0;
        if let Some(step) = traced.steps.iter().find(|s| {
            s.span.file == file && (s.text.starts_with("passed as") || s.text.starts_with("called without"))
        }) {
            return Some(step.clone());
        }
        frame = f.outer.as_ref();
    }
    None
}
