//! Folders whose files are routers, each below the path of its own folder. Knows no framework.

use crate::concepts::State;
use crate::facts::*;
use crate::project::origins::At;
use crate::recognize::Recognizer;
use crate::source::{FileId, Span, Str, is_test_path};

use super::collect::{Entry, Item, Node, Router, What};

/// How deep folders may lie in each other, and how many files one may hold.
const DEPTH: u32 = 8;
const FILES: usize = 400;

/// The files and folders of one folder.
struct Folder<'f> {
    files: Vec<(FileId, &'f str)>,
    folders: Vec<&'f str>,
}

impl Recognizer<'_> {
    /// The routers of a folder that a call names, the outermost first; the first is the whole.
    pub fn folder_routers(&self, entry: &Entry) -> Vec<(Node, Router)> {
        let mut out = Vec::new();
        let Some(place) = self.role_places(entry, "folder").into_iter().next() else { return out };
        let Some(folder) = self.folder_named(place) else { return out };
        let flag = |role: &str| {
            self.role_places(entry, role).into_iter().any(|at| {
                self.trace(at, &None)
                    .iter()
                    .any(|t| self.facts(t.at.file).is_some_and(|f| f.value(t.at.value) == &Value::Bool(true)))
            }) || entry.spec(role).is_some_and(|s| s.alternatives.iter().any(|a| a.state == Some(State::Set)))
        };
        let span = self.facts(entry.file).map(|f| f.call(entry.call).span);
        self.folder(&folder, entry.model, span, (flag("hooks"), flag("deep")), 0, &mut out);
        out
    }

    /// `join(here, "routes")`: the folder below that of the file.
    fn folder_named(&self, at: At) -> Option<String> {
        let facts = self.facts(at.file)?;
        let mut text = String::new();
        match facts.value(at.value) {
            Value::Result(call) => {
                for arg in &facts.call(*call).args {
                    if let Value::Text(part) = facts.value(arg.value) {
                        text.push('/');
                        text.push_str(part);
                    }
                }
            }
            Value::Join(parts) => {
                for part in parts {
                    if let Value::Text(part) = facts.value(*part) {
                        text.push_str(part);
                    }
                }
            }
            Value::Text(part) => text.push_str(part),
            Value::Name(_) => {
                let found = self.trace(at, &None);
                let next = found.first()?.at;
                return if next == at { None } else { self.folder_named(next) };
            }
            _ => return None,
        }
        let path = &self.project.paths[at.file.0 as usize];
        let mut parts: Vec<&str> = path.split('/').collect();
        parts.pop();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                other => parts.push(other),
            }
        }
        Some(parts.join("/"))
    }

    fn list<'f>(&'f self, folder: &str) -> Folder<'f> {
        let mut out = Folder { files: Vec::new(), folders: Vec::new() };
        for (i, path) in self.project.paths.iter().enumerate() {
            let Some(rest) = path.strip_prefix(folder).and_then(|r| r.strip_prefix('/')) else { continue };
            match rest.split_once('/') {
                Some((inner, _)) => {
                    if !out.folders.contains(&inner) {
                        out.folders.push(inner);
                    }
                }
                None => out.files.push((FileId(i as u32), rest)),
            }
        }
        out.files.sort_by_key(|(_, name)| *name);
        out.folders.sort();
        out
    }

    #[allow(clippy::too_many_arguments)]
    fn folder(
        &self,
        folder: &str,
        model: usize,
        span: Option<Span>,
        (hooks, deep): (bool, bool),
        depth: u32,
        out: &mut Vec<(Node, Router)>,
    ) -> Node {
        let node = Node::Program(folder.into(), format!("files {span:?}").into());
        let place = out.len();
        let mut router = Router { model, span, ..Router::default() };
        out.push((node.clone(), router.clone()));
        let inside = self.list(folder);
        let stem = |name: &str| name.split('.').next().unwrap_or_default().to_string();
        let usable = |file: FileId, name: &str| {
            let facts = self.facts(file);
            facts.is_some_and(|f| f.ecosystem != crate::source::Ecosystem::None)
                && !is_test_path(name)
                && !name.ends_with(".d.ts")
        };
        let mut count = 0;
        let mut mount = |children: Vec<Node>, path: Option<Str>, at: Option<Span>| {
            count += 1;
            Item {
                order: vec![count],
                span: at.or(span).unwrap_or(Span::new(FileId(0), 0, 0)),
                model,
                what: What::Mount { paths: path.into_iter().collect(), children, guards: Vec::new() },
                condition: None,
            }
        };
        let mut own = Vec::new();
        let has_index = inside.files.iter().any(|(f, n)| usable(*f, n) && stem(n) == "index");
        let mut before = Vec::new();
        for (file, name) in inside.files.iter().take(FILES).filter(|(f, n)| usable(*f, n)) {
            let is_hooks = hooks && matches!(stem(name).as_str(), "autohooks" | "_hooks");
            if has_index && stem(name) != "index" && !is_hooks {
                continue;
            }
            let nodes = self.default_routers(*file);
            if is_hooks {
                before.extend(nodes);
            } else if !nodes.is_empty() {
                own.push((nodes, Span::new(*file, 0, 0)));
            }
        }
        let folders: Vec<(Node, Str)> = inside
            .folders
            .iter()
            .filter(|n| depth < DEPTH && **n != "node_modules" && !is_test_path(&format!("{n}/x.ts")))
            .map(|name| {
                let path =
                    format!("/{}", name.strip_prefix('_').map_or(name.to_string(), |p| format!(":{p}")));
                let inner =
                    self.folder(&format!("{folder}/{name}"), model, span, (hooks, deep), depth + 1, out);
                (inner, path.into())
            })
            .collect();
        // What runs before the others stands before the folders inside only when it says so.
        if !before.is_empty() && !deep {
            let part = Node::Program(folder.into(), format!("own files {span:?}").into());
            let mut inner = Router { model, span, ..Router::default() };
            inner.items.push(mount(before.clone(), None, None));
            inner.items.extend(own.drain(..).map(|(nodes, at)| mount(nodes, None, Some(at))));
            router.items.push(mount(vec![part.clone()], None, None));
            out.push((part, inner));
        } else if !before.is_empty() {
            router.items.push(mount(before.clone(), None, None));
        }
        router.items.extend(own.into_iter().map(|(nodes, at)| mount(nodes, None, Some(at))));
        router.items.extend(folders.into_iter().map(|(inner, path)| mount(vec![inner], Some(path), None)));
        out[place] = (node.clone(), router);
        // What runs before the others belongs to the folder's own scope.
        out.extend(before.into_iter().map(|n| (n, Router { model, same: true, ..Router::default() })));
        node
    }

    /// What a file exports as its own: a function that is handed a router, or a router.
    pub fn default_routers(&self, file: FileId) -> Vec<Node> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let export = facts.exports.iter().rev().find(|e| e.name == "default" || e.name == "=");
        match export.map(|e| &e.what) {
            Some(Exported::Value(value)) => self.nodes_of(At { file, value: *value }, 0),
            _ => Vec::new(),
        }
    }
}
