//! Models by what code can name. Knows neither facts nor rules.

use std::collections::{HashMap, HashSet};

use crate::facts::{CallId, Entry, FileFacts, Key, Value, ValueId};
use crate::project::Project;
use crate::project::origins::At;
use crate::rulebook::Rulebook;
use crate::rulebook::model::{CallModel, Model, TypeModel, ValueModel, VariableModel, WriteModel};
use crate::source::{Ecosystem, FileId, Str};

/// A `[[call]]` of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId {
    pub model: usize,
    pub entry: usize,
}

pub struct Index<'a> {
    pub models: &'a [Model],
    reads_settings: bool,
    /// Settings of code, by their key.
    settings: HashMap<String, Vec<(FileId, usize)>>,
    /// Variables of env files, by their name.
    env_settings: HashMap<Str, Vec<(FileId, usize)>>,
    /// What `var.x` and `local.x` of the documents of a folder stand for, by folder and name.
    folder_values: HashMap<(Str, String), Vec<At>>,
    /// Calls by the last name of their callee, for the names of labelled entries.
    labelled: HashMap<Str, Vec<(FileId, CallId)>>,
    /// By model: some file of the project imports it.
    imported: Vec<bool>,
    by_module: HashMap<(Ecosystem, &'a str), Vec<usize>>,
    by_method: HashMap<&'a str, Vec<EntryId>>,
    by_variable: HashMap<&'a str, Vec<(usize, usize)>>,
}

impl<'a> Index<'a> {
    pub fn new(book: &'a Rulebook, project: &Project) -> Self {
        let mut index = Index {
            models: &book.models,
            reads_settings: book.models.iter().any(|m| {
                let values = m.values.iter().map(|v| v.concept);
                values.chain(m.calls.iter().filter_map(|c| c.concept)).any(|c| c.name == "setting.read")
            }),
            settings: HashMap::new(),
            env_settings: HashMap::new(),
            folder_values: HashMap::new(),
            labelled: HashMap::new(),
            imported: vec![false; book.models.len()],
            by_module: HashMap::new(),
            by_method: HashMap::new(),
            by_variable: HashMap::new(),
        };
        for (m, model) in book.models.iter().enumerate() {
            for module in &model.modules {
                index.by_module.entry((model.ecosystem, module.as_str())).or_default().push(m);
            }
            if model.package.is_empty() {
                index.by_module.entry((model.ecosystem, "")).or_default().push(m);
            }
            for (v, variable) in model.variables.iter().enumerate() {
                for name in &variable.names {
                    index.by_variable.entry(name.as_str()).or_default().push((m, v));
                }
            }
            for (e, call) in model.calls.iter().enumerate() {
                for path in call.paths.iter().filter_map(|p| p.strip_prefix("*.")) {
                    let method = path.rsplit('.').next().unwrap_or(path);
                    index.by_method.entry(method).or_default().push(EntryId { model: m, entry: e });
                }
            }
        }
        let entries = book.models.iter().flat_map(|m| &m.calls).filter(|c| !c.label.is_empty());
        let labels: HashSet<&str> =
            entries.flat_map(|c| &c.paths).map(|p| p.rsplit('.').next().unwrap_or(p)).collect();
        for facts in project.files.iter().flatten() {
            // A module that is called itself goes by whatever name the file gives it.
            let own = |name: &Str| facts.imports.iter().any(|i| i.local == *name);
            for (i, call) in facts.calls.iter().enumerate() {
                let (Value::Field(_, name) | Value::Name(name)) = facts.value(call.callee) else { continue };
                let id = (facts.file, CallId(i as u32));
                if labels.contains(name.as_str()) {
                    index.labelled.entry(name.clone()).or_default().push(id);
                }
                if labels.contains("default") && matches!(facts.value(call.callee), Value::Name(n) if own(n))
                {
                    index.labelled.entry("default".into()).or_default().push(id);
                }
            }
            if facts.ecosystem == Ecosystem::None {
                index.add_folder_values(project, facts);
                for (i, setting) in facts.settings.iter().enumerate() {
                    if let [name] = setting.path.as_slice() {
                        index.env_settings.entry(name.clone()).or_default().push((facts.file, i));
                    }
                }
            } else {
                for (i, setting) in facts.settings.iter().enumerate() {
                    index.settings.entry(setting.path.join(".")).or_default().push((facts.file, i));
                }
            }
            for import in &facts.imports {
                let first = match facts.ecosystem {
                    Ecosystem::Npm => import.module.as_str(),
                    _ => import.module.split(['.', ':']).next().unwrap_or_default(),
                };
                for model in index.by_module.get(&(facts.ecosystem, first)).into_iter().flatten() {
                    index.imported[*model] = true;
                }
            }
        }
        index
    }

