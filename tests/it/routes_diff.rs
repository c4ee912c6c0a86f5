//! What became of the endpoints since a revision: the comparison, its forms, and the files of a
//! revision as git has them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use authlint::endpoint::changes::{Changes, between};
use authlint::endpoint::survey::Survey;
use authlint::endpoint::{Answer, Endpoint};
use authlint::lower;
use authlint::report::Options;
use authlint::report::routes::{Format, Since, render_changes};
use authlint::walk::git::GitError;
use authlint::walk::revision::{Revision, revision};
use authlint::walk::{self, Read};

use authlint::cli::Cli;
use authlint::run::{Ended, RunError, describe, run};
use clap::Parser as _;

use crate::routes_report::{does, endpoint, guard, shop, survey};

fn with(mut endpoint: Endpoint, authentication: Answer) -> Endpoint {
    endpoint.authentication = authentication;
    endpoint
}

/// What was, and what is.
fn states() -> (Survey, Survey) {
    let user = || guard("requireUser", does(Answer::Yes, Answer::No));
    let admin = || guard("requireAdmin", does(Answer::No, Answer::Yes));
    let log = || guard("logRequests", does(Answer::No, Answer::No));
    let before = survey(vec![
        endpoint("GET", "/gone", "gone", vec![user()]),
        endpoint("GET", "/same/{id}", "same", vec![user(), log()]),
        endpoint("DELETE", "/users/{id}", "removeUser", vec![user(), admin()]),
        endpoint("GET", "/y", "y", vec![user()]),
        endpoint("GET", "/z", "z", vec![user()]),
    ]);
    let after = survey(vec![
        endpoint("GET", "/same/{key}", "renamed", vec![user()]),
        endpoint("DELETE", "/users/{user}", "removeUser", vec![user()]),
        with(endpoint("GET", "/y", "y", vec![user()]), Answer::No),
        endpoint("GET", "/z", "z", vec![user(), admin()]),
        endpoint("POST", "/x", "x", vec![]),
        endpoint("POST", "/w", "w", vec![user()]),
    ]);
    (before, after)
}

fn text(format: Format, before: &Survey, after: &Survey, changes: &Changes) -> Option<String> {
    let since =
        Since { survey: before, revision: "main", commit: "0123456789abcdef0123456789abcdef01234567" };
    render_changes(format, after, &since, changes, &Options::default())
}

#[test]
fn lost_protection_comes_first() {
    let (before, after) = states();
    let changes = between(&before, &after);
    insta::assert_snapshot!(text(Format::Human, &before, &after, &changes).unwrap());
    insta::assert_snapshot!(text(Format::Markdown, &before, &after, &changes).unwrap());
    assert_eq!(changes.unprotected(), 3);
    assert!(text(Format::Csv, &before, &after, &changes).is_none());

    let json = text(Format::Json, &before, &after, &changes).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["added"][1]["path"], "/x");
    assert_eq!(json["removed"][0]["path"], "/gone");
    assert_eq!(json["changed"][0]["lost"][0], "requireAdmin");
    assert_eq!(json["changed"][0]["answers"][0]["what"], "role");
    assert_eq!(json["changed"][0]["weakened"], true);
    assert_eq!(json["changed"][2]["gained"][0], "requireAdmin");

    let mut only = between(&before, &after);
    only.keep_unprotected();
    assert_eq!((only.added.len(), only.removed.len(), only.changed.len()), (1, 0, 2));
}

#[test]
fn the_same_is_no_change() {
    let changes = between(&shop(), &shop()).is_empty();
    assert!(changes);
    let (before, after) = (shop(), shop());
    let text = text(Format::Human, &before, &after, &between(&before, &after)).unwrap();
    assert!(text.ends_with("0 endpoints added, 0 removed, 0 changed since main (0123456789)\n"), "{text}");
}

#[test]
fn several_endpoints_of_one_address_are_told_apart() {
    let two = |first: &str, second: &str| {
        survey(vec![endpoint("GET", "/a", first, vec![]), endpoint("GET", "/a", second, vec![])])
    };
    assert!(between(&two("one", "two"), &two("two", "one")).is_empty());
    let (before, after) = (two("one", "two"), survey(vec![endpoint("GET", "/a", "two", vec![])]));
    let changes = between(&before, &after);
    assert_eq!(changes.removed.len(), 1);
    assert_eq!(changes.removed[0].handler, "one");
    // No longer known is not lost.
    let known = survey(vec![with(endpoint("GET", "/a", "a", vec![]), Answer::Yes)]);
    let unknown = survey(vec![with(endpoint("GET", "/a", "a", vec![]), Answer::Unknown)]);
    assert!(!between(&known, &unknown).changed[0].is_loss());
}

