//! Which relative paths a list of globs means. Knows no disk.

use std::path::{Component, Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Globs as a `.gitignore` has them: `vendor/`, `*.min.js`, `/build`, `docs/**/*.ts`, `!keep.ts`.
#[derive(Clone, Debug)]
pub struct Globs {
    set: Gitignore,
    /// From the folder that the globs are relative to, to the folder that asked paths are relative to.
    place: Place,
}

/// How two folders lie to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Same,
    /// Put this before a path.
    Below(PathBuf),
    /// Take this away from a path; paths without it are not meant.
    Above(PathBuf),
    Apart,
}

impl Default for Globs {
    fn default() -> Self {
        Self { set: Gitignore::empty(), place: Place::Same }
    }
}

impl Globs {
    /// The reason, when it is no glob.
    pub fn check(glob: &str) -> Result<(), String> {
        let mut builder = builder();
        builder.add_line(None, glob).map(|_| ()).map_err(|error| error.to_string())
    }

    /// `globs` are relative to `base`, the paths that `matches` is asked about to `root`; both absolute.
    pub fn new<S: AsRef<str>>(globs: &[S], base: &Path, root: &Path) -> Result<Self, String> {
        let mut builder = builder();
        for glob in globs {
            // Users write `./x` where git would see a folder called `.`.
            let glob = glob.as_ref();
            let glob = glob.strip_prefix("./").map_or_else(|| glob.to_string(), |rest| format!("/{rest}"));
            builder.add_line(None, &glob).map_err(|error| format!("`{glob}`: {error}"))?;
        }
        let set = builder.build().map_err(|error| error.to_string())?;
        Ok(Self { set, place: place(base, root) })
    }

    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// `path` is relative; a path below a folder that is meant is meant too.
    pub fn matches(&self, path: &str, is_folder: bool) -> bool {
        if self.is_empty() {
            return false;
        }
        let path = Path::new(path.strip_prefix("./").unwrap_or(path));
        // The matcher refuses paths that do not lie in its folder.
        if path.components().any(|part| !matches!(part, Component::Normal(_))) {
            return false;
        }
        let path = match &self.place {
            Place::Same => path.to_path_buf(),
            Place::Below(prefix) => prefix.join(path),
            Place::Above(prefix) => match path.strip_prefix(prefix) {
                Ok(rest) if rest.as_os_str().is_empty() => return false,
                Ok(rest) => rest.to_path_buf(),
                Err(_) => return false,
            },
            Place::Apart => return false,
        };
        self.set.matched_path_or_any_parents(&path, is_folder).is_ignore()
    }
}

/// git takes an unclosed `[` for itself; for a user it is a slip that would match nothing.
fn builder() -> GitignoreBuilder {
    let mut builder = GitignoreBuilder::new("");
    builder.allow_unclosed_class(false);
    builder
}

fn place(base: &Path, root: &Path) -> Place {
    if base == root {
        Place::Same
    } else if let Ok(prefix) = root.strip_prefix(base) {
        Place::Below(prefix.into())
    } else if let Ok(prefix) = base.strip_prefix(root) {
        Place::Above(prefix.into())
    } else {
        Place::Apart
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(list: &[&str], base: &str, root: &str) -> Globs {
        Globs::new(list, Path::new(base), Path::new(root)).unwrap_or_default()
    }

    #[test]
    fn globs_mean_what_gitignore_means() {
        let g = globs(&["vendor/", "*.min.js", "./build", "docs/**/*.ts", "!docs/keep.ts"], "/p", "/p");
        assert!(g.matches("a/vendor/x.ts", false));
        assert!(g.matches("a/vendor", true));
        assert!(!g.matches("vendor", false));
        assert!(g.matches("a/b.min.js", false));
        assert!(g.matches("build/x.ts", false));
        assert!(!g.matches("a/build/x.ts", false));
        assert!(g.matches("docs/a/b.ts", false));
        assert!(!g.matches("docs/keep.ts", false));
        assert!(!g.matches("../vendor/x", false));
        assert!(!g.matches("/vendor/x", false));
        assert!(!g.matches("", true));
    }

    #[test]
    fn globs_are_relative_to_their_own_folder() {
        let above = globs(&["api/tests/**"], "/p", "/p/api");
        assert!(above.matches("tests/x.ts", false));
        assert!(!above.matches("api/tests/x.ts", false));
        let below = globs(&["/tests/"], "/p/api", "/p");
        assert!(below.matches("api/tests/x.ts", false));
        assert!(!below.matches("tests/x.ts", false));
        assert!(!below.matches("api", true));
        assert!(!globs(&["**"], "/q", "/p").matches("x", false));
    }
}
