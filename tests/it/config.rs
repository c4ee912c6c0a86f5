//! `authlint.toml`: what is read, what is refused and where the finger points, and that the schema
//! and the documentation say what the code does.

use authlint::config::keys::{KEYS, Key, Kind};
use authlint::config::{ConfigError, parse, schema};
use authlint::endpoint::{Answer, Does};
use authlint::finding::{Confidence, Severity};
use miette::Diagnostic;
use proptest::prelude::*;

const FULL: &str = r#"
profile = "strict"
select = ["jwt", "auth-fails-open"]
ignore = ["jwt-missing-claims"]
min-severity = "medium"
min-confidence = "high"
exclude = ["vendor/"]
pages = ["security"]
max-size = "2 MB"
public = ["GET /status", "/docs/**", "QUERY me"]
principal = ["req.actor.id"]
owner = ["owner_id", "tenant_id"]

[limits]
access_token_max_minutes = 15
leeway_max_minutes = 1.5

[[override]]
paths = ["scripts/**"]
ignore = ["jwt-alg-none"]

[[override]]
paths = ["web/**"]
select = ["jwt-missing-claims"]

[[guard]]
name = "requireUser"
authentication = true

[[guard]]
name = "src/auth.ts:requireAdmin"
role = true

[[guard]]
name = "@logRequests"
authentication = false
"#;

#[test]
fn every_key_is_read() {
    let config = parse(FULL, "authlint.toml").unwrap();
    assert_eq!(config.strict, Some(true));
    assert_eq!(config.select[1].text, "auth-fails-open");
    assert_eq!(&FULL[config.ignore[0].range.clone()], "\"jwt-missing-claims\"");
    assert_eq!(config.min_severity, Some(Severity::Medium));
    assert_eq!(config.min_confidence, Some(Confidence::High));
    assert_eq!(config.exclude, ["vendor/"]);
    assert_eq!(config.pages, ["security"]);
    assert_eq!(config.max_size, Some(2_000_000));
    assert_eq!(config.limits["leeway_max_minutes"].value, 1.5);
    assert_eq!(config.overrides.len(), 2);
    assert_eq!(config.overrides[1].select[0].text, "jwt-missing-claims");
    let declared = &config.declarations;
    assert_eq!(declared.file, "authlint.toml");
    let public: Vec<&str> = declared.public.iter().map(|p| p.what.written()).collect();
    assert_eq!(public, ["GET /status", "/docs/**", "QUERY me"]);
    assert_eq!((declared.principals[0].what.as_str(), declared.principals[0].line), ("req.actor.id", 11));
    assert_eq!(declared.owners[1].what, "tenant_id");
    let guards: Vec<_> =
        declared.guards.iter().map(|g| (&g.what, FULL.lines().nth(g.line as usize - 1))).collect();
    assert_eq!(guards[0].0.name, "requireUser");
    assert_eq!(guards[0].1, Some("name = \"requireUser\""));
    let yes = Does { authentication: Answer::Yes, ..Does::default() };
    assert_eq!((guards[0].0.file.as_deref(), guards[0].0.does), (None, yes));
    let admin = Does { role: Answer::Yes, ..yes };
    assert_eq!((guards[1].0.file.as_deref(), guards[1].0.does), (Some("src/auth.ts"), admin));
    assert_eq!((guards[2].0.name.as_str(), guards[2].0.does), ("logRequests", Does::default()));
}