// ---- git

pub struct Scratch {
    pub top: PathBuf,
}

impl Scratch {
    pub fn new(name: &str) -> Scratch {
        let top = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("git {name}"));
        let _ = fs::remove_dir_all(&top);
        fs::create_dir_all(&top).unwrap();
        let scratch = Scratch { top: top.canonicalize().unwrap() };
        scratch.git(&["init", "-q", "-b", "main"]);
        scratch
    }

    pub fn git(&self, arguments: &[&str]) {
        let done = Command::new("git")
            .current_dir(&self.top)
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .output()
            .unwrap();
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.top.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn commit(&self) {
        self.git(&["add", "-A", "-f"]);
        self.git(&["commit", "-q", "-m", "a"]);
    }

    fn at(&self, given: &[&str], options: &walk::Options) -> Revision {
        let given: Vec<PathBuf> = given.iter().map(|path| self.top.join(path)).collect();
        let wants = |name: &str| lower::syntax_of(name).is_some();
        revision(&given, &self.top, "HEAD", options, wants).unwrap()
    }
}

fn paths(revision: &Revision) -> Vec<&str> {
    revision.paths.iter().map(|path| path.as_str()).collect()
}

#[test]
fn a_revision_has_the_files_that_a_walk_finds() {
    let scratch = Scratch::new("files");
    for (path, text) in [
        (".gitignore", "*.gen.ts\n/out/\n"),
        ("api/.gitignore", "!keep.gen.ts\nlocal.ts\n"),
        ("package.json", "{}"),
        ("api/package.json", "{}"),
        ("api/a.ts", "a"),
        ("api/é ü.ts", "b"),
        ("api/x.gen.ts", "ignored although it is kept"),
        ("api/keep.gen.ts", "c"),
        ("api/local.ts", "ignored"),
        ("api/.env", "A=1"),
        ("api/.hidden/x.ts", "hidden"),
        ("api/node_modules/x/index.js", "foreign"),
        ("api/env/pyvenv.cfg", ""),
        ("api/env/lib/x.py", "foreign"),
        (".github/workflows/ci.yml", "on: push"),
        ("out/x.ts", "ignored"),
        ("web/b.ts", "d"),
        ("README.md", "no syntax"),
    ] {
        scratch.write(path, text);
    }
    scratch.write("api/big.ts", "x".repeat(5000));
    #[cfg(unix)]
    std::os::unix::fs::symlink("a.ts", scratch.top.join("api/link.ts")).unwrap();
    scratch.commit();

    let options = walk::Options { max_bytes: 4000, ..walk::Options::default() };
    let wants = |name: &str| lower::syntax_of(name).is_some();
    for given in [vec!["api"], vec!["."], vec!["api", "web"]] {
        let absolute: Vec<PathBuf> = given.iter().map(|path| scratch.top.join(path)).collect();
        let absolute: Vec<PathBuf> = absolute.iter().map(|path| path.canonicalize().unwrap()).collect();
        let tree = walk::walk(&absolute, &options, wants).unwrap();
        let root = tree.root.strip_prefix(&scratch.top).unwrap().to_string_lossy().into_owned();
        let walked: Vec<String> = tree
            .files
            .iter()
            .map(|f| if root.is_empty() { f.path.to_string() } else { format!("{root}/{}", f.path) })
            .collect();
        let given: Vec<&str> = given.iter().map(|path| path.trim_start_matches('.')).collect();
        let found = scratch.at(&given, &options);
        assert_eq!(paths(&found), walked);
        assert_eq!(found.manifests.len(), tree.manifests.len());
    }

    let found = scratch.at(&["api"], &options);
    assert_eq!(paths(&found), ["api/.env", "api/a.ts", "api/big.ts", "api/keep.gen.ts", "api/é ü.ts"]);
    assert_eq!(
        found.manifests.iter().map(|m| m.path.as_str()).collect::<Vec<_>>(),
        ["api/package.json", "package.json"]
    );
    assert!(found.tracked.contains("api/.env"));
    assert!(matches!(found.read(1, &options), Read::Text { text, .. } if text == "a"));
    assert!(
        matches!(found.read(2, &options), Read::Skipped { reason, .. } if reason == "larger than 4000 bytes")
    );
    // A file that is named is not hidden by anything.
    assert_eq!(paths(&scratch.at(&["api/local.ts"], &options)), ["api/local.ts"]);
}

