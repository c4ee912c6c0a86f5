//! The house as ARCHITECTURE.md describes it: who may import whom, which names stand nowhere in
//! the code. Reads the tokens of `src/`, so comments and test modules do not count.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use authlint::rulebook;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// What breaks a rule today: (rule, file, why). A line that is no longer needed fails the test.
const KNOWN: &[(&str, &str, &str)] = &[];

/// A room and the other rooms that it may import.
const ROOMS: &[(&str, &[&str])] = &[
    // nouns
    ("source", &[]),
    ("concepts", &[]),
    ("facts", &["source"]),
    ("finding", &["source"]),
    ("rulebook", &["source", "concepts", "finding"]),
    ("project", &["source", "finding", "facts", "endpoint"]),
    ("event", &["source", "concepts", "finding", "facts", "project"]),
    ("endpoint", &["source", "finding", "facts"]),
    // stages
    ("walk", NOUNS),
    ("prefilter", NOUNS),
    ("lower", NOUNS),
    ("link", NOUNS),
    ("recognize", NOUNS),
    ("judge", NOUNS),
    ("settle", NOUNS),
    ("report", NOUNS),
    // the front: what was asked for, and the order of things
    ("config", &["source", "finding", "endpoint"]),
    ("cli", &["source", "finding", "config", "report"]),
    (
        "scan",
        &[
            "source",
            "concepts",
            "facts",
            "finding",
            "rulebook",
            "project",
            "event",
            "endpoint",
            "config",
            "walk",
            "prefilter",
            "lower",
            "link",
            "recognize",
            "judge",
            "settle",
        ],
    ),
    ("run", &["source", "finding", "endpoint", "rulebook", "config", "cli", "scan", "report", "walk"]),
    ("main", &["cli", "run"]),
    ("lib", &[]),
];

const NOUNS: &[&str] =
    &["source", "concepts", "facts", "finding", "rulebook", "project", "event", "endpoint"];

/// Crates, and the only places that may name them.
const PARTS: &[(&str, &[&str])] = &[
    ("tree_sitter", &["lower/"]),
    ("tree_sitter_javascript", &["lower/"]),
    ("tree_sitter_python", &["lower/"]),
    ("tree_sitter_rust", &["lower/"]),
    ("tree_sitter_typescript", &["lower/"]),
    ("saphyr_parser", &["lower/"]),
    ("hcl_edit", &["lower/hcl/"]),
    ("syn", &["lower/rust_macros"]),
    ("proc_macro2", &["lower/rust_macros"]),
    ("ignore", &["walk.rs", "walk/revision.rs", "config/globs.rs"]),
    ("rayon", &["scan/"]),
    ("miette", &["report/", "rulebook/page.rs", "config.rs", "run.rs", "scan/disk.rs"]),
    ("serde_sarif", &["report/sarif"]),
    ("std::fs", &["walk.rs", "run/pages.rs"]),
    ("std::net", &[]),
    ("std::process::Command", &["walk/git.rs"]),
];

/// Names of packages that are also words of the trade: (name, why they may stand in the code).
const WORDS_OF_THE_TRADE: &[(&str, &str)] = &[
    ("base64", "an encoding"),
    ("config", "a room of this program, and a word of model pages"),
    ("cookie", "a part of HTTP"),
    ("dotenv", "the format of `.env` files"),
    ("grant", "what an OAuth client is allowed, and the parameter of that name"),
    ("postgres", "a database, and the name of its first user"),
    ("redis", "a store of short-lived values, in names"),
    ("request", "what clients send"),
    ("requests", "what clients send"),
];

/// Names of languages above `lower`: (file, word, why).
const LANGUAGES: &[(&str, &str, &str)] = &[
    ("link/manifests_pypi.rs", "python", "a key among the dependencies of some manifests: the interpreter"),
    ("link/modules_crates.rs", "rust", "the ending of module files, in the name of a function"),
    ("link/modules_npm.rs", "typescript", "the compiler whose settings hold path aliases"),
    ("rulebook/page.rs", "javascript", FENCE),
    ("rulebook/page.rs", "python", FENCE),
    ("rulebook/page.rs", "rust", FENCE),
    ("rulebook/page.rs", "typescript", FENCE),
];

