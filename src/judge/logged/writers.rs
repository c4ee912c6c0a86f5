//! A project's own function that writes what it is given to a log: its callers write.

use crate::event::Event;
use crate::facts::*;

use super::super::compared::*;
use super::super::{Judge, words};

/// A call that writes, and which of its arguments.
type Writing<'a> = (Event, &'a FileFacts, &'a Call, Vec<&'a Arg>);

/// The call itself, and the calls of the function around it that hand it what it writes.
pub(super) fn with_callers<'a>(
    judge: &Judge<'a>,
    event: &Event,
    facts: &'a FileFacts,
    call: &'a Call,
) -> Vec<Writing<'a>> {
    let mut out = vec![(event.clone(), facts, call, call.args.iter().collect())];
    let function = facts.function(call.function);
    if function.name.is_empty() || is_method(function) || !speaks_of_logs(&function.name) {
        return out;
    }
    let written: Vec<usize> = call.args.iter().flat_map(|a| parameters(facts, a.value, function)).collect();
    let everywhere = || judge.project.files.iter().flatten();
    let common = everywhere().flat_map(|f| &f.functions).filter(|f| f.name == function.name).count() > 1;
    if written.is_empty() || common {
        return out;
    }
    for other in everywhere() {
        let reachable = other.file == facts.file || other.imports.iter().any(|i| i.local == function.name);
        if !reachable || judge.is_test_file(other.file) {
            continue;
        }
        for (i, caller) in other.calls.iter().enumerate() {
            if last_name(other, caller.callee) != Some(&function.name) {
                continue;
            }
            let given = caller.args.iter().enumerate().filter(|(n, _)| written.contains(n));
            let seen = Event {
                file: other.file,
                call: Some(CallId(i as u32)),
                span: caller.span,
                callee: function.name.to_string(),
                in_test: other.in_test(caller.region),
                ..event.clone()
            };
            out.push((seen, other, caller, given.map(|(_, a)| a).collect()));
        }
    }
    out
}

fn is_method(function: &Function) -> bool {
    function.owner.is_some() || !function.owner_name.is_empty()
}

fn speaks_of_logs(name: &str) -> bool {
    words(name)
        .iter()
        .any(|w| matches!(w.as_str(), "log" | "logs" | "audit" | "trace" | "debug" | "print" | "report"))
}

/// The parameters of the function that an argument is, or is put together of.
fn parameters(facts: &FileFacts, value: ValueId, function: &Function) -> Vec<usize> {
    match facts.value(value) {
        Value::Name(name) => function.params.iter().position(|p| p.name == *name).into_iter().collect(),
        Value::Param(_, n) => vec![*n as usize],
        Value::Join(parts) => parts.iter().flat_map(|p| parameters(facts, *p, function)).collect(),
        _ => Vec::new(),
    }
}
