//! What becomes of verdicts: merging, ignore comments, fingerprints, order.

use std::collections::BTreeMap;

use authlint::concepts::CONCEPTS;
use authlint::facts::Note;
use authlint::finding::{Confidence, Evidence, Finding, Severity, Strength, Verdict};
use authlint::rulebook::check::{Check, Condition, Judgement, References, When, Wording};
use authlint::settle::{settle, settle_partial};
use authlint::source::{FileId, Source, Span, Str};
use proptest::prelude::*;

const AUD: &str = "jwt-aud-not-verified";
const ISS: &str = "jwt-iss-not-verified";
const EXP: &str = "jwt-exp-not-verified";
const SECRET: &str = "jwt-hardcoded-secret";

pub fn check(id: &str, severity: Severity) -> Check {
    Check {
        id: id.into(),
        title: format!("What {id} is about"),
        severity,
        advice: false,
        words: Vec::new(),
        spares: Vec::new(),
        references: References {
            cwe: vec![347],
            owasp: vec!["A07:2021".into()],
            api: vec!["API2:2023".into()],
            rfc: vec!["RFC 8725 section 3.9".into()],
        },
        why: "A token meant for **another** service is accepted here.\n\nSo one leak opens two doors.".into(),
        fix: "Name the audience:\n\n```js\nverify(token, key, { audience: 'api' })\n```".into(),
        prompt: "Check the audience of every token.".into(),
        further: "- [RFC 8725](https://www.rfc-editor.org/rfc/rfc8725)".into(),
        judgement: Judgement::When(Box::new(When {
            on: vec![&CONCEPTS[0]],
            when: Condition::yes(),
            unless: Condition::no(),
            doubt: Condition::no(),
            grave: Condition::no(),
            parts: Vec::new(),
        })),
        wording: Wording::default(),
        variants: Vec::new(),
        limits: BTreeMap::new(),
        also: None,
        merge: None,
    }
}

fn rules() -> Vec<Check> {
    [(AUD, Severity::Medium), (ISS, Severity::Medium), (EXP, Severity::High), (SECRET, Severity::Critical)]
        .map(|(id, severity)| check(id, severity))
        .to_vec()
}

fn says(rule: &str) -> (Severity, &'static str) {
    match rule {
        AUD => (Severity::Medium, "accepts tokens issued for any audience"),
        ISS => (Severity::Medium, "accepts tokens issued by any issuer"),
        EXP => (Severity::High, "accepts expired tokens"),
        _ => (Severity::Critical, "uses a key that stands in the source"),
    }
}

fn source(text: &str) -> Vec<Source> {
    vec![Source::new(FileId(0), "src/auth.ts", text)]
}

/// A verdict about the n-th occurrence of `place`.
fn verdict(sources: &[Source], rule: &str, place: &str, n: usize) -> Verdict {
    let start = sources[0].text.match_indices(place).nth(n).expect("the place").0;
    let (severity, says) = says(rule);
    let span = Span::new(FileId(0), start, start + place.len());
    Verdict {
        rule: rule.into(),
        severity,
        confidence: Confidence::High,
        place: span,
        subject: "jwt.verify".into(),
        says: says.into(),
        why: format!("why {rule}"),
        fix: "set the option".into(),
        merge: Some("jwt-claims".into()),
        evidence: vec![Evidence { span, text: "the call".into(), strength: Strength::Stated }],
        related: vec![],
        prompt: format!("Mend {rule}"),
        in_test: false,
    }
}

/// The comments of the file that mention authlint, found by their marks.
fn notes(sources: &[Source]) -> Vec<(FileId, Vec<Note>)> {
    let source = &sources[0];
    let of_line = |line: u32| {
        let range = source.line_range(line);
        let text = &source.text[range.clone()];
        let at = text.find("//").filter(|at| text[*at..].contains("authlint"))?;
        Some(Note {
            text: text[at + 2..].trim().into(),
            own_line: text[..at].trim().is_empty(),
            span: Span::new(FileId(0), range.start + at, range.end),
        })
    };
    vec![(FileId(0), (1..=source.line_count()).filter_map(of_line).collect())]
}

fn shown(sources: &[Source], findings: &[Finding]) -> String {
    let line = |f: &Finding| sources[0].line(f.place.start);
    let state = |f: &Finding| f.suppressed.as_ref().map_or(String::new(), |s| format!(" ({})", s.reason));
    findings
        .iter()
        .map(|f| format!("{} {}: {}{}\n", line(f), f.rules.join("+"), f.message, state(f)))
        .collect()
}

