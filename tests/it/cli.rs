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

/// The action's scan step as a runner starts it (`bash -e`), with a program that ends with `status`:
/// what the program was given, and what the step hands on.
#[cfg(unix)]
fn scan_step(name: &str, status: u8, inputs: &[(&str, &str)]) -> (String, String) {
    use std::os::unix::fs::PermissionsExt;

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("action {name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let program = folder.join("authlint");
    let report = if status < 2 { "echo '{}' > out.sarif" } else { "" };
    fs::write(&program, format!("#!/bin/sh\nprintf '<%s>' \"$@\"\n{report}\nexit {status}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(folder.join("out.sarif"), "of an earlier scan").unwrap();

    let action = read("action.yml");
    let step = action.split("- name: Scan\n").nth(1).unwrap().split("- name:").next().unwrap();
    let script = step.split("run: |\n").nth(1).unwrap();
    let done = std::process::Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
        .current_dir(&folder)
        .env("GITHUB_OUTPUT", "output")
        .envs([("BINARY", program.to_str().unwrap()), ("INSTALLED", ""), ("PATHS", "."), ("ARGS", "")])
        .envs([("FAIL_ON", "low"), ("SARIF", "out.sarif"), ("CATEGORY", "authlint")])
        .envs(inputs.iter().copied())
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let given = String::from_utf8(done.stdout).unwrap();
    (given, fs::read_to_string(folder.join("output")).unwrap())
}

#[cfg(unix)]
#[test]
fn the_action_hands_the_status_on_so_that_the_upload_comes_first() {
    let (given, output) = scan_step("findings", 1, &[]);
    let flags = "<scan><--format><sarif=out.sarif><--format><human><--fail-on><low><--category><authlint>";
    assert_eq!(given, format!("{flags}<--><.>"));
    assert!(output.starts_with("status=1\nsarif=/") && output.ends_with("/out.sarif\n"), "{output}");
    // Nothing to upload: not even the report of an earlier scan.
    assert_eq!(scan_step("broken", 2, &[]).1, "status=2\n");
}

#[cfg(unix)]
#[test]
fn the_action_never_runs_what_its_inputs_say() {
    let inputs =
        [("PATHS", "a b\n\n$(touch ran)\n-x"), ("ARGS", "--strict ; touch ran"), ("CATEGORY", "`touch ran`")];
    let (given, _) = scan_step("inputs", 0, &inputs);
    assert!(given.ends_with("<`touch ran`><--strict><;><touch><ran><--><a b><$(touch ran)><-x>"), "{given}");
    assert!(!Path::new(env!("CARGO_TARGET_TMPDIR")).join("action inputs/ran").exists());
}

/// A commit that touches only configuration or a lock file may bring a finding as well.
#[test]
fn the_hook_runs_for_all_that_is_read() {
    let text = read(".pre-commit-hooks.yaml");
    let block = text.split("files: |\n").nth(1).unwrap();
    let lines = block.lines().map_while(|line| line.strip_prefix("    "));
    let pattern: String = lines.map(|line| format!("{line}\n")).collect();
    let pattern = regex::Regex::new(&pattern).unwrap();
    for path in [
        "src/auth.ts",
        "a.tsx",
        "a.mjs",
        "a.cts",
        "app/main.py",
        "src/main.rs",
        "a.vue",
        "a.svelte",
        ".env",
        "deploy/.env.production",
        "prod.env",
        "package.json",
        "package-lock.json",
        "yarn.lock",
        "bun.lockb",
        "pnpm-lock.yaml",
        "uv.lock",
        "Cargo.lock",
        "Cargo.toml",
        "requirements-dev.txt",
        "Pipfile",
        "Dockerfile",
        "docker/Dockerfile.prod",
        "api.dockerfile",
        "k8s/a.yml",
        "main.tf",
        "prod.tfvars",
        "a.hcl",
        "b.sql",
        "authlint.toml",
        "tsconfig.json",
    ] {
        assert!(pattern.is_match(path), "{path}");
    }
    for path in ["README.md", "logo.png", "src/a.css", "environment.txt", "a.tsv", "LICENSE"] {
        assert!(!pattern.is_match(path), "{path}");
    }
}
