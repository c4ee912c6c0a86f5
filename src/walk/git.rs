//! What version control keeps: asked of git itself, which runs nothing of the repository for it,
//! fetches nothing, and leaves the work tree alone.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::source::Str;

/// Why a revision could not be read. What, where, why, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    #[error("git could not be started ({0})")]
    NoGit(io::Error),
    #[error("`{}` is in no git repository ({said})", .folder.display())]
    NoRepository { folder: PathBuf, said: String },
    #[error("`{revision}` is no revision of the repository `{}`", .top.display())]
    UnknownRevision { revision: String, top: PathBuf },
    #[error("git could not read `{revision}` of `{}` ({said})", .top.display())]
    Failed { revision: String, top: PathBuf, said: String },
}

impl GitError {
    pub fn help(&self) -> &'static str {
        match self {
            GitError::NoGit(_) => "install git, or put it on the search path",
            GitError::NoRepository { .. } => "name a folder inside of a git work tree",
            GitError::UnknownRevision { .. } => {
                "name a commit, branch or tag that `git log` knows; a shallow clone has to fetch it first \
                 (`git fetch origin main`, `fetch-depth: 0`)"
            }
            GitError::Failed { .. } => "`git fsck` says whether the repository is whole",
        }
    }
}

/// git, with everything switched off by which a repository could have programs run or servers asked.
fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .args(["--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"])
        .args(["-c", "protocol.allow=never"])
        .arg("-C")
        .arg(folder)
        // Set for hooks: they would name another repository than the folder's.
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null());
    command
}

/// The tracked files below a folder that may feed an environment, relative to it; none when the folder is
/// no part of a repository, or git is not there.
pub fn tracked_env_files(root: &Path) -> Option<BTreeSet<Str>> {
    if !root.ancestors().any(|folder| folder.join(".git").exists()) {
        return None;
    }
    let output = git(root)
        .args(["ls-files", "-z", "--", ":(glob)**/.env*", ":(glob)**/*.env"])
        .stderr(Stdio::null())
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    let names = output.stdout.split(|b| *b == 0).filter(|n| !n.is_empty());
    Some(names.map(|n| Str::new(String::from_utf8_lossy(n))).collect())
}

/// A commit and the regular files in it.
#[derive(Debug)]
pub struct Commit {
    /// The top of the work tree, links resolved.
    pub top: PathBuf,
    /// In full.
    pub id: String,
    pub files: Vec<Blob>,
    revision: String,
}

/// A file of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Relative to the top, with `/`.
    pub path: Str,
    pub id: String,
    pub bytes: u64,
}

/// Finds what `revision` names in the repository around `folder`.
pub fn commit(folder: &Path, revision: &str) -> Result<Commit, GitError> {
    let ask = |folder: &Path, arguments: &[&str]| {
        git(folder).args(arguments).stderr(Stdio::piped()).output().map_err(GitError::NoGit)
    };
    let found = ask(folder, &["rev-parse", "--show-toplevel"])?;
    let top = String::from_utf8_lossy(&found.stdout).trim_end_matches(['\n', '\r']).to_string();
    if !found.status.success() || top.is_empty() {
        return Err(GitError::NoRepository { folder: folder.to_path_buf(), said: said(&found.stderr) });
    }
    let top = PathBuf::from(&top).canonicalize().unwrap_or(PathBuf::from(top));
    let name = format!("{revision}^{{commit}}");
    let found = ask(&top, &["rev-parse", "--verify", "--quiet", "--end-of-options", &name])?;
    let id = String::from_utf8_lossy(&found.stdout).trim().to_string();
    if !found.status.success() || id.is_empty() {
        return Err(GitError::UnknownRevision { revision: revision.into(), top });
    }
    let listed = ask(&top, &["ls-tree", "-r", "-z", "-l", "--full-tree", &id])?;
    if !listed.status.success() {
        let said = said(&listed.stderr);
        return Err(GitError::Failed { revision: revision.into(), top, said });
    }
    let files = listed.stdout.split(|b| *b == 0).filter_map(blob).collect();
    Ok(Commit { top, id, files, revision: revision.into() })
}

/// The first line of what git says.
fn said(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    text.lines().next().unwrap_or("git says nothing").trim_start_matches("fatal: ").to_string()
}

/// `100644 blob <id> <bytes>\t<path>`; links and other repositories are left out.
fn blob(entry: &[u8]) -> Option<Blob> {
    let tab = entry.iter().position(|b| *b == b'\t')?;
    let head = std::str::from_utf8(&entry[..tab]).ok()?;
    let mut words = head.split_ascii_whitespace();
    let (mode, kind, id, bytes) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let path = Str::new(String::from_utf8_lossy(&entry[tab + 1..]));
    (kind == "blob" && mode.starts_with("100")).then_some(())?;
    Some(Blob { path, id: id.into(), bytes: bytes.parse().ok()? })
}

impl Commit {
    /// The contents of some of its files, in their order; none for what the repository does not hold.
    pub fn read(&self, files: &[&Blob]) -> Result<Vec<Option<Vec<u8>>>, GitError> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let failed = |reason: io::Error| GitError::Failed {
            revision: self.revision.clone(),
            top: self.top.clone(),
            said: reason.to_string(),
        };
        let mut child = git(&self.top)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(GitError::NoGit)?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let broken = || failed(io::ErrorKind::BrokenPipe.into());
        let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else { return Err(broken()) };
        let read = std::thread::scope(|scope| {
            // git answers while it is still asked: both pipes would fill up.
            let asking =
                scope.spawn(move || files.iter().try_for_each(|file| writeln!(stdin, "{}", file.id)));
            let mut answers = BufReader::new(stdout);
            let read: io::Result<Vec<_>> = files.iter().map(|_| answer(&mut answers)).collect();
            // Else who asks would wait for ever.
            drop(answers);
            let asked = asking.join().unwrap_or(Err(io::ErrorKind::Other.into()));
            read.and_then(|read| asked.map(|()| read))
        });
        let ended = child.wait().map_err(failed)?;
        match read {
            Ok(read) if ended.success() => Ok(read),
            Ok(_) => Err(broken()),
            Err(reason) => Err(failed(reason)),
        }
    }
}

/// `<id> blob <bytes>\n<contents>\n`, or `<id> missing\n`.
fn answer(from: &mut impl io::BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut head = String::new();
    from.read_line(&mut head)?;
    let mut words = head.split_ascii_whitespace().skip(1);
    let (kind, bytes) = (words.next(), words.next().and_then(|word| word.parse::<u64>().ok()));
    match (kind, bytes) {
        (Some("missing"), _) => Ok(None),
        (Some(_), Some(bytes)) => {
            let mut contents = Vec::new();
            from.by_ref().take(bytes).read_to_end(&mut contents)?;
            if contents.len() as u64 != bytes {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let line_end = usize::from(from.fill_buf()?.first() == Some(&b'\n'));
            from.consume(line_end);
            Ok(Some(contents))
        }
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "an answer that is not understood")),
    }
}
