//! Files, spans, lines and columns. Knows nothing of what the text means.

use std::sync::Arc;

/// Short strings that are cloned often: names, keys, paths inside a module.
pub type Str = smol_str::SmolStr;

/// A file of this scan: an index into the list the walk made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A range of bytes in the decoded text of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub file: FileId,
    /// First byte, from 0.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end.max(start)) }
    }

    pub fn contains(&self, other: &Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    pub fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Which package registry a file's imports name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ecosystem {
    Npm,
    PyPi,
    Crates,
    /// Configuration and everything else that imports nothing.
    None,
}

impl Ecosystem {
    /// A failure is a value that the caller looks at; nothing is thrown.
    pub fn fails_by_value(self) -> bool {
        self == Ecosystem::Crates
    }
}

/// A place in a file as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1, in UTF-16 code units (what SARIF calls `utf16CodeUnits` and editors use).
    pub column: u32,
}

/// The decoded text of one file and where its lines begin.
#[derive(Clone, Debug)]
pub struct Source {
    pub id: FileId,
    /// Relative to the folder that was scanned, with `/` between the parts.
    pub path: Str,
    pub text: Arc<str>,
    line_starts: Vec<u32>,
}

impl Source {
    pub fn new(id: FileId, path: impl Into<Str>, text: impl Into<Arc<str>>) -> Self {
        let text: Arc<str> = text.into();
        let bytes = text.as_bytes();
        let mut line_starts = vec![0];
        for (i, b) in bytes.iter().enumerate() {
            let ends_line = *b == b'\n' || (*b == b'\r' && bytes.get(i + 1) != Some(&b'\n'));
            if ends_line {
                line_starts.push(u32::try_from(i + 1).unwrap_or(u32::MAX));
            }
        }
        Self { id, path: path.into(), text, line_starts }
    }

    /// The line (from 1) that holds the byte at `offset`; past the end, the last line.
    pub fn line(&self, offset: u32) -> u32 {
        self.line_starts.partition_point(|start| *start <= offset) as u32
    }

    pub fn position(&self, offset: u32) -> Position {
        let line = self.line(offset);
        let start = self.line_starts[line as usize - 1] as usize;
        let mut end = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let column = self.text.get(start..end).map_or(0, |s| s.encode_utf16().count());
        Position { line, column: column as u32 + 1 }
    }

    /// The bytes of a line (from 1) without its line ending.
    pub fn line_range(&self, line: u32) -> std::ops::Range<usize> {
        let index = (line.max(1) as usize - 1).min(self.line_starts.len() - 1);
        let start = self.line_starts[index] as usize;
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |e| *e as usize);
        let trimmed = self.text[start..end].trim_end_matches(['\n', '\r']).len();
        start..start + trimmed
    }

    pub fn line_text(&self, line: u32) -> &str {
        &self.text[self.line_range(line)]
    }

    pub fn line_count(&self) -> u32 {
        self.line_starts.len() as u32
    }

    /// The text of a span; empty when the span does not fit this file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }
}

/// The words of an identifier, lower case: `signRefreshToken` is sign, refresh, token.
pub fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut previous_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            previous_lower = false;
            out.push(String::new());
            continue;
        }
        if out.is_empty() || c.is_uppercase() && previous_lower {
            out.push(String::new());
        }
        previous_lower = c.is_lowercase() || c.is_numeric();
        if let Some(last) = out.last_mut() {
            last.extend(c.to_lowercase());
        }
    }
    out.retain(|w| !w.is_empty());
    out
}

pub fn is_test_path(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let mut parts = lower.split('/').rev();
    let name = parts.next().unwrap_or_default();
    let by_name = name.starts_with("test_")
        || name.starts_with("test-")
        || name.starts_with("test.")
        || name.starts_with("tests.")
        || name == "conftest.py"
        || ["cypress.config.", "playwright.config."].iter().any(|m| name.starts_with(m))
        || [
            ".test.",
            ".spec.",
            "_test.",
            "_tests.",
            "-test.",
            "-tests.",
            ".stories.",
            ".mock.",
            ".e2e.",
            "-spec.",
            "_spec.",
        ]
        .iter()
        .any(|m| name.contains(m));
    // `compose-e2e-tests.yml`, `configuration_testing.py`, `smoketest_settings.py`.
    let stem = name.split('.').next().unwrap_or_default();
    let by_word = stem
        .split(['-', '_'])
        .any(|w| matches!(w, "tests" | "testing" | "smoketest" | "smoketests" | "e2etests"));
    by_name
        || by_word
        || parts.any(|folder| {
            matches!(
                folder,
                "test"
                    | "tests"
                    | "__tests__"
                    | "__mocks__"
                    | "spec"
                    | "specs"
                    | "e2e"
                    | "e2etest"
                    | "e2etests"
                    | "testing"
                    | "fixtures"
                    | "__fixtures__"
                    | "testdata"
                    | "test-utils"
                    | "testcontainers"
                    | "testkit"
                    | "mocks"
                    | "demos"
                    | "cypress"
                    | "playwright"
                    | "benches"
                    | "integration-tests"
                    | "integration_tests"
            ) || folder.split(['-', '_']).any(|w| matches!(w, "example" | "examples"))
                || folder.starts_with("test-")
                || folder.starts_with("test_")
                || folder.ends_with("-test")
                || folder.ends_with("_test")
                || folder.ends_with("-tests")
                || folder.ends_with("_tests")
                || folder.ends_with("-e2e")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_utf16_units() {
        let s = Source::new(FileId(0), "a.ts", "x\r\né😀b = 1\rlast");
        let b = s.text.find('b').unwrap_or(0) as u32;
        assert_eq!(s.position(b), Position { line: 2, column: 4 });
        assert_eq!(s.line_text(2), "é😀b = 1");
        assert_eq!(s.line_text(3), "last");
        assert_eq!(s.line_count(), 3);
        assert_eq!(s.position(9999).line, 3);
    }
}
