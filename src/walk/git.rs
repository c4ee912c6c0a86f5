//! What version control keeps: asked of git itself, which runs nothing of the repository for it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::source::Str;

/// The tracked files below a folder that may feed an environment, relative to it; none when the folder is
/// no part of a repository, or git is not there.
pub fn tracked_env_files(root: &Path) -> Option<BTreeSet<Str>> {
    if !root.ancestors().any(|folder| folder.join(".git").exists()) {
        return None;
    }
    let output = Command::new("git")
        // Settings of the repository could name programs to run.
        .args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"])
        .arg("-C")
        .arg(root)
        .args(["ls-files", "-z", "--", ":(glob)**/.env*", ":(glob)**/*.env"])
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    let names = output.stdout.split(|b| *b == 0).filter(|n| !n.is_empty());
    Some(names.map(|n| Str::new(String::from_utf8_lossy(n))).collect())
}
