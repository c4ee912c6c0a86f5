//! Assignments as events. Knows no rule.

use crate::event::Event;
use crate::facts::*;
use crate::finding::Strength;
use crate::project::origins::{At, Root};
use crate::rulebook::model::WriteModel;
use crate::source::{FileId, Str};

use super::Recognizer;
use super::documents::Node;
use super::index::names_end;
use super::roles::Scope;
use super::settings::written_names;

impl Recognizer<'_> {
    /// Events that the assignments of a file stand for.
    pub fn write_events(&self, file: FileId) -> Vec<Event> {
        let mut out = Vec::new();
        let Some(facts) = self.facts(file) else { return out };
        let models = self.index.writes(facts.ecosystem);
        if models.is_empty() {
            return out;
        }
        for write in facts.writes.iter().filter(|w| w.kind != WriteKind::Remove) {
            let (base, name) = match &write.target {
                Target::Field(base, name) => (*base, name.clone()),
                Target::Index(base, key) => (*base, self.key_text(file, *key).unwrap_or_else(|| "[]".into())),
                Target::Variable(name) => {
                    let named = |w: &WriteModel| w.paths.iter().any(|p| p == name);
                    let found = models.iter().filter(|(m, w)| named(w) && self.in_use(file, *m));
                    out.extend(
                        found.filter_map(|(m, w)| self.write_event(file, write, (*m, w), name.clone())),
                    );
                    continue;
                }
            };
            let wanted = |w: &WriteModel| {
                w.paths.iter().any(|p| p.rsplit('.').next().is_some_and(|last| last == "*" || last == name))
            };
            if !models.iter().any(|(_, w)| wanted(w)) {
                continue;
            }
            'entries: for traced in self.trace(At { file, value: base }, &None) {
                let whole: Vec<Str> =
                    written_names(&traced.root).into_iter().chain(std::iter::once(name.clone())).collect();
                let short: Vec<Str> = match &traced.root {
                    Root::External(p) => p.members.iter().cloned().chain([name.clone()]).collect(),
                    _ => whole.clone(),
                };
                for (model, entry) in models.iter().filter(|(_, w)| wanted(w)) {
                    let page = &self.index.models[*model];
                    let of_page = match &traced.root {
                        Root::External(p) => p.module.is_empty() || page.modules.contains(&p.module),
                        _ => true,
                    };
                    let named = |names: &[Str]| entry.paths.iter().any(|p| names_end(p, names));
                    if !of_page || !self.in_use(file, *model) || !(named(&whole) || named(&short)) {
                        continue;
                    }
                    let Some(mut event) = self.write_event(file, write, (*model, entry), name.clone()) else {
                        continue;
                    };
                    event.callee = whole.join(".");
                    event.strength = traced.strength.min(Strength::Stated);
                    out.push(event);
                    break 'entries;
                }
            }
        }
        out
    }

    fn write_event(
        &self,
        file: FileId,
        write: &Write,
        (model, entry): (usize, &WriteModel),
        name: Str,
    ) -> Option<Event> {
        let facts = self.facts(file)?;
        let node = Node {
            value: At { file, value: write.value },
            top: write.value,
            ups: Vec::new(),
            names: if name == "[]" { Vec::new() } else { vec![(name.clone(), write.span)] },
            span: write.span,
            text: None,
        };
        let scope = Scope::node(file, model, &node);
        if !entry.when.iter().all(|test| self.holds_here(test, &scope)) {
            return None;
        }
        let page = &self.index.models[model];
        Some(Event {
            concept: entry.concept,
            model: (page.page.clone(), entry.line),
            package: page.package.clone(),
            file,
            call: None,
            span: write.span,
            callee: name.to_string(),
            context: None,
            roles: self.roles_of(entry.concept, &entry.roles, &scope),
            strength: Strength::Stated,
            in_test: facts.in_test(write.region),
        })
    }

    fn key_text(&self, file: FileId, key: ValueId) -> Option<Str> {
        let found = self.trace(At { file, value: key }, &None);
        let [one] = found.as_slice() else { return None };
        self.text(one)
    }
}
