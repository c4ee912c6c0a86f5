//! Paths that a guard lets pass, or the only ones that it looks at. Knows no framework.

use regex::Regex;

use crate::facts::*;
use crate::project::origins::{At, Root};
use crate::recognize::Recognizer;
use crate::source::{FileId, Str};

use super::path::{covers, normal};

/// Paths of which a guard says something.
#[derive(Clone, Debug)]
pub struct Carve {
    pub paths: Vec<Carved>,
    /// Of requests with these methods only; none: all.
    pub methods: Vec<Str>,
    /// The guard looks at these only, instead of all but these.
    pub only: bool,
}

#[derive(Clone, Debug)]
pub enum Carved {
    Exact(Str),
    Below(Str),
    Pattern(Regex),
    /// Not known.
    Unread,
}

impl Carve {
    /// Does the guard let a request pass? None when that cannot be told.
    pub fn passes(&self, prefix: &str, method: &str, path: &str) -> Option<bool> {
        if !self.methods.is_empty() && !self.methods.iter().any(|m| m == method) {
            return Some(false);
        }
        // As the whole address, and as what is left of it below the guard's own prefix.
        let below = path.strip_prefix(prefix.trim_end_matches('/')).filter(|_| prefix.len() > 1);
        let mut unread = false;
        for carved in &self.paths {
            let hit = |p: &str| match carved {
                Carved::Exact(x) => normal(x).trim_end_matches('/') == p.trim_end_matches('/'),
                Carved::Below(x) => below_text(x, p),
                Carved::Pattern(x) => x.is_match(&sample(p)),
                Carved::Unread => false,
            };
            if hit(path) || below.is_some_and(hit) {
                return Some(!self.only);
            }
            unread |= matches!(carved, Carved::Unread);
        }
        if unread { None } else { Some(self.only) }
    }
}

/// A text that an address begins with, which need not end where a segment ends.
fn below_text(text: &str, path: &str) -> bool {
    let wanted = normal(text);
    path.starts_with(wanted.trim_end_matches('/')) || covers(&wanted, false, path)
}

