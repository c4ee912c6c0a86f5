//! Documents that say which function answers what: the document is the router. Knows no format:
//! pages name its keys.

use crate::endpoint::{Answer, Does, Guard, GuardKind};
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::names::Binding;
use crate::project::origins::At;
use crate::recognize::Recognizer;
use crate::rulebook::model::OperationsModel;
use crate::source::{FileId, Span, Str};

use super::collect::{Entry, Handler, Item, Node, Placed, Routers, What, verb};

/// What an operation demands, as its document says.
#[derive(Clone, Debug)]
pub struct Demand {
    pub name: Str,
    pub span: Span,
    /// The function that checks the credential.
    pub check: Option<(FileId, FunctionId)>,
    /// Nothing in the document says who checks it.
    pub unchecked: bool,
    pub scopes: bool,
}

impl Demand {
    pub fn guard(&self) -> Guard {
        let authentication = match (self.check, self.unchecked) {
            (Some(_), _) => Answer::Yes,
            (None, true) => Answer::No,
            (None, false) => Answer::Unknown,
        };
        let text = match authentication {
            Answer::Yes => "the document demands credentials, and names the function that checks them",
            Answer::No => "the document demands credentials, and nothing checks them",
            _ => "the document names a function for the check that could not be found",
        };
        let scope = if self.scopes && self.check.is_some() { Answer::Yes } else { Answer::No };
        Guard {
            name: self.name.clone(),
            span: self.span,
            kind: GuardKind::Setting,
            does: Does { authentication, scope, ..Does::default() },
            function: self.check,
            exempts: Vec::new(),
            evidence: vec![Evidence { span: self.span, text: text.into(), strength: Strength::Stated }],
            strength: Strength::Stated,
        }
    }
}

/// A document that is read as routes.
struct Document<'d> {
    facts: &'d FileFacts,
    top: ValueId,
    says: &'d OperationsModel,
    /// The file that names the document.
    reader: FileId,
}

