//! Walking and reading real folders: links, loops, encodings, ignored and hidden files.

use std::fs;
use std::path::{Path, PathBuf};

use authlint::finding::ProblemKind;
use authlint::walk::{Entry, Options, Read, Tree, WalkError, read, read_text, walk, write_atomic};

/// A folder of its own for each test, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &[u8])]) -> Self {
        let path = std::env::temp_dir().join(format!("authlint-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let folder = Self(fs::canonicalize(path).unwrap());
        for (file, bytes) in files {
            let file = folder.0.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        }
        folder
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    fn entry(&self, path: &str) -> Entry {
        Entry { path: path.into(), absolute: self.at(path), bytes: 0 }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn wants(name: &str) -> bool {
    authlint::lower::syntax_of(name).is_some()
}

fn tree(paths: &[&Path], options: &Options) -> Tree {
    walk(&paths.iter().map(|p| p.to_path_buf()).collect::<Vec<_>>(), options, wants).unwrap()
}

fn names(tree: &Tree) -> Vec<&str> {
    tree.files.iter().map(|f| f.path.as_str()).collect()
}

fn manifests(tree: &Tree) -> Vec<&str> {
    tree.manifests.iter().map(|m| m.path.as_str()).collect()
}

#[test]
fn sorted_without_foreign_hidden_and_ignored_files() {
    let f = Folder::new(
        "sorted",
        &[
            (".gitignore", b"gen/\n*.bak.ts\n"),
            ("b.ts", b""),
            ("a/z.py", b""),
            ("a/.env", b"A=1"),
            (".env.local", b""),
            (".hidden/x.ts", b""),
            (".secret.ts", b""),
            ("gen/x.ts", b""),
            ("x.bak.ts", b""),
            ("node_modules/p/package.json", b"{}"),
            ("node_modules/p/i.js", b""),
            ("myenv/pyvenv.cfg", b""),
            ("myenv/lib/x.py", b""),
            ("vendor/x.ts", b""),
            ("readme.txt", b""),
            ("package.json", b"{}"),
            ("a/requirements/prod.txt", b""),
            ("a/requirements-dev.txt", b""),
            ("tsconfig.app.json", b"{}"),
        ],
    );
    let exclude = vec!["vendor/".to_owned()];
    let t = tree(&[&f.0], &Options { exclude, ..Options::default() });
    assert_eq!(t.root, f.0);
    assert_eq!(names(&t), [".env.local", "a/.env", "a/z.py", "b.ts"]);
    let expected = ["a/requirements-dev.txt", "a/requirements/prod.txt", "package.json", "tsconfig.app.json"];
    assert_eq!(manifests(&t), expected);
    assert!(t.problems.is_empty());

    let all = Options { hidden: true, ignore_files: false, ..Options::default() };
    let t = tree(&[&f.0], &all);
    let expected = [
        ".env.local",
        ".hidden/x.ts",
        ".secret.ts",
        "a/.env",
        "a/z.py",
        "b.ts",
        "gen/x.ts",
        "vendor/x.ts",
        "x.bak.ts",
    ];
    assert_eq!(names(&t), expected);
}

#[test]
fn a_given_file_is_taken_and_its_manifests_are_found_above() {
    let f = Folder::new(
        "single",
        &[
            (".git/HEAD", b""),
            (".gitignore", b"api\n"),
            ("package-lock.json", b"{}"),
            ("api/package.json", b"{}"),
            ("api/src/.x.ts", b""),
            ("api/src/y.ts", b""),
            ("other/z.ts", b""),
        ],
    );
    let t = tree(&[&f.at("api/src/.x.ts")], &Options::default());
    assert_eq!(t.root, f.at("api/src"));
    assert_eq!(names(&t), [".x.ts"]);
    assert_eq!(manifests(&t), ["../../package-lock.json", "../package.json"]);

    let t = tree(&[&f.at("api/src/y.ts"), &f.at("other")], &Options::default());
    assert_eq!(t.root, f.0);
    assert_eq!(names(&t), ["api/src/y.ts", "other/z.ts"]);
    assert_eq!(manifests(&t), ["api/package.json", "package-lock.json"]);
}

#[test]
fn wrong_paths_and_patterns_are_the_callers_fault() {
    let f = Folder::new("wrong", &[("a.ts", b"")]);
    let missing = walk(&[f.at("nowhere")], &Options::default(), wants);
    assert!(matches!(missing, Err(WalkError::Missing(_))));
    let exclude = vec!["a[".to_owned()];
    let glob = walk(std::slice::from_ref(&f.0), &Options { exclude, ..Options::default() }, wants);
    assert!(matches!(glob, Err(WalkError::Exclude { .. })));
    assert!(glob.unwrap_err().to_string().contains("a["));
}

#[cfg(unix)]
#[test]
fn broken_links_and_loops_are_problems() {
    use std::os::unix::fs::symlink;
    let f = Folder::new("links", &[("real/a.ts", b"")]);
    symlink("nowhere.ts", f.at("broken.ts")).unwrap();
    symlink(&f.0, f.at("real/loop")).unwrap();
    symlink("self.ts", f.at("self.ts")).unwrap();
    symlink("real/a.ts", f.at("alias.ts")).unwrap();

    let t = tree(&[&f.0], &Options::default());
    assert_eq!(names(&t), ["real/a.ts"]);
    assert_eq!(t.skipped.get("symbolic link"), Some(&2));
    assert_eq!(t.skipped.get("unreadable"), Some(&2));
    let paths: Vec<_> = t.problems.iter().map(|p| p.path.as_str()).collect();
    assert_eq!(paths, ["broken.ts", "self.ts"]);

    let t = tree(&[&f.0], &Options { follow_links: true, ..Options::default() });
    assert_eq!(names(&t), ["alias.ts", "real/a.ts"]);
    let paths: Vec<_> = t.problems.iter().map(|p| p.path.as_str()).collect();
    assert_eq!(paths, ["broken.ts", "real/loop", "self.ts"]);

    let t = tree(&[&f.at("alias.ts")], &Options::default());
    assert_eq!(names(&t), ["alias.ts"]);
    assert!(matches!(walk(&[f.at("broken.ts")], &Options::default(), wants), Err(WalkError::Missing(_))));
}

#[cfg(unix)]
#[test]
fn unreadable_files_and_folders_are_problems() {
    use std::os::unix::fs::PermissionsExt;
    let f = Folder::new("locked", &[("a.ts", b"x"), ("dir/b.ts", b"x")]);
    fs::set_permissions(f.at("a.ts"), fs::Permissions::from_mode(0o0)).unwrap();
    fs::set_permissions(f.at("dir"), fs::Permissions::from_mode(0o0)).unwrap();
    let t = tree(&[&f.0], &Options::default());
    // The superuser may read everything: nothing to see then.
    if fs::read(f.at("a.ts")).is_err() {
        assert_eq!(names(&t), ["a.ts"]);
        assert_eq!(t.problems[0].path, "dir");
        assert!(matches!(read(&t.files[0], &Options::default()), Read::Skipped { problem: Some(_), .. }));
    }
    fs::set_permissions(f.at("dir"), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn texts_are_decoded() {
    let utf16: Vec<u8> = "\u{FEFF}é😀".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = "\u{FEFF}é😀".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let f = Folder::new(
        "texts",
        &[
            ("bom.ts", "\u{FEFF}é".as_bytes()),
            ("le.ts", &utf16),
            ("be.ts", &big),
            ("odd.ts", &[0xFF, 0xFE, 0x41, 0x00, 0x00]),
            ("latin.ts", b"a\xE9b"),
            ("binary.ts", b"a\0b"),
            ("empty.ts", b""),
        ],
    );
    let text = |name: &str| read(&f.entry(name), &Options::default());
    let clean = |text: &str| Read::Text { text: text.into(), problem: None };
    assert_eq!(text("bom.ts"), clean("é"));
    assert_eq!(text("le.ts"), clean("é😀"));
    assert_eq!(text("be.ts"), clean("é😀"));
    assert_eq!(text("empty.ts"), clean(""));
    for (name, expected) in [("odd.ts", "A"), ("latin.ts", "a\u{FFFD}b")] {
        let Read::Text { text, problem: Some(problem) } = text(name) else { panic!("{name}") };
        assert_eq!((text.as_str(), problem.kind), (expected, ProblemKind::Encoding));
    }
    let Read::Skipped { reason, problem: Some(problem) } = text("binary.ts") else { panic!() };
    assert_eq!((reason.as_str(), problem.kind), ("not text", ProblemKind::NotText));
    let Read::Skipped { reason, problem: Some(problem) } = text("gone.ts") else { panic!() };
    assert_eq!((reason.as_str(), problem.kind), ("unreadable", ProblemKind::Unreadable));
    assert_eq!(read_text(&f.at("bom.ts")).unwrap(), "é");
    assert!(read_text(&f.at("latin.ts")).is_err());
}

#[test]
fn large_and_minified_files_are_left_out() {
    let long = "x".repeat(60_000);
    let lines = "x\n".repeat(40_000);
    let f = Folder::new("large", &[("long.js", long.as_bytes()), ("lines.js", lines.as_bytes())]);
    let Read::Skipped { reason, .. } = read(&f.entry("long.js"), &Options::default()) else { panic!() };
    assert_eq!(reason, "minified");
    assert!(matches!(read(&f.entry("lines.js"), &Options::default()), Read::Text { problem: None, .. }));
    let small = Options { max_bytes: 1024, ..Options::default() };
    let Read::Skipped { reason, problem: Some(problem) } = read(&f.entry("lines.js"), &small) else {
        panic!()
    };
    assert_eq!((reason.as_str(), problem.kind), ("larger than 1 KB", ProblemKind::TooLarge));
    assert!(problem.message.contains("--max-size"));
}

#[test]
fn writing_replaces_the_whole_file() {
    let f = Folder::new("write", &[("a.json", b"old")]);
    write_atomic(&f.at("a.json"), b"new").unwrap();
    assert_eq!(fs::read(f.at("a.json")).unwrap(), b"new");
    assert!(write_atomic(&f.at("no/such/folder.json"), b"").is_err());
    assert_eq!(fs::read_dir(&f.0).unwrap().count(), 1);
}
