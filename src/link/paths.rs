//! Relative paths as texts, and the files and folders that a project has. Sees no disk.

use std::collections::{HashMap, HashSet};

use crate::source::{FileId, Str};

/// The folder of a path; empty for the top.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// `path` seen from `folder`, without `.` and `..`; what leaves the top begins with `..`.
pub(super) fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The folder itself, then the folders around it, the top (empty) last.
pub(super) fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |f| if f.is_empty() { None } else { Some(folder_of(f)) })
}

/// Does `folder` hold `path` (or is it the same)?
pub(super) fn holds(folder: &str, path: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[derive(Debug, Default)]
pub(super) struct Places {
    files: HashMap<Str, FileId>,
    folders: HashSet<Str>,
}

impl Places {
    pub(super) fn new(paths: &[Str]) -> Self {
        let mut places = Self::default();
        for (i, path) in paths.iter().enumerate() {
            places.files.insert(path.clone(), FileId(u32::try_from(i).unwrap_or(u32::MAX)));
            for folder in upwards(folder_of(path)) {
                if !places.folders.insert(folder.into()) {
                    break;
                }
            }
        }
        places
    }

    pub(super) fn file(&self, path: &str) -> Option<FileId> {
        self.files.get(path).copied()
    }

    pub(super) fn has_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }
}