#[test]
fn a_revision_is_what_was_committed_and_leaves_the_work_tree_alone() {
    let scratch = Scratch::new("work tree");
    scratch.write("a.ts", "old\r\n");
    scratch.write("gone/b.ts", "b");
    scratch.commit();
    scratch.write("a.ts", "new");
    scratch.write("c.ts", "new");
    fs::remove_dir_all(scratch.top.join("gone")).unwrap();
    // A repository may name programs; none of them runs.
    let ran = scratch.top.join("ran");
    let program = format!("touch '{}'", ran.display());
    scratch.git(&["config", "core.fsmonitor", &program]);
    scratch.git(&["config", "core.pager", &program]);
    scratch.git(&["config", "filter.x.smudge", &program]);
    let _ = fs::remove_file(&ran);
    let found = scratch.at(&[""], &walk::Options::default());
    assert_eq!(paths(&found), ["a.ts", "gone/b.ts"]);
    assert!(matches!(found.read(0, &walk::Options::default()), Read::Text { text, .. } if text == "old\r\n"));
    assert_eq!(fs::read_to_string(scratch.top.join("a.ts")).unwrap(), "new");
    assert!(!scratch.top.join("gone").exists() && !ran.exists());
}

#[test]
fn many_files_pass_through_both_pipes() {
    let scratch = Scratch::new("many");
    for n in 0..1500 {
        scratch.write(&format!("f{n:04}.ts"), format!("// {n}\n{}", "x\n".repeat(200)));
    }
    scratch.commit();
    let found = scratch.at(&[""], &walk::Options::default());
    assert_eq!(found.paths.len(), 1500);
    let Read::Text { text, .. } = found.read(1499, &walk::Options::default()) else { panic!("unreadable") };
    assert!(text.starts_with("// 1499\n"));
}

#[test]
fn what_is_no_revision_is_said() {
    let wants = |name: &str| lower::syntax_of(name).is_some();
    let ask = |folder: &Path, rev: &str| {
        revision(&[folder.to_path_buf()], folder, rev, &walk::Options::default(), wants).unwrap_err()
    };
    let scratch = Scratch::new("unknown");
    for rev in ["main", "HEAD", "nope", "--all", "", "HEAD:a.ts", "@{u}"] {
        let error = ask(&scratch.top, rev);
        assert!(matches!(error, GitError::UnknownRevision { .. }), "{rev}: {error}");
        assert!(error.help().contains("git fetch"));
    }
    let outside = std::env::temp_dir().join("authlint outside of git");
    fs::create_dir_all(&outside).unwrap();
    let error = ask(&outside.canonicalize().unwrap(), "HEAD");
    assert!(matches!(error, GitError::NoRepository { .. }), "{error}");
}

// ---- commands

fn authlint(arguments: &[&str]) -> Result<(Ended, String), RunError> {
    let cli = Cli::try_parse_from(std::iter::once("authlint").chain(arguments.iter().copied()));
    let mut out = Vec::new();
    let ended = run(cli.unwrap_or_else(|e| panic!("{e}")), &mut out)?;
    Ok((ended, String::from_utf8(out).unwrap()))
}

