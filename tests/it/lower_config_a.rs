//! Reading of YAML, JSON, TOML, INI and properties files into trees of values.

use std::time::{Duration, Instant};

use authlint::facts::{FileFacts, Key, Value, ValueId, show};
use authlint::lower::lower;
use authlint::source::{FileId, Source};
use proptest::prelude::*;

struct Read {
    source: Source,
    facts: FileFacts,
}

fn read(path: &str, text: &str) -> Read {
    let source = Source::new(FileId(0), path, text);
    let facts = lower(&source).expect("a known syntax");
    Read { source, facts }
}

impl Read {
    /// One line a document.
    fn shown(&self) -> String {
        let lines: Vec<_> = self.facts.documents.iter().map(|d| show::value(&self.facts, *d, 300)).collect();
        lines.join("\n")
    }

    fn troubles(&self) -> Vec<(&str, &str)> {
        self.facts.troubles.iter().map(|t| (self.source.slice(t.span), t.message.as_str())).collect()
    }

    fn notes(&self) -> Vec<&str> {
        self.facts.notes.iter().map(|n| n.text.as_str()).collect()
    }

    /// The value below a path of the first document; the last entry of a name counts.
    fn at(&self, path: &str) -> ValueId {
        path.split('/').fold(self.facts.documents[0], |id, step| match self.facts.value(id) {
            Value::List(items) => items[step.parse::<usize>().unwrap()],
            Value::Record(_) => self.entry(id, step).0,
            other => panic!("no `{step}` in {other:?}"),
        })
    }

    fn entry(&self, id: ValueId, key: &str) -> (ValueId, &str) {
        let Value::Record(record) = self.facts.value(id) else { panic!("no record") };
        let found = record.entries.iter().rev().find(|e| e.key == Key::Text(key.into()));
        let entry = found.unwrap_or_else(|| panic!("no `{key}` in {}", self.shown()));
        (entry.value, self.source.slice(entry.span))
    }

    /// The source text of a value.
    fn text(&self, path: &str) -> &str {
        self.source.slice(self.facts.values[self.at(path).0 as usize].span)
    }

    /// The source text of a key with its value.
    fn pair(&self, path: &str) -> &str {
        let (parent, key) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = if parent.is_empty() { self.facts.documents[0] } else { self.at(parent) };
        self.entry(parent, key).1
    }
}

#[track_caller]
fn is(path: &str, text: &str, shown: &str) {
    let read = read(path, text);
    assert_eq!(read.shown(), shown, "{text}");
    assert_eq!(read.troubles(), [], "{text}");
    check_spans(&read);
}

/// Every span lies inside the file and on the borders of characters.
#[track_caller]
fn check_spans(read: &Read) {
    let values = read.facts.values.iter().map(|v| v.span);
    let entries = read.facts.values.iter().flat_map(|v| match &v.value {
        Value::Record(r) => r.entries.iter().map(|e| e.span).collect(),
        _ => Vec::new(),
    });
    let rest = read.facts.troubles.iter().map(|t| t.span).chain(read.facts.notes.iter().map(|n| n.span));
    for span in values.chain(entries).chain(rest) {
        assert!(read.source.text.get(span.range()).is_some(), "{span:?} in {:?}", read.source.text);
    }
}

