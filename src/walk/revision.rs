//! The files of a revision as a walk would have found them then, kept in memory. Knows names, sizes
//! and ignore files; the work tree is neither read nor changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::git::{self, Blob, Commit, GitError};
use super::{
    FOREIGN, MAX_MANIFEST, Options, PIPELINES, Read, decode, file_name, is_env, is_wanted_although_hidden,
    relative, size, understand,
};
use crate::finding::{Problem, ProblemKind};
use crate::project::{Manifest, is_manifest};
use crate::source::Str;

/// Paths are relative to the root that was asked for.
#[derive(Debug)]
pub struct Revision {
    /// The commit, in full.
    pub id: String,
    pub paths: Vec<Str>,
    pub manifests: Vec<Manifest>,
    pub tracked: BTreeSet<Str>,
    pub problems: Vec<Problem>,
    /// As long as `paths`.
    contents: Vec<Contents>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Contents {
    Bytes(Vec<u8>),
    TooLarge,
    /// Left out of a partial clone.
    Missing,
}

/// The files below `given` (absolute, links resolved) whose name `wants` accepts, as `revision` has
/// them, and all manifests of the repository that may speak of them.
pub fn revision(
    given: &[PathBuf],
    root: &Path,
    revision: &str,
    options: &Options,
    wants: fn(&str) -> bool,
) -> Result<Revision, GitError> {
    // Not the root: that may lie outside of the repository, or in another one.
    let mut around = given.first().map_or(root, PathBuf::as_path);
    while !around.is_dir() || !given.iter().all(|path| path.starts_with(around)) {
        let Some(above) = around.parent() else { break };
        around = above;
    }
    let commit = git::commit(around, revision)?;
    let ignored = match options.ignore_files {
        true => Ignored::new(&commit)?,
        false => Ignored::default(),
    };
    let environments = environments(&commit.files);
    let is_given = |blob: &Blob| {
        let absolute = commit.top.join(blob.path.as_str());
        given.iter().find(|path| absolute.starts_with(path)).map(|path| absolute == **path)
    };
    let mut files: BTreeMap<Str, &Blob> = BTreeMap::new();
    let mut manifests: BTreeMap<Str, &Blob> = BTreeMap::new();
    for blob in &commit.files {
        let shown = relative(root, &commit.top.join(blob.path.as_str()));
        let is_explicit = match is_given(blob) {
            Some(is_explicit) => is_explicit,
            None => {
                // Versions stand above what is scanned.
                let folder = blob.path.rsplit_once('/').map_or("", |(folder, _)| folder);
                let folder = commit.top.join(folder);
                if is_manifest(&blob.path) && given.iter().any(|path| path.starts_with(&folder)) {
                    manifests.insert(shown, blob);
                }
                continue;
            }
        };
        // An env file that is kept is published, whatever ignores it.
        let is_ignored = !is_env_file(&blob.path) && ignored.hides(&blob.path);
        let hides = is_hidden(&blob.path, options) || is_ignored;
        if !is_explicit && (is_foreign(&blob.path, &environments) || hides) {
            continue;
        }
        if is_manifest(&blob.path) {
            manifests.insert(shown.clone(), blob);
        }
        if wants(file_name(&blob.path)) {
            files.insert(shown, blob);
        }
    }
    read(&commit, &files, &manifests, options)
}

fn read(
    commit: &Commit,
    files: &BTreeMap<Str, &Blob>,
    manifests: &BTreeMap<Str, &Blob>,
    options: &Options,
) -> Result<Revision, GitError> {
    let mut problems = Vec::new();
    let mut problem = |path: &Str, message: String| {
        problems.push(Problem { kind: ProblemKind::Manifest, path: path.clone(), span: None, message });
    };
    let small: Vec<&Blob> = files.values().copied().filter(|blob| blob.bytes <= limit(options)).collect();
    let mut read = commit.read(&small)?.into_iter();
    let contents = files.values().map(|blob| match blob.bytes <= limit(options) {
        true => read.next().flatten().map_or(Contents::Missing, Contents::Bytes),
        false => Contents::TooLarge,
    });
    let contents = contents.collect();
    let mut texts = Vec::new();
    let known: Vec<(&Str, &&Blob)> =
        manifests.iter().filter(|(_, blob)| blob.bytes <= MAX_MANIFEST).collect();
    for (path, _) in manifests.iter().filter(|(_, blob)| blob.bytes > MAX_MANIFEST) {
        problem(path, format!("larger than {}: versions in it are unknown", size(MAX_MANIFEST)));
    }
    let asked: Vec<&Blob> = known.iter().map(|(_, blob)| **blob).collect();
    for ((path, _), bytes) in known.iter().zip(commit.read(&asked)?) {
        match bytes {
            Some(bytes) => texts.push(Manifest { path: (*path).clone(), text: decode(bytes).text }),
            None => problem(path, "not in this clone: versions in it are unknown".into()),
        }
    }
    let tracked = files.keys().filter(|path| is_env_file(path));
    Ok(Revision {
        id: commit.id.clone(),
        tracked: tracked.cloned().collect(),
        paths: files.keys().cloned().collect(),
        manifests: texts,
        problems,
        contents,
    })
}

impl Revision {
    /// What `walk::read` would have said of the file then.
    pub fn read(&self, index: usize, options: &Options) -> Read {
        let (Some(path), Some(contents)) = (self.paths.get(index), self.contents.get(index)) else {
            return Read::Skipped { reason: "unreadable".into(), problem: None };
        };
        let bytes = match contents {
            Contents::Bytes(bytes) => Some(bytes.clone()),
            Contents::TooLarge => None,
            Contents::Missing => {
                let message = "not in this clone: fetch it, or use a clone that is whole".into();
                let problem =
                    Problem { kind: ProblemKind::Unreadable, path: path.clone(), span: None, message };
                return Read::Skipped { reason: "unreadable".into(), problem: Some(problem) };
            }
        };
        understand(path, Ok(bytes), limit(options), options)
    }

