//! Records that say what holds: an entry of a list that names something of the library, and tables whose keys
//! are parts of paths. Knows no framework.

use crate::endpoint::GuardKind;
use crate::facts::*;
use crate::project::origins::{At, Root};
use crate::recognize::{Recognizer, index};
use crate::rulebook::model::{Base, RecordModel, Spec};
use crate::source::{FileId, Span, Str, is_test_path};

use super::collect::{Entry, Item, Node, Placed, Routers, What, program};

/// Joins the parts of a path in the place of a slash.
const GLUE: char = '\u{3}';

/// How many calls a chain may have.
const STEPS: u32 = 40;

/// How deep tables may stand in tables.
const DEPTH: u32 = 8;

/// A path whose tables are joined as they say.
pub fn glued(path: &str) -> String {
    let Some((before, rest)) = path.split_once(GLUE) else { return path.to_string() };
    let mut out = before.to_string();
    let mut first = true;
    for part in rest.split(&format!("/{GLUE}")) {
        let (sign, name) = part.split_once(GLUE).unwrap_or((".", part));
        if !first && !name.is_empty() {
            out.push_str(sign);
        }
        first = false;
        out.push_str(name);
    }
    out
}

impl Recognizer<'_> {
    /// What calls of a method put into the chain of builders that a call ends: `base.use(a).use(b).end()`.
    pub fn chained(&self, file: FileId, call: CallId, name: &str, n: usize) -> Vec<At> {
        let mut out = Vec::new();
        let mut at = self.receiver(file, call);
        for _ in 0..STEPS {
            let Some(receiver) = at.take() else { break };
            for traced in self.trace(receiver, &None) {
                let Root::Call(f, c) = traced.root else { continue };
                let Some(facts) = self.facts(f) else { continue };
                if matches!(facts.value(facts.call(c).callee), Value::Field(_, method) if method == name) {
                    out.splice(0..0, self.plain_argument(f, c, n, None));
                }
                at = self.receiver(f, c);
            }
        }
        out
    }
}

impl Routers {
    /// `{ provide: NAME, useClass: Guard }`
    pub fn collect_records(&mut self, rec: &Recognizer) {
        for (m, model) in rec.index.models.iter().enumerate().filter(|(_, m)| !m.records.is_empty()) {
            for facts in rec.project.files.iter().flatten() {
                if facts.ecosystem != model.ecosystem || is_test_path(rec.project.path_below(facts.file)) {
                    continue;
                }
                for node in &facts.values {
                    let Value::Record(record) = &node.value else { continue };
                    for entry in &model.records {
                        if is_entry(rec, facts, record, m, entry) {
                            self.add_record(rec, facts.file, record, m, entry);
                        }
                    }
                }
            }
        }
    }

    fn add_record(&mut self, rec: &Recognizer, file: FileId, record: &Record, m: usize, entry: &RecordModel) {
        if entry.concept.name != "http.application" {
            return;
        }
        let spec = entry.roles.iter().find(|(name, _)| name == "guard").map(|(_, spec)| spec);
        let places = spec.map(|s| places(rec, file, record, s)).unwrap_or_default();
        let router = self.all.entry(program(rec, file, m)).or_default();
        router.model = m;
        router.guards.extend(places.into_iter().map(|at| Placed { at, kind: GuardKind::Setting }));
    }

    /// The routers and routes that a router is made of.
    pub fn note_table(&mut self, rec: &Recognizer, entry: &Entry) {
        let Some(facts) = rec.facts(entry.file) else { return };
        let span = facts.call(entry.call).span;
        let glue = rec.role_texts(entry, "glue").first().cloned();
        let mut mounts: Vec<(Vec<Str>, Vec<Node>, Span)> = Vec::new();
        for at in rec.role_places(entry, "table") {
            rows(rec, at, &mut Vec::new(), 0, &mut mounts);
        }
        for at in rec.role_places(entry, "child") {
            mounts.push((Vec::new(), rec.nodes_of(at, 0), span));
        }
        let Some(router) = self.all.get_mut(&Node::Made(entry.file, entry.call)) else { return };
        for (keys, children, span) in mounts {
            let part = |key: &Str| match &glue {
                Some(glue) => format!("{GLUE}{glue}{GLUE}{key}"),
                None => key.to_string(),
            };
            let path: Vec<String> = keys.iter().map(part).collect();
            let paths = if path.is_empty() { Vec::new() } else { vec![Str::from(path.join("/"))] };
            router.items.push(Item {
                order: vec![span.end],
                span,
                model: entry.model,
                what: What::Mount { paths, children, guards: Vec::new() },
                condition: None,
            });
        }
    }
}

fn is_entry(rec: &Recognizer, facts: &FileFacts, record: &Record, m: usize, entry: &RecordModel) -> bool {
    record.entries.iter().any(|e| {
        matches!(&e.key, Key::Text(k) if *k == entry.field)
            && rec.trace(At { file: facts.file, value: e.value }, &None).iter().any(|t| match &t.root {
                Root::External(path) => {
                    rec.index.models[m].modules.contains(&path.module)
                        && entry.paths.iter().any(|p| index::names(p, &path.members))
                }
                _ => false,
            })
    })
}

fn places(rec: &Recognizer, file: FileId, record: &Record, spec: &Spec) -> Vec<At> {
    for source in spec.alternatives.iter().flat_map(|a| &a.from) {
        let (Base::Value, [name]) = (&source.base, source.path.as_slice()) else { continue };
        let found = record.entries.iter().find(|e| matches!(&e.key, Key::Text(k) if k == name));
        if let Some(entry) = found {
            return rec.parts_of_list(At { file, value: entry.value }, 0);
        }
    }
    Vec::new()
}

/// The entries of a record, through names, spreads and records inside it.
fn rows(
    rec: &Recognizer,
    at: At,
    keys: &mut Vec<Str>,
    depth: u32,
    out: &mut Vec<(Vec<Str>, Vec<Node>, Span)>,
) {
    if depth > DEPTH {
        return;
    }
    for traced in rec.trace(at, &None) {
        let Root::Value(v) = traced.root else { continue };
        let Some(facts) = rec.facts(v.file) else { continue };
        let Value::Record(record) = facts.value(v.value) else { continue };
        for entry in &record.entries {
            let inner = At { file: v.file, value: entry.value };
            match &entry.key {
                Key::Text(key) => {
                    keys.push(key.clone());
                    let nodes = rec.nodes_of(inner, 0);
                    match nodes.is_empty() {
                        true => rows(rec, inner, keys, depth + 1, out),
                        false => out.push((keys.clone(), nodes, entry.span)),
                    }
                    keys.pop();
                }
                Key::Spread => rows(rec, inner, keys, depth + 1, out),
                Key::Computed(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::glued;

    #[test]
    fn tables_are_joined_by_their_glue() {
        assert_eq!(glued("/trpc/\u{3}.\u{3}user/\u{3}.\u{3}byId"), "/trpc/user.byId");
        assert_eq!(glued("/a/b"), "/a/b");
    }
}