#[test]
fn yaml_shapes() {
    is("a.yaml", "a: 1\nb:\n  - x\n  - c: true\n    d: null\n", "{a: 1, b: [\"x\", {c: true, d: null}]}");
    is("a.yaml", "--- {a: [1, 'x', \"y\"]}\n---\n- ~\n...\n", "{a: [1, \"x\", \"y\"]}\n[null]");
    is("a.yml", "a: 'true'\nb: yes\nc: off\nd: \"1\"\n", "{a: \"true\", b: \"yes\", c: \"off\", d: \"1\"}");
    is(
        "a.yml",
        "a: 0x1f\nb: 0644\nc: -1.5e3\nd: 1.2.3\ne:\n",
        "{a: 31, b: 420, c: -1500, d: \"1.2.3\", e: null}",
    );
    is(
        "a.yml",
        "a: 12345678901234567890\nb: 007abc\nc: 08\n",
        "{a: \"12345678901234567890\", b: \"007abc\", c: \"08\"}",
    );
    is(
        "a.yml",
        "a: |\n  one\n  two\nb: >-\n  x\n  y\nc: |+\n\n  z\n\n",
        "{a: \"one\\ntwo\\n\", b: \"x y\", c: \"\\nz\\n\\n\"}",
    );
    is("a.yml", "1: a\ntrue: b\non: c\n", "{1: \"a\", true: \"b\", on: \"c\"}");
    is("a.yml", "? [a]\n: b\n", "{[[\"a\"]]: \"b\"}");
    is("a.yml", "%YAML 1.2\n---\na: 1\n", "{a: 1}");
    is("a.yml", "\u{feff}a: é\nb: \"😀\"\n", "{a: \"é\", b: \"😀\"}");
    is("a.yml", "", "");
    is("a.yml", "# nothing\n", "");
    is("a.yml", "a: 1\n...\n%TAG !e! tag:e.com:\n---\nb: !e!x 2\n", "{a: 1}\n{b: ?}");
    is("a.yml", "- a: [\n    'é' # c\n  ]\n  b: 1\n", "[{a: [\"é\"], b: 1}]");
    is("a.yml", "a:\n  b: [\n    [1],\n  ]\n  c: {\n    d: 2\n  }\n", "{a: {b: [[1]], c: {d: 2}}}");
    is("a.yml", "a: 1\r\nb: 2\r\n---\r\nc: 3\r\n", "{a: 1, b: 2}\n{c: 3}");
}

#[test]
fn yaml_anchors_and_tags() {
    is("a.yml", "a: &x v\nb: *x\nc: &y {d: 1}\ne: *y\n", "{a: \"v\", b: \"v\", c: {d: 1}, e: {d: 1}}");
    is("a.yml", "a: &x {b: 1, c: 2}\nd:\n  c: 3\n  <<: *x\n", "{a: {b: 1, c: 2}, d: {b: 1, c: 3}}");
    is(
        "a.yml",
        "- &x {a: 1}\n- &y {a: 2, b: 3}\n- <<: [*x, *y]\n  c: 4\n",
        "[{a: 1}, {a: 2, b: 3}, {a: 1, b: 3, c: 4}]",
    );
    is("a.yml", "'<<': 1\n&k a: *k\n", "{<<: 1, a: \"a\"}");
    is("a.yml", "a: !Ref b\nc: !Sub\n  - x\nd: !vault |\n  12\ne: !secret s\n", "{a: ?, c: ?, d: ?, e: ?}");
    is(
        "a.yml",
        "a: !!str 1\nb: !!int '2'\nc: ! 3\nd: !!set {e: }\n",
        "{a: \"1\", b: 2, c: \"3\", d: {e: null}}",
    );
    is("a.yml", "a: !!python/object:x.Y {b: 1}\n", "{a: ?}");
    let tagged = read("a.yml", "a: !Sub\n  - deep\n");
    assert!(tagged.facts.values.iter().any(|v| v.value == Value::Text("deep".into())));
}

