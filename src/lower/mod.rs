//! Syntax to facts. Knows languages and formats; knows no library and no rule.

pub mod dockerfile;
pub mod dotenv;
mod fields;
pub mod hcl;
pub mod ini;
pub mod json;
pub mod nginx;
pub mod pem;
pub mod python;
pub mod rust;
pub mod rust_macros;
pub mod shell;
pub mod sql;
pub mod template;
pub mod toml;
pub mod tree;
pub mod typescript;
mod words;
pub mod yaml;

use crate::facts::*;
use crate::project::is_manifest;
use crate::source::{Ecosystem, Source, Span, Str};

/// One row a language or format: its name, file names and endings, and who lowers it.
pub struct Syntax {
    /// What pages call it.
    pub name: &'static str,
    /// Whose packages it imports.
    pub ecosystem: Ecosystem,
    /// Whole names; a name that begins with one of these and a `.` is one too (`.env.local`).
    pub names: &'static [&'static str],
    pub endings: &'static [&'static str],
    pub lower: fn(&Source) -> FileFacts,
}

pub const SYNTAXES: &[Syntax] = &[
    Syntax {
        name: "typescript",
        ecosystem: Ecosystem::Npm,
        names: &[],
        endings: &[".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte"],
        lower: typescript::lower,
    },
    Syntax {
        name: "python",
        ecosystem: Ecosystem::PyPi,
        names: &[],
        endings: &[".py", ".pyi"],
        lower: python::lower,
    },
    Syntax { name: "rust", ecosystem: Ecosystem::Crates, names: &[], endings: &[".rs"], lower: rust::lower },
    Syntax {
        name: "env",
        ecosystem: Ecosystem::None,
        names: &[".env"],
        endings: &[".env"],
        lower: dotenv::lower,
    },
    Syntax {
        name: "dockerfile",
        ecosystem: Ecosystem::None,
        names: &["Dockerfile", "Containerfile"],
        endings: &[".dockerfile", ".Dockerfile"],
        lower: dockerfile::lower,
    },
    Syntax {
        name: "yaml",
        ecosystem: Ecosystem::None,
        names: &[],
        endings: &[".yaml", ".yml"],
        lower: yaml::lower,
    },
    Syntax {
        name: "json",
        ecosystem: Ecosystem::None,
        names: &[],
        endings: &[".json", ".jsonc", ".json5"],
        lower: json::lower,
    },
    Syntax { name: "toml", ecosystem: Ecosystem::None, names: &[], endings: &[".toml"], lower: toml::lower },
    Syntax {
        name: "ini",
        ecosystem: Ecosystem::None,
        names: &[],
        endings: &[".ini", ".cfg", ".properties"],
        lower: ini::lower,
    },
    Syntax {
        name: "hcl",
        ecosystem: Ecosystem::None,
        names: &[],
        endings: &[".tf", ".tfvars", ".hcl"],
        lower: hcl::lower,
    },
    Syntax { name: "sql", ecosystem: Ecosystem::None, names: &[], endings: &[".sql"], lower: sql::lower },
    Syntax {
        name: "nginx",
        ecosystem: Ecosystem::None,
        names: &["nginx.conf"],
        endings: &[".conf", ".nginx"],
        lower: nginx::lower,
    },
    Syntax {
        name: "shell",
        ecosystem: Ecosystem::None,
        names: &[".envrc"],
        endings: &[".sh", ".bash", ".zsh"],
        lower: shell::lower,
    },
    Syntax {
        name: "pem",
        ecosystem: Ecosystem::None,
        names: &[],
        endings: &[".pem", ".key"],
        lower: pem::lower,
    },
];

/// The syntax of a file, by its name. Manifests and lock files have readers of their own, but for those
/// that are programs too.
pub fn syntax_of(path: &str) -> Option<&'static Syntax> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let named = |s: &&Syntax| {
        s.names
            .iter()
            .any(|n| name.strip_prefix(n).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    };
    let ends = |s: &&Syntax| s.endings.iter().any(|e| name.len() > e.len() && name.ends_with(e));
    let found = SYNTAXES.iter().find(named).or_else(|| SYNTAXES.iter().find(ends))?;
    (!is_manifest(path) || found.name == "python").then_some(found)
}

/// Facts of one file; nothing for a file whose syntax is not known.
pub fn lower(source: &Source) -> Option<FileFacts> {
    let syntax = syntax_of(&source.path)?;
    let mut facts = (syntax.lower)(source);
    facts.format = syntax.name;
    Some(facts)
}

/// How deep expressions and blocks may nest before the inner part is given up (as a trouble).
const DEPTH: u32 = 1_000;

/// Puts facts into the arena and keeps the current function and region.
pub struct Builder<'s> {
    pub source: &'s Source,
    pub facts: FileFacts,
    pub function: FunctionId,
    pub region: RegionId,
    /// The class or impl block around the current place.
    pub owner: Option<TypeId>,
    depth: u32,
    too_deep: bool,
}

