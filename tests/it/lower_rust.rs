//! Lowering of rust.

use authlint::facts::*;
use authlint::source::{FileId, Source};

use crate::support::facts_of;

fn lowered(text: &str) -> FileFacts {
    authlint::lower::lower(&Source::new(FileId(0), "src/a.rs", text)).expect("a known syntax")
}

#[track_caller]
fn has(text: &str, lines: &[&str]) {
    let facts = facts_of("src/a.rs", text);
    for line in lines {
        assert!(
            facts.lines().any(|l| l.split_once(": ").is_some_and(|(_, f)| f == *line)),
            "no `{line}` in\n{facts}"
        );
    }
}

#[track_caller]
fn lacks(text: &str, part: &str) {
    let facts = facts_of("src/a.rs", text);
    assert!(!facts.contains(part), "`{part}` in\n{facts}");
}

fn imports(text: &str) -> Vec<String> {
    let shown = |i: &Import| format!("{} = {} {:?} in {}", i.local, i.module, i.name, i.function.0);
    lowered(text).imports.iter().map(shown).collect()
}

#[test]
fn imports_of_all_shapes() {
    let text = "use a::b::{c, d as e, self, f::*};\nuse lib;\nuse lib as l;\nextern crate x as y;\nmod child;\n\
                fn f() { use super::g::h; }\nuse ::std::r#type;\nuse t::T as _;";
    assert_eq!(
        imports(text),
        [
            "c = a::b Named(\"c\") in 0",
            "e = a::b Named(\"d\") in 0",
            "b = a Named(\"b\") in 0",
            " = a::b::f All in 0",
            "lib = lib Module in 0",
            "l = lib Module in 0",
            "y = x Module in 0",
            "child = self::child Module in 0",
            "h = super::g Named(\"h\") in 1",
            "type = std Named(\"type\") in 0",
            "_ = t Named(\"T\") in 0",
        ]
    );
    let exports = lowered("pub use a::b as c; pub use d::*;").exports;
    assert_eq!(exports.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(), ["c", "*"]);
    assert_eq!(exports[1].what, Exported::From { module: "d".into(), name: "*".into() });
}

#[test]
fn paths_and_literals() {
    has(
        r##"fn f() {
            let a = x::y::z::<T>;
            let b = Self::LEEWAY;
            let c = <T as Tr>::make();
            let d = r#"a"b"#;
            let e = b"k\x41\u{e9}\n";
            let g = 0x1f_u8;
            let h = 60 * 60 * 24;
            let i = (None, (), -1.5e1, 'c', true);
            let j = "a" .to_string() + "b" + &c;
            let k = [0u8; 32];
        }"##,
        &[
            "declare a = x.y.z",
            "declare b = Self.LEEWAY",
            "declare c = T.make()",
            "declare d = \"a\\\"b\"",
            "declare e = \"kAé\\n\"",
            "declare g = 31",
            "declare h = 86400",
            "declare i = [null, null, -15, \"c\", true]",
            "declare j = join(\"ab\" + c)",
            "declare k = [0]",
        ],
    );
}

#[test]
fn patterns_bind_parts() {
    has(
        "fn f(State(s): State<App>, mut n: u8, &self) -> R {
            let (a, b) = p;
            let Claims { sub, exp: e, .. } = claims;
            let Some(x) = opt else { return bad(); };
            if let Some(u) = user && let Ok(v) = u.get() { g(v) }
            while let Some(q) = rows.next() { h(q); }
            for (k, _) in map.iter() {}
        }",
        &[
            "function#1 f(: State<App>, n: u8)",
            "declare s = param 0 of fn#1.0",
            "declare a = p.0",
            "declare b = p.1",
            "declare sub = claims.sub",
            "declare e = claims.exp",
            "declare x = opt",
            "return bad()",
            "declare u = user",
            "declare v = u.get()",
            "declare q = rows.next()",
            "declare k = map.[].0",
        ],
    );
}

