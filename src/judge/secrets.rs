//! Does a credential stand in the source? By where a text stands and by its looks.

use crate::event::Event;
use crate::facts::{Arg, Compare, CompareOp, ExitKind, FileFacts, Key, RegionId, Target, Value, ValueId};
use crate::finding::{Confidence, Strength, Verdict};
use crate::rulebook::check::Check;
use crate::source::{Span, Str};

use super::credentials::{Worth, is_template};
use super::handed::{Own, handed_over, own_functions};
use super::inserted::inserted_values;
use super::{Judge, words};

/// How a text comes to be read as a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    /// A variable, field or key of that name.
    Named,
    /// Compared with something of that name.
    Compared,
    /// Handed over where a library takes a credential.
    Given,
    /// What a parameter of that name is when nothing is handed over.
    Default,
}

struct Candidate<'f> {
    facts: &'f FileFacts,
    name: Str,
    value: ValueId,
    position: Position,
    region: RegionId,
}

/// Credentials in code and configuration files.
pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out: Vec<Verdict> = Vec::new();
    let own = own_functions(judge.project.files.iter().flatten());
    for facts in judge.project.files.iter().flatten() {
        if facts.format == "env" || is_translation(facts, judge.project.path_below(facts.file)) {
            continue;
        }
        let mut found = by_format(judge, check, facts);
        found.extend(inserted(judge, check, facts));
        for candidate in named(judge, facts).into_iter().chain(given_in_a_row(&own, facts)) {
            found.extend(by_name(judge, check, &candidate));
        }
        found.sort_by_key(|v| (v.place, std::cmp::Reverse(v.confidence)));
        found.dedup_by(|a, b| a.place == b.place || b.place.contains(&a.place));
        out.extend(found);
    }
    for event in judge.events {
        out.extend(given(judge, check, event));
    }
    out.sort_by_key(|v| v.place);
    out.dedup_by(|a, b| a.place == b.place);
    out
}

/// Texts of a known format, wherever they stand.
fn by_format(judge: &Judge, check: &Check, facts: &FileFacts) -> Vec<Verdict> {
    let mut out = Vec::new();
    for node in &facts.values {
        let Value::Text(text) = &node.value else { continue };
        if text.len() < 8 {
            continue;
        }
        let Some((format, range)) = judge.credentials.format(text) else { continue };
        if format.public {
            continue;
        }
        let whole = text.as_str();
        let text = &whole[range.clone()];
        if !judge.credentials.is_credential(text) {
            continue;
        }
        let inner = format.pattern.0.captures(text).and_then(|c| c.get(1)).map_or(text, |m| m.as_str());
        let inside = format.pattern.0.captures(text).is_some_and(|c| c.len() > 1);
        // A text of many lines tells how such an address is written.
        let local =
            is_local(&whole[range.start..]) || inside && (is_usual(inner) || whole.trim().contains('\n'));
        let says = format!("holds {}", with_article(&format.kind));
        let strength =
            if local || is_sampled(facts, node.span) { Strength::Heuristic } else { Strength::Stated };
        let subject = subject_of(facts, node.span);
        out.push(verdict(judge, check, facts, (subject, says), node.span, node.region, strength));
    }
    out
}

