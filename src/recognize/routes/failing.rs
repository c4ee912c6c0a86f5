//! Where a failure is a value that somebody must look at: which calls of a function stop it when they
//! fail, and which may fail unnoticed. Knows no framework.

use std::collections::HashSet;

use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::names::Names;
use crate::recognize::Recognizer;
use crate::source::{FileId, Span, words};

use super::powers::Powers;

/// How many values are followed in one function.
const STEPS: usize = 4_000;
/// An alternative begins this close behind what it is an alternative to: `let … = f() else { … }`.
const NEAR: u32 = 24;

/// The calls whose failure leaves the function, or is answered by leaving it.
pub struct Leaving {
    calls: HashSet<CallId>,
    /// Nothing to look at: failures are thrown.
    thrown: bool,
}

impl Leaving {
    pub fn new(rec: &Recognizer, file: FileId, function: FunctionId) -> Leaving {
        let mut out = Leaving { calls: HashSet::new(), thrown: true };
        let (Some(facts), Some(names)) = (rec.facts(file), rec.names(file)) else { return out };
        if !facts.ecosystem.fails_by_value() {
            return out;
        }
        out.thrown = false;
        let whole = facts.function(function).span;
        let mut open: Vec<ValueId> = Vec::new();
        let mut entered = vec![function];
        let mut done = HashSet::new();
        let mut at = 0;
        while at < entered.len() {
            let inner = entered[at];
            at += 1;
            for exit in facts.exits.iter().filter(|e| e.function == inner && e.kind == ExitKind::Return) {
                open.extend(exit.value);
            }
            for (i, call) in facts.calls.iter().enumerate() {
                if call.function == inner && call.propagated {
                    out.take(facts, CallId(i as u32), &mut open);
                }
            }
            if inner == function {
                refused(facts, whole, &mut open, &mut out);
            }
            while let Some(id) = open.pop() {
                if !done.insert(id) || done.len() > STEPS {
                    continue;
                }
                match facts.value(id) {
                    Value::Result(call) => out.take(facts, *call, &mut open),
                    Value::Either(parts) => open.extend(parts),
                    Value::Field(base, _) => open.push(*base),
                    Value::Function(f) if !entered.contains(f) => entered.push(*f),
                    Value::Name(name) => {
                        let node = facts.node(id);
                        let Some(scope) = names.scope(facts, node.function, name) else { continue };
                        let writes: Vec<u32> = names
                            .bindings(scope, name)
                            .iter()
                            .filter_map(|b| match b {
                                crate::project::names::Binding::Write(w) => Some(*w),
                                _ => None,
                            })
                            .collect();
                        let (reaching, _) =
                            Names::reaching(facts, &writes, scope, node.function, node.region, node.span);
                        open.extend(reaching.iter().map(|w| facts.writes[*w as usize].value));
                    }
                    _ => {}
                }
            }
        }
        out
    }

    /// Does the function end, or answer for it, when this call fails?
    pub fn holds(&self, call: CallId) -> bool {
        self.thrown || self.calls.contains(&call)
    }

    pub fn by_value(&self) -> bool {
        !self.thrown
    }

    /// The call, what its method is called on, and what it is handed to do.
    fn take(&mut self, facts: &FileFacts, id: CallId, open: &mut Vec<ValueId>) {
        if !self.calls.insert(id) {
            return;
        }
        let call = facts.call(id);
        let name = match facts.value(call.callee) {
            Value::Field(base, name) => {
                open.push(*base);
                name.as_str()
            }
            Value::Name(name) => name.as_str(),
            _ => return,
        };
        let passes = words(name).iter().any(|w| matches!(w.as_str(), "pin" | "ready" | "try" | "err" | "ok"));
        for arg in &call.args {
            if passes || matches!(facts.value(arg.value), Value::Function(_)) {
                open.push(arg.value);
            }
        }
    }
}

/// Does a part of a function that runs under a condition end the request with a refusal?
pub fn ends_inside(facts: &FileFacts, region: &Region) -> bool {
    matches!(region.kind, RegionKind::Branch | RegionKind::Else | RegionKind::Catch)
        && facts.exits.iter().any(|e| match (e.kind, e.value) {
            (ExitKind::Throw, _) => region.span.contains(&e.span),
            // What is given back at the end may stand in a branch: `if x { Err(…) } else { Ok(…) }`.
            (ExitKind::Return, Some(value)) => {
                region.span.contains(&e.span) && is_failure(facts, value)
                    || parts(facts, value)
                        .iter()
                        .any(|p| region.span.contains(&facts.node(*p).span) && is_failure(facts, *p))
            }
            _ => false,
        })
}