#[test]
fn assignments_and_changes_in_place() {
    has(
        r#"fn f() {
            x = 1; x.y = 2; x["k"] = 3; x[k] = 4; n += 5;
            map.insert("a", v); map.insert(k, v); list.push(w); list.clear(); map.remove("b");
        }
        const MAX: u64 = 10;
        static KEY: &str = "secret";"#,
        &[
            "assign x = 1",
            "assign x.y = 2",
            "assign x.k = 3",
            "append n = 5",
            "assign map.a = v",
            "append list = w",
            "remove list.* = list.clear()",
            "remove map.b = map.remove(\"b\")",
            "call list.push(w) (dropped)",
            "declare MAX = 10",
            "declare KEY = \"secret\"",
        ],
    );
}

#[test]
fn calls_and_conversions() {
    has(
        r#"async fn f() {
            let a = client.get(url).await?;
            let b = env("K").unwrap_or_else(|_| "dev".to_string());
            let c = env("L").unwrap_or("x".into());
            let d = String::from("lit").as_bytes();
            let e = Some(Ok(v));
            let g = Err(Bad);
            let h = Claims { sub, exp: 1, ..Default::default() };
            let _ = send(h);
            list.contains(&role);
            x.unwrap().verify(t).unwrap();
        }"#,
        &[
            "declare a = await client.get(url)?",
            "declare b = either(env(\"K\") | \"dev\")",
            "declare c = either(env(\"L\") | \"x\")",
            "declare d = \"lit\"",
            "declare e = v",
            "declare g = Err(Bad)",
            "declare h = Claims{...Default.default(), sub: sub, exp: 1}",
            "call send(h) (dropped)",
            "compare role In list",
            "call x.verify(t)",
            "call x.verify(t).unwrap() (dropped)",
        ],
    );
}

#[test]
fn branches_and_arms() {
    has(
        r#"fn f() -> R {
            if !ok && a.id == b.id { one() } else if let Err(e) = g() { two() } else { three() }
        }
        fn g() -> R {
            match decode(t) { Ok(d) => d.claims, Err(_) => return None, }
        }
        fn h(r: Role) -> bool { match r { Role::Admin | Role::Root if on => true, _ => false } }
        fn i() { let x = a() && b(); let y = c || d; }"#,
        &[
            "region#2 branch [!ok && a.id]",
            "compare a.id Equal b.id",
            "region#3 catch [!g()]",
            "region#4 else []",
            "return either(one() | two() | three())",
            "region#6 branch [decode(t)]",
            "region#7 catch []",
            "return d.claims",
            "declare d = decode(t)",
            "return null",
            "compare r Equal Role.Admin",
            "compare r Equal Role.Root",
            "return either(true | false)",
            "declare y = either(c | d)",
        ],
    );
    let facts = lowered("fn f() { match x { Ok(a) => 1, Err(_) => 2 }; }");
    let groups: Vec<_> = facts.regions.iter().skip(2).map(|r| r.group).collect();
    assert_eq!(groups[0], groups[1]);
}

#[test]
fn functions_and_owners() {
    let facts = lowered(
        "impl Guard for User { async fn from(&self, r: &'a Req<'_>) -> Result<Self, Error> { body(r) } const N: u8 = 1; }
         struct User; trait Guard: Send { fn sign(&self, o: Option<Box<dyn Io>>); } impl Other { fn x() {} }",
    );
    let from = &facts.functions[1];
    assert_eq!(
        (from.owner, from.owner_name.as_str(), from.trait_name.as_str()),
        (Some(TypeId(0)), "User", "Guard")
    );
    assert!(
        from.is_async && from.params.len() == 1 && from.returns.as_ref().is_some_and(|r| r.args.len() == 2)
    );
    assert_eq!(facts.types[0].fields[0].name, "N");
    assert_eq!(facts.types[1].bases.len(), 1);
    assert_eq!((facts.functions[2].name.as_str(), facts.functions[2].owner), ("sign", Some(TypeId(1))));
    assert_eq!((facts.functions[3].owner_name.as_str(), facts.functions[3].owner), ("Other", None));
    assert_eq!(facts.exits.len(), 1);
}

