//! What a project says of its endpoints because it cannot be read from them: which are public on
//! purpose, what a guard does, who the caller is, whose a record is. Knows neither the settings
//! file's shape nor who asks.

use super::address::Pattern;
use super::{Answer, Does, Endpoint, Guard, Inventory};
use crate::facts::Note;
use crate::finding::{Evidence, Problem, ProblemKind, Strength};
use crate::source::{FileId, Source, Span, Str};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declarations {
    /// The settings file, as messages call it.
    pub file: Str,
    /// Everything that the file speaks of is read, so that what it says in vain can be told.
    pub whole: bool,
    pub public: Vec<Declared<Pattern>>,
    pub guards: Vec<Declared<DeclaredGuard>>,
    /// Expressions that hold who calls: `req.actor.id`.
    pub principals: Vec<Declared<Str>>,
    /// Fields that hold whose a record is: `owner_id`.
    pub owners: Vec<Declared<Str>>,
}

/// Something that is declared, and the line (from 1) of the settings file that says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Declared<T> {
    pub what: T,
    pub line: u32,
}

/// What a function, decorator or type does to a request.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredGuard {
    /// As calls write it, maybe with its object: `requireUser`, `auth.required`.
    pub name: Str,
    /// The file that defines it, when another of the name means something else.
    pub file: Option<Str>,
    pub does: Does,
}

impl DeclaredGuard {
    /// Is it what the source writes (`requireUser`, `Depends(requireUser)`, `@auth.required("x")`)?
    /// `defined_in` is the path of the file that defines it, when the project does.
    pub fn is(&self, written: &str, defined_in: Option<&str>) -> bool {
        let by_file = self.file.as_deref().is_none_or(|file| {
            // The one is relative to the settings file, the other to where the reader stands.
            let ends = |long: &str, short: &str| {
                long.strip_suffix(short).is_some_and(|before| before.is_empty() || before.ends_with('/'))
            };
            let file = file.trim_start_matches("./");
            defined_in.is_some_and(|path| ends(path, file) || ends(file, path))
        });
        by_file && has_name(&without_texts(written), &self.name)
    }
}

/// Does the name stand there as a whole: not as a part of a longer word, nor of another object's member?
fn has_name(text: &str, name: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    !name.is_empty()
        && text.match_indices(name).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + name.len()..]);
            !before.ends_with(inside) && !after.starts_with(inside)
        })
}

/// Without what stands between quotes: an argument may be called like a guard.
fn without_texts(written: &str) -> String {
    let mut open = None;
    let mut out = String::new();
    for c in written.chars() {
        match (open, c) {
            (None, '"' | '\'' | '`') => open = Some(c),
            (None, c) => out.push(c),
            (Some(quote), c) if c == quote => open = None,
            _ => {}
        }
    }
    out
}

/// Lays what is declared over what was found, and says what was declared in vain.
pub fn apply(inventory: &mut Inventory, declared: &Declarations, sources: &[Source]) {
    let mut used = vec![false; declared.guards.len()];
    for endpoint in &mut inventory.endpoints {
        let mut changed = false;
        for guard in &mut endpoint.guards {
            let file = guard.function.and_then(|(file, _)| sources.get(file.0 as usize));
            let file = file.map(|source| source.path.as_str());
            let known = declared.guards.iter().rposition(|d| d.what.is(&guard.name, file));
            if let Some(n) = known {
                used[n] = true;
                changed |= declare(guard, &declared.guards[n], &declared.file);
            }
        }
        if changed {
            answer(endpoint);
        }
    }
    let mut vain = Vec::new();
    for pattern in &declared.public {
        let mut fits = false;
        for endpoint in inventory.endpoints.iter_mut().filter(|e| pattern.what.fits(e)) {
            fits = true;
            let text = format!("`public` in {} names it ({})", declared.file, pattern.what.written());
            let span = endpoint.registered;
            endpoint.public.get_or_insert(Evidence { span, text, strength: Strength::Stated });
        }
        if !fits {
            let near = nearest(pattern.what.written(), &inventory.endpoints);
            let what = format!("`public` names `{}`, and no endpoint is like it", pattern.what.written());
            vain.push((pattern.line, what, near));
        }
    }
    for (guard, _) in declared.guards.iter().zip(used).filter(|(_, used)| !used) {
        let what = format!("`[[guard]]` speaks of `{}`, which stands before no endpoint", guard.what.name);
        vain.push((guard.line, what, None));
    }
    let lists = [("principal", &declared.principals), ("owner", &declared.owners)];
    for (key, list) in lists {
        for one in list.iter().filter(|one| !is_written_anywhere(&one.what, sources)) {
            vain.push((
                one.line,
                format!("`{key}` names `{}`, which no file that was read holds", one.what),
                None,
            ));
        }
    }
    // A part of a project need not have what the whole has.
    if declared.whole {
        inventory.problems.extend(vain.into_iter().map(|(line, what, near)| Problem {
            kind: ProblemKind::Route,
            path: declared.file.clone(),
            span: None,
            message: format!("line {line}: {what}: {}", near.unwrap_or("mend it or take it out".into())),
        }));
    }
}

/// Did it say something new?
fn declare(guard: &mut Guard, declared: &Declared<DeclaredGuard>, file: &str) -> bool {
    if guard.does == declared.what.does {
        return false;
    }
    guard.does = declared.what.does;
    guard.strength = Strength::Stated;
    let text = format!("`[[guard]]` in {file} (line {}) says what it does", declared.line);
    guard.evidence = vec![Evidence { span: guard.span, text, strength: Strength::Stated }];
    true
}

