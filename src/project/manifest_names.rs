//! Which files say what a project is made of.

const MANIFESTS: &[&str] = &[
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "yarn.lock",
    "bun.lock",
    "jsconfig.json",
    "deno.json",
    "deno.jsonc",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "Pipfile",
    "Pipfile.lock",
    "poetry.lock",
    "uv.lock",
    "Cargo.toml",
    "Cargo.lock",
];

/// A file that says what a project is made of and depends on.
pub fn is_manifest(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let folder = parts.next().unwrap_or_default();
    let requirements =
        name.starts_with("requirements") || name.ends_with("requirements.txt") || folder == "requirements";
    MANIFESTS.contains(&name)
        || (name.starts_with("tsconfig") && name.ends_with(".json"))
        || (requirements && name.ends_with(".txt"))
}
