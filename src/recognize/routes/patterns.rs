//! Patterns of paths that are more than prefixes: which addresses they take in. Knows no framework.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use regex::Regex;

/// Stands before a pattern, so that it is not taken for a prefix.
const MARK: char = '\u{4}';

pub fn marked(pattern: &str) -> String {
    format!("{MARK}{pattern}")
}

pub fn is_marked(path: &str) -> bool {
    path.contains(MARK)
}

/// A pattern that can be asked.
struct Pattern {
    whole: Regex,
    /// What the address must not begin with.
    refused: Vec<Regex>,
}

/// The patterns that were met, made once.
#[derive(Default)]
pub struct Patterns {
    known: RefCell<HashMap<String, Option<Rc<Pattern>>>>,
}

impl Patterns {
    /// Does a path, or a pattern that is marked as one, take in an address?
    pub fn reaches(&self, prefix: &str, exact: bool, path: &str) -> bool {
        match prefix.find(MARK) {
            Some(at) => self.takes(&prefix[at + MARK.len_utf8()..], path),
            None => super::path::covers(&super::path::normal(prefix), exact, path),
        }
    }

    pub fn takes(&self, pattern: &str, path: &str) -> bool {
        let mut known = self.known.borrow_mut();
        let made = known.entry(pattern.to_string()).or_insert_with(|| read(pattern).map(Rc::new));
        made.as_ref().is_some_and(|p| p.whole.is_match(path) && !p.refused.iter().any(|r| r.is_match(path)))
    }
}

/// `/((?!api|static).*)`, `/admin/:path*`, `/(a|b)(.*)`: the whole address must fit.
fn read(pattern: &str) -> Option<Pattern> {
    let (pattern, refused) = without_refusals(pattern);
    let whole = Regex::new(&format!("^{}/?$", expression(&pattern))).ok()?;
    let made =
        |(before, what): &(String, String)| Regex::new(&format!("^{}(?:{what})", expression(before))).ok();
    Some(Pattern { whole, refused: refused.iter().filter_map(made).collect() })
}

/// The `(?!…)` of a pattern, with what stands before each, and the pattern without them.
fn without_refusals(pattern: &str) -> (String, Vec<(String, String)>) {
    let mut rest = pattern.to_string();
    let mut out = Vec::new();
    while let Some(at) = rest.find("(?!") {
        let mut depth = 0;
        let inside = rest[at..].char_indices().find(|(_, c)| {
            depth += i32::from(*c == '(') - i32::from(*c == ')');
            depth == 0
        });
        let Some((end, _)) = inside else { break };
        let what = rest[at + 3..at + end].to_string();
        // Only the outermost say what is left out.
        let before = rest[..at].replace('(', "");
        out.push((before, without_refusals(&what).0));
        rest.replace_range(at..=at + end, "");
    }
    (rest, out)
}

/// Names of parameters as what they fit.
fn expression(pattern: &str) -> String {
    let mut out = String::new();
    let chars: Vec<char> = pattern.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        if chars[at] == ':' && at > 0 && chars[at - 1] == '/' {
            let mut end = at + 1;
            while chars.get(end).is_some_and(|c| c.is_alphanumeric() || *c == '_') {
                end += 1;
            }
            match chars.get(end) {
                Some('*') => {
                    if out.ends_with('/') {
                        out.pop();
                    }
                    out.push_str("(?:/.*)?");
                    end += 1;
                }
                Some('+') => {
                    out.push_str(".+");
                    end += 1;
                }
                // A pattern of its own.
                Some('(') => {}
                _ => out.push_str("[^/]+"),
            }
            at = end;
            continue;
        }
        if chars[at] == '.'
            && !matches!(chars.get(at + 1), Some('*' | '+'))
            && (at == 0 || chars[at - 1] != '\\')
        {
            out.push('\\');
        }
        out.push(chars[at]);
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Patterns;

    #[test]
    fn patterns_take_in_whole_addresses() {
        for (pattern, path, wanted) in [
            ("/((?!api|_next/static|favicon.ico).*)", "/api/users", false),
            ("/((?!api|_next/static|favicon.ico).*)", "/dashboard", true),
            ("/admin/:path*", "/admin", true),
            ("/admin/:path*", "/admin/x/y", true),
            ("/admin/:path*", "/administer", false),
            ("/api/:path+", "/api/users/{id}", true),
            ("/(api|trpc)(.*)", "/api/users", true),
            ("/about", "/about/us", false),
            ("/((?!_next|[^?]*\\.(?:html?|css|js(?!on)|png)).*)", "/api/users", true),
            ("/", "/api", false),
        ] {
            assert_eq!(Patterns::default().takes(pattern, path), wanted, "{pattern} {path}");
        }
    }
}
