//! Imports to files, folders and packages; manifests and lock files to versions.

use authlint::facts::{FileFacts, FunctionId, Import, ImportName};
use authlint::finding::ProblemKind;
use authlint::link::{link, resolve, units};
use authlint::project::{Manifest, Module, Project};
use authlint::source::{Ecosystem, FileId, Span, Str};

const NPM: Ecosystem = Ecosystem::Npm;
const PYPI: Ecosystem = Ecosystem::PyPi;
const CRATES: Ecosystem = Ecosystem::Crates;

fn manifests(all: &[(&str, &str)]) -> Vec<Manifest> {
    all.iter().map(|(path, text)| Manifest { path: (*path).into(), text: (*text).into() }).collect()
}

/// A project in which the first file is lowered and imports each of `imports` (`module>name`).
fn project(paths: &[&str], imports: &[&str]) -> Project {
    let ecosystem = match paths[0].rsplit('.').next() {
        Some("py") => PYPI,
        Some("rs") => CRATES,
        _ => NPM,
    };
    let mut facts = FileFacts::new(FileId(0), ecosystem, 100);
    for text in imports {
        let (module, name) = match text.split_once('>') {
            Some((module, name)) => (module, ImportName::Named(name.into())),
            None => (*text, ImportName::Module),
        };
        let span = Span::new(FileId(0), 0, 1);
        facts.imports.push(Import {
            local: "_".into(),
            module: module.into(),
            name,
            function: FunctionId(0),
            span,
        });
    }
    let mut files: Vec<Option<FileFacts>> = paths.iter().map(|_| None).collect();
    files[0] = Some(facts);
    Project { paths: paths.iter().map(|p| Str::new(*p)).collect(), files, ..Project::default() }
}

fn say(project: &Project, module: Option<&Module>) -> String {
    match module {
        Some(Module::File(id)) => project.paths[id.0 as usize].to_string(),
        Some(Module::Folder(path)) => format!("{path}/"),
        Some(Module::Package(name)) => format!("package {name}"),
        None => "unknown".into(),
    }
}

/// Links, and holds each import of the first file against what it should mean.
fn means(paths: &[&str], files: &[(&str, &str)], expected: &[(&str, &str)]) -> Project {
    let mut p = project(paths, &expected.iter().map(|(import, _)| *import).collect::<Vec<_>>());
    let linked = link(&mut p, &manifests(files));
    assert_eq!(linked.problems, []);
    for (import, target) in expected {
        let (module, name) = import.split_once('>').unwrap_or((import, ""));
        let mut found = p.module(FileId(0), module);
        if !name.is_empty() {
            found = found.and_then(|m| p.child(m, name));
        }
        assert_eq!(say(&p, found), *target, "{import}");
    }
    p
}

#[test]
fn npm_relative_files() {
    let paths = [
        "src/a.ts",
        "src/b.ts",
        "src/c.tsx",
        "src/d/index.mjs",
        "src/e.vue",
        "src/f.js",
        "src/g.service.ts",
        "index.ts",
    ];
    let expected = [
        ("./b", "src/b.ts"),
        ("./b.js", "src/b.ts"),
        ("./c.jsx", "src/c.tsx"),
        ("./d", "src/d/index.mjs"),
        ("./e.vue?raw", "src/e.vue"),
        ("./f", "src/f.js"),
        ("./g.service", "src/g.service.ts"),
        ("..", "index.ts"),
        ("./none", "unknown"),
        ("../../../../x", "unknown"),
        ("hono/jwt", "package hono/jwt"),
        ("node:crypto", "package crypto"),
        ("npm:jose@5.1", "package jose"),
        ("jsr:@a/b@1/c", "package @a/b/c"),
        ("https://esm.sh/v135/jose@5", "package jose"),
        ("https://deno.land/x/jose@v4/index.ts", "package jose"),
        ("https://deno.land/x/djwt", "package djwt"),
        ("https://example.org/x.ts", "package https://example.org/x.ts"),
        ("@é/ü", "package @é/ü"),
    ];
    means(&paths, &[], &expected);
}