/// The text, what the label must point at, and what the message, label and help must say.
const MISTAKES: &[(&str, &str, &[&str])] = &[
    ("min-severty = \"low\"", "min-severty", &["unknown key", "did you mean the key `min-severity`?"]),
    ("min_severity = \"low\"", "min_severity", &["did you mean the key `min-severity`?"]),
    ("# é\nzzz = 1", "zzz", &["there is no key `zzz`", "`profile`"]),
    ("profile = \"strickt\"", "\"strickt\"", &["\"default\", \"strict\"", "did you mean the word `strict`?"]),
    ("profile = true", "true", &["this is true", "profile = \"strict\""]),
    ("min-severity = \"medum\"", "\"medum\"", &["did you mean the word `medium`?"]),
    ("select = \"jwt\"", "\"jwt\"", &["`select` wants a list of rule ids"]),
    ("ignore = [\"jwt\", 5]", "5", &["`ignore` wants a list of rule ids, this is 5"]),
    ("ignore = [\"\"]", "\"\"", &["`ignore` wants"]),
    ("exclude = [\"a[\"]", "\"a[\"", &["this glob cannot be read"]),
    ("max-size = \"many\"", "\"many\"", &["2 MB"]),
    ("max-size = 0", "0", &["number of bytes"]),
    ("max-size = \"99999999999 GB\"", "\"99999999999 GB\"", &["number of bytes"]),
    ("[limits]\na = \"15m\"", "\"15m\"", &["the limit `a` wants a number"]),
    ("[limits]\na = -1", "-1", &["the limit `a` wants a number from 0"]),
    ("[limits]\na = nan", "nan", &["the limit `a` wants a number"]),
    ("limits = 5", "5", &["a table of numbers"]),
    ("[[override]]\nignore = [\"jwt\"]", "[[override]]", &["`paths` is missing"]),
    ("[[override]]\npath = [\"a\"]", "path", &["did you mean the key `paths`?"]),
    ("[override]\npaths = [\"a\"]", "[override]", &["a list of tables"]),
    ("public = [\"/a\", \"status\"]", "\"status\"", &["this is no endpoint", "did you mean \"/status\"?"]),
    ("public = [\"get /status\"]", "\"get /status\"", &["did you mean \"GET /status\"?"]),
    ("public = [\"DELET /a\"]", "\"DELET /a\"", &["did you mean \"DELETE /a\"?"]),
    ("public = [\"FETCH /a\"]", "\"FETCH /a\"", &["`FETCH` is no method"]),
    ("public = [\"GET /a /b\"]", "\"GET /a /b\"", &["a method, one space and a path"]),
    ("public = \"/a\"", "\"/a\"", &["`public` wants a list of endpoints"]),
    ("publik = []", "publik", &["did you mean the key `public`?"]),
    ("owner = [\"owner id\"]", "\"owner id\"", &["this is no name", "one word"]),
    ("principal = [\"user()\"]", "\"user()\"", &["this is no name"]),
    ("[[guard]]\nauthentication = true", "[[guard]]", &["incomplete guard", "`name` is missing"]),
    ("[[guard]]\nname = \"a\"", "[[guard]]", &["say what it does"]),
    ("[[guard]]\nname = \"a\"\nauthentification = true", "authentification", &["key `authentication`?"]),
    ("[[guard]]\nname = \"a\"\nrole = \"admin\"", "\"admin\"", &["`role` wants true or false"]),
    ("[[guard]]\nname = \"a()\"\nrole = true", "\"a()\"", &["without parentheses"]),
    ("[guard]\nname = \"a\"", "[guard]", &["a list of tables"]),
    ("ignore = [\"jwt\"", "", &["this is not TOML"]),
    ("ignore = []\nignore = []", "ignore", &["this is not TOML", "duplicate key"]),
];

#[test]
fn mistakes_are_pointed_at() {
    for (text, place, words) in MISTAKES {
        let error = parse(text, "authlint.toml").expect_err(text);
        let (said, marked) = (all_it_says(&error), marked(&error, text));
        assert_eq!(marked, *place, "{text}\n{said}");
        for word in *words {
            assert!(said.contains(word), "{text}\nmisses {word:?} in:\n{said}");
        }
    }
}

#[test]
fn names_of_rules_and_limits_are_checked() {
    let rules = ["jwt-alg-none", "jwt-missing-claims", "auth-fails-open"];
    let limits = ["access_token_max_minutes", "leeway_max_minutes"];
    let check = |text: &str| {
        let config = parse(text, "authlint.toml").unwrap();
        config.check_names(rules.into_iter(), limits.into_iter())
    };
    assert!(check(FULL).is_ok());
    for (text, place, help) in [
        ("ignore = [\"jwt-alg-non\"]", "\"jwt-alg-non\"", "`jwt-alg-none`"),
        ("select = [\"jw\"]", "\"jw\"", "authlint rules list"),
        ("[[override]]\npaths = [\"a\"]\nignore = [\"tls-*\"]", "\"tls-*\"", "authlint rules list"),
        ("[limits]\naccess_token_minutes = 1", "access_token_minutes", "`access_token_max_minutes`"),
    ] {
        let error = check(text).expect_err(text);
        assert_eq!(marked(&error, text), place);
        assert!(all_it_says(&error).contains(help), "{}", all_it_says(&error));
    }
}

fn all_it_says(error: &ConfigError) -> String {
    let labels: Vec<String> =
        error.labels().into_iter().flatten().filter_map(|l| l.label().map(Into::into)).collect();
    let help = error.help().map(|help| help.to_string()).unwrap_or_default();
    format!("{error}\n{}\n{help}", labels.join("\n"))
}

