//! Reports for people, our own JSON, and the pages of rules.

use std::time::Duration;

use authlint::finding::{
    Confidence, Coverage, Evidence, Finding, Hidden, Outcome, Problem, ProblemKind, Severity, Strength,
    Suppression, Timing,
};
use authlint::report::{Format, Options, render, rules};
use authlint::rulebook::check::Check;
use authlint::source::{FileId, Source, Span};
use proptest::prelude::*;

use crate::settle::check;

const AUTH: &str = "import jwt from 'jsonwebtoken'\r\nconst opts = { algorithms: ['HS256'] }\r\n\r\nexport function who(t) {\r\n\treturn jwt.verify(t, KEY, opts) // 日本語 «who»\r\n}\r\n";
const CONFIG: &str = "# é\nKEY = 'clé 😀 secrète'\n";

pub fn span(outcome: &Outcome, file: u32, text: &str) -> Span {
    let start = outcome.sources[file as usize].text.find(text).expect("the text");
    Span::new(FileId(file), start, start + text.len())
}

pub fn checks() -> Vec<Check> {
    let mut all = vec![
        check("jwt-exp-not-verified", Severity::High),
        check("jwt-aud-not-verified", Severity::Medium),
        check("jwt-hardcoded-secret", Severity::Critical),
        check("jwt-missing-claims", Severity::Low),
    ];
    all[3].advice = true;
    all[2].references.cwe = vec![798, 321];
    all
}

/// Two files, three findings (one suppressed), two problems.
pub fn outcome() -> Outcome {
    let mut o = Outcome {
        sources: vec![
            Source::new(FileId(0), "src/a é.ts", AUTH),
            Source::new(FileId(1), "config/[env].py", CONFIG),
        ],
        elapsed: Duration::from_millis(12),
        timings: vec![
            Timing { stage: "walk", time: Duration::from_micros(1500) },
            Timing { stage: "judge", time: Duration::from_secs(2) },
        ],
        coverage: Coverage {
            seen: 50,
            analysed: 41,
            irrelevant: 6,
            skipped: [("larger than 1 MB".to_owned(), 2), ("minified".to_owned(), 1)].into(),
            events: [("jwt.verify".to_owned(), 3), ("jwt.sign".to_owned(), 2)].into(),
            libraries: [("jsonwebtoken".to_owned(), "9.0.2".to_owned())].into(),
            hidden: [(Hidden::Profile, 3), (Hidden::Severity, 1)].into(),
            suppressed: 1,
        },
        ..Default::default()
    };
    let step = |o: &Outcome, file, text: &str, says: &str, strength| Evidence {
        span: span(o, file, text),
        text: says.to_owned(),
        strength,
    };
    let verify = "jwt.verify(t, KEY, opts)";
    let claims = Finding {
        rule: "jwt-exp-not-verified".into(),
        rules: vec!["jwt-exp-not-verified".into(), "jwt-aud-not-verified".into()],
        severity: Severity::High,
        confidence: Confidence::Medium,
        place: span(&o, 0, verify),
        message: "`jwt.verify` accepts expired tokens and tokens issued for any audience".into(),
        why: "a token meant for another service, or an old one, opens this one".into(),
        fix: "pass `audience` and leave `ignoreExpiration` out".into(),
        prompt: "Verify expiry and audience of every token.".into(),
        evidence: vec![
            step(&o, 0, "opts", "`opts` is defined here", Strength::Stated),
            step(&o, 0, "{ algorithms: ['HS256'] }", "no `audience` in this object", Strength::Stated),
            step(&o, 0, verify, "the token is checked here", Strength::Stated),
        ],
        related: vec![step(&o, 1, "KEY", "the key [of both]", Strength::CrossFile)],
        fingerprint: "0123456789abcdef0123456789abcdef".into(),
        suppressed: None,
        in_test: false,
    };
    let secret = Finding {
        rule: "jwt-hardcoded-secret".into(),
        rules: vec!["jwt-hardcoded-secret".into()],
        severity: Severity::Critical,
        confidence: Confidence::High,
        place: span(&o, 1, "'clé 😀 secrète'"),
        message: "`KEY` stands in the source".into(),
        why: "whoever reads the source signs tokens".into(),
        fix: "read it from the environment".into(),
        prompt: "Read secrets from the environment.".into(),
        evidence: vec![],
        related: vec![],
        fingerprint: "00000000000000000000000000000001".into(),
        suppressed: None,
        in_test: true,
    };
    let silent = Finding {
        severity: Severity::Low,
        rule: "jwt-missing-claims".into(),
        rules: vec!["jwt-missing-claims".into()],
        fingerprint: "00000000000000000000000000000002".into(),
        suppressed: Some(Suppression {
            span: span(&o, 0, "// 日本語 «who»"),
            reason: "a demo, never deployed".into(),
        }),
        ..secret.clone()
    };
    o.problems = vec![
        Problem {
            kind: ProblemKind::Syntax,
            path: "config/[env].py".into(),
            span: Some(span(&o, 1, "# é")),
            message: "a comment nobody expects".into(),
        },
        Problem {
            kind: ProblemKind::Manifest,
            path: "package.json".into(),
            span: None,
            message: "not JSON: versions are unknown; mend it".into(),
        },
    ];
    o.findings = vec![secret, silent, claims];
    o
}

