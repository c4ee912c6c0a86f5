//! What does not matter changes nothing: every example of every rule is scanned again with
//! comments, other line endings, more code around it, deeper folders; the findings stay.

use std::collections::BTreeMap;

use authlint::facts::show;
use authlint::scan::examples::{self, Memory};
use authlint::source::{FileId, Source};

use crate::support::{book, in_large_stack, pages, scan_all};

/// A finding without what a transformation may change.
type Found = (String, u32, Vec<String>, &'static str);

/// Changed files, and where a line of the old project is in the new one.
struct Changed {
    files: Memory,
    line: fn(u32) -> u32,
    folder: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Syntax {
    Script,
    Python,
    Rust,
    Other,
}

fn syntax(path: &str) -> Syntax {
    match path.rsplit('.').next().unwrap_or_default() {
        "ts" | "js" | "mjs" | "cjs" | "mts" | "cts" => Syntax::Script,
        "py" => Syntax::Python,
        "rs" => Syntax::Rust,
        _ => Syntax::Other,
    }
}

/// The findings, and their fingerprints in the same order.
fn findings(files: &Memory) -> (Vec<Found>, Vec<String>) {
    let outcome = scan_all(files);
    let mut all: Vec<(Found, String)> = outcome
        .findings
        .iter()
        .map(|f| {
            let source = &outcome.sources[f.place.file.0 as usize];
            let rules = f.rules.iter().map(ToString::to_string).collect();
            (
                (source.path.to_string(), source.line(f.place.start), rules, f.confidence.word()),
                f.fingerprint.clone(),
            )
        })
        .collect();
    all.sort();
    all.into_iter().unzip()
}

/// Each file's text changed by a function that may decline.
fn each(files: &Memory, change: impl Fn(Syntax, &str) -> Option<String>) -> Option<Memory> {
    let mut out = Memory { files: files.files.clone(), manifests: files.manifests.clone() };
    for (path, text) in &mut out.files {
        if let Syntax::Other = syntax(path) {
            continue;
        }
        *text = change(syntax(path), text)?;
    }
    let only_code = out.files.iter().all(|(path, _)| syntax(path) != Syntax::Other);
    only_code.then_some(out)
}

fn comment(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::Python => "# it was a dark and stormy night",
        _ => "// it was a dark and stormy night",
    }
}

/// Texts over several lines cannot take a line between.
fn has_long_texts(text: &str) -> bool {
    let odd_quotes = text.lines().any(|l| l.matches('`').count() % 2 == 1 || l.trim_end().ends_with('\\'));
    odd_quotes
        || text.contains("\"\"\"")
        || text.contains("'''")
        || text.contains("r#\"")
        || text.contains("/*")
        || text.contains("authlint:")
}

fn comment_above(files: &Memory) -> Option<Changed> {
    let files = each(files, |s, text| Some(format!("{}\n\n{text}", comment(s))))?;
    Some(Changed { files, line: |n| n + 2, folder: "" })
}

fn comments_between(files: &Memory) -> Option<Changed> {
    let files = each(files, |s, text| {
        if has_long_texts(text) {
            return None;
        }
        Some(text.lines().map(|line| format!("{}\n\n{line}\n", comment(s))).collect())
    })?;
    Some(Changed { files, line: |n| n * 3, folder: "" })
}

fn carriage_returns(files: &Memory) -> Option<Changed> {
    let mut changed = Memory { files: files.files.clone(), manifests: files.manifests.clone() };
    for (_, text) in &mut changed.files {
        *text = text.replace('\n', "\r\n");
    }
    Some(Changed { files: changed, line: |n| n, folder: "" })
}

fn code_below(files: &Memory) -> Option<Changed> {
    let files = each(files, |s, text| {
        Some(match s {
            Syntax::Python => format!(
                "{text}\n\ndef _stormy(night):\n    for hour in range(night):\n        yield {{\"hour\": hour}}\n"
            ),
            Syntax::Rust => format!(
                "{text}\n\nfn stormy(night: u32) -> Vec<u32> {{\n    (0..night).map(|hour| hour * 2).collect()\n}}\n"
            ),
            _ => format!(
                "{text}\n\nfunction* stormy(night) {{\n  for (let hour = 0; hour < night; hour++) yield {{ hour }};\n}}\n"
            ),
        })
    })?;
    Some(Changed { files, line: |n| n, folder: "" })
}

/// In a block that always runs; only where names stay what they were.
fn in_a_block(files: &Memory) -> Option<Changed> {
    if files.files.len() > 1 {
        return None;
    }
    let files = each(files, |s, text| {
        let indented = || {
            text.lines()
                .map(|l| if l.is_empty() { "\n".to_string() } else { format!("    {l}\n") })
                .collect::<String>()
        };
        match s {
            _ if has_long_texts(text) => None,
            Syntax::Python if text.contains("__future__") || text.contains("import *") => None,
            Syntax::Python => Some(format!("if True:\n{}", indented())),
            Syntax::Rust if text.contains("crate::") || text.contains("#![") => None,
            Syntax::Rust => Some(format!("mod stormy {{\n{}}}\n", indented())),
            _ if text.contains("import ") || text.contains("export ") => None,
            _ => Some(format!("{{\n{}}}\n", indented())),
        }
    })?;
    Some(Changed { files, line: |n| n + 1, folder: "" })
}

fn in_a_folder(files: &Memory) -> Option<Changed> {
    let mut changed = Memory { files: files.files.clone(), manifests: files.manifests.clone() };
    for (path, _) in &mut changed.files {
        *path = format!("north/wing/{path}").into();
    }
    for manifest in &mut changed.manifests {
        manifest.path = format!("north/wing/{}", manifest.path).into();
    }
    Some(Changed { files: changed, line: |n| n, folder: "north/wing/" })
}

/// `import x` under another name; `from` lines and other kinds of imports stay.
fn aliased(files: &Memory) -> Option<Changed> {
    let mut renamed = false;
    let mut changed = Memory { files: files.files.clone(), manifests: files.manifests.clone() };
    for (path, text) in &mut changed.files {
        let modules: Vec<String> = text.lines().filter_map(|line| imported(syntax(path), line)).collect();
        for module in modules {
            let other = format!("{module}_of_old");
            renamed = true;
            *text = text.lines().map(|line| renamed_line(syntax(path), line, &module, &other)).collect();
        }
    }
    renamed.then_some(Changed { files: changed, line: |n| n, folder: "" })
}

fn imported(syntax: Syntax, line: &str) -> Option<String> {
    let name = match syntax {
        Syntax::Python => line.strip_prefix("import ")?.split('#').next()?.trim(),
        Syntax::Script => line.strip_prefix("import ")?.split_once(" from ")?.0,
        _ => return None,
    };
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then(|| name.to_string())
}

fn renamed_line(syntax: Syntax, line: &str, module: &str, other: &str) -> String {
    if imported(syntax, line).as_deref() == Some(module) {
        return match syntax {
            Syntax::Python => format!("import {module} as {other}\n"),
            _ => line.replacen(module, other, 1) + "\n",
        };
    }
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(module) {
        let before = rest[..at].chars().next_back().or(out.chars().next_back());
        let after = rest[at + module.len()..].chars().next();
        let inside = |c: Option<char>| {
            c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '\'' | '/' | '-' | '@'))
        };
        let follows = after.is_some_and(|c| matches!(c, '.' | '(' | ')' | ',' | ';'));
        out.push_str(&rest[..at]);
        out.push_str(if !inside(before) && follows { other } else { module });
        rest = &rest[at + module.len()..];
    }
    out + rest + "\n"
}

