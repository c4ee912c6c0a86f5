//! Paths as they were typed, made comparable. Looks whether they exist, reads none of them.

use std::path::{Component, Path, PathBuf};

use super::RunError;
use crate::config;

pub(super) fn must_exist(path: &Path, help: impl FnOnce() -> String) -> Result<(), RunError> {
    match path.try_exists() {
        Ok(true) => Ok(()),
        Ok(false) if path.is_symlink() => {
            Err(RunError::NoSuchPath { path: shown(path), help: "it is a link whose target is gone".into() })
        }
        Ok(false) => Err(RunError::NoSuchPath { path: shown(path), help: help() }),
        Err(reason) => Err(RunError::Unreadable { path: shown(path), reason }),
    }
}

/// A misspelt command reaches us as a path.
pub(super) fn near_command(path: &Path) -> String {
    let commands = ["scan", "routes", "init", "explain", "rules", "models", "schema", "help"].into_iter();
    match path.to_str().and_then(|word| config::suggestion(word, commands, "command")) {
        Some(near) => near,
        None => "give a file or folder to scan; `authlint --help` shows the commands".into(),
    }
}

pub(super) fn absolute(path: &Path) -> Result<PathBuf, RunError> {
    std::path::absolute(path).map(|path| tidy(&path)).map_err(RunError::NoFolder)
}

/// Links resolved, as the walk does it: of a file only the folder's, so that a linked file keeps the
/// name it was given by.
pub(super) fn real(path: &Path) -> Result<PathBuf, RunError> {
    let unreadable = |reason| RunError::Unreadable { path: shown(path), reason };
    if path.is_dir() {
        return path.canonicalize().map_err(unreadable);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(folder.canonicalize().map_err(unreadable)?.join(path.file_name().unwrap_or_default()))
}

/// Without `.` and `..`, by name only.
pub(super) fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// Relative to the current folder where that is shorter.
pub(super) fn shown(path: &Path) -> String {
    let current = Path::new(".").canonicalize().unwrap_or_default();
    let near = path.strip_prefix(&current).ok().filter(|rest| !rest.as_os_str().is_empty());
    near.unwrap_or(path).display().to_string()
}

/// The folder that all of these absolute paths lie in; a file counts as its folder.
pub(super) fn common_folder(paths: &[PathBuf]) -> PathBuf {
    let folders = paths.iter().map(|path| match path.is_dir() {
        true => path.as_path(),
        false => path.parent().unwrap_or(path),
    });
    let mut common: Option<PathBuf> = None;
    for folder in folders {
        common = Some(match common {
            None => folder.to_path_buf(),
            Some(so_far) => so_far
                .ancestors()
                .find(|ancestor| folder.starts_with(ancestor))
                .unwrap_or(Path::new("/"))
                .to_path_buf(),
        });
    }
    common.unwrap_or_default()
}
