//! Settings of code and configuration as events and as values. Knows no rule.

use crate::concepts::State;
use crate::event::{Event, Known, RoleValue};
use crate::facts::{TypeId, Value, ValueId};
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Root, Traced};
use crate::rulebook::model::Alternative;
use crate::source::{Ecosystem, FileId, Str};

use super::Recognizer;
use super::roles::Scope;

impl Recognizer<'_> {
    /// All values of a setting in the project; one that is surely absent when nobody sets it.
    pub fn setting(&self, key: &[Str], scope: &Scope) -> Vec<Traced> {
        let out = self.values_of_setting(key, scope.file);
        if out.is_empty() { vec![self.nothing(Root::Absent, scope)] } else { out }
    }

    /// Puts the project's settings in the place of reads by name.
    pub fn with_settings(&self, found: Vec<Traced>) -> Vec<Traced> {
        if !self.index.reads_settings() {
            return found;
        }
        let mut out = Vec::with_capacity(found.len());
        for traced in found {
            let values = self
                .setting_name(&traced)
                .map(|name| self.values_of_setting(&[name], traced.at.file))
                .unwrap_or_default();
            if values.is_empty() {
                out.push(traced);
                continue;
            }
            for mut value in values {
                value.strength = value.strength.min(traced.strength).min(Strength::CrossFile);
                let mut steps = traced.steps.clone();
                steps.append(&mut value.steps);
                value.steps = steps;
                out.push(value);
            }
        }
        out
    }

    /// Adds what names of documents stand for elsewhere in their folder; in the same file it is known.
    pub fn with_folder_values(&self, mut found: Vec<Traced>) -> Vec<Traced> {
        let mut more = Vec::new();
        for traced in &found {
            let Root::External(path) = &traced.root else { continue };
            if path.ecosystem != Ecosystem::None || !path.module.is_empty() {
                continue;
            }
            for at in self.index.folder_values(self.project, traced.at.file, &path.members) {
                if at.file == traced.at.file {
                    continue;
                }
                for mut value in self.with_origins(|o| o.trace(*at, &None)) {
                    value.strength = value.strength.min(traced.strength).min(Strength::CrossFile);
                    let span = self.with_origins(|o| o.span(*at));
                    let text = format!("`{}` is set here", path.members.join("."));
                    value.steps.insert(0, Evidence { span, text, strength: Strength::Stated });
                    more.push(value);
                }
            }
        }
        found.extend(more);
        found
    }

    /// The setting that an expression reads, if a page says that it reads one.
    fn setting_name(&self, traced: &Traced) -> Option<Str> {
        let named = |path: &[Str], ecosystem| {
            let reads = self.index.values(ecosystem).filter(|(_, v)| v.concept.name == "setting.read");
            let mut hits = reads.filter(|(model, v)| {
                let page = &self.index.models[*model];
                super::index::names_end(&v.path, path)
                    && (page.modules.is_empty()
                        || v.path.starts_with("*.")
                        || path.first().is_some_and(|f| page.modules.contains(f)))
            });
            hits.next().and_then(|_| path.last().cloned())
        };
        match &traced.root {
            Root::External(path) => named(&written_names(&traced.root), path.ecosystem),
            Root::Member(..) => named(&written_names(&traced.root), self.facts(traced.at.file)?.ecosystem),
            Root::Call(file, call) => {
                let callee = self.callee(*file, *call);
                let entry = callee
                    .entries
                    .iter()
                    .map(|e| self.index.call(*e))
                    .find(|c| c.concept.is_some_and(|c| c.name == "setting.read"))?;
                let (_, spec) = entry.roles.iter().find(|(name, _)| name == "name")?;
                let at = self.argument_of(*file, *call, spec)?;
                match self.facts(at.file)?.value(at.value) {
                    Value::Text(name) => Some(name.clone()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What the part of the project around `reader` sets under a key.
    fn values_of_setting(&self, key: &[Str], reader: FileId) -> Vec<Traced> {
        let part = |file: FileId| {
            let ecosystem = self.facts(file).map(|f| f.ecosystem)?;
            self.project.units_of(file, ecosystem).next().map(|unit| &unit.folder)
        };
        let own = part(reader);
        let mut out = Vec::new();
        for (file, i) in self.index.settings(key) {
            let Some(setting) = self.facts(*file).map(|f| &f.settings[*i]) else { continue };
            if own.is_some() && part(*file).is_some() && part(*file) != own {
                continue;
            }
            let mut found = self.with_origins(|o| o.trace(At { file: *file, value: setting.value }, &None));
            for t in &mut found {
                let text = format!("`{}` is set here", key.join("."));
                t.steps.insert(0, Evidence { span: setting.span, text, strength: Strength::Stated });
            }
            out.extend(found);
        }
        out
    }

    /// What the env files of the project put into a variable. Examples and templates put nothing in.
    pub fn fed(&self, name: &Str, reader: FileId, alternative: &Alternative) -> Vec<Known> {
        let mut out = Vec::new();
        for (file, i) in self.index.env_settings(name) {
            let path = &self.project.paths[file.0 as usize];
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let model = ["example", "sample", "template", "dist", "test", "defaults", "schema", "dev", "ci"];
            let own = self.project.paths[reader.0 as usize].starts_with(folder);
            if !own || model.iter().any(|word| path.rsplit('/').next().is_some_and(|n| n.contains(word))) {
                continue;
            }
            let Some(setting) = self.facts(*file).map(|f| &f.settings[*i]) else { continue };
            let found = self.with_origins(|o| o.trace(At { file: *file, value: setting.value }, &None));
            for mut traced in found {
                let text = format!("`{name}` is set in this env file");
                traced.steps.push(Evidence { span: setting.span, text, strength: Strength::CrossFile });
                let known = self.known(&traced, alternative);
                // `<put your secret here>` is a form to fill in.
                let form = |t: &Str| t.is_empty() || t.starts_with('<') && t.ends_with('>');
                if known.text.as_ref().is_some_and(|t| !form(t)) {
                    out.push(Known { fed: true, ..known });
                }
            }
        }
        out
    }

    /// Events that the settings of a file stand for.
    pub fn setting_events(&self, file: FileId) -> Vec<Event> {
        let mut out = Vec::new();
        let Some(facts) = self.facts(file) else { return out };
        if facts.settings.is_empty() {
            return out;
        }
        for (m, model) in self.index.models.iter().enumerate() {
            if model.settings.is_empty()
                || !model.formats.is_empty()
                || !(model.ecosystem == facts.ecosystem || model.ecosystem == crate::source::Ecosystem::None)
            {
                continue;
            }
            for entry in &model.settings {
                let Some(setting) = facts.settings.iter().find(|s| s.path.join(".") == entry.key) else {
                    continue;
                };
                // Without any manifest nobody can say what is installed: the key speaks for itself.
                let said = self.project.units_of(file, model.ecosystem).next().is_some();
                if said && !self.in_use(file, m)
                    || !entry.versions.is_any() && !entry.versions.admits(self.version(file, m))
                {
                    continue;
                }
                let roles = self.roles_of(entry.concept, &entry.roles, &Scope::call(file, None, m, &None));
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
            let imported = |name: &Str| facts.imports.iter().any(|i| i.local == *name);
            if !matches!(&node.value, Value::Field(..))
                && !matches!(&node.value, Value::Name(name) if imported(name))
            {
                continue;
            }
            for traced in self.with_origins(|o| o.trace(At { file, value: ValueId(i as u32) }, &None)) {
                let whole = written_names(&traced.root);
                let short = match &traced.root {
                    Root::External(path) => path.members.as_slice(),
                    _ => whole.as_slice(),
                };
                for (model, value) in self.index.values(facts.ecosystem) {
                    if matches!(node.value, Value::Name(_)) && !value.concept.name.starts_with("http.") {
                        continue;
                    }
                    if !super::index::names_end(&value.path, short)
                        && !super::index::names_end(&value.path, &whole)
                    {
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
                            .map(|_| ("name", self.name_role(&traced, &whole)))
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

    fn name_role(&self, traced: &Traced, names: &[Str]) -> RoleValue {
        let mut known = self.known(traced, &Alternative::default());
        known.text = names.last().cloned();
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
                    let hits =
                        self.index.types(model).iter().filter(|t| path.members.last() == Some(&t.name));
                    out.extend(hits.filter(|_| self.index.models[model].page == page).map(|t| t.line));
                }
            }
        }
        out
    }
}

/// The names that lead to something: module and members, or the fields below a value.
pub fn written_names(root: &Root) -> Vec<Str> {
    match root {
        Root::External(path) => {
            let module = std::iter::once(path.module.clone()).filter(|m| !m.is_empty());
            module.chain(path.members.iter().cloned()).collect()
        }
        Root::Member(base, name) => {
            let mut out = written_names(base);
            out.push(name.clone());
            out
        }
        _ => Vec::new(),
    }
}
