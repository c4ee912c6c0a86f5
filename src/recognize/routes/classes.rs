//! Classes whose methods answer: which method answers what, what stands before all of them, and what
//! only the library's class brings along. Knows no framework: pages name the classes.

use crate::endpoint::GuardKind;
use crate::facts::*;
use crate::project::origins::{Argument, At, Root, argument};
use crate::recognize::{Recognizer, index};
use crate::rulebook::model::ControllerModel;
use crate::source::{FileId, Str};

use super::actions::Asked;
use super::collect::{Handler, Placed, verb};

/// A class of the project that answers, and how this place makes a handler of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Class {
    pub file: FileId,
    pub t: TypeId,
    /// The call that makes the handler: `X.as_view(…)`.
    pub made: Option<(FileId, CallId)>,
}

/// One method of a class as a handler.
#[derive(Clone, Debug)]
pub struct Answer {
    pub verb: Str,
    /// Below the path of the class.
    pub below: Str,
    pub name: Str,
    /// None: only the library's class has it.
    pub function: Option<(FileId, FunctionId)>,
    pub guards: Vec<Placed>,
    /// Run before the method.
    pub before: Vec<(FileId, FunctionId)>,
    /// Their answers say whether the request may go on.
    pub decides: Vec<(FileId, FunctionId)>,
    /// What decides is said by the class or the method itself.
    pub decided: bool,
}

