//! Is a text a credential? By the name it goes by, by its looks, by what it is not. Pages say which
//! names and looks there are.

use std::borrow::Cow;

use crate::event::{Known, RoleValue};
use crate::rulebook::model::{Checksum, CredentialModel, Model, NameModel};
use crate::source::Str;

use super::words;

/// What pages know of names and of texts.
#[derive(Debug, Default)]
pub struct Credentials<'a> {
    names: Vec<&'a NameModel>,
    formats: Vec<&'a CredentialModel>,
}

/// How a text stands as a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    /// Empty, a template, a form to fill in, a word that says it is none.
    Nothing,
    /// A short or common word: somebody may use it, or it is no secret at all.
    Weak,
    /// Long or mixed enough that nobody writes it for another reason.
    Strong,
}

impl<'a> Credentials<'a> {
    pub fn new(models: &'a [Model]) -> Self {
        Self {
            names: models.iter().flat_map(|m| &m.names).collect(),
            formats: models.iter().flat_map(|m| &m.credentials).collect(),
        }
    }

    /// Is a name of one of these kinds?
    pub fn is_of(&self, name: &str, kinds: &[Str]) -> bool {
        let parts = name_words(name);
        let speaks = |list: &[Vec<String>]| list.iter().any(|wanted| has_words(&parts, wanted));
        let anywhere = self.names.iter().filter(|n| n.beside.is_empty());
        anywhere.filter(|n| kinds.contains(&n.kind)).any(|n| speaks(&n.words) && !speaks(&n.not))
    }

    /// Do the other names of a record say that what goes by this name is meant to be seen?
    pub fn is_public_beside<'n>(&self, name: &str, others: impl Iterator<Item = &'n str>) -> bool {
        let parts = name_words(name);
        let speaks = |list: &[Vec<String>]| list.iter().any(|wanted| has_words(&parts, wanted));
        let told = |n: &&&NameModel| n.kind == "public" && speaks(&n.words) && !speaks(&n.not);
        let wanted: Vec<&Vec<String>> = self.names.iter().filter(told).flat_map(|n| &n.beside).collect();
        !wanted.is_empty() && others.map(name_words).any(|other| wanted.iter().any(|w| has_words(&other, w)))
    }

    /// The kind of credential that a text is by its looks, proven by its checksum where it has one.
    pub fn format(&self, text: &str) -> Option<(&'a CredentialModel, std::ops::Range<usize>)> {
        self.formats.iter().find_map(|f| {
            if !f.starts.is_empty() && !f.starts.iter().any(|s| text.contains(s.as_str())) {
                return None;
            }
            let found = f.pattern.0.find_iter(text).find(|m| match f.checksum {
                Some(Checksum::Crc32Base62) => crc32_base62(m.as_str()),
                None => true,
            })?;
            Some((*f, found.range()))
        })
    }

    /// Does it look like something that may be seen: a publishable key, the hash of a password?
    pub fn is_public(&self, text: &str) -> bool {
        self.format(text).is_some_and(|(format, _)| format.public)
    }

    /// Has a text the form of a credential that somebody uses?
    pub fn is_credential(&self, text: &str) -> bool {
        self.format(text).is_some_and(|(format, range)| {
            let text = &text[range];
            let inner = format.pattern.0.captures(text).and_then(|c| c.get(1)).map_or(text, |m| m.as_str());
            !format.public && !is_template(inner) && !is_form(inner) && !is_alphabet(inner)
        })
    }

    /// Does a role's value go by a name of one of these kinds?
    pub fn holds(&self, role: &str, known: &Known, kinds: &[Str]) -> bool {
        if role == "name" {
            return known.text.as_ref().is_some_and(|t| self.is_of(t, kinds));
        }
        known.labels.iter().chain(&known.keys).any(|l| self.is_of(l, kinds))
            || known.outside.as_ref().is_some_and(|n| self.is_of(n, kinds))
    }

    /// Is a text a real credential, as far as its looks tell?
    pub fn worth(&self, text: &str) -> Worth {
        match self.format(text) {
            Some((format, range)) if format.public || is_alphabet(&text[range.clone()]) => {
                return Worth::Nothing;
            }
            Some(_) => return Worth::Strong,
            None => {}
        }
        worth(text)
    }
}

/// All values of a role that can be judged.
pub fn values(role: Option<&RoleValue>) -> &[Known] {
    role.map_or(&[], |r| r.values.as_slice())
}

fn name_words(name: &str) -> Vec<String> {
    let mut out = words(name);
    for word in &mut out {
        let short = word.trim_end_matches(|c: char| c.is_ascii_digit());
        if !short.is_empty() && short.len() < word.len() {
            *word = short.to_string();
        }
    }
    out
}

