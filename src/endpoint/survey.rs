//! All that a report of endpoints may show. Knows no format.

use std::time::Duration;

use super::{Answer, Endpoint, Inventory};
use crate::finding::{Coverage, Problem, Timing};
use crate::source::{Source, Span};

#[derive(Debug, Default)]
pub struct Survey {
    /// By `FileId`; credentials in them are made unreadable.
    pub sources: Vec<Source>,
    pub inventory: Inventory,
    /// What could not be read at all, in the order of path, place, kind; those of the inventory not among them.
    pub problems: Vec<Problem>,
    pub coverage: Coverage,
    pub timings: Vec<Timing>,
    pub elapsed: Duration,
}

/// How many endpoints are what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub endpoints: usize,
    pub authenticated: usize,
    /// Whether on purpose or not.
    pub open: usize,
    /// Of the open ones: on purpose.
    pub public: usize,
    pub unknown: usize,
    /// Behind a role or permission.
    pub role: usize,
}

impl Survey {
    /// The path and the line (from 1) of a place.
    pub fn place(&self, span: Span) -> (&str, u32) {
        self.sources
            .get(span.file.0 as usize)
            .map_or(("", 1), |source| (source.path.as_str(), source.line(span.start).max(1)))
    }

    pub fn totals(&self) -> Totals {
        let count = |which: &dyn Fn(&Endpoint) -> bool| {
            self.inventory.endpoints.iter().filter(|endpoint| which(endpoint)).count()
        };
        Totals {
            endpoints: self.inventory.endpoints.len(),
            authenticated: count(&|e| e.authentication == Answer::Yes),
            open: count(&|e| e.is_open()),
            public: count(&|e| e.is_open() && e.public.is_some()),
            unknown: count(&|e| e.authentication == Answer::Unknown),
            role: count(&|e| e.role == Answer::Yes),
        }
    }

    /// Everything that was not understood: what is said of endpoints first.
    pub fn all_problems(&self) -> impl Iterator<Item = &Problem> {
        self.inventory.problems.iter().chain(&self.problems)
    }
}