impl<'s> Builder<'s> {
    pub fn new(source: &'s Source, ecosystem: Ecosystem) -> Self {
        Self {
            source,
            facts: FileFacts::new(source.id, ecosystem, source.text.len()),
            function: FunctionId(0),
            region: RegionId(0),
            owner: None,
            depth: 0,
            too_deep: false,
        }
    }

    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source.id, start, end)
    }

    /// Runs `f` one level deeper; gives nothing, and notes it once, when the limit is reached.
    pub fn deeper<T>(&mut self, span: Span, f: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEPTH {
            if !self.too_deep {
                self.too_deep = true;
                self.trouble(
                    span,
                    format!("nested more than {DEPTH} levels deep: the inner part was not analysed"),
                );
            }
            return None;
        }
        self.depth += 1;
        let out = f(self);
        self.depth -= 1;
        Some(out)
    }

    pub fn trouble(&mut self, span: Span, message: impl Into<String>) {
        self.facts.troubles.push(Trouble { message: message.into(), span });
    }

    pub fn value(&mut self, value: Value, span: Span) -> ValueId {
        let id = ValueId(self.facts.values.len() as u32);
        let (function, region) = (self.function, self.region);
        self.facts.values.push(ValueNode { value, span, function, region });
        id
    }

    pub fn unknown(&mut self, span: Span) -> ValueId {
        self.value(Value::Unknown, span)
    }

    pub fn text(&mut self, text: impl Into<Str>, span: Span) -> ValueId {
        self.value(Value::Text(text.into()), span)
    }

    pub fn name(&mut self, name: impl Into<Str>, span: Span) -> ValueId {
        self.value(Value::Name(name.into()), span)
    }

    /// Adds a call and the value that is its result.
    pub fn call(&mut self, callee: ValueId, args: Vec<Arg>, span: Span) -> (CallId, ValueId) {
        let id = CallId(self.facts.calls.len() as u32);
        let (function, region) = (self.function, self.region);
        self.facts.calls.push(Call {
            callee,
            args,
            generics: Vec::new(),
            is_new: false,
            awaited: false,
            propagated: false,
            dropped: false,
            function,
            region,
            span,
        });
        (id, self.value(Value::Result(id), span))
    }

    pub fn write(&mut self, target: Target, value: ValueId, kind: WriteKind, span: Span) {
        let (function, region) = (self.function, self.region);
        self.facts.writes.push(Write { target, value, kind, function, region, span });
    }

    pub fn compare(&mut self, op: CompareOp, left: ValueId, right: ValueId, span: Span) {
        let (function, region) = (self.function, self.region);
        self.facts.compares.push(Compare { op, left, right, function, region, span });
    }

    pub fn exit(&mut self, kind: ExitKind, value: Option<ValueId>, span: Span) {
        let (function, region) = (self.function, self.region);
        self.facts.exits.push(Exit { kind, value, function, region, span });
    }

    /// A new region under the current one; `group` is the first arm's region, or none for a new group.
    pub fn open(&mut self, kind: RegionKind, group: Option<RegionId>, span: Span) -> RegionId {
        let id = RegionId(self.facts.regions.len() as u32);
        let (parent, function) = (Some(self.region), self.function);
        self.facts.regions.push(Region {
            kind,
            parent,
            function,
            conditions: Vec::new(),
            group: group.unwrap_or(id),
            span,
        });
        id
    }

    /// Runs `f` inside a region.
    pub fn within<T>(&mut self, region: RegionId, f: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.region, region);
        let out = f(self);
        self.region = before;
        out
    }

    /// Adds a function under the current one and runs `f` in its body. `function.region` and
    /// `function.parent` are set here. Parameters are filled in by `f` through `facts.functions`.
    pub fn function(&mut self, mut function: Function, f: impl FnOnce(&mut Self, FunctionId)) -> FunctionId {
        let id = FunctionId(self.facts.functions.len() as u32);
        let region = self.open(RegionKind::Function, None, function.span);
        function.parent = Some(self.function);
        function.region = region;
        self.facts.functions.push(function);
        self.facts.regions[region.0 as usize].function = id;
        let before = std::mem::replace(&mut self.function, id);
        self.within(region, |b| f(b, id));
        self.function = before;
        id
    }

    /// A function fact with nothing but its place, to be completed by the caller.
    pub fn blank_function(&self, span: Span, name_span: Span) -> Function {
        Function {
            name: Str::default(),
            parent: None,
            owner: self.owner,
            owner_name: Str::default(),
            trait_name: Str::default(),
            params: Vec::new(),
            returns: None,
            is_async: false,
            is_constructor: false,
            region: RegionId(0),
            span,
            name_span,
        }
    }

    /// A document of a configuration file, as one tree of values.
    pub fn document(&mut self, root: ValueId) {
        self.facts.documents.push(root);
    }

    /// Keeps a comment when it speaks to authlint. `text` still has its comment marks.
    pub fn comment(&mut self, text: &str, span: Span) {
        if !text.contains("authlint") {
            return;
        }
        let clean = text
            .trim_start_matches(['/', '#', '*', '!', '<', '-'])
            .trim_end_matches(['/', '*', '>', '-'])
            .trim();
        let line = self.source.line_range(self.source.line(span.start));
        let own_line = self.source.text[line.start..span.start as usize].trim().is_empty();
        self.facts.notes.push(Note { text: clean.into(), own_line, span });
    }
}

/// Folds arithmetic on two known numbers; none where a result would not be a number.
pub fn fold(op: &str, a: f64, b: f64) -> Option<f64> {
    let out = match op {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "//" => (a / b).floor(),
        "**" => a.powf(b),
        "%" => a % b,
        "<<" => a * 2f64.powf(b),
        _ => return None,
    };
    out.is_finite().then_some(out)
}

/// Files that feed the environment are always read: other files' values depend on them.
pub fn is_always_read(path: &str) -> bool {
    syntax_of(path).is_some_and(|s| s.name == "env")
}
