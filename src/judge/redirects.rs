//! Can whoever calls choose where a browser is sent: unchecked, or checked by a comparison that lets other hosts pass?

use crate::event::Known;
use crate::facts::*;
use crate::finding::{Evidence, Strength, Verdict};
use crate::project::origins::Root;
use crate::rulebook::check::Check;
use crate::source::{Span, Str};

use super::{Judge, when, words};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out: Vec<Verdict> = Vec::new();
    for group in judge.groups("redirect.send") {
        let event = group[0];
        let (Some(facts), Some(call), Some(url)) = (judge.facts(event.file), event.call, event.role("url"))
        else {
            continue;
        };
        let Some(known) = url.values.iter().find(|k| when::comes_from(judge, k, "request.read", "")) else {
            continue;
        };
        // What another function made of it, that function may have looked at.
        if !read_here(judge, facts, call, known) {
            continue;
        }
        // A path on the own host, or something else before it.
        if known.text.is_some() || prefixed(facts, known.traced.at.value) {
            continue;
        }
        let names = leading_names(facts, call);
        if guarded(facts, call, &names) {
            continue;
        }
        let mut verdict = judge.verdict(
            check,
            event,
            event.span,
            url.strength.min(Strength::CrossFile),
            url.evidence.clone(),
        );
        verdict.says = "sends the browser wherever the request says".into();
        out.push(verdict);
    }
    for facts in judge.project.files.iter().flatten() {
        for (span, text, says) in loose(facts) {
            let Some(event) =
                judge.place_event("redirect.send", facts.file, call_at(facts, span), span, text)
            else {
                continue;
            };
            let mut verdict = judge.verdict(check, &event, span, Strength::CrossFile, Vec::new());
            verdict.says = says;
            verdict.evidence.push(Evidence {
                span,
                text: "addresses of other hosts pass here".into(),
                strength: Strength::Stated,
            });
            if !out.iter().any(|v| v.place == verdict.place) {
                out.push(verdict);
            }
        }
    }
    out
}

fn call_at(facts: &FileFacts, span: Span) -> Option<CallId> {
    facts.calls.iter().position(|c| c.span == span).map(|i| CallId(i as u32))
}

/// The target is read in the function that redirects, or in one around it.
fn read_here(judge: &Judge, facts: &FileFacts, call: CallId, known: &Known) -> bool {
    // `response.body.url` of a call is what another service sent.
    let mut root = &known.traced.root;
    while let Root::Member(base, _) = root {
        root = base;
    }
    let itself = matches!(known.traced.root, Root::Call(..)) && known.meanings.contains(&"request.read");
    if let Root::Call(file, call) = root
        && !itself
        && !judge.events_of_call(*file, *call).any(|e| e.concept.name == "request.read")
    {
        return false;
    }
    let at = known.traced.at;
    let elsewhere = |s: &Evidence| s.span.file != facts.file || s.text.starts_with("what `");
    if at.file != facts.file || known.traced.steps.iter().any(elsewhere) {
        return false;
    }
    let origin = facts.node(at.value).function;
    let mut function = Some(facts.call(call).function);
    while let Some(id) = function {
        if id == origin {
            return true;
        }
        function = facts.function(id).parent;
    }
    false
}

/// `"/" + next`, `` `${base}/${next}` ``: the host is fixed before the request's part comes.
fn prefixed(facts: &FileFacts, value: ValueId) -> bool {
    matches!(facts.value(value), Value::Join(parts) if !parts.is_empty())
}

/// The names of what is redirected to: the variable, or the last field that is read.
fn leading_names(facts: &FileFacts, call: CallId) -> Vec<Str> {
    let mut out = Vec::new();
    let mut open: Vec<ValueId> = facts.call(call).args.iter().map(|a| a.value).collect();
    while let Some(id) = open.pop() {
        match facts.value(id) {
            Value::Name(name) => out.push(name.clone()),
            Value::Field(_, name) => out.push(name.clone()),
            Value::Either(parts) => open.extend(parts),
            Value::Result(inner) => {
                let call = facts.call(*inner);
                open.extend(call.args.iter().map(|a| a.value));
                if let Value::Field(base, _) = facts.value(call.callee) {
                    open.push(*base);
                }
            }
            Value::Text(text) => out.push(text.clone()),
            _ => {}
        }
    }
    out
}

/// Something else looks at the target: any call or comparison that names it, or a condition around.
fn guarded(facts: &FileFacts, call: CallId, names: &[Str]) -> bool {
    let fact = facts.call(call);
    let mut around = vec![fact.function];
    while let Some(parent) = around.last().and_then(|f| facts.function(*f).parent) {
        if parent == FunctionId(0) {
            break;
        }
        around.push(parent);
    }
    let names_it = |id: ValueId| mentions(facts, id, names, 0);
    let compared = facts.compares.iter().any(|c| {
        around.contains(&c.function) && (names_it(c.left) || names_it(c.right)) && !nothing(facts, c)
    });
    let asked = facts.calls.iter().any(|c| {
        around.contains(&c.function)
            && c.span != fact.span
            && !fact.span.contains(&c.span)
            && !reads(facts, c, names)
            && (c.args.iter().any(|a| names_it(a.value))
                || matches!(facts.value(c.callee), Value::Field(base, method)
                    if names_it(*base) && !matches!(method.as_str(), "get" | "toString" | "trim")))
    });
    // The target is made safe on the way: `redirect(safe(next))`.
    let made = facts.calls.iter().any(|c| {
        fact.span.contains(&c.span)
            && c.span != fact.span
            && !reads(facts, c, names)
            && words(&show::value(facts, c.callee, 3)).iter().any(|w| {
                matches!(
                    w.as_str(),
                    "safe"
                        | "sanitize"
                        | "validate"
                        | "validated"
                        | "allowed"
                        | "local"
                        | "relative"
                        | "resolve"
                        | "check"
                        | "is"
                )
            })
    });
    compared || asked || made
}

