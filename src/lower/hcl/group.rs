//! Blocks and attributes gathered under their keys and labels.

use std::collections::HashMap;

use crate::facts::*;
use crate::lower::Builder;
use crate::lower::fields::{self, Draft};
use crate::source::Str;

#[derive(Default)]
pub(super) struct Group {
    index: HashMap<Str, usize>,
    rows: Vec<Row>,
}

struct Row {
    key: Str,
    start: usize,
    end: usize,
    /// Each with its end.
    single: Vec<(ValueId, usize, usize)>,
    listed: Vec<ValueId>,
    inner: Group,
}

impl Group {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a value under the keys of `path`, each with the place where it stands.
    pub(super) fn put(&mut self, path: &[(Str, usize)], value: ValueId, end: usize, listed: bool) {
        let Some(((key, start), rest)) = path.split_first() else { return };
        let at = *self.index.entry(key.clone()).or_insert(self.rows.len());
        if at == self.rows.len() {
            let (single, listed, inner) = (Vec::new(), Vec::new(), Group::default());
            self.rows.push(Row { key: key.clone(), start: *start, end, single, listed, inner });
        }
        let row = &mut self.rows[at];
        row.end = row.end.max(end);
        match (rest.is_empty(), listed) {
            (false, _) => row.inner.put(rest, value, end, listed),
            (true, true) => row.listed.push(value),
            (true, false) => row.single.push((value, *start, end)),
        }
    }

    pub(super) fn record(self, b: &mut Builder<'_>, start: usize, end: usize) -> ValueId {
        let mut draft = Draft::default();
        for row in self.rows {
            if !row.inner.is_empty() {
                let value = row.inner.record(b, row.start, row.end);
                draft.put(b, row.key.clone(), value, row.start, row.end);
            }
            if !row.listed.is_empty() {
                let value = fields::list(b, row.listed, row.start, row.end);
                draft.put(b, row.key.clone(), value, row.start, row.end);
            }
            for (value, start, end) in row.single {
                draft.put(b, row.key.clone(), value, start, end);
            }
        }
        draft.done(b, start, end)
    }
}
