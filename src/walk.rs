//! Finds and reads the files of a scan: the only room that sees the disk.
//! Knows names, sizes and encodings; knows nothing of what the text means.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder};

pub mod git;
pub mod revision;

use crate::finding::{Problem, ProblemKind};
use crate::project::{Manifest, is_manifest};
use crate::source::Str;

#[derive(Clone, Debug)]
pub struct Options {
    /// Also look into hidden files and folders.
    pub hidden: bool,
    /// Honour `.gitignore`, `.ignore` and git's own exclude files.
    pub ignore_files: bool,
    pub follow_links: bool,
    /// Larger files are left out.
    pub max_bytes: u64,
    /// A file over 50 KB with a longer line (in bytes) counts as minified.
    pub max_line: usize,
    /// Globs as in `.gitignore`, relative to the root, of what is left out.
    pub exclude: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            hidden: false,
            ignore_files: true,
            follow_links: false,
            max_bytes: 1 << 20,
            max_line: 20_000,
            exclude: Vec::new(),
        }
    }
}

/// Why a walk could not even begin: always something the caller gave.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    #[error("there is no file or folder `{}`: check the path that was given", .0.display())]
    Missing(PathBuf),
    #[error("`{}` was given but cannot be read ({reason}): check its permissions", .path.display())]
    Unreadable { path: PathBuf, reason: io::Error },
    #[error("the exclude pattern `{glob}` is not a valid glob ({reason})")]
    Exclude { glob: String, reason: ignore::Error },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Relative to the root, with `/` between the parts.
    pub path: Str,
    pub absolute: PathBuf,
    pub bytes: u64,
}

#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The folder that was given; for files or several paths the nearest folder around all of them.
    pub root: PathBuf,
    /// In the order of their paths.
    pub files: Vec<Entry>,
    /// In the order of their paths; those above the root begin with `../`.
    pub manifests: Vec<Manifest>,
    pub problems: Vec<Problem>,
    /// Left out, by reason in words.
    pub skipped: BTreeMap<String, usize>,
    /// The env files that version control keeps; none outside a repository.
    pub tracked: Option<BTreeSet<Str>>,
}

/// Folders that hold other people's or generated code even where nothing ignores them.
const FOREIGN: &[&str] =
    &[".git", "node_modules", ".venv", "venv", "__pycache__", "site-packages", ".next", ".nuxt"];

/// Lock files of large monorepos reach some ten megabytes.
const MAX_MANIFEST: u64 = 32 << 20;

/// Finds the files under `paths` whose name `wants` accepts, and the manifests around them.
pub fn walk(paths: &[PathBuf], options: &Options, wants: fn(&str) -> bool) -> Result<Tree, WalkError> {
    let here = [PathBuf::from(".")];
    let given = if paths.is_empty() { &here[..] } else { paths };
    let given = given.iter().map(|path| Given::new(path)).collect::<Result<Vec<_>, _>>()?;
    let root = common_folder(&given);
    let mut found = Found {
        exclude: exclude(&root, &options.exclude)?,
        root,
        files: BTreeMap::new(),
        manifests: BTreeMap::new(),
        problems: Vec::new(),
        skipped: BTreeMap::new(),
        tracked: None,
    };
    for one in &given {
        if one.is_folder {
            found.folder(&one.path, options, wants);
        } else {
            found.explicit(&one.path, wants);
        }
    }
    found.manifests_around(&given);
    found.tracked = git::tracked_env_files(&found.root);
    found.add_tracked(&given, wants);
    Ok(found.into_tree())
}

struct Given {
    path: PathBuf,
    is_folder: bool,
}

impl Given {
    fn new(path: &Path) -> Result<Self, WalkError> {
        let wrong = |reason: io::Error| match reason.kind() {
            io::ErrorKind::NotFound => WalkError::Missing(path.to_path_buf()),
            _ => WalkError::Unreadable { path: path.to_path_buf(), reason },
        };
        let is_folder = fs::metadata(path).map_err(wrong)?.is_dir();
        if is_folder {
            let path = fs::canonicalize(path).map_err(wrong)?;
            fs::read_dir(&path).map_err(wrong)?;
            return Ok(Self { path, is_folder });
        }
        // Only the folder is made canonical: a linked file keeps the name and place it was given by.
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = fs::canonicalize(folder).map_err(wrong)?;
        Ok(Self { path: folder.join(path.file_name().unwrap_or_default()), is_folder })
    }

    fn folder(&self) -> &Path {
        if self.is_folder { &self.path } else { self.path.parent().unwrap_or(&self.path) }
    }
}

