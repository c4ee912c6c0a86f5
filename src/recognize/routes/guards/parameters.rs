//! Guards that are parameters: extractors and dependencies. Knows no framework.

use crate::endpoint::{Answer, GuardKind};
use crate::facts::*;
use crate::project::origins::{At, Root};
use crate::recognize::index::EntryId;
use crate::recognize::routes::dependencies::Dependency;
use crate::recognize::routes::extractors::holds_nothing_surely;
use crate::source::{FileId, Str};

use super::Guards;
use super::reading::{Reading, both};

impl Guards<'_, '_, '_> {
    /// What is made for a guard's own parameters runs before it.
    pub(super) fn of_arguments(&self, file: FileId, function: FunctionId, depth: u32) -> Reading {
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
                            let reading = match ancestor {
                                Root::External(path) => {
                                    Some(self.of_path(&path, At { file, value: ValueId::NONE }))
                                }
                                // Another name for a type of the project.
                                Root::Type(of, named) if (of, named) != (*f, *t) => self.extractor(of, named),
                                _ => None,
                            };
                            if let Some(reading) = reading.filter(|r| !r.does.nothing()) {
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
}
