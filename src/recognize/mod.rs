//! Facts and models to events. Knows no rule and no library: pages say what calls mean.

mod amended;
pub mod calls;
pub mod claims;
pub mod cookies;
pub mod documents;
pub mod fallbacks;
pub mod index;
pub mod known;
pub mod labels;
pub mod literals;
pub mod objects;
pub mod parameters;
pub mod quantity;
pub mod requests;
pub mod roles;
pub mod routes;
pub mod settings;
pub mod sides;
pub mod unpacked;
pub mod wrappers;
pub mod writes;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::OnceLock;

use crate::event::Event;
use crate::facts::*;
use crate::project::Project;
use crate::project::names::Names;
use crate::project::origins::{At, Context, Meaning, Origins, Traced};
use crate::source::FileId;

use calls::Callee;
use index::Index;

/// A call of one function of the project by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub callee: (FileId, FunctionId),
    pub caller: (FileId, CallId),
}

/// What one file gives.
#[derive(Default)]
pub struct Recognized {
    pub events: Vec<Event>,
    pub edges: Vec<Edge>,
}

/// Answers questions about one file (and the files it reaches); keeps what it found.
pub struct Recognizer<'a> {
    pub project: &'a Project,
    pub index: &'a Index<'a>,
    names: &'a [OnceLock<Names>],
    /// Also events that only lend meaning to values: environment reads, times, conversions.
    pub values_too: bool,
    callees: RefCell<HashMap<(FileId, CallId), Rc<Callee>>>,
    busy: RefCell<HashSet<(FileId, CallId)>>,
}

impl<'a> Recognizer<'a> {
    pub fn new(project: &'a Project, index: &'a Index<'a>, names: &'a [OnceLock<Names>]) -> Self {
        Self {
            project,
            index,
            names,
            values_too: false,
            callees: RefCell::default(),
            busy: RefCell::default(),
        }
    }

    pub fn facts(&self, file: FileId) -> Option<&'a FileFacts> {
        self.project.facts(file)
    }

    pub fn names(&self, file: FileId) -> Option<&'a Names> {
        let facts = self.facts(file)?;
        self.names.get(file.0 as usize).map(|cell| cell.get_or_init(|| Names::new(facts)))
    }

    /// Runs a question about values with the models' knowledge of calls.
    pub fn with_origins<T>(&self, f: impl FnOnce(&Origins) -> T) -> T {
        let meaning = |at: At, call: CallId, _: &Context| self.meaning(at, call);
        f(&Origins { project: self.project, names: self.names, meaning: &meaning })
    }

    /// All that an expression can be; settings that are read by name are what the project sets.
    pub fn trace(&self, at: At, context: &Context) -> Vec<Traced> {
        let found = self.with_origins(|o| o.trace(at, context));
        self.with_folder_values(self.with_settings(found))
    }

    fn meaning(&self, at: At, call: CallId) -> Meaning {
        let callee = self.callee(at.file, call);
        for entry in &callee.entries {
            let model = self.index.call(*entry);
            let Some(concept) = model.concept else { continue };
            let place = |role: &str| {
                let (_, spec) = model.roles.iter().find(|(name, _)| name == role)?;
                self.argument_of(at.file, call, spec)
            };
            match concept.name {
                "value.pass" => {
                    if let Some(value) = place("value") {
                        let wider = model.roles.iter().any(|(name, _)| name == "more");
                        return if wider { Meaning::Widen(vec![value]) } else { Meaning::Pass(vec![value]) };
                    }
                }
                "env.read" | "secret.fetch" => return Meaning::Outside(place("default")),
                _ => {}
            }
        }
        Meaning::Opaque
    }

    /// All events and call edges of one file.
    pub fn file(&self, file: FileId) -> Recognized {
        let mut out = Recognized::default();
        let Some(facts) = self.facts(file) else { return out };
        for i in 0..facts.calls.len() {
            let call = CallId(i as u32);
            let callee = self.callee(file, call);
            out.edges
                .extend(callee.local.iter().map(|target| Edge { callee: *target, caller: (file, call) }));
            out.events.extend(self.call_events(file, call, &callee, &None));
            if !self.values_too {
                out.events.extend(self.call_fallback(file, call, &callee));
            }
        }
        out.events.extend(self.setting_events(file));
        out.events.extend(self.document_events(file));
        out.events.extend(self.write_events(file));
        out.events.extend(self.fallback_events(file));
        let variables = self.variable_events(file, &out.events);
        out.events.extend(variables);
        out.events.extend(self.request_events(file));
        out.events.extend(self.cookie_events(file));
        if self.values_too {
            out.events.extend(self.value_events(file));
        }
        self.add_later_checks(file, &mut out.events);
        out
    }
}