fn run(text: &str, places: &[(&str, &str, usize)]) -> String {
    let sources = source(text);
    let verdicts = places.iter().map(|(rule, place, n)| verdict(&sources, rule, place, *n)).collect();
    shown(&sources, &settle(verdicts, &sources, &notes(&sources), &rules()))
}

#[test]
fn one_place_one_finding() {
    let sources = source("const c = jwt.verify(t, k, {})\n");
    let all = [AUD, ISS, EXP].map(|rule| verdict(&sources, rule, "jwt.verify(t, k, {})", 0));
    let mut verdicts = all.to_vec();
    verdicts.push(all[0].clone());
    verdicts[0].confidence = Confidence::Medium;
    verdicts[2].confidence = Confidence::Medium;
    let findings = settle(verdicts, &sources, &[], &rules());
    insta::assert_snapshot!(shown(&sources, &findings), @"1 jwt-exp-not-verified+jwt-aud-not-verified+jwt-iss-not-verified: `jwt.verify` accepts expired tokens, tokens issued for any audience and tokens issued by any issuer");
    let f = &findings[0];
    assert_eq!((f.rule.as_str(), f.severity, f.confidence), (EXP, Severity::High, Confidence::Medium));
    assert_eq!(f.evidence.len(), 1);
    assert_eq!(f.why, "why jwt-exp-not-verified; why jwt-aud-not-verified; why jwt-iss-not-verified");
    assert_eq!(f.fix, "set the option");
    assert_eq!(f.prompt, "Mend jwt-exp-not-verified. Mend jwt-aud-not-verified. Mend jwt-iss-not-verified.");
}