fn common_folder(given: &[Given]) -> PathBuf {
    let mut folders = given.iter().map(Given::folder);
    let mut common = folders.next().map(Path::to_path_buf).unwrap_or_default();
    for folder in folders {
        while !folder.starts_with(&common) && common.pop() {}
    }
    common
}

fn exclude(root: &Path, globs: &[String]) -> Result<Override, WalkError> {
    let wrong = |glob: &String| {
        let glob = glob.clone();
        move |reason| WalkError::Exclude { glob, reason }
    };
    let mut builder = OverrideBuilder::new(root);
    for glob in globs {
        // In an override `!` means "leave out"; without it, "only these".
        builder.add(&format!("!{glob}")).map_err(wrong(glob))?;
    }
    builder.build().map_err(wrong(&globs.join(", ")))
}

struct Found {
    root: PathBuf,
    exclude: Override,
    files: BTreeMap<Str, Entry>,
    manifests: BTreeMap<Str, Manifest>,
    problems: Vec<Problem>,
    skipped: BTreeMap<String, usize>,
    tracked: Option<BTreeSet<Str>>,
}

impl Found {
    fn into_tree(mut self) -> Tree {
        self.problems.sort();
        self.problems.dedup();
        Tree {
            root: self.root,
            files: self.files.into_values().collect(),
            manifests: self.manifests.into_values().collect(),
            problems: self.problems,
            skipped: self.skipped,
            tracked: self.tracked,
        }
    }

    fn folder(&mut self, folder: &Path, options: &Options, wants: fn(&str) -> bool) {
        let hidden = options.hidden;
        let exclude = self.exclude.clone();
        let mut builder = WalkBuilder::new(folder);
        builder
            // Hidden names are judged by `enters`, because env files are hidden and wanted.
            .hidden(false)
            .parents(options.ignore_files)
            .ignore(options.ignore_files)
            .git_ignore(options.ignore_files)
            .git_global(options.ignore_files)
            .git_exclude(options.ignore_files)
            .require_git(false)
            .follow_links(options.follow_links)
            .filter_entry(move |entry| enters(entry, hidden, &exclude));
        for entry in builder.build() {
            match entry {
                Ok(entry) => self.entry(&entry, wants),
                Err(error) => self.unreadable(&error),
            }
        }
    }

    fn entry(&mut self, entry: &DirEntry, wants: fn(&str) -> bool) {
        let Some(kind) = entry.file_type() else { return };
        let absolute = entry.path();
        let path = relative(&self.root, absolute);
        if kind.is_symlink() {
            match fs::metadata(absolute) {
                Ok(_) => self.skip("symbolic link"),
                Err(error) => self.broken_link(path, &error),
            }
            return;
        }
        if !kind.is_file() {
            return;
        }
        let bytes = entry.metadata().map_or(0, |m| m.len());
        self.file(path, absolute, bytes, wants);
    }

    fn file(&mut self, path: Str, absolute: &Path, bytes: u64, wants: fn(&str) -> bool) {
        if is_manifest(&path) {
            self.manifest(path.clone(), absolute);
        }
        if wants(file_name(&path)) {
            self.files.insert(path.clone(), Entry { path, absolute: absolute.to_path_buf(), bytes });
        }
    }

    /// An env file that is kept by version control is published, whatever ignores it now.
    fn add_tracked(&mut self, given: &[Given], wants: fn(&str) -> bool) {
        for path in self.tracked.clone().unwrap_or_default() {
            let absolute = self.root.join(path.as_str());
            let foreign = path.split('/').any(|part| FOREIGN.contains(&part));
            let below = given.iter().any(|g| g.is_folder && absolute.starts_with(&g.path));
            let Ok(meta) = fs::symlink_metadata(&absolute) else { continue };
            if below && !foreign && meta.is_file() && !self.exclude.matched(&absolute, false).is_ignore() {
                self.file(path, &absolute, meta.len(), wants);
            }
        }
    }

    /// A file that was named on the command line: nothing hides it.
    fn explicit(&mut self, absolute: &Path, wants: fn(&str) -> bool) {
        let path = relative(&self.root, absolute);
        match fs::metadata(absolute) {
            Ok(meta) if meta.is_file() => {
                if !wants(file_name(&path)) {
                    self.skip("no known syntax");
                }
                self.file(path, absolute, meta.len(), wants);
            }
            Ok(_) => {
                self.skip("unreadable");
                self.problem(ProblemKind::Unreadable, path, "not a regular file: name a file or a folder");
            }
            Err(error) => self.broken_link(path, &error),
        }
    }

    fn broken_link(&mut self, path: Str, error: &io::Error) {
        self.skip("unreadable");
        let message = format!("the symbolic link leads nowhere ({error}): mend or remove it");
        self.problem(ProblemKind::Unreadable, path, message);
    }

