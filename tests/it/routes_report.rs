//! Reports of endpoints: every format, with hand-made inventories and characters that nobody expects.

use std::time::Duration;

use authlint::config;
use authlint::endpoint::declared::{Declarations, apply, mark};
use authlint::endpoint::survey::Survey;
use authlint::endpoint::{Answer, Does, Endpoint, Guard, GuardKind, Input, InputFrom, Inventory};
use authlint::finding::{Coverage, Evidence, Problem, ProblemKind, Strength, Timing};
use authlint::report::Options;
use authlint::report::routes::{Format, SCHEMA, proposal, render};
use authlint::source::{FileId, Source, Span};
use serde_json::Value;

pub const APP: &str = "\
// authlint: public - anybody may ask
app.get('/health', health)
app.get('/users', listUsers)
app.delete('/users/:id', requireUser, requireAdmin, removeUser)
app.post('/notes', authGate, addNote) // authlint: public
const requireUser = (req, res, next) => next(req.actor.id)
";

pub fn span(text: &str, file: u32) -> Span {
    let start = APP.find(text).unwrap_or(0);
    Span::new(FileId(file), start, start + text.len())
}

pub fn guard(name: &str, does: Does) -> Guard {
    let evidence = Evidence {
        span: span("req.actor.id", 0),
        text: "reads who calls".into(),
        strength: Strength::Stated,
    };
    Guard {
        name: name.into(),
        span: span(name, 0),
        kind: GuardKind::Middleware,
        does,
        function: None,
        exempts: Vec::new(),
        evidence: vec![evidence],
        strength: Strength::Stated,
    }
}

pub fn does(authentication: Answer, role: Answer) -> Does {
    Does { authentication, role, ..Does::default() }
}

pub fn endpoint(method: &str, path: &str, handler: &str, guards: Vec<Guard>) -> Endpoint {
    let all = guards.iter().fold(Does::default(), |all, guard| all.and(guard.does));
    Endpoint {
        method: method.into(),
        path: path.into(),
        place: span(handler, 0),
        registered: span(handler, 0),
        handler: handler.into(),
        function: None,
        framework: "tiny".into(),
        condition: None,
        guards,
        inputs: Vec::new(),
        effects: Default::default(),
        router: None,
        authentication: all.authentication,
        role: all.role,
        scope: all.scope,
        ownership: Answer::Na,
        public: None,
    }
}

pub fn survey(endpoints: Vec<Endpoint>) -> Survey {
    Survey {
        sources: vec![Source::new(FileId(0), "src/app.ts", APP)],
        inventory: Inventory { endpoints, ..Inventory::default() },
        coverage: Coverage { seen: 3, analysed: 2, irrelevant: 1, ..Coverage::default() },
        timings: vec![Timing { stage: "walk", time: Duration::from_millis(2) }],
        elapsed: Duration::from_millis(12),
        ..Survey::default()
    }
}

/// One of each sort.
pub fn shop() -> Survey {
    let user = || guard("requireUser", does(Answer::Yes, Answer::No));
    let mut remove = endpoint(
        "DELETE",
        "/users/{id}",
        "removeUser",
        vec![user(), guard("requireAdmin", does(Answer::No, Answer::Yes))],
    );
    remove.inputs = vec![Input { from: InputFrom::Path, name: "id".into() }];
    remove.ownership = Answer::No;
    let mut add =
        endpoint("POST", "/notes", "addNote", vec![guard("authGate", does(Answer::Unknown, Answer::No))]);
    add.condition = Some("settings.NOTES".into());
    let mut listed = endpoint("GET", "…/notes/{rest*}", "listUsers", vec![]);
    listed.authentication = Answer::Optional;
    let mut health = endpoint("GET", "/health", "health", vec![]);
    health.public = Some(Evidence {
        span: span("// authlint", 0),
        text: "a comment says that it is public".into(),
        strength: Strength::Stated,
    });
    let mut survey =
        survey(vec![listed, health, add, endpoint("ANY", "/users", "listUsers", vec![]), remove]);
    survey.inventory.problems.push(Problem {
        kind: ProblemKind::Route,
        path: "src/app.ts".into(),
        span: Some(span("app.post", 0)),
        message: "the path of `app.post` is worked out at run time".into(),
    });
    survey.problems.push(Problem {
        kind: ProblemKind::Syntax,
        path: "src/b|d.ts".into(),
        span: None,
        message: "a part did not parse".into(),
    });
    survey
}

