//! Lowering of HCL, Dockerfiles, SQL, nginx configuration, shell scripts and PEM files to documents.

use authlint::facts::{FileFacts, Key, Value, ValueId, show};
use authlint::source::{FileId, Source};
use proptest::prelude::*;

fn read(path: &str, text: &str) -> (Source, FileFacts) {
    let source = Source::new(FileId(0), path, text);
    let facts = authlint::lower::lower(&source).expect("a known syntax");
    inside(&source, &facts);
    (source, facts)
}

/// Every place is inside the file and between characters.
fn inside(source: &Source, facts: &FileFacts) {
    let text = &source.text;
    let spans = facts.values.iter().map(|v| v.span).chain(facts.troubles.iter().map(|t| t.span));
    for span in spans.chain(facts.settings.iter().map(|s| s.span)) {
        assert!(text.get(span.range()).is_some(), "{span:?} is not in a text of {} bytes", text.len());
    }
}

/// The one document of a file that has no errors.
#[track_caller]
fn tree(path: &str, text: &str) -> String {
    let (_, facts) = read(path, text);
    assert!(facts.troubles.is_empty(), "{:?}", facts.troubles);
    shown(&facts)
}

fn shown(facts: &FileFacts) -> String {
    facts.documents.iter().map(|d| show::value(facts, *d, 20)).collect::<Vec<_>>().join("\n")
}

fn troubles(facts: &FileFacts) -> Vec<&str> {
    facts.troubles.iter().map(|t| t.message.as_str()).collect()
}

/// The value at a path of keys and numbers, and the entry that holds it.
fn at(facts: &FileFacts, path: &str) -> (ValueId, Option<authlint::source::Span>) {
    let mut value = facts.documents[0];
    let mut entry = None;
    for key in path.split('/') {
        (value, entry) = match facts.value(value) {
            Value::List(items) => (items[key.parse::<usize>().unwrap()], None),
            Value::Record(r) => {
                let e = r
                    .entries
                    .iter()
                    .rfind(|e| e.key == Key::Text(key.into()))
                    .unwrap_or_else(|| panic!("no {key} of {path} in {}", shown(facts)));
                (e.value, Some(e.span))
            }
            other => panic!("{key} of {path}: {other:?}"),
        };
    }
    (value, entry)
}

/// Asserts the text of a value, and of its entry when `entry` is not empty.
#[track_caller]
fn place(file: &(Source, FileFacts), path: &str, value: &str, entry: &str) {
    let (source, facts) = file;
    let (id, span) = at(facts, path);
    assert_eq!(source.slice(facts.values[id.0 as usize].span), value, "the value at {path}");
    if !entry.is_empty() {
        assert_eq!(span.map(|s| source.slice(s)), Some(entry), "the entry at {path}");
    }
}

#[test]
fn hcl_blocks_and_attributes() {
    let text = "resource \"aws_security_group\" \"web\" {\n  name = \"web\"\n  ingress {\n    from_port = 22\n    cidr_blocks = [\"0.0.0.0/0\", \"::/0\"]\n  }\n  ingress { from_port = 80 }\n  tags = { Name = \"x\", \"a b\" = true, (var.k) = null }\n}\nresource \"aws_security_group\" \"db\" {}\nterraform {\n  backend \"s3\" {\n    encrypt = false\n  }\n}\n";
    assert_eq!(
        tree("main.tf", text),
        "{resource: {aws_security_group: {web: {name: \"web\", ingress: [{from_port: 22, cidr_blocks: [\"0.0.0.0/0\", \"::/0\"]}, {from_port: 80}], tags: {Name: \"x\", a b: true, [var.k]: null}}, db: {}}}, terraform: [{backend: {s3: [{encrypt: false}]}}]}"
    );
    let file = read("main.tf", text);
    place(&file, "resource/aws_security_group/web/name", "\"web\"", "name = \"web\"");
    place(&file, "resource/aws_security_group/web/ingress/1", "{ from_port = 80 }", "");
    place(&file, "resource/aws_security_group/web/ingress/0/cidr_blocks/1", "\"::/0\"", "");
    place(&file, "resource/aws_security_group/db", "{}", "\"db\" {}");
    place(&file, "resource/aws_security_group/web/tags/Name", "\"x\"", "Name = \"x\"");
    place(&file, "resource/aws_security_group/web/tags/a b", "true", "\"a b\" = true");
    assert_eq!(
        tree("prod.tfvars", "password = \"x\"\nports = [1, -2]\n"),
        "{password: \"x\", ports: [1, -2]}"
    );
}

