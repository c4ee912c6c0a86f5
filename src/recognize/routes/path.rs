//! Paths of routes: every framework's way to write them brought to one. Knows no framework.

use crate::source::Str;

/// Two paths in a row.
pub fn join(base: &str, below: &str) -> String {
    let below = below.trim_start_matches('^');
    match (base.trim_end_matches('/'), below.trim_start_matches('/')) {
        ("", "") if below.is_empty() && base.is_empty() => String::new(),
        ("", rest) => format!("/{rest}"),
        (_, "") if below.is_empty() => base.to_string(),
        (base, "") => format!("{base}/"),
        (base, rest) => format!("{base}/{rest}"),
    }
}

/// Parameters as `{name}`, the rest of a path as `{name*}`, what is not known as `…`.
pub fn normal(path: &str) -> Str {
    let path = path.trim().trim_start_matches('^').trim_end_matches('$').trim_end_matches("\\Z");
    let path = path.split_once('?').map_or(path, |(before, after)| {
        // A query behind the path; not the mark of an optional parameter or of a pattern.
        if after.starts_with(['<', '{']) && !before.ends_with('(') { before } else { path }
    });
    let mut out = String::new();
    let chars: Vec<char> = path.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        match c {
            '<' | '{' | '[' => {
                let close = match c {
                    '<' => '>',
                    '{' => '}',
                    _ => ']',
                };
                let mut depth = 0;
                let end = chars[at..].iter().position(|x| {
                    depth += i32::from(*x == c) - i32::from(*x == close);
                    depth == 0
                });
                let Some(end) = end.map(|e| at + e) else {
                    out.push(c);
                    at += 1;
                    continue;
                };
                let inner: String = chars[at + 1..end].iter().collect();
                out.push_str(&parameter(inner.trim_matches(['[', ']'])));
                at = end + 1;
                while chars.get(at) == Some(&']') {
                    at += 1;
                }
            }
            '(' if chars.get(at + 1) == Some(&'?') => {
                let (text, next) = group(&chars, at);
                out.push_str(&text);
                at = next;
            }
            ':' if at == 0 || matches!(chars[at - 1], '/' | '-' | '.' | '~' | '@') => {
                let mut end = at + 1;
                while chars.get(end).is_some_and(|c| c.is_alphanumeric() || *c == '_') {
                    end += 1;
                }
                let name: String = chars[at + 1..end].iter().collect();
                if chars.get(end) == Some(&'(') {
                    end = closing(&chars, end) + 1;
                }
                if chars.get(end) == Some(&'{') {
                    // A pattern behind the name: `:id{[0-9]+}`.
                    end = chars[end..].iter().position(|c| *c == '}').map_or(end, |n| end + n + 1);
                }
                let many = matches!(chars.get(end), Some('*' | '+'));
                if matches!(chars.get(end), Some('?' | '*' | '+')) {
                    end += 1;
                }
                out.push_str(&if many { format!("{{{name}*}}") } else { format!("{{{name}}}") });
                at = end;
            }
            '*' => {
                let mut end = at + 1;
                while chars.get(end).is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '*')) {
                    end += 1;
                }
                let name: String = chars[at + 1..end].iter().filter(|c| **c != '*').collect();
                out.push_str(&format!("{{{}*}}", if name.is_empty() { "rest" } else { &name }));
                at = end;
            }
            '\\' => at += 1,
            _ => {
                out.push(c);
                at += 1;
            }
        }
    }
    let mut clean = String::from("/");
    for c in out.chars() {
        if c != '/' || !clean.ends_with('/') {
            clean.push(c);
        }
    }
    clean.into()
}

