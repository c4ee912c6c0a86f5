//! `authlint init`: a first settings file for a project, which is never written over another.

use std::io::{self, Write};

use super::paths::{must_exist, shown};
use super::project::nearest_config;
use super::{Ended, RunError, paths::real, prepare, print};
use crate::cli::{Init, Project, Scan};
use crate::config::FILE_NAME;
use crate::report::routes::proposal;
use crate::scan::disk;
use crate::walk;

pub(super) fn init(typed: &Init, out: &mut dyn Write) -> Result<Ended, RunError> {
    must_exist(&typed.path, || "name the top folder of the project".into())?;
    if !typed.path.is_dir() {
        return Err(RunError::NoProject { path: shown(&typed.path) });
    }
    let folder = real(&typed.path)?;
    let there = |path: String| Err(RunError::AlreadyThere { path });
    if let Some(file) = nearest_config(&folder).filter(|_| !typed.stdout) {
        return there(shown(&file));
    }
    let project = Project { no_config: true, pages: typed.pages.clone(), ..Project::default() };
    let asked = Scan { project, ..Scan::default() };
    let (mut settings, book) = prepare(&asked, std::slice::from_ref(&folder))?;
    // What is proposed is relative to the file.
    settings.root = folder.clone();
    let text = proposal::render(&disk::survey(&settings, &book)?);
    if typed.stdout {
        return print(out, &text);
    }
    let file = folder.join(FILE_NAME);
    match walk::write_new(&file, text.as_bytes()) {
        Ok(()) => print(out, &format!("wrote {}: read each line before you rely on it\n", shown(&file))),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => there(shown(&file)),
        Err(reason) => Err(RunError::Unwritable { path: shown(&file), reason }),
    }
}