#[test]
fn yaml_spans() {
    let text = "é: 'ü'\nkey: &a \"x\"\nmap:\n  one: 1 # c\n  two:\n  - p q\n  - {r: [s]}\ntext: |  # c\n  line\n  more\n\nlast: *a\ntag: !Ref z\nnest:\n  - - 1\n    - 2\nflow: &f [a]\ndeep: &g\n- -1\n- 2\n";
    let r = read("a.yaml", text);
    check_spans(&r);
    for (path, value) in [
        ("é", "'ü'"),
        ("key", "\"x\""),
        ("map", "one: 1 # c\n  two:\n  - p q\n  - {r: [s]}"),
        ("map/two", "- p q\n  - {r: [s]}"),
        ("map/two/1", "{r: [s]}"),
        ("map/two/1/r", "[s]"),
        ("text", "|  # c\n  line\n  more"),
        ("last", "\"x\""),
        ("tag", "!Ref z"),
        ("nest", "- - 1\n    - 2"),
        ("nest/0", "- 1\n    - 2"),
        ("flow", "[a]"),
        ("deep", "- -1\n- 2"),
    ] {
        assert_eq!(r.text(path), value);
    }
    assert_eq!(r.pair("key"), "key: &a \"x\"");
    assert_eq!(r.pair("map/one"), "one: 1");
    assert_eq!(r.pair("text"), "text: |  # c\n  line\n  more");
    assert_eq!(r.pair("last"), "last: *a");
}

#[test]
fn placeholders() {
    for (text, shown) in [
        ("${NAME}", "NAME"),
        ("${NAME:-some}", "either(NAME | \"some\")"),
        ("${NAME-some}", "either(NAME | \"some\")"),
        ("${NAME:}", "either(NAME | \"\")"),
        ("${NAME:some:x}", "either(NAME | \"some:x\")"),
        ("${NAME:?must be set}", "NAME"),
        ("${db.user-name:root}", "either(db.user-name | \"root\")"),
        ("${A:-${B:-c}}", "either(A | either(B | \"c\"))"),
        ("${env:TOKEN}", "TOKEN"),
        ("${self:custom.stage}", "?"),
        ("${NAME:+other}", "?"),
        ("a${X}b", "join(\"a\" + X + \"b\")"),
        ("{{ x }}", "?"),
        ("{{ x }}{{ y }}", "?"),
        ("a {{ x }}", "join(\"a \" + ?)"),
        ("<%= x %>", "?"),
        ("#{x}", "?"),
        ("%(x)s", "?"),
        ("${{ secrets.X }}", "?"),
        ("$(VAR)-1", "join(? + \"-1\")"),
        ("@project.version@", "?"),
        ("pa$$w0rd", "\"pa$$w0rd\""),
        ("p$a{s}%x@y@z", "\"p$a{s}%x@y@z\""),
        ("me@example.com", "\"me@example.com\""),
        ("$${NOT}", "\"${NOT}\""),
        ("${", "\"${\""),
        ("${}", "?"),
    ] {
        is("a.json", &format!("{{\"k\": \"{text}\"}}"), &format!("{{k: {shown}}}"));
        is("a.yaml", &format!("k: \"{text}\"\n"), &format!("{{k: {shown}}}"));
        is("a.toml", &format!("k = \"{text}\"\n"), &format!("{{k: {shown}}}"));
        is("a.ini", &format!("k = {text}\n"), &format!("{{k: {shown}}}"));
        is("a.properties", &format!("k={text}\n"), &format!("{{k: {shown}}}"));
    }
    let r = read("a.yaml", "k: \"a${X:-é}b\"\n");
    let Value::Join(parts) = r.facts.value(r.at("k")) else { panic!("{}", r.shown()) };
    let slices: Vec<_> = parts.iter().map(|p| r.source.slice(r.facts.values[p.0 as usize].span)).collect();
    assert_eq!(slices, ["a", "${X:-é}", "b"]);
}