#[test]
fn hcl_variables_and_locals() {
    let text = "variable \"pw\" {\n  default = \"hunter22\"\n  sensitive = true\n}\nvariable \"none\" {\n  type = string\n}\nlocals {\n  open = [\"0.0.0.0/0\"]\n  all = { cidr = local.open }\n  loop = local.loop\n}\nresource \"a\" \"b\" {\n  password = var.pw\n  other = var.none\n  cidr = local.open\n  first = local.all.cidr\n  url = \"postgres://u:${var.none}@${aws_db.x.host}/d\"\n  same = \"${var.none}\"\n  round = local.loop\n  id = data.aws_ami.x.ids[0]\n}\n";
    let out = tree("main.tf", text);
    let resource = out.split("resource: ").nth(1).unwrap();
    assert_eq!(
        resource,
        "{a: {b: {password: either(var.pw | \"hunter22\"), other: var.none, cidr: [\"0.0.0.0/0\"], first: [\"0.0.0.0/0\"], url: join(\"postgres://u:\" + var.none + \"@\" + aws_db.x.host + \"/d\"), same: var.none, round: local.loop, id: data.aws_ami.x.ids.0}}}}"
    );
    assert!(
        out.starts_with("{variable: {pw: {default: \"hunter22\", sensitive: true}, none: {type: string}}")
    );
    let file = read("main.tf", text);
    place(&file, "resource/a/b/password", "var.pw", "password = var.pw");
    place(&file, "resource/a/b/cidr", "[\"0.0.0.0/0\"]", "");
    place(&file, "resource/a/b/id", "data.aws_ami.x.ids[0]", "");
    let Value::Either(items) = file.1.value(at(&file.1, "resource/a/b/password").0) else { panic!() };
    assert_eq!(file.0.slice(file.1.values[items[1].0 as usize].span), "\"hunter22\"");
    assert_eq!(file.0.slice(file.1.values[items[0].0 as usize].span), "var.pw");
}

#[test]
fn hcl_functions_and_policies() {
    let text = "resource \"p\" \"a\" {\n  policy = jsonencode({ Action = \"*\" })\n}\nresource \"p\" \"b\" {\n  policy = <<-EOF\n    {\"Action\": \"*\", \"Resource\": [\"${aws_s3.b.arn}/*\"]}\n  EOF\n}\nresource \"p\" \"c\" {\n  policy = \"{\\\"Action\\\": \\\"s3:*\\\"}\"\n  ports = toset([1])\n  both = concat([1], [2])\n  data = base64encode(\"x\")\n  open = var.a ? true : false\n  sum = 60 * 60\n  script = <<EOF\nexport A=${var.x}\nb\nEOF\n  plain = <<EOF\nb\nEOF\n}\n";
    assert_eq!(
        tree("main.tf", text),
        "{resource: {p: {a: {policy: {Action: \"*\"}}, b: {policy: {Action: \"*\", Resource: [join(aws_s3.b.arn + \"/*\")]}}, c: {policy: {Action: \"s3:*\"}, ports: [1], both: [1, 2], data: ?, open: either(true | false), sum: 3600, script: join(\"export A=\" + var.x + \"\\nb\\n\"), plain: \"b\\n\"}}}}"
    );
    let file = read("main.tf", text);
    place(&file, "resource/p/b/policy/Action", "\"*\"", "\"Action\": \"*\"");
    place(&file, "resource/p/b/policy/Resource/0", "\"${aws_s3.b.arn}/*\"", "");
    place(&file, "resource/p/c/plain", "<<EOF\nb\nEOF", "");
    let dynamic = "resource \"a\" \"b\" {\n  dynamic \"ingress\" {\n    for_each = var.p\n    content {\n      port = ingress.value\n    }\n  }\n}\n";
    assert_eq!(tree("a.tf", dynamic), "{resource: {a: {b: {ingress: [{port: ingress.value}]}}}}");
}

