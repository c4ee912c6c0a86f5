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
        pub const WORDS: &[&str] = &["human", "sarif", "json"];

        pub fn from_word(word: &str) -> Option<Self> {
            match word {
                "human" => Some(Format::Human),
                "sarif" => Some(Format::Sarif),
                "json" => Some(Format::Json),
                _ => None,
            }
        }
    }

    #[derive(Clone, Debug, Default)]
    pub struct Options {
        pub color: bool,
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

        pub fn list(checks: &[Check], json: bool) -> String {
            if json {
                return "[]\n".into();
            }
            checks.iter().map(|check| format!("{}  {}\n", check.id, check.title)).collect()
        }
    }
}

pub mod rulebook {
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    use crate::finding::Severity;
    use crate::rulebook::check::{Check, Judgement, Limit, References, Wording};

    /// Stands for: checks, models.
    #[derive(Default)]
    pub struct Rulebook {
        pub checks: Vec<Check>,
    }

    #[derive(Debug, thiserror::Error, miette::Diagnostic)]
    #[error("a page has an error")]
    pub struct PageError;

    /// The built-in pages and those of these folders.
    pub fn load(_: &[PathBuf]) -> Result<Rulebook, PageError> {
        let check = |id: &str| Check {
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
        };
        Ok(Rulebook { checks: vec![check("jwt-alg-none"), check("jwt-aud-not-verified")] })
    }

    /// One line a library: package, version range, concepts.
    pub fn models_list(_: &Rulebook) -> String {
        String::new()
    }

    /// Text for people, and whether all examples hold.
    pub fn test_pages(_: &Path) -> Result<(String, bool), PageError> {
        Ok((String::new(), true))
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

    /// What was seen on a line (from 1) and which condition of which rule said no or unknown.
    pub fn explain(_: &Settings, _: &Rulebook, _: &Path, _: u32) -> Result<String, ScanError> {
        Ok(String::new())
    }
}

pub mod walk {
    use std::io;
    use std::path::Path;

    pub fn read_text(path: &Path) -> io::Result<String> {
        std::fs::read_to_string(path)
    }

    pub fn write_atomic(path: &Path, text: &str) -> io::Result<()> {
        std::fs::write(path, text)
    }
}