/// `int:id`, `id:int`, `id`, `...rest`, `*rest`, `path:rest`, `id?`, `rest..`.
fn parameter(inner: &str) -> String {
    let (left, right) = match inner.split_once(':') {
        Some((a, b)) => (a.trim(), Some(b.trim())),
        None => (inner.trim(), None),
    };
    let kinds =
        ["int", "str", "string", "uuid", "slug", "path", "float", "any", "number", "ulid", "uint", "date"];
    let (name, kind) = match right {
        // The converter stands before the name, or behind it.
        Some(right) if kinds.contains(&left) || left.contains('(') => (right, left),
        Some(right) => (left, right),
        None => (left, ""),
    };
    let many = name.starts_with("...")
        || name.starts_with('*')
        || name.ends_with("..")
        || name.ends_with('*')
        || kind == "path"
        || kind.contains(".*");
    let name: String = name.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-')).collect();
    if many { format!("{{{name}*}}") } else { format!("{{{name}}}") }
}

/// `(?P<id>[0-9]+)`, `(?:…)`: a named part of a pattern.
fn group(chars: &[char], at: usize) -> (String, usize) {
    let end = closing(chars, at);
    let inner: String = chars[at + 1..end].iter().collect();
    let named = inner.strip_prefix("?P<").or_else(|| inner.strip_prefix("?<"));
    let text = match named.and_then(|n| n.split_once('>')) {
        Some((name, _)) => format!("{{{name}}}"),
        None => "…".into(),
    };
    (text, end + 1)
}

/// The bracket that closes the one at `at`; the end when none does.
fn closing(chars: &[char], at: usize) -> usize {
    let mut depth = 0;
    for (i, c) in chars.iter().enumerate().skip(at) {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return i;
                }
            }
            _ => {}
        }
    }
    chars.len().saturating_sub(1).max(at)
}

/// Does something registered for `prefix` also run for `path`? Both are normal.
pub fn covers(prefix: &str, exact: bool, path: &str) -> bool {
    let segments =
        |p: &str| -> Vec<String> { p.split('/').filter(|s| !s.is_empty()).map(str::to_lowercase).collect() };
    let (wanted, given) = (segments(prefix), segments(path));
    let many = |s: &String| s.ends_with("*}") || s == "…";
    for (i, part) in wanted.iter().enumerate() {
        if many(part) {
            return true;
        }
        match given.get(i) {
            None => return false,
            Some(g) if part == g || part.starts_with('{') || many(g) => {}
            Some(_) => return false,
        }
    }
    !exact || wanted.len() == given.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_framework_writes_parameters_its_own_way() {
        for (written, wanted) in [
            ("/users/:id", "/users/{id}"),
            ("/users/:id(\\d+)/x", "/users/{id}/x"),
            ("users/<int:id>/", "/users/{id}/"),
            ("/a/{id:int}", "/a/{id}"),
            ("/a/{p:path}", "/a/{p*}"),
            ("/a/<path:p>", "/a/{p*}"),
            ("/a/[id]/[...rest]", "/a/{id}/{rest*}"),
            ("/a/[[...rest]]", "/a/{rest*}"),
            ("/a/*", "/a/{rest*}"),
            ("/a/*splat", "/a/{splat*}"),
            ("/a/{*rest}", "/a/{rest*}"),
            ("^users/(?P<pk>[0-9]+)/$", "/users/{pk}/"),
            ("//a///b", "/a/b"),
            ("", "/"),
            ("/a/<file..>", "/a/{file*}"),
            ("/orders/<id>?<page>", "/orders/{id}"),
            ("/:id{[0-9]+}", "/{id}"),
        ] {
            assert_eq!(normal(written), wanted, "{written}");
        }
    }

    #[test]
    fn paths_join_with_one_slash() {
        for (base, below, wanted) in [
            ("/api", "/x", "/api/x"),
            ("/api/", "x", "/api/x"),
            ("", "x", "/x"),
            ("/api", "", "/api"),
            ("/api/", "", "/api/"),
            ("/api", "/", "/api/"),
        ] {
            assert_eq!(join(base, below), wanted);
        }
    }

    #[test]
    fn a_prefix_ends_at_a_segment() {
        assert!(covers("/admin", false, "/admin/x"));
        assert!(!covers("/admin", false, "/adminx"));
        assert!(!covers("/admin", true, "/admin/x"));
        assert!(covers("/admin/{rest*}", false, "/admin"));
        assert!(covers("/", false, "/x"));
        assert!(covers("/u/{id}", false, "/u/7/y"));
    }
}
