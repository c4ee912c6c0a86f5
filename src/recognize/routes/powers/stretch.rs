//! What a stretch of a function does: its calls, values, exits and conditions, added up. Knows no framework.

use std::rc::Rc;

use crate::facts::*;
use crate::project::origins::{At, Root};
use crate::recognize::routes::caught::{is_other_status, not_demanded};
use crate::recognize::routes::failing::{self, Leaving};
use crate::recognize::routes::{contexts, settled};
use crate::source::{FileId, Span};

use super::reader::{Places, inside};
use super::{Powers, REFUSES, Reader, SAYS_NO, note};

impl Reader<'_, '_> {
    /// What a stretch of a function does.
    pub fn within(&self, file: FileId, function: FunctionId, whole: Span) -> Powers {
        self.stretch(file, function, whole, &[])
    }

    pub(super) fn stretch(&self, file: FileId, function: FunctionId, whole: Span, idle: &[Span]) -> Powers {
        let mut out = Powers::default();
        let Some(facts) = self.rec.facts(file) else { return out };
        // Functions that are put somewhere for later do nothing here.
        let later: Vec<Span> = facts
            .writes
            .iter()
            .filter(|w| matches!(w.target, Target::Field(..)) && whole.contains(&w.span))
            .filter(|w| matches!(facts.value(w.value), Value::Function(f) if *f != function))
            .map(|w| facts.node(w.value).span)
            .collect();
        let context = self.context.borrow().clone();
        let dead = settled::dead(self.rec, file, function, &context);
        let later: Vec<Span> = later.into_iter().chain(dead).collect();
        let runs = |span: Span| !idle.iter().chain(&later).any(|i| i.contains(&span));
        let within = |span: Span| whole.contains(&span) && runs(span);
        let places =
            self.places.borrow_mut().entry(file).or_insert_with(|| Rc::new(Places::new(facts))).clone();
        let leaving = Leaving::new(self.rec, file, function);
        out.by_value = leaving.by_value();
        // What is read of a request to make a parameter: `bearer: BearerAuth`.
        for parameter in &facts.function(function).params {
            for head in parameter.type_ref.iter().flat_map(type_names) {
                if let Value::Name(name) | Value::Field(_, name) = facts.value(head)
                    && self.is_named("credential", name)
                    && self
                        .rec
                        .trace(At { file, value: head }, &None)
                        .iter()
                        .any(|t| matches!(&t.root, Root::External(path) if !path.module.is_empty()))
                {
                    note(&mut out.credential, parameter.span, "reads what the caller proves itself with");
                }
            }
        }
        for id in inside(&places.calls, whole).filter(|id| within(facts.call(*id).span)) {
            self.read_call(facts, id, facts.call(id), &leaving, &mut out);
        }
        let soft = self.only_statuses(facts, &places, whole);
        for id in inside(&places.values, whole) {
            let span = facts.node(id).span;
            // A function that translates words into numbers answers nobody.
            let number = matches!(facts.value(id), Value::Number(_));
            if number
                && facts.exits.iter().any(|e| e.value == Some(id))
                && returns_numbers(facts, function) > 3
            {
                continue;
            }
            if !within(span) || soft.iter().any(|s| s.contains(&span)) {
                continue;
            }
            self.read_value(facts, id, facts.node(id), &mut out);
        }
        for exit in facts.exits.iter().filter(|e| within(e.span)) {
            if exit.kind == ExitKind::Throw {
                note(&mut out.stop, exit.span, "stops the request here");
                if !is_other_status(facts, exit.value) {
                    note(&mut out.denies, exit.span, "stops the request here");
                }
            } else if exit.kind == ExitKind::Return
                && let Some(value) = exit.value
                && is_refusal(facts, value)
                && conditional(facts, exit.region)
            {
                // A function that says no leaves it to its caller what that means.
                let says = if facts.value(value) == &Value::Bool(false) { SAYS_NO } else { REFUSES };
                note(&mut out.stop, exit.span, says);
                note(&mut out.denies, exit.span, says);
            } else if exit.kind == ExitKind::Return
                && let Some(part) = exit
                    .value
                    .and_then(|v| failing::parts(facts, v).into_iter().find(|p| is_refusal(facts, *p)))
            {
                let span = facts.node(part).span;
                note(&mut out.stop, span, REFUSES);
                note(&mut out.denies, span, REFUSES);
            }
        }
        let aside = not_demanded(facts, whole);
        let asked = |span: Span| !aside.iter().any(|a| a.contains(&span));
        for compare in facts.compares.iter().filter(|c| within(c.span)) {
            let plain =
                |v: ValueId| matches!(facts.value(v), Value::Null | Value::Bool(_) | Value::Number(_));
            out.tested |= !plain(compare.left) && !plain(compare.right);
            if is_kept(facts, compare.span) {
                continue;
            }
            if matches!(compare.op, CompareOp::In | CompareOp::NotIn) {
                self.read_membership(facts, compare, &mut out);
            }
            let rights = asked(compare.span);
            if contexts::decides(facts, whole, compare.span) {
                self.read_network(facts, compare, &mut out);
                self.read_proof(facts, compare, &mut out);
            }
            self.read_decision(facts, whole, (compare.left, compare.span), rights, &mut out);
            self.read_decision(facts, whole, (compare.right, compare.span), rights, &mut out);
        }
        for region in facts.regions.iter().filter(|r| within(r.span)) {
            let before = std::mem::take(&mut out.role);
            for condition in &region.conditions {
                let rights = asked(condition.span);
                self.read_decision(facts, whole, (condition.value, condition.span), rights, &mut out);
            }
            if let Some(role) = &out.role
                && failing::ends_inside(facts, region)
            {
                out.role_stops.get_or_insert_with(|| role.clone());
            }
            out.role = before.or(out.role);
        }
        out
    }

