//! A first `authlint.toml` for a project, with the reason beside each line. Proposes from words of
//! addresses and folders: whether it is right is for the reader to say, and so it is written for one.

use std::collections::{BTreeMap, BTreeSet};

use crate::endpoint::survey::Survey;
use crate::endpoint::{Answer, Endpoint};
use crate::source::Str;

use super::{one_line, place_text, totals_text};

/// Last words of an address, and why an endpoint of that name is usually open.
const STEPS: &[(&[&str], &str)] = &[
    (&["login", "signin", "sign-in", "log-in"], "callers log in here, so nobody is known yet"),
    (&["register", "signup", "sign-up"], "callers get their account here"),
    (
        &[
            "forgot-password",
            "reset-password",
            "password-reset",
            "verify-email",
            "confirm-email",
            "magic-link",
        ],
        "callers who cannot log in come here; a secret from their mail must be checked",
    ),
    (&["refresh", "token", "authorize", "callback", "oauth", "oidc", "sso"], "part of a login protocol"),
];

/// First words of an address, after such as `/api/v1`.
const TOPS: &[(&[&str], &str)] = &[
    (
        &[
            "health",
            "healthz",
            "healthcheck",
            "health-check",
            "ready",
            "readyz",
            "readiness",
            "live",
            "livez",
            "liveness",
            "ping",
            "heartbeat",
        ],
        "monitoring asks without credentials",
    ),
    (&["status", "version"], "says what runs; see that it names nothing that helps an attacker"),
    (
        &[
            "docs",
            "redoc",
            "swagger",
            "swagger-ui",
            "api-docs",
            "openapi.json",
            "openapi.yaml",
            "swagger.json",
        ],
        "documentation of the interface",
    ),
    (
        &[".well-known", "jwks", "jwks.json", "robots.txt", "sitemap.xml", "favicon.ico", "manifest.json"],
        "published by a standard",
    ),
    (&["static", "assets"], "files of the user interface"),
];

/// The same for what is open only when something else is checked.
const SIGNED: &[&str] = &["webhook", "webhooks", "hook", "hooks", "ipn"];

/// Folders whose code is not what runs.
const FOLDERS: &[(&[&str], &str)] = &[
    (
        &[
            "fixtures",
            "__fixtures__",
            "testdata",
            "test-data",
            "mocks",
            "__mocks__",
            "snapshots",
            "__snapshots__",
        ],
        "data and doubles of tests",
    ),
    (&["vendor", "third_party", "third-party"], "other people's code"),
    (&["generated", "__generated__"], "written by a program"),
    (&["examples", "samples"], "shown, not deployed"),
];

/// How many guards are proposed; the rest is named as a number.
const GUARDS: usize = 20;

pub fn render(survey: &Survey) -> String {
    let mut out = String::from(
        "# Settings of authlint for this project, proposed by `authlint init`.\n\
         # `authlint schema` prints the shape; every key is optional. Read each line: it was proposed from names.\n",
    );
    out += &format!("# Seen: {}.\n\n", totals_text(&survey.totals()));
    out += "# \"strict\" also reports advice and what the analysis is not sure of. Begin with the default, and change it\n\
            # when its findings are mended.\nprofile = \"default\"\n";
    out += &excluded(survey);
    out += &public(survey);
    out += "\n# Where the code keeps who calls, and which fields of records say whose they are, when that is not found by\n\
            # itself:\n# principal = [\"req.actor.id\"]\n# owner = [\"owner_id\", \"tenant_id\"]\n";
    out += &guards(survey);
    out
}

fn excluded(survey: &Survey) -> String {
    let mut found: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    for source in &survey.sources {
        let mut folders: Vec<&str> = source.path.split('/').collect();
        folders.pop();
        let known = folders.iter().enumerate().find_map(|(n, part)| {
            let lower = part.to_lowercase();
            let (_, why) = FOLDERS.iter().find(|(names, _)| names.contains(&lower.as_str()))?;
            Some((n, *why))
        });
        if let Some((n, why)) = known {
            found.entry(format!("/{}/", folders[..=n].join("/"))).or_insert((0, why)).0 += 1;
        }
    }
    if found.is_empty() {
        return String::new();
    }
    let mut out = String::from("\n# Folders whose code is not what runs.\nexclude = [\n");
    for (folder, (count, why)) in found {
        let files = if count == 1 { "1 file".to_string() } else { format!("{count} files") };
        out += &format!("  {}, # {why}; {files}\n", quoted(&glob(&folder)));
    }
    out + "]\n"
}

