//! Settings of code and configuration as events and as values. Knows no rule.

use crate::concepts::State;
use crate::event::{Event, RoleValue};
use crate::facts::{TypeId, Value, ValueId};
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Path, Root, Traced};
use crate::rulebook::model::Alternative;
use crate::source::{FileId, Str};

use super::Recognizer;
use super::roles::Scope;

impl Recognizer<'_> {
    /// All values of a setting in the project; one that is surely absent when nobody sets it.
    pub fn setting(&self, key: &[Str], scope: &Scope) -> Vec<Traced> {
        let mut out = Vec::new();
        for (f, facts) in self.project.files.iter().enumerate() {
            let Some(facts) = facts else { continue };
            for setting in facts.settings.iter().filter(|s| s.path == key) {
                if facts.ecosystem == crate::source::Ecosystem::None {
                    continue;
                }
                let at = At { file: FileId(f as u32), value: setting.value };
                let mut found = self.trace(at, &None);
                for t in &mut found {
                    let text = format!("`{}` is set here", key.join("."));
                    t.steps.insert(0, Evidence { span: setting.span, text, strength: Strength::Stated });
                }
                out.extend(found);
            }
        }
        if out.is_empty() { vec![self.nothing(Root::Absent, scope)] } else { out }
    }

    /// Events that the settings of a file stand for.
    pub fn setting_events(&self, file: FileId) -> Vec<Event> {
        let mut out = Vec::new();
        let Some(facts) = self.facts(file) else { return out };
        if facts.settings.is_empty() {
            return out;
        }
        for (m, model) in self.index.models.iter().enumerate() {
            if model.settings.is_empty() || !(model.ecosystem == facts.ecosystem || model.ecosystem == crate::source::Ecosystem::None) {
                continue;
            }
            for entry in &model.settings {
                let Some(setting) = facts.settings.iter().find(|s| s.path.join(".") == entry.key) else { continue };
                if !self.in_use(file, m)
                    || !entry.versions.is_any() && !entry.versions.admits(self.version(file, m))
                {
                    continue;
                }
                let roles = entry
                    .concept
                    .roles
                    .iter()
                    .map(|role| (role.name, self.role(role, &entry.roles, file, None, m, &None)))
                    .collect();
                out.push(Event {
                    concept: entry.concept,
                    model: (model.page.clone(), entry.line),
                    package: model.package.clone(),
                    file,
                    call: None,
                    span: setting.span,
                    callee: entry.key.to_string(),
                    context: None,
                    roles,
                    strength: Strength::Stated,
                    in_test: false,
                });
            }
        }
        out
    }
}

impl Recognizer<'_> {
    /// Names that are events by themselves: reads of the environment, uses of what only one side has.
    pub fn value_events(&self, file: FileId) -> Vec<Event> {
        let mut out = Vec::new();
        let Some(facts) = self.facts(file) else { return out };
        for (i, node) in facts.values.iter().enumerate() {
            if !matches!(node.value, Value::Field(..)) {
                continue;
            }
            for traced in self.trace(At { file, value: ValueId(i as u32) }, &None) {
                let Root::External(path) = &traced.root else { continue };
                let mut whole = path.members.clone();
                if !path.module.is_empty() {
                    whole.insert(0, path.module.clone());
                }
                for (model, value) in self.index.values(facts.ecosystem) {
                    if !super::index::names(&value.path, &path.members) && !super::index::names(&value.path, &whole) {
                        continue;
                    }
                    let page = &self.index.models[model];
                    out.push(Event {
                        concept: value.concept,
                        model: (page.page.clone(), value.line),
                        package: page.package.clone(),
                        file,
                        call: None,
                        span: node.span,
                        callee: whole.join("."),
                        context: None,
                        roles: value
                            .concept
                            .role("name")
                            .map(|_| ("name", self.name_role(&traced, path)))
                            .into_iter()
                            .collect(),
                        strength: Strength::Stated,
                        in_test: facts.in_test(node.region),
                    });
                }
            }
        }
        out
    }

    fn name_role(&self, traced: &Traced, path: &Path) -> RoleValue {
        let mut known = self.known(traced, &Alternative::default());
        known.text = path.members.last().cloned();
        RoleValue { values: vec![known], ..RoleValue::state(State::Set) }
    }

    /// The lines of the `[[type]]` entries of a page that classes of a file derive from.
    pub fn derived(&self, file: FileId, page: &str) -> Vec<usize> {
        let mut out = Vec::new();
        let Some(facts) = self.facts(file) else { return out };
        for t in 0..facts.types.len() {
            for ancestor in self.with_origins(|o| o.ancestors(file, TypeId(t as u32))) {
                let Root::External(path) = ancestor else { continue };
                for model in self.index.of_module(path.ecosystem, &path.module) {
                    let hits = self.index.types(model).iter().filter(|t| path.members.last() == Some(&t.name));
                    out.extend(hits.filter(|_| self.index.models[model].page == page).map(|t| t.line));
                }
            }
        }
        out
    }
}
