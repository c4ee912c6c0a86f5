//! A name for a finding that outlives moved lines, edited comments and another layout. Knows no
//! language: comments are told by their looks.
//!
//! FNV-1a with 128 bits (offset basis and prime of the FNV draft, `draft-eastlake-fnv`) over, each
//! followed by a zero byte: `authlint/v1`, the rule, the relative path, the tokens of the place, and
//! how many equal findings stand before it in the file. A change of this recipe needs a new version.

use std::collections::HashMap;

use crate::finding::Finding;
use crate::source::{Source, Str};

/// Fills `fingerprint` of findings that are in their final order.
pub fn assign(findings: &mut [Finding], sources: &[Source]) {
    let mut before: HashMap<(Str, Str, u128), u32> = HashMap::new();
    for finding in findings {
        let Some(source) = super::source(sources, finding.place) else { continue };
        let text = match source.slice(finding.place) {
            "" => source.line_text(source.line(finding.place.start)),
            text => text,
        };
        let tokens = tokens(text);
        let tokens_hash = tokens.iter().fold(Fnv::new(), |hash, t| hash.part(t.as_bytes())).0;
        let count = before.entry((finding.rule.clone(), source.path.clone(), tokens_hash)).or_insert(0);
        let hash = Fnv::new().part(b"authlint/v1").part(finding.rule.as_bytes()).part(source.path.as_bytes());
        let hash =
            tokens.iter().fold(hash, |hash, t| hash.part(t.as_bytes())).part(count.to_string().as_bytes());
        *count += 1;
        finding.fingerprint = format!("{:032x}", hash.0);
    }
}

struct Fnv(u128);

impl Fnv {
    fn new() -> Self {
        Fnv(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    fn bytes(self, bytes: &[u8]) -> Self {
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;
        Fnv(bytes.iter().fold(self.0, |hash, b| (hash ^ u128::from(*b)).wrapping_mul(PRIME)))
    }

    fn part(self, bytes: &[u8]) -> Self {
        self.bytes(bytes).bytes(&[0])
    }
}

/// Words, strings and single signs, without white space, comments, the kind of quotes, and commas
/// that a formatter puts before a closing bracket. A text that is all comment stays as its words.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let comment = comment(rest, before);
        if comment > 0 {
            rest = &rest[comment..];
            before = ' ';
            continue;
        }
        before = c;
        let length = if c.is_whitespace() {
            c.len_utf8()
        } else if let Some(string) = string(rest) {
            tokens.push(format!("\"{}", rest[string.inner.clone()].replace("\r\n", "\n")));
            string.length
        } else {
            let length = match word(c) {
                true => rest.find(|c| !word(c)).unwrap_or(rest.len()),
                false => c.len_utf8(),
            };
            if matches!(c, ')' | ']' | '}') && tokens.last().is_some_and(|t| t == ",") {
                tokens.pop();
            }
            tokens.push(rest[..length].to_owned());
            length
        };
        rest = &rest[length..];
    }
    if tokens.is_empty() {
        return text.split_whitespace().map(str::to_owned).collect();
    }
    tokens
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// The length of the comment that begins here, or 0. A sign inside a word or an address
/// (`http://`, `a#b`, `#[attribute]`) begins none.
fn comment(text: &str, before: char) -> usize {
    if text.starts_with("/*") {
        return text.find("*/").map_or(text.len(), |end| end + 2);
    }
    let after_space = before.is_whitespace();
    let hash = text.starts_with('#') && !text.starts_with("#[") && !text.starts_with("#!") && after_space;
    let slashes = text.starts_with("//") && (after_space || ";,)]}>".contains(before));
    match hash || slashes {
        true => text.find(['\n', '\r']).unwrap_or(text.len()),
        false => 0,
    }
}

struct Quoted {
    length: usize,
    inner: std::ops::Range<usize>,
}

/// The string literal that begins here. A quote without its partner (an apostrophe, a lifetime) is none.
fn string(text: &str) -> Option<Quoted> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    for triple in ["\"\"\"", "'''"] {
        if let Some(inner) = text.strip_prefix(triple) {
            let end = inner.find(triple)?;
            return Some(Quoted { length: end + 6, inner: 3..end + 3 });
        }
    }
    let mut escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' if quote == '\'' => return None,
            c if c == quote => return Some(Quoted { length: i + 1, inner: 1..i }),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fnv_1a_of_the_draft() {
        assert_eq!(Fnv::new().bytes(b"a").0, 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }

    #[test]
    fn layout_and_comments_do_not_count() {
        let plain = tokens("f(a, { b: 'x // y' })");
        assert_eq!(plain, ["f", "(", "a", ",", "{", "b", ":", "\"x // y", "}", ")"]);
        assert_eq!(
            plain,
            tokens("f(\r\n  a, // why\r\n  /* and */ {\r\n    b: \"x // y\", # so\r\n  },\r\n)")
        );
        assert_ne!(plain, tokens("f(a, { b: 'x // z' })"));
        assert_eq!(tokens("x<'a>(b)// c"), ["x", "<", "'", "a", ">", "(", "b", ")"]);
        assert_eq!(tokens("  # only a comment"), ["#", "only", "a", "comment"]);
        assert_eq!(tokens("#[derive(X)]").len(), 7);
        assert_ne!(tokens("ab"), tokens("a b"));
        assert_eq!(tokens("é\"ü"), ["é", "\"", "ü"]);
    }

    #[test]
    fn addresses_are_no_comments() {
        assert_eq!(tokens("URL=http://a/b").last().map(String::as_str), Some("b"));
    }
}
