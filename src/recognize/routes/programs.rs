//! What holds for a whole program: what its paths begin with and which of them do not, the versions that
//! paths name. Knows no framework.

use crate::concepts::State;
use crate::facts::*;
use crate::project::origins::{At, Root};
use crate::recognize::{Recognizer, literals};
use crate::source::Str;

use super::collect::{Entry, Handler, Node, Router, Routers};
use super::path::{covers, join, normal};

/// Stands in a path where the version goes, until the handler is known. Fits any one segment.
const VERSION: &str = "{\u{1}}";

/// Methods of fields without an address of their own: no program's paths are theirs.
pub fn is_field(method: &str) -> bool {
    matches!(method, "QUERY" | "MUTATION" | "SUBSCRIPTION" | "ACTION")
}

impl Recognizer<'_> {
    /// The versions that an entry names; an empty text for none at all.
    pub fn versions(&self, entry: &Entry) -> Vec<Str> {
        let Some(spec) = entry.spec("version") else { return Vec::new() };
        let none = |at| {
            self.trace(at, &None).iter().any(|traced| {
                let values = spec.alternatives.iter().flat_map(|a| &a.values);
                values
                    .into_iter()
                    .any(|(l, state)| *state == State::Off && literals::matches(self, traced, l))
            })
        };
        let mut out: Vec<Str> = Vec::new();
        for at in self.role_places(entry, "version") {
            match none(at) {
                true => out.push(Str::default()),
                false => out.extend(self.texts_at(at)),
            }
        }
        out
    }
}

impl Routers {
    /// What the entry of an application says besides paths and guards.
    pub fn note_program(rec: &Recognizer, entry: &Entry, router: &mut Router) {
        for at in rec.all_role_places(entry, "except") {
            router.except.extend(rec.texts_at(at).into_iter().filter(|t| t != "…"));
            // `{ path: "health", method: … }`
            for traced in rec.trace(at, &None) {
                let Root::Value(v) = traced.root else { continue };
                let Some(Value::Record(record)) = rec.facts(v.file).map(|f| f.value(v.value)) else {
                    continue;
                };
                let first = record.entries.iter().find(|e| matches!(&e.key, Key::Text(k) if k == "path"));
                let texts = first.map(|e| rec.texts_at(At { file: v.file, value: e.value }));
                router.except.extend(texts.into_iter().flatten());
            }
        }
        if entry.spec("version").is_some() {
            let mark = rec.role_texts(entry, "version_mark").first().cloned().unwrap_or_default();
            router.version_mark = Some(mark);
            router.versions = rec.versions(entry);
        }
    }

    /// Versions that decorators give to classes and handlers.
    pub fn note_version(&mut self, rec: &Recognizer, entry: &Entry, on: Option<Attached>) {
        let node = match on {
            Some(Attached::Type(t)) => Node::Class(entry.file, t),
            Some(Attached::Function(f)) => Node::Handler(entry.file, f),
            _ => return,
        };
        self.versions.insert(node, rec.versions(entry));
    }

    /// The versions of a route: its own, those of the class around it.
    fn versions_of(&self, node: &Node, handlers: &[Handler]) -> Option<&Vec<Str>> {
        let own = handlers.iter().find_map(|h| match h {
            Handler::Function(file, f) => self.versions.get(&Node::Handler(*file, *f)),
            _ => None,
        });
        own.or_else(|| self.versions.get(node)).filter(|v| !v.is_empty())
    }

    /// A path with its version in place, and without what does not hold for it.
    pub fn settle(
        &self,
        whole: Option<&Router>,
        node: &Node,
        handlers: &[Handler],
        method: &str,
        path: &str,
    ) -> Vec<String> {
        let Some(whole) = whole else { return vec![path.to_string()] };
        let all = beginning(whole);
        let rest = match path.strip_prefix(all.as_str()) {
            Some(rest) if !all.is_empty() => rest,
            _ => return vec![path.to_string()],
        };
        let rest = join("", rest);
        if is_field(method) {
            return vec![rest];
        }
        let bare = normal(&rest);
        let excepted = whole.except.iter().any(|e| covers(&normal(e), true, &bare));
        let prefix = whole.paths.first().filter(|_| !excepted).map_or(String::new(), |p| join("", p));
        let versions = self.versions_of(node, handlers).unwrap_or(&whole.versions);
        let segments: Vec<String> = match &whole.version_mark {
            Some(mark) if !versions.is_empty() => versions
                .iter()
                .map(|v| if v.is_empty() { prefix.clone() } else { join(&prefix, &format!("{mark}{v}")) })
                .collect(),
            _ => vec![prefix],
        };
        segments.iter().map(|s| if rest.is_empty() { s.clone() } else { join(s, &rest) }).collect()
    }
}

/// What the paths of a program's roots begin with.
pub fn beginning(whole: &Router) -> String {
    let prefix = whole.paths.first().map_or(String::new(), |p| join("", p));
    match whole.version_mark {
        Some(_) => join(&prefix, VERSION),
        None => prefix,
    }
}
