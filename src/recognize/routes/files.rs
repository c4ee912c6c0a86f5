//! Files that are routes by where they stand, and functions that a statement makes routes. Knows no framework.

use std::collections::BTreeSet;

use crate::endpoint::GuardKind;
use crate::facts::*;
use crate::project::Module;
use crate::project::origins::{At, Root};
use crate::recognize::Recognizer;
use crate::rulebook::model::{DirectiveModel, FileModel};
use crate::source::{FileId, Span, Str, is_test_path};

use super::collect::{Covers, Handler, Item, Node, Placed, Routers, What, program, verb};
use super::patterns;

/// What a file gives under a name.
struct Given {
    value: At,
    span: Span,
}

/// Files in folders of tests that other files of the program import.
pub fn used(rec: &Recognizer) -> BTreeSet<FileId> {
    let test = |file: FileId| is_test_path(rec.project.path_below(file));
    let mut out: BTreeSet<FileId> = BTreeSet::new();
    loop {
        let before = out.len();
        for ((from, _), module) in &rec.project.modules {
            if let Module::File(to) = module
                && test(*to)
                && (!test(*from) || out.contains(from))
            {
                out.insert(*to);
            }
        }
        if out.len() == before {
            return out;
        }
    }
}

impl Recognizer<'_> {
    /// The expression that another file gets for a name, through what is passed on.
    fn given(&self, file: FileId, name: &str, depth: u32) -> Option<Given> {
        let facts = self.facts(file).filter(|_| depth < 6)?;
        if let Some(export) = facts.exports.iter().rev().find(|e| e.name == name) {
            return match &export.what {
                Exported::Value(value) => {
                    let function = facts.functions.iter().find(|f| f.name == name && f.owner.is_none());
                    let span = function.map_or(export.span, |f| f.name_span);
                    Some(Given { value: At { file, value: *value }, span })
                }
                Exported::From { module, name } => match self.project.module(file, module) {
                    Some(Module::File(other)) => {
                        let found = self.given(*other, name, depth + 1)?;
                        Some(Given { span: export.span, ..found })
                    }
                    _ => Some(Given { value: At { file, value: ValueId::NONE }, span: export.span }),
                },
            };
        }
        facts.exports.iter().filter(|e| e.name == "*").find_map(|e| match &e.what {
            Exported::From { module, .. } => match self.project.module(file, module) {
                Some(Module::File(other)) => self.given(*other, name, depth + 1),
                _ => None,
            },
            Exported::Value(_) => None,
        })
    }

    /// A handler for any method that asks which it is answers those.
    fn methods_asked(&self, at: At, depth: u32) -> BTreeSet<Str> {
        let mut out = BTreeSet::new();
        if depth > 3 {
            return out;
        }
        for traced in self.trace(at, &None) {
            match traced.root {
                Root::Function(file, function) => {
                    let Some(facts) = self.facts(file) else { continue };
                    let span = facts.function(function).span;
                    for compare in facts.compares.iter().filter(|c| span.contains(&c.span)) {
                        for (a, b) in [(compare.left, compare.right), (compare.right, compare.left)] {
                            let Value::Text(text) = facts.value(b) else { continue };
                            let asks = matches!(facts.value(a), Value::Field(_, n) | Value::Name(n) if n == "method");
                            let method = verb(text);
                            if asks && method != "ANY" {
                                out.insert(method);
                            }
                        }
                    }
                }
                Root::Call(file, call) => {
                    let Some(facts) = self.facts(file) else { continue };
                    for arg in &facts.call(call).args {
                        out.extend(self.methods_asked(At { file, value: arg.value }, depth + 1));
                    }
                }
                _ => {}
            }
        }
        if matches!(out.iter().map(Str::as_str).collect::<Vec<_>>().as_slice(), ["OPTIONS"] | ["HEAD"]) {
            out.clear();
        }
        out
    }

    fn entries_of(&self, at: At) -> Vec<(Str, At, Span)> {
        let mut out = Vec::new();
        for traced in self.trace(at, &None) {
            let Root::Value(v) = traced.root else { continue };
            let Some(facts) = self.facts(v.file) else { continue };
            let Value::Record(record) = facts.value(v.value) else { continue };
            for entry in &record.entries {
                if let Key::Text(key) = &entry.key {
                    out.push((key.clone(), At { file: v.file, value: entry.value }, entry.span));
                }
            }
        }
        out
    }
}

impl Routers {
    pub fn collect_files(&mut self, rec: &Recognizer) {
        for (m, model) in rec.index.models.iter().enumerate() {
            if model.files.is_empty() && model.directives.is_empty() {
                continue;
            }
            for facts in rec.project.files.iter().flatten() {
                let file = facts.file;
                if facts.ecosystem != model.ecosystem
                    || is_test_path(rec.project.path_below(file))
                    || !rec.in_use(file, m)
                {
                    continue;
                }
                let path = rec.project.paths.get(file.0 as usize).cloned().unwrap_or_default();
                let folder = rec.project.units_of(file, model.ecosystem).next();
                let folder = folder.map_or("", |u| u.folder.as_str());
                let below = path.strip_prefix(folder).unwrap_or(&path).trim_start_matches('/');
                for entry in &model.files {
                    let Some(address) = entry.address(below) else { continue };
                    match entry.concept.name {
                        "http.use" if address.is_empty() => self.add_file_guard(rec, facts, m, entry),
                        "http.use" => {}
                        _ => self.add_file_routes(rec, facts, m, entry, &address),
                    }
                }
                for directive in &model.directives {
                    self.add_directive(rec, facts, m, directive);
                }
            }
        }
    }