/// The imports at the top, each on one line, turned round.
fn imports_turned(files: &Memory) -> Option<Changed> {
    let mut turned = false;
    let mut changed = Memory { files: files.files.clone(), manifests: files.manifests.clone() };
    for (path, text) in &mut changed.files {
        let is_import = |line: &&str| match syntax(path) {
            Syntax::Python => {
                (line.starts_with("import ") || line.starts_with("from ")) && !line.ends_with(['(', '\\'])
            }
            Syntax::Script => line.starts_with("import ") && line.contains(" from "),
            Syntax::Rust => line.starts_with("use ") && line.ends_with(';'),
            Syntax::Other => false,
        };
        let first: Vec<&str> = text.lines().take_while(is_import).collect();
        if first.len() > 1 && !text.contains("__future__") {
            turned = true;
            let rest = text.lines().skip(first.len());
            *text = first.iter().rev().copied().chain(rest).map(|l| format!("{l}\n")).collect();
        }
    }
    turned.then_some(Changed { files: changed, line: |n| n, folder: "" })
}

/// Runs one transformation over all examples of all rules; says what differs, and counts.
fn differences(change: fn(&Memory) -> Option<Changed>, same_fingerprints: bool) -> (Vec<String>, usize) {
    in_large_stack(move || {
        let mut out = Vec::new();
        let mut count = 0;
        for page in pages().iter().filter(|p| book().check(&p.title).is_some()) {
            for (line, files) in examples::projects(page, book()) {
                let Some(changed) = change(&files) else { continue };
                count += 1;
                let (before, marks) = findings(&files);
                let (after, new_marks) = findings(&changed.files);
                let code: BTreeMap<String, bool> =
                    files.files.iter().map(|(p, _)| (p.to_string(), true)).collect();
                let moved = |(path, n, rules, confidence): &Found| {
                    let n = if code.contains_key(path) { (changed.line)(*n) } else { *n };
                    (format!("{}{path}", changed.folder), n, rules.clone(), *confidence)
                };
                let expected: Vec<Found> = before.iter().map(moved).collect();
                let at = format!("{}:{line}", page.path);
                if expected != after {
                    out.extend(
                        expected.iter().filter(|f| !after.contains(f)).map(|f| format!("{at}: lost {f:?}")),
                    );
                    out.extend(
                        after.iter().filter(|f| !expected.contains(f)).map(|f| format!("{at}: new {f:?}")),
                    );
                } else if same_fingerprints && marks != new_marks {
                    out.push(format!("{at}: other fingerprints"));
                }
            }
        }
        (out, count)
    })
}

