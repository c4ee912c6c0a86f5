//! Documentation that follows from pages and code: written when `UPDATE=1`, compared otherwise.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use authlint::cli::Cli;
use authlint::concepts::{Role, State};
use authlint::rulebook::check::{Check, Judgement, Limit};
use authlint::rulebook::model::{Base, Model, Spec};
use authlint::rulebook::{self, Kind, Page};
use authlint::scan::examples;
use authlint::source::{Ecosystem, Str};
use clap::Parser as _;

use crate::support::book;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Written when `UPDATE=1`, compared otherwise.
fn fresh(path: &str, text: &str) {
    let file = root().join(path);
    let there = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    if std::env::var_os("UPDATE").is_some() {
        if there != text {
            std::fs::write(&file, text).unwrap();
        }
        return;
    }
    assert!(there == text, "{path} is stale: run `UPDATE=1 cargo test docs`");
}

// ---- rules

#[test]
fn the_rule_index_is_fresh() {
    let mut out = String::from(
        "# Rules\n\n<!-- Written by `UPDATE=1 cargo test docs` from the pages in rules/checks/. -->\n\n\
         Each rule is a page: what is wrong, why, how to mend it, what to ask a coding assistant, and the examples that the\n\
         test suite runs. `authlint explain RULE` shows the page in the terminal. *Advice* is reported with `--strict`, or\n\
         when the rule is selected by its id.\n",
    );
    let areas: BTreeSet<&str> = book().checks.iter().map(area).collect();
    for area_name in areas {
        let _ = write!(
            out,
            "\n## {area_name}\n\n| rule | severity | what is wrong | judged on | catalogues |\n|---|---|---|---|---|\n"
        );
        for check in book().checks.iter().filter(|c| area(c) == area_name) {
            let advice = if check.advice { ", advice" } else { "" };
            let _ = writeln!(
                out,
                "| [`{id}`](../rules/checks/{id}.md) | {}{advice} | {} | {} | {} |",
                check.severity.word(),
                check.title.replace('|', "\\|"),
                judged_on(check),
                catalogues(check),
                id = check.id,
            );
        }
    }
    out.push_str("\n## Limits\n\nSet in `authlint.toml` below `[limits]`.\n\n| limit | default | rule |\n|---|---|---|\n");
    for check in &book().checks {
        for (name, limit) in &check.limits {
            let _ = writeln!(out, "| `{name}` | {} | `{}` |", default_of(name, limit), check.id);
        }
    }
    fresh("docs/rules.md", &out);
}

fn area(check: &Check) -> &str {
    check.id.split('-').next().unwrap_or_default()
}

fn judged_on(check: &Check) -> String {
    match &check.judgement {
        Judgement::When(judged) => {
            judged.on.iter().map(|c| format!("`{}`", c.name)).collect::<Vec<_>>().join(", ")
        }
        Judgement::Analysis(name, _) => format!("the analysis `{name}`"),
        Judgement::Builtin => "comments".into(),
    }
}

fn catalogues(check: &Check) -> String {
    let known = &check.references;
    let mut all: Vec<String> = known.cwe.iter().map(|n| format!("CWE-{n}")).collect();
    all.extend(known.owasp.iter().chain(&known.api).map(|id| format!("OWASP {id}")));
    all.extend(known.rfc.iter().map(ToString::to_string));
    all.join(", ")
}

fn default_of(name: &str, limit: &Limit) -> String {
    match limit {
        Limit::Number(n) => n.to_string(),
        Limit::Span(seconds) => (seconds / rulebook::read_check::span_of(name).unwrap_or(1.0)).to_string(),
        Limit::Words(words) => words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(" "),
    }
}

