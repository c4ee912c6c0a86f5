//! Do several services hold one machine credential, and do workloads run where nothing keeps them apart?
//! Knows no format: pages say which services are given what.

use crate::concepts::State;
use crate::event::{Event, Known};
use crate::facts::{FileFacts, Key, Value, ValueId};
use crate::finding::{Confidence, Evidence, Strength, Verdict};
use crate::project::origins::Root;
use crate::rulebook::check::Check;
use crate::source::{Span, Str};

use super::credentials::Worth;
use super::places::is_debug_path;
use super::{Judge, words};

/// What two services have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Credential {
    /// It is written there.
    Text(Str),
    /// A variable of the file's surroundings.
    Outside(Span, Str),
    /// An entry of a stored secret: its name and key.
    Stored(Str, Str),
}

#[derive(Clone, Debug)]
struct Use {
    name: Str,
    credential: Credential,
    service: String,
    /// The last part of the image's or the source's name.
    program: Option<String>,
    /// The folder of an env file.
    folder: Option<String>,
    place: Span,
}

/// One client secret or API key that two or more services are given.
pub fn credentials(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut uses: Vec<Use> =
        judge.of_concept("workload.set").filter_map(|e| of_event(judge, e)).chain(of_env(judge)).collect();
    uses.retain(|u| !holds_it(judge, u));
    let mut groups: Vec<Vec<Use>> = Vec::new();
    for one in uses {
        match groups.iter_mut().find(|g| g[0].credential == one.credential) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    let mut out: Vec<(Vec<String>, Vec<Use>)> = Vec::new();
    for group in groups {
        let mut services: Vec<&Use> = Vec::new();
        for one in &group {
            if !services.iter().any(|other| same_service(one, other)) {
                services.push(one);
            }
        }
        if services.len() < 2 {
            continue;
        }
        let mut names: Vec<String> = services.iter().map(|u| u.service.clone()).collect();
        names.sort();
        match out.iter_mut().find(|(known, _)| *known == names) {
            Some((_, known)) => known.extend(group),
            None => out.push((names, group)),
        }
    }
    out.into_iter().map(|(services, group)| verdict(judge, check, &services, &group)).collect()
}

fn verdict(judge: &Judge, check: &Check, services: &[String], group: &[Use]) -> Verdict {
    let first = &group[0];
    let client = judge.credentials.is_of(&first.name, &["client secret".into()]);
    let strength = if client { Strength::Stated } else { Strength::Inferred };
    let mut out = judge.plain_verdict(check, &first.name, first.place, strength, false);
    let quoted: Vec<String> = services.iter().map(|s| format!("`{s}`")).collect();
    out.says = format!("is one credential for {}", quoted.join(", "));
    let steps = group.iter().map(|u| Evidence {
        span: u.place,
        text: format!("`{}` is given `{}` here", u.service, u.name),
        strength: Strength::Stated,
    });
    let mut steps: Vec<Evidence> = steps.collect();
    out.related = steps.split_off(1);
    out.related.truncate(12);
    out.evidence = steps;
    if group.iter().all(|u| is_debug_path(judge.project.path_below(u.place.file))) {
        out.confidence = Confidence::Low;
    }
    out
}

fn of_event(judge: &Judge, event: &Event) -> Option<Use> {
    if event.role("passing").is_some_and(|r| r.state != State::Unknown)
        || event.in_test
        || judge.is_test_file(event.file)
    {
        return None;
    }
    let name = text(event, "name")?;
    let service = text(event, "service").or_else(|| unnamed(judge, event))?;
    let cloud = judge.credentials.is_of(&name, &["cloud key".into()]);
    (cloud || is_shared_kind(judge, &name)).then_some(())?;
    let program = event.role("program").and_then(|r| r.values.first()).and_then(|v| program(judge, v));
    let (credential, place) = match stored(judge, event) {
        Some(found) => found,
        None => given(judge, event)?,
    };
    if (cloud || program.is_none()) && !matches!(credential, Credential::Text(_)) {
        return None;
    }
    Some(Use { name, credential, service: service.to_string(), program, folder: None, place })
}

/// A service whose name is put in later goes by its file.
fn unnamed(judge: &Judge, event: &Event) -> Option<Str> {
    let role = event.role("service").filter(|r| r.state != State::Unset && !r.values.is_empty())?;
    role.values.iter().all(|v| v.text.is_none()).then_some(())?;
    let name = last_part(judge.project.path_below(event.file));
    Some(name.rsplit_once('.').map_or(name, |(stem, _)| stem).into())
}

fn text(event: &Event, role: &str) -> Option<Str> {
    event.role(role)?.values.iter().find_map(|v| v.text.clone()).filter(|t| !t.is_empty())
}

/// A value that is written, or the variable that it is read from.
fn given(judge: &Judge, event: &Event) -> Option<(Credential, Span)> {
    let values = &event.role("value")?.values;
    let place = values.first()?.span;
    if let Some(name) = values.iter().find_map(|v| v.outside.clone()).filter(|n| !n.is_empty()) {
        return Some((Credential::Outside(Span { start: 0, end: 0, ..event.span }, name), place));
    }
    let text = values.iter().filter(|v| !v.fed).find_map(|v| v.text.clone())?;
    real(judge, &text).then_some((Credential::Text(text), place))
}

fn stored(judge: &Judge, event: &Event) -> Option<(Credential, Span)> {
    let known = event.role("stored")?.values.first()?;
    let Root::Value(at) = known.traced.root else { return None };
    let facts = judge.facts(at.file)?;
    let field = |name: &str| match facts.value(entry(facts, at.value, name)?) {
        Value::Text(t) => Some(t.clone()),
        _ => None,
    };
    Some((Credential::Stored(field("name")?, field("key")?), event.span))
}

fn entry(facts: &FileFacts, record: ValueId, name: &str) -> Option<ValueId> {
    let Value::Record(record) = facts.value(record) else { return None };
    let is = |key: &Key| matches!(key, Key::Text(k) if k.as_str() == name);
    record.entries.iter().rev().find(|e| is(&e.key)).map(|e| e.value)
}

/// Env files beside the services that they configure.
fn of_env(judge: &Judge) -> Vec<Use> {
    let mut out = Vec::new();
    for facts in judge.project.files.iter().flatten().filter(|f| f.format == "env") {
        let path = judge.project.path_below(facts.file);
        if super::secrets::is_model(path) || judge.is_test_file(facts.file) {
            continue;
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for setting in &facts.settings {
            let ([name], Value::Text(value)) = (setting.path.as_slice(), facts.value(setting.value)) else {
                continue;
            };
            if !is_shared_kind(judge, name) || !real(judge, value) {
                continue;
            }
            out.push(Use {
                name: name.clone(),
                credential: Credential::Text(value.clone()),
                service: last_part(folder).to_string(),
                program: None,
                folder: Some(folder.to_string()),
                place: setting.span,
            });
        }
    }
    out
}

fn is_shared_kind(judge: &Judge, name: &str) -> bool {
    judge.credentials.is_of(name, &["client secret".into(), "machine key".into()])
}

fn real(judge: &Judge, text: &str) -> bool {
    text.len() >= 6
        && judge.credentials.worth(text) > Worth::Nothing
        && !judge.credentials.is_public(text)
        && !text.contains('\n')
}

/// The service that hands the credential out or checks it holds it by right.
fn holds_it(judge: &Judge, one: &Use) -> bool {
    let name = words(&one.name);
    let own = words(&one.service);
    // `API_KEY: ${BILLING_API_KEY}` of the service `billing`.
    let outside = match &one.credential {
        Credential::Outside(_, variable) => words(variable),
        _ => Vec::new(),
    };
    let speaks = |name: &[String]| name.windows(own.len()).any(|w| w == own.as_slice());
    let named = !own.is_empty() && (speaks(&name) || speaks(&outside));
    let is_server = |text: &str| judge.credentials.is_of(text, &["identity server".into()]);
    named || is_server(&one.service) || one.program.as_deref().is_some_and(is_server)
}

/// Two processes of one program, or two settings of one service.
fn same_service(a: &Use, b: &Use) -> bool {
    let (x, y) = (words(&a.service), words(&b.service));
    let below = |a: &str, b: &str| b.is_empty() || a == b || a.starts_with(&format!("{b}/"));
    let nested = match (&a.folder, &b.folder) {
        (Some(a), Some(b)) => below(a, b) || below(b, a),
        _ => false,
    };
    let same_program = a.program.is_some() && a.program == b.program;
    x.starts_with(&y) || y.starts_with(&x) || nested || same_program
}

/// What a service runs, so that the same program has the same name wherever it is named.
fn program(judge: &Judge, known: &Known) -> Option<String> {
    let at = match known.traced.root {
        Root::Value(at) => at,
        _ => known.traced.at,
    };
    let facts = judge.facts(at.file)?;
    let written = |name: &str| entry(facts, at.value, name).and_then(|v| plain(facts, v));
    let whole = match facts.value(at.value) {
        Value::Record(_) => {
            let context = written("context").unwrap_or_default();
            match written("dockerfile") {
                Some(file) if last_part(&file) != "Dockerfile" => file,
                Some(file) if file.contains('/') => file.rsplit_once('/')?.0.to_string(),
                _ => context,
            }
        }
        _ => plain(facts, at.value)?,
    };
    let name = last_part(&whole).split(['@', ':']).next().unwrap_or_default();
    (!name.is_empty() && name != "{}").then(|| name.to_lowercase())
}

/// A text, with `{}` for what is put in from outside.
fn plain(facts: &FileFacts, id: ValueId) -> Option<String> {
    match facts.value(id) {
        Value::Text(t) => Some(t.to_string()),
        Value::Join(parts) => Some(
            parts
                .iter()
                .map(|p| match facts.value(*p) {
                    Value::Text(t) => t.as_str(),
                    _ => "{}",
                })
                .collect(),
        ),
        _ => None,
    }
}

fn last_part(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}

/// Namespaces in which workloads run and no policy keeps them from reaching each other.
pub fn isolation(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let namespace = |e: &Event| text(e, "namespace").unwrap_or_default();
    // A policy without a namespace goes wherever the files are applied.
    let policies: Vec<Str> = judge
        .of_concept("net.isolate")
        .filter(|e| e.state("mutual_tls") == State::Unknown)
        .map(namespace)
        .collect();
    let mut groups: Vec<(Str, Vec<&Event>)> = Vec::new();
    for event in judge.of_concept("workload.run") {
        let place = namespace(event);
        if event.in_test
            || judge.is_test_file(event.file)
            || policies.iter().any(|p| p.is_empty() || *p == place)
        {
            continue;
        }
        match groups.iter_mut().find(|(known, _)| *known == place) {
            Some((_, group)) => group.push(event),
            None => groups.push((place, vec![event])),
        }
    }
    let mut out = Vec::new();
    for (place, group) in groups {
        let first = group[0];
        let mut found = judge.verdict(check, first, first.span, Strength::Inferred, Vec::new());
        found.subject = if place.is_empty() { "the namespace".into() } else { place.to_string() };
        found.says = format!("runs {} and has no network policy", count(group.len()));
        found.why = "whoever takes over one of them reaches all others, and whatever they leave open".into();
        found.fix = "deny all traffic into the namespace by a policy, and allow each connection that is needed by another".into();
        // A cluster may have policies that stand elsewhere.
        found.confidence = Confidence::Low;
        found.related = group[1..]
            .iter()
            .take(8)
            .map(|e| Evidence { span: e.span, text: "another workload".into(), strength: Strength::Stated })
            .collect();
        out.push(found);
    }
    out
}

fn count(n: usize) -> String {
    if n == 1 { "a workload".into() } else { format!("{n} workloads") }
}
