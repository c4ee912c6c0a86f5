//! Settings of code and configuration as events and as values. Knows no rule.

use crate::event::Event;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Root, Traced};
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
                if !self.in_use(file, &model.package, &model.modules)
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
