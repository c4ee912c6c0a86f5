//! Lowering of Python and of env files, a topic a test.

use crate::support::facts_of;
use authlint::facts::{FileFacts, RegionKind};
use authlint::source::{FileId, Source};

fn py(text: &str) -> String {
    facts_of("a.py", text)
}

fn facts(text: &str) -> FileFacts {
    authlint::lower::lower(&Source::new(FileId(0), "a.py", text)).expect("python is known")
}

#[track_caller]
fn has(out: &str, lines: &[&str]) {
    for line in lines {
        assert!(out.lines().any(|l| l == *line), "no line `{line}` in\n{out}");
    }
}

#[track_caller]
fn has_not(out: &str, part: &str) {
    assert!(!out.contains(part), "`{part}` in\n{out}");
}

#[test]
fn probe() {
    for name in std::env::var("PROBE").unwrap_or_default().split(',').filter(|n| !n.is_empty()) {
        println!("{}", facts_of(name, &std::fs::read_to_string(name).unwrap()));
    }
}
#[test]
fn stdlib() {
    let Ok(root) = std::env::var("STDLIB") else { return };
    let mut dirs = vec![std::path::PathBuf::from(root)];
    let (mut bytes, mut files, mut troubled) = (0usize, 0, Vec::new());
    let mut time = std::time::Duration::ZERO;
    let mut slow = Vec::new();
    while let Some(d) = dirs.pop() {
        for e in std::fs::read_dir(d).unwrap().flatten() {
            let p = e.path();
            if p.is_dir() { dirs.push(p); continue }
            if p.extension().is_none_or(|x| x != "py") { continue }
            let Ok(text) = std::fs::read_to_string(&p) else { continue };
            let src = Source::new(FileId(0), p.to_string_lossy().as_ref(), text.as_str());
            let t = std::time::Instant::now();
            let f = authlint::lower::lower(&src).unwrap();
            let dt = t.elapsed();
            time += dt; bytes += text.len(); files += 1;
            if dt.as_millis() > 300 { slow.push((p.clone(), dt, text.len())); }
            if !f.troubles.is_empty() { troubled.push((p.clone(), src.line(f.troubles[0].span.start), f.troubles[0].message.clone())); }
            let check = |s: authlint::source::Span| {
                let r = s.range();
                assert!(r.end <= text.len() && text.is_char_boundary(r.start) && text.is_char_boundary(r.end), "{p:?} {s:?}");
            };
            f.values.iter().for_each(|v| check(v.span));
            f.calls.iter().for_each(|v| check(v.span));
            f.writes.iter().for_each(|v| check(v.span));
            f.compares.iter().for_each(|v| check(v.span));
            f.regions.iter().for_each(|v| check(v.span));
            f.exits.iter().for_each(|v| check(v.span));
            f.attributes.iter().for_each(|v| check(v.span));
            f.settings.iter().for_each(|v| check(v.span));
            f.imports.iter().for_each(|v| check(v.span));
            f.functions.iter().for_each(|v| { check(v.span); check(v.name_span); v.params.iter().for_each(|p| check(p.span)) });
            f.types.iter().for_each(|v| { check(v.span); check(v.name_span); v.fields.iter().for_each(|p| check(p.span)) });
            f.troubles.iter().for_each(|v| check(v.span));
        }
    }
    println!("{files} files {bytes} bytes {:?} {:.1} MB/s, troubled {}", time, bytes as f64 / 1e6 / time.as_secs_f64(), troubled.len());
    for t in troubled.iter().take(60) { println!("{t:?}"); }
    println!("slow {slow:?}");
}

#[test]
fn deep_x() {
    std::thread::Builder::new().stack_size(64 << 20).spawn(|| {
        let n = 10_000;
        for (name, text) in [
            ("parens", format!("x = {}1{}\n", "(".repeat(n), ")".repeat(n))),
            ("lists", format!("x = {}1{}\ny = 2\n", "[".repeat(n), "]".repeat(n))),
            ("sum", format!("x = a{}\n", "+a".repeat(n))),
            ("text", format!("x = 'a'{}\n", "+'a'".repeat(n))),
            ("minus", format!("x = a{}\n", "-a".repeat(n))),
            ("or", format!("x = a{}\n", " or a".repeat(n))),
            ("and", format!("if a{}: pass\n", " and a".repeat(n))),
            ("dots", format!("x = a{}\n", ".a".repeat(n))),
            ("calls", format!("x = a{}\n", ".a()".repeat(n))),
            ("elif", format!("if a: pass\n{}", "elif a: pass\n".repeat(n))),
            ("assign", format!("{}1\n", "a = ".repeat(n))),
            ("open", "(".repeat(n)),
            ("not", format!("if {} a: pass\n", "not ".repeat(n))),
            ("union", format!("def f(x: a{}): pass\n", " | a".repeat(n))),
            ("cond", format!("x = {} 1\n", "a if b else ".repeat(n))),
            ("lambda", format!("x = {} 1\n", "lambda: ".repeat(n))),
            ("blocks", (0..300).map(|i| format!("{}if a:\n", " ".repeat(i))).collect::<String>() + &" ".repeat(300) + "x()\n"),
        ] {
            let t = std::time::Instant::now();
            let f = facts(&text);
            println!("{name} {:?} values {} troubles {:?}", t.elapsed(), f.values.len(), f.troubles.iter().map(|t| &t.message).collect::<Vec<_>>());
        }
    }).unwrap().join().unwrap();
}
