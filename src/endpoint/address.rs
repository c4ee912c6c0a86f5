//! Addresses made comparable, and patterns of addresses. Knows how people write parameters, no
//! framework and no disk.

use super::Endpoint;
use crate::source::Str;

/// Methods of HTTP.
pub const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY", "WS"];
/// What has a name instead of an address.
pub const FIELDS: &[&str] = &["QUERY", "MUTATION", "SUBSCRIPTION"];

/// The same for addresses that differ in the names of parameters only: `/users/{}`.
pub fn shape(path: &str) -> String {
    let joined = segments(path).join("/");
    // What begins with something unknown need not begin at the top.
    if joined.is_empty() || joined.starts_with('…') { joined } else { format!("/{joined}") }
}

/// The parts between the slashes; `{}` for a parameter, `{*}` for the rest of a path.
fn segments(path: &str) -> Vec<String> {
    path.split('/').filter(|part| !part.is_empty()).map(segment).collect()
}

fn segment(part: &str) -> String {
    let whole = |open: char, close: char| part.strip_prefix(open).and_then(|p| p.strip_suffix(close));
    if let Some(name) = whole('[', ']').map(|name| name.trim_matches(['[', ']'])) {
        return if name.starts_with("...") { "{*}".into() } else { "{}".into() };
    }
    if let Some(name) = whole('<', '>') {
        return if name.starts_with("path:") { "{*}".into() } else { "{}".into() };
    }
    if let Some(name) = part.strip_prefix(':').filter(|name| !name.is_empty()) {
        return if name.ends_with('*') { "{*}".into() } else { "{}".into() };
    }
    // `report-{id}.pdf`: what stands around a parameter counts.
    let mut out = String::new();
    let mut rest = part;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
        out.push_str(&rest[..open]);
        out.push_str(if rest[open..close].ends_with('*') { "{*}" } else { "{}" });
        rest = &rest[close + 1..];
    }
    out + rest
}

/// Which endpoints are meant: `GET /status`, `/docs/**`, `QUERY me`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// None: every method.
    method: Option<Str>,
    path: Vec<String>,
    written: Str,
}

impl Pattern {
    /// What is wrong and what to write instead, when it is no pattern.
    pub fn parse(written: &str) -> Result<Pattern, String> {
        let text = written.trim();
        let (method, path) = match text.split_once(char::is_whitespace) {
            Some((method, path)) => (Some(method), path.trim()),
            None => (None, text),
        };
        let is_field = method.is_some_and(|m| FIELDS.contains(&m));
        if let Some(method) = method.filter(|m| !METHODS.contains(m) && !is_field) {
            let upper = method.to_uppercase();
            let known = METHODS.iter().chain(FIELDS);
            let near = known.clone().find(|m| **m == upper).or_else(|| {
                let nearness = |m: &&&str| strsim::damerau_levenshtein(&upper, m);
                known.min_by_key(nearness).filter(|m| nearness(m) <= 1)
            });
            return Err(match near {
                Some(near) => format!("`{method}` is no method: did you mean \"{near} {path}\"?"),
                None => {
                    format!("`{method}` is no method: write one such as \"GET {path}\", or the path alone")
                }
            });
        }
        if path.contains(char::is_whitespace) {
            return Err("an endpoint is a method, one space and a path: \"GET /status\"".into());
        }
        if !is_field && !path.starts_with('/') {
            let with = method.map_or_else(String::new, |m| format!("{m} "));
            return Err(format!("the path begins with `/`: did you mean \"{with}/{path}\"?"));
        }
        let method = method.map(Str::new);
        let parts = if is_field { vec![path.to_string()] } else { segments(path) };
        Ok(Pattern { method, path: parts, written: text.into() })
    }

    /// As the user wrote it.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Does it mean this endpoint, whatever its unknown parts are? What answers any method is meant
    /// only by a pattern of every method.
    pub fn fits(&self, endpoint: &Endpoint) -> bool {
        let method = endpoint.method.as_str();
        let by_method = self.method.as_deref().is_none_or(|m| m == method || (m, method) == ("GET", "HEAD"));
        let is_field = FIELDS.contains(&method);
        let path = if is_field { vec![endpoint.path.to_string()] } else { segments(&endpoint.path) };
        by_method && is_field == self.is_of_field() && fits(&self.path, &path)
    }

    fn is_of_field(&self) -> bool {
        self.method.as_deref().is_some_and(|m| FIELDS.contains(&m))
    }
}

/// One row of the usual table, so that many `**` cost no more than one.
fn fits(pattern: &[String], path: &[String]) -> bool {
    let mut row: Vec<bool> = (0..=path.len()).map(|n| n == 0).collect();
    for want in pattern {
        let mut next = vec![false; path.len() + 1];
        for n in 0..=path.len() {
            next[n] = match want.as_str() {
                "**" => row[n] || n > 0 && next[n - 1],
                want => n > 0 && row[n - 1] && segment_fits(want, &path[n - 1]),
            };
        }
        row = next;
    }
    row[path.len()]
}

fn segment_fits(want: &str, part: &str) -> bool {
    if want == part {
        return true;
    }
    // What is not known may be several segments.
    if !want.contains('*') || part.contains('…') || part.contains("{*}") || want.contains("{*}") {
        return false;
    }
    let pieces: Vec<&str> = want.split('*').collect();
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return false };
    let Some(mut rest) = part.strip_prefix(first).and_then(|p| p.strip_suffix(last)) else { return false };
    for piece in &pieces[1..pieces.len() - 1] {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_have_no_names() {
        for path in ["/users/{id}/", "/users/:id", "users/<int:id>", "/users/[id]", "//users/{user_id}"] {
            assert_eq!(shape(path), "/users/{}", "{path}");
        }
        assert_eq!(shape("/files/{rest*}"), "/files/{*}");
        assert_eq!(shape("/files/[...rest]"), "/files/{*}");
        assert_eq!(shape("/r-{id}.pdf"), "/r-{}.pdf");
        assert_eq!(shape("/r-{id"), "/r-{id");
        assert_eq!(shape("…/a"), "…/a");
        assert_eq!(shape("/"), "");
    }

    fn matches(pattern: &str, path: &str) -> bool {
        fits(&segments(pattern), &segments(path))
    }

    #[test]
    fn stars_mean_one_segment_or_many() {
        assert!(matches("/docs/**", "/docs"));
        assert!(matches("/docs/**", "/docs/a/{b}"));
        assert!(!matches("/docs/**", "/doc"));
        assert!(!matches("/docs/*", "/docs"));
        assert!(matches("/docs/*", "/docs/{id}"));
        assert!(!matches("/docs/*", "/docs/{rest*}"), "the rest of a path may be longer");
        assert!(matches("/docs/**", "/docs/{rest*}"));
        assert!(!matches("/*/status", "…/status"));
        assert!(matches("/**/status", "…/status"));
        assert!(matches("/users/:id", "/users/{user}"));
        assert!(!matches("/users/{id}", "/users/me"));
        assert!(matches("/*.json", "/openapi.json"));
        assert!(!matches("/aa*aa", "/aaa"));
        assert!(matches("/**/**/**/**/x", "/a/b/c/d/e/f/x"));
        assert!(matches("/", "/"));
        assert!(!matches("/", "/a"));
    }
}