/// Everything that a format could stumble over.
fn odd() -> Survey {
    let long = format!("/api/{}/{{id}}", "a-very-long-part/".repeat(12));
    let name = "=cmd|'x'!A1`</script>{{rows}}\u{1b}[31m\u{202e}\"\r\n@all";
    let mut first = endpoint("GET", &long, name, vec![guard(name, does(Answer::Yes, Answer::Unknown))]);
    first.condition = Some("a | b && `c`".into());
    let mut second = endpoint("POST", "/日本語/{名前}", "<b>\\|x", vec![]);
    second.inputs = vec![
        Input { from: InputFrom::Query, name: "-1+1".into() },
        Input { from: InputFrom::Header, name: "Authorization".into() },
    ];
    survey(vec![first, second, endpoint("QUERY", "me", "=1+1", vec![]), endpoint("", "", "", vec![])])
}

fn options() -> Options {
    Options::default()
}

fn text(format: Format, survey: &Survey) -> String {
    render(format, survey, false, &options())
}

#[test]
fn the_table_begins_with_what_is_open() {
    insta::assert_snapshot!(text(Format::Human, &shop()));
}

#[test]
fn only_what_nobody_guards() {
    insta::assert_snapshot!(render(Format::Human, &shop(), true, &options()));
}

#[test]
fn an_empty_inventory_says_what_was_looked_at() {
    insta::assert_snapshot!(text(Format::Human, &survey(vec![])));
    for (name, format) in Format::ALL {
        assert!(!text(format, &survey(vec![])).is_empty(), "{name}");
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for survey in [shop(), odd()] {
        for (width, unicode) in [(60, true), (80, false), (100, true), (160, true)] {
            let options = Options { width, unicode, ..options() };
            let text = render(Format::Human, &survey, false, &options);
            for line in text.lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
                assert!(!line.contains(['\u{1b}', '\u{202e}', '\r']), "{line:?}");
            }
        }
    }
    let narrow = Options { width: 60, unicode: false, color: true, ..options() };
    let text = render(Format::Human, &shop(), false, &narrow);
    assert!(
        text.contains("\u{1b}[1;31mno\u{1b}[0m") && text.contains(".../notes/") && !text.contains('…'),
        "{text}"
    );
    let quiet = Options { quiet: true, ..options() };
    assert!(!render(Format::Human, &shop(), false, &quiet).contains("endpoints"));
    let timed = Options { timings: true, ..options() };
    assert!(render(Format::Human, &shop(), false, &timed).contains("walk"));
}

#[test]
fn json_keeps_to_its_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let validator = jsonschema::validator_for(&schema).unwrap();
    for survey in [shop(), odd(), survey(vec![])] {
        let json: Value = serde_json::from_str(&text(Format::Json, &survey)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(text(Format::Json, &survey), text(Format::Json, &survey));
    }
    let mut json: Value = serde_json::from_str(&text(Format::Json, &shop())).unwrap();
    assert_eq!(json["endpoints"][4]["guards"][1]["does"]["role"], "yes");
    assert_eq!(json["endpoints"][4]["line"], 4);
    assert_eq!(json["endpoints"][2]["condition"], "settings.NOTES");
    assert_eq!(json["problems"][0]["line"], 5);
    json["endpoints"][0]["authentication"] = "maybe".into();
    assert!(!validator.is_valid(&json));
    insta::assert_snapshot!(render(
        Format::Json,
        &survey(vec![shop().inventory.endpoints.remove(4)]),
        false,
        &options()
    ));
}

