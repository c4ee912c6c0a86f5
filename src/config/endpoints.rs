//! What `authlint.toml` declares of endpoints: read and checked. Knows the shape of these keys, not
//! what they do to an inventory.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::keys::{GUARD, Key};
use super::{Fault, Word, find, in_order, text_of, unknown, words, wrong};
use crate::endpoint::address::Pattern;
use crate::endpoint::declared::{Declared, DeclaredGuard};
use crate::endpoint::{Answer, Does};
use crate::source::Str;

/// From 1.
fn line(text: &str, range: &Range<usize>) -> u32 {
    let before = text.as_bytes().get(..range.start).unwrap_or_default();
    before.iter().filter(|b| **b == b'\n').count() as u32 + 1
}

pub(super) fn public(
    key: &Key,
    value: &Spanned<DeValue<'_>>,
    text: &str,
) -> Result<Vec<Declared<Pattern>>, Fault> {
    let mut out = Vec::new();
    for word in words(key, value)? {
        let line = line(text, &word.range);
        match Pattern::parse(&word.text) {
            Ok(what) => out.push(Declared { what, line }),
            Err(reason) => return Err(Fault::new("this is no endpoint", word.range, reason)),
        }
    }
    Ok(out)
}

/// Names and expressions, in one word each.
pub(super) fn names(
    key: &Key,
    value: &Spanned<DeValue<'_>>,
    text: &str,
) -> Result<Vec<Declared<Str>>, Fault> {
    let one = |word: Word| match is_one_word(&word.text) {
        true => Ok(Declared { line: line(text, &word.range), what: word.text }),
        false => Err(no_name(word.range, key)),
    };
    words(key, value)?.into_iter().map(one).collect()
}

fn is_one_word(text: &str) -> bool {
    !text.contains(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '\'' | '`' | ','))
}

fn no_name(range: Range<usize>, key: &Key) -> Fault {
    let label = "a name is one word, without parentheses and quotes";
    Fault::new("this is no name", range, label).help(format!("for example\n{}", key.example))
}

pub(super) fn guards(
    key: &Key,
    value: &Spanned<DeValue<'_>>,
    text: &str,
) -> Result<Vec<Declared<DeclaredGuard>>, Fault> {
    let list = value.get_ref().as_array().ok_or_else(|| wrong(key, value))?;
    let mut out = Vec::new();
    for item in list.iter() {
        let table = item.get_ref().as_table().ok_or_else(|| wrong(key, item))?;
        let mut name = None;
        let (mut authentication, mut role, mut scope) = (None, None, None);
        for (word, value) in in_order(table) {
            let key = find(word, GUARD)?;
            let truth = || value.get_ref().as_bool().ok_or_else(|| wrong(key, value));
            match key.name {
                "name" => name = Some((text_of(key, value)?, value.span(), key)),
                "authentication" => authentication = Some(truth()?),
                "role" => role = Some(truth()?),
                "scope" => scope = Some(truth()?),
                _ => return Err(unknown(word, GUARD)),
            }
        }
        let incomplete =
            |label: &str| Fault::new("incomplete guard", item.span(), label).help(key.example.to_string());
        let Some((written, range, name_key)) = name else {
            return Err(incomplete(
                "`name` is missing: say which function or decorator this entry speaks of",
            ));
        };
        if authentication.or(role).or(scope).is_none() {
            return Err(incomplete("say what it does: `authentication`, `role` or `scope`, true or false"));
        }
        let (file, name) = file_and_name(written);
        if name.is_empty() || !is_one_word(name) {
            return Err(no_name(range, name_key));
        }
        let answer = |does: Option<bool>| if does == Some(true) { Answer::Yes } else { Answer::No };
        let does = Does {
            // Who has a role is somebody.
            authentication: answer(authentication.or(Some(role == Some(true) || scope == Some(true)))),
            role: answer(role),
            scope: answer(scope),
            ..Does::default()
        };
        let what = DeclaredGuard { name: name.into(), file: file.map(Str::new), does };
        out.push(Declared { what, line: line(text, &range) });
    }
    Ok(out)
}

/// `src/auth.ts:requireUser`; names may have `::` of their own.
fn file_and_name(written: &str) -> (Option<&str>, &str) {
    let (file, name) = match written.rsplit_once(':') {
        Some((file, name)) if !file.is_empty() && !file.ends_with(':') => match file.split_once("::") {
            None => (Some(file), name),
            Some(_) => (None, written),
        },
        _ => (None, written),
    };
    (file, name.trim_start_matches('@'))
}

#[cfg(test)]
mod tests {
    use super::file_and_name;

    #[test]
    fn a_guard_may_name_its_file() {
        assert_eq!(file_and_name("requireUser"), (None, "requireUser"));
        assert_eq!(file_and_name("@login.required"), (None, "login.required"));
        assert_eq!(file_and_name("src/auth.ts:requireUser"), (Some("src/auth.ts"), "requireUser"));
        assert_eq!(file_and_name("auth::RequireUser"), (None, "auth::RequireUser"));
    }
}
