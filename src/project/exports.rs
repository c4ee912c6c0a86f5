//! What an import gives: exports, re-exports and module-level names of other files.

use crate::facts::*;
use crate::finding::Strength;
use crate::source::{FileId, Str};

use super::Module;
use super::names::Binding;
use super::origins::{At, Context, DEPTH, Origins, Root, STEPS, Traced, Walk, step};

impl Origins<'_> {
    pub(super) fn import(&self, at: At, index: u32, context: &Context, walk: &mut Walk) -> Vec<Traced> {
        let Some(facts) = self.facts(at.file) else { return self.end(Root::Unknown, at, context) };
        let import = &facts.imports[index as usize];
        let members: &[Str] = match &import.name {
            ImportName::Named(n) => std::slice::from_ref(n),
            _ => &[],
        };
        let module = match self.project.module(at.file, &import.module) {
            Some(m) => m.clone(),
            None => Module::Package(import.module.clone()),
        };
        match (&module, &import.name) {
            (Module::Package(p), _) => self.external(at, p, members, context),
            (Module::File(file), ImportName::Default) => self
                .export(*file, "default", walk)
                .or_else(|| self.export(*file, "=", walk))
                .unwrap_or_else(|| self.end(Root::Unknown, at, context)),
            (Module::File(file), ImportName::Module) => {
                let mut out = self.end(Root::Module(module.clone()), at, context);
                if self.has_export(*file, "=") {
                    out = self.export(*file, "=", walk).unwrap_or(out);
                }
                out
            }
            (Module::File(file), ImportName::Named(n)) => match self.export(*file, n, walk) {
                Some(mut found) => {
                    if let Some(first) = found.first().filter(|f| f.steps.is_empty()) {
                        let span = self.place(first);
                        step(&mut found, span, format!("`{n}` is defined here"), Strength::CrossFile);
                    }
                    for t in &mut found {
                        t.strength = t.strength.min(Strength::CrossFile);
                    }
                    found
                }
                None => self.child(at, &module, n, context),
            },
            (Module::Folder(_), ImportName::Named(n)) => self.child(at, &module, n, context),
            _ => self.end(Root::Module(module), at, context),
        }
    }

    pub(super) fn child(&self, at: At, module: &Module, name: &str, context: &Context) -> Vec<Traced> {
        match self.project.child(module, name) {
            Some(child) => self.of_module(at, child.clone(), context),
            None => self.end(Root::Unknown, at, context),
        }
    }

    fn has_export(&self, file: FileId, name: &str) -> bool {
        self.facts(file).is_some_and(|f| f.exports.iter().any(|e| e.name == name))
    }

    /// What another file gets when it asks this one for a name.
    pub(super) fn export(&self, file: FileId, name: &str, walk: &mut Walk) -> Option<Vec<Traced>> {
        let facts = self.facts(file)?;
        walk.steps += 1;
        if walk.steps > STEPS || walk.depth > DEPTH {
            return None;
        }
        walk.depth += 1;
        let out = self.find_export(facts, file, name, walk);
        walk.depth -= 1;
        out
    }

    fn find_export(
        &self,
        facts: &FileFacts,
        file: FileId,
        name: &str,
        walk: &mut Walk,
    ) -> Option<Vec<Traced>> {
        if let Some(export) = facts.exports.iter().rev().find(|e| e.name == name) {
            return match &export.what {
                Exported::Value(value) => Some(self.walk(At { file, value: *value }, &None, walk)),
                Exported::From { module, name } => self.re_export(file, module, name, walk),
            };
        }
        if let Some(export) = facts.exports.iter().rev().find(|e| e.name == "=")
            && let Exported::Value(value) = &export.what
            && name != "default"
            && name != "="
        {
            let whole = self.walk(At { file, value: *value }, &None, walk);
            let found: Vec<_> = whole.iter().flat_map(|t| self.member(t, name, walk)).collect();
            if found.iter().any(|t| !matches!(t.root, Root::Absent | Root::Unknown)) {
                return Some(found);
            }
        }
        let name_text = Str::new(name);
        let names = self.names(file)?;
        if !names.bindings(FunctionId(0), &name_text).is_empty() {
            return Some(self.module_level(file, &name_text, walk));
        }
        let exported = facts.exports.iter().filter(|e| e.name == "*").filter_map(|e| match &e.what {
            Exported::From { module, .. } => Some(module),
            Exported::Value(_) => None,
        });
        // What a module takes in whole it gives on.
        let taken = facts.imports.iter().filter(|i| i.name == ImportName::All).map(|i| &i.module);
        exported.chain(taken).find_map(|module| match self.project.module(file, module)? {
            Module::File(other) => self.export(*other, name, walk),
            _ => None,
        })
    }

    fn re_export(&self, file: FileId, module: &str, name: &str, walk: &mut Walk) -> Option<Vec<Traced>> {
        let at = At { file, value: ValueId::NONE };
        match self.project.module(file, module).cloned() {
            Some(Module::File(other)) if name == "*" => {
                Some(self.end(Root::Module(Module::File(other)), at, &None))
            }
            Some(Module::File(other)) => self.export(other, name, walk).or_else(|| {
                let child = self.project.child(&Module::File(other), name)?;
                Some(self.of_module(at, child.clone(), &None))
            }),
            Some(folder @ Module::Folder(_)) => Some(self.child(at, &folder, name, &None)),
            Some(Module::Package(p)) if name == "*" => Some(self.external(at, &p, &[], &None)),
            Some(Module::Package(p)) => Some(self.external(at, &p, &[Str::new(name)], &None)),
            None => Some(self.external(at, module, &[Str::new(name)], &None)),
        }
    }

    /// A module-level name as another file sees it: after the whole module ran.
    fn module_level(&self, file: FileId, name: &Str, walk: &mut Walk) -> Vec<Traced> {
        let (Some(facts), Some(names)) = (self.facts(file), self.names(file)) else { return Vec::new() };
        let mut out = Vec::new();
        for b in names.bindings(FunctionId(0), name) {
            let at = At { file, value: ValueId::NONE };
            match b {
                Binding::Write(w) => {
                    let write = &facts.writes[*w as usize];
                    let mut found = self.walk(At { file, value: write.value }, &None, walk);
                    step(&mut found, write.span, format!("`{name}` is set here"), Strength::CrossFile);
                    out.extend(found);
                }
                Binding::Import(i) => out.extend(self.import(at, *i, &None, walk)),
                Binding::Function(f) => out.extend(self.end(Root::Function(file, *f), at, &None)),
                Binding::Type(t) => out.extend(self.end(Root::Type(file, *t), at, &None)),
                Binding::Param(..) => {}
            }
        }
        out
    }
}