/// The records of a text after RFC 4180.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut all, mut record, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quoted, c) {
            (true, '"') if chars.peek() == Some(&'"') => cell.push(chars.next().unwrap()),
            (_, '"') => quoted = !quoted,
            (false, ',') => record.push(std::mem::take(&mut cell)),
            (false, '\r') => assert_eq!(chars.peek(), Some(&'\n')),
            (false, '\n') => {
                record.push(std::mem::take(&mut cell));
                all.push(std::mem::take(&mut record));
            }
            (_, c) => cell.push(c),
        }
    }
    assert!(record.is_empty() && cell.is_empty() && !quoted);
    all
}

#[test]
fn csv_is_read_back_and_computes_nothing() {
    for survey in [shop(), odd()] {
        let records = records(&text(Format::Csv, &survey));
        assert_eq!(records.len(), survey.inventory.endpoints.len() + 1);
        for record in &records {
            assert_eq!(record.len(), records[0].len());
            for cell in record {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
            }
        }
    }
    let odd = records(&text(Format::Csv, &odd()));
    assert!(
        odd[1][7].starts_with("'=cmd|'x'!A1`</script>{{rows}}") && odd[1][7].contains("\"\r\n@all"),
        "{odd:?}"
    );
    insta::assert_snapshot!(text(Format::Csv, &shop()).replace("\r\n", "\n"));
}

#[test]
fn markdown_rows_have_as_many_cells_as_the_head() {
    for survey in [shop(), odd()] {
        let text = text(Format::Markdown, &survey);
        for line in text.lines().filter(|line| line.starts_with('|')) {
            let bars = line.replace("\\|", "").matches('|').count();
            assert_eq!(bars, 9, "{line}");
        }
        assert!(!text.contains(['\u{1b}', '\u{202e}']));
        let rendered = pulldown_cmark::Parser::new_ext(&text, pulldown_cmark::Options::ENABLE_TABLES);
        for event in rendered {
            let is_html =
                matches!(event, pulldown_cmark::Event::Html(_) | pulldown_cmark::Event::InlineHtml(_));
            assert!(!is_html, "{event:?}");
        }
    }
    insta::assert_snapshot!(text(Format::Markdown, &shop()));
}

#[test]
fn the_page_needs_nothing_else_and_runs_nothing_of_the_project() {
    for survey in [shop(), odd(), survey(vec![])] {
        let page = text(Format::Html, &survey);
        assert_eq!(page.matches("<script").count(), 1);
        assert_eq!(page.matches("</script").count(), 1);
        assert_eq!(page.matches("<tr").count(), survey.inventory.endpoints.len() + 1);
        assert!(!page.contains("http://") && !page.contains("https://") && !page.contains(" src="));
        assert!(page.contains("default-src 'none'") && page.contains("prefers-color-scheme: dark"));
        assert!(!page.contains("<b>") && !page.contains('\u{202e}'));
    }
    let page = text(Format::Html, &odd());
    // Braces of the project are not those of the frame.
    assert!(page.contains("=cmd|&#39;x&#39;!A1`&lt;/script&gt;{{rows}}"), "{page}");
    let page = text(Format::Html, &shop());
    assert!(page.contains("<tr class=\"open\">") && page.contains("<code>requireAdmin</code>"));
}