impl Recognizer<'_> {
    pub fn is_class(&self, handler: &Handler) -> bool {
        !self.classes_of(handler).is_empty()
    }

    /// The classes that a handler is, or is made of.
    pub fn classes_of(&self, handler: &Handler) -> Vec<Class> {
        match handler {
            Handler::Function(..) => Vec::new(),
            Handler::Class(file, t) => {
                let class = Class { file: *file, t: *t, made: None };
                if self.controllers(*file, *t).is_empty() { Vec::new() } else { vec![class] }
            }
            Handler::Value(at) => self.classes_at(*at),
        }
    }

    pub fn classes_at(&self, at: At) -> Vec<Class> {
        let mut out: Vec<Class> = Vec::new();
        for traced in self.trace(at, &None) {
            let class = match traced.root {
                Root::Type(file, t) | Root::Instance(file, t) => Class { file, t, made: None },
                Root::Call(file, call) => match self.class_made_by(file, call) {
                    Some((f, t)) => Class { file: f, t, made: Some((file, call)) },
                    None => continue,
                },
                _ => continue,
            };
            let known = out.iter().any(|c| (c.file, c.t) == (class.file, class.t));
            if !known && !self.controllers(class.file, class.t).is_empty() {
                out.push(class);
            }
        }
        out
    }

    /// `X.as_view()`: the class whose method is called, when pages say that it makes handlers.
    fn class_made_by(&self, file: FileId, call: CallId) -> Option<(FileId, TypeId)> {
        let facts = self.facts(file)?;
        let Value::Field(base, method) = facts.value(facts.call(call).callee) else { return None };
        self.trace(At { file, value: *base }, &None).iter().find_map(|t| {
            let Root::Type(f, t) = t.root else { return None };
            let makes = self.controllers(f, t).iter().any(|c| c.makers.contains(method));
            makes.then_some((f, t))
        })
    }

    /// What a library's own class answers, where it is the handler itself; and what it demands.
    pub fn foreign_answers(&self, at: At) -> Option<(Vec<Str>, Vec<Placed>)> {
        for traced in self.trace(at, &None) {
            let Root::Call(file, call) = traced.root else { continue };
            let facts = self.facts(file)?;
            let Value::Field(base, method) = facts.value(facts.call(call).callee) else { continue };
            let class = At { file, value: *base };
            for traced in self.trace(class, &None) {
                let Root::External(path) = traced.root else { continue };
                let models = self.controllers_of(&path);
                if !models.iter().any(|m| m.makers.contains(method)) {
                    continue;
                }
                let says = |name: &Str| models.iter().flat_map(|m| &m.answers).find(|(n, _)| n == name);
                let inherited = models.iter().flat_map(|m| &m.inherited).filter_map(says);
                let verbs: Vec<Str> =
                    inherited.map(|(_, v)| verb(v.split_once(' ').map_or(v.as_str(), |(v, _)| v))).collect();
                let mut guards = Vec::new();
                if self.is_guard(&path) {
                    guards.push(Placed { at: class, kind: GuardKind::Decorator });
                }
                let mut said = false;
                for field in models.iter().flat_map(|m| &m.guards) {
                    if let Argument::Given(value) = argument(facts.call(call), usize::MAX, Some(field)) {
                        said = true;
                        let given = self.parts_of_list(At { file, value }, 0);
                        guards.extend(given.into_iter().map(|at| Placed { at, kind: GuardKind::Decorator }));
                    }
                }
                if !said {
                    guards.extend(self.otherwise(&models));
                }
                return (!verbs.is_empty()).then_some((verbs, guards));
            }
        }
        None
    }

    fn controllers_of(&self, path: &crate::project::origins::Path) -> Vec<&ControllerModel> {
        let models = self.index.of_module(path.ecosystem, &path.module);
        let all = models.into_iter().flat_map(|m| &self.index.models[m].controllers);
        all.filter(|c| c.bases.iter().any(|b| index::names_end(b, &path.members))).collect()
    }

    /// What pages say of the classes that a class derives from.
    pub fn controllers(&self, file: FileId, t: TypeId) -> Vec<&ControllerModel> {
        let mut out: Vec<&ControllerModel> = Vec::new();
        for root in self.with_origins(|o| o.ancestors(file, t)) {
            let (Root::External(path) | Root::Foreign(path)) = root else { continue };
            for model in self.index.of_module(path.ecosystem, &path.module) {
                let page = &self.index.models[model];
                let hit = |c: &&ControllerModel| c.bases.iter().any(|b| index::names_end(b, &path.members));
                for found in page.controllers.iter().filter(hit) {
                    if !out.iter().any(|o| std::ptr::eq(*o, found)) {
                        out.push(found);
                    }
                }
            }
        }
        out
    }

    /// What a class answers.
    pub fn answers(&self, class: &Class) -> Vec<Answer> {
        let models = self.controllers(class.file, class.t);
        let line: Vec<(FileId, TypeId)> = self.line(class.file, class.t);
        let method = |name: &str| -> Option<(FileId, FunctionId)> {
            line.iter().find_map(|t| self.with_origins(|o| o.method(*t, name)))
        };
        let mut all: Vec<(Str, Str)> = Vec::new();
        for said in models.iter().flat_map(|m| &m.answers) {
            let there = method(&said.0).is_some() || models.iter().any(|m| m.inherited.contains(&said.0));
            if there && !all.contains(said) {
                all.push(said.clone());
            }
        }
        for action in self.actions(&line) {
            for (verb, below) in
                action.verbs.iter().flat_map(|v| action.below.iter().map(move |b| (v.clone(), b)))
            {
                all.push((action.name.clone(), format!("{verb} {below}").into()));
            }
        }
        if let Some(mapped) = self.mapping(class) {
            // The place says which method answers what; the path is the place's own.
            all = mapped.into_iter().map(|(verb, name)| (name, verb)).collect();
        }
        let only: Option<Vec<Str>> = models.iter().flat_map(|m| &m.verbs).find_map(|f| {
            let at = self.field_in(&line, f)?;
            Some(self.texts_at(at).iter().map(|v| verb(v)).collect())
        });
        let before: Vec<(FileId, FunctionId)> =
            models.iter().flat_map(|m| &m.before).filter_map(|name| method(name)).collect();
        let decides: Vec<(FileId, FunctionId)> =
            models.iter().flat_map(|m| &m.decides).filter_map(|name| method(name)).collect();
        let mixins = self.mixins(class.file, class.t);
        let mut out = Vec::new();
        for (name, says) in all {
            let (word, below) = says.split_once(' ').unwrap_or((&says, ""));
            let word = verb(word);
            let verbs = match &only {
                Some(list) if word == "ANY" => list.clone(),
                Some(list) if !list.contains(&word) => continue,
                _ => vec![word],
            };
            let function = method(&name);
            for verb in verbs {
                let asked = Asked { action: name.clone(), verb: verb.clone(), class: Some(*class) };
                let (mut guards, decided) = self.class_guards(class, &line, &models, &asked, function);
                guards.extend(mixins.iter().map(|at| Placed { at: *at, kind: GuardKind::Decorator }));
                out.push(Answer {
                    verb,
                    below: below.into(),
                    name: name.clone(),
                    function,
                    guards,
                    decided,
                    decides: decides.clone(),
                    before: before.iter().filter(|b| Some(**b) != function).copied().collect(),
                });
            }
        }
        out
    }

    /// The classes of the project that a class derives from, itself first.
    pub fn line(&self, file: FileId, t: TypeId) -> Vec<(FileId, TypeId)> {
        let ancestors = self.with_origins(|o| o.ancestors(file, t));
        let own = |r: Root| if let Root::Type(f, t) = r { Some((f, t)) } else { None };
        ancestors.into_iter().filter_map(own).collect()
    }

    /// A field of a class, as the nearest class that has it says.
    pub fn field_in(&self, line: &[(FileId, TypeId)], name: &str) -> Option<At> {
        line.iter().find_map(|(file, t)| {
            let fields = &self.facts(*file)?.types[t.0 as usize].fields;
            let field = fields.iter().rev().find(|f| f.code_name == name && f.default.is_some())?;
            Some(At { file: *file, value: field.default? })
        })
    }

    /// `X.as_view({"get": "list"})`: which method of the class answers what.
    fn mapping(&self, class: &Class) -> Option<Vec<(Str, Str)>> {
        let (file, call) = class.made?;
        let Argument::Given(value) = argument(self.facts(file)?.call(call), 0, None) else { return None };
        self.trace(At { file, value }, &None).iter().find_map(|t| {
            let Root::Value(v) = t.root else { return None };
            let Value::Record(record) = self.facts(v.file)?.value(v.value) else { return None };
            let mut out = Vec::new();
            for entry in &record.entries {
                let Key::Text(key) = &entry.key else { continue };
                let name = self.texts_at(At { file: v.file, value: entry.value });
                out.extend(name.into_iter().map(|n| (key.clone(), n)));
            }
            (!out.is_empty()).then_some(out)
        })
    }

    /// What stands before one method: where the handler is made, in the fields of the class, and else
    /// what holds for classes that say nothing.
    fn class_guards(
        &self,
        class: &Class,
        line: &[(FileId, TypeId)],
        models: &[&ControllerModel],
        asked: &Asked,
        function: Option<(FileId, FunctionId)>,
    ) -> (Vec<Placed>, bool) {
        let method = asked.action.as_str();
        let mut out: Vec<Placed> = Vec::new();
        let mut add = |at: At, kind: GuardKind| {
            for at in self.for_method(at, method) {
                if !out.iter().any(|p| p.at == at) {
                    out.push(Placed { at, kind });
                }
            }
        };
        for (file, t) in line {
            let attributes = self.facts(*file).map_or(&[][..], |f| f.attributes.as_slice());
            for attribute in attributes.iter().filter(|a| a.on == Attached::Type(*t)) {
                let at = At { file: *file, value: attribute.value };
                let route = match self.facts(*file).map(|f| f.value(attribute.value)) {
                    Some(Value::Result(call)) => !self.route_entries(*file, *call).is_empty(),
                    _ => false,
                };
                if !route && self.concerns(*file, attribute.value, method) {
                    add(at, GuardKind::Decorator);
                }
            }
        }
        let said = function.map(|(file, f)| self.said_at(&self.decorators(file, f)));
        let chosen = match said.and_then(|s| s.policy) {
            Some(own) => Some(own),
            None => self.chosen(line, models, asked),
        };
        if let Some(chosen) = chosen {
            out.extend(chosen);
            return (out, true);
        }
        let mut said = false;
        let mut fields: Vec<&Str> = models.iter().flat_map(|m| &m.guards).collect();
        fields.dedup();
        for field in fields {
            let handed = class.made.and_then(|(file, call)| {
                match argument(self.facts(file)?.call(call), usize::MAX, Some(field)) {
                    Argument::Given(value) => Some(At { file, value }),
                    _ => None,
                }
            });
            if let Some(at) = handed.or_else(|| self.field_in(line, field)) {
                said = true;
                add(at, GuardKind::Decorator);
            }
        }
        let otherwise = models.iter().any(|m| !m.otherwise.is_empty());
        if !said {
            out.extend(self.otherwise(models));
        }
        (out, said || otherwise)
    }

    /// The parts of a list of guards; of a record the part for this method.
    fn for_method(&self, at: At, method: &str) -> Vec<At> {
        for traced in self.trace(at, &None) {
            let Root::Value(v) = traced.root else { continue };
            let Some(Value::Record(record)) = self.facts(v.file).map(|f| f.value(v.value)) else { continue };
            let own = record.entries.iter().filter(|e| matches!(&e.key, Key::Text(k) if k == method));
            return own.flat_map(|e| self.parts_of_list(At { file: v.file, value: e.value }, 0)).collect();
        }
        self.parts_of_list(at, 0)
    }
}