#[test]
fn fields_are_named_as_serialized() {
    let facts = lowered(
        r#"#[derive(Debug, Deserialize)] #[serde(rename_all = "camelCase")]
        pub struct Claims { pub user_id: Option<String>, #[serde(rename = "iss")] issuer: String, #[serde(flatten)] rest: Rest, }
        #[serde(rename_all = "snake_case")] enum Role { SuperAdmin, Guest(u8) }
        struct Id(pub u64, #[cfg_attr(feature = "x", serde(rename(serialize = "b")))] String);
        type Alias = Vec<Id>;"#,
    );
    let shown: Vec<_> =
        facts.types.iter().flat_map(|t| &t.fields).map(|f| (f.name.as_str(), f.code_name.as_str())).collect();
    assert_eq!(
        shown,
        [
            ("userId", "user_id"),
            ("iss", "issuer"),
            ("rest", "rest"),
            ("super_admin", "SuperAdmin"),
            ("guest", "Guest"),
            ("0", "0"),
            ("b", "1")
        ]
    );
    let fields = &facts.types[0].fields;
    assert!(fields[0].optional && fields[2].flatten && !fields[1].optional);
}

#[test]
fn attributes_with_arguments() {
    has(
        "#[get(\"/users/{id}\", guard = \"admin\")]\n#[tokio::main]\nasync fn f(#[body] x: X) {}",
        &[
            "attribute get(\"/users/{id}\", guard=\"admin\") on Function(FunctionId(1))",
            "attribute tokio.main on Function(FunctionId(1))",
            "attribute body on Param(FunctionId(1), 0)",
        ],
    );
}

#[test]
fn macros_are_calls_with_values() {
    has(
        r#"fn f() {
            let a = format!("{}-{x}-{0}", id, y = 1);
            let b = vec![Alg::A, g(1)];
            let c = vec![0; 9];
            let d = json!({"sub": user.id, "list": [1, null], key: {"a": true}});
            info!(user = %name, "token {token}", );
            println!("{}", secret);
            bail!("no");
            let e = matches!(role, Role::Admin | Role::Root);
            ensure!(a.owner == user.id, "no");
            sqlx::query!("SELECT 1", id).fetch_one(&db).await?;
            unknown!(a => "text");
            let r = routes![index, auth::login];
            select! { v = run(|x| { verify(x); 1 }) => v }
        }"#,
        &[
            "declare a = join(id + \"-\" + x + \"-\" + id)",
            "declare b = [Alg.A, g(1)]",
            "declare c = [0]",
            "declare d = {sub: user.id, list: [1, null], [key]: {a: true}}",
            "call info!(user=name, join(\"token \" + token)) (dropped)",
            "call println!(\"{}\", secret) (dropped)",
            "throw bail!(\"no\")",
            "compare role Equal Role.Root",
            "compare a.owner Equal user.id",
            "call await sqlx.query!(\"SELECT 1\", id).fetch_one(db)? (dropped)",
            "call unknown!(\"text\") (dropped)",
            "declare r = routes!(index, auth.login)",
        ],
    );
}

#[test]
fn items_inside_macros() {
    has("lazy_static! { static ref KEY: String = load(\"k\"); }", &["declare KEY = load(\"k\")"]);
}

#[test]
fn macro_places_are_bytes_of_the_file() {
    let text = "// é😀\nfn f() { let é = \"ü\"; println!(\"日本 {}\", vec![größe(\"ß\", 7)]); }";
    let facts = lowered(text);
    let source = Source::new(FileId(0), "a.rs", text);
    let slices: Vec<&str> = facts.calls.iter().map(|c| source.slice(c.span)).collect();
    assert_eq!(slices, ["größe(\"ß\", 7)", "println!(\"日本 {}\", vec![größe(\"ß\", 7)])"]);
    let texts: Vec<&str> = facts
        .values
        .iter()
        .filter(|v| matches!(v.value, Value::Text(_) | Value::Number(_)))
        .map(|v| source.slice(v.span))
        .collect();
    assert_eq!(texts, ["\"ü\"", "\"日本 {}\"", "\"ß\"", "7"]);
}

#[test]
fn test_code_is_marked() {
    let facts = lowered(
        "fn a() { x() }\n#[cfg(test)]\nmod tests { use super::*; fn b() { y() } }\n#[tokio::test]\nasync fn c() { z() }\n#[cfg(not(test))]\nfn d() { w() }",
    );
    let tests: Vec<bool> =
        facts.calls.iter().filter(|c| c.args.is_empty()).map(|c| facts.in_test(c.region)).collect();
    assert_eq!(tests, [false, true, true, false]);
}

#[test]
fn comments_that_speak_to_us() {
    has(
        "/// authlint-ignore x\nfn f() {\n  g(); // authlint: y\n}",
        &["note \"authlint-ignore x\" (own line)", "note \"authlint: y\""],
    );
}

#[test]
fn errors_lose_only_their_place() {
    let text = "fn a() { let x = ; good(1); }\r\nfn b( { }\r\nstruct }\r\nfn c() { verify(\"é\"); }\r\n";
    has(text, &["trouble syntax error near here; the rest was analysed", "call verify(\"é\") (dropped)"]);
    assert_eq!(lowered(text).troubles.len(), 1);
    assert_eq!(lowered("").functions.len(), 1);
    assert!(lowered("").troubles.is_empty());
    lacks("fn f() { if let Some(x) = a && x.ok && let Ok(y) = b { g(y) } }", "trouble");
    for broken in [
        "macro!(",
        "fn f() { x!(\"",
        "fn f() { x!{é",
        "#[a(",
        "json!({\"a\":})",
        "format!(\"{\")",
        "use a::{b",
        "r#\"",
        "'\\u{}'",
    ] {
        lowered(broken);
    }
}

#[test]
fn deep_nesting_does_not_overflow() {
    let n = 10_000;
    let texts = vec![
        format!("fn f() {{ x = {}1{}; after(); }}", "(".repeat(n), ")".repeat(n)),
        format!("fn f() {{ x = {}1{}; after(); }}", "[".repeat(n), "]".repeat(n)),
        format!("fn f() {{ x = a{}; after(); }}", ".b()".repeat(n)),
        format!("fn f() {{ x = a{}; after(); }}", " + a".repeat(n)),
        format!("fn f() {{ x = a{}; after(); }}", " && a".repeat(n)),
        format!("fn f() {{ x = {}1; after(); }}", "!".repeat(n)),
        format!("fn f() {{ {}{} after(); }}", "{".repeat(n), "}".repeat(n)),
        format!("fn f() {{ x = v!({}1{}); after(); }}", "(".repeat(n), ")".repeat(n)),
        format!("fn f() {{ x = v!({}1); after(); }}", "!".repeat(n)),
        format!("fn f() {{ x = v!(a{}); after(); }}", " + a".repeat(n)),
        format!("fn f() {{ x = {}1{}; after(); }}", "vec![".repeat(n), "]".repeat(n)),
        format!("fn f(x: {}u8{}) {{ after(); }}", "V<".repeat(n), ">".repeat(n)),
        format!("fn f() {{ if a {{}} {} after(); }}", "else if b {}".repeat(n)),
        format!("fn f() {{ {} x(); {} after(); }}", "if a {".repeat(n), "}".repeat(n)),
    ];
    let work = move || {
        for text in texts {
            let facts = facts_of("a.rs", &text);
            assert!(facts.contains("call after()"), "{}", &text[..60]);
        }
    };
    std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(work)
        .expect("a thread")
        .join()
        .expect("no overflow");
}