#[test]
fn yaml_templates() {
    is(
        "a.yaml",
        "a: {{ .Values.x }}\nb: \"{{ .y | default \"z\" }}\"\nc: x-{{ z }}\n",
        "{a: ?, b: ?, c: join(\"x-\" + ?)}",
    );
    is("a.yaml", "{{- if .x }}\na: 1\n{{- else }}\na: 2\n{{- end }}\n", "{a: either(1 | 2)}");
    is(
        "a.yaml",
        "m:\n  l:\n    a: 1\n    {{- include \"x\" . | nindent 4 }}\nspec:\n  s:\n    {{- toYaml .s | nindent 4 }}\n  p: 1\n",
        "{m: {l: {a: 1, ...?}}, spec: {s: ?, p: 1}}",
    );
    is(
        "a.yaml",
        "m:\n  l:\n    a: 1\n{{ include \"x\" . | indent 2 }}\nn: 1\n",
        "{m: {l: {a: 1}, ...?}, n: 1}",
    );
    is("a.yaml", "{{/* c }} */}}\na:\n  - {{ x }}\n  - b\n", "{a: [?, \"b\"]}");
    is("a.yaml", "{{ x }}: 1\nb: 2\n", "{[?]: 1, b: 2}");
    is(
        "a.yml",
        "- hosts: {{ h }}\n  vars: {p: {{ q }}, r: {{ s['t'] }}}\n{% if x %}\n- y: 1\n{% endif %}\n",
        "[{hosts: ?, vars: {p: ?, r: ?}}, {y: 1}]",
    );
    is("a.yml", "v: @project.version@\nw: <%= ENV['X'] %>\n", "{v: ?, w: ?}");
    is("a.yml", "run: |\n  echo ${{ secrets.X }}\n  done\n", "{run: join(\"  echo \" + ? + \"\\n  done\")}");
    is("a.yml", "a: |\n  {{ file }}\nb: 1\n", "{a: ?, b: 1}");
    let r = read("a.yaml", "é: {{ ü }} # x\nb: 'c'\n");
    assert_eq!((r.text("é"), r.text("b")), ("{{ ü }}", "'c'"));
    let broken = read("a.yaml", "{{ if }}\na: b: c\n{{ end }}\n---\n{{ x }}\nd: [\n---\ne: 1\n");
    assert_eq!(broken.troubles().len(), 1, "{:?}", broken.troubles());
    assert!(broken.shown().ends_with("{e: 1}"), "{}", broken.shown());
}

#[test]
fn yaml_bad_input() {
    let r = read("a.yaml", "a: 1\n---\nb: 2\nc: [1, 2\nd: 3\n---\ne: 4\n");
    assert_eq!(r.shown(), "{a: 1}\n{b: 2, c: [1, ?], ...?}\n{e: 4}");
    let (place, message) = r.troubles()[0];
    assert!(message.starts_with("not valid YAML (") && message.ends_with("were analysed"), "{message}");
    assert_eq!(place, ": 3");
    let r = read("a.yaml", "a: \"x\n---\nb: 1\n");
    assert_eq!((r.shown().lines().last(), r.troubles().len()), (Some("{b: 1}"), 1));
    let r = read("a.yaml", "a: 1\nb: 2\na: 3\n");
    assert_eq!(r.shown(), "{a: 1, b: 2, a: 3}");
    assert_eq!(r.troubles(), [("a", "duplicate key `a`: the last one counts")]);
    let r = read("a.yaml", "a: &x [1, *x]\nb: 2\n");
    assert_eq!(r.shown(), "{a: [1, ?], b: 2}");
    assert_eq!(r.troubles()[0].0, "*x");
    let r = read("a.yaml", "a: *nowhere\n---\nb: 1\n");
    assert_eq!((r.shown().lines().last(), r.troubles().len()), (Some("{b: 1}"), 1));
}

