//! Does a service read a password from its own address, so that its callers put it there?

use crate::facts::*;
use crate::finding::{Strength, Verdict};
use crate::rulebook::check::Check;
use crate::source::{Span, Str};

use super::compared::{enclosing, last_name};
use super::{Judge, words};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out: Vec<Verdict> = Vec::new();
    let wanted = judge.word_list(check, "read_parameters");
    let is_wanted = |name: &str| wanted.iter().any(|w| words(w).join("") == words(name).join(""));
    for facts in judge.project.files.iter().flatten() {
        if judge.client.get(facts.file.0 as usize).copied().unwrap_or(false) {
            continue;
        }
        let mut said: Vec<(FunctionId, Str)> = Vec::new();
        for (name, span, function) in reads(facts).filter(|(name, ..)| is_wanted(name)) {
            // Read twice in one function: said once.
            let key = (function, name.clone());
            if said.contains(&key) {
                continue;
            }
            said.push(key);
            let Some(event) = judge.place_event("request.read", facts.file, None, span, name.to_string())
            else {
                continue;
            };
            let mut verdict = judge.verdict(check, &event, span, Strength::Inferred, Vec::new());
            verdict.says = "is read from the address of the request".into();
            verdict.why = "whoever calls this has to write the password into an address, and addresses are kept in histories, access logs and proxies".into();
            verdict.fix = "take it from the body of a request that is no GET".into();
            out.push(verdict);
        }
    }
    out
}

/// The parameters of its own address that a file reads by name.
fn reads(facts: &FileFacts) -> impl Iterator<Item = (&Str, Span, FunctionId)> {
    facts.values.iter().filter_map(|node| {
        let name = match &node.value {
            Value::Field(base, name) => is_query(facts, *base, node.function).then_some(name),
            Value::Result(call) => {
                let call = facts.call(*call);
                let (Value::Field(base, method), Some(first)) = (facts.value(call.callee), call.args.first())
                else {
                    return None;
                };
                let Value::Text(name) = facts.value(first.value) else { return None };
                let of_query = match method.as_str() {
                    "get" | "getAll" | "getlist" => is_query(facts, *base, node.function),
                    "query" | "query_param" => speaks_of_request(facts, *base),
                    _ => false,
                };
                of_query.then_some(name)
            }
            _ => None,
        };
        name.map(|name| (name, node.span, enclosing(facts, node.function)))
    })
}

/// What holds the parameters of the address of the request that is answered.
fn is_query(facts: &FileFacts, value: ValueId, function: FunctionId) -> bool {
    match facts.value(value) {
        Value::Field(base, name) => match name.as_str() {
            "query" | "args" | "GET" | "query_params" | "queryParams" | "queryStringParameters" => {
                speaks_of_request(facts, *base)
            }
            "searchParams" => true,
            _ => false,
        },
        Value::Name(name) => facts.writes.iter().any(|w| {
            matches!(&w.target, Target::Variable(n) if n == name)
                && enclosing(facts, w.function) == enclosing(facts, function)
                && facts.node(w.value).span != facts.node(value).span
                && gives_query(facts, w.value)
        }),
        _ => false,
    }
}

/// `req.query`, `parse_qs(…)`, `from_str(request.query_string())`.
fn gives_query(facts: &FileFacts, value: ValueId) -> bool {
    if let Value::Field(..) = facts.value(value) {
        return is_query(facts, value, facts.node(value).function);
    }
    let text = show::value(facts, value, 6);
    ["query_string", "parse_qs", "searchParams", "URLSearchParams"].iter().any(|part| text.contains(part))
}

fn speaks_of_request(facts: &FileFacts, value: ValueId) -> bool {
    last_name(facts, value)
        .is_some_and(|n| words(n).iter().any(|w| matches!(w.as_str(), "req" | "request" | "ctx" | "event")))
}