const FENCE: &str =
    "fences of pages are tagged with their language; an example's file name follows from the tag";

/// Rule ids in texts for users: (file, why).
const RULES: &[(&str, &str)] = &[
    ("settle/suppress.rs", "says itself when a suppression is malformed or unused"),
    ("cli.rs", "examples in the help"),
    ("config/keys.rs", "examples in the documentation of the settings"),
];

const LINES: usize = 600;

struct File {
    /// Below `src/`, with `/`.
    path: String,
    text: String,
    tokens: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Ident(String),
    /// The literal as it is written.
    Literal(String),
    Punct(char),
    Open(char),
    Close,
}

impl File {
    /// The first part of the module path: `recognize` for `recognize/calls.rs`.
    fn room(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    /// How many `super` lead out of the file to the crate itself.
    fn depth(&self) -> usize {
        let parts = self.path.trim_end_matches(".rs").split('/').filter(|p| *p != "mod").count();
        if matches!(self.path.as_str(), "lib.rs" | "main.rs") { 0 } else { parts }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files() -> Vec<File> {
    let mut paths = Vec::new();
    collect(&root(), &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let stream: TokenStream = text.parse().unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let mut tokens = Vec::new();
            flatten(stream, &mut tokens);
            let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            File { path, text, tokens }
        })
        .collect()
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => collect(&path, out),
            path if path.extension().is_some_and(|e| e == "rs") => out.push(path),
            _ => {}
        }
    }
}

/// All tokens in order, without doc comments and without what is compiled for tests only.
fn flatten(stream: TokenStream, out: &mut Vec<Token>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut i = 0;
    while i < trees.len() {
        if let Some(attribute) = attribute(&trees, i) {
            let text = attribute.to_string().replace(' ', "");
            if text == "cfg(test)" {
                i += 2;
                // The item ends with its block or a semicolon.
                while i < trees.len() {
                    let ends = match &trees[i] {
                        TokenTree::Group(g) => g.delimiter() == Delimiter::Brace,
                        TokenTree::Punct(p) => p.as_char() == ';',
                        _ => false,
                    };
                    i += 1;
                    if ends {
                        break;
                    }
                }
                continue;
            }
            if text.starts_with("doc=") {
                i += 2;
                continue;
            }
        }
        match &trees[i] {
            TokenTree::Ident(ident) => out.push(Token::Ident(ident.to_string())),
            TokenTree::Literal(literal) => out.push(Token::Literal(literal.to_string())),
            TokenTree::Punct(punct) => {
                // `#!` of inner doc comments.
                let inner = punct.as_char() == '#'
                    && matches!(trees.get(i + 1), Some(TokenTree::Punct(p)) if p.as_char() == '!');
                if inner
                    && matches!(trees.get(i + 2), Some(TokenTree::Group(g)) if g.stream().to_string().starts_with("doc"))
                {
                    i += 3;
                    continue;
                }
                out.push(Token::Punct(punct.as_char()));
            }
            TokenTree::Group(group) => {
                out.push(Token::Open(match group.delimiter() {
                    Delimiter::Brace => '{',
                    Delimiter::Bracket => '[',
                    _ => '(',
                }));
                flatten(group.stream(), out);
                out.push(Token::Close);
            }
        }
        i += 1;
    }
}

fn attribute(trees: &[TokenTree], at: usize) -> Option<TokenStream> {
    match (&trees[at], trees.get(at + 1)) {
        (TokenTree::Punct(p), Some(TokenTree::Group(g)))
            if p.as_char() == '#' && g.delimiter() == Delimiter::Bracket =>
        {
            Some(g.stream())
        }
        _ => None,
    }
}

/// All paths of the code, groups of `use` written out: `crate::a::b`, `std::fs`.
fn paths(tokens: &[Token]) -> BTreeSet<Vec<String>> {
    let mut out = BTreeSet::new();
    let mut i = 0;
    while i < tokens.len() {
        let begins = matches!(tokens[i], Token::Ident(_))
            && !(i > 1 && tokens[i - 1] == Token::Punct(':') && tokens[i - 2] == Token::Punct(':'));
        if begins {
            path(tokens, i, &mut Vec::new(), &mut out);
        }
        i += 1;
    }
    out
}