/// The call that reads the target from the request: `request.args.get("next")`.
fn reads(facts: &FileFacts, call: &Call, names: &[Str]) -> bool {
    matches!(facts.value(call.callee), Value::Field(_, method) if matches!(method.as_str(), "get" | "query" | "param" | "getlist"))
        && call.args.first().is_some_and(
            |a| matches!(facts.value(a.value), Value::Text(t) if names.contains(t) || !t.contains("://")),
        )
        || matches!(facts.value(call.callee), Value::Name(n) if matches!(n.as_str(), "String" | "str" | "decodeURIComponent"))
}

/// `next == null`, `next === ""`: says nothing of where it leads.
fn nothing(facts: &FileFacts, compare: &Compare) -> bool {
    [compare.left, compare.right].iter().any(|v| match facts.value(*v) {
        Value::Null => true,
        Value::Text(t) => t.is_empty() || t == "string" || t == "undefined",
        _ => false,
    })
}

fn mentions(facts: &FileFacts, id: ValueId, names: &[Str], depth: u32) -> bool {
    if depth > 5 {
        return false;
    }
    match facts.value(id) {
        Value::Name(name) => names.contains(name),
        Value::Field(base, name) => names.contains(name) || mentions(facts, *base, names, depth + 1),
        Value::Result(call) => {
            let call = facts.call(*call);
            mentions(facts, call.callee, names, depth + 1)
                || call.args.iter().any(|a| mentions(facts, a.value, names, depth + 1))
        }
        Value::Join(parts) | Value::Either(parts) | Value::List(parts) => {
            parts.iter().any(|p| mentions(facts, *p, names, depth + 1))
        }
        _ => false,
    }
}

/// Comparisons of a redirect address by prefix or part.
fn loose(facts: &FileFacts) -> Vec<(Span, String, String)> {
    let mut out = Vec::new();
    for call in &facts.calls {
        let Value::Field(base, method) = facts.value(call.callee) else { continue };
        let how = match method.as_str() {
            "startsWith" | "startswith" | "starts_with" => "by its beginning",
            "includes" | "contains" | "indexOf" | "search" => "by a part of it",
            "endsWith" | "endswith" | "ends_with" => "by its end",
            _ => continue,
        };
        let Some(arg) = call.args.first() else { continue };
        if !is_redirect_address(facts, *base) {
            continue;
        }
        // A whole origin with its slash, or a path: other hosts do not pass.
        if let Value::Text(text) = facts.value(arg.value)
            && (!text.contains('.') && !text.contains("://")
                || how == "by its beginning" && closed(text)
                || text.contains("127.0.0.1")
                || text.contains("localhost"))
        {
            continue;
        }
        // `${origin}/`.
        if let Value::Join(parts) = facts.value(arg.value)
            && parts
                .last()
                .is_some_and(|p| matches!(facts.value(*p), Value::Text(t) if t.starts_with('/') || closed(t)))
        {
            continue;
        }
        out.push((call.span, show::value(facts, *base, 3), format!("compares a redirect address {how}")));
    }
    // `redirect({ url }) { return url }`: a hook that decides where logins end, and lets all of them.
    for (i, function) in facts.functions.iter().enumerate() {
        let id = FunctionId(i as u32);
        if function.name != "redirect" || function.params.is_empty() {
            continue;
        }
        let looks =
            facts.compares.iter().any(|c| c.function == id) || facts.calls.iter().any(|c| c.function == id);
        let gives = facts.exits.iter().find(|e| {
            e.function == id
                && e.kind == ExitKind::Return
                && e.value.is_some_and(
                    |v| matches!(facts.value(v), Value::Name(n) | Value::Field(_, n) if n == "url"),
                )
        });
        if let Some(exit) = gives.filter(|_| !looks) {
            out.push((exit.span, "redirect".into(), "lets a login end at any address".into()));
        }
    }
    for compare in &facts.compares {
        // `"shop.example" in redirect_uri`: a part of the text, not an item of a list.
        if compare.op == CompareOp::In
            && is_redirect_address(facts, compare.right)
            && !facts.calls.iter().any(|c| c.span == compare.span)
            && matches!(facts.value(compare.left), Value::Text(t) if t.contains('.'))
        {
            let text = show::value(facts, compare.right, 3);
            out.push((compare.span, text, "compares a redirect address by a part of it".into()));
        }
    }
    out
}

fn closed(text: &str) -> bool {
    text.split_once("://").is_some_and(|(_, rest)| rest.contains('/'))
}

/// A single address, by its name: `redirect_uri`, `req.query.redirectUri`; not a list of them.
fn is_redirect_address(facts: &FileFacts, id: ValueId) -> bool {
    let name = match facts.value(id) {
        Value::Name(name) | Value::Field(_, name) => name,
        _ => return false,
    };
    let parts = words(name);
    let has = |list: &[&str]| parts.iter().any(|w| list.contains(&w.as_str()));
    has(&["redirect"]) && has(&["uri", "url", "target", "to"]) && !has(&["path", "uris", "urls", "allowed"])
}
