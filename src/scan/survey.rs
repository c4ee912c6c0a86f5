//! Who may call what, now and at an earlier revision. Knows no format.

use std::collections::BTreeSet;
use std::time::Instant;

use crate::config::Settings;
use crate::endpoint::declared::Declarations;
use crate::endpoint::survey::Survey;
use crate::finding::{Problem, Timing};
use crate::judge::credentials::Credentials;
use crate::lower;
use crate::project::Manifest;
use crate::rulebook::Rulebook;
use crate::source::{FileId, Span, Str};
use crate::walk::revision::{self, Revision};
use crate::walk::{self, Read};

use super::disk::{ScanError, in_pool, named, walk_options};
use super::{Files, Understood, hide};

/// What was understood, as reports of endpoints want it: no credential stands in it.
pub(super) fn survey(understood: Understood, book: &Rulebook) -> Survey {
    let Understood { sources, project, events, mut inventory, mut problems, coverage, timings, .. } =
        understood;
    let looks = Credentials::new(&book.models);
    let shown = inventory.endpoints.iter().flat_map(|e| {
        let guards = e.guards.iter().flat_map(|g| g.evidence.iter().map(|step| step.span).chain([g.span]));
        guards.chain([e.place, e.registered]).map(|span: Span| span.file)
    });
    let secret = hide::written(&shown.collect(), &sources, &project, &looks);
    hide::in_inventory(&mut inventory, &events, &looks, &secret, &sources);
    let sources = hide::in_sources(sources, &events, &looks, &secret);
    problems
        .sort_by(|a, b| (&a.path, a.span, a.kind, &a.message).cmp(&(&b.path, b.span, b.kind, &b.message)));
    problems.dedup();
    inventory.problems.sort_by(|a, b| (&a.path, a.span, &a.message).cmp(&(&b.path, b.span, &b.message)));
    inventory.problems.dedup();
    Survey { sources, inventory, problems, coverage, timings, ..Survey::default() }
}

/// The files of a revision.
struct Earlier {
    revision: Revision,
    named: Vec<Str>,
    declared: Declarations,
    options: walk::Options,
}

impl Files for Earlier {
    fn paths(&self) -> Vec<Str> {
        self.revision.paths.clone()
    }

    fn named(&self) -> Vec<Str> {
        self.named.clone()
    }

    fn manifests(&self) -> &[Manifest] {
        &self.revision.manifests
    }

    fn declarations(&self) -> Declarations {
        self.declared.clone()
    }

    fn tracked(&self) -> Option<BTreeSet<Str>> {
        Some(self.revision.tracked.clone())
    }

    fn read(&self, file: FileId) -> (Result<String, String>, Option<Problem>) {
        match self.revision.read(file.0 as usize, &self.options) {
            Read::Text { text, problem } => (Ok(text), problem),
            Read::Skipped { reason, problem } => (Err(reason), problem),
        }
    }
}

/// Who could call what in a git revision, by the settings of now; and the full name of the commit.
pub fn at(settings: &Settings, book: &Rulebook, revision: &str) -> Result<(Survey, String), ScanError> {
    in_pool(settings, || {
        let start = Instant::now();
        let options = walk_options(settings);
        let wants = |name: &str| lower::syntax_of(name).is_some();
        let mut found = revision::revision(&settings.paths, &settings.root, revision, &options, wants)?;
        found.leave_out(|path| settings.excluded(path, false));
        let walked = start.elapsed();
        // What is declared in vain is said of the present.
        let declared = Declarations { whole: false, ..settings.declarations.clone() };
        let id = found.id.clone();
        let files = Earlier { revision: found, named: named(settings), declared, options };
        let understood = super::understand(&files, book, super::Depth::Judged);
        let mut survey = survey(understood, book);
        survey.problems.extend(files.revision.problems.iter().cloned());
        survey.timings.insert(0, Timing { stage: "walk", time: walked });
        survey.elapsed = start.elapsed();
        Ok((survey, id))
    })
}