/// Reads one path from `at`; gives the index after it.
fn path(tokens: &[Token], mut at: usize, before: &mut Vec<String>, out: &mut BTreeSet<Vec<String>>) -> usize {
    let length = before.len();
    loop {
        match tokens.get(at) {
            Some(Token::Ident(name)) => {
                before.push(name.clone());
                at += 1;
            }
            Some(Token::Open('{')) => {
                at += 1;
                while at < tokens.len() && tokens[at] != Token::Close {
                    at = path(tokens, at, before, out).max(at + 1);
                    while tokens.get(at).is_some_and(|t| *t != Token::Punct(',') && *t != Token::Close) {
                        at += 1;
                    }
                    if tokens.get(at) == Some(&Token::Punct(',')) {
                        at += 1;
                    }
                }
                before.truncate(length);
                return at + 1;
            }
            _ => break,
        }
        match (tokens.get(at), tokens.get(at + 1)) {
            (Some(Token::Punct(':')), Some(Token::Punct(':'))) => at += 2,
            _ => break,
        }
    }
    out.insert(before.clone());
    before.truncate(length);
    at
}

/// The rooms of this crate that a file imports.
fn imports(file: &File, rooms: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for path in paths(&file.tokens) {
        let supers = path.iter().take_while(|p| *p == "super").count();
        let name = match path[0].as_str() {
            "crate" | "authlint" => path.get(1),
            "super" if supers >= file.depth() => path.get(supers),
            _ => None,
        };
        out.extend(name.filter(|n| rooms.contains(n.as_str()) && *n != file.room()).cloned());
    }
    out
}

/// Fails with all that breaks a rule and is not known, and with what is known and breaks nothing.
fn hold(rule: &str, broken: Vec<(String, String)>) {
    let known: BTreeSet<&str> = KNOWN.iter().filter(|(r, _, _)| *r == rule).map(|(_, f, _)| *f).collect();
    let mut wrong: Vec<String> = broken
        .iter()
        .filter(|(f, _)| !known.contains(f.as_str()))
        .map(|(f, what)| format!("src/{f}: {what}"))
        .collect();
    let unused = known.iter().filter(|k| !broken.iter().any(|(f, _)| f == *k));
    wrong.extend(unused.map(|k| format!("src/{k}: no longer breaks `{rule}`; take it out of KNOWN")));
    assert!(wrong.is_empty(), "{rule}:\n{}", wrong.join("\n"));
}

#[test]
fn rooms_import_only_what_they_may() {
    let rooms: BTreeSet<&str> = ROOMS.iter().map(|(name, _)| *name).collect();
    let mut broken = Vec::new();
    for file in files() {
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == file.room()) else {
            broken.push((file.path.clone(), "a room that ROOMS does not name".to_string()));
            continue;
        };
        for other in imports(&file, &rooms).iter().filter(|o| !allowed.contains(&o.as_str())) {
            broken.push((file.path.clone(), format!("imports `{other}`")));
        }
    }
    hold("imports", broken);
}

#[test]
fn parts_from_outside_stay_in_their_rooms() {
    let mut broken = Vec::new();
    for file in files() {
        let paths = paths(&file.tokens);
        for (part, places) in PARTS {
            let part: Vec<&str> = part.split("::").collect();
            // A lone name may be anything; a path, or a name in a `use`, is the crate.
            let names_it = paths.iter().any(|p| {
                (p.len() > 1 || part.len() > 1)
                    && p.len() >= part.len()
                    && p.iter().zip(&part).all(|(a, b)| a == b)
            });
            if names_it && !places.iter().any(|place| file.path.starts_with(place)) {
                broken.push((file.path.clone(), format!("names `{}`", part.join("::"))));
            }
        }
    }
    hold("parts", broken);
}

