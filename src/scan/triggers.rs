//! The words that make a file worth lowering: by its syntax, because a page speaks of certain files only.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::lower::{SYNTAXES, syntax_of};
use crate::prefilter::Prefilter;
use crate::rulebook::Rulebook;
use crate::rulebook::check::Judgement;
use crate::rulebook::model::{FileModel, Model};
use crate::source::{Ecosystem, Str};

/// Words by syntax, and the automata of those that a scan meets.
pub struct Triggers {
    words: BTreeMap<&'static str, BTreeSet<Str>>,
    filters: BTreeMap<&'static str, OnceLock<Prefilter>>,
    /// The words of checks that look at each file by itself.
    local: BTreeSet<Str>,
    following: BTreeMap<&'static str, OnceLock<Prefilter>>,
    /// Files that pages name by their place.
    placed: Vec<(Ecosystem, FileModel)>,
}

impl Triggers {
    /// The words of the checks, and else the modules and words of the pages whose events a check judges.
    pub fn new(book: &Rulebook) -> Self {
        let mut everywhere: BTreeSet<Str> = BTreeSet::new();
        let mut judged: BTreeSet<&str> = BTreeSet::new();
        for check in &book.checks {
            everywhere.extend(check.words.iter().cloned());
            match &check.judgement {
                _ if !check.words.is_empty() => {}
                Judgement::When(when) => judged.extend(when.on.iter().map(|c| c.name)),
                Judgement::Analysis(_, on) => judged.extend(on.iter().map(|c| c.name)),
                Judgement::Builtin => {}
            }
        }
        // What registers routes, guards them and looks callers up makes the inventory.
        let names = crate::concepts::CONCEPTS.iter().map(|c| c.name);
        judged.extend(names.filter(|n| n.starts_with("http.") && *n != "http.call" || *n == "identity.read"));
        everywhere.insert("authlint".into());
        let mut words: BTreeMap<&str, BTreeSet<Str>> = BTreeMap::new();
        for syntax in SYNTAXES {
            let code = syntax.ecosystem != Ecosystem::None;
            let own = words.entry(syntax.name).or_default();
            own.extend(everywhere.iter().cloned());
            if code {
                own.extend(crate::recognize::requests::WORDS.map(Str::from));
                own.extend(crate::recognize::cookies::WORDS.map(Str::from));
            }
            for model in &book.models {
                let speaks = match (model.ecosystem, model.formats.is_empty()) {
                    (Ecosystem::None, true) => true,
                    (Ecosystem::None, false) => model.formats.iter().any(|f| f == syntax.name),
                    (ecosystem, _) => ecosystem == syntax.ecosystem,
                };
                if speaks {
                    own.extend(of_page(model, &judged));
                }
            }
            own.remove("");
        }
        let filters = words.keys().map(|name| (*name, OnceLock::new())).collect();
        let following = words.keys().map(|name| (*name, OnceLock::new())).collect();
        let placed = book.models.iter().flat_map(|m| m.files.iter().map(|f| (m.ecosystem, f.clone())));
        Self { words, filters, local: everywhere, following, placed: placed.collect() }
    }

    /// Is it a file that counts because of where it stands?
    fn is_placed(&self, path: &str, ecosystem: Ecosystem) -> bool {
        self.placed.iter().any(|(e, files)| *e == ecosystem && files.may_be(path))
    }

    pub fn admits(&self, path: &str, text: &str) -> bool {
        let Some(syntax) = syntax_of(path) else { return false };
        if self.is_placed(path, syntax.ecosystem) {
            return true;
        }
        let words = || self.words.get(syntax.name).into_iter().flatten().map(Str::as_str);
        let filter = self.filters.get(syntax.name);
        filter.is_none_or(|f| f.get_or_init(|| Prefilter::new(words())).admits(text))
    }

    /// Does a file name a library that a check speaks of, so that what it imports counts too?
    pub fn follows(&self, path: &str, text: &str) -> bool {
        let Some(syntax) = syntax_of(path) else { return false };
        if self.is_placed(path, syntax.ecosystem) {
            return true;
        }
        let words = || {
            let all = self.words.get(syntax.name).into_iter().flatten();
            all.filter(|w| !self.local.contains(*w)).map(Str::as_str)
        };
        let filter = self.following.get(syntax.name);
        filter.is_none_or(|f| f.get_or_init(|| Prefilter::new(words())).admits(text))
    }

    /// The words of all syntaxes.
    pub fn all(&self) -> BTreeSet<Str> {
        self.words.values().flatten().cloned().collect()
    }
}

fn of_page(model: &Model, judged: &BTreeSet<&str>) -> BTreeSet<Str> {
    let mut out = BTreeSet::new();
    let variables = model.variables.iter().filter(|v| judged.contains(v.concept.name));
    out.extend(variables.flat_map(|v| v.names.iter().cloned()));
    out.extend(model.directives.iter().map(|d| d.text.clone()));
    out.extend(model.credentials.iter().filter(|c| !c.public).flat_map(|c| c.starts.iter().cloned()));
    let settings = model.settings.iter().map(|s| s.concept);
    let writes = model.writes.iter().map(|w| w.concept);
    let concepts = model.calls.iter().filter_map(|c| c.concept).chain(settings).chain(writes);
    let mut concepts = concepts.chain(model.files.iter().map(|f| f.concept));
    if !concepts.any(|c| judged.contains(c.name)) && model.operations.is_empty() {
        return out;
    }
    out.extend(model.words.iter().cloned());
    if model.formats.is_empty() {
        out.extend(model.settings.iter().filter_map(|s| s.key.split('.').next().map(Str::new)));
    }
    let modules = model.modules.iter().filter(|_| !model.package.is_empty());
    out.extend(modules.flat_map(|m| naming(model.ecosystem, m)));
    out
}

/// How a file can name a module: its name alone stands in too many texts when it is short.
fn naming(ecosystem: Ecosystem, module: &str) -> Vec<Str> {
    let forms: &[(&str, &str)] = match ecosystem {
        Ecosystem::Npm => &[("\"", "\""), ("'", "'"), ("`", "`"), ("\"", "/"), ("'", "/")],
        _ if module.len() > 8 => &[("", "")],
        Ecosystem::PyPi => &[("import ", ""), ("from ", ""), (", ", ""), ("", ".")],
        Ecosystem::Crates => &[("use ", ""), ("crate ", ""), ("", "::"), ("{", ""), (", ", "")],
        Ecosystem::None => &[("", "")],
    };
    forms.iter().map(|(before, after)| format!("{before}{module}{after}").into()).collect()
}