#[test]
fn yaml_too_much() {
    let mut bomb = String::from("a0: &a0 [x, x]\n");
    for i in 1..40 {
        bomb += &format!("a{i}: &a{i} [*a{0}, *a{0}]\n", i - 1);
    }
    let r = read("a.yaml", &bomb);
    assert_eq!(r.troubles().len(), 1);
    assert!(r.troubles()[0].1.starts_with("more than 100000 values"));
    assert!(r.facts.values.len() < 120_000);
    let deep = format!("a:\n{}", (1..400).map(|i| format!("{}- \n", " ".repeat(i))).collect::<String>());
    assert!(read("a.yaml", &deep).troubles()[0].1.starts_with("nested more than 200 levels"));
    let r = read("a.yaml", &format!("a: {}{}\nb: 1\n", "[".repeat(230), "]".repeat(230)));
    assert!(r.shown().ends_with("b: 1}"), "{:?}", r.troubles());
    assert!(r.troubles()[0].1.starts_with("nested more than 200 levels"));
    read("a.yaml", &"[".repeat(100_000));
    let r = read("a.yaml", &format!("{{{{ x }}}}\n{}", "a: 1\n".repeat(5_000)));
    let Value::Either(all) = r.facts.value(r.at("a")) else { panic!("{}", r.shown()) };
    assert_eq!(all.len(), 5_000);
    let mut chain = String::from("a0: &a0 x\n");
    for i in 1..1000 {
        chain += &format!("a{i}: &a{i} [*a{}]\n", i - 1);
    }
    let r = read("a.yaml", &chain);
    assert!(r.troubles().iter().any(|t| t.1.starts_with("nested more than 200")), "{:?}", r.troubles());
}

#[test]
fn time_grows_with_the_file() {
    let many = |piece: &str| piece.repeat(40_000 / piece.len());
    let pieces = [
        "${",
        "{{ ",
        "${a ",
        "@a",
        "\"x",
        "[",
        "- ",
        "a: 1\n",
        "---\n",
        "--- \"\n",
        "<%",
        "{{ x }} ",
        "&a ",
        "*a ",
        "? ",
        "!",
        "{%",
        "{# ",
        "%(",
        "$(",
        "#{",
        "a: &a b\n",
        "{{ x }}\n",
        "a\n",
        "[a]\n",
        "a\\\n",
        "a=\\\n b\n",
        " b\n",
        "k = 'v\n",
        "é",
        "{\"a\":",
        "[[a]]\n",
        "[a.b]\nc = 1\n",
        "{{/*",
        "- - ",
    ];
    for piece in pieces {
        for name in ["a.yaml", "a.json", "a.toml", "a.ini", "a.properties"] {
            for text in [
                many(piece),
                format!("a: \"{}\"", many(piece).replace('"', "'")),
                format!("k = '{}'", many(piece).replace(['\'', '\n'], " ")),
            ] {
                let begin = Instant::now();
                read(name, &text);
                let took = begin.elapsed();
                assert!(took < Duration::from_secs(4), "{name} {piece:?} {took:?}");
            }
        }
    }
}

#[test]
fn json_shapes() {
    is(
        "a.json",
        "{\"a\": [1, -2.5e1, true, null, \"x\\n\\u00e9\"], \"b\": {}}",
        "{a: [1, -25, true, null, \"x\\né\"], b: {}}",
    );
    is("a.jsonc", "// c\n{\"a\": 1, /* d */ \"b\": [2,],}\n", "{a: 1, b: [2]}");
    is("a.json5", "{a: 'x', $b: +0x1F, c: .5, 'd': Infinity}", "{a: \"x\", $b: 31, c: 0.5, d: inf}");
    is("a.json", "{\"a\": 1}\n{\"a\": 2}\n", "{a: 1}\n{a: 2}");
    is("a.json", "\u{feff}[\"é\"]", "[\"é\"]");
    is("a.json", "", "");
    let r = read("a.json", "\u{feff}{\n  \"é\": {\"b\": [\"c\", 12 ]} }\n");
    assert_eq!(
        (r.text("é"), r.text("é/b"), r.text("é/b/0"), r.text("é/b/1")),
        ("{\"b\": [\"c\", 12 ]}", "[\"c\", 12 ]", "\"c\"", "12")
    );
    assert_eq!(r.pair("é/b"), "\"b\": [\"c\", 12 ]");
}