/// What all guards together do.
fn answer(endpoint: &mut Endpoint) {
    let does = endpoint.guards.iter().fold(Does::default(), |all, guard| all.and(guard.does));
    for (answer, now) in [
        (&mut endpoint.authentication, does.authentication),
        (&mut endpoint.role, does.role),
        (&mut endpoint.scope, does.scope),
    ] {
        if *answer != Answer::Na {
            *answer = now;
        }
    }
}

fn nearest(written: &str, endpoints: &[Endpoint]) -> Option<String> {
    let has_method = written.contains(' ');
    let name = |e: &Endpoint| if has_method { e.name() } else { e.path.to_string() };
    endpoints
        .iter()
        .map(|e| (strsim::normalized_damerau_levenshtein(written, &name(e)), name(e)))
        .filter(|(nearness, _)| *nearness > 0.69)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)))
        .map(|(_, near)| format!("did you mean `{near}`?"))
}

/// Do all words of an expression stand in one file?
fn is_written_anywhere(expression: &str, sources: &[Source]) -> bool {
    let words: Vec<&str> =
        expression.split(['.', '?', '(', ')', '[', ']']).filter(|w| !w.is_empty()).collect();
    sources.iter().any(|source| words.iter().all(|word| has_name(&source.text, word)))
}

/// `authlint: public` in comments, on or above the line of a handler or of its registration.
pub fn mark(inventory: &mut Inventory, notes: &[(FileId, Vec<Note>)], sources: &[Source]) {
    for (file, note) in notes.iter().flat_map(|(file, notes)| notes.iter().map(move |note| (*file, note))) {
        let Some(source) = sources.get(file.0 as usize) else { continue };
        let problem = |message: String| Problem {
            kind: ProblemKind::Route,
            path: source.path.clone(),
            span: Some(note.span),
            message,
        };
        let Some(reason) = public_reason(&note.text) else {
            if let Some(word) = nearly_public(&note.text) {
                let message = format!(
                    "`authlint: {word}` is not understood, so nothing is public by it: write `authlint: public`"
                );
                inventory.problems.push(problem(message));
            }
            continue;
        };
        let lines = note.lines(source);
        let here = |span: Span| span.file == file && lines.contains(&source.line(span.start));
        let mut fits = false;
        for endpoint in inventory.endpoints.iter_mut().filter(|e| here(e.place) || here(e.registered)) {
            fits = true;
            let text = match reason.is_empty() {
                true => "a comment says that it is public".to_string(),
                false => format!("a comment says that it is public: {reason}"),
            };
            endpoint.public = Some(Evidence { span: note.span, text, strength: Strength::Stated });
        }
        if !fits {
            let message = "`authlint: public` stands at no endpoint: put it on or above the line of a handler, or \
                           of the registration of its route";
            inventory.problems.push(problem(message.into()));
        }
    }
}

/// What follows `authlint: public`, in one line; none when the comment says something else.
fn public_reason(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches("*/").trim_end_matches("-->");
    let rest = text.strip_prefix("authlint:")?.trim_start().strip_prefix("public")?;
    if rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '[' | '(')) {
        return None;
    }
    let words: Vec<&str> = rest.split_whitespace().collect();
    Some(words.join(" ").trim_start_matches([':', '-', '–', '—', ',', ' ']).to_string())
}

/// The word of a comment that was meant to say it.
fn nearly_public(text: &str) -> Option<&str> {
    let after = text.trim().strip_prefix("authlint")?;
    let rest = after.trim_start_matches([':', ' ', '=', '-', '@']);
    let word = &rest[..rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())];
    // `authlint publishes a report` is prose.
    let is_order = after.trim_start().starts_with([':', '=', '-', '@']) || word.len() == rest.len();
    let near = is_order && strsim::damerau_levenshtein(&word.to_lowercase(), "public") <= 2;
    (near && !word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(name: &str, file: Option<&str>) -> DeclaredGuard {
        DeclaredGuard { name: name.into(), file: file.map(Str::new), does: Does::default() }
    }

    #[test]
    fn a_guard_is_told_by_its_whole_name() {
        let named = guard("requireUser", None);
        for written in ["requireUser", "Depends(requireUser)", "@requireUser('a')", "auth.requireUser()"] {
            assert!(named.is(written, None), "{written}");
        }
        for written in ["requireUsers", "_requireUser", "log('requireUser')", ""] {
            assert!(!named.is(written, None), "{written}");
        }
        let filed = guard("check", Some("src/auth.ts"));
        assert!(filed.is("check", Some("api/src/auth.ts")));
        assert!(filed.is("check", Some("auth.ts")));
        assert!(!filed.is("check", Some("xsrc/auth.ts")));
        assert!(!filed.is("check", None));
    }

    #[test]
    fn a_comment_says_public_at_its_beginning() {
        assert_eq!(public_reason(" authlint: public "), Some(String::new()));
        assert_eq!(public_reason("authlint: public - a health check"), Some("a health check".into()));
        assert_eq!(public_reason("authlint:public: docs */"), Some("docs".into()));
        assert_eq!(public_reason("authlint: publicly"), None);
        assert_eq!(public_reason("write `authlint: public` here"), None);
        assert_eq!(public_reason("authlint: ignore[a] public"), None);
        assert_eq!(nearly_public("authlint: Public"), Some("Public"));
        assert_eq!(nearly_public("authlint public"), Some("public"));
        assert_eq!(nearly_public("authlint: ignore[a] public"), None);
        assert_eq!(nearly_public("authlint public pages are fine"), None);
    }
}
