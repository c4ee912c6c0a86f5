//! `authlint routes`: the endpoints of a project, now or compared with a revision.

use std::io::Write;

use super::{Ended, RunError, paths_of, prepare, targets, write};
use crate::cli::{Routes, RoutesFailOn, Scan};
use crate::endpoint::changes;
use crate::report::Options;
use crate::report::routes::{Format, Since, render, render_changes};
use crate::scan::disk;
use crate::scan::survey;

pub(super) fn routes(typed: &Routes, out: &mut dyn Write) -> Result<Ended, RunError> {
    // Everything that can be wrong with the request is found before the work begins.
    let targets = targets(&typed.format, typed.output.as_deref(), Format::Human)?;
    let of_changes = |format: Format| typed.diff.is_none() || Format::OF_CHANGES.contains(&format);
    if let Some(target) = targets.iter().find(|target| !of_changes(target.format)) {
        return Err(RunError::OneState { format: target.format.name() });
    }
    let asked = Scan {
        files: typed.files.clone(),
        project: typed.project.clone(),
        threads: typed.threads,
        ..Scan::default()
    };
    let (settings, book) = prepare(&asked, &paths_of(&typed.paths))?;
    // A revision that cannot be read is said before the present is.
    let before = match &typed.diff {
        Some(revision) => Some((revision, survey::at(&settings, &book, revision)?)),
        None => None,
    };
    let now = disk::survey(&settings, &book)?;
    let options = Options { quiet: typed.quiet, timings: typed.timings, ..Options::default() };
    let unprotected = match &before {
        None => {
            write(&targets, &options, typed.screen.color, out, |format, options| {
                render(format, &now, typed.unprotected, options)
            })?;
            now.inventory.endpoints.iter().filter(|e| e.is_unprotected()).count()
        }
        Some((revision, (earlier, commit))) => {
            let mut found = changes::between(earlier, &now);
            if typed.unprotected {
                found.keep_unprotected();
            }
            let since = Since { survey: earlier, revision, commit };
            write(&targets, &options, typed.screen.color, out, |format, options| {
                render_changes(format, &now, &since, &found, options).unwrap_or_default()
            })?;
            found.unprotected()
        }
    };
    Ok(match typed.fail_on == RoutesFailOn::Unprotected && unprotected > 0 {
        true => Ended::Findings,
        false => Ended::Clean,
    })
}