fn by_name(judge: &Judge, check: &Check, candidate: &Candidate) -> Option<Verdict> {
    let facts = candidate.facts;
    let (text, span) = literal(facts, candidate.value, 0)?;
    let password = judge.credentials.is_of(&candidate.name, &["password".into()]);
    let secret = judge.credentials.is_of(&candidate.name, &["secret".into()]);
    // The id of a session stands in no configuration: a `sid` there is the name of a statement.
    let config = !facts.documents.is_empty();
    let session = !config && judge.credentials.is_of(&candidate.name, &["session".into()]);
    let token = session || judge.credentials.is_of(&candidate.name, &["token".into()]);
    if !(password || secret || token) {
        return None;
    }
    let compared = candidate.position == Position::Compared;
    let mut worth = judge.credentials.worth(&text);
    // A form for a key that the program itself makes up is filled in: it runs with what stands there.
    if worth == Worth::Nothing
        && !config
        && candidate.position == Position::Named
        && judge.credentials.is_of(&candidate.name, &["own key".into()])
        && is_left_as_it_was(&text)
        && !is_compared(facts, &text)
    {
        worth = Worth::Weak;
    }
    if worth == Worth::Nothing
        && !(compared && password && text.len() >= 3 && !is_template(&text) && !is_nobody(&text))
        || judge.credentials.is_public(&text)
        || looks_like_code(&text)
        || !compared && says_its_name(&candidate.name, &text)
    {
        return None;
    }
    let client = judge.client.get(facts.file.0 as usize).copied().unwrap_or_default();
    let telling = text.chars().any(|c| c.is_ascii_digit()) || text.chars().any(|c| "!@#$%^&*?+=".contains(c));
    let plain_word = !telling
        && text.trim_end_matches('.').chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '_' | ' '));
    // `master_key: "master"`: a part of the name.
    if !password && words(&text).iter().all(|w| words(&candidate.name).contains(w)) {
        return None;
    }
    // `mail-server-alert-address`: what the secret is called where it is kept.
    if config && plain_word && !password && is_spoken(&text) {
        return None;
    }
    // The default of a parameter is used as it stands, however it is spelt.
    let used = compared || candidate.position == Position::Default && !text.contains(' ');
    let label = plain_word && (text.contains(' ') && !compared || text.starts_with(char::is_uppercase));
    if label && worth < Worth::Strong && !used {
        return None;
    }
    // In a form or a translation, a word is a label; a token is never a word.
    if worth < Worth::Strong && plain_word && (client || config || token && !password && !secret) {
        return None;
    }
    // `session-abc-123` is an example of an id.
    if token && !password && !secret && worth < Worth::Strong && (session || text.len() < 10 || !telling) {
        return None;
    }
    if compared && (token || secret) && !password && worth < Worth::Strong {
        return None;
    }
    // `user.password == "SSO"`: a mark for accounts without a password.
    if compared && plain_word && text.chars().all(|c| c.is_ascii_uppercase() || matches!(c, '-' | '_')) {
        return None;
    }
    // `shop_sk_`: what such credentials begin with.
    if !password && text.len() < 12 && text.ends_with(['_', '-']) {
        return None;
    }
    let strength = match worth {
        // The id of a session that is over, a word that says what it is for.
        _ if session && !(password || secret) || !compared && is_for_tests(&text) => Strength::Heuristic,
        Worth::Strong => Strength::Stated,
        _ => Strength::Inferred,
    };
    let strength = if is_sampled(facts, span) { Strength::Heuristic } else { strength };
    let says = match candidate.position {
        Position::Compared => "is compared with a literal".to_string(),
        _ => "is set to a literal".to_string(),
    };
    let name = candidate.name.to_string();
    Some(verdict(judge, check, facts, (name, says), span, candidate.region, strength))
}

/// `test-signing-secret`.
fn is_for_tests(text: &str) -> bool {
    let all = words(text);
    all.len() > 1 && all.iter().any(|w| matches!(w.as_str(), "test" | "tests" | "testing" | "e2e"))
}