/// The words of a literal or a name, in small letters.
fn words(token: &Token) -> Vec<String> {
    let (text, is_name) = match token {
        Token::Ident(name) => (name, true),
        Token::Literal(text) => (text, false),
        _ => return Vec::new(),
    };
    if !is_name {
        let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '@'));
        return text.split(ends).map(str::to_lowercase).collect();
    }
    let mut out = vec![String::new()];
    for c in text.chars() {
        if c == '_' || c.is_uppercase() && !out.last().is_some_and(|w| w.chars().all(char::is_uppercase)) {
            out.push(String::new());
        }
        if c != '_'
            && let Some(last) = out.last_mut()
        {
            last.push(c);
        }
    }
    let mut out: Vec<String> = out.iter().map(|w| w.to_lowercase()).collect();
    out.push(text.to_lowercase());
    out
}

#[test]
fn no_library_is_named() {
    let book = rulebook::Rulebook::embedded().unwrap();
    let allowed = |name: &str| WORDS_OF_THE_TRADE.iter().any(|(word, _)| *word == name);
    let mut forbidden = BTreeSet::new();
    for model in book.models.iter().filter(|m| m.package.len() > 4 && !allowed(&m.package)) {
        forbidden.insert(model.package.to_lowercase());
        forbidden.insert(model.package.to_lowercase().replace('-', "_"));
    }
    let mut broken = Vec::new();
    for file in files() {
        // What this program is itself built of.
        let own: BTreeSet<Vec<String>> = paths(&file.tokens).into_iter().filter(|p| p.len() > 1).collect();
        for token in &file.tokens {
            for word in words(token).iter().filter(|w| forbidden.contains(*w)) {
                let is_part = matches!(token, Token::Ident(_)) && own.iter().any(|p| p[0] == *word);
                if !is_part {
                    broken.push((file.path.clone(), format!("names the library `{word}`")));
                }
            }
        }
    }
    broken.sort();
    broken.dedup();
    hold("libraries", broken);
}

#[test]
fn no_rule_is_named() {
    let book = rulebook::Rulebook::embedded().unwrap();
    let mut broken = Vec::new();
    for file in files().iter().filter(|f| !RULES.iter().any(|(path, _)| *path == f.path)) {
        for token in &file.tokens {
            let Token::Literal(text) = token else { continue };
            for check in book.checks.iter().filter(|c| text.contains(c.id.as_str())) {
                broken.push((file.path.clone(), format!("names the rule `{}`", check.id)));
            }
        }
    }
    hold("rules", broken);
}

#[test]
fn no_language_is_named_above_lower() {
    const NAMES: [&str; 4] = ["python", "typescript", "javascript", "rust"];
    let mut broken = BTreeSet::new();
    let mut used = BTreeSet::new();
    for file in files().iter().filter(|f| f.room() != "lower") {
        for word in file.tokens.iter().flat_map(words).filter(|w| NAMES.contains(&w.as_str())) {
            match LANGUAGES.iter().position(|(f, w, _)| *f == file.path && *w == word) {
                Some(n) => drop(used.insert(n)),
                None => drop(broken.insert((file.path.clone(), format!("names the language `{word}`")))),
            }
        }
    }
    for (n, (file, word, _)) in LANGUAGES.iter().enumerate() {
        assert!(used.contains(&n), "src/{file} no longer names `{word}`; take it out of LANGUAGES");
    }
    hold("languages", broken.into_iter().collect());
}

#[test]
fn files_are_short_and_say_what_they_know() {
    let mut long = Vec::new();
    let mut silent = Vec::new();
    for file in files() {
        let lines = file.text.lines().count();
        if lines > LINES {
            long.push((file.path.clone(), format!("{lines} lines, more than {LINES}: split by sub-topic")));
        }
        if !file.text.starts_with("//! ") {
            silent.push((file.path.clone(), "does not begin with a `//!` line".to_string()));
        }
    }
    hold("silent", silent);
    hold("length", long);
}

#[test]
fn names_that_say_nothing_are_not_used() {
    const EMPTY: [&str; 5] = ["utils", "helpers", "common", "manager", "engine"];
    let stem = |path: &str| path.trim_end_matches(".rs").split('/').map(str::to_string).collect::<Vec<_>>();
    let broken = files()
        .iter()
        .filter(|f| stem(&f.path).iter().any(|p| EMPTY.contains(&p.as_str())))
        .map(|f| (f.path.clone(), "an empty name".into()))
        .collect();
    hold("names", broken);
}