/// `Err(…)`, `Forbidden()`, `StatusCode::FORBIDDEN`.
fn is_failure(facts: &FileFacts, value: ValueId) -> bool {
    let refusing = |name: &str| {
        name == "Err"
            || words(name)
                .iter()
                .any(|w| matches!(w.as_str(), "forbidden" | "unauthorized" | "denied" | "403"))
    };
    match facts.value(value) {
        Value::Name(name) => refusing(name),
        Value::Field(base, name) => refusing(name) || is_failure(facts, *base),
        Value::Result(call) => {
            let call = facts.call(*call);
            is_failure(facts, call.callee) || call.args.iter().any(|a| is_failure(facts, a.value))
        }
        Value::List(parts) => parts.iter().any(|p| is_failure(facts, *p)),
        _ => false,
    }
}

/// Conditions whose failing side leaves the function: what they ask is answered for.
fn refused(facts: &FileFacts, whole: Span, open: &mut Vec<ValueId>, out: &mut Leaving) {
    let ends_inside = |span: Span| {
        facts.exits.iter().any(|e| match e.value {
            _ if e.kind == ExitKind::Throw => span.contains(&e.span),
            Some(value) if e.kind == ExitKind::Return => {
                span.contains(&e.span) && refuses(facts, value)
                    || parts(facts, value)
                        .iter()
                        .any(|p| span.contains(&facts.node(*p).span) && refuses(facts, *p))
            }
            _ => false,
        })
    };
    for (i, region) in facts.regions.iter().enumerate() {
        if !whole.contains(&region.span) || region.span == whole {
            continue;
        }
        let id = RegionId(i as u32);
        let failing = match region.kind {
            RegionKind::Catch | RegionKind::Else => true,
            RegionKind::Branch => region.conditions.iter().any(|c| c.negated || lacks(facts, c.value)),
            _ => false,
        };
        if !failing || !ends_inside(region.span) {
            continue;
        }
        let mut asked: Vec<ValueId> = facts
            .regions
            .iter()
            .filter(|r| r.group == region.group)
            .flat_map(|r| r.conditions.iter().map(|c| c.value))
            .collect();
        if asked.is_empty() && region.group == id {
            // What stands right before the alternative.
            let before = facts
                .calls
                .iter()
                .enumerate()
                .filter(|(_, c)| c.span.end <= region.span.start && region.span.start - c.span.end <= NEAR)
                .filter(|(_, c)| c.function == region.function);
            if let Some((n, _)) = before.min_by_key(|(_, c)| c.span.start) {
                out.take(facts, CallId(n as u32), &mut asked);
            }
        }
        open.append(&mut asked);
    }
}

pub fn parts(facts: &FileFacts, value: ValueId) -> Vec<ValueId> {
    match facts.value(value) {
        Value::Either(parts) => parts.clone(),
        _ => Vec::new(),
    }
}

/// `x.is_none()`, `x.is_err()`.
fn lacks(facts: &FileFacts, value: ValueId) -> bool {
    let Value::Result(call) = facts.value(value) else { return false };
    let name = match facts.value(facts.call(*call).callee) {
        Value::Field(_, name) | Value::Name(name) => name,
        _ => return false,
    };
    words(name).iter().any(|w| matches!(w.as_str(), "none" | "err" | "error"))
}

/// Not nothing, and not what goes on with the request.
fn refuses(facts: &FileFacts, value: ValueId) -> bool {
    match facts.value(value) {
        Value::Null | Value::Bool(true) => false,
        Value::Bool(false) | Value::Name(_) | Value::Field(..) | Value::List(_) => true,
        Value::Result(call) => {
            let call = facts.call(*call);
            let name = match facts.value(call.callee) {
                Value::Field(_, name) | Value::Name(name) => name.as_str(),
                _ => return false,
            };
            match name {
                "run" | "call" | "next" | "oneshot" | "default" => false,
                "ready" | "pin" => call.args.iter().any(|a| refuses(facts, a.value)),
                _ => true,
            }
        }
        Value::Either(parts) => parts.iter().any(|p| refuses(facts, *p)),
        _ => false,
    }
}

/// What the call says of failing by itself.
pub fn note_failure(facts: &FileFacts, id: CallId, known: bool, leaving: &Leaving, out: &mut Powers) {
    let call = facts.call(id);
    let mut stop = |text: &str| {
        if out.stop.is_none() {
            out.stop = Some(Evidence { span: call.span, text: text.into(), strength: Strength::Stated });
        }
    };
    match facts.value(call.callee) {
        Value::Name(name) if name == "Err" => stop("refuses here"),
        Value::Field(_, name) if matches!(name.as_str(), "ok_or" | "ok_or_else") && leaving.holds(id) => {
            stop("refuses when there is none");
        }
        // A macro of the project whose name says that it ends here.
        Value::Name(name) | Value::Field(_, name) if !known && name.ends_with('!') && name != "error!" => {
            let ends =
                ["err", "error", "bail", "fail", "abort", "reject", "deny", "unauthorized", "forbidden"];
            if words(name).iter().any(|w| ends.contains(&w.as_str())) {
                stop("ends here with an error");
            }
        }
        _ => {}
    }
}