#[test]
fn hcl_errors_lose_one_block_only() {
    let text = "resource \"a\" \"b\" {\n  x = = 1\n}\nresource \"a\" \"c\" {\n  y = <<EOF\nresource\nEOF\n  z = 2\n}\n# authlint: allow some-rule\n";
    let (source, facts) = read("a.tf", text);
    assert_eq!(troubles(&facts), ["this block cannot be read; the other blocks of the file were analysed"]);
    assert_eq!(source.line(facts.troubles[0].span.start), 2);
    assert_eq!(shown(&facts), "{resource: {a: {c: {y: \"resource\\n\", z: 2}}}}");
    assert_eq!(facts.notes.len(), 1);
    let deep = format!("a = {}1{}\nb = 2\n", "[".repeat(5000), "]".repeat(5000));
    let (_, facts) = read("a.tf", &deep);
    assert_eq!((facts.troubles.len(), shown(&facts).as_str()), (1, "{b: 2}"));
}

#[test]
fn dockerfile_stages() {
    let text = "# syntax=docker/dockerfile:1\nARG V=20\nFROM node:$V AS build\nARG TOKEN\nARG KEY=abc\nENV A=b C=\"d e\" \\\n    F=$KEY\nRUN --mount=type=secret,id=x \\\n  # why\n  npm ci && echo hi\nFROM build as base\nUSER root\nFROM other\nCOPY --from=build --chown=a:b /app ./\nFROM base\nENV OLD style value\nEXPOSE 22 8080/tcp\nCOPY [\"a b\", \".env\", \"/x/\"]\nUSER app:${G:-app}\nENTRYPOINT [\"x\"]\n";
    assert_eq!(
        tree("Dockerfile", text),
        "{arg: [{name: \"V\", value: \"20\"}], stages: [{from: join(\"node:\" + either(V | \"20\")), name: \"build\", final: true, env: [{name: \"A\", value: \"b\"}, {name: \"C\", value: \"d e\"}, {name: \"F\", value: either(KEY | \"abc\")}], arg: [{name: \"TOKEN\"}, {name: \"KEY\", value: \"abc\"}], run: [\"--mount=type=secret,id=x   npm ci && echo hi\"]}, {from: \"build\", name: \"base\", final: true, user: \"root\"}, {from: \"other\", final: false, copy: [{sources: [\"/app\"], to: \"./\", from: \"build\"}]}, {from: \"base\", final: true, env: [{name: \"OLD\", value: \"style value\"}], copy: [{sources: [\"a b\", \".env\"], to: \"/x/\"}], expose: [\"22\", \"8080/tcp\"], user: join(\"app:\" + either(G | \"app\"))}]}"
    );
    let file = read("Dockerfile", text);
    place(&file, "stages/0/env/1/value", "\"d e\"", "C=\"d e\"");
    place(&file, "stages/0/env/2/value", "$KEY", "F=$KEY");
    place(&file, "stages/0/arg/1", "KEY=abc", "");
    place(&file, "stages/0/run/0", "--mount=type=secret,id=x \\\n  # why\n  npm ci && echo hi", "");
    place(&file, "stages/3/copy/0/sources/1", "\".env\"", "");
    place(&file, "stages/3/user", "app:${G:-app}", "");
    place(&file, "stages/3/expose/1", "8080/tcp", "");
}