/// An address with something in the place of its parameters.
fn sample(path: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for c in path.chars() {
        match c {
            '{' => {
                depth += 1;
                out.push('1');
            }
            '}' => depth -= 1,
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Words of fields that hold the address of a request.
const ADDRESS: &[&str] =
    &["path", "url", "originalUrl", "pathname", "routePath", "original_url", "routerPath"];

impl Recognizer<'_> {
    /// The paths that a value names: texts, patterns, records with `url` or `path`, and lists of these.
    pub fn carved(&self, at: At) -> Vec<Carve> {
        let mut out = Vec::new();
        for item in self.parts_of_list(at, 0) {
            for traced in self.trace(item, &None) {
                let plain = |carved| Carve { paths: vec![carved], methods: Vec::new(), only: false };
                let Root::Value(v) = traced.root else {
                    let carved = match traced.root {
                        Root::Call(file, call) => self.pattern(file, call),
                        _ => None,
                    };
                    out.push(plain(carved.unwrap_or(Carved::Unread)));
                    continue;
                };
                match self.facts(v.file).map(|f| f.value(v.value)) {
                    Some(Value::Record(_)) => {
                        let field = |name: &str| self.fields_below(v, &[Str::new(name)]);
                        let methods: Vec<Str> = field("methods")
                            .into_iter()
                            .chain(field("method"))
                            .flat_map(|at| self.texts_at(at))
                            .map(|m| m.to_uppercase().into())
                            .collect();
                        for at in field("url").into_iter().chain(field("path")) {
                            let inner = self.carved(at);
                            out.extend(inner.into_iter().map(|c| Carve { methods: methods.clone(), ..c }));
                        }
                    }
                    Some(Value::Null | Value::Bool(_)) => {}
                    _ => {
                        for text in self.texts_at(v) {
                            out.push(plain(match text.as_str() {
                                t if t.contains('…') => Carved::Unread,
                                t if t.contains('*') || t.contains('/') && t.contains(':') => {
                                    let pattern = normal(t).replace(['{', '}'], "");
                                    let begin = pattern.split("rest*").next().unwrap_or_default().to_string();
                                    if t.contains('*') {
                                        Carved::Below(begin.into())
                                    } else {
                                        Carved::Exact(text)
                                    }
                                }
                                _ => Carved::Exact(text),
                            }));
                        }
                    }
                }
            }
        }
        out
    }

    fn pattern(&self, file: FileId, call: CallId) -> Option<Carved> {
        let facts = self.facts(file)?;
        let fact = facts.call(call);
        let Value::Name(name) = facts.value(fact.callee) else { return None };
        let Value::Text(text) = facts.value(fact.args.first()?.value) else { return None };
        (name == "RegExp").then(|| Regex::new(text).ok().map(Carved::Pattern))?
    }

    /// The paths for which a function lets the request pass before it asks for anything, or outside of
    /// which it asks for nothing.
    pub fn carved_in(&self, file: FileId, function: FunctionId) -> Vec<Carve> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let f = facts.function(function);
        let mut out = Vec::new();
        for (i, region) in facts.regions.iter().enumerate() {
            if region.kind != RegionKind::Branch
                || region.function != function
                || !f.span.contains(&region.span)
            {
                continue;
            }
            let id = RegionId(i as u32);
            let [condition] = region.conditions.as_slice() else { continue };
            let Some(mut paths) = self.asks_for(facts, condition.value, condition.span, 0) else { continue };
            paths.dedup_by(|a, b| format!("{a:?}") == format!("{b:?}"));
            let leaves = facts.exits.iter().any(|e| {
                e.kind == ExitKind::Return && e.region == id && !e.value.is_some_and(|v| refuses(facts, v))
            });
            // `if (public) return next()`; `if (!admin) return next()`; `if (admin) { ask }`.
            let early = leaves && calls_in(facts, region.span) <= 2;
            if early {
                out.push(Carve { paths, methods: Vec::new(), only: condition.negated });
            }
        }
        out
    }

    /// The addresses that a condition asks for: `path.startsWith("/x")`, `LIST.includes(path)`, `path === "/x"`.
    fn asks_for(
        &self,
        facts: &FileFacts,
        value: ValueId,
        span: crate::source::Span,
        depth: u32,
    ) -> Option<Vec<Carved>> {
        if depth > 4 {
            return None;
        }
        let file = facts.file;
        let exact = |list: ValueId| -> Vec<Carved> {
            self.carved(At { file, value: list }).into_iter().flat_map(|c| c.paths).collect()
        };
        match facts.value(value) {
            Value::Either(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.asks_for(facts, *part, facts.node(*part).span, depth + 1)?);
                }
                Some(all)
            }
            Value::Result(call) => {
                let c = facts.call(*call);
                let Value::Field(base, name) = facts.value(c.callee) else { return None };
                let arg = c.args.first()?.value;
                match name.as_str() {
                    "startsWith" | "startswith" | "starts_with" if self.is_address(facts, *base, 0) => {
                        Some(self.texts_at(At { file, value: arg }).into_iter().map(below_of).collect())
                    }
                    "includes" | "has" | "contains" | "indexOf" if self.is_address(facts, arg, 0) => {
                        Some(exact(*base))
                    }
                    "test" if self.is_address(facts, arg, 0) => Some(exact(*base)),
                    "match" if self.is_address(facts, *base, 0) => Some(exact(arg)),
                    // `LIST.some((p) => path.startsWith(p))`
                    "some" | "find" => {
                        let Value::Function(inner) = facts.value(arg) else { return None };
                        let starts = facts.calls.iter().find_map(|c| {
                            let Value::Field(on, name) = facts.value(c.callee) else { return None };
                            let named = matches!(name.as_str(), "startsWith");
                            (c.function == *inner && named && self.is_address(facts, *on, 0)).then_some(())
                        });
                        let list = exact(*base);
                        starts.map(|()| {
                            list.into_iter()
                                .map(|c| match c {
                                    Carved::Exact(x) => Carved::Below(x),
                                    other => other,
                                })
                                .collect()
                        })
                    }
                    _ => None,
                }
            }
            _ => {
                let compare = facts.compares.iter().find(|c| {
                    span.contains(&c.span)
                        && (c.left == value || c.right == value || facts.node(value).span.contains(&c.span))
                })?;
                if !matches!(compare.op, CompareOp::Equal) {
                    return None;
                }
                let other =
                    match (self.is_address(facts, compare.left, 0), self.is_address(facts, compare.right, 0))
                    {
                        (true, false) => compare.right,
                        (false, true) => compare.left,
                        _ => return None,
                    };
                Some(exact(other))
            }
        }
    }

    /// `request.path`, `new URL(request.url).pathname`, and names for these.
    fn is_address(&self, facts: &FileFacts, value: ValueId, depth: u32) -> bool {
        if depth > 4 {
            return false;
        }
        match facts.value(value) {
            Value::Field(_, name) => ADDRESS.contains(&name.as_str()),
            Value::Name(name) => {
                let Some(names) = self.names(facts.file) else { return false };
                let Some(scope) = names.scope(facts, facts.node(value).function, name) else { return false };
                names.bindings(scope, name).iter().any(|b| match b {
                    crate::project::names::Binding::Write(w) => {
                        self.is_address(facts, facts.writes[*w as usize].value, depth + 1)
                    }
                    _ => false,
                })
            }
            _ => false,
        }
    }
}

fn below_of(text: Str) -> Carved {
    if text.contains('…') { Carved::Unread } else { Carved::Below(text) }
}

fn refuses(facts: &FileFacts, value: ValueId) -> bool {
    matches!(facts.value(value), Value::Bool(false))
}

fn calls_in(facts: &FileFacts, span: crate::source::Span) -> usize {
    facts.calls.iter().filter(|c| span.contains(&c.span)).count()
}
