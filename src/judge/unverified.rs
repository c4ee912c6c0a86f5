//! Are claims used from a token whose signature nothing checked?

use std::collections::BTreeSet;

use crate::concepts::State;
use crate::event::{Event, RoleValue};
use crate::facts::*;
use crate::finding::{Confidence, Evidence, Strength, Verdict};
use crate::project::origins::Root;
use crate::rulebook::check::Check;
use crate::source::Str;

use super::Judge;

/// Claims that say nothing of who the caller is: reading only these decides nothing.
const HARMLESS: [&str; 12] =
    ["exp", "iat", "nbf", "iss", "typ", "jti", "header", "kid", "alg", "length", "then", "catch"];

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let mut out = Vec::new();
    for group in judge.groups("jwt.verify") {
        for event in group {
            let Some(role) = event.role("signature") else { continue };
            if !super::is_missing(role.state)
                || verified_elsewhere(judge, event)
                || only_harmless(judge, event)
            {
                continue;
            }
            let place = role.decided.unwrap_or(event.span);
            let mut verdict = judge.verdict(check, event, place, role.strength, role.evidence.clone());
            if only_asks(judge, event) {
                verdict.confidence = Confidence::Low;
            }
            verdict.says = match role.state {
                State::Off => "reads the token with signature verification switched off".into(),
                _ => "accepts the token without checking its signature".into(),
            };
            push(&mut out, verdict);
        }
    }
    for group in judge.groups("jwt.decode") {
        let verified = group.iter().all(|e| verified_elsewhere(judge, e));
        if verified || judge.client.get(group[0].file.0 as usize).copied().unwrap_or(false) {
            continue;
        }
        for event in &group {
            if verified_elsewhere(judge, event) || only_harmless(judge, event) {
                continue;
            }
            let token = event.role("token");
            let mut strength = Strength::Stated;
            let mut evidence = Vec::new();
            if let Some(token) = token {
                evidence.extend(token.evidence.iter().filter(|e| e.text != "given here").cloned());
                strength = how_sure(token);
                if ignores_key(judge, event) {
                    strength = strength.max(Strength::Inferred);
                }
            }
            if let Some(step) = used_at(judge, event) {
                evidence.push(step);
            }
            let mut verdict = judge.verdict(check, event, event.span, strength, evidence);
            if helper_for_debugging(judge, event) || only_asks(judge, event) || read_again(judge, event) {
                verdict.confidence = Confidence::Low;
            }
            push(&mut out, verdict);
        }
    }
    for verdict in super::unsigned::judge(judge, check) {
        push(&mut out, verdict);
    }
    out
}

fn push(out: &mut Vec<Verdict>, verdict: Verdict) {
    match out.iter_mut().find(|v| v.place == verdict.place) {
        Some(known) => known.confidence = known.confidence.max(verdict.confidence),
        None => out.push(verdict),
    }
}

/// A call that verifies the same token in the same function, or in a function that reads it through this one.
pub(super) fn verified_elsewhere(judge: &Judge, event: &Event) -> bool {
    let Some(token) = event.role("token") else { return false };
    judge.of_concept("jwt.verify").any(|other| {
        if other.call == event.call && other.file == event.file || other.state("signature") != State::Checked
        {
            return false;
        }
        if after_failure(judge, event, other) {
            return false;
        }
        let near = other.file == event.file && scope_of(judge, other) == scope_of(judge, event)
            || callers(other).intersection(&callers(event)).next().is_some()
            || callers_scopes(judge, other).iter().any(|s| callers_scopes(judge, event).contains(s))
            || scope_of(judge, other).is_some_and(|s| callers_scopes(judge, event).contains(&s))
            || scope_of(judge, event).is_some_and(|s| callers_scopes(judge, other).contains(&s));
        near && other.role("token").is_some_and(|t| same_token(judge, t, token))
    })
}

/// The token is read where the verification has just failed.
fn after_failure(judge: &Judge, event: &Event, verified: &Event) -> bool {
    let (Some(facts), Some(call), Some(tried)) = (judge.facts(event.file), event.call, verified.call) else {
        return false;
    };
    if event.file != verified.file {
        return false;
    }
    let (inside, tried) = (facts.call(call).region, facts.call(tried).region);
    (0..facts.regions.len() as u32).map(RegionId).any(|catch| {
        facts.region(catch).kind == RegionKind::Catch
            && facts.encloses(catch, inside)
            && (0..facts.regions.len() as u32).map(RegionId).any(|t| {
                facts.region(t).kind == RegionKind::Try
                    && facts.region(t).group == facts.region(catch).group
                    && facts.encloses(t, tried)
            })
    })
}