    /// `variable "x" { default = … }` and `locals { x = … }`.
    fn add_folder_values(&mut self, project: &Project, facts: &FileFacts) {
        let entries = |id: ValueId| match facts.value(id) {
            Value::Record(record) => record.entries.as_slice(),
            _ => &[],
        };
        let mut found: Vec<(String, ValueId)> = Vec::new();
        for top in facts.documents.iter().flat_map(|d| entries(*d)) {
            match (&top.key, facts.value(top.value)) {
                (Key::Text(key), Value::Record(_)) if key == "variable" => {
                    for variable in entries(top.value) {
                        let Key::Text(name) = &variable.key else { continue };
                        let is_default = |e: &&Entry| matches!(&e.key, Key::Text(k) if k == "default");
                        let default = entries(variable.value).iter().find(is_default);
                        found.extend(default.map(|d| (format!("var.{name}"), d.value)));
                    }
                }
                (Key::Text(key), Value::List(blocks)) if key == "locals" => {
                    for local in blocks.iter().flat_map(|b| entries(*b)) {
                        let Key::Text(name) = &local.key else { continue };
                        found.push((format!("local.{name}"), local.value));
                    }
                }
                _ => {}
            }
        }
        for (name, value) in found {
            let at = At { file: facts.file, value };
            self.folder_values.entry((folder_of(project, facts.file), name)).or_default().push(at);
        }
    }

    /// What a name that a document refers to stands for in the other files of its folder.
    pub fn folder_values(&self, project: &Project, reader: FileId, members: &[Str]) -> &[At] {
        let [kind, name] = members else { return &[] };
        if self.folder_values.is_empty() || !matches!(kind.as_str(), "var" | "local") {
            return &[];
        }
        let key = (folder_of(project, reader), format!("{kind}.{name}"));
        self.folder_values.get(&key).map_or(&[], Vec::as_slice)
    }

    /// Does any page say that something reads settings by name?
    pub fn reads_settings(&self) -> bool {
        self.reads_settings
    }

    pub fn settings(&self, key: &[Str]) -> &[(FileId, usize)] {
        self.settings.get(&key.join(".")).map_or(&[], Vec::as_slice)
    }

    pub fn env_settings(&self, name: &str) -> &[(FileId, usize)] {
        self.env_settings.get(name).map_or(&[], Vec::as_slice)
    }

    /// Calls whose callee ends in this name; only for names of labelled entries.
    pub fn labelled(&self, name: &str) -> &[(FileId, CallId)] {
        self.labelled.get(name).map_or(&[], Vec::as_slice)
    }

    pub fn is_imported(&self, model: usize) -> bool {
        self.imported[model]
    }

    pub fn call(&self, id: EntryId) -> &'a CallModel {
        &self.models[id.model].calls[id.entry]
    }

    /// The models that speak of a module; "" for global names.
    pub fn of_module(&self, ecosystem: Ecosystem, module: &str) -> Vec<usize> {
        [ecosystem, Ecosystem::None]
            .iter()
            .filter_map(|e| self.by_module.get(&(*e, module)))
            .flatten()
            .copied()
            .collect()
    }

    pub fn any_receiver(&self, method: &str) -> &[EntryId] {
        self.by_method.get(method).map_or(&[], Vec::as_slice)
    }

    pub fn has_variables(&self) -> bool {
        !self.by_variable.is_empty()
    }

    pub fn variables(&self, name: &str) -> impl Iterator<Item = (usize, &'a VariableModel)> {
        let found = self.by_variable.get(name).into_iter().flatten();
        found.map(|(m, v)| (*m, &self.models[*m].variables[*v]))
    }

    /// The assignments that mean something in an ecosystem.
    pub fn writes(&self, ecosystem: Ecosystem) -> Vec<(usize, &'a WriteModel)> {
        let models = self.models.iter().enumerate().filter(|(_, m)| m.ecosystem == ecosystem);
        models.flat_map(|(i, m)| m.writes.iter().map(move |w| (i, w))).collect()
    }

    pub fn types(&self, model: usize) -> &'a [TypeModel] {
        &self.models[model].types
    }

    pub fn values(&self, ecosystem: Ecosystem) -> impl Iterator<Item = (usize, &'a ValueModel)> {
        self.models
            .iter()
            .enumerate()
            .filter(move |(_, m)| m.ecosystem == ecosystem || m.ecosystem == Ecosystem::None)
            .flat_map(|(i, m)| m.values.iter().map(move |v| (i, v)))
    }
}

fn folder_of(project: &Project, file: FileId) -> Str {
    let path = project.paths.get(file.0 as usize).map_or("", Str::as_str);
    path.rsplit_once('/').map_or("", |(folder, _)| folder).into()
}

/// The same for paths that may begin with `*.`: any names before.
pub fn names_end(path: &str, members: &[Str]) -> bool {
    match path.strip_prefix("*.") {
        None => names(path, members),
        Some(rest) => {
            let count = rest.split('.').count();
            members.len() > count && names(rest, &members[members.len() - count..])
                || members.len() == count && names(rest, members)
        }
    }
}

/// Does a page's path (`process.env.*`, `default`, `jwt.decode`) name these members?
pub fn names(path: &str, members: &[Str]) -> bool {
    if path == "default" {
        return members.is_empty();
    }
    // A name of the language can hold dots itself: `import.meta`.
    let mut members = members.iter().flat_map(|m| m.split('.'));
    path.split('.').all(|part| members.next().is_some_and(|member| part == "*" || member == part))
        && members.next().is_none()
}
