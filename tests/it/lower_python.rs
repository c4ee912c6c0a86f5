//! Lowering of Python and of env files, a topic a test.

use crate::support::facts_of;

#[track_caller]
fn has(out: &str, lines: &[&str]) {
    for line in lines {
        assert!(out.lines().any(|l| l == *line), "no line `{line}` in\n{out}");
    }
}

#[test]
fn imports_and_writes() {
    let out = facts_of(
        "a.py",
        "import a.b\nimport a.b as c\nfrom ..m import n as x\nfrom .j import *\np, q = 1, 2\nd.update(k=v)\ndel d['k']\n",
    );
    has(
        &out,
        &[
            "1: import a = module of a",
            "2: import c = module of a.b",
            "3: import x = n of ..m",
            "4: import  = all of .j",
        ],
    );
    has(&out, &["5: declare q = 2", "6: merge d = {k: v}", "7: remove d.k = ?"]);
}

#[test]
fn classes_and_settings() {
    let out = facts_of(
        "a.py",
        "class U(B):\n    n: str | None = None\n    def m(this, a):\n        return this.n\nSS = {'A': 1}\napp.config['KEY'] = 2\n",
    );
    has(
        &out,
        &[
            "1: type U(B) {n?: str = null}",
            "3: function#1 U.m(a)",
            "4: return self.n",
            "5: setting SS.A = 1",
            "6: setting KEY = 2",
        ],
    );
}

#[test]
fn an_error_loses_one_place_only() {
    let out = facts_of(
        "a.py",
        "y = foo(\ndef f(a):\n    return bar(a)\nclass K:\n    def bad(self:\n        return b(1)\n    def m(self): return 2\nz = 1\n",
    );
    has(&out, &["2: function#1 f(a)", "6: return b(1)", "7: return 2", "8: declare z = 1"]);
    assert_eq!(out.matches("trouble").count(), 1);
}

#[test]
fn empty_endings_and_letters() {
    assert_eq!(facts_of("a.py", ""), "");
    has(&facts_of("a.py", "def f():\r\n\tx = 'ü😀'\r\n"), &["2: declare x = \"ü😀\""]);
}

#[test]
fn deep_and_long_code() {
    let n = 10_000;
    let run = move || {
        facts_of("a.py", &format!("x = {}1{}\n", "(".repeat(n), ")".repeat(n)));
        facts_of("a.py", &format!("x = {}1{}\n", "[".repeat(n), "]".repeat(n)));
        facts_of("a.py", &format!("x = a{}\n", "+a".repeat(n)));
    };
    std::thread::Builder::new().stack_size(64 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn env_files() {
    let out = facts_of(".env", "export A=1\nB='$X #x'\nC=\"a ${A}\" # c\nD=\nbad\n");
    has(
        &out,
        &[
            "1: setting A = \"1\"",
            "2: setting B = \"$X #x\"",
            "3: setting C = join(\"a \" + A)",
            "4: setting D = \"\"",
        ],
    );
    assert_eq!(out.matches("trouble").count(), 1);
}

#[test]
fn regions_exits_and_comparisons() {
    let out = facts_of(
        "a.py",
        "if not (a or b) and c is None: raise X()\nassert a == 1, 'm'\nv = x if c else y\ntry: f()\nexcept (A, B): pass\nmatch q:\n    case 'a': g()\n    case _: h()\n",
    );
    has(
        &out,
        &[
            "1: region#1 branch [!a && !b && c]",
            "1: compare c Equal null",
            "1: throw X()",
            "2: region#2 branch [!a]",
        ],
    );
    has(
        &out,
        &[
            "2: throw",
            "3: declare v = either(x | y)",
            "5: region#6 catch [either(A | B)]",
            "7: compare q Equal \"a\"",
        ],
    );
}

#[test]
fn expressions() {
    let out = facts_of(
        "a.py",
        "a = f'x{y}z' 'w'\nb = 60 * 60\nc = {**o, 'k': 1, kk: 2}\nd = await g(1, k=2, **kw)\ne = p[0]['k'][-1]\nM = Annotated[U, Depends(f)]\n",
    );
    has(
        &out,
        &[
            "1: declare a = join(\"x\" + y + \"zw\")",
            "2: declare b = 3600",
            "3: declare c = {...o, k: 1, [kk]: 2}",
        ],
    );
    has(
        &out,
        &[
            "4: declare d = await g(1, k=2, **kw)",
            "5: declare e = p.0.k.[]",
            "6: declare M = Annotated(U, Depends(f))",
        ],
    );
}

#[test]
fn broken_snippets_keep_spans_on_letters() {
    use authlint::source::{FileId, Source};
    for text in [
        "\"",
        "é(",
        "def",
        "@",
        "class é(:\n  'ü",
        "x = f'{",
        "if x:\n\té = (\u{0}",
        "\\",
        "case",
        "lambda",
        "d[",
        "from . import",
        "x: 'é[ü'",
    ] {
        let facts = authlint::lower::lower(&Source::new(FileId(0), "a.py", text)).unwrap();
        for value in &facts.values {
            assert!(text.get(value.span.range()).is_some(), "{text:?}");
        }
        facts_of(".env", text);
    }
    // Every header is broken: reading them one by one must not take a second for each.
    facts_of("a.py", &"class A:\n  x = (\n".repeat(2_000));
}