#[test]
fn dockerfile_heredocs_escapes_and_errors() {
    let text = "# escape=`\nFROM x\nRUN <<EOF\nFROM y\nEOF\nENV P=C:\\a` b\nCOPY <<A <<B /x\n1\nA\n2\nB\nNONSENSE here\nUSER u\n# authlint: allow x\n";
    let (source, facts) = read("Dockerfile.prod", text);
    assert_eq!(troubles(&facts), ["not an instruction that is known; the rest was analysed"]);
    assert_eq!(source.slice(facts.troubles[0].span), "NONSENSE here");
    assert_eq!(facts.notes.len(), 1);
    assert_eq!(
        shown(&facts),
        "{stages: [{from: \"x\", final: true, env: [{name: \"P\", value: \"C:\\\\a b\"}], copy: [{sources: [\"<<A\", \"<<B\"], to: \"/x\"}], run: [\"<<EOF\\nFROM y\\nEOF\"], user: \"u\"}]}"
    );
}

#[test]
fn sql_grants_and_roles() {
    let text = "-- who\nGRANT SELECT (a, b), insert ON TABLE public.users TO app, \"Web\" WITH GRANT OPTION;\nSELECT 'a;b' FROM x;\nGRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA public TO PUBLIC;\nGRANT admin TO bob;\nCREATE ROLE boss WITH SUPERUSER CREATEDB LOGIN ENCRYPTED PASSWORD 'it''s' VALID UNTIL '2030-01-01' IN ROLE x;\nALTER USER boss PASSWORD NULL;\nALTER ROLE boss SET search_path TO a;\n";
    assert_eq!(
        tree("a.sql", text),
        "{grant: [{privileges: [\"SELECT\", \"INSERT\"], on: \"TABLE public.users\", to: [\"app\", \"Web\"], option: true}, {privileges: [\"ALL\"], on: \"ALL TABLES IN SCHEMA public\", to: [\"PUBLIC\"]}, {privileges: [\"ADMIN\"], to: [\"bob\"]}], role: [{name: \"boss\", options: [\"SUPERUSER\", \"CREATEDB\", \"LOGIN\"], password: \"it's\"}, {name: \"boss\", password: null}, {name: \"boss\"}]}"
    );
    let file = read("a.sql", text);
    place(&file, "role/0/password", "'it''s'", "");
    place(&file, "role/0/options/0", "SUPERUSER", "");
    place(&file, "grant/1/privileges/0", "ALL PRIVILEGES", "");
    place(&file, "grant/0/on", "TABLE public.users", "");
    place(&file, "grant/2", "GRANT admin TO bob", "");
    let mysql = "CREATE USER 'a'@'%' IDENTIFIED BY 'x\\'y';\nGRANT ALL ON *.* TO `r`@'%' IDENTIFIED BY 'z' WITH GRANT OPTION;\nCREATE USER b IDENTIFIED WITH p AS '*HASH';\n";
    assert_eq!(
        tree("a.sql", mysql),
        "{role: [{name: \"a@%\", password: \"x'y\"}, {name: \"r@%\", password: \"z\"}, {name: \"b\"}], grant: [{privileges: [\"ALL\"], on: \"*.*\", to: [\"r@%\"], option: true}]}"
    );
}