/// Without the lines that a terminal breaks it into.
fn said(error: &RunError) -> String {
    describe(error).replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn commands_say_what_is_wrong_with_a_revision() {
    let scratch = Scratch::new("commands");
    scratch.write("src/app.ts", "export const one = 1;");
    scratch.commit();
    let top = scratch.top.to_str().unwrap();
    let error = authlint(&["routes", "--diff", "nope", top]).unwrap_err();
    assert!(said(&error).contains("`nope` is no revision of the repository"), "{}", said(&error));
    assert!(said(&error).contains("a shallow clone has to fetch it first"), "{}", said(&error));
    let outside = std::env::temp_dir().join("authlint outside of git either");
    fs::create_dir_all(&outside).unwrap();
    let error = authlint(&["routes", "--diff", "HEAD", outside.to_str().unwrap()]).unwrap_err();
    assert!(said(&error).contains("is in no git repository"), "{}", said(&error));
    let error = authlint(&["routes", "--diff", "HEAD", "--format", "csv", top]).unwrap_err();
    assert!(said(&error).contains("csv shows one state"), "{}", said(&error));
    let (ended, text) = authlint(&["routes", "--diff", "HEAD", "--fail-on", "unprotected", top]).unwrap();
    assert_eq!(ended, Ended::Clean);
    assert!(text.starts_with("0 endpoints added"), "{text}");
}

const SHOP: &str = "\
import express from 'express'; import { authGate } from '@acme/gate';
import jwt from 'jsonwebtoken';

const app = express();

function requireUser(req, res, next) {
  try {
    req.user = jwt.verify(req.headers.authorization, process.env.JWT_KEY, { algorithms: ['HS256'] });
  } catch {
    return res.status(401).end();
  }
  next();
}

app.get('/health', (req, res) => res.send('up'));
app.get('/old', requireUser, listOld);
app.delete('/notes/:id', requireUser, removeNote);
app.post('/login', login);
app.get('/inside', authGate(), inside);
app.listen(8080);
";

/// From the source of two states to the lines of the report, with what the project declares.
#[test]
fn what_a_service_lost_since_a_revision() {
    let scratch = Scratch::new("service");
    scratch.write("package.json", r#"{"dependencies": {"express": "^4.18.0", "jsonwebtoken": "^9.0.0"}}"#);
    scratch.write("src/app.ts", SHOP);
    scratch.commit();
    let changed = SHOP
        .replace("app.delete('/notes/:id', requireUser,", "app.delete('/notes/:note',")
        .replace("app.get('/old', requireUser, listOld);", "app.post('/new', addNew);")
        .replace("app.get('/health'", "// authlint: public - asked by monitoring\napp.get('/health'");
    scratch.write("src/app.ts", changed);
    scratch.write(
        "authlint.toml",
        "public = [\"POST /login\", \"/nowhere\"]\n\n[[guard]]\nname = \"authGate\"\nauthentication = true\n",
    );
    let top = scratch.top.to_str().unwrap();

    let (ended, text) = authlint(&["routes", "--diff", "HEAD", "--fail-on", "unprotected", top]).unwrap();
    assert_eq!(ended, Ended::Findings);
    // Paths are relative to the folder that the tests run in.
    let text = text.replace("\n    ", " ").replace("target/tmp/git service/", "");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0], "~ DELETE /notes/{note} lost requireUser; authentication yes -> no src/app.ts:18",
        "{text}"
    );
    assert_eq!(lines[1], "+ POST /new (no authentication) src/app.ts:17", "{text}");
    assert_eq!(lines[2], "- GET /old src/app.ts:16", "{text}");
    assert!(text.contains("`public` names `/nowhere`, and no endpoint is like it"), "{text}");

    let (ended, text) = authlint(&["routes", "--format", "json", "--fail-on", "unprotected", top]).unwrap();
    assert_eq!(ended, Ended::Findings);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let said: Vec<String> = json["endpoints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| {
            let public = if e.get("public").is_some() { " public" } else { "" };
            format!(
                "{} {} {}{public}",
                e["method"].as_str().unwrap(),
                e["path"].as_str().unwrap(),
                e["authentication"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            "GET /health no public",
            "GET /inside yes",
            "POST /login no public",
            "POST /new no",
            "DELETE /notes/{note} no"
        ]
    );
    let (_, text) = authlint(&["routes", "--unprotected", "--format", "csv", top]).unwrap();
    assert_eq!(text.lines().count(), 3, "{text}");
    // Of a part of the project nothing is said to be declared in vain.
    let part = scratch.top.join("src");
    let (_, text) = authlint(&["routes", "--no-ignore", part.to_str().unwrap()]).unwrap();
    assert!(!text.contains("/nowhere"), "{text}");
    fs::remove_file(scratch.top.join("authlint.toml")).unwrap();
    let (_, text) = authlint(&["init", "--stdout", top]).unwrap();
    assert!(text.contains("\"POST /login\", # callers log in here"), "{text}");
    assert!(text.contains("# name = \"authGate\""), "{text}");
}

#[test]
fn init_writes_once_and_never_again() {
    let scratch = Scratch::new("init");
    scratch.write("src/app.ts", "export const one = 1;");
    scratch.write("testdata/x.ts", "export const two = 2;");
    let top = scratch.top.to_str().unwrap();
    let file = scratch.top.join("authlint.toml");
    let (_, printed) = authlint(&["init", "--stdout", top]).unwrap();
    assert!(printed.contains("\"/testdata/\", #") && !file.exists(), "{printed}");
    let (_, said_so) = authlint(&["init", top]).unwrap();
    assert!(said_so.starts_with("wrote "), "{said_so}");
    assert_eq!(fs::read_to_string(&file).unwrap(), printed);
    fs::write(&file, "# mine\n").unwrap();
    let below = scratch.top.join("src");
    for folder in [top, below.to_str().unwrap()] {
        let error = authlint(&["init", folder]).unwrap_err();
        assert!(said(&error).contains("is there already"), "{}", said(&error));
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "# mine\n");
    let app = scratch.top.join("src/app.ts");
    let error = authlint(&["init", "--stdout", app.to_str().unwrap()]).unwrap_err();
    assert!(said(&error).contains("is not a folder"), "{}", said(&error));
}