    /// Calls that set the status of the answer and stop nothing: nothing is sent, thrown or given back there.
    fn only_statuses(&self, facts: &FileFacts, places: &Places, whole: Span) -> Vec<Span> {
        let mut out = Vec::new();
        for id in inside(&places.calls, whole) {
            let named = |name: &str, id: CallId| {
                let events = self.events.get(&(facts.file, id)).into_iter().flatten();
                events.into_iter().any(|e| e.concept.name == name)
            };
            if !named("response.status", id) {
                continue;
            }
            let call = facts.call(id);
            let chained = inside(&places.calls, whole).any(|c| {
                matches!(facts.value(facts.call(c).callee), Value::Field(base, _) if facts.value(*base) == &Value::Result(id))
            });
            let ends = inside(&places.calls, whole).any(|c| {
                facts.call(c).region == call.region && (named("request.end", c) || named("response.send", c))
            });
            let leaves = facts.exits.iter().any(|e| {
                e.region == call.region
                    && whole.contains(&e.span)
                    && (e.kind == ExitKind::Throw || e.kind == ExitKind::Return && e.value.is_some())
            });
            if !chained && !ends && !leaves {
                out.push(call.span);
            }
        }
        out
    }
}

/// Is the outcome only put into a field: `user.isAdmin = user.role === "admin"`?
fn is_kept(facts: &FileFacts, span: Span) -> bool {
    facts.writes.iter().any(|w| {
        matches!(w.target, Target::Field(..))
            && matches!(facts.value(w.value), Value::Unknown)
            && facts.node(w.value).span.contains(&span)
    })
}

pub(super) fn type_names(t: &TypeRef) -> Vec<ValueId> {
    let mut out = vec![t.head];
    out.extend(t.args.iter().flat_map(type_names));
    out
}

/// How many different numbers a function gives back.
fn returns_numbers(facts: &FileFacts, function: FunctionId) -> usize {
    let exits = facts.exits.iter().filter(|e| e.function == function && e.kind == ExitKind::Return);
    let numbers = exits.filter_map(|e| match facts.value(e.value?) {
        Value::Number(n) => Some(*n as i64),
        _ => None,
    });
    numbers.collect::<std::collections::BTreeSet<i64>>().len()
}

/// `false`, an error, nothing: what says no.
pub(super) fn is_refusal(facts: &FileFacts, value: ValueId) -> bool {
    match facts.value(value) {
        Value::Bool(false) => true,
        Value::Result(call) => match facts.value(facts.call(*call).callee) {
            Value::Name(name) => matches!(name.as_str(), "Err" | "Error"),
            _ => false,
        },
        _ => false,
    }
}

fn conditional(facts: &FileFacts, region: RegionId) -> bool {
    let mut at = Some(region);
    while let Some(id) = at {
        let r = facts.region(id);
        match r.kind {
            RegionKind::Branch | RegionKind::Else | RegionKind::Catch => return true,
            RegionKind::Function | RegionKind::File => return false,
            _ => at = r.parent,
        }
    }
    false
}