fn same_token(judge: &Judge, a: &RoleValue, b: &RoleValue) -> bool {
    a.values.iter().any(|x| {
        b.values.iter().any(|y| {
            let (x, y) = (strip(&x.traced.root), strip(&y.traced.root));
            x == y && !matches!(x, Root::Unknown | Root::Absent) || same_text(judge, x, y)
        })
    })
}

/// A part of a split token is the token: `parts[1]`, `token.split(".")[1]`.
fn strip(root: &Root) -> &Root {
    match root {
        Root::Member(base, name) if name.parse::<u32>().is_ok() || name == "[]" => strip(base),
        other => other,
    }
}

/// Two expressions that read the same: `req.cookies.token` twice.
fn same_text(judge: &Judge, a: &Root, b: &Root) -> bool {
    let text = |root: &Root| -> Option<String> {
        let Root::Call(file, call) = root else { return None };
        let facts = judge.facts(*file)?;
        Some(show::call(facts, *call, 4))
    };
    matches!((text(a), text(b)), (Some(x), Some(y)) if x == y && !x.contains('…'))
}

pub(super) fn scope_of(judge: &Judge, event: &Event) -> Option<(crate::source::FileId, FunctionId)> {
    let facts = judge.facts(event.file)?;
    let mut function = facts.call(event.call?).function;
    // A callback inside a function belongs to it.
    while facts.function(function).name.is_empty() {
        match facts.function(function).parent {
            Some(parent) if parent.0 != 0 => function = parent,
            _ => break,
        }
    }
    Some((event.file, function))
}

fn callers(event: &Event) -> BTreeSet<(crate::source::FileId, CallId)> {
    let mut out = BTreeSet::new();
    let mut at = event.context.as_ref();
    while let Some(frame) = at {
        out.insert(frame.call);
        at = frame.outer.as_ref();
    }
    out
}

fn callers_scopes(judge: &Judge, event: &Event) -> Vec<(crate::source::FileId, FunctionId)> {
    callers(event)
        .into_iter()
        .filter_map(|(file, call)| Some((file, judge.facts(file)?.call(call).function)))
        .collect()
}

/// A token that a request brings is what an attacker writes. One that a function gives (a token
/// endpoint, a sign-in, the program's own store) is not: only a guess.
pub(super) fn how_sure(token: &RoleValue) -> Strength {
    let of_request = |name: &str| {
        super::words(name).iter().any(|w| {
            matches!(
                w.as_str(),
                "req"
                    | "request"
                    | "header"
                    | "headers"
                    | "authorization"
                    | "cookie"
                    | "cookies"
                    | "body"
                    | "query"
                    | "bearer"
                    | "handshake"
                    | "credentials"
            )
        })
    };
    let mut strength = Strength::Heuristic;
    for known in &token.values {
        let mut root = &known.traced.root;
        let mut brought = known.traced.steps.iter().any(|s| of_request(&s.text));
        while let Root::Member(base, name) = root {
            brought |= of_request(name);
            root = base;
        }
        // A parameter that no caller fills, or something a function gives: nobody knows who wrote it.
        let from_call = matches!(root, Root::Call(..)) && known.names.iter().any(|n| of_request(n));
        let found = match root {
            _ if brought || from_call => Strength::Stated,
            Root::Value(_) | Root::Unknown => Strength::Inferred,
            _ => Strength::Heuristic,
        };
        strength = strength.max(found);
    }
    strength
}

/// The function is given a key and never uses it: it was meant to verify.
fn ignores_key(judge: &Judge, event: &Event) -> bool {
    let (Some(facts), Some((_, function))) = (judge.facts(event.file), scope_of(judge, event)) else {
        return false;
    };
    let is_key =
        |name: &Str| super::words(name).iter().any(|w| matches!(w.as_str(), "key" | "secret" | "jwks"));
    facts.function(function).params.iter().filter(|p| is_key(&p.name)).any(|p| {
        !facts.values.iter().any(|node| {
            node.value == Value::Name(p.name.clone())
                && p.span.end < node.span.start
                && facts.function(function).span.contains(&node.span)
        })
    })
}

/// The function only answers yes or no about the token.
pub(super) fn only_asks(judge: &Judge, event: &Event) -> bool {
    let (Some(facts), Some((_, function))) = (judge.facts(event.file), scope_of(judge, event)) else {
        return false;
    };
    if function.0 == 0 {
        return false;
    }
    let mut returns =
        facts.exits.iter().filter(|e| e.function == function && e.kind == ExitKind::Return).peekable();
    let guards = super::words(&facts.function(function).name).iter().any(|w| {
        matches!(
            w.as_str(),
            "guard"
                | "activate"
                | "authenticate"
                | "authorize"
                | "auth"
                | "verify"
                | "valid"
                | "validate"
                | "admin"
                | "role"
                | "permission"
        )
    });
    !guards
        && returns.peek().is_some()
        && returns.all(|e| e.value.is_some_and(|v| matches!(facts.value(v), Value::Bool(_))))
}

