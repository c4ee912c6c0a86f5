//! Rules and weaknesses as SARIF describes them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use serde_sarif::sarif::{
    MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor,
    ReportingDescriptorReference, ReportingDescriptorRelationship, ToolComponent, ToolComponentReference,
};

use crate::finding::Severity;
use crate::rulebook::check::Check;

use super::rules::{markdown, plain};

/// Code scanning shows no more of them.
const TAGS: usize = 10;
/// Code scanning refuses a longer description.
const DESCRIPTION_CHARS: usize = 1000;

pub fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.1",
        Severity::High => "7.5",
        Severity::Medium => "5.0",
        Severity::Low => "2.5",
    }
}

pub fn text(text: impl Into<String>) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

pub fn bag(entries: impl IntoIterator<Item = (&'static str, Value)>) -> PropertyBag {
    let additional_properties = entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    PropertyBag { additional_properties, ..Default::default() }
}

pub fn descriptor(check: &Check, weaknesses: &ToolComponent) -> ReportingDescriptor {
    let problem = match level(check.severity) {
        "note" => "recommendation",
        level => level,
    };
    let mut properties = bag([
        ("security-severity", json!(score(check.severity))),
        ("precision", json!(if check.advice { "medium" } else { "high" })),
        ("problem.severity", json!(problem)),
    ]);
    properties.tags = Some(tags(check));
    let relationships: Vec<_> =
        check.references.cwe.iter().filter_map(|cwe| relationship(*cwe, weaknesses)).collect();
    let help = markdown(check);
    ReportingDescriptor {
        name: Some(name(&check.id)),
        short_description: Some(text(plain(&check.title))),
        full_description: Some(text(description(check))),
        help: Some(MultiformatMessageString { markdown: Some(help.clone()), ..text(plain(&help)) }),
        default_configuration: Some(ReportingConfiguration {
            level: Some(json!(level(check.severity))),
            ..Default::default()
        }),
        relationships: Some(relationships).filter(|r| !r.is_empty()),
        properties: Some(properties),
        ..ReportingDescriptor::builder().id(check.id.as_str()).build()
    }
}

/// `area-stating-the-flaw` -> `AreaStatingTheFlaw`
fn name(id: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    id.split('-').map(capital).collect()
}

fn description(check: &Check) -> String {
    let first = check.why.trim().split("\n\n").next().unwrap_or_default();
    let text = plain(if first.is_empty() { &check.title } else { first });
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat.chars().take(DESCRIPTION_CHARS).collect()
}

fn tags(check: &Check) -> Vec<String> {
    let slug = |text: &str| text.to_lowercase().replace(':', "-");
    let references = &check.references;
    let cwe = references.cwe.iter().map(|n| format!("external/cwe/cwe-{n:03}"));
    let owasp = references.owasp.iter().map(|id| format!("external/owasp/{}", slug(id)));
    let api = references.api.iter().map(|id| format!("external/owasp-api/{}", slug(id)));
    std::iter::once("security".to_owned()).chain(cwe).chain(owasp).chain(api).take(TAGS).collect()
}

/// The weaknesses of the CWE catalogue that the rules speak of.
pub fn weaknesses(rules: &[Check]) -> ToolComponent {
    let numbers: BTreeSet<u32> = rules.iter().flat_map(|r| r.references.cwe.iter().copied()).collect();
    let taxon = |n: &u32| ReportingDescriptor {
        name: Some(format!("CWE-{n}")),
        help_uri: Some(format!("https://cwe.mitre.org/data/definitions/{n}.html")),
        ..ReportingDescriptor::builder().id(n.to_string()).build()
    };
    ToolComponent {
        organization: Some("MITRE".to_owned()),
        short_description: Some(text("The MITRE Common Weakness Enumeration")),
        information_uri: Some("https://cwe.mitre.org/".to_owned()),
        is_comprehensive: Some(false),
        taxa: Some(numbers.iter().map(taxon).collect()),
        ..ToolComponent::builder().name("CWE").build()
    }
}

pub fn weaknesses_reference() -> ToolComponentReference {
    ToolComponentReference { name: Some("CWE".to_owned()), index: Some(0), ..Default::default() }
}

fn relationship(cwe: u32, weaknesses: &ToolComponent) -> Option<ReportingDescriptorRelationship> {
    let id = cwe.to_string();
    let index = weaknesses.taxa.as_ref()?.iter().position(|t| t.id == id)?;
    let target = ReportingDescriptorReference {
        id: Some(id),
        index: i64::try_from(index).ok(),
        tool_component: Some(weaknesses_reference()),
        ..Default::default()
    };
    Some(ReportingDescriptorRelationship {
        target,
        kinds: Some(vec!["superset".to_owned()]),
        description: None,
        properties: None,
    })
}

/// The place of each rule in the list, by id.
pub fn indexes(rules: &[Check]) -> BTreeMap<&str, i64> {
    rules.iter().enumerate().filter_map(|(i, r)| Some((r.id.as_str(), i64::try_from(i).ok()?))).collect()
}
