//! Leaving files out changes nothing: what the prefilter admits says all that the whole project says.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use authlint::scan::examples::{self, Memory, describe};
use authlint::scan::{self, Depth, Request, understand};

use crate::support::{book, in_large_stack, pages};

/// Events that rules judge and findings, one line each, and how many files were left out.
fn said(files: &Memory, depth: Depth) -> (BTreeSet<String>, usize) {
    let understood = understand(files, book(), depth);
    let judged = |name: &str| ["jwt.", "token.", "key."].iter().any(|area| name.starts_with(area));
    let events = understood.events.iter().filter(|e| judged(e.concept.name));
    let mut said: BTreeSet<String> = events
        .map(|event| {
            let source = &understood.sources[event.file.0 as usize];
            format!("{}:{}: {}", source.path, source.line(event.span.start), describe(event))
        })
        .collect();
    let request =
        Request { book: book(), limits: &BTreeMap::new(), enabled: &|_, _| true, honour_suppressions: true };
    let outcome = scan::judge(understood, &request, Instant::now());
    said.extend(outcome.findings.iter().map(|f| {
        let source = &outcome.sources[f.place.file.0 as usize];
        let line = source.line(f.place.start);
        format!("{}:{line}: {:?} {} {}", source.path, f.rules, f.confidence.word(), f.message)
    }));
    (said, outcome.coverage.irrelevant)
}

#[test]
fn the_prefilter_loses_nothing() {
    let (lost, left_out) = in_large_stack(|| {
        let mut lost = Vec::new();
        let mut left_out = 0;
        for page in pages() {
            for (line, files) in examples::projects(&page, book()) {
                let ((all, _), (admitted, irrelevant)) =
                    (said(&files, Depth::All), said(&files, Depth::Judged));
                left_out += irrelevant;
                lost.extend(all.difference(&admitted).map(|e| format!("{}:{line}: lost {e}", page.path)));
                let new = admitted.difference(&all);
                lost.extend(new.map(|e| format!("{}:{line}: only with the prefilter {e}", page.path)));
            }
        }
        (lost, left_out)
    });
    assert!(lost.is_empty(), "{} differences:\n{}", lost.len(), lost.join("\n"));
    let all = std::env::var_os("PAGE").is_none();
    assert!(left_out > 5 || !all, "only {left_out} files were left out: the test says little");
}

#[test]
fn files_of_no_interest_are_left_out() {
    let left_out = in_large_stack(|| {
        let text = "export const sum = (a: number, b: number) => a + b;\n";
        let files = Memory::new((0..20).map(|n| (format!("src/f{n}.ts"), text.to_string())));
        (
            understand(&files, book(), Depth::Judged).coverage.irrelevant,
            understand(&files, book(), Depth::All).coverage.irrelevant,
        )
    });
    assert_eq!(left_out, (20, 0));
}

/// A wrapper whose options, key and callers stand in files that name no library.
fn wrapped(session: &str) -> Memory {
    let auth = "import jwt from \"jsonwebtoken\";
import { settings } from \"./settings\";
import { secret } from \"./keys\";

export function readToken(token: string, options: object) {
  return jwt.verify(token, secret, { ...settings, ...options });
}
";
    let python = "import jwt
from .settings import OPTIONS, KEY


def read_token(token, audience=None):
    return jwt.decode(token, KEY, algorithms=[\"HS256\"], options=OPTIONS, audience=audience)
";
    let route = "import { readSession } from \"./session\";

export const get = (t: string) => readSession(t, { audience: \"a\", issuer: \"b\", algorithms: [\"HS256\"] });
";
    let view = "from .auth import read_token


def view(token):
    return read_token(token, audience=\"a\")
";
    let files = [
        ("package.json", r#"{"dependencies": {"jsonwebtoken": "9.0.2"}}"#),
        ("src/settings.ts", "export const settings = { ignoreExpiration: true };\n"),
        ("src/keys/secret.ts", "export const secret = \"correct horse\";\n"),
        ("src/keys/index.ts", "export * from \"./secret\";\n"),
        ("src/auth.ts", auth),
        ("src/session.ts", session),
        ("src/route.ts", route),
        ("src/other.ts", "export const other = 1;\n"),
        ("py/settings.py", "OPTIONS = {\"verify_exp\": False}\nKEY = \"correct horse\"\n"),
        ("py/auth.py", python),
        ("py/views.py", view),
    ];
    Memory::new(files.map(|(path, text)| (path.to_string(), text.to_string())))
}

#[test]
fn files_that_name_no_library_are_read_when_they_count() {
    let session = "import { readToken } from \"./auth\";

export const readSession = (t: string) => readToken(t, { audience: \"a\", algorithms: [\"HS256\"] });
";
    let ((all, _), (admitted, left_out)) = in_large_stack(|| {
        let files = wrapped(session);
        (said(&files, Depth::All), said(&files, Depth::Judged))
    });
    assert!(all.iter().any(|line| line.contains("audience=checked")), "{all:#?}");
    assert_eq!(all, admitted);
    assert_eq!(left_out, 1, "the file of no interest");
}

/// The caller of a caller is read although it names neither a library nor the wrapper.
#[test]
fn a_caller_of_a_caller_is_read() {
    let session = "import { readToken } from \"./auth\";

export const readSession = (t: string, extra: object) => readToken(t, extra);
";
    let ((all, _), (admitted, left_out)) = in_large_stack(|| {
        let files = wrapped(session);
        (said(&files, Depth::All), said(&files, Depth::Judged))
    });
    let decided = |said: &BTreeSet<String>| {
        said.iter().any(|l| l.starts_with("src/auth.ts:6: jwt.verify") && l.contains("issuer=checked"))
    };
    assert_eq!((decided(&all), decided(&admitted), left_out), (true, true, 1));
}