#[test]
fn openapi_has_what_the_format_asks_for() {
    for survey in [shop(), odd(), survey(vec![])] {
        let api: Value = serde_json::from_str(&text(Format::OpenApi, &survey)).unwrap();
        assert_eq!(api["openapi"], "3.1.0");
        assert!(api["info"]["title"].is_string() && api["info"]["version"].is_string());
        let mut ids = std::collections::BTreeSet::new();
        for (path, item) in api["paths"].as_object().unwrap() {
            assert!(path.starts_with('/'), "{path}");
            for (method, operation) in item.as_object().unwrap() {
                let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
                assert!(methods.contains(&method.as_str()), "{method}");
                assert!(ids.insert(operation["operationId"].as_str().unwrap().to_string()));
                assert!(operation["responses"].is_object() && operation["x-authlint"].is_object());
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                let in_path: Vec<&str> = parameters
                    .iter()
                    .filter(|p| p["in"] == "path" && p["required"] == true)
                    .map(|p| p["name"].as_str().unwrap())
                    .collect();
                let names: Vec<&str> =
                    path.split('{').skip(1).map(|part| part.split('}').next().unwrap()).collect();
                assert_eq!(in_path, names, "{path}");
                for scheme in operation["security"].as_array().into_iter().flatten() {
                    for name in scheme.as_object().unwrap().keys() {
                        assert!(api["components"]["securitySchemes"][name].is_object());
                    }
                }
            }
        }
    }
    let api: Value = serde_json::from_str(&text(Format::OpenApi, &shop())).unwrap();
    let remove = &api["paths"]["/users/{id}"]["delete"];
    assert_eq!(remove["operationId"], "delete_users_id");
    assert_eq!(remove["security"][0]["authenticated"], serde_json::json!([]));
    assert_eq!(remove["x-authlint"]["guards"][1]["name"], "requireAdmin");
    assert_eq!(api["paths"]["/users"].as_object().unwrap().len(), 5, "ANY is every usual method");
    assert_eq!(api["paths"]["/users"]["patch"]["x-authlint"]["method"], "ANY");
    assert_eq!(api["paths"]["/users"]["get"]["security"], serde_json::json!([]));
    assert!(
        api["paths"]["/notes"]["post"].get("security").is_none(),
        "nothing is said where nothing is known"
    );
    assert_eq!(api["x-authlint"]["unplaced"][0]["path"], "…/notes/{rest*}");
}

#[test]
fn a_second_route_of_one_address_is_kept() {
    let other =
        endpoint("GET", "/a/{other}", "two", vec![guard("requireUser", does(Answer::Yes, Answer::No))]);
    let all = survey(vec![
        endpoint("GET", "/a/{id}", "one", vec![]),
        other,
        endpoint("POST", "/a/{x}", "three", vec![]),
    ]);
    let api: Value = serde_json::from_str(&text(Format::OpenApi, &all)).unwrap();
    let paths = api["paths"].as_object().unwrap();
    assert_eq!(paths.keys().collect::<Vec<_>>(), ["/a/{id}"]);
    assert_eq!(paths["/a/{id}"]["get"]["x-authlint"]["also"][0]["handler"], "two");
    assert_eq!(paths["/a/{id}"]["post"]["parameters"][0]["name"], "id");
}

// ---- what a project declares

fn declared(text: &str) -> Declarations {
    Declarations { whole: true, ..config::parse(text, "authlint.toml").unwrap().declarations }
}

fn problems(survey: &Survey) -> Vec<&str> {
    survey.inventory.problems.iter().map(|p| p.message.as_str()).collect()
}

#[test]
fn declarations_are_laid_over_what_was_found() {
    let mut survey = shop();
    survey.inventory.problems.clear();
    let settings = "public = [\"GET /users\", \"/**/notes/**\"]\nprincipal = [\"req.actor.id\"]\n\
                    [[guard]]\nname = \"authGate\"\nauthentication = true\n\
                    [[guard]]\nname = \"requireAdmin\"\nauthentication = false\n";
    apply(&mut survey.inventory, &declared(settings), &survey.sources);
    let by = |path: &str| survey.inventory.endpoints.iter().find(|e| e.path == path).unwrap();
    assert_eq!(by("/notes").authentication, Answer::Yes);
    assert_eq!(
        by("/notes").guards[0].evidence[0].text,
        "`[[guard]]` in authlint.toml (line 4) says what it does"
    );
    assert_eq!((by("/users/{id}").authentication, by("/users/{id}").role), (Answer::Yes, Answer::No));
    assert_eq!(
        by("…/notes/{rest*}").public.as_ref().unwrap().text,
        "`public` in authlint.toml names it (/**/notes/**)"
    );
    // What answers every method is not public because GET is.
    assert!(by("/users").public.is_none());
    assert_eq!(by("/health").public.as_ref().unwrap().text, "a comment says that it is public");
    assert_eq!(
        problems(&survey),
        ["line 1: `public` names `GET /users`, and no endpoint is like it: did you mean `ANY /users`?"]
    );
}

