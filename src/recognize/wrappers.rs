//! A project's own function around a modelled call: the event seen from each caller, so that what
//! the caller passes counts. Knows no rule.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::event::Event;
use crate::facts::{CallId, FunctionId};
use crate::finding::Strength;
use crate::project::origins::{Context, Frame};
use crate::source::FileId;

use super::{Edge, Recognizer};

/// How many callers stand between an event and the place that decides it.
const LEVELS: usize = 2;
/// Wrappers called from more places than this are left open.
const CALLERS: usize = 60;

/// Callers by function.
pub struct Callers(BTreeMap<(FileId, FunctionId), BTreeSet<(FileId, CallId)>>);

impl Callers {
    pub fn new(edges: impl IntoIterator<Item = Edge>) -> Self {
        let mut map: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for edge in edges {
            map.entry(edge.callee).or_default().insert(edge.caller);
        }
        Callers(map)
    }

    pub fn of(&self, function: (FileId, FunctionId)) -> impl Iterator<Item = (FileId, CallId)> {
        self.0.get(&function).into_iter().flatten().copied()
    }
}

impl Recognizer<'_> {
    /// The event from each caller; itself when nothing in it hangs on a caller, or none is known.
    pub fn expand(&self, event: &Event, callers: &Callers) -> Vec<Event> {
        let mut done = Vec::new();
        let mut open = vec![event.clone()];
        for _ in 0..LEVELS {
            let mut next = Vec::new();
            for event in open {
                let seen = if event.is_open() { self.at_callers(&event, callers) } else { Vec::new() };
                if seen.is_empty() {
                    done.push(event);
                } else {
                    next.extend(seen);
                }
            }
            open = next;
        }
        done.extend(open);
        done
    }

    fn at_callers(&self, event: &Event, callers: &Callers) -> Vec<Event> {
        let Some(call) = event.call else { return Vec::new() };
        // The function whose parameters are open: the outermost one entered so far.
        let outermost = |context: &Context| {
            let mut last = None;
            let mut at = context.as_ref();
            while let Some(frame) = at {
                last = Some(frame.call);
                at = frame.outer.as_ref();
            }
            last
        };
        let (file, inside) = outermost(&event.context).unwrap_or((event.file, call));
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let mut function = facts.call(inside).function;
        // A closure inside the wrapper (a promise, a callback): the named function around it is called.
        while callers.of((file, function)).next().is_none() {
            match facts.function(function).parent {
                Some(parent) => function = parent,
                None => return Vec::new(),
            }
        }
        let mut places: Vec<_> = callers.of((file, function)).collect();
        // What tests pass says nothing where real callers pass something too.
        let tests = |(file, call): &(FileId, CallId)| {
            self.facts(*file).is_some_and(|f| f.in_test(f.call(*call).region))
        };
        if !places.iter().all(tests) {
            places.retain(|place| !tests(place));
        }
        if places.len() > CALLERS {
            return Vec::new();
        }
        let mut out = Vec::new();
        for caller in places {
            let context =
                outward(&event.context, Frame { function: (file, function), call: caller, outer: None });
            let callee = self.callee(event.file, call);
            for mut seen in self.call_events(event.file, call, &callee, &context) {
                if seen.concept != event.concept || seen.model != event.model {
                    continue;
                }
                // What is checked after the call is checked for every caller.
                for ((_, role), (_, known)) in seen.roles.iter_mut().zip(&event.roles) {
                    if known.later {
                        *role = known.clone();
                    }
                }
                seen.strength = seen.strength.min(Strength::Inferred);
                let there = self.facts(caller.0).map(|f| f.in_test(f.call(caller.1).region));
                seen.in_test |= there.unwrap_or(false);
                out.push(seen);
            }
        }
        out
    }
}

/// Adds a frame at the outer end of a context.
fn outward(context: &Context, frame: Frame) -> Context {
    match context {
        None => Some(Arc::new(frame)),
        Some(inner) => Some(Arc::new(Frame {
            function: inner.function,
            call: inner.call,
            outer: outward(&inner.outer, frame),
        })),
    }
}
