//! SARIF against the official schema, a golden file, and what code scanning asks for.

use std::path::Path;

use authlint::finding::{Evidence, Outcome, Severity, Strength};
use authlint::report::{Format, Options, render};
use serde_json::Value;

use crate::report::{checks, outcome};

fn sarif(outcome: &Outcome, options: &Options) -> (String, Value) {
    let text = render(Format::Sarif, outcome, &checks(), options);
    let value = serde_json::from_str(&text).unwrap();
    (text, value)
}

fn testdata(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sarif").join(name)
}

fn complaints(log: &Value) -> Vec<String> {
    let schema: Value =
        serde_json::from_str(&std::fs::read_to_string(testdata("sarif-schema-2.1.0.json")).unwrap()).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    validator.iter_errors(log).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

#[test]
fn the_schema_accepts_it() {
    let (_, full) = sarif(
        &outcome(),
        &Options { line_hash: true, category: Some("services/a".into()), ..Default::default() },
    );
    assert_eq!(complaints(&full), Vec::<String>::new());
    let (_, empty) = sarif(&Outcome::default(), &Options::default());
    assert_eq!(complaints(&empty), Vec::<String>::new());
    let mut broken = full;
    broken["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0.into();
    assert_eq!(complaints(&broken).len(), 1);
}

#[test]
fn golden() {
    let (text, _) = sarif(&outcome(), &Options { line_hash: true, ..Default::default() });
    let path = testdata("golden.sarif");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        text,
        golden.replace("\r\n", "\n").replace("\"0.1.0\"", &version),
        "run with UPDATE=1 when this is meant"
    );
}

#[test]
fn what_code_scanning_reads() {
    let (_, log) = sarif(&outcome(), &Options { category: Some("services/a".into()), ..Default::default() });
    let run = &log["runs"][0];
    assert_eq!(log["runs"].as_array().unwrap().len(), 1);
    assert_eq!(run["automationDetails"]["id"], "services/a/");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules[0]["properties"]["security-severity"], "7.5");
    assert_eq!(rules[0]["properties"]["tags"][1], "external/cwe/cwe-347");
    for result in run["results"].as_array().unwrap() {
        assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
        assert_eq!(result["partialFingerprints"].as_object().unwrap().len(), 1);
    }
    let secret = &run["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(secret["artifactLocation"]["uri"], "config/%5Benv%5D.py");
    // UTF-16 units: é is one, 😀 two.
    assert_eq!(
        (secret["region"]["startColumn"].as_u64(), secret["region"]["endColumn"].as_u64()),
        (Some(7), Some(23))
    );
    assert_eq!(run["results"][1]["suppressions"][0]["justification"], "a demo, never deployed");
    assert_eq!(run["results"][0]["suppressions"].as_array().unwrap().len(), 0);
    let claims = &run["results"][2];
    assert!(claims["message"]["text"].as_str().unwrap().contains("[the key \\[of both\\]](4)"));
    assert_eq!(claims["relatedLocations"][3]["id"], 4);
    assert_eq!(claims["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap().len(), 3);
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notes.len(), 3);
    assert!(
        notes[2]["message"]["text"]
            .as_str()
            .unwrap()
            .starts_with("Analysed 41 of 50 files; 6 mention nothing")
    );
    let descriptors = run["tool"]["driver"]["notifications"].as_array().unwrap();
    for note in notes {
        assert_eq!(
            descriptors[note["descriptor"]["index"].as_u64().unwrap() as usize]["id"],
            note["descriptor"]["id"]
        );
    }
}

#[test]
fn limits_cut_and_say_so() {
    let mut o = outcome();
    let (low, high) = (o.findings[1].clone(), o.findings[2].clone());
    o.findings = vec![low; 25_000];
    o.findings.iter_mut().for_each(|f| f.suppressed = None);
    let step = |n: usize| Evidence { span: high.place, text: n.to_string(), strength: Strength::Stated };
    let mut long = high.clone();
    long.evidence = (0..1200).map(step).collect();
    o.findings.push(long);
    let (_, log) = sarif(&o, &Options::default());
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 25_000);
    assert_eq!(results.last().unwrap()["level"], "error");
    assert_eq!(high.severity, Severity::High);
    let flow = results.last().unwrap()["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap();
    assert_eq!(flow.len(), 1000);
    let notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(notes.contains("1 finding left out") && notes.contains("The steps of 1 finding were cut"));
}
