//! What findings say is true of the case at hand: sentences, places and keys.

use authlint::finding::Finding;
use authlint::report::{Format, Options, render};
use authlint::scan::examples::Memory;

use crate::support::{book, in_large_stack, scan_all};

fn scan(files: &[(&str, &str)]) -> authlint::finding::Outcome {
    let files: Vec<_> = files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
    in_large_stack(move || scan_all(&Memory::new(files)))
}

/// The only finding that a rule takes part in.
fn one(path: &str, text: &str, rule: &str) -> Finding {
    let outcome = scan(&[(path, text)]);
    let mut found: Vec<Finding> =
        outcome.findings.into_iter().filter(|f| f.rules.iter().any(|r| r == rule)).collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

#[test]
fn claims_that_are_missing_are_named() {
    let sign = |claims: &str| {
        format!(
            "import jwt from \"jsonwebtoken\";\nexport const issue = (id: string, key: string) =>\n  \
             jwt.sign({{ {claims} }}, key, {{ expiresIn: \"10m\" }});\n"
        )
    };
    let some = one("a.ts", &sign("sub: id, aud: \"shop\""), "jwt-missing-claims");
    assert_eq!(some.message, "`jwt.sign` issues tokens without `iss` and `jti`");
    assert_eq!(some.fix, "set `iss` and `jti`");
    let last = one("a.ts", &sign("sub: id, aud: \"shop\", iss: \"me\""), "jwt-missing-claims");
    assert_eq!(last.message, "`jwt.sign` issues tokens without `jti`");
}

#[test]
fn a_short_key_is_not_called_a_word() {
    let sign = |key: &str| {
        format!(
            "import jwt from \"jsonwebtoken\";\nexport const t = jwt.sign({{ sub: 1 }}, \"{key}\", {{ expiresIn: \"10m\" }});\n"
        )
    };
    let short = one("a.ts", &sign("q7#Vt2!xLp9@Zs4$Wc8%Nb1^"), "jwt-weak-secret");
    assert!(short.message.ends_with("and is shorter than 32 bytes"), "{}", short.message);
    let word = one("a.ts", &sign("my-secret"), "jwt-weak-secret");
    assert!(word.message.ends_with("and can be guessed"), "{}", word.message);
}

/// Libraries that refuse a token with an audience when none is expected.
#[test]
fn an_audience_that_is_refused_is_not_called_accepted() {
    let python =
        "import jwt\n\n\ndef read(token, key):\n    return jwt.decode(token, key, algorithms=[\"RS256\"])\n";
    let found = one("a.py", python, "jwt-aud-not-verified");
    assert_eq!(found.message, "`jwt.decode` expects tokens without an audience");
    let rust = "use jsonwebtoken::{decode, Algorithm, DecodingKey, Validation};\n\n\
                pub fn read(token: &str, key: &DecodingKey) -> Claims {\n    \
                decode::<Claims>(token, key, &Validation::new(Algorithm::RS256)).unwrap().claims\n}\n";
    let found = one("src/a.rs", rust, "jwt-aud-not-verified");
    assert_eq!(found.message, "`decode` expects tokens without an audience");
    assert!(found.fix.contains("(`set_audience`)"), "{}", found.fix);
    let found = one("src/a.rs", rust, "jwt-iss-not-verified");
    assert!(found.fix.contains("(`set_issuer`)"), "{}", found.fix);
}

#[test]
fn an_issuer_that_names_no_claim_is_told_first() {
    let text = "import jwt from \"jsonwebtoken\";\nconst key = process.env.KEY!;\n\
                export const a = (id: string) => jwt.sign({ sub: id, iss: \"shop\" }, key, { expiresIn: \"10m\" });\n\
                export const b = (id: string) => jwt.sign({ file: id }, key, { expiresIn: \"10m\" });\n\
                export const read = (t: string) => jwt.verify(t, key, { algorithms: [\"HS256\"] });\n";
    let found = one("a.ts", text, "jwt-contract-mismatch");
    assert_eq!(
        found.message,
        "`jwt.verify` never looks at the issuer that some of the tokens are issued with"
    );
    assert!(found.fix.starts_with("first let every place"), "{}", found.fix);
}

const KEYS: &str = "import jwt from \"jsonwebtoken\";\n\
    const key = \"1242#$%^ &*()-_=+ é€ /?.,<>\";\n\
    export const t = jwt.sign({ sub: 1 }, key, { expiresIn: \"10m\" });\n";

/// Punctuation and blanks are part of a key too.
#[test]
fn no_report_repeats_a_key() {
    let outcome = scan(&[("a.ts", KEYS)]);
    assert!(!outcome.findings.is_empty());
    for (_, format) in Format::ALL {
        let text = render(format, &outcome, &book().checks, &Options::default());
        assert!(!text.contains("#$%^") && !text.contains('€') && !text.contains("/?.,"), "{text}");
        assert!(format != Format::Human || text.contains("\"1242****"), "{text}");
    }
    assert_eq!(outcome.sources[0].text.len(), KEYS.len(), "places stay where they were");
}

/// The call that a message speaks of may hold the key itself.
#[test]
fn no_message_repeats_a_key() {
    let text = "import { createVerifier } from \"fast-jwt\";\n\
                export const read = (t: string) => createVerifier({ key: 'hunter2-4' })(t);\n";
    let outcome = scan(&[("a.ts", text)]);
    assert!(!outcome.findings.is_empty());
    for (_, format) in Format::ALL {
        let text = render(format, &outcome, &book().checks, &Options::default());
        assert!(!text.contains("hunter2"), "{text}");
    }
}

/// The box is headed by the place of the finding, and its steps stand in their order.
#[test]
fn the_place_is_on_top_and_the_steps_follow_in_order() {
    let text = "import jwt from \"jsonwebtoken\";\nconst key = process.env.KEY!;\n\
                export const a = (id: string) => jwt.sign({ sub: id, iss: \"shop\" }, key, { expiresIn: \"10m\" });\n\
                \n\n\n\n\n\nexport const read = (t: string) => jwt.verify(t, key, { algorithms: [\"HS256\"] });\n";
    let mut outcome = scan(&[("a.ts", text)]);
    outcome.findings.retain(|f| f.rule == "jwt-contract-mismatch");
    let text = render(Format::Human, &outcome, &book().checks, &Options::default());
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
    assert!(at("[a.ts:10:") < at("1. the token is verified here"), "{text}");
    assert!(at("1. the token is verified here") < at("2. the token is issued here"), "{text}");
    assert!(text.lines().any(|l| l.contains("╭─[a.ts:10:")), "{text}");
}

/// Values of env files, of lists and of lines beside a finding are credentials too.
#[test]
fn no_report_repeats_a_credential_of_configuration() {
    let files = [
        (".env", "DB_PASSWORD=Vh7kQ2mZ9pL4\nSTRIPE_SECRET_KEY=\"rk_9f8dAbC123456789\"\n"),
        (
            "docker-compose.yml",
            "services:\n  db:\n    environment:\n      - POSTGRES_PASSWORD=Tr0ub4dor-Horse-77\n",
        ),
        (
            "Dockerfile",
            "FROM node\nRUN export P_PASSWORD=Tr0ubR99Horse && x\nENV API_KEY=9f2c41d87be34a5f90c1\n",
        ),
    ];
    let outcome = scan(&files);
    assert!(outcome.findings.len() >= 3);
    for (_, format) in Format::ALL {
        let text = render(format, &outcome, &book().checks, &Options::default());
        for value in ["Vh7kQ", "rk_9f", "Tr0ub4", "Tr0ubR", "9f2c4"] {
            assert!(!text.contains(value), "{value}: {text}");
        }
    }
}

/// What stands before a broken place is judged.
#[test]
fn broken_documents_are_judged_as_far_as_they_go() {
    let outcome = scan(&[
        ("twice.yaml", "mail_password: Sm1thAndSons\nlist:\n  one: 1\n  - two\n"),
        ("cut.json", "{\"client_secret\": \"k3Jx9QpLm2VbN8sT4wYz\", \"a\": [1,, }"),
    ]);
    let rules: Vec<&str> = outcome.findings.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, ["secret-hardcoded", "secret-hardcoded"]);
    assert_eq!(outcome.problems.len(), 2);
}