#[test]
fn json_bad_input() {
    let r = read("a.json", "{\"a\": 1, \"b\": {\"c\": 2, \"d\": }, \"e\": 3}");
    assert_eq!(r.shown(), "{a: 1, b: {c: 2, d: ?, ...?}, ...?}");
    assert_eq!(r.troubles().len(), 1);
    assert!(r.troubles()[0].1.contains("what stands before this place was analysed"));
    let r = read("a.json", "{\"a\": 1, \"b\": [1, \"x");
    assert_eq!((r.shown().as_str(), r.troubles().len()), ("{a: 1, b: [1, ?], ...?}", 1));
    let r = read("a.json", "{\"a\": 1, \"a\": 2}");
    assert_eq!(r.shown(), "{a: 1, a: 2}");
    assert_eq!(r.troubles(), [("\"a\"", "duplicate key `a`: the last one counts")]);
    let r = read("a.json", &format!("{{\"a\": {}{}, \"b\": 1}}", "[".repeat(5000), "]".repeat(5000)));
    assert!(r.shown().ends_with("b: 1}") && r.troubles().len() == 1);
    assert_eq!(read("a.json", &"[".repeat(100_000)).troubles().len(), 2);
    let r = read("a.json", &format!("[{}]", "1,".repeat(150_000)));
    assert!(r.troubles()[0].1.starts_with("more than 100000 values"));
    read("a.json", "}");
    read("a.json", "not json at all");
}

#[test]
fn toml_shapes() {
    is(
        "a.toml",
        "b = 1\na = 'x'\n[t]\nc = [true, 1.5]\n[t.u]\nd = { e = 0xff }\n",
        "{b: 1, a: \"x\", t: {c: [true, 1.5], u: {d: {e: 255}}}}",
    );
    is("a.toml", "[[x]]\na = 1\n[[x]]\na = 2\n", "{x: [{a: 1}, {a: 2}]}");
    is("a.toml", "a.b.c = 1\nd = 1979-05-27\n", "{a: {b: {c: 1}}, d: \"1979-05-27\"}");
    let r = read("a.toml", "é = 'ü'\n[t]\nk = \"\"\"\nx\"\"\"\nl = [ 1, 'y' ]\n");
    assert_eq!(
        (r.text("é"), r.text("t/k"), r.text("t/l"), r.text("t/l/1")),
        ("'ü'", "\"\"\"\nx\"\"\"", "[ 1, 'y' ]", "'y'")
    );
    assert_eq!(r.pair("t/k"), "k = \"\"\"\nx\"\"\"");
    let r = read("a.toml", "a = 1\nb = \nc = 3\n");
    assert_eq!(r.troubles().len(), 1);
    assert!(r.shown().starts_with("{a: 1") && r.shown().contains("c: 3"), "{}", r.shown());
    assert!(r.shown().ends_with("...?}"), "{}", r.shown());
    let r = read("a.toml", "a = 1\na = 2\n");
    assert_eq!(r.shown(), "{a: 1, ...?}");
    assert!(r.troubles()[0].1.contains("duplicate key"), "{:?}", r.troubles());
    let r = read("a.toml", &format!("a = {}{}\nb = 1\n", "[".repeat(5000), "]".repeat(5000)));
    assert!(!r.troubles().is_empty());
}

