//! What is written to records and their fields after they are made. Knows no rule and no library.

use crate::event::RoleValue;
use crate::facts::*;
use crate::project::origins::{At, Traced};
use crate::rulebook::model::{Base, Source};
use crate::source::Str;

use super::Recognizer;
use super::roles::Scope;

impl Recognizer<'_> {
    /// Keys that are written to a record after it is made: `payload.exp = …`, `payload.update(…)`.
    pub(super) fn add_written_keys(&self, source: &Source, scope: &Scope, value: &mut RoleValue) {
        let at = match (&source.base, source.path.is_empty(), scope.call) {
            (Base::Arg(n), true, Some(call)) => self.plain_argument(scope.file, call, *n, None),
            (Base::Keyword(name), true, Some(call)) => {
                self.plain_argument(scope.file, call, usize::MAX, Some(name))
            }
            _ => None,
        };
        let (Some(at), Some(facts), Some(names)) = (at, self.facts(scope.file), self.names(scope.file))
        else {
            return;
        };
        let Value::Name(variable) = facts.value(at.value) else { return };
        let function = facts.node(at.value).function;
        let mut keys = Vec::new();
        for w in names.field_writes.get(variable).map_or(&[][..], Vec::as_slice) {
            let write = &facts.writes[*w as usize];
            if names.scope(facts, write.function, variable) != names.scope(facts, function, variable) {
                continue;
            }
            match &write.target {
                Target::Field(_, name) if write.kind != WriteKind::Remove => keys.push(name.clone()),
                Target::Variable(_) => {
                    let merged = self.trace(At { file: scope.file, value: write.value }, scope.context);
                    keys.extend(merged.iter().flat_map(|t| self.keys(t)));
                }
                _ => {}
            }
        }
        for known in &mut value.values {
            known.keys.extend(keys.iter().cloned());
        }
    }

    /// What the file writes to a field of a field of a variable: `options.cookie.secure = true`. Whether
    /// that happens before the use is not asked: what is written there is one of the possible values.
    pub(super) fn written_below(&self, at: At, path: &[Str], scope: &Scope) -> Vec<Traced> {
        let (Some(facts), Some(names)) = (self.facts(at.file), self.names(at.file)) else {
            return Vec::new();
        };
        let (Value::Name(variable), Some((last, upper))) = (facts.value(at.value), path.split_last()) else {
            return Vec::new();
        };
        if upper.is_empty() {
            return Vec::new();
        }
        let is_upper = |base: ValueId| {
            let mut base = base;
            for part in upper.iter().rev() {
                match facts.value(base) {
                    Value::Field(inner, name) if name == part => base = *inner,
                    _ => return false,
                }
            }
            matches!(facts.value(base), Value::Name(n) if n == variable)
        };
        let own = names.scope(facts, facts.node(at.value).function, variable);
        let hits = facts.writes.iter().filter(|w| {
            matches!(&w.target, Target::Field(base, name) if name == last && is_upper(*base))
                && names.scope(facts, w.function, variable) == own
        });
        hits.flat_map(|w| self.trace(At { file: at.file, value: w.value }, scope.context)).collect()
    }
}