#[test]
fn a_guess_is_not_said_together_with_what_is_known() {
    let sources = source("const c = jwt.verify(t, k, {})\n");
    let mut verdicts = [AUD, ISS].map(|rule| verdict(&sources, rule, "jwt.verify(t, k, {})", 0)).to_vec();
    verdicts[0].confidence = Confidence::Low;
    insta::assert_snapshot!(shown(&sources, &settle(verdicts, &sources, &[], &rules())), @"
    1 jwt-aud-not-verified: `jwt.verify` accepts tokens issued for any audience
    1 jwt-iss-not-verified: `jwt.verify` accepts tokens issued by any issuer
    ");
}

#[test]
fn what_merges_and_what_does_not() {
    // Another place on the line; two calls on one line; no key; another line.
    insta::assert_snapshot!(run("jwt.verify(t, { exp: false })", &[(AUD, "jwt.verify(t, { exp: false })", 0), (EXP, "exp: false", 0)]), @"1 jwt-exp-not-verified+jwt-aud-not-verified: `jwt.verify` accepts expired tokens and tokens issued for any audience");
    insta::assert_snapshot!(run("f(a); f(a)", &[(AUD, "f(a)", 0), (ISS, "f(a)", 0), (AUD, "f(a)", 1), (ISS, "f(a)", 1)]), @"
    1 jwt-aud-not-verified+jwt-iss-not-verified: `jwt.verify` accepts tokens issued for any audience and by any issuer
    1 jwt-aud-not-verified+jwt-iss-not-verified: `jwt.verify` accepts tokens issued for any audience and by any issuer
    ");
    let sources = source("f(a)\nf(a)");
    let mut verdicts = vec![
        verdict(&sources, AUD, "f(a)", 0),
        verdict(&sources, ISS, "f(a)", 1),
        verdict(&sources, EXP, "f(a)", 0),
    ];
    verdicts[2].merge = None;
    assert_eq!(settle(verdicts, &sources, &[], &rules()).len(), 3);
    // One rule, one place, two things to say: kept with a key, once without.
    let mut verdicts = vec![verdict(&sources, AUD, "f(a)", 0), verdict(&sources, AUD, "f(a)", 0)];
    verdicts[1].says = "accepts tokens of any age".into();
    insta::assert_snapshot!(shown(&sources, &settle(verdicts.clone(), &sources, &[], &rules())), @"1 jwt-aud-not-verified: `jwt.verify` accepts tokens issued for any audience and of any age");
    verdicts.iter_mut().for_each(|v| v.merge = None);
    assert_eq!(settle(verdicts, &sources, &[], &rules()).len(), 1);
}

#[test]
fn ignored_where_it_stands() {
    insta::assert_snapshot!(run("f(a) // authlint: ignore[jwt-aud-not-verified] one service only\n\nf(a)\n", &[(AUD, "f(a)", 0), (AUD, "f(a)", 1)]), @"
    1 jwt-aud-not-verified: `jwt.verify` accepts tokens issued for any audience (one service only)
    3 jwt-aud-not-verified: `jwt.verify` accepts tokens issued for any audience
    ");
    // Own lines stack, speak of the next code line, and skip blank lines and other comments.
    let text = "// authlint: ignore[jwt-aud-not-verified] first\n// authlint: ignore[jwt-exp-not-verified] second\n\n// other\n@Get()\nf(a)\n";
    insta::assert_snapshot!(run(text, &[(AUD, "f(a)", 0), (ISS, "f(a)", 0), (EXP, "f(a)", 0)]), @"
    6 jwt-aud-not-verified: `jwt.verify` accepts tokens issued for any audience (first)
    6 jwt-exp-not-verified: `jwt.verify` accepts expired tokens (second)
    6 jwt-iss-not-verified: `jwt.verify` accepts tokens issued by any issuer
    ");
    // Inside a call of several lines; but not for the function around when the call is meant.
    let text = "function g() {\n  f(a,\n    b) // authlint: ignore[jwt-aud-not-verified] so\n}\n";
    insta::assert_snapshot!(run(text, &[(AUD, "f(a,\n    b)", 0)]), @"2 jwt-aud-not-verified: `jwt.verify` accepts tokens issued for any audience (so)");
    let text = "function g() {\n  f(a) // authlint: ignore[jwt-aud-not-verified] so\n}\n";
    insta::assert_snapshot!(run(text, &[(AUD, "f(a)", 0), (AUD, text.trim(), 0)]), @"
    1 jwt-aud-not-verified: `jwt.verify` accepts tokens issued for any audience
    2 jwt-aud-not-verified: `jwt.verify` accepts tokens issued for any audience (so)
    ");
}

#[test]
fn a_comment_in_braces_of_its_own_stands_alone() {
    let text = "<p>\n  {/* authlint: ignore[jwt-aud-not-verified] so */}\n  {f(a)}\n</p>\n";
    let sources = source(text);
    let (start, end) = (text.find("/*").unwrap(), text.find("*/").unwrap() + 2);
    let note = Note {
        text: "authlint: ignore[jwt-aud-not-verified] so".into(),
        own_line: false,
        span: Span::new(FileId(0), start, end),
    };
    let findings =
        settle(vec![verdict(&sources, AUD, "f(a)", 0)], &sources, &[(FileId(0), vec![note])], &rules());
    assert_eq!(findings.iter().filter(|f| f.suppressed.is_some()).count(), 1);
    assert_eq!(findings.len(), 1);
}

#[test]
fn a_comment_for_every_part_silences_the_whole() {
    let text = "f(a) // authlint: ignore[jwt-aud-not-verified, jwt-iss-not-verified] internal\n";
    insta::assert_snapshot!(run(text, &[(AUD, "f(a)", 0), (ISS, "f(a)", 0)]), @"1 jwt-aud-not-verified+jwt-iss-not-verified: `jwt.verify` accepts tokens issued for any audience and by any issuer (internal)");
}

#[test]
fn comments_that_do_not_work_are_findings() {
    let text = "\
f(a) // authlint: ignore[jwt-aud-not-verified]
f(a) // authlint: ignore[jwt-aud-not-verifed] a letter is missing
f(a) // authlint: ignore[no-such-thing-at-all] why
f(a) // authlint:ignore[jwt-aud-not-verified] no space
g(a) // authlint: ignore[jwt-aud-not-verified, jwt-exp-not-verified] nothing here
// authlint: public
f(a) // authlint: ignore[jwt-aud-not-verified, jwt-exp-not-verified] half
";
    let places: Vec<(&str, &str, usize)> = (0..5).map(|n| (AUD, "f(a)", n)).collect();
    insta::assert_snapshot!(run(text, &places), @"
    1 jwt-aud-not-verified: `jwt.verify` accepts tokens issued for any audience
    1 suppression-malformed: `authlint: ignore` gives no reason, so it suppresses nothing
    2 jwt-aud-not-verified: `jwt.verify` accepts tokens issued for any audience
    2 suppression-malformed: `authlint: ignore` names the rule `jwt-aud-not-verifed`, which does not exist
    3 jwt-aud-not-verified: `jwt.verify` accepts tokens issued for any audience
    3 suppression-malformed: `authlint: ignore` names the rule `no-such-thing-at-all`, which does not exist
    4 jwt-aud-not-verified: `jwt.verify` accepts tokens issued for any audience
    4 suppression-malformed: `authlint: ignore` is not understood as written (`authlint:ignore[`), so it suppresses nothing
    5 suppression-unused: `authlint: ignore` suppresses nothing: there is no finding of `jwt-aud-not-verified` or `jwt-exp-not-verified` here
    7 jwt-aud-not-verified: `jwt.verify` accepts tokens issued for any audience (half)
    7 suppression-unused: `authlint: ignore` suppresses nothing: there is no finding of `jwt-exp-not-verified` here
    ");
    let sources = source(text);
    let findings = settle(vec![], &sources, &notes(&sources), &rules());
    assert_eq!(findings[1].fix, "did you mean `jwt-aud-not-verified`?");
    assert_eq!((findings[0].severity, findings[4].severity), (Severity::Medium, Severity::Low));
}

#[test]
fn rules_that_did_not_run_make_no_comment_unused() {
    let sources = source("f(a) // authlint: ignore[jwt-sensitive-payload] told to legal\n");
    let unrun = [Str::new("jwt-sensitive-payload")];
    assert_eq!(settle_partial(vec![], &sources, &notes(&sources), &rules(), &unrun), []);
    let unrun = ["suppression-unused".into(), "suppression-malformed".into()];
    assert_eq!(settle_partial(vec![], &sources, &notes(&sources), &rules(), &unrun), []);
}

#[test]
fn fingerprints_outlive_moves_and_comments() {
    let print = |text: &str, place: &str, n: usize| {
        let sources = source(text);
        let all = (0..text.matches(place).count()).map(|n| verdict(&sources, AUD, place, n)).collect();
        settle(all, &sources, &[], &rules())[n].fingerprint.clone()
    };
    let plain = print("f(a, { b: 1 })", "f(a, { b: 1 })", 0);
    assert_eq!(plain.len(), 32);
    assert_eq!(
        plain,
        print(
            "\r\n// moved\r\n    f(a,\r\n // new\r\n { b: 1,\r\n })",
            "f(a,\r\n // new\r\n { b: 1,\r\n })",
            0
        )
    );
    assert_ne!(plain, print("f(a, { b: 2 })", "f(a, { b: 2 })", 0));
    let text = "f(a)\nf(a)\n";
    assert_ne!(print(text, "f(a)", 0), print(text, "f(a)", 1));
    assert_eq!(print(text, "f(a)", 0), print("f(a)\n", "f(a)", 0));
    // Recorded: a change makes every alert of every user new.
    assert_eq!(print("f(a)", "f(a)", 0), "3914e91de11e71077507a77963b38b83");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_verdicts_does_not_matter(order in Just((0..12usize).collect::<Vec<_>>()).prop_shuffle()) {
        let sources = source("f(a); f(a) // authlint: ignore[jwt-iss-not-verified] so\nf(a)\n");
        let mut all: Vec<Verdict> = Vec::new();
        for n in 0..3 {
            all.extend([AUD, ISS, EXP, AUD].map(|rule| verdict(&sources, rule, "f(a)", n)));
        }
        all[3].says = "says it otherwise".into();
        all[7].evidence[0].text = "seen otherwise".into();
        all[11].merge = None;
        let shuffled = order.iter().map(|i| all[*i].clone()).collect();
        let expected = settle(all, &sources, &notes(&sources), &rules());
        prop_assert_eq!(settle(shuffled, &sources, &notes(&sources), &rules()), expected);
    }

    #[test]
    fn no_comment_and_no_span_breaks_it(text in "(authlint: ?ignore)?[ -~é😀\\]\\[,\n]{0,40}", code in "[ -~é😀\"'`/*#\r\n]{0,60}", start in 0..90u32, len in 0..90u32) {
        let sources = source(&code);
        let span = Span { file: FileId(0), start, end: start + len };
        let notes = vec![
            (FileId(0), vec![Note { text: text.as_str().into(), own_line: start % 2 == 0, span }]),
            (FileId(9), vec![Note { text: text.as_str().into(), own_line: true, span: Span { file: FileId(9), ..span } }]),
        ];
        let verdicts = vec![Verdict { place: span, ..verdict(&source("f"), AUD, "f", 0) }, Verdict { place: Span { file: FileId(7), ..span }, ..verdict(&source("f"), AUD, "f", 0) }];
        settle(verdicts, &sources, &notes, &rules());
    }
}