    /// Forgets the files that are meant.
    pub fn leave_out(&mut self, meant: impl Fn(&str) -> bool) {
        let all = std::mem::take(&mut self.paths).into_iter().zip(std::mem::take(&mut self.contents));
        (self.paths, self.contents) = all.filter(|(path, _)| !meant(path)).unzip();
    }
}

fn is_env_file(path: &str) -> bool {
    is_env(file_name(path)) || path.ends_with(".env")
}

/// Spans are u32.
fn limit(options: &Options) -> u64 {
    options.max_bytes.min(u64::from(u32::MAX))
}

/// Folders that are environments of installed packages, with a `/` at the end.
fn environments(files: &[Blob]) -> Vec<&str> {
    files
        .iter()
        .filter_map(|blob| blob.path.strip_suffix("pyvenv.cfg"))
        .filter(|f| f.ends_with('/'))
        .collect()
}

fn is_foreign(path: &str, environments: &[&str]) -> bool {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').any(|part| FOREIGN.contains(&part)) || environments.iter().any(|e| path.starts_with(e))
}

/// As `walk` judges names.
fn is_hidden(path: &str, options: &Options) -> bool {
    let mut parts: Vec<&str> = path.split('/').collect();
    let name = parts.pop().unwrap_or_default();
    let in_pipeline = parts.iter().any(|part| PIPELINES.contains(part));
    let hides = |part: &str, wanted: bool| !options.hidden && part.starts_with('.') && !wanted;
    parts.iter().any(|part| hides(part, PIPELINES.contains(part)))
        || hides(name, in_pipeline || is_wanted_although_hidden(name))
}

/// The ignore files of a commit: they hide tracked files from a walk, too.
#[derive(Default)]
struct Ignored {
    /// By folder with a `/` at the end, the deepest first.
    files: Vec<(String, Gitignore)>,
}

impl Ignored {
    fn new(commit: &Commit) -> Result<Ignored, GitError> {
        // A later one is stronger, and `.ignore` is stronger than `.gitignore`.
        let mut blobs: Vec<&Blob> = Vec::new();
        for name in [".gitignore", ".ignore"] {
            blobs
                .extend(commit.files.iter().filter(|b| file_name(&b.path) == name && b.bytes < MAX_MANIFEST));
        }
        let mut builders: BTreeMap<String, GitignoreBuilder> = BTreeMap::new();
        for (blob, bytes) in blobs.iter().zip(commit.read(&blobs)?) {
            let folder = blob.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
            let builder = builders.entry(folder).or_insert_with(|| GitignoreBuilder::new(""));
            for line in decode(bytes.unwrap_or_default()).text.lines() {
                // A line that is no glob hides nothing, as in a walk.
                let _ = builder.add_line(None, line);
            }
        }
        let mut files: Vec<_> =
            builders.into_iter().filter_map(|(folder, b)| Some((folder, b.build().ok()?))).collect();
        files.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        Ok(Ignored { files })
    }

    fn hides(&self, path: &str) -> bool {
        self.files
            .iter()
            .filter_map(|(folder, globs)| Some((path.strip_prefix(folder.as_str())?, globs)))
            .map(|(path, globs)| globs.matched_path_or_any_parents(path, false))
            .find(|matched| !matched.is_none())
            .is_some_and(|matched| matched.is_ignore())
    }
}