#[test]
fn sql_policies_and_tables() {
    let text = "CREATE TABLE IF NOT EXISTS public.users (id int);\nCREATE TABLE posts (id int, body text DEFAULT 'x;y');\nALTER TABLE ONLY users ENABLE ROW LEVEL SECURITY;\nCREATE POLICY \"all of it\" ON users AS PERMISSIVE FOR SELECT TO anon, authenticated USING (true) WITH CHECK (owner = auth.uid());\nCREATE FUNCTION f() RETURNS void AS $$ BEGIN GRANT x TO y; END $$ LANGUAGE plpgsql;\nCOPY users (id) FROM stdin;\nit's data\n\\.\nCREATE TABLE last (id int);\n";
    assert_eq!(
        tree("a.sql", text),
        "{policy: [{name: \"all of it\", table: \"users\", kind: \"PERMISSIVE\", command: \"SELECT\", to: [\"anon\", \"authenticated\"], using: true, check: \"owner = auth.uid()\"}], table: [{name: \"public.users\", row_security: true}, {name: \"posts\"}, {name: \"last\"}]}"
    );
    let file = read("a.sql", text);
    place(&file, "policy/0/check", "owner = auth.uid()", "");
    place(&file, "table/0/row_security", "ENABLE ROW LEVEL SECURITY", "");
    place(&file, "table/0/name", "public.users", "");
}

#[test]
fn sql_errors_lose_one_statement_only() {
    let (_, facts) = read("a.sql", "GRANT;\nGRANT x ON y;\nCREATE ROLE a SUPERUSER;\n/* open\n");
    let one = "a grant that cannot be read; the other statements were analysed";
    let two = "a quote or comment that does not end; the other statements were analysed";
    assert_eq!(troubles(&facts), [one, one, two]);
    assert_eq!(shown(&facts), "{role: [{name: \"a\", options: [\"SUPERUSER\"]}]}");
    assert_eq!(shown(&read("b.sql", "SELECT 1; INSERT INTO t VALUES ('a');").1), "");
}

#[test]
fn nginx_directives() {
    let text = "user root;\nhttp {\n  server {\n    listen 443 ssl; # why\n    add_header X-Frame-Options \"DENY\" always;\n    location ~ ^/a { proxy_pass http://${up}; }\n    location / { return 200; }\n  }\n}\n";
    assert_eq!(
        tree("site.conf", text),
        "{user: [{args: [\"root\"]}], http: [{server: [{listen: [{args: [\"443\", \"ssl\"]}], add_header: [{args: [\"X-Frame-Options\", \"DENY\", \"always\"]}], location: [{args: [\"~\", \"^/a\"], proxy_pass: [{args: [\"http://${up}\"]}]}, {args: [\"/\"], return: [{args: [\"200\"]}]}]}]}]}"
    );
    let file = read("site.conf", text);
    place(&file, "http/0/server/0/add_header/0/args/1", "\"DENY\"", "");
    place(&file, "http/0/server/0/listen/0", "listen 443 ssl", "");
    place(&file, "http/0/server/0/location/1", "location / { return 200; }", "");
}

#[test]
fn nginx_and_other_conf_files() {
    for other in ["[a]\nb = c\n", "port 6379\nrequirepass x\n", "", "{\"a\": [1]}", "<VirtualHost>\n}\n"] {
        let (_, facts) = read("other.conf", other);
        assert!(facts.documents.is_empty() && facts.troubles.is_empty(), "{other}");
    }
    let (_, facts) = read("nginx.conf", "server {\n listen 80\n}\nserver { listen 81;\n");
    assert_eq!(
        troubles(&facts),
        [
            "a directive without `;`; the rest was analysed",
            "a block that is not closed; what is in it was analysed"
        ]
    );
    assert_eq!(shown(&facts), "{server: [{}, {listen: [{args: [\"81\"]}]}]}");
    let (_, facts) = read("nginx.conf", &format!("server {}{}", "{ a ".repeat(9000), "}".repeat(9000)));
    assert_eq!(facts.troubles.len(), 1);
}

