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

pub mod scan {
    use std::path::Path;

    use crate::config::Settings;
    use crate::finding::Outcome;
    use crate::rulebook::Rulebook;

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
