//! What a traced value is known to be: text, number, items, keys, and where it is read from.
//! Knows no rule.

use crate::event::Known;
use crate::facts::*;
use crate::project::origins::{At, Root, Traced};
use crate::rulebook::model::Alternative;
use crate::source::{FileId, Span, Str};

use super::Recognizer;

impl Recognizer<'_> {
    /// The texts of a list, or the keys of a record, when all of them are known; a text is itself.
    pub fn items(&self, traced: &Traced) -> Option<Vec<Str>> {
        let Root::Value(at) = traced.root else {
            // `Algorithm::HS256`, `Algorithm.HS256`: an item named by a path.
            if let Root::External(path) = &traced.root {
                return path.members.last().map(|m| vec![m.clone()]);
            }
            return None;
        };
        let facts = self.facts(at.file)?;
        match facts.value(at.value) {
            Value::Text(t) => Some(vec![t.clone()]),
            Value::List(items) => {
                let mut out = Vec::new();
                for item in items {
                    let found = self.trace(At { file: at.file, value: *item }, &traced.context);
                    for t in &found {
                        out.extend(self.items(t)?);
                    }
                }
                Some(out)
            }
            Value::Record(record) => record
                .entries
                .iter()
                .map(|e| match &e.key {
                    Key::Text(k) => Some(k.clone()),
                    _ => None,
                })
                .collect(),
            Value::Null => Some(Vec::new()),
            _ => None,
        }
    }

    /// The keys of a record, as far as they are known, also through spreads and declared types.
    pub(super) fn keys(&self, traced: &Traced) -> Vec<Str> {
        self.keys_below(traced, &mut Vec::new())
    }

    /// `this.headers = { ...this.headers, x }` spreads itself: each record counts once.
    fn keys_below(&self, traced: &Traced, seen: &mut Vec<At>) -> Vec<Str> {
        let declared = |file: FileId, t: TypeId| -> Vec<Str> {
            self.facts(file)
                .map_or(Vec::new(), |f| f.types[t.0 as usize].fields.iter().map(|x| x.name.clone()).collect())
        };
        match &traced.root {
            Root::Value(at) => {
                let Some(facts) = self.facts(at.file) else { return Vec::new() };
                let Value::Record(record) = facts.value(at.value) else { return Vec::new() };
                if seen.contains(at) {
                    return Vec::new();
                }
                seen.push(*at);
                let mut out = Vec::new();
                for entry in &record.entries {
                    match &entry.key {
                        Key::Text(k) if *facts.value(entry.value) == Value::Null => {
                            out.retain(|known| known != k)
                        }
                        Key::Text(k) => out.push(k.clone()),
                        Key::Spread => {
                            for t in self.trace(At { file: at.file, value: entry.value }, &traced.context) {
                                if out.len() < 200 {
                                    out.extend(self.keys_below(&t, seen));
                                }
                            }
                        }
                        Key::Computed(_) => {}
                    }
                }
                out
            }
            Root::Instance(file, t) => declared(*file, *t),
            Root::Function(file, function) => self.returned_keys(*file, *function),
            Root::Param(file, function, n) => {
                match self.with_origins(|o| o.declared(*file, *function, *n, &mut Default::default())) {
                    Some(Root::Instance(file, t)) => declared(file, t),
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    /// The keys of the records that a function gives back, and of the records in them: what a store
    /// holds that such a function sets up, whatever it begins with.
    fn returned_keys(&self, file: FileId, function: FunctionId) -> Vec<Str> {
        let mut out = Vec::new();
        let Some(facts) = self.facts(file) else { return out };
        let returns = facts.exits.iter().filter(|e| e.function == function && e.kind == ExitKind::Return);
        let mut open: Vec<(ValueId, u32)> = returns.filter_map(|e| Some((e.value?, 0))).collect();
        while let Some((value, depth)) = open.pop() {
            let Value::Record(record) = facts.value(value) else { continue };
            for entry in &record.entries {
                if let Key::Text(key) = &entry.key {
                    out.push(key.clone());
                }
                if depth < 1 {
                    open.push((entry.value, depth + 1));
                }
            }
        }
        out
    }

    /// The names in the callee and arguments of the call that a value is the result of, and in what
    /// leads to them.
    fn callee_names(&self, traced: &Traced) -> Vec<Str> {
        let mut out = Vec::new();
        self.add_callee_names(traced, 0, &mut out);
        out
    }

    fn add_callee_names(&self, traced: &Traced, depth: u32, out: &mut Vec<Str>) {
        let mut root = &traced.root;
        while let Root::Member(base, name) = root {
            out.push(name.clone());
            root = base;
        }
        let (Root::Call(file, call), true) = (root, depth < 4 && out.len() < 40) else { return };
        let Some(facts) = self.facts(*file) else { return };
        let mut open = vec![facts.call(*call).callee];
        open.extend(facts.call(*call).args.iter().map(|a| a.value));
        while let Some(id) = open.pop() {
            match facts.value(id) {
                Value::Text(t) if t.len() < 40 => out.push(t.clone()),
                Value::Name(n) => {
                    out.push(n.clone());
                    for found in self.trace(At { file: *file, value: id }, &traced.context) {
                        self.add_callee_names(&found, depth + 1, out);
                    }
                }
                Value::Field(base, name) => {
                    out.push(name.clone());
                    open.push(*base);
                }
                Value::Result(c) if out.len() < 40 => open.push(facts.call(*c).callee),
                Value::Either(parts) | Value::Join(parts) => open.extend(parts),
                _ => {}
            }
        }
    }

    /// The calls whose results stand inside a list or a text that is put together.
    fn parts(&self, traced: &Traced) -> Vec<(FileId, CallId)> {
        if let Root::Call(file, call) = traced.root {
            // `readFile(`keys/${kid}`)`: a text put together decides what the call gives.
            let Some(facts) = self.facts(file) else { return Vec::new() };
            let joined = facts
                .call(call)
                .args
                .iter()
                .flat_map(|a| self.trace(At { file, value: a.value }, &traced.context));
            let is_join = |t: &Traced| matches!(t.root, Root::Value(v) if self.facts(v.file).is_some_and(|f| matches!(f.value(v.value), Value::Join(_))));
            return joined.filter(is_join).flat_map(|t| self.parts(&t)).collect();
        }
        let Root::Value(at) = traced.root else { return Vec::new() };
        let Some(facts) = self.facts(at.file) else { return Vec::new() };
        let (Value::List(inner) | Value::Join(inner)) = facts.value(at.value) else { return Vec::new() };
        let mut out = Vec::new();
        for value in inner {
            for t in self.trace(At { file: at.file, value: *value }, &traced.context) {
                let mut root = &t.root;
                while let Root::Member(base, _) = root {
                    root = base;
                }
                if let Root::Call(file, call) = root {
                    out.push((*file, *call));
                }
            }
        }
        out
    }

    pub fn known(&self, traced: &Traced, alternative: &Alternative) -> Known {
        let text = self.text(traced);
        let number = self.quantity(traced, alternative.unit, alternative.text_unit);
        let span = match &traced.root {
            Root::Value(v) => self.with_origins(|o| o.span(*v)),
            root if traced.at.value == ValueId::NONE => {
                self.span_of_call(root).unwrap_or_else(|| self.with_origins(|o| o.span(traced.at)))
            }
            _ => self.with_origins(|o| o.span(traced.at)),
        };
        let shape = text.is_none().then(|| self.shape(traced, 0)).flatten();
        Known {
            span,
            text,
            shape,
            number,
            items: self.items(traced),
            keys: self.keys(traced),
            names: self.callee_names(traced),
            labels: self.labels(traced),
            meanings: self.meanings(traced),
            parts: self.parts(traced),
            outside: self.outside_name(traced),
            traced: traced.clone(),
            fed: false,
        }
    }

    /// The call whose result, or a part of it, is meant.
    fn span_of_call(&self, root: &Root) -> Option<Span> {
        match root {
            Root::Member(base, _) => self.span_of_call(base),
            Root::Call(file, call) => Some(self.facts(*file)?.call(*call).span),
            _ => None,
        }
    }

    /// A text that stands in the source, also when it is put together from such texts.
    pub fn text(&self, traced: &Traced) -> Option<Str> {
        self.text_within(traced, 0)
    }

    fn text_within(&self, traced: &Traced, depth: u32) -> Option<Str> {
        // `self.url = self.url + "/"` has no end.
        if depth > 8 {
            return None;
        }
        let Root::Value(at) = traced.root else { return None };
        let facts = self.facts(at.file)?;
        match facts.value(at.value) {
            Value::Text(t) => Some(t.clone()),
            Value::Join(parts) => {
                let mut out = String::new();
                for part in parts {
                    let found = self.trace(At { file: at.file, value: *part }, &traced.context);
                    let [one] = found.as_slice() else { return None };
                    out.push_str(&self.text_within(one, depth + 1)?);
                }
                Some(out.into())
            }
            _ => None,
        }
    }

    /// A text that is put together and of which only some parts are known.
    fn shape(&self, traced: &Traced, depth: u32) -> Option<Str> {
        if depth > 4 {
            return None;
        }
        let Root::Value(at) = traced.root else { return None };
        let Value::Join(parts) = self.facts(at.file)?.value(at.value) else { return None };
        let mut out = String::new();
        for part in parts {
            let found = self.trace(At { file: at.file, value: *part }, &traced.context);
            let known = match found.as_slice() {
                [one] => self.text(one).or_else(|| self.shape(one, depth + 1)),
                _ => None,
            };
            out.push_str(known.as_deref().unwrap_or("…"));
        }
        out.chars().any(|c| c != '…').then(|| out.into())
    }

    /// The name of the environment variable or setting that a value is read from.
    pub fn outside_name(&self, traced: &Traced) -> Option<Str> {
        match &traced.root {
            // `${NAME}` in a configuration file.
            Root::External(path) if path.ecosystem == crate::source::Ecosystem::None => {
                path.members.last().cloned()
            }
            Root::External(path)
                if path.module.is_empty() || path.ecosystem != crate::source::Ecosystem::Npm =>
            {
                self.index
                    .values(path.ecosystem)
                    .filter(|(_, v)| is_outside(v.concept))
                    .find(|(model, v)| {
                        let page = &self.index.models[*model];
                        let mut whole = path.members.clone();
                        if !path.module.is_empty() && page.modules.is_empty() {
                            whole.insert(0, path.module.clone());
                        }
                        super::index::names(&v.path, &whole)
                    })
                    .and_then(|_| path.members.last().cloned())
            }
            Root::Call(file, call) => {
                let callee = self.callee(*file, *call);
                let entry =
                    callee.entries.iter().find(|e| self.index.call(**e).concept.is_some_and(is_outside))?;
                let model = self.index.call(*entry);
                let name = model.roles.iter().find(|(name, _)| name == "name");
                let at = name.and_then(|(_, spec)| self.argument_of(*file, *call, spec));
                let found = at.map(|at| self.trace(at, &traced.context)).unwrap_or_default();
                Some(found.first().and_then(|t| self.text(t)).unwrap_or_default())
            }
            Root::Member(base, name) => {
                // A field of settings that the environment fills.
                let (Root::Type(file, t) | Root::Instance(file, t)) = &**base else {
                    // A part of the answer of a secret manager.
                    return self.is_fetched(base).then(|| {
                        let whole = Traced { root: (**base).clone(), ..traced.clone() };
                        self.outside_name(&whole).unwrap_or_default()
                    });
                };
                let filled =
                    self.with_origins(|o| o.ancestors(*file, *t)).iter().any(|a| self.is_env_type(a));
                filled.then(|| name.clone())
            }
            _ => None,
        }
    }

    fn is_fetched(&self, root: &Root) -> bool {
        match root {
            Root::Member(base, _) => self.is_fetched(base),
            Root::Call(file, call) => self
                .callee(*file, *call)
                .entries
                .iter()
                .any(|e| self.index.call(*e).concept.is_some_and(|c| c.name == "secret.fetch")),
            _ => false,
        }
    }

    pub(super) fn is_env_type(&self, root: &Root) -> bool {
        let Root::External(path) = root else { return false };
        self.index
            .of_module(path.ecosystem, &path.module)
            .into_iter()
            .any(|m| self.index.types(m).iter().any(|t| t.env_fields && path.members.last() == Some(&t.name)))
    }
}

/// The concepts whose values stand in no source.
fn is_outside(concept: &crate::concepts::Concept) -> bool {
    matches!(concept.name, "env.read" | "secret.fetch")
}