#[test]
fn people_see_what_why_and_do() {
    insta::assert_snapshot!(render(Format::Human, &outcome(), &checks(), &Options::default()), @r#"
    critical[jwt-hardcoded-secret] `KEY` stands in the source (test code)
       ╭─[config/[env].py:2:7]
     1 │ # é
     2 │ KEY = 'clé 😀 secrète'
       ·       ────────────────
       ╰────
      why: whoever reads the source signs tokens
      fix: read it from the environment
      explain: authlint explain jwt-hardcoded-secret

    high[jwt-exp-not-verified, jwt-aud-not-verified] `jwt.verify` accepts expired tokens and tokens
      issued for any audience (medium confidence)
       ╭─[src/a é.ts:5:9]
     1 │ import jwt from 'jsonwebtoken'
     2 │ const opts = { algorithms: ['HS256'] }
       ·       ──┬─   ────────────┬────────────
       ·         │                ╰── 2. no `audience` in this object
       ·         ╰── 1. `opts` is defined here
     3 │
     4 │ export function who(t) {
     5 │     return jwt.verify(t, KEY, opts) // 日本語 «who»
       ·            ────────────┬───────────
       ·                        ╰── 3. the token is checked here
     6 │ }
       ╰────
      config/[env].py:2:1: 4. the key [of both]
      why: a token meant for another service, or an old one, opens this one
      fix: pass `audience` and leave `ignoreExpiration` out
      explain: authlint explain jwt-exp-not-verified

    2 problems (1 syntax, 1 manifest)
      config/[env].py:1:1: a comment nobody expects
      package.json: not JSON: versions are unknown; mend it

    2 findings (1 critical, 1 high)
    analysed 41 of 50 files; 6 mention nothing that a rule speaks of; 3 skipped: larger than 1 MB (2),
      minified (1)
    recognised: jwt.verify 3, jwt.sign 2
    libraries: jsonwebtoken 9.0.2
    1 suppressed by comments
    4 hidden: 3 low confidence or advice (--strict shows them), 1 below --min-severity
    took 12.0 ms
    "#);
}

#[test]
fn quiet_timings_ascii_and_colour() {
    let quiet = render(
        Format::Human,
        &outcome(),
        &[],
        &Options { quiet: true, unicode: false, ..Default::default() },
    );
    assert!(
        !quiet.contains("41") && !quiet.contains("problem") && !quiet.contains('─') && quiet.contains(",-["),
        "{quiet}"
    );
    let timings = render(Format::Human, &outcome(), &[], &Options { timings: true, ..Default::default() });
    assert!(timings.contains("  walk       1.5 ms\n  judge      2.00 s\n"), "{timings}");
    assert!(!timings.contains('\u{1b}'));
    assert!(
        render(Format::Human, &outcome(), &[], &Options { color: true, ..Default::default() })
            .contains("\u{1b}[1;31mhigh[")
    );
}

#[test]
fn nothing_found_says_what_was_read() {
    let mut o = outcome();
    o.findings.clear();
    o.problems = (0..12)
        .map(|n| Problem {
            kind: ProblemKind::Syntax,
            path: format!("{n}.ts").into(),
            span: None,
            message: "x".into(),
        })
        .collect();
    o.coverage = Coverage { seen: 1, analysed: 1, ..Default::default() };
    let text = render(Format::Human, &o, &[], &Options::default());
    assert!(text.contains("0 findings\nanalysed 1 of 1 file\ntook 12.0 ms\n"), "{text}");
    assert!(
        text.contains("12 problems (12 syntax)\n") && text.contains("  9.ts: x\n  and 2 more\n"),
        "{text}"
    );
}

#[test]
fn long_lines_are_cut_and_steering_is_taken_out() {
    let line = format!("{}jwt.verify(\u{202E}\u{1b}[31m{}", "日x".repeat(1500), "é".repeat(2000));
    let mut o = Outcome {
        sources: vec![Source::new(FileId(0), "a.ts", format!("a\n{line}\nb"))],
        ..Default::default()
    };
    let mut f = outcome().findings[0].clone();
    f.place = span(&o, 0, "jwt.verify(");
    o.findings = vec![f];
    let text = render(Format::Human, &o, &[], &Options::default());
    assert!(
        text.contains("…")
            && text.contains("jwt.verify(")
            && !text.contains('\u{1b}')
            && !text.contains('\u{202E}'),
        "{text}"
    );
    assert!(text.lines().all(|l| l.chars().count() < 120), "{text}");
}

#[test]
fn json_is_as_documented() {
    let text = render(Format::Json, &outcome(), &[], &Options::default());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["version"], 1);
    assert_eq!(value["tool"]["name"], "authlint");
    let f = &value["findings"][2];
    assert_eq!(
        (f["line"].as_u64(), f["column"].as_u64(), f["endColumn"].as_u64()),
        (Some(5), Some(9), Some(33))
    );
    assert_eq!(f["evidence"][1]["path"], "src/a é.ts");
    assert_eq!(value["findings"][1]["suppressed"]["reason"], "a demo, never deployed");
    assert!(f["suppressed"].is_null());
    assert_eq!(value["problems"][1]["kind"], "manifest");
    assert_eq!(value["coverage"]["events"]["jwt.verify"], 3);
    assert!(value.get("timings").is_none());
    // Each field stands in the documentation, and none else.
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json.md")).unwrap();
    for list in [&value, f, &value["coverage"], &value["problems"][0], &f["evidence"][0]] {
        for key in list.as_object().unwrap().keys() {
            assert!(page.contains(&format!("`{key}`")), "{key} is not documented");
        }
    }
}