#[test]
fn shell_settings_and_commands() {
    let text = "#!/bin/sh\nexport A=1 B=\"two $A\"\nTOKEN='s3 cret' # why\nURL=${URL:-http://x}\nNOW=$(date)\ncurl -k \\\n  https://x # no\nif [ -z \"$A\" ]; then\nfi\ncat <<EOF\nC=3\nEOF\nPGPASSWORD=x psql -c \"a\nb\"\n# authlint: allow x\n";
    let (source, facts) = read("a.sh", text);
    assert!(facts.troubles.is_empty());
    assert_eq!(
        shown(&facts),
        "{A: \"1\", B: join(\"two \" + A), TOKEN: \"s3 cret\", URL: either(URL | \"http://x\"), NOW: ?, PGPASSWORD: \"x\", commands: [\"NOW=$(date)\", \"curl -k    https://x # no\", \"if [ -z \\\"$A\\\" ]; then\", \"cat <<EOF\", \"PGPASSWORD=x psql -c \\\"a\\nb\\\"\"]}"
    );
    assert_eq!(facts.settings.len(), 6);
    assert_eq!(source.slice(facts.settings[1].span), "B");
    assert_eq!(facts.notes.len(), 1);
    let file = (source, facts);
    place(&file, "TOKEN", "'s3 cret'", "TOKEN='s3 cret'");
    place(&file, "commands/1", "curl -k \\\n  https://x # no", "");
    let (_, facts) = read("a.sh", "cat <<EOF\nA=1\n");
    assert_eq!(troubles(&facts), ["a heredoc that does not end with EOF; its lines were read as commands"]);
    assert_eq!(shown(&facts), "{A: \"1\", commands: [\"cat <<EOF\"]}");
}

#[test]
fn pem_files() {
    let text = "note\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\n";
    let file = read("a.pem", text);
    place(&file, "kind", "RSA PRIVATE KEY", "");
    place(&file, "text", text, "");
    assert!(read("a.key", "nothing").1.documents.is_empty());
}

#[test]
fn long_files_take_linear_time() {
    let many = |s: &str| s.repeat(100_000 / s.len());
    for part in [
        "'",
        "\"",
        "${",
        "$(",
        "`",
        "<<A\n",
        "/*",
        "$$ ",
        "$a$",
        "{ ",
        "} ",
        "RUN <<A\n",
        "\\\n",
        "COPY [\"",
        "GRANT (",
        "a = <<A\n",
        "x {\n",
        "x = \"${",
        "A=\"$(",
        "((",
        "\\'",
        "'\\",
        "[a",
        "authlint\"#",
    ] {
        for path in FILES {
            let started = std::time::Instant::now();
            let text = many(part);
            read(path, &text);
            assert!(started.elapsed().as_secs() < 10, "{path} of {part:?} took {:?}", started.elapsed());
        }
    }
}

/// An escape before lines that hold nothing, to the end or up to something else.
#[test]
fn dockerfile_escapes_before_empty_lines_end() {
    for text in ["RUN a \\\n\n\n", "RUN a\\\n \n\nb", "RUN \\\n\n\n# c\n", "A \\\n\r\n\n \\\n\n"] {
        read("Dockerfile", text);
    }
}

const FILES: &[&str] = &["a.tf", "Dockerfile", "a.sql", "nginx.conf", "a.sh", "a.pem"];

/// Pieces that the formats give a meaning to, so that random text goes deep.
const PIECES: &str = "(FROM |RUN |ENV |ARG |COPY --from=|<<EOF|\nEOF\n|\\\\\n|\\$\\{|\\$\\(|\\}|\\{|\\[|\\]|\\(|\\)|\"|'|`|;|=|,|#|--|/\\*|\\*/|GRANT |CREATE ROLE |PASSWORD |POLICY |USING \\(|TO |ON |WITH |IDENTIFIED BY |\\$\\$|server |location |listen |resource |variable |locals |default|var\\.|local\\.|export |A=|:-|\n|\r\n| |é|😀|\\PC|-----BEGIN |a|1)";

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_text_never_panics(pieces in prop::collection::vec(PIECES, 0..60), other in "\\PC{0,200}") {
        for path in FILES {
            read(path, &pieces.concat());
            read(path, &other);
        }
    }
}
