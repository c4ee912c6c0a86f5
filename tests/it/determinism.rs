//! The same input gives the same bytes: with any number of threads, again, and in any order of files.

use authlint::finding::Finding;
use authlint::report::{self, Format, Options};
use authlint::scan::examples::Memory;

use crate::support::{in_pool, scan_all};

/// A service of some thirty files: wrappers across files, options from elsewhere, three languages.
fn service() -> Vec<(String, String)> {
    let mut files = vec![
        ("package.json".to_string(), "{\"name\": \"service\", \"dependencies\": {\"jsonwebtoken\": \"9.0.2\", \"jose\": \"5.2.0\"}}".to_string()),
        ("py/requirements.txt".into(), "pyjwt==2.8.0\n".into()),
        ("rs/Cargo.toml".into(), "[package]\nname = \"svc\"\nversion = \"0.1.0\"\n[dependencies]\njsonwebtoken = \"9\"\n".into()),
        ("src/options.ts".into(), "export const options = { algorithms: [\"HS256\"], ignoreExpiration: true };\nexport const secret = \"s3cret\";\n".into()),
        (
            "src/tokens.ts".into(),
            "import jwt from \"jsonwebtoken\";\nimport { options, secret } from \"./options\";\n\n\
             export function read(token: string, extra = {}) {\n  return jwt.verify(token, secret, { ...options, ...extra });\n}\n\
             export function issue(claims: object, expiresIn: string) {\n  return jwt.sign(claims, secret, { expiresIn });\n}\n"
                .into(),
        ),
    ];
    for n in 0..10 {
        files.push((
            format!("src/routes/r{n}.ts"),
            format!(
                "import {{ read, issue }} from \"../tokens\";\nimport jwt from \"jsonwebtoken\";\n\n\
                 export const in{n} = (t: string) => read(t, {{ audience: \"a{n}\" }});\n\
                 export const out{n} = () => issue({{ sub: \"{n}\", password: \"x\" }}, \"{}d\");\n\
                 export const raw{n} = (t: string) => jwt.decode(t);\n",
                n * 7 + 1
            ),
        ));
        files.push((
            format!("py/views/v{n}.py"),
            format!(
                "import jwt\n\n\ndef read_{n}(token):\n    # authlint: ignore[jwt-iss-not-verified] one issuer only\n    return jwt.decode(token, \"secret{n}\", algorithms=[\"HS256\", \"RS256\"])\n\n\n\
                 def peek_{n}(token):\n    return jwt.decode(token, options={{\"verify_signature\": False}})\n"
            ),
        ));
        files.push((
            format!("rs/src/m{n}.rs"),
            format!(
                "use jsonwebtoken::{{decode, Algorithm, DecodingKey, Validation}};\n\n\
                 pub fn read_{n}(token: &str) -> bool {{\n    let mut validation = Validation::new(Algorithm::HS256);\n    validation.validate_exp = false;\n    \
                 decode::<serde_json::Value>(token, &DecodingKey::from_secret(b\"short{n}\"), &validation).is_ok()\n}}\n"
            ),
        ));
    }
    files
}

fn reports(files: &Memory) -> String {
    let outcome = scan_all(files);
    assert!(outcome.findings.len() > 30, "only {} findings", outcome.findings.len());
    let rules = &crate::support::book().checks;
    let render = |format| report::render(format, &outcome, rules, &Options::default());
    render(Format::Json) + &render(Format::Sarif)
}

/// Where two texts part, for a message that can be read.
fn assert_same(one: &str, other: &str, what: &str) {
    for (n, (a, b)) in one.lines().zip(other.lines()).enumerate() {
        assert!(a == b, "{what}: line {}:\n{a}\n{b}", n + 1);
    }
    assert!(one == other, "{what}: one is longer");
}

#[test]
fn threads_change_nothing() {
    let one = in_pool(1, || reports(&Memory::new(service())));
    for threads in [1, 4, 4, 13] {
        let other = in_pool(threads, || reports(&Memory::new(service())));
        assert_same(&one, &other, &format!("{threads} threads"));
    }
}

/// Which of several callers stands for all is told by the order of paths, so a list in another
/// order may show another one; what is found, and where, stays.
#[test]
fn the_order_of_files_changes_no_finding() {
    let found = |files: &Memory| {
        let outcome = scan_all(files);
        let place = |f: &Finding| {
            (
                outcome.sources[f.place.file.0 as usize].path.clone(),
                f.place.start,
                f.rules.clone(),
                f.confidence,
                f.fingerprint.clone(),
            )
        };
        let mut all: Vec<_> = outcome.findings.iter().map(place).collect();
        all.sort();
        all
    };
    let sorted = in_pool(2, move || found(&Memory::new(service())));
    for turn in [1, 7, 19] {
        let other = in_pool(2, move || {
            let mut files = Memory::new(service());
            files.files.rotate_left(turn);
            files.files[5..].reverse();
            files.manifests.reverse();
            found(&files)
        });
        assert_eq!(sorted, other, "turned by {turn}");
    }
}

#[test]
fn the_order_of_names_changes_nothing() {
    let sorted = in_pool(2, || reports(&Memory::new(service())));
    let other = in_pool(2, || {
        let mut files = service();
        files.reverse();
        reports(&Memory::new(files))
    });
    assert_same(&sorted, &other, "listed backwards");
}