fn marked<'t>(error: &ConfigError, text: &'t str) -> &'t str {
    let label = error.labels().into_iter().flatten().next().expect("a label");
    &text[label.offset()..label.offset() + label.len()]
}

proptest! {
    /// Whatever stands in the file: an answer, and a span that fits the text.
    #[test]
    fn no_text_breaks_the_reader(cut in 0..FULL.len(), insert in "\\PC{0,6}|[\\[\\]{}=\".,é\n]{0,6}") {
        let text = format!("{}{insert}{}", &FULL[..cut], &FULL[cut..]);
        if let Err(error) = parse(&text, "authlint.toml") {
            for label in error.labels().into_iter().flatten() {
                prop_assert!(text.get(label.offset()..label.offset() + label.len()).is_some());
            }
        }
    }
}

#[test]
fn schema_accepts_what_the_reader_accepts() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let json = |text: &str| serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap();
    assert!(validator.is_valid(&json(FULL)));
    for key in KEYS {
        assert!(parse(key.example, "x").is_ok(), "{}", key.example);
        assert!(validator.is_valid(&json(key.example)), "{}", key.example);
    }
    // What only TOML or a glob library can refuse is beyond a schema.
    let beyond = |text: &str| {
        toml::from_str::<toml::Table>(text).is_err() || text.contains("a[") || text.contains("nan")
    };
    for (text, _, _) in MISTAKES.iter().filter(|(text, _, _)| !beyond(text)) {
        let too_large = text.contains("99999999999");
        assert_eq!(validator.is_valid(&json(text)), too_large, "{text}");
    }
}

#[test]
fn schema_file_is_fresh() {
    fresh("docs/authlint.schema.json", &schema());
}

#[test]
fn documentation_is_fresh() {
    let mut text = String::from(HEAD);
    for key in KEYS {
        text += &section(key);
    }
    text += TAIL;
    fresh("docs/config.md", &text);
}

const HEAD: &str = "\
<!-- Written by `UPDATE=1 cargo test config` from src/config/keys.rs. -->
# authlint.toml

One optional file for a project. It is looked for in the scanned folder and upward to the top of the git
repository; outside of a repository, upward to the current folder. `--config FILE` names another,
`--no-config` reads none. Paths and globs in it are relative to its own folder.

An unknown key, a wrong value, a rule or a limit that does not exist is an error (exit 2) that shows the
place: a setting that silently does nothing is worse than none. The shape is published as
[authlint.schema.json](authlint.schema.json) (`authlint schema` prints it); editors that know the
`#:schema` comment complete and check the file:

```toml
#:schema https://raw.githubusercontent.com/authlint/authlint/main/docs/authlint.schema.json
profile = \"default\"
```

What is typed on the command line is stronger than the file: `--select` bounds what is reported (and
a rule that is named by its full id is reported although the file ignores it), `--ignore` adds to
`ignore`, thresholds replace thresholds, `--exclude` and `--pages` add to theirs.
";

const TAIL: &str = "
## Rules, areas, beginnings

Wherever rules are named: `jwt-alg-none` is that rule; `jwt` is every rule whose id begins with `jwt-`;
`jwt-a*` is every rule whose id begins with `jwt-a`.

## Globs

As in a `.gitignore`: `vendor/` is a folder anywhere, `/vendor/` the one beside the file, `*.min.js` a
file anywhere, `docs/**/*.ts` files below `docs`, and a `!` before a glob takes back what an earlier one
named.
";

fn section(key: &Key) -> String {
    let mut text = format!("\n## `{}`\n\n{}\n\nWants {}.", key.name, key.doc, key.kind.wants());
    if !key.default.is_empty() {
        let default = match key.default {
            words if words.contains(' ') && !words.starts_with('"') => words.to_string(),
            value => format!("`{value}`"),
        };
        text += &format!(" Default: {default}.");
    }
    if let Kind::Tables { keys, .. } = key.kind {
        text += " Its keys:\n\n";
        for key in keys {
            text += &format!("- `{}` ({}): {}\n", key.name, key.kind.wants(), key.doc);
        }
    } else {
        text += "\n";
    }
    text + &format!("\n```toml\n{}\n```\n", key.example)
}

/// Written when `UPDATE=1`, compared otherwise.
fn fresh(path: &str, text: &str) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, text).unwrap();
    }
    let there = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(there == text, "{path} is stale: run `UPDATE=1 cargo test`");
}
