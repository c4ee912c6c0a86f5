//! Answers to why a line has a finding or none.

use std::path::{Path, PathBuf};

use authlint::config::settings::Settings;
use authlint::scan::explain::explain;

use crate::support::{book, in_large_stack};

fn app() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/apps/shop-api").canonicalize().unwrap()
}

fn ask(file: &str, line: u32) -> Result<String, String> {
    let root = app();
    let settings = Settings {
        paths: vec![root.clone()],
        root: root.clone(),
        ignore_files: false,
        ..Settings::default()
    };
    let file = root.join(file);
    in_large_stack(move || explain(&settings, book(), &file, line).map_err(|e| e.to_string()))
}

#[test]
fn keys_are_not_repeated() {
    let text = ask("src/config/index.ts", 3).unwrap() + &ask("src/config/index.ts", 6).unwrap();
    assert!(text.contains("shop****") && !text.contains("shop-s"), "{text}");
}

#[test]
fn a_line_beyond_the_end_is_an_error() {
    assert_eq!(
        ask("src/auth/tokens.ts", 728).unwrap_err(),
        "no such line: `src/auth/tokens.ts` has 37 lines, and 728 was asked for"
    );
    assert!(ask("src/auth/tokens.ts", 0).is_err());
    assert!(ask("src/auth/tokens.ts", 37).is_ok());
}

#[test]
fn roles_that_decide_are_named_and_steps_have_places() {
    let text = ask("src/auth/tokens.ts", 28).unwrap();
    assert!(!text.contains(":1 given here"), "{text}");
    assert!(text.contains("jwt-exp-not-verified: no: expiry is checked"), "{text}");
    assert!(
        text.contains("jwt-aud-not-verified: yes, at low confidence (shown by --strict): key is that of"),
        "{text}"
    );
    let sign = ask("src/auth/tokens.ts", 7).unwrap();
    assert!(sign.contains("jwt-alg-none: no: algorithm is unset"), "{sign}");
    for vague in ["none of the alternatives", "an exception holds\n", "the opposite holds"] {
        assert!(!text.contains(vague), "{text}");
    }
}

/// What all callers have in common is told once.
#[test]
fn callers_that_make_no_difference_are_counted() {
    let text = ask("src/auth/tokens.ts", 7).unwrap();
    assert_eq!(text.matches("  jwt.sign `jwt.sign`").count(), 1, "{text}");
}
