//! Is a token put into an address, where logs, histories and referrers keep it?

use crate::facts::*;
use crate::finding::{Confidence, Evidence, Strength, Verdict};
use crate::rulebook::check::Check;
use crate::source::{FileId, Span, Str};

use super::{Judge, words};

/// One place where a parameter of an address gets a value.
struct Put {
    parameter: String,
    value: ValueId,
    span: Span,
    function: FunctionId,
    /// The text before it, for what the address is.
    before: String,
}

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out: Vec<Verdict> = Vec::new();
    let files: Vec<FileId> = judge.project.files.iter().flatten().map(|f| f.file).collect();
    for file in files {
        let Some(facts) = judge.facts(file) else { continue };
        for put in joined(facts).into_iter().chain(set(facts)).chain(given(facts)) {
            if let Some(verdict) = put_verdict(judge, check, facts, &put)
                && !out.iter().any(|v| v.place == verdict.place)
            {
                out.push(verdict);
            }
        }
    }
    out.extend(super::queries::judge(judge, check));
    out
}

fn put_verdict(judge: &Judge, check: &Check, facts: &FileFacts, put: &Put) -> Option<Verdict> {
    let list = |name: &str| judge.word_list(check, name);
    let has = |list: &[Str], found: &[String]| list.iter().any(|w| found.iter().any(|f| f == w.as_str()));
    let parameter = put.parameter.replace('-', "_");
    let same = |name: &Str| words(name).join("") == words(&parameter).join("");
    let certain = list("token_parameters").iter().any(same);
    if !certain && !list("open_parameters").iter().any(same) {
        return None;
    }
    let value = words(&show::value(facts, put.value, 4));
    // Known in the source, or nothing at all: no token of a user.
    if matches!(facts.value(put.value), Value::Text(_) | Value::Null | Value::Bool(_) | Value::Number(_)) {
        return None;
    }
    if has(list("public_values"), &value) {
        return None;
    }
    // `?token=` can be anything: the value must speak of a token, and of none that is meant for one use.
    let speaks = value.iter().any(|w| matches!(w.as_str(), "token" | "jwt" | "tokens" | "accesstoken"));
    if !certain && !speaks {
        return None;
    }
    let mut around = value.clone();
    around.extend(words(&put.before));
    let mut at = Some(put.function);
    while let Some(id) = at {
        around.extend(words(&facts.function(id).name));
        around.extend(words(&facts.function(id).owner_name));
        at = facts.function(id).parent;
    }
    let path = judge.project.path_below(facts.file);
    let mut folders = path.rsplit('/');
    around.extend(folders.next().iter().flat_map(|name| words(name)));
    // `embedding-presign/verify.ts`: the folder says what the token is for.
    around.extend(folders.next().iter().flat_map(|name| words(name)));
    // A page whose own address has the token: `sign.$token/`, `[token]/`, and what is read of the page's address.
    let had_it = ["$token", "[token]", "{token}", ":token"].iter().any(|part| path.contains(part))
        || set_to(facts, put).iter().any(|text| is_of_address(text));
    for text in set_to(facts, put) {
        around.extend(words(&text));
    }
    for w in facts.writes.iter().filter(|w| w.span.contains(&put.span)) {
        if let Target::Variable(name) | Target::Field(_, name) = &w.target {
            around.extend(words(name));
        }
    }
    // `sendMagicLink(…)`.
    for c in facts.calls.iter().filter(|c| c.function == put.function && c.span.contains(&put.span)) {
        if c.args.iter().any(|a| facts.node(a.value).span.contains(&put.span)) {
            around.extend(words(&show::value(facts, c.callee, 3)));
        }
    }
    if !certain && has(list("one_time"), &around) {
        return None;
    }
    let call = facts
        .calls
        .iter()
        .enumerate()
        .filter(|(_, c)| c.span.contains(&put.span))
        .min_by_key(|(_, c)| c.span.end - c.span.start)
        .map(|(i, _)| CallId(i as u32));
    let event =
        judge.place_event("redirect.send", facts.file, call, put.span, format!("{}=", put.parameter))?;
    let evidence = vec![Evidence {
        span: facts.node(put.value).span,
        text: "this is put into the address".into(),
        strength: Strength::Stated,
    }];
    let strength = if certain { Strength::Stated } else { Strength::Inferred };
    let mut verdict = judge.verdict(check, &event, put.span, strength, evidence);
    // A credential of the program for a service that may take it in no other way.
    let own = match facts.value(put.value) {
        Value::Name(name) | Value::Field(_, name) => name.bytes().all(|c| !c.is_ascii_lowercase()),
        _ => false,
    };
    // Another program's way to be called: `https://api.example.com/…?key=…&token=${apiToken}`.
    let of_api = value.iter().any(|w| w == "api") && put.before.starts_with("http");
    // Browsers cannot send headers with these.
    if own
        || of_api
        || !certain && had_it
        || put.before.contains("ws://")
        || put.before.contains("wss://")
        || has(list("streams"), &around)
        || has(list("one_time"), &around)
    {
        verdict.confidence = Confidence::Low;
    }
    Some(verdict)
}

