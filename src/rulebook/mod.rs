//! Pages to models and checks, validated. Knows the words of `concepts`, no library and no rule.

pub mod check;
pub mod model;
pub mod page;
mod places;
pub mod read;
pub mod read_check;
pub mod read_entries;
pub mod read_model;
pub mod version;

use crate::source::Ecosystem;

pub use check::Check;
pub use model::Model;
pub use page::{Page, PageError};

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// All models and checks of a run.
#[derive(Clone, Debug, Default)]
pub struct Rulebook {
    pub models: Vec<Model>,
    /// In the order of their ids.
    pub checks: Vec<Check>,
}

/// What a page is, by its path: below `models/npm`, `models/pypi`, `models/crates`, or `checks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Model(Ecosystem),
    Check,
}

pub fn kind_of(path: &str) -> Option<Kind> {
    if path.ends_with("README.md") || !path.ends_with(".md") {
        return None;
    }
    path.split('/').rev().skip(1).find_map(|folder| match folder {
        "npm" => Some(Kind::Model(Ecosystem::Npm)),
        "pypi" => Some(Kind::Model(Ecosystem::PyPi)),
        "crates" => Some(Kind::Model(Ecosystem::Crates)),
        "any" => Some(Kind::Model(Ecosystem::None)),
        "checks" => Some(Kind::Check),
        _ => None,
    })
}

/// The part of a path that names a page: from the folder of its registry on.
fn name_below_registry(path: &str) -> &str {
    let registries = ["npm", "pypi", "crates", "any"];
    let mut at = 0;
    let mut found = path;
    for part in path.split('/') {
        if registries.contains(&part) {
            found = &path[at..];
        }
        at += part.len() + 1;
    }
    found
}

impl Rulebook {
    /// The pages that are part of the program.
    pub fn embedded() -> Result<Rulebook, Box<PageError>> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        let size = PAGES.len().div_ceil(threads).max(1);
        let read = |pages: &[(&str, &str)]| {
            let mut book = Rulebook::default();
            pages.iter().try_for_each(|(path, text)| book.add(path, text)).map(|()| book)
        };
        let parts: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = PAGES.chunks(size).map(|pages| scope.spawn(move || read(pages))).collect();
            running.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
        });
        let mut book = Rulebook::default();
        for part in parts {
            let part = part.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            book.models.extend(part.models);
            book.checks.extend(part.checks);
        }
        book.finish();
        Ok(book)
    }

    /// Adds one page; pages of no known folder are passed over.
    pub fn add(&mut self, path: &str, text: &str) -> Result<(), Box<PageError>> {
        match kind_of(path) {
            None => {}
            Some(Kind::Model(ecosystem)) => {
                // A page of the user's takes the place of a built-in one of the same registry and name.
                self.models.retain(|m| name_below_registry(&m.page) != name_below_registry(path));
                self.models.push(read_model::model(&Page::parse(path, text)?, ecosystem)?);
            }
            Some(Kind::Check) => self.checks.push(read_check::check(&Page::parse(path, text)?)?),
        }
        Ok(())
    }

    pub fn finish(&mut self) {
        self.checks.sort_by(|a, b| a.id.cmp(&b.id));
    }

    pub fn check(&self, id: &str) -> Option<&Check> {
        self.checks.iter().find(|c| c.id == id)
    }
}

/// The embedded pages, for tests and documentation: (path below `rules/`, text).
pub fn embedded_pages() -> &'static [(&'static str, &'static str)] {
    PAGES
}