    fn unreadable(&mut self, error: &ignore::Error) {
        self.skip("unreadable");
        let (path, message) = match where_and_why(error) {
            (path, Some(ancestor)) => {
                (path, format!("the symbolic link leads back to `{}`: remove the loop", ancestor.display()))
            }
            (path, None) => {
                let why = error.io_error().map_or_else(|| error.to_string(), io::Error::to_string);
                (path, format!("cannot be read ({why}): check its permissions"))
            }
        };
        let path = path.map(|p| relative(&self.root, p)).unwrap_or_default();
        self.problem(ProblemKind::Unreadable, path, message);
    }

    fn skip(&mut self, reason: &str) {
        *self.skipped.entry(reason.to_owned()).or_default() += 1;
    }

    fn problem(&mut self, kind: ProblemKind, path: Str, message: impl Into<String>) {
        self.problems.push(Problem { kind, path, span: None, message: message.into() });
    }

    /// Manifests beside explicit files and above the root, as far as the repository reaches:
    /// versions must be known when a single file or a sub-folder is scanned.
    fn manifests_around(&mut self, given: &[Given]) {
        let root = self.root.clone();
        for one in given.iter().filter(|g| !g.is_folder) {
            for folder in one.folder().ancestors().take_while(|f| f.starts_with(&root)) {
                self.manifests_in(folder);
            }
        }
        let only_folder = matches!(given, [one] if one.is_folder);
        if !only_folder {
            self.manifests_in(&root);
        }
        let top = root.ancestors().find(|f| f.join(".git").exists()).map(Path::to_path_buf);
        for folder in root.ancestors().skip(1) {
            match &top {
                Some(top) if !folder.starts_with(top) => break,
                // Outside a repository nothing says where the project ends: the nearest manifest does.
                None if only_folder || !self.manifests.is_empty() => break,
                _ => self.manifests_in(folder),
            }
        }
    }

    fn manifests_in(&mut self, folder: &Path) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            let absolute = entry.path();
            let path = relative(&self.root, &absolute);
            if is_manifest(&path) && absolute.is_file() {
                self.manifest(path, &absolute);
            }
        }
    }

    fn manifest(&mut self, path: Str, absolute: &Path) {
        if self.manifests.contains_key(&path) {
            return;
        }
        match bytes_of(absolute, MAX_MANIFEST) {
            Ok(Some(bytes)) => {
                let text = decode(bytes).text;
                self.manifests.insert(path.clone(), Manifest { path, text });
            }
            Ok(None) => {
                let message = format!("larger than {}: versions in it are unknown", size(MAX_MANIFEST));
                self.problem(ProblemKind::Manifest, path, message);
            }
            Err(error) => {
                let message = format!("cannot be read ({error}): versions in it are unknown");
                self.problem(ProblemKind::Manifest, path, message);
            }
        }
    }
}

fn enters(entry: &DirEntry, hidden: bool, exclude: &Override) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    let name = entry.file_name().to_string_lossy();
    let is_folder = entry.file_type().is_some_and(|t| t.is_dir());
    if is_folder && (FOREIGN.contains(&name.as_ref()) || entry.path().join("pyvenv.cfg").exists()) {
        return false;
    }
    let inside = || entry.path().ancestors().skip(1).filter_map(Path::file_name);
    let in_pipeline = || inside().any(|n| PIPELINES.contains(&n.to_string_lossy().as_ref()));
    let wanted = match is_folder {
        true => PIPELINES.contains(&name.as_ref()),
        false => is_wanted_although_hidden(&name) || in_pipeline(),
    };
    if !hidden && name.starts_with('.') && !wanted {
        return false;
    }
    !exclude.matched(entry.path(), is_folder).is_ignore()
}

/// The place an error speaks of, and for a loop the folder it leads back to.
fn where_and_why(error: &ignore::Error) -> (Option<&Path>, Option<&Path>) {
    match error {
        ignore::Error::WithPath { path, err } => match where_and_why(err) {
            (None, why) => (Some(path), why),
            inner => inner,
        },
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            where_and_why(err)
        }
        ignore::Error::Loop { ancestor, child } => (Some(child), Some(ancestor)),
        ignore::Error::Partial(all) => all.first().map_or((None, None), where_and_why),
        _ => (None, None),
    }
}

fn is_env(name: &str) -> bool {
    name == ".env" || name.starts_with(".env.") || name == ".envrc"
}

/// Hidden folders in which build pipelines stand.
const PIPELINES: &[&str] = &[".github", ".gitlab", ".circleci", ".buildkite", ".forgejo", ".gitea"];