fn nothing_differs(change: fn(&Memory) -> Option<Changed>, same_fingerprints: bool, least: usize) {
    let (out, count) = differences(change, same_fingerprints);
    assert!(out.is_empty(), "{} differences in {count} examples:\n{}", out.len(), out.join("\n"));
    let all = std::env::var_os("PAGE").is_none();
    assert!(count >= least || !all, "only {count} examples could be changed");
}

#[test]
fn a_comment_above() {
    nothing_differs(comment_above, true, 100);
}

#[test]
fn comments_between_all_lines() {
    nothing_differs(comments_between, true, 150);
}

#[test]
fn carriage_returns_at_line_ends() {
    nothing_differs(carriage_returns, true, 100);
}

#[test]
fn unrelated_code_below() {
    nothing_differs(code_below, true, 100);
}

#[test]
fn wrapped_in_a_block() {
    nothing_differs(in_a_block, true, 80);
}

#[test]
fn deeper_in_folders() {
    nothing_differs(in_a_folder, false, 100);
}

#[test]
fn imported_under_another_name() {
    nothing_differs(aliased, false, 20);
}

#[test]
fn imports_in_another_order() {
    nothing_differs(imports_turned, true, 20);
}

/// Files are cut in the middle while someone types; nothing may be lost but what is not there.
#[test]
fn a_text_cut_anywhere_is_lowered() {
    let wrong = in_large_stack(|| {
        let mut wrong = Vec::new();
        for page in pages() {
            for example in &page.examples {
                let ends: Vec<usize> = example.code.char_indices().map(|(at, _)| at).collect();
                for end in ends.iter().step_by(1 + ends.len() / 24) {
                    let source = Source::new(FileId(0), example.file_name(), &example.code[..*end]);
                    let Some(facts) = authlint::lower::lower(&source) else { continue };
                    let spans = show::all(&facts).into_iter().map(|(span, _)| span);
                    let spans = spans.chain(facts.values.iter().map(|v| v.span));
                    for span in spans.chain(facts.troubles.iter().map(|t| t.span)) {
                        if source.text.get(span.range()).is_none() {
                            wrong.push(format!("{}:{} cut at {end}: {span:?}", page.path, example.line));
                        }
                    }
                }
            }
        }
        wrong
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
