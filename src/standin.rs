//! STAND-IN, to be deleted when the real rooms are there: the signatures that `run` and `cli` call.

pub mod report {
    use crate::finding::Outcome;
    use crate::rulebook::check::Check;

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Format {
        Human,
        Sarif,
        Json,
    }

    impl Format {
        pub const ALL: [(&'static str, Format); 3] =
            [("human", Format::Human), ("sarif", Format::Sarif), ("json", Format::Json)];

        pub fn parse(name: &str) -> Option<Format> {
            Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, f)| *f)
        }
    }

    #[allow(dead_code)]
    #[derive(Clone, Debug, Default)]
    pub struct Options {
        pub color: bool,
        pub unicode: bool,
        pub quiet: bool,
        pub timings: bool,
        pub category: Option<String>,
        pub line_hash: bool,
        pub width: usize,
    }

    pub fn render(format: Format, outcome: &Outcome, _: &[Check], _: &Options) -> String {
        format!("{format:?}: {} findings\n", outcome.findings.len())
    }

    pub mod rules {
        use crate::rulebook::check::Check;

        pub fn explain(check: &Check, _color: bool) -> String {
            format!("{}\n", check.title)
        }

        pub fn list(checks: &[Check]) -> String {
            checks.iter().map(|check| format!("{}  {}\n", check.id, check.title)).collect()
        }
    }
}

/// As `crate::rulebook` will be.
pub mod rulebook {
    use std::collections::BTreeMap;

    use crate::concepts::Concept;
    use crate::finding::Severity;
    pub use crate::rulebook::check::Check;
    use crate::rulebook::check::{Judgement, Limit, References, Wording};
    use crate::source::{Ecosystem, Str};

    #[derive(Default)]
    pub struct Rulebook {
        pub models: Vec<Model>,
        pub checks: Vec<Check>,
    }

    pub struct Model {
        pub page: Str,
        pub ecosystem: Ecosystem,
        pub package: Str,
        pub calls: Vec<CallModel>,
        pub values: Vec<ValueModel>,
        pub settings: Vec<ValueModel>,
    }

    pub struct CallModel {
        pub concept: Option<&'static Concept>,
    }

    pub struct ValueModel {
        pub concept: &'static Concept,
    }

    #[derive(Debug, thiserror::Error, miette::Diagnostic)]
    #[error("a page has an error")]
    pub struct PageError;

    pub fn kind_of(path: &str) -> Option<()> {
        (path.contains("checks/") || path.contains("models/")).then_some(())
    }

    impl Rulebook {
        pub fn embedded() -> Result<Rulebook, Box<PageError>> {
            Ok(Rulebook {
                models: Vec::new(),
                checks: vec![check("jwt-alg-none"), check("jwt-aud-not-verified")],
            })
        }

        pub fn add(&mut self, _: &str, _: &str) -> Result<(), Box<PageError>> {
            Ok(())
        }

        pub fn finish(&mut self) {
            self.checks.sort_by(|a, b| a.id.cmp(&b.id));
        }
    }

    fn check(id: &str) -> Check {
        Check {
            id: id.into(),
            title: "a rule".into(),
            severity: Severity::High,
            advice: false,
            references: References::default(),
            why: String::new(),
            fix: String::new(),
            prompt: String::new(),
            further: String::new(),
            judgement: Judgement::Builtin,
            wording: Wording::default(),
            limits: BTreeMap::from([("access_token_max_minutes".into(), Limit::Number(15.0))]),
            merge: None,
        }
    }
}

pub mod scan {
    use std::path::Path;

    use super::rulebook::Rulebook;
    use crate::config::Settings;
    use crate::finding::Outcome;

    #[derive(Debug, thiserror::Error, miette::Diagnostic)]
    #[error("the scan could not run")]
    pub struct ScanError;

    pub fn scan(_: &Settings, _: &Rulebook) -> Result<Outcome, ScanError> {
        Ok(Outcome::default())
    }

    /// What was seen on a line (from 1) of a file (absolute) and which condition of which rule said
    /// no or unknown.
    pub fn explain(_: &Settings, _: &Rulebook, _: &Path, _: u32) -> Result<String, ScanError> {
        Ok(String::new())
    }

    /// Runs the examples of the pages in a folder: text for people, and whether all hold.
    pub fn test_pages(_: &Rulebook, _: &Path) -> Result<(String, bool), ScanError> {
        Ok((String::new(), true))
    }
}

pub mod walk {
    use std::io;
    use std::path::Path;

    pub fn read_text(path: &Path) -> io::Result<String> {
        std::fs::read_to_string(path)
    }

    pub fn write_atomic(path: &Path, bytes: &[u8]) -> io::Result<()> {
        std::fs::write(path, bytes)
    }
}