impl Document<'_> {
    fn field(&self, of: ValueId, path: &str) -> Option<ValueId> {
        path.split('.').try_fold(of, |at, key| match self.facts.value(at) {
            Value::Record(record) => {
                let entry = record.entries.iter().rev().find(|e| matches!(&e.key, Key::Text(k) if k == key));
                entry.map(|e| e.value)
            }
            Value::List(items) => items.get(key.parse::<usize>().ok()?).copied(),
            _ => None,
        })
    }

    fn first(&self, of: ValueId, paths: &[Str]) -> Option<ValueId> {
        paths.iter().find_map(|p| self.field(of, p))
    }

    fn text(&self, of: ValueId, paths: &[Str]) -> Option<Str> {
        match self.facts.value(self.first(of, paths)?) {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    fn entries(&self, of: ValueId) -> Vec<(Str, ValueId, Span)> {
        match self.facts.value(of) {
            Value::Record(record) => {
                let text = |e: &crate::facts::Entry| match &e.key {
                    Key::Text(k) => Some((k.clone(), e.value, e.span)),
                    _ => None,
                };
                record.entries.iter().filter_map(text).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What all of its paths begin with; of an address the path.
    fn base(&self) -> Option<Str> {
        let text = self.text(self.top, &self.says.base)?;
        let path = match text.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("", |i| &rest[i..]),
            None => text.as_str(),
        };
        (!path.is_empty() && path != "/").then(|| path.into())
    }
}

impl Recognizer<'_> {
    /// A file of the project by the end of its path: the one nearest to the file that names it.
    fn file_named(&self, text: &str, reader: FileId) -> Option<FileId> {
        let wanted = text.trim_start_matches("./").trim_start_matches('/');
        self.nearest(reader, |path| {
            path.strip_suffix(wanted).is_some_and(|before| before.is_empty() || before.ends_with('/'))
        })
    }

    fn nearest(&self, reader: FileId, fits: impl Fn(&str) -> bool) -> Option<FileId> {
        let home = self.project.paths.get(reader.0 as usize)?;
        let shared = |path: &str| path.bytes().zip(home.bytes()).take_while(|(a, b)| a == b).count();
        let all = self
            .project
            .paths
            .iter()
            .enumerate()
            .filter(|(i, p)| fits(p) && self.project.files.get(*i).is_some_and(Option::is_some));
        all.max_by_key(|(i, p)| (shared(p), usize::MAX - p.len(), usize::MAX - i))
            .map(|(i, _)| FileId(i as u32))
    }

    /// `package.module.function`, `package.module.Class.method`: by the place of the file.
    pub fn function_named(&self, text: &str, reader: FileId) -> Option<(FileId, FunctionId)> {
        let parts: Vec<&str> = text.split(['.', ':']).filter(|p| !p.is_empty()).collect();
        for many in (1..parts.len()).rev() {
            let path = parts[..many].join("/");
            let stem = |p: &str| -> bool {
                let stem = p.rsplit_once('.').map_or(p, |(stem, _)| stem);
                let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
                stem.strip_suffix(path.as_str()).is_some_and(|b| b.is_empty() || b.ends_with('/'))
            };
            let Some(file) =
                self.nearest(reader, |p| stem(p) && !p.ends_with(".yaml") && !p.ends_with(".json"))
            else {
                continue;
            };
            let names = self.names(file)?;
            match parts[many..] {
                [name] => {
                    let found = names.bindings(FunctionId(0), &Str::new(name)).iter().find_map(|b| match b {
                        Binding::Function(f) => Some((file, *f)),
                        _ => None,
                    });
                    if found.is_some() {
                        return found;
                    }
                }
                [class, method] => {
                    let t = self.with_origins(|o| o.type_named(file, &Str::new(class)))?;
                    return self.with_origins(|o| o.method(t, method));
                }
                _ => {}
            }
        }
        None
    }
}

impl Routers {
    /// Registers what a document says on a router.
    pub fn add_document(&mut self, rec: &Recognizer, entry: &Entry, routers: &[Node], paths: &[Str]) {
        let (file, call) = entry.place();
        let Some(caller) = rec.facts(file) else { return };
        for text in rec.role_texts(entry, "document") {
            let Some(there) = rec.file_named(&text, file) else { continue };
            let Some(facts) = rec.facts(there) else { continue };
            let models = rec.index.models.iter().filter(|m| m.formats.iter().any(|f| f == facts.format));
            for says in models.flat_map(|m| &m.operations) {
                for top in &facts.documents {
                    let document = Document { facts, top: *top, says, reader: file };
                    let items = self.operations(rec, &document, entry, caller.call(call).span, paths);
                    for node in routers {
                        let router = self.all.entry(node.clone()).or_default();
                        if router.span.is_none() {
                            router.model = entry.model;
                        }
                        router.items.extend(items.clone());
                    }
                }
            }
        }
    }

    fn operations(
        &mut self,
        rec: &Recognizer,
        document: &Document,
        entry: &Entry,
        registered: Span,
        paths: &[Str],
    ) -> Vec<Item> {
        let says = document.says;
        let mut out = Vec::new();
        let Some(all) = document.field(document.top, &says.paths) else { return out };
        let base = paths.first().cloned().or_else(|| document.base()).unwrap_or_default();
        let module = document.text(document.top, &says.module);
        let everywhere = document.field(document.top, &says.security);
        for (path, operations, _) in document.entries(all) {
            let of_path = document.text(operations, &says.module).or_else(|| module.clone());
            for (name, operation, span) in document.entries(operations) {
                let method = verb(&name);
                let Some(id) = document.text(operation, &says.handler).filter(|_| method != "ANY") else {
                    continue;
                };
                let within = document.text(operation, &says.module).or_else(|| of_path.clone());
                let whole = match &within {
                    Some(module) => format!("{module}.{id}"),
                    None => id.to_string(),
                };
                let handler = match rec.function_named(&whole, document.reader) {
                    Some((file, function)) => Handler::Function(file, function),
                    None => match document.first(operation, &says.handler) {
                        Some(value) => Handler::Value(At { file: document.facts.file, value }),
                        None => continue,
                    },
                };
                let security = document.field(operation, &says.security).or(everywhere);
                let guards = security.map_or_else(Vec::new, |s| self.demands(rec, document, s));
                out.push(Item {
                    order: vec![registered.end],
                    span,
                    model: entry.model,
                    what: What::Route {
                        methods: vec![method],
                        paths: vec![super::path::join(&base, &path).into()],
                        handlers: vec![handler],
                        guards,
                    },
                    condition: None,
                });
            }
        }
        out
    }

    /// `security: [{scheme: [scope]}]`: one of the entries must hold; an empty one lets everybody in.
    fn demands(&mut self, rec: &Recognizer, document: &Document, security: ValueId) -> Vec<Placed> {
        let facts = document.facts;
        let Value::List(choices) = facts.value(security) else { return Vec::new() };
        if choices.iter().any(|c| document.entries(*c).is_empty()) {
            return Vec::new();
        }
        let schemes = document.first(document.top, &document.says.schemes);
        let mut out = Vec::new();
        for choice in choices {
            for (name, scopes, span) in document.entries(*choice) {
                let scheme = schemes.and_then(|s| document.field(s, &name));
                let named = scheme.and_then(|s| document.text(s, &document.says.check));
                let check = named.as_ref().and_then(|n| rec.function_named(n, document.reader));
                let demand = Demand {
                    name,
                    span,
                    check,
                    unchecked: named.is_none(),
                    scopes: matches!(facts.value(scopes), Value::List(items) if !items.is_empty()),
                };
                let at = At { file: facts.file, value: scopes };
                self.demanded.insert((at.file, at.value), demand);
                out.push(Placed { at, kind: GuardKind::Setting });
            }
        }
        out
    }
}