#[test]
fn ini_shapes() {
    is(
        "a.ini",
        "a = 1\n; c\n[s]\nb: x y\nc = 'q;' ; d\ne =\n[t.u]\nflag\n[s]\nz = true\n",
        "{a: 1, s: {b: \"x y\", c: \"q;\", e: \"\", z: true}, t.u: {flag: null}}",
    );
    is("a.cfg", "[s]\ndeps =\n    one\n    two\nx = 1\n", "{s: {deps: \"one\\ntwo\", x: 1}}");
    is("a.cfg", "[core]\n\ta = b\n\tc = d\n", "{core: {a: \"b\", c: \"d\"}}");
    is("a.ini", "[p]\nx[] = 1\nx[] = 2\n", "{p: {x[]: 1, x[]: 2}}");
    let r = read("a.ini", "[s]\nkey = \"é x\"  # c\nb = c\n  d\n");
    assert_eq!((r.text("s/key"), r.pair("s/key")), ("\"é x\"", "key = \"é x\""));
    assert_eq!(r.text("s/b"), "c\n  d");
    let r = read("a.ini", "?? what\n[s\na = 1\na = 2\n");
    assert_eq!(r.troubles().len(), 3);
    assert_eq!(r.shown(), "{a: 1, a: 2}");
    let r = read("a.cfg", &"some other (language)\n".repeat(20));
    assert_eq!((r.troubles().len(), r.shown().as_str()), (1, ""));
}

#[test]
fn properties_shapes() {
    is(
        "a.properties",
        "a.b=c\nd: e\nf g h\n! c\n# c\ni = \\u00e9\\=\\\n    j\nk\\:l=1\nm=on\nn=\n",
        "{a.b: \"c\", d: \"e\", f: \"g h\", i: \"é=j\", k:l: 1, m: \"on\", n: \"\"}",
    );
    is("a.properties", "p=a#b;c \nq=${X:y}\n", "{p: \"a#b;c\", q: either(X | \"y\")}");
    let r = read("a.properties", "a = one, \\\n    two\nb=é\n");
    assert_eq!((r.text("a"), r.pair("a"), r.text("b")), ("one, \\\n    two", "a = one, \\\n    two", "é"));
    let r = read("a.properties", "a=1\na=2\n");
    assert_eq!(r.troubles(), [("a", "duplicate key `a`: the last one counts")]);
}

#[test]
fn comments_are_kept() {
    let note = "authlint: ignore x";
    for (name, text) in [
        ("a.yaml", "# authlint: ignore x\na: 'b # authlint: no'\nb: c#authlint\nt: |\n  # authlint: no\n"),
        ("a.yaml", "a: b # authlint: ignore x\n"),
        ("a.json", "{\"a\": 1 // authlint: ignore x\n}"),
        ("a.json", "{\"a\": \"// authlint: no\" /* authlint: ignore x */}"),
        ("a.toml", "a = '# authlint: no' # authlint: ignore x\n\"# authlint\" = 1\n"),
        ("a.ini", "; authlint: ignore x\na = '# authlint'\n"),
        ("a.ini", "a = 1 # authlint: ignore x\n"),
        ("a.properties", "! authlint: ignore x\na=b # authlint\n"),
    ] {
        assert_eq!(read(name, text).notes(), [note], "{text}");
    }
}

const NAMES: [&str; 6] = ["a.yaml", "a.json", "a.toml", "a.ini", "a.properties", "a.cfg"];

fn survives(text: &str) {
    for name in NAMES {
        let r = read(name, text);
        check_spans(&r);
        r.shown();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn random_pieces_do_no_harm(pieces in proptest::collection::vec(0usize..56, 0..40)) {
        const PIECES: [&str; 56] = [
            "a", "b: ", ": ", "- ", "\n", "\n  ", "\n    ", "'", "\"", "|", ">-", "&a ", "*a", "<<: ", "!x ", "!!str ",
            "[", "]", "{", "}", ",", "#", " # authlint: x\n", "---\n", "...\n", "{{ x }}", "{{- end }}\n", "${A:-b}", "${", "@x@",
            "<%", "%>", "é", "😀", "\\", "=", "1", "true", "? ", "\t", "\r\n", "\r", "[s]", "[[t]]\n", "/*", "*/", "//", "\u{feff}",
            "\"\"\"", "'''", "%", "\u{85}", "\u{2028}", "{{ toYaml . | nindent 4 }}\n", "{%", "\0",
        ];
        survives(&pieces.iter().map(|p| PIECES[*p]).collect::<String>());
    }
}