/// It stands in a variable or under a key that holds samples.
fn is_sampled(facts: &FileFacts, span: Span) -> bool {
    let sample = |name: &str| {
        let samples =
            ["sample", "samples", "example", "examples", "mock", "mocks", "fixture", "fixtures", "demo"];
        words(name).iter().any(|w| samples.contains(&w.as_str()))
    };
    let written = facts.writes.iter().filter(|w| w.span.contains(&span));
    let mut named = written.filter_map(|w| match &w.target {
        Target::Variable(name) | Target::Field(_, name) => Some(name),
        Target::Index(..) => None,
    });
    let entries = facts.values.iter().filter_map(|n| match &n.value {
        Value::Record(record) if n.span.contains(&span) => Some(record),
        _ => None,
    });
    let mut keyed = entries.flat_map(|r| &r.entries).filter(|e| e.span.contains(&span));
    // A sample beside the pattern that it fits: `("aws key", r"AKIA[A-Z0-9]{16}", "AKIA…")`.
    let lists = facts.values.iter().filter_map(|n| match &n.value {
        Value::List(items) if n.span.contains(&span) && n.span.end - n.span.start < 400 => Some(items),
        _ => None,
    });
    let mut beside = lists.flatten().map(|item| facts.value(*item));
    let pattern = |v: &Value| matches!(v, Value::Text(t) if t.contains("]{") || t.contains("[A-Z") || t.contains("[0-9"));
    beside.any(pattern)
        || named.any(|name| sample(name))
        || keyed.any(|e| matches!(&e.key, Key::Text(name) if sample(name)))
}

/// What languages write for a value that is not there.
fn is_nobody(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "undefined" | "null" | "none" | "nil" | "nan" | "true" | "false")
}

/// `put_a_secret_here`: words that speak of a key.
fn is_left_as_it_was(text: &str) -> bool {
    let parts = words(text);
    !is_template(text)
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' '))
        && parts.len() >= 3
        && parts.iter().any(|w| matches!(w.as_str(), "secret" | "key"))
}

/// The program compares something with the text, to stop when nobody changed it.
fn is_compared(facts: &FileFacts, text: &str) -> bool {
    let is = |id: ValueId| matches!(facts.value(id), Value::Text(t) if t == text);
    facts.compares.iter().any(|c| is(c.left) || is(c.right))
}

/// Three words or more, joined as names are.
fn is_spoken(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '_']).collect();
    let word = |p: &&str| (2..15).contains(&p.len()) && p.chars().all(|c| c.is_ascii_lowercase());
    parts.len() >= 3 && parts.iter().all(word)
}

/// A literal where a library takes a credential.
fn given(judge: &Judge, check: &Check, event: &Event) -> Vec<Verdict> {
    let mut out = Vec::new();
    // What signs tokens and sessions has rules of its own.
    if event.concept.name.starts_with("jwt.") || event.concept.name.starts_with("session.") {
        return out;
    }
    for (role, value) in &event.roles {
        let position =
            matches!(*role, "secret") || *role == "password" && event.concept.name != "password.hash";
        if !position {
            continue;
        }
        for known in &value.values {
            let Some(text) = known.text.as_ref().filter(|_| !known.fed) else { continue };
            if judge.credentials.worth(text) == Worth::Nothing || judge.credentials.is_public(text) {
                continue;
            }
            let Some(facts) = judge.facts(known.span.file) else { continue };
            let region = super::places::innermost(facts, known.span);
            let strength = known.traced.strength.min(event.strength);
            let says = "is given a credential that stands in the source".to_string();
            let mut verdict =
                verdict(judge, check, facts, (event.callee.clone(), says), known.span, region, strength);
            verdict.evidence.extend(known.traced.steps.iter().cloned());
            out.push(verdict);
        }
    }
    out
}

fn verdict(
    judge: &Judge,
    check: &Check,
    facts: &FileFacts,
    (subject, says): (String, String),
    place: Span,
    region: RegionId,
    strength: Strength,
) -> Verdict {
    // `ADMIN_TEST_PASSWORD`
    let for_tests = words(&subject).iter().any(|w| w == "test");
    let in_test = for_tests || facts.in_test(region) || judge.is_test_file(facts.file);
    let mut out = judge.plain_verdict(check, &subject, place, strength, in_test);
    out.says = says;
    let path = judge.project.path_below(facts.file);
    if !facts.documents.is_empty() && is_model(path) || is_seed(path) {
        out.confidence = Confidence::Low;
    }
    out
}