#[test]
fn what_is_declared_in_vain_is_said_when_everything_was_read() {
    let settings = "public = [\"/helth\"]\nprincipal = [\"ctx.caller\"]\nowner = [\"tenant_id\"]\n\
                    [[guard]]\nname = \"requireUsr\"\nauthentication = true\n";
    let mut survey = shop();
    survey.inventory.problems.clear();
    let part = Declarations { whole: false, ..declared(settings) };
    apply(&mut survey.inventory, &part, &survey.sources);
    assert!(problems(&survey).is_empty());
    apply(&mut survey.inventory, &declared(settings), &survey.sources);
    assert_eq!(
        problems(&survey),
        [
            "line 1: `public` names `/helth`, and no endpoint is like it: did you mean `/health`?",
            "line 5: `[[guard]]` speaks of `requireUsr`, which stands before no endpoint: mend it or take it out",
            "line 2: `principal` names `ctx.caller`, which no file that was read holds: mend it or take it out",
            "line 3: `owner` names `tenant_id`, which no file that was read holds: mend it or take it out",
        ]
    );
}

#[test]
fn comments_make_endpoints_public() {
    let facts = authlint::lower::lower(&Source::new(FileId(0), "src/app.ts", APP)).unwrap();
    let mut survey = shop();
    for endpoint in &mut survey.inventory.endpoints {
        endpoint.public = None;
    }
    survey.inventory.problems.clear();
    // A handler may be defined elsewhere: the line of its registration counts as well.
    survey.inventory.endpoints[1].place = span("const requireUser", 0);
    mark(&mut survey.inventory, &[(FileId(0), facts.notes.clone())], &survey.sources);
    let public: Vec<(&str, &str)> = survey
        .inventory
        .endpoints
        .iter()
        .filter_map(|e| Some((e.path.as_str(), e.public.as_ref()?.text.as_str())))
        .collect();
    assert_eq!(
        public,
        [
            ("/health", "a comment says that it is public: anybody may ask"),
            ("/notes", "a comment says that it is public"),
        ]
    );
    assert!(survey.inventory.problems.is_empty());
    mark(&mut Inventory::default(), &[(FileId(0), facts.notes.clone())], &survey.sources);
    let mut empty = Inventory::default();
    mark(&mut empty, &[(FileId(0), facts.notes)], &survey.sources);
    assert_eq!(empty.problems.len(), 2);
    assert!(empty.problems[0].message.contains("stands at no endpoint"));
}

// ---- a first settings file

#[test]
fn a_proposal_is_a_settings_file_and_says_why() {
    let mut all = shop();
    all.inventory.endpoints.extend([
        endpoint("POST", "/api/v1/login", "login", vec![]),
        endpoint("POST", "/webhooks/pay", "paid", vec![]),
        endpoint("POST", "/log\"in/\\login", "odd", vec![]),
        endpoint("GET", "/api/users/{id}/status", "status", vec![]),
    ]);
    for (n, path) in
        ["tests/fixtures/a/b.ts", "tests/fixtures/c.ts", "vendor [1]/vendor/x.py"].iter().enumerate()
    {
        all.sources.push(Source::new(FileId(n as u32 + 1), *path, ""));
    }
    let text = proposal::render(&all);
    insta::assert_snapshot!(text);
    let config = config::parse(&text, "authlint.toml").unwrap();
    assert_eq!(config.strict, Some(false));
    assert_eq!(config.exclude, ["/tests/fixtures/", "/vendor \\[1\\]/vendor/"]);
    // It proposes what it says: the endpoint is public by it.
    let declared = Declarations { whole: true, ..config.declarations };
    apply(&mut all.inventory, &declared, &all.sources);
    assert!(all.inventory.endpoints.iter().any(|e| e.path == "/api/v1/login" && e.public.is_some()));
    // What is commented out is right as well, once the marks are taken away.
    let whole: String = text
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.starts_with(['[']) || rest.contains(" = ") => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let config = config::parse(&whole, "authlint.toml").unwrap_or_else(|e| panic!("{e}\n{whole}"));
    assert_eq!(config.declarations.guards[0].what.name, "authGate");
    for survey in [odd(), survey(vec![])] {
        let text = proposal::render(&survey);
        config::parse(&text, "authlint.toml").unwrap_or_else(|e| panic!("{e}\n{text}"));
    }
}
