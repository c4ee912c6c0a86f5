//! The command line as users meet it (cases are data in `tests/cmd`), and the ways in from elsewhere:
//! the action and the hook.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn commands_say_what_the_cases_say() {
    trycmd::TestCases::new().env("NO_COLOR", "1").env("COLUMNS", "100").case("tests/cmd/*.md");
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn read(path: &str) -> String {
    fs::read_to_string(top().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A value that reaches a shell through its text can carry commands; through `env` it cannot.
#[test]
fn workflows_keep_expressions_out_of_scripts() {
    for path in ["action.yml", ".github/workflows/ci.yml"] {
        let text = read(path);
        let mut script_indent = None;
        for line in text.lines() {
            let indent = line.len() - line.trim_start().len();
            if script_indent.is_some_and(|outer| indent <= outer && !line.trim().is_empty()) {
                script_indent = None;
            }
            let bare = line.trim_start().trim_start_matches("- ");
            let in_script = script_indent.is_some() || bare.starts_with("run:");
            assert!(!(in_script && line.contains("${{")), "{path}: {line}");
            if bare.starts_with("run:") {
                script_indent = Some(indent);
            }
        }
    }
}

/// A tag can be moved, a commit cannot.
#[test]
fn actions_are_pinned_to_commits() {
    for path in ["action.yml", ".github/workflows/ci.yml"] {
        for line in
            read(path).lines().filter(|line| line.trim_start().trim_start_matches("- ").starts_with("uses:"))
        {
            let pinned = line.split_once('@').is_some_and(|(_, rest)| {
                let (hash, comment) = rest.split_once(' ').unwrap_or((rest, ""));
                hash.len() == 40 && hash.chars().all(|c| c.is_ascii_hexdigit()) && comment.starts_with("# v")
            });
            assert!(pinned, "{path}: {line}");
        }
    }
}

#[test]
fn the_action_installs_this_version() {
    let text = read("action.yml");
    let version = format!("default: \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(text.contains(&version), "action.yml does not default to {version}");
}