#[test]
fn every_rule_says_why_and_how_to_mend() {
    let mut missing = Vec::new();
    for (path, text) in rulebook::embedded_pages() {
        if rulebook::kind_of(path) != Some(Kind::Check) {
            continue;
        }
        let page = Page::parse(path, text).unwrap();
        for heading in ["Why", "Fix", "Prompt", "References"] {
            let section = page.sections.iter().find(|s| s.heading == heading);
            if section.is_none_or(|s| text[s.body.clone()].trim().is_empty()) {
                missing.push(format!("{path}: no section `{heading}`"));
            }
        }
        if page.lead.trim().is_empty() {
            missing.push(format!("{path}: no line under the title"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

// ---- libraries

const CHECKS: [&str; 5] = ["signature", "algorithms", "expiry", "issuer", "audience"];

/// A line of the matrix: an entry of a page and what its roles are when no option is given.
struct Row<'m> {
    model: &'m Model,
    concept: &'static str,
    entry: String,
    versions: String,
    states: Vec<String>,
}

#[test]
fn the_library_matrix_is_fresh() {
    let mut rows = Vec::new();
    let mut models: Vec<&Model> = book().models.iter().filter(|m| !m.package.is_empty()).collect();
    models.sort_by_key(|m| (m.ecosystem, m.package.to_lowercase()));
    for model in models {
        rows.extend(rows_of(model));
    }
    let mut out = String::from(
        "# Libraries\n\n<!-- Written by `UPDATE=1 cargo test docs` from the pages in rules/models/. -->\n\n\
         What each library does when a call passes no option that says otherwise. The page of a library has the options,\n\
         the versions on which it was read, and the examples that prove it.\n\n\
         `checked`: done, and a token that does not fit is rejected. `unchecked`: not asked for. `off`: switched off by this\n\
         very call. `inferred`: derived from the key; for an audience, tokens that carry one are rejected when none is\n\
         expected. `set`, `unset`: the claim is written, or not, without being asked for. `unknown`: hangs on something that a\n\
         page cannot say. `-`: the page does not speak of it. Two states with `or`: it depends on the object that is passed.\n\
         Of several lines for one entry the first whose condition and versions fit counts.\n",
    );
    for (ecosystem, name) in
        [(Ecosystem::Npm, "npm"), (Ecosystem::PyPi, "PyPI"), (Ecosystem::Crates, "Cargo")]
    {
        let of = |concepts: &[&str]| {
            rows.iter()
                .filter(|r| r.model.ecosystem == ecosystem && concepts.contains(&r.concept))
                .collect::<Vec<_>>()
        };
        let _ = write!(
            out,
            "\n## {name}: verifying\n\n| package | entry | versions | {} |\n|---|---|---|{}\n",
            CHECKS.join(" | "),
            "---|".repeat(CHECKS.len())
        );
        table(&mut out, &of(&["jwt.verify"]));
        let _ = write!(
            out,
            "\n## {name}: issuing\n\n| package | entry | versions | {} |\n|---|---|---|{}\n",
            ISSUED.join(" | "),
            "---|".repeat(ISSUED.len())
        );
        table(&mut out, &of(&["jwt.sign", "jwt.issue"]));
        let _ = write!(
            out,
            "\n## {name}: reading without verifying\n\n| package | entry | versions | gives |\n|---|---|---|---|\n"
        );
        table(&mut out, &of(&["jwt.decode", "jwt.header"]));
    }
    fresh("docs/libraries.md", &out);
}

const ISSUED: [&str; 3] = ["expiry", "issued", "id"];

fn table(out: &mut String, rows: &[&Row]) {
    let mut written = BTreeSet::new();
    for row in rows {
        let line = format!(
            "| [{}](../rules/{}) | {} | {} | {} |",
            row.model.package,
            row.model.page,
            row.entry,
            row.versions,
            row.states.join(" | ")
        );
        if written.insert(line.clone()) {
            out.push_str(&line);
            out.push('\n');
        }
    }
}

fn rows_of(model: &Model) -> Vec<Row<'_>> {
    let (_, text) = rulebook::embedded_pages().iter().find(|(path, _)| *path == model.page).unwrap();
    let page = Page::parse(&model.page, text).unwrap();
    let definition: toml::Table = toml::from_str(&text[page.definition]).unwrap();
    let entries =
        |kind: &str| definition.get(kind).and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let versions = |entry: Option<&toml::Value>| {
        let all = [definition.get("versions"), entry.and_then(|e| e.get("versions"))];
        all.into_iter()
            .flatten()
            .filter_map(toml::Value::as_str)
            .map(|v| format!("`{v}`"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let type_versions: Vec<String> = entries("type").iter().map(|t| versions(Some(t))).collect();
    let mut rows = Vec::new();
    let calls = entries("call");
    for (n, call) in model.calls.iter().enumerate() {
        let Some(concept) = call.concept else { continue };
        let when = calls
            .get(n)
            .and_then(|c| c.get("when"))
            .map(|w| format!(" when `{}`", shown(w)))
            .unwrap_or_default();
        let states = states(model, &type_versions, concept.name, concept.roles, &call.roles, &call.paths);
        rows.push(Row {
            model,
            concept: concept.name,
            entry: names(&call.paths) + &when,
            versions: versions(calls.get(n)),
            states,
        });
    }
    let settings = entries("setting");
    for (n, setting) in model.settings.iter().enumerate() {
        let states = states(
            model,
            &type_versions,
            setting.concept.name,
            setting.concept.roles,
            &setting.roles,
            std::slice::from_ref(&setting.key),
        );
        rows.push(Row {
            model,
            concept: setting.concept.name,
            entry: format!("setting `{}`", setting.key),
            versions: versions(settings.get(n)),
            states,
        });
    }
    rows
}

/// A value of a definition on one line.
fn shown(value: &toml::Value) -> String {
    match value {
        toml::Value::Table(table) => {
            table.iter().map(|(k, v)| format!("{k} = {v}")).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
    .replace('|', "\\|")
}

fn names(paths: &[Str]) -> String {
    let shown: Vec<String> = paths.iter().take(3).map(|p| format!("`{p}`")).collect();
    let more = if paths.len() > 3 { format!(" and {} more", paths.len() - 3) } else { String::new() };
    shown.join(", ") + &more
}

fn states(
    model: &Model,
    type_versions: &[String],
    concept: &str,
    roles: &[Role],
    specs: &[(Str, Spec)],
    paths: &[Str],
) -> Vec<String> {
    let of = |name: &str| {
        let Some(role) = roles.iter().find(|r| r.name == name) else { return "-".to_string() };
        let Some((_, spec)) = specs.iter().find(|(n, _)| n == name) else { return "-".to_string() };
        // An entry that stands for a key is there because the key is set.
        let is_key = |base: &Base| matches!(base, Base::Setting(keys) if paths.first().is_some_and(|p| *p == keys.join(".")));
        if spec.alternatives.iter().flat_map(|a| &a.from).any(|s| is_key(&s.base)) {
            return "as it is set".to_string();
        }
        let all = by_default(model, spec, role.absent, paths, type_versions);
        let one = all.iter().all(|(state, _)| *state == all[0].0);
        let word = |(state, versions): &(State, String)| match versions.is_empty() || one {
            true => state.word().to_string(),
            false => format!("{} ({versions})", state.word()),
        };
        all.iter()
            .map(word)
            .collect::<Vec<_>>()
            .into_iter()
            .take(if one { 1 } else { all.len() })
            .collect::<Vec<_>>()
            .join(" or ")
    };
    match concept {
        "jwt.verify" => CHECKS.iter().map(|r| of(r)).collect(),
        "jwt.sign" | "jwt.issue" => ISSUED.iter().map(|r| of(r)).collect(),
        "jwt.decode" => vec!["claims".into()],
        _ => vec!["the header".into()],
    }
}

/// The states of a role when nothing that it looks for is there, and the versions of the types
/// that say so.
fn by_default(
    model: &Model,
    spec: &Spec,
    absent: State,
    paths: &[Str],
    type_versions: &[String],
) -> Vec<(State, String)> {
    if let Some(state) = spec.alternatives.iter().filter(|a| a.from.is_empty()).find_map(|a| a.state) {
        return vec![(state, String::new())];
    }
    // A property of an object that the call takes has a default of its own.
    let mut out = Vec::new();
    for source in spec.alternatives.iter().flat_map(|a| &a.from) {
        let ([.., property], Base::Arg(_) | Base::Keyword(_) | Base::Receiver | Base::Result) =
            (source.path.as_slice(), &source.base)
        else {
            continue;
        };
        let of_receiver = |name: &str| {
            paths
                .iter()
                .any(|p| p.rsplit_once('.').is_some_and(|(owner, _)| owner.rsplit('.').next() == Some(name)))
        };
        for (n, owner) in model
            .types
            .iter()
            .enumerate()
            .filter(|(_, t)| source.base != Base::Receiver || of_receiver(&t.name))
        {
            for (_, of_type) in owner.properties.iter().filter(|(name, _)| name == property) {
                let own = of_type.alternatives.iter().filter(|a| a.from.is_empty()).find_map(|a| a.state);
                let state = own.or(of_type.absent).unwrap_or(absent);
                // An object of another purpose may happen to have a property of that name.
                let of_a_value = |s: State| matches!(s, State::Set | State::Unset);
                let found = (state, type_versions.get(n).cloned().unwrap_or_default());
                if of_a_value(state) == of_a_value(absent) && !out.contains(&found) {
                    out.push(found);
                }
            }
        }
    }
    if out.is_empty() {
        out.push((spec.absent.unwrap_or(absent), String::new()));
    }
    out
}

// ---- commands

/// Lines of fences that hold commands: (file, line, command).
fn commands() -> Vec<(String, usize, String)> {
    let mut files: Vec<PathBuf> = ["README.md", "CONTRIBUTING.md"].iter().map(|f| root().join(f)).collect();
    files.extend(
        std::fs::read_dir(root().join("docs"))
            .unwrap()
            .flatten()
            .map(|e| e.path())
            .filter(|p| p.extension().is_some_and(|e| e == "md")),
    );
    let mut out = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        // The marker of the open fence, and whether it holds commands.
        let mut fence: Option<(&str, bool)> = None;
        for (n, line) in text.lines().enumerate() {
            let line = line.trim();
            let info = line.trim_start_matches('`');
            let marker = &line[..line.len() - info.len()];
            if marker.len() > 2 {
                fence = match fence {
                    Some((open, _)) if open == marker => None,
                    Some(other) => Some(other),
                    None => Some((marker, ["sh", "bash", "console", "shell"].contains(&info))),
                };
            } else if fence.is_some_and(|(_, commands)| commands) {
                let command =
                    line.trim().trim_start_matches("$ ").split(" #").next().unwrap_or_default().trim();
                if !command.is_empty() && !command.starts_with('#') {
                    out.push((
                        file.file_name().unwrap().to_string_lossy().into_owned(),
                        n + 1,
                        command.to_string(),
                    ));
                }
            }
        }
    }
    out
}

#[test]
fn commands_in_the_documentation_exist() {
    let justfile = std::fs::read_to_string(root().join("justfile")).unwrap();
    let mut wrong = Vec::new();
    for (file, line, command) in commands() {
        for part in command.split(" && ").flat_map(|c| c.split(" | ")) {
            let words: Vec<&str> =
                part.split_whitespace().skip_while(|w| w.contains('=') && !w.starts_with('-')).collect();
            let words: Vec<&str> = words.split(|w| w.starts_with('>')).next().unwrap_or_default().to_vec();
            let own = |arguments: &[&str]| {
                Cli::try_parse_from(std::iter::once("authlint").chain(arguments.iter().copied()))
                    .err()
                    .map(|e| e.to_string())
            };
            let after_dashes = words.iter().position(|w| *w == "--");
            let problem = match words.as_slice() {
                [program, arguments @ ..] if program.ends_with("authlint") => own(arguments),
                ["cargo", "run", ..] => after_dashes.and_then(|at| own(&words[at + 1..])),
                ["just", recipe, ..] => {
                    (!justfile.lines().any(|l| l.split([' ', ':']).next() == Some(recipe)))
                        .then(|| "no such recipe".to_string())
                }
                [program, ..] if program.starts_with('.') => {
                    (!root().join(program).exists()).then(|| "no such file".to_string())
                }
                _ => None,
            };
            wrong.extend(problem.map(|p| format!("{file}:{line}: `{part}`: {p}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut files = vec![
        root().join("README.md"),
        root().join("ARCHITECTURE.md"),
        root().join("CONTRIBUTING.md"),
        root().join("rules/README.md"),
    ];
    files.extend(
        std::fs::read_dir(root().join("docs"))
            .unwrap()
            .flatten()
            .map(|e| e.path())
            .filter(|p| p.extension().is_some_and(|e| e == "md")),
    );
    let mut broken = BTreeSet::new();
    for file in files {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        for part in text.split("](").skip(1) {
            let target = part.split([')', '#', ' ']).next().unwrap_or_default();
            let is_local = !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:");
            if is_local && !file.parent().unwrap_or(Path::new("")).join(target).exists() {
                broken.insert(format!("{}: {target}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.into_iter().collect::<Vec<_>>().join("\n"));
}

/// The page that CONTRIBUTING.md walks through is a page that holds.
#[test]
fn the_page_of_the_walk_through_holds() {
    let text = std::fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap().replace("\r\n", "\n");
    let start = text.find("````markdown\n").unwrap() + "````markdown\n".len();
    let end = start + text[start..].find("````").unwrap();
    let page: String = text[start..end]
        .lines()
        .map(|line| format!("{}\n", line.strip_prefix("   ").unwrap_or(line)))
        .collect();
    let mut book = book().clone();
    book.add("models/npm/tiny-jwt.md", &page).unwrap_or_else(|e| panic!("{e}"));
    book.finish();
    let page = Page::parse("models/npm/tiny-jwt.md", &page).unwrap();
    let (failures, proven) = crate::support::in_large_stack(move || examples::run_model(&page, &book));
    assert!(failures.is_empty(), "{failures:?}");
    assert_eq!(proven.len(), 1, "the one entry is proven");
}