/// A folder's name may have characters that mean something in a glob.
fn glob(folder: &str) -> String {
    let mut out = String::new();
    for c in folder.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn public(survey: &Survey) -> String {
    let open: Vec<&Endpoint> = survey.inventory.endpoints.iter().filter(|e| is_sayable(e)).collect();
    let mut certain: BTreeMap<String, &str> = BTreeMap::new();
    let mut signed: BTreeSet<String> = BTreeSet::new();
    let mut rest = 0;
    for endpoint in open {
        match why_open(&endpoint.path) {
            _ if words(&endpoint.path).any(|word| SIGNED.contains(&word.as_str())) => {
                signed.insert(endpoint.name());
            }
            Some(why) => {
                certain.insert(endpoint.name(), why);
            }
            None => rest += 1,
        }
    }
    let mut out = String::from(
        "\n# Endpoints that are open on purpose. Everything else without authentication is reported.\n",
    );
    if certain.is_empty() && signed.is_empty() {
        out += "# public = [\"GET /status\", \"/docs/**\"]\n";
    } else {
        out += "public = [\n";
        for (name, why) in certain {
            out += &format!("  {}, # {why}\n", quoted(&name));
        }
        for name in signed {
            out += &format!(
                "  # {}, # called by another service: take the first # away once its signature is checked\n",
                quoted(&name)
            );
        }
        out += "]\n";
    }
    if rest > 0 {
        let (others, are) = if rest == 1 { ("other endpoint", "is") } else { ("other endpoints", "are") };
        out += &format!(
            "# {rest} {others} without authentication {are} not named here: `authlint routes --unprotected` shows them.\n"
        );
    }
    out
}

/// Open, not yet said to be public, and with an address that a setting can name.
fn is_sayable(endpoint: &Endpoint) -> bool {
    endpoint.is_unprotected()
        && !endpoint.path.contains('…')
        && crate::endpoint::address::Pattern::parse(&endpoint.name())
            .is_ok_and(|pattern| pattern.fits(endpoint))
}

fn words(path: &str) -> impl Iterator<Item = String> {
    path.split('/').filter(|part| !part.is_empty()).map(str::to_lowercase)
}

fn why_open(path: &str) -> Option<&'static str> {
    let parts: Vec<String> = words(path).map(|word| word.replace('_', "-")).collect();
    let known = |word: &String, list: &[(&[&str], &'static str)]| {
        list.iter().find(|(names, _)| names.contains(&word.as_str())).map(|(_, why)| *why)
    };
    let is_rest = |part: &String| part.ends_with("*}");
    let is_parameter = |part: &&String| part.contains('{') && !is_rest(part);
    let is_prefix = |part: &&String| {
        let version = part.strip_prefix('v').is_some_and(|n| n.chars().all(|c| c.is_ascii_digit()));
        version || matches!(part.as_str(), "api" | "rest")
    };
    let below: Vec<&String> = parts.iter().skip_while(is_prefix).collect();
    // `/docs/a/b`, but not `/status/{id}`.
    let top = below.first().filter(|_| !below.iter().any(is_parameter));
    // `/reset-password/{token}`, but not `/login/history`.
    let ends = parts.iter().rev().enumerate().find(|(n, part)| *n > 1 || !part.contains('{'));
    let step = ends.filter(|(_, part)| !part.contains('{')).and_then(|(_, part)| known(part, STEPS));
    step.or_else(|| top.and_then(|part| known(part, TOPS)))
}

/// Guards that could not be read, the most frequent first.
fn guards(survey: &Survey) -> String {
    let mut found: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for endpoint in &survey.inventory.endpoints {
        let unknown = endpoint.guards.iter().filter(|guard| {
            [guard.does.authentication, guard.does.role, guard.does.scope].contains(&Answer::Unknown)
        });
        let names: BTreeMap<String, &crate::endpoint::Guard> =
            unknown.filter_map(|guard| Some((bare_name(&guard.name)?, guard))).collect();
        for (name, guard) in names {
            let place = place_text(survey, guard.span);
            found.entry(name).or_insert_with(|| (0, one_line(&place))).0 += 1;
        }
    }
    if found.is_empty() {
        return String::new();
    }
    let mut sorted: Vec<(String, (usize, String))> = found.into_iter().collect();
    sorted.sort_by(|a, b| b.1.0.cmp(&a.1.0).then_with(|| a.0.cmp(&b.0)));
    let mut out = String::from(
        "\n# Guards that could not be read. Say what they do, and take the # away: `true` when a request without\n\
         # credentials (a role, a scope) is stopped there, `false` when it goes on.\n",
    );
    let more = sorted.len().saturating_sub(GUARDS);
    for (name, (count, place)) in sorted.into_iter().take(GUARDS) {
        let endpoints = if count == 1 { "1 endpoint".to_string() } else { format!("{count} endpoints") };
        out += &format!(
            "\n# before {endpoints}, first at {place}\n# [[guard]]\n# name = {}\n# authentication = true\n",
            quoted(&name)
        );
    }
    if more > 0 {
        out += &format!("\n# and {more} more\n");
    }
    out
}

/// `requireUser` of `@requireUser("x")`; the innermost name of `Depends(get_user)`.
fn bare_name(written: &str) -> Option<String> {
    let plain = |text: &str| -> bool {
        let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | ':');
        !text.is_empty()
            && text.chars().all(inside)
            && text.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$')
    };
    let mut text = written.trim().trim_start_matches('@').trim();
    while let Some((before, after)) = text.split_once('(') {
        let inner = after.trim_end().strip_suffix(')').unwrap_or(after).trim();
        match plain(inner) {
            true => text = inner,
            false => {
                text = before.trim();
                break;
            }
        }
    }
    plain(text).then(|| text.to_string())
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let text: Str = one_line(text).into();
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_at_the_end_tell_what_an_endpoint_is_for() {
        assert!(why_open("/api/v1/login").is_some());
        assert!(why_open("/auth/forgot_password").is_some());
        assert!(why_open("/oauth/{provider}/callback").is_some());
        assert!(why_open("/.well-known/a/b/c").is_some());
        assert!(why_open("/reset-password/{token}").is_some());
        assert!(why_open("/api/health/db").is_some());
        assert!(why_open("/static/{rest*}").is_some());
        assert!(why_open("/login/history").is_none());
        assert!(why_open("/orders/{id}/status").is_none());
        assert!(why_open("/status/{id}").is_none());
        assert!(why_open("/users/{id}").is_none());
        assert!(why_open("/").is_none());
    }

    #[test]
    fn guards_are_named_without_their_arguments() {
        assert_eq!(bare_name("@auth.required(\"x\", y)").as_deref(), Some("auth.required"));
        assert_eq!(bare_name("Depends(get_current_user)").as_deref(), Some("get_current_user"));
        assert_eq!(bare_name("(req, res) => {}"), None);
    }
}