/// What the variable was set to that is put into the address.
fn set_to(facts: &FileFacts, put: &Put) -> Vec<String> {
    let Value::Name(name) = facts.value(put.value) else { return Vec::new() };
    let sets = facts.writes.iter().filter(|w| {
        w.span.start < put.span.start
            && matches!(&w.target, Target::Variable(n) if n == name)
            && facts.function(w.function).span.contains(&put.span)
    });
    sets.map(|w| show::value(facts, w.value, 6)).collect()
}

/// `searchParams.get("token")`, `useParams().token`.
fn is_of_address(text: &str) -> bool {
    let all = words(text);
    all.iter().any(|w| matches!(w.as_str(), "params" | "param" | "query" | "querystring" | "location"))
}

/// The name at the end of a text that ends in `?name=`.
fn parameter_before(text: &str) -> Option<&str> {
    let text = text.strip_suffix('=')?;
    let start = text.rfind(['?', '&', '#'])?;
    let name = &text[start + 1..];
    (!name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-'))
        .then_some(name)
}

/// `…?access_token=${token}`, `"…?token={}".format(token)`.
fn joined(facts: &FileFacts) -> Vec<Put> {
    let mut out = Vec::new();
    for node in &facts.values {
        let Value::Join(parts) = &node.value else { continue };
        let mut before = String::new();
        for (i, part) in parts.iter().enumerate() {
            let Value::Text(text) = facts.value(*part) else {
                before.push_str(&show::value(facts, *part, 3));
                continue;
            };
            before.push_str(text);
            let Some(value) = parts.get(i + 1) else { continue };
            if let Some(name) = parameter_before(text) {
                out.push(Put {
                    parameter: name.to_string(),
                    value: unwrapped(facts, *value),
                    span: node.span,
                    function: node.function,
                    before: before.clone(),
                });
            }
        }
    }
    for call in &facts.calls {
        let Value::Field(base, method) = facts.value(call.callee) else { continue };
        let (Value::Text(text), "format") = (facts.value(*base), method.as_str()) else { continue };
        for (n, piece) in text.split('{').enumerate() {
            let (Some(name), Some(arg)) =
                (parameter_before(piece.rsplit('}').next().unwrap_or(piece)), call.args.get(n))
            else {
                continue;
            };
            out.push(Put {
                parameter: name.to_string(),
                value: arg.value,
                span: call.span,
                function: call.function,
                before: text.to_string(),
            });
        }
    }
    out
}

/// `encodeURIComponent(token)`: what is encoded.
fn unwrapped(facts: &FileFacts, value: ValueId) -> ValueId {
    match facts.value(value) {
        Value::Result(call) if facts.call(*call).args.len() == 1 => facts.call(*call).args[0].value,
        _ => value,
    }
}

/// `url.searchParams.set("access_token", token)`, `url.query_pairs_mut().append_pair(…)`.
fn set(facts: &FileFacts) -> Vec<Put> {
    let mut out = Vec::new();
    for call in &facts.calls {
        let Value::Field(base, method) = facts.value(call.callee) else { continue };
        if !matches!(method.as_str(), "set" | "append" | "append_pair") {
            continue;
        }
        let of = show::value(facts, *base, 6);
        if !(of.contains("searchParams") || of.contains("query_pairs_mut")) {
            continue;
        }
        let (Some(key), Some(value)) = (call.args.first(), call.args.get(1)) else { continue };
        let Value::Text(name) = facts.value(key.value) else { continue };
        // `new URL("/reset", base)`: what address it is, where the variable is set.
        let names = words(&of);
        let made = facts.writes.iter().filter(|w| match &w.target {
            Target::Variable(name) => {
                w.span.start < call.span.start
                    && w.function == call.function
                    && words(name).iter().all(|word| names.contains(word))
            }
            _ => false,
        });
        let made: Vec<String> = made.map(|w| show::value(facts, w.value, 4)).collect();
        out.push(Put {
            parameter: name.to_string(),
            value: value.value,
            span: call.span,
            function: call.function,
            before: format!("{} {of}", made.join(" ")),
        });
    }
    out
}

/// The `params` of a request: `get(url, params={"access_token": token})`.
fn given(facts: &FileFacts) -> Vec<Put> {
    let mut out = Vec::new();
    for call in &facts.calls {
        let name = match facts.value(call.callee) {
            Value::Name(name) | Value::Field(_, name) => name.as_str(),
            _ => continue,
        };
        if !matches!(name, "get" | "post" | "put" | "patch" | "delete" | "head" | "request") {
            continue;
        }
        let mut params: Vec<ValueId> =
            call.args.iter().filter(|a| a.name.as_deref() == Some("params")).map(|a| a.value).collect();
        for arg in &call.args {
            if let Value::Record(record) = facts.value(arg.value) {
                let named = record.entries.iter().filter(|e| matches!(&e.key, Key::Text(k) if k == "params"));
                params.extend(named.map(|e| e.value));
            }
        }
        for value in params {
            let Value::Record(record) = facts.value(value) else { continue };
            for entry in &record.entries {
                let Key::Text(key) = &entry.key else { continue };
                // A bare `token` among the parameters of an API is the API's business.
                if words(key).len() > 1 {
                    out.push(Put {
                        parameter: key.to_string(),
                        value: entry.value,
                        span: entry.span,
                        function: call.function,
                        before: String::new(),
                    });
                }
            }
        }
    }
    out
}