/// The words stand in a row, or as one word without a break between them.
fn has_words(parts: &[String], wanted: &[String]) -> bool {
    if wanted.is_empty() {
        return false;
    }
    let whole: Cow<str> = match wanted {
        [one] => Cow::Borrowed(one),
        more => Cow::Owned(more.concat()),
    };
    parts.windows(wanted.len()).any(|w| w == wanted) || parts.iter().any(|p| *p == *whole)
}

/// Words of texts that stand where a credential will be put.
const FORMS: &[&str] = &[
    "demo",
    "your",
    "example",
    "sample",
    "placeholder",
    "dummy",
    "fake",
    "insert",
    "todo",
    "fixme",
    "redacted",
    "replace",
    "changeit",
    "enter",
    "somesecret",
    "xxxx",
    "none",
    "null",
    "undefined",
    "notset",
    "unset",
    "empty",
    "optional",
    "removed",
    "hidden",
    "masked",
    "mock",
    "fill",
    "put",
    "provide",
    "set",
    "here",
    "generate",
    "generated",
    "random",
];

pub fn worth(text: &str) -> Worth {
    let text = text.trim();
    let lower = text.to_lowercase();
    let count = text.chars().count();
    if count < 3
        || is_template(text)
        || text.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '.' | '-' | '_' | '?' | ' '))
        || text.chars().all(|c| c.is_ascii_alphabetic() && text.starts_with(c))
        || ["EXAMPLE", "EXAMPLEKEY"].iter().any(|end| text.ends_with(end))
        || matches!(lower.as_str(), "localhost" | "127.0.0.1" | "0.0.0.0" | "::1")
    {
        return Worth::Nothing;
    }
    let parts = words(text);
    if lower.contains("changeme")
        || lower.contains("change-me")
        || lower.contains("change_me")
        || lower.contains("change this")
    {
        return Worth::Weak;
    }
    // Words count in what reads like words; `x7Yyour9q` is not a form.
    let readable = count < 60
        && parts.iter().filter(|w| w.chars().all(|c| c.is_ascii_alphabetic())).count() * 2 >= parts.len();
    if readable && parts.iter().any(|w| FORMS.contains(&w.as_str())) {
        return Worth::Nothing;
    }
    // An alphabet that others are drawn from: no character stands in it twice.
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if letters.len() == count && count >= 26 {
        return Worth::Nothing;
    }
    let mixed = text.chars().any(|c| c.is_ascii_digit()) && text.chars().any(|c| c.is_ascii_alphabetic());
    let spaces = text.split_whitespace().count();
    match (count, mixed) {
        // A sentence: a label, an error, a hint.
        _ if spaces > 3 => Worth::Nothing,
        (16.., true) if entropy(text) > 3.2 => Worth::Strong,
        (32.., _) if entropy(text) > 3.2 => Worth::Strong,
        _ => Worth::Weak,
    }
}

/// `${X}`, `{{ x }}`, `<x>`, `%(x)s`, `$X`, `@x@`: something else is put there.
pub fn is_template(text: &str) -> bool {
    let open = [("${", "}"), ("{{", "}}"), ("<%", "%>"), ("#{", "}"), ("$(", ")"), ("%(", ")")];
    open.iter().any(|(a, b)| text.find(a).is_some_and(|i| text[i..].contains(b)))
        || text.starts_with('<') && text.ends_with('>')
        || text.starts_with('{') && text.ends_with('}')
        || text.starts_with('[') && text.ends_with(']')
        || text.starts_with('$')
            && text.len() > 1
            && text[1..].chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        || text.starts_with("__") && text.ends_with("__")
        || text.starts_with('%') && text.ends_with('%')
}

/// Documentation of a format: the words of the parts of a URL.
pub fn is_form(text: &str) -> bool {
    // `[:password]`, `<secret>`.
    let lower = text.trim_matches(|c| "[]<>{}()".contains(c)).to_lowercase();
    ["example", "your", "xxx", "***", "...", "placeholder", "changeme", "redacted", "fake", "dummy"]
        .iter()
        .any(|w| lower.contains(w))
        || matches!(
            lower.as_str(),
            "password"
                | "pass"
                | "passwd"
                | "pwd"
                | "secret"
                | "token"
                | "p"
                | "s"
                | "x"
                | "pass123"
                | "passw0rd"
                | "key"
        )
}

/// The password in an address, or the text itself.
pub fn password_of(text: &str) -> &str {
    let login = text.split_once("://").and_then(|(_, rest)| rest.split_once('@')).map(|(login, _)| login);
    login.map_or(text, |login| login.split_once(':').map_or(login, |(_, password)| password))
}