#[test]
fn a_rule_explained() {
    insta::assert_snapshot!(rules::explain(&checks()[0], false), @r#"
    jwt-exp-not-verified
    What jwt-exp-not-verified is about
    severity: high

    Why
      A token meant for another service is accepted here.

      So one leak opens two doors.

    Fix
      Name the audience:

          verify(token, key, { audience: 'api' })

    Prompt
      Check the audience of every token.

    References
      - CWE-347 <https://cwe.mitre.org/data/definitions/347.html>
      - OWASP Top 10 A07:2021
      - OWASP API Security Top 10 API2:2023
      - RFC 8725 section 3.9 <https://www.rfc-editor.org/rfc/rfc8725#section-3.9>
      - RFC 8725 <https://www.rfc-editor.org/rfc/rfc8725>
    "#);
    assert!(rules::explain(&checks()[0], true).contains("\u{1b}[1mWhy\u{1b}[0m"));
    insta::assert_snapshot!(rules::list(&checks()), @r#"
    jwt-aud-not-verified  medium    What jwt-aud-not-verified is about
    jwt-exp-not-verified  high      What jwt-exp-not-verified is about
    jwt-hardcoded-secret  critical  What jwt-hardcoded-secret is about
    jwt-missing-claims    low       What jwt-missing-claims is about (advice)
    "#);
}

#[test]
fn formats_have_names() {
    for (name, format) in Format::ALL {
        assert_eq!((Format::parse(name), format.name()), (Some(format), name));
    }
    assert_eq!(Format::parse("xml"), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_place_breaks_a_report(
        text in "[ -~é😀日\u{301}\t\r\n\u{1b}\u{202E}]{0,200}",
        places in prop::collection::vec((0..230u32, 0..60u32, 0..3u32), 1..6),
        width in 0..200usize,
    ) {
        let mut o = Outcome { sources: vec![Source::new(FileId(0), "a.ts", text.as_str()), Source::new(FileId(1), "b.ts", "")], ..Default::default() };
        let spans: Vec<Span> = places.iter().map(|(start, len, file)| Span { file: FileId(*file), start: *start, end: start + len }).collect();
        let mut f = outcome().findings[0].clone();
        f.place = spans[0];
        f.message = text.clone();
        f.evidence = spans.iter().map(|s| Evidence { span: *s, text: text.chars().take(9).collect(), strength: Strength::Stated }).collect();
        o.findings = vec![f];
        for (_, format) in Format::ALL {
            for unicode in [true, false] {
                render(format, &o, &checks(), &Options { width, unicode, color: unicode, line_hash: true, ..Default::default() });
            }
        }
    }
}

#[test]
fn marks_inside_marks() {
    let mut o = outcome();
    let mut f = o.findings[2].clone();
    f.evidence.truncate(1);
    f.evidence[0].span = {
        let whole = span(&o, 0, "t, KEY, opts)");
        Span { start: whole.end - 5, end: whole.end - 1, ..whole }
    };
    f.related.clear();
    o.findings = vec![f];
    insta::assert_snapshot!(render(Format::Human, &o, &[], &Options { quiet: true, ..Default::default() }), @r#"
    high[jwt-exp-not-verified, jwt-aud-not-verified] `jwt.verify` accepts expired tokens and tokens
      issued for any audience (medium confidence)
       ╭─[src/a é.ts:5:9]
     4 │ export function who(t) {
     5 │     return jwt.verify(t, KEY, opts) // 日本語 «who»
       ·            ─────────┬──────── ──┬─
       ·                     │           ╰── `opts` is defined here
       ·                     ╰── here
     6 │ }
       ╰────
      why: a token meant for another service, or an old one, opens this one
      fix: pass `audience` and leave `ignoreExpiration` out
      explain: authlint explain jwt-exp-not-verified
    "#);
}