/// Files that fill a database for development or tests: `seed/users.ts`, `seed-orders.ts`.
fn is_seed(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.any(|part| {
        words(part)
            .iter()
            .any(|w| matches!(w.as_str(), "seed" | "seeds" | "seeder" | "seeders" | "populate" | "hydrate"))
    })
}

/// Texts that stand under a name: variables, fields, keys, keyword arguments, defaults, comparisons.
fn named<'f>(judge: &Judge, facts: &'f FileFacts) -> Vec<Candidate<'f>> {
    let mut out: Vec<Candidate> = Vec::new();
    let mut add = |name: &Str, value: ValueId, position: Position, region: RegionId| {
        if name.len() > 2 {
            out.push(Candidate { facts, name: name.clone(), value, position, region });
        }
    };
    for write in &facts.writes {
        match &write.target {
            Target::Variable(name) | Target::Field(_, name) => {
                add(name, write.value, Position::Named, write.region)
            }
            Target::Index(_, key) => {
                if let Value::Text(name) = facts.value(*key) {
                    add(name, write.value, Position::Named, write.region);
                }
            }
        }
    }
    for node in &facts.values {
        let Value::Record(record) = &node.value else { continue };
        let others = || {
            record.entries.iter().filter_map(|e| match &e.key {
                Key::Text(name) => Some(name.as_str()),
                _ => None,
            })
        };
        for entry in &record.entries {
            if let Key::Text(name) = &entry.key
                && !judge.credentials.is_public_beside(name, others())
            {
                add(name, entry.value, Position::Named, node.region);
            }
        }
    }
    for call in &facts.calls {
        for Arg { name, value, .. } in &call.args {
            if let Some(name) = name {
                add(name, *value, Position::Given, call.region);
            }
        }
    }
    for function in &facts.functions {
        for parameter in &function.params {
            if let Some(default) = parameter.default {
                add(&parameter.name, default, Position::Default, function.region);
            }
        }
    }
    for t in &facts.types {
        for field in &t.fields {
            if let Some(default) = field.default {
                add(&field.code_name, default, Position::Named, t.region);
            }
        }
    }
    for compare in &facts.compares {
        if !matches!(compare.op, CompareOp::Equal | CompareOp::NotEqual) || is_refused(facts, compare) {
            continue;
        }
        for (name, value) in [(compare.left, compare.right), (compare.right, compare.left)] {
            if let Value::Name(name) | Value::Field(_, name) = facts.value(name) {
                add(name, value, Position::Compared, compare.region);
            }
        }
    }
    for setting in &facts.settings {
        if let Some(name) = setting.path.last() {
            add(name, setting.value, Position::Named, RegionId(0));
        }
    }
    out
}

/// Rows that statements put into a table of users, with the password in clear.
fn inserted(judge: &Judge, check: &Check, facts: &FileFacts) -> Vec<Verdict> {
    let mut out = Vec::new();
    for node in &facts.values {
        let Value::Text(text) = &node.value else { continue };
        let password = |column: &str| judge.credentials.is_of(column, &["password".into()]);
        let Some((column, _)) = inserted_values(text)
            .into_iter()
            .find(|(column, value)| password(column) && is_clear(judge, column, value))
        else {
            continue;
        };
        let says = "is put into a table as a literal".to_string();
        out.push(verdict(judge, check, facts, (column, says), node.span, node.region, Strength::Inferred));
    }
    out
}

fn is_clear(judge: &Judge, column: &str, value: &str) -> bool {
    let digest = value.len() >= 32 && value.chars().all(|c| c.is_ascii_hexdigit());
    judge.credentials.worth(value) > Worth::Nothing
        && !judge.credentials.is_public(value)
        && !digest
        && !says_its_name(column, value)
        && !looks_like_code(value)
}