/// Env files, and `.gitlab-ci.yml` and its like.
fn is_wanted_although_hidden(name: &str) -> bool {
    is_env(name) || [".gitlab-ci.yml", ".travis.yml", ".drone.yml"].contains(&name)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// With `/`, and `../` for what lies above the root.
fn relative(root: &Path, path: &Path) -> Str {
    let mut up = String::new();
    for base in root.ancestors() {
        if let Ok(rest) = path.strip_prefix(base) {
            let parts = rest.components().filter_map(|c| match c {
                Component::Normal(part) => Some(part.to_string_lossy()),
                _ => None,
            });
            return (up + &parts.collect::<Vec<_>>().join("/")).into();
        }
        up.push_str("../");
    }
    path.to_string_lossy().replace('\\', "/").into()
}

/// What came of reading one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    Text { text: String, problem: Option<Problem> },
    Skipped { reason: String, problem: Option<Problem> },
}

/// The decoded text of a file, without a byte order mark.
pub fn read(entry: &Entry, options: &Options) -> Read {
    // Spans are u32.
    let limit = options.max_bytes.min(u64::from(u32::MAX));
    understand(&entry.path, bytes_of(&entry.absolute, limit), limit, options)
}

/// The same of bytes that come from wherever; none when there are more than the limit.
fn understand(path: &Str, bytes: io::Result<Option<Vec<u8>>>, limit: u64, options: &Options) -> Read {
    let problem = |kind, message: String| Some(Problem { kind, path: path.clone(), span: None, message });
    let skip = |reason: String, problem| Read::Skipped { reason, problem };
    let bytes = match bytes {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            let reason = format!("larger than {}", size(limit));
            let message = format!("{reason}: not analysed; raise the limit with `--max-size`");
            return skip(reason, problem(ProblemKind::TooLarge, message));
        }
        Err(error) => {
            let message = format!("cannot be read ({error}): check that it exists and its permissions");
            return skip("unreadable".into(), problem(ProblemKind::Unreadable, message));
        }
    };
    let Decoded { text, replaced } = decode(bytes);
    if text.contains('\0') {
        let message = "holds NUL bytes: not text, or UTF-16 without a byte order mark; not analysed";
        return skip("not text".into(), problem(ProblemKind::NotText, message.into()));
    }
    if text.len() > 50_000 && text.split(['\n', '\r']).any(|line| line.len() > options.max_line) {
        let message = format!("minified (a line of more than {} bytes): not analysed", options.max_line);
        return skip("minified".into(), problem(ProblemKind::TooLarge, message));
    }
    let problem = replaced.then(|| {
        let message = "neither UTF-8 nor UTF-16: unknown characters were replaced; save it as UTF-8";
        problem(ProblemKind::Encoding, message.into())
    });
    Read::Text { text, problem: problem.flatten() }
}

/// A page or a configuration file: UTF-8 or UTF-16, whole.
pub fn read_text(path: &Path) -> io::Result<String> {
    let decoded = decode(fs::read(path)?);
    if decoded.replaced {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not valid UTF-8: save the file as UTF-8"));
    }
    Ok(decoded.text)
}

/// Readers see the old file or the new one, never a part.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link: what it leads to is replaced.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let name = path.file_name().unwrap_or(OsStr::new("out")).to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        if let Ok(old) = fs::metadata(path) {
            file.set_permissions(old.permissions())?;
        }
        fs::rename(&beside, path)
    });
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Like `write_atomic`, but for a file that must not be there yet.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// None when there are more than `limit`.
fn bytes_of(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let file = fs::File::open(path)?;
    if file.metadata()?.len() > limit {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    // The file may grow while it is read.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

struct Decoded {
    text: String,
    replaced: bool,
}

fn decode(bytes: Vec<u8>) -> Decoded {
    match bytes.as_slice() {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest.to_vec()),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: Vec<u8>) -> Decoded {
    match String::from_utf8(bytes) {
        Ok(text) => Decoded { text, replaced: false },
        Err(error) => {
            Decoded { text: String::from_utf8_lossy(error.as_bytes()).into_owned(), replaced: true }
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Decoded {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut replaced = !rest.is_empty();
    let text = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .map(|c| {
            c.unwrap_or_else(|_| {
                replaced = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    Decoded { text, replaced }
}

fn size(bytes: u64) -> String {
    match bytes {
        b if b >= 1 << 20 && b % (1 << 20) == 0 => format!("{} MB", b >> 20),
        b if b >= 1 << 10 && b % (1 << 10) == 0 => format!("{} KB", b >> 10),
        b => format!("{b} bytes"),
    }
}
