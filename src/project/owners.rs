//! The class around a function, and types by the names that files know them by. Knows no library.

use crate::facts::*;
use crate::source::{FileId, Str};

use super::names::Binding;
use super::origins::{At, Origins, Root, Walk};

impl Origins<'_> {
    /// The class around a function.
    pub fn owner(&self, file: FileId, function: FunctionId) -> Option<(FileId, TypeId)> {
        let facts = self.facts(file)?;
        let mut at = Some(function);
        while let Some(id) = at {
            let f = facts.function(id);
            if let Some(owner) = f.owner {
                return Some((file, owner));
            }
            if !f.owner_name.is_empty() {
                return self.type_named(file, &f.owner_name);
            }
            at = f.parent;
        }
        None
    }

    /// A type of the project by its name as a file sees it.
    pub fn type_named(&self, file: FileId, name: &Str) -> Option<(FileId, TypeId)> {
        let names = self.names(file)?;
        for b in names.bindings(FunctionId(0), name) {
            match b {
                Binding::Type(t) => return Some((file, *t)),
                Binding::Import(i) => {
                    let at = At { file, value: ValueId::NONE };
                    let found = self.import(at, *i, &None, &mut Walk::default());
                    return found.into_iter().find_map(|t| match t.root {
                        Root::Type(file, t) => Some((file, t)),
                        _ => None,
                    });
                }
                _ => {}
            }
        }
        None
    }
}