#[test]
fn npm_aliases_workspaces_and_subpaths() {
    let paths = [
        "apps/web/src/main.ts",
        "apps/web/src/lib/x.ts",
        "apps/web/src/conf.ts",
        "apps/web/src/util/t.ts",
        "packages/auth/src/index.ts",
        "packages/auth/src/jwt.ts",
        "packages/db/lib/index.ts",
    ];
    let files = [
        (
            "tsconfig.base.json",
            r#"{"compilerOptions":{"paths":{"@repo/auth-src":["packages/auth/src/index.ts"]}}}"#,
        ),
        (
            "apps/web/tsconfig.json",
            r#"{ // own
            "extends": "../../tsconfig.base.json", "references": [{"path": "./tsconfig.app.json"}], }"#,
        ),
        (
            "apps/web/tsconfig.app.json",
            r#"{"compilerOptions":{"baseUrl":"./src","paths":{"~util/*":["util/*"]}}}"#,
        ),
        (
            "apps/web/package.json",
            r##"{"name":"web","imports":{"#conf":"./src/conf.js","#ext":"jose","#u/*":{"default":"./src/util/*.ts"}}}"##,
        ),
        (
            "packages/auth/package.json",
            r#"{"name":"@repo/auth","exports":{".":{"types":"./dist/index.d.ts","import":"./dist/index.js"},"./*":"./dist/*.js"}}"#,
        ),
        ("packages/db/package.json", r#"{"name":"@repo/db","main":"dist/main.js"}"#),
    ];
    let expected = [
        ("@repo/auth-src", "packages/auth/src/index.ts"),
        ("~util/t", "apps/web/src/util/t.ts"),
        ("conf", "apps/web/src/conf.ts"),
        ("#conf", "apps/web/src/conf.ts"),
        ("#ext", "package jose"),
        ("#u/t", "apps/web/src/util/t.ts"),
        ("@repo/auth", "packages/auth/src/index.ts"),
        ("@repo/auth/jwt", "packages/auth/src/jwt.ts"),
        ("@repo/db", "packages/db/lib/index.ts"),
        ("@/conf", "apps/web/src/conf.ts"),
        ("$lib/x", "apps/web/src/lib/x.ts"),
        ("@repo/other", "package @repo/other"),
    ];
    means(&paths, &files, &expected);
}