/// Texts that the project's own functions are given without a name.
fn given_in_a_row<'f>(own: &Own<'f>, facts: &'f FileFacts) -> Vec<Candidate<'f>> {
    // `connect("abc")` tries something out.
    let told = |value: ValueId| literal(facts, value, 0).is_some_and(|(text, _)| text.len() > 4);
    let found = handed_over(own, facts).into_iter().filter(|(name, value, _)| name.len() > 2 && told(*value));
    found
        .map(|(name, value, region)| Candidate {
            facts,
            name: name.clone(),
            value,
            position: Position::Given,
            region,
        })
        .collect()
}

/// `if (secret === "changeme") throw …`: the literal is what is not accepted.
fn is_refused(facts: &FileFacts, compare: &Compare) -> bool {
    compare.op == CompareOp::Equal
        && facts.regions.iter().enumerate().any(|(i, region)| {
            region.conditions.iter().any(|c| !c.negated && c.span.contains(&compare.span))
                && facts
                    .exits
                    .iter()
                    .any(|e| e.kind == ExitKind::Throw && facts.encloses(RegionId(i as u32), e.region))
        })
}

/// A text as it is written, also converted on the spot: `"x".to_owned()`, `String::from("x")`.
fn literal(facts: &FileFacts, id: ValueId, depth: u32) -> Option<(Str, Span)> {
    match facts.value(id) {
        Value::Text(t) => Some((t.clone(), facts.node(id).span)),
        Value::Result(call) if depth < 3 => {
            let call = facts.call(*call);
            if let Value::Field(base, _) = facts.value(call.callee)
                && let Value::Text(_) | Value::Result(_) = facts.value(*base)
                && call.args.len() < 2
            {
                return literal(facts, *base, depth + 1);
            }
            let name = match facts.value(call.callee) {
                Value::Name(name) | Value::Field(_, name) => name.as_str(),
                _ => return None,
            };
            match call.args.as_slice() {
                [one] if matches!(name, "from" | "new" | "Some" | "SecretStr" | "encode") => {
                    // `password.encode("utf-8")`: the argument says how, the receiver what.
                    literal(facts, one.value, depth + 1).filter(|(text, _)| !is_encoding(text))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// What the place goes by: the variable, field or key whose value it is, else what it looks like.
fn subject_of(facts: &FileFacts, span: Span) -> String {
    let written =
        facts.writes.iter().filter(|w| w.span.contains(&span)).min_by_key(|w| w.span.end - w.span.start);
    let variable = written.and_then(|w| match &w.target {
        Target::Variable(name) | Target::Field(_, name) => Some((w.span, name.clone())),
        Target::Index(..) => None,
    });
    let entries = facts.values.iter().filter_map(|n| match &n.value {
        Value::Record(record) => Some(record),
        _ => None,
    });
    let keyed = entries
        .flat_map(|r| &r.entries)
        .filter(|e| e.span.contains(&span))
        .min_by_key(|e| e.span.end - e.span.start)
        .and_then(|e| match &e.key {
            Key::Text(name) => Some((e.span, name.clone())),
            _ => None,
        });
    let nearest = [variable, keyed].into_iter().flatten().min_by_key(|(s, _)| s.end - s.start);
    nearest.map_or_else(|| "this text".into(), |(_, name)| name.to_string())
}

fn with_article(kind: &str) -> String {
    let vowel = kind.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
    format!("{} {kind}", if vowel { "an" } else { "a" })
}

/// `PASSWORD = "password"`, `RESET_TOKEN: "reset_token"`, `accountkey: encodedaccountkey`: a name for
/// something, no secret.
pub(super) fn says_its_name(name: &str, text: &str) -> bool {
    let singular = |text: &str| words(text.trim_end_matches(['s', 'S']));
    let (name, mut text) = (singular(name), singular(text));
    // `ORDERS_HMAC_KEY = "orders-hmac-key-v2"`
    let version = |w: &String| {
        w.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()))
    };
    if name.len() > 1 && text.len() > 2 && text.last().is_some_and(version) {
        text.pop();
    }
    let (whole_name, whole_text) = (name.concat(), text.concat());
    !text.is_empty()
        && (name.ends_with(&text)
            || text.ends_with(&name)
            // `API_KEY_AUTH = "api-key"`
            || text.len() > 1 && name.starts_with(&text)
            || whole_text == whole_name
            || whole_name.len() >= 10 && whole_text.ends_with(&whole_name))
}

/// Paths, URLs, dotted keys, header and variable names, types, code: nobody takes these for a secret.
pub(super) fn looks_like_code(text: &str) -> bool {
    let shouting =
        text.contains('_') && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let dotted = text.contains('.')
        && text
            .split('.')
            .all(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_alphabetic() || c == '_' || c == '-'));
    let header = text.to_ascii_lowercase().starts_with("x-") || text.eq_ignore_ascii_case("authorization");
    let path = text.starts_with(['/', '.', '#', '~'])
        || text.starts_with("--")
        || text.contains("://") && !text.contains('@');
    let bracketed = text.contains(['(', '{', '<']) && text.contains([')', '}', '>']);
    let named =
        text.contains(':') && !text.contains(|c: char| c.is_ascii_digit()) && text.split(':').count() > 1;
    shouting
        || dotted
        || header
        || path
        || bracketed
        || named
        || text.contains('\n') && !text.contains("-----BEGIN")
}

/// The name of a way to write characters as bytes.
fn is_encoding(text: &str) -> bool {
    let plain: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    plain.strip_prefix("utf").is_some_and(|rest| rest.len() <= 4)
        || ["iso8859", "cp12", "windows125"].iter().any(|start| plain.starts_with(start))
        || matches!(
            plain.as_str(),
            "ascii" | "usascii" | "latin1" | "binary" | "hex" | "base64" | "base64url"
        )
}

/// What everybody's own machine uses.
fn is_usual(password: &str) -> bool {
    matches!(
        password.to_lowercase().as_str(),
        "postgres" | "root" | "admin" | "guest" | "test" | "mysql" | "user" | "app" | "dev"
    )
}

/// A password that is usual, or the name of the user again: `//orders:orders@`.
pub(super) fn is_nothing_own(address: &str, password: &str) -> bool {
    is_usual(password) || address.contains(&format!("//{password}:{password}@"))
}

/// Does an address, up to the end of its host, lead to the machine it is used on?
pub(super) fn is_local(text: &str) -> bool {
    let hosts = ["@localhost", "@127.0.0.1", "@0.0.0.0", "@[::1]", "@host.docker.internal"];
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',')).unwrap_or(text.len());
    hosts.iter().any(|h| text[..end].contains(h))
}

/// Files of words for people: `locales/en.json`, `lang/de-AT.ts`, `i18n.ts`.
fn is_translation(facts: &FileFacts, path: &str) -> bool {
    let lower = path.to_lowercase();
    let folders = [
        "locale",
        "locales",
        "i18n",
        "l10n",
        "lang",
        "langs",
        "languages",
        "translations",
        "messages",
        "intl",
    ];
    let stem = |part: &str| part.split('.').next().unwrap_or(part).to_string();
    let mut parts = lower.rsplit('/');
    let name = stem(parts.next().unwrap_or_default());
    let of_locale = {
        let mut letters = name.splitn(2, ['-', '_']);
        letters.next().is_some_and(|l| l.len() == 2 && l.chars().all(char::is_alphabetic))
            && letters.next().is_none_or(|region| region.len() <= 4)
    };
    folders.contains(&name.as_str())
        || parts.any(|p| folders.contains(&p)) && (of_locale || !facts.documents.is_empty())
}

/// `.env.example`, `config.sample.json`: forms to be filled in.
pub fn is_model(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let model = ["example", "sample", "template", "dist", "tmpl", "tpl", "defaults", "schema"];
    words(&name).iter().any(|w| model.contains(&w.as_str()))
}