    fn add_file_routes(
        &mut self,
        rec: &Recognizer,
        facts: &FileFacts,
        m: usize,
        entry: &FileModel,
        at: &str,
    ) {
        for (name, method) in &entry.exports {
            let (name, all) = name.split_once('.').map_or((name.as_str(), false), |(n, _)| (n, true));
            let Some(given) = rec.given(facts.file, name, 0) else { continue };
            let path = |below: &str| Str::from(format!("{at}{below}"));
            if all {
                for (key, value, span) in rec.entries_of(given.value) {
                    let below = if key == "default" { String::new() } else { format!("?/{key}") };
                    self.add_answer(
                        facts.file,
                        m,
                        vec![method.clone()],
                        path(&below),
                        Handler::Value(value),
                        span,
                    );
                }
                continue;
            }
            let asked = match method.as_str() {
                "ANY" => rec.methods_asked(given.value, 0),
                _ => BTreeSet::new(),
            };
            let methods = if asked.is_empty() { vec![method.clone()] } else { asked.into_iter().collect() };
            self.add_answer(facts.file, m, methods, path(""), Handler::Value(given.value), given.span);
        }
    }

    fn add_answer(
        &mut self,
        file: FileId,
        model: usize,
        methods: Vec<Str>,
        path: Str,
        handler: Handler,
        span: Span,
    ) {
        let router = self.all.entry(Node::File(file)).or_default();
        router.model = model;
        let paths = vec![if path.is_empty() { "/".into() } else { path }];
        router.items.push(Item {
            order: vec![span.start],
            span,
            model,
            what: What::Route { methods, paths, handlers: vec![handler], guards: Vec::new() },
            condition: None,
        });
    }

    /// A file whose function runs before the program's handlers.
    fn add_file_guard(&mut self, rec: &Recognizer, facts: &FileFacts, m: usize, entry: &FileModel) {
        let found = entry.exports.iter().find_map(|(name, _)| rec.given(facts.file, name, 0));
        let Some(given) = found.filter(|g| g.value.value != ValueId::NONE) else { return };
        let mut paths: Vec<Str> = Vec::new();
        if let Some((first, rest)) = entry.paths.split_first()
            && let Some(config) = rec.given(facts.file, first, 0)
        {
            for at in rec.fields_below(config.value, rest) {
                for at in rec.parts_of_list(at, 0) {
                    // `{ source: "/x", has: … }`
                    let inner = rec.fields_below(at, &["source".into()]);
                    let texts: Vec<Str> = match inner.is_empty() {
                        true => rec.texts_at(at),
                        false => inner.into_iter().flat_map(|at| rec.texts_at(at)).collect(),
                    };
                    paths.extend(texts.iter().map(|t| Str::from(patterns::marked(t))));
                }
            }
        }
        let router = self.all.entry(program(rec, facts.file, m)).or_default();
        router.model = m;
        router.items.push(Item {
            order: vec![given.span.start],
            span: given.span,
            model: m,
            what: What::Use {
                paths,
                exact: false,
                guards: vec![Placed { at: given.value, kind: GuardKind::Middleware }],
                covers: Covers::All,
            },
            condition: None,
        });
    }

    fn add_directive(&mut self, rec: &Recognizer, facts: &FileFacts, m: usize, entry: &DirectiveModel) {
        for attribute in &facts.attributes {
            let Attached::Function(function) = attribute.on else { continue };
            if !matches!(facts.value(attribute.value), Value::Text(t) if *t == entry.text) {
                continue;
            }
            let methods = || vec![entry.method.clone()];
            if function != FunctionId(0) {
                let f = facts.function(function);
                let name: Str = if f.name.is_empty() { "…".into() } else { f.name.clone() };
                let span = if f.name.is_empty() { f.span } else { f.name_span };
                let handler = Handler::Function(facts.file, function);
                self.add_answer(facts.file, m, methods(), name, handler, span);
                continue;
            }
            for export in facts.exports.iter().filter(|e| e.name != "*") {
                let Some(given) = rec.given(facts.file, &export.name, 0) else { continue };
                let answers = rec
                    .trace(given.value, &None)
                    .iter()
                    .any(|t| matches!(t.root, Root::Function(..) | Root::Call(..)));
                if answers {
                    let handler = Handler::Value(given.value);
                    self.add_answer(facts.file, m, methods(), export.name.clone(), handler, given.span);
                }
            }
        }
    }
}
