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
    let out = facts_of("a.py", "import a.b\nimport a.b as c\nfrom ..m import n as x\nfrom .j import *\np, q = 1, 2\nd.update(k=v)\ndel d['k']\n");
    has(&out, &["1: import a = module of a", "2: import c = module of a.b", "3: import x = n of ..m", "4: import  = all of .j"]);
    has(&out, &["5: declare q = 2", "6: merge d = {k: v}", "7: remove d.k = ?"]);
}

#[test]
fn classes_and_settings() {
    let out = facts_of("a.py", "class U(B):\n    n: str | None = None\n    def m(this, a):\n        return this.n\nSS = {'A': 1}\napp.config['KEY'] = 2\n");
    has(&out, &["1: type U(B) {n?: str = null}", "3: function#1 U.m(a)", "4: return self.n", "5: setting SS.A = 1", "6: setting KEY = 2"]);
}

#[test]
fn an_error_loses_one_place_only() {
    let out = facts_of("a.py", "y = foo(\ndef f(a):\n    return bar(a)\nclass K:\n    def bad(self:\n        return b(1)\n    def m(self): return 2\nz = 1\n");
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
    has(&out, &["1: setting A = \"1\"", "2: setting B = \"$X #x\"", "3: setting C = join(\"a \" + A)", "4: setting D = \"\""]);
    assert_eq!(out.matches("trouble").count(), 1);
}