/// The same token was decoded above in the same function: one finding is enough.
fn read_again(judge: &Judge, event: &Event) -> bool {
    let Some(token) = event.role("token") else { return false };
    judge.of_concept("jwt.decode").any(|other| {
        other.file == event.file
            && other.span.start < event.span.start
            && scope_of(judge, other) == scope_of(judge, event)
            && other.role("token").is_some_and(|t| same_token(judge, t, token))
    })
}

/// Only the expiry or the header is read of what was decoded.
fn only_harmless(judge: &Judge, event: &Event) -> bool {
    let (Some(facts), Some(call)) = (judge.facts(event.file), event.call) else { return false };
    let mut names: Vec<&str> = Vec::new();
    let mut variables: Vec<(&Str, FunctionId)> = Vec::new();
    for w in &facts.writes {
        let mut value = w.value;
        let mut path: Option<&Str> = None;
        while let Value::Field(base, name) = facts.value(value) {
            path = Some(name);
            value = *base;
        }
        if matches!(facts.value(value), Value::Result(c) if *c == call) {
            match (&w.target, path) {
                (Target::Variable(_), Some(field)) => names.push(field),
                (Target::Variable(name), None) => variables.push((name, w.function)),
                _ => return false,
            }
        }
    }
    let is_claims = |id: ValueId| match facts.value(id) {
        Value::Result(c) => *c == call,
        Value::Name(n) => variables.iter().any(|(v, f)| *v == n && facts.node(id).function == *f),
        _ => false,
    };
    let mut used_whole = 0;
    let mut used_fields = 0;
    for (i, node) in facts.values.iter().enumerate() {
        if let Value::Field(base, name) = &node.value
            && is_claims(*base)
        {
            used_fields += 1;
            names.push(asked_for(facts, ValueId(i as u32)).unwrap_or(name));
        }
        if let Value::Name(_) = node.value
            && is_claims(ValueId(i as u32))
        {
            used_whole += 1;
        }
    }
    let returned = facts.exits.iter().any(|e| e.value.is_some_and(&is_claims));
    let passed = facts.calls.iter().any(|c| c.args.iter().any(|a| is_claims(a.value)));
    !names.is_empty()
        && used_whole <= used_fields + conditions_on(facts, &is_claims)
        && !returned
        && !passed
        && names.iter().all(|n| HARMLESS.contains(n))
}

/// `claims.get("iss")`: what is read is the claim.
fn asked_for(facts: &FileFacts, callee: ValueId) -> Option<&Str> {
    let Value::Field(_, method) = facts.value(callee) else { return None };
    let call = facts.calls.iter().find(|c| c.callee == callee && method == "get")?;
    match facts.value(call.args.first()?.value) {
        Value::Text(name) => Some(name),
        _ => None,
    }
}

fn conditions_on(facts: &FileFacts, is_claims: &impl Fn(ValueId) -> bool) -> usize {
    facts.regions.iter().flat_map(|r| &r.conditions).filter(|c| is_claims(c.value)).count()
}

/// The first place where a claim of the decoded token is read.
fn used_at(judge: &Judge, event: &Event) -> Option<Evidence> {
    let (facts, call) = (judge.facts(event.file)?, event.call?);
    let write =
        facts.writes.iter().find(|w| matches!(facts.value(w.value), Value::Result(c) if *c == call))?;
    let Target::Variable(name) = &write.target else { return None };
    facts.values.iter().find_map(|node| {
        let Value::Field(base, field) = &node.value else { return None };
        let base = facts.node(*base);
        (base.value == Value::Name(name.clone())
            && node.function == write.function
            && node.span.start > write.span.end
            && !HARMLESS.contains(&field.as_str()))
        .then(|| Evidence {
            span: node.span,
            text: format!("`{field}` of the unverified token is used here"),
            strength: Strength::Stated,
        })
    })
}

/// Functions that say they show or inspect a token.
fn helper_for_debugging(judge: &Judge, event: &Event) -> bool {
    let around = judge.names_around(event);
    ["debug", "inspect", "display", "dump", "print", "expired", "expiry", "expiration"]
        .iter()
        .any(|w| around.iter().any(|a| a == w))
}