#[test]
fn configurations_may_extend_in_circles() {
    let files = [
        ("tsconfig.json", r#"{"extends":"./tsconfig.b.json","references":[{"path":"./tsconfig.json"}]}"#),
        ("tsconfig.b.json", r#"{"extends":["./tsconfig.json"]}"#),
        ("deno.json", r#"{"imports":{"jose":"npm:jose@^5","own/":"./src/"}}"#),
    ];
    let p = means(&["a.ts", "src/b.ts"], &files, &[("jose", "package jose"), ("own/b.ts", "src/b.ts")]);
    assert_eq!(p.package(FileId(0), NPM, "jose").unwrap().version, "^5");
}

#[test]
fn python_modules() {
    let paths = [
        "svc/app/api/users.py",
        "svc/app/__init__.py",
        "svc/app/api/__init__.py",
        "svc/app/api/jwt.py",
        "svc/app/core/auth.py",
        "svc/src/lib/__init__.py",
        "shared/names.py",
    ];
    let expected = [
        (".", "svc/app/api/__init__.py"),
        (".jwt", "svc/app/api/jwt.py"),
        (".>jwt", "svc/app/api/jwt.py"),
        ("..core.auth", "svc/app/core/auth.py"),
        ("app.core", "svc/app/core/"),
        ("app.core>auth", "svc/app/core/auth.py"),
        ("app>core", "svc/app/core/"),
        ("lib", "svc/src/lib/__init__.py"),
        ("shared.names", "shared/names.py"),
        ("jwt", "package jwt"),
        ("jose.jwt", "package jose.jwt"),
        ("..none", "unknown"),
        ("........far", "unknown"),
    ];
    means(&paths, &[("svc/pyproject.toml", "")], &expected);
}

#[test]
fn a_python_file_does_not_hide_the_package_it_is_named_after() {
    let files = [("requirements.txt", "redis==5.0.1\n")];
    means(
        &["core/jwt.py", "core/redis.py", "core/db.py"],
        &files,
        &[("jwt", "package jwt"), ("redis", "package redis"), ("db", "core/db.py")],
    );
}

#[test]
fn rust_modules() {
    let paths = [
        "api/src/routes/users.rs",
        "api/src/lib.rs",
        "api/src/main.rs",
        "api/src/auth.rs",
        "api/src/auth/jwt.rs",
        "api/src/routes/mod.rs",
        "my-core/src/lib.rs",
        "my-core/src/keys.rs",
    ];
    let files = [
        ("api/Cargo.toml", "[package]\nname = 'api'\n"),
        ("my-core/Cargo.toml", "[package]\nname = 'my-core'\n"),
    ];
    let p = means(
        &paths,
        &files,
        &[
            ("crate::auth::jwt", "api/src/auth/jwt.rs"),
            ("crate::auth>jwt", "api/src/auth/jwt.rs"),
            ("crate>auth", "api/src/auth.rs"),
            ("super", "api/src/routes/mod.rs"),
            ("super::super::auth", "api/src/auth.rs"),
            ("self", "api/src/routes/users.rs"),
            ("my_core::keys", "my-core/src/keys.rs"),
            ("jsonwebtoken::errors", "package jsonwebtoken.errors"),
            ("std::sync", "package std.sync"),
            ("crate::auth::Claims", "unknown"),
            ("crate::auth", "api/src/auth.rs"),
            ("Role", "unknown"),
        ],
    );
    assert_eq!(say(&p, p.module(FileId(0), "crate")), "api/src/lib.rs");
}

#[test]
fn renamed_crates_are_followed() {
    let mut p = project(&["src/main.rs"], &["jsonwebtoken", "jwt::errors", "time>time", "time::ext"]);
    let imports = &mut p.files[0].as_mut().unwrap().imports;
    imports[0].local = "jwt".into();
    imports[2].local = "time".into();
    link(&mut p, &[]);
    assert_eq!(say(&p, p.module(FileId(0), "jwt::errors")), "package jsonwebtoken.errors");
    assert_eq!(say(&p, p.module(FileId(0), "time::ext")), "package time.ext");
}

#[test]
fn wanted_files_are_those_that_are_imported_and_not_lowered() {
    let paths = ["a.py", "pkg/__init__.py", "pkg/sub.py", "pkg/other.py"];
    let mut p = project(&paths, &["pkg>sub"]);
    let linked = link(&mut p, &[]);
    assert_eq!(linked.wanted, [FileId(1), FileId(2)]);
    for id in [1, 2] {
        p.files[id] = Some(FileFacts::new(FileId(id as u32), PYPI, 0));
    }
    let wanted = resolve(&mut p, &linked.resolution, &|_| true);
    assert!(wanted.iter().all(|file| p.facts(*file).is_some()), "{wanted:?}");
}

/// `folder ecosystem name version` with `!` for locked, as the project answers for a file.
fn version(files: &[(&str, &str)], file: &str, ecosystem: Ecosystem, name: &str) -> String {
    let (units, problems) = units(&manifests(files));
    assert_eq!(problems, []);
    let p = Project { paths: vec![file.into()], files: vec![None], units, ..Project::default() };
    let found = p.package(FileId(0), ecosystem, name);
    found.map_or("none".into(), |p| format!("{}{}", p.version, if p.locked { "!" } else { "" }))
}

#[test]
fn npm_versions() {
    let own = (
        "a/package.json",
        r#"{"name":"a","dependencies":{"jose":"^4.1.0","x":"workspace:*"},"devDependencies":{"y":"npm:real@2"}}"#,
    );
    let v = |lock: (&str, &str)| version(&[own, lock], "a/b.ts", NPM, "jose");
    assert_eq!(version(&[own], "a/b.ts", NPM, "jose"), "^4.1.0");
    assert_eq!(version(&[own], "a/b.ts", NPM, "x"), "none");
    assert_eq!(version(&[own], "a/b.ts", NPM, "real"), "2");
    assert_eq!(version(&[own], "other/b.ts", NPM, "jose"), "none");
    let three = r#"{"packages":{"":{},"node_modules/jose":{"version":"5.0.0"},"a/node_modules/jose":{"version":"4.9.0"},"node_modules/q/node_modules/jose":{"version":"1.0.0"}}}"#;
    assert_eq!(v(("package-lock.json", three)), "4.9.0!");
    assert_eq!(v(("package-lock.json", r#"{"dependencies":{"jose":{"version":"4.8.0"}}}"#)), "4.8.0!");
    let pnpm = "lockfileVersion: '9.0'\nimporters:\n  .: {}\n  a:\n    dependencies:\n      'jose':\n        specifier: ^4\n        version: 4.7.0(x@1)\npackages:\n  jose@1.0.0: {}\n";
    assert_eq!(v(("pnpm-lock.yaml", pnpm)), "4.7.0!");
    let yarn1 = "# yarn lockfile v1\n\njose@^3:\n  version \"3.0.0\"\n\n\"jose@^4.0.0\", jose@^4.1.0:\n  version \"4.6.0\"\n";
    assert_eq!(v(("yarn.lock", yarn1)), "4.6.0!");
    let berry = "__metadata:\n  version: 8\n\n\"jose@npm:^3, jose@npm:^4.1.0\":\n  version: 4.5.0\n  resolution: \"jose@npm:4.5.0\"\n";
    assert_eq!(v(("yarn.lock", berry)), "4.5.0!");
    let bun = r#"{"workspaces":{"":{"name":"r"},"a":{"name":"a"}},"packages":{"jose":["jose@5.0.0"],"a/jose":["jose@4.4.0",""],},}"#;
    assert_eq!(v(("bun.lock", bun)), "4.4.0!");
    let catalog = [
        ("package.json", r#"{"dependencies":{"jose":"catalog:"}}"#),
        ("pnpm-workspace.yaml", "packages:\n  - a\ncatalog:\n  jose: ^5.1 # x\n"),
    ];
    assert_eq!(version(&catalog, "x.ts", NPM, "jose"), "^5.1");
    let above = [("../package.json", r#"{"dependencies":{"jose":"^1"}}"#)];
    assert_eq!(version(&above, "x.ts", NPM, "jose"), "^1");
}

#[test]
fn python_versions() {
    let v = |path: &str, text: &str| version(&[(path, text)], "a/b.py", PYPI, "pyjwt");
    assert_eq!(
        v("a/pyproject.toml", "[project]\ndependencies = ['PyJWT[crypto]>=2,<3 ; python_version>\"3\"']"),
        ">=2,<3"
    );
    assert_eq!(
        v("pyproject.toml", "[dependency-groups]\ndev = ['pyjwt~=2.1', {include-group='x'}]"),
        "~=2.1"
    );
    assert_eq!(
        v(
            "pyproject.toml",
            "[tool.poetry.group.dev.dependencies]\nPyJWT = {version='^2.4', extras=['crypto']}"
        ),
        "^2.4"
    );
    assert_eq!(
        v("a/requirements/prod.txt", "-r base.txt\nPyJWT == 2.8.0 \\\n  --hash=sha256:abc\n"),
        "2.8.0!"
    );
    assert_eq!(v("requirements.txt", "pyjwt # any\n"), "");
    assert_eq!(v("setup.cfg", "[options]\ninstall_requires =\n    x\n    PyJWT>=1.7\n"), ">=1.7");
    assert_eq!(v("setup.py", "setup(install_requires=['x', \"PyJWT[crypto]>=1.6\"])"), ">=1.6");
    assert_eq!(v("Pipfile", "[packages]\npyjwt = '*'"), "*");
    assert_eq!(v("Pipfile.lock", r#"{"default":{"pyjwt":{"version":"==2.3.0"}}}"#), "2.3.0!");
    assert_eq!(v("poetry.lock", "[[package]]\nname = 'PyJWT'\nversion = '2.9.0'"), "2.9.0!");
    assert_eq!(v("uv.lock", "[[package]]\nname='pyjwt'\nversion='2.7.0'\nsource={registry='x'}"), "2.7.0!");
    let name =
        version(&[("requirements.txt", "Flask_JWT.Extended==4.0\n")], "x.py", PYPI, "flask-jwt-extended");
    assert_eq!(name, "4.0!");
}

#[test]
fn crate_versions() {
    let files = [
        ("Cargo.toml", "[workspace.dependencies]\njsonwebtoken = '9.1'"),
        (
            "api/Cargo.toml",
            "[package]\nname='api'\n[dependencies]\njsonwebtoken = {workspace=true}\nold = {package='real', version='0.3'}\n[target.'cfg(unix)'.dependencies]\nu='1'",
        ),
        (
            "Cargo.lock",
            "[[package]]\nname='jsonwebtoken'\nversion='8.3.0'\nsource='r'\n[[package]]\nname='jsonwebtoken'\nversion='9.3.1'\nsource='r'\n[[package]]\nname='jsonwebtoken'\nversion='10.0.0'\nsource='r'",
        ),
    ];
    let v = |name: &str| version(&files, "api/src/main.rs", CRATES, name);
    assert_eq!(v("jsonwebtoken"), "9.3.1!");
    assert_eq!(v("real"), "0.3");
    assert_eq!(v("u"), "1");
    assert_eq!(version(&files[..2], "api/src/main.rs", CRATES, "jsonwebtoken"), "9.1");
}

#[test]
fn manifests_that_do_not_parse_are_problems() {
    let deep = "[".repeat(100_000);
    let bad = [
        ("package.json", "{<<<<<<< HEAD"),
        ("x/package-lock.json", "[1"),
        ("Cargo.toml", "[package\n"),
        ("tsconfig.json", deep.as_str()),
        ("pnpm-lock.yaml", "é: ü\n'\n\"a\n"),
        ("yarn.lock", "@\né@:\n"),
        ("y/pyproject.toml", &deep),
        ("y/requirements.txt", "=====\né\n[x]\n"),
        ("z/package.json", "[]"),
        ("z/bun.lock", r#"{"packages":{"é":["é"],"@":["@"]}}"#),
        ("ok/package.json", r#"{"dependencies":{"jose":"1"}}"#),
    ];
    let (units, problems) = units(&manifests(&bad));
    assert!(problems.iter().all(|p| p.kind == ProblemKind::Manifest));
    let paths: Vec<_> = problems.iter().map(|p| p.path.as_str()).collect();
    let expected = [
        "Cargo.toml",
        "package.json",
        "pnpm-lock.yaml",
        "tsconfig.json",
        "x/package-lock.json",
        "y/pyproject.toml",
        "yarn.lock",
    ];
    assert_eq!(paths, expected);
    assert_eq!(units[0].packages.len() + units[1].packages.len() + units[2].packages.len(), 1);
}