/// A password that is no secret to anybody: a common word, the name of the user or the database beside it. Of an
/// address: one whose password is its user or such a word, at a host that only neighbours know.
pub fn is_throwaway(text: &str, beside: &[String]) -> bool {
    if let Some((scheme, rest)) = text.split_once("://") {
        let Some((login, place)) = rest.split_once('@') else { return false };
        let host = place.split([':', '/', '?', ',']).next().unwrap_or_default();
        let (user, password) = login.split_once(':').unwrap_or(("", login));
        return !scheme.starts_with("http")
            && !host.contains('.')
            && !password.contains(':')
            && (password == user || is_throwaway(password, &[user.to_lowercase()]));
    }
    let lower = text.trim().to_lowercase();
    let common = |word: &str| {
        matches!(
            word,
            "password"
                | "passwd"
                | "pass"
                | "pw"
                | "secret"
                | "somesecret"
                | "admin"
                | "root"
                | "user"
                | "test"
                | "testing"
                | "testpass"
                | "testpassword"
                | "guest"
                | "example"
                | "sample"
                | "changeme"
                | "change"
                | "me"
                | "changethis"
                | "this"
                | "default"
                | "local"
                | "dev"
                | "development"
                | "demo"
                | "my"
                | "a"
                | "db"
                | "database"
                | "mypassword"
                | "mysecretpassword"
                | "please"
                | "123"
                | "1234"
                | "12345"
                | "123456"
                | "12345678"
                | "qwerty"
        )
    };
    let usual = |word: &str| {
        let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let of = |word: &str| {
            beside.iter().any(|b| b == word)
                || word.strip_suffix("admin").is_some_and(|w| beside.iter().any(|b| b == w))
        };
        common(word) || common(stem) || of(word) || of(stem) && !stem.is_empty()
    };
    let parts = words(text);
    usual(&lower) || !parts.is_empty() && parts.iter().all(|w| usual(w))
}

/// `abcdefghijkl…` or backwards: no issuer hands that out.
fn is_alphabet(text: &str) -> bool {
    let letters: Vec<u8> = text.bytes().map(|b| b.to_ascii_lowercase()).collect();
    let in_row = |step: i16| {
        let next = |w: &[u8]| {
            w[0].is_ascii_lowercase()
                && w[1].is_ascii_lowercase()
                && i16::from(w[1]) - i16::from(w[0]) == step
        };
        letters.windows(12).any(|run| run.windows(2).all(next))
    };
    in_row(1) || in_row(-1)
}

/// Shannon's measure, in bits a character.
pub fn entropy(text: &str) -> f64 {
    let mut counts = std::collections::HashMap::new();
    for c in text.chars() {
        *counts.entry(c).or_insert(0u32) += 1;
    }
    let all = f64::from(counts.values().sum::<u32>().max(1));
    counts.values().map(|n| f64::from(*n) / all).map(|p| -p * p.log2()).sum()
}

/// The last six characters are the CRC-32 of the characters between the prefix and them.
fn crc32_base62(text: &str) -> bool {
    let Some((_, body)) = text.split_once('_') else { return false };
    let body = body.strip_prefix("pat_").unwrap_or(body);
    if body.len() <= 6 || !body.is_ascii() {
        return false;
    }
    let (random, check) = body.split_at(body.len() - 6);
    let digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let number = check.chars().try_fold(0u64, |n, c| digits.find(c).map(|d| n * 62 + d as u64));
    number == Some(u64::from(crc32(random.as_bytes())))
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xEDB8_8320 } else { c >> 1 })
    };
    !bytes.iter().fold(u32::MAX, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_no_secrets() {
        for text in
            ["<your key>", "your-api-key", "${SECRET}", "xxxxxxxx", "", "{{ .Values.x }}", "INSERT_KEY_HERE"]
        {
            assert_eq!(worth(text), Worth::Nothing, "{text}");
        }
        for text in ["ZZZ", "localhost", "127.0.0.1", "k3Jx9QpLm/2VbN8s/T4wYzEXAMPLEKEY"] {
            assert_eq!(worth(text), Worth::Nothing, "{text}");
        }
        assert!(is_alphabet("ghp_abcdefghijklmnopqrstuvwx"));
        assert!(is_alphabet("ghp_zyxwvutsrqponmlkjihgfedc"));
        assert_eq!(worth("hunter2"), Worth::Weak);
        assert_eq!(worth("9f8a7c6b5d4e3f2a1b0c9d8e7f6a5b4c"), Worth::Strong);
    }

    #[test]
    fn checksums_follow_the_published_way() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }
}
