//! A Markdown page: title, prose, one `toml` fence, examples. Knows neither models nor checks.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::source::Str;

#[derive(Clone, Debug)]
pub struct Page {
    /// `npm/jsonwebtoken.md`, `jwt-alg-none.md`, or a user's own path.
    pub path: Str,
    pub text: String,
    pub title: String,
    /// The paragraph under the title.
    pub lead: String,
    /// The content of the `toml` fence, as a range of `text`.
    pub definition: Range<usize>,
    pub sections: Vec<Section>,
    pub examples: Vec<Example>,
}

/// A `##` heading with the Markdown below it.
#[derive(Clone, Debug)]
pub struct Section {
    pub heading: String,
    pub body: Range<usize>,
}

#[derive(Clone, Debug)]
pub struct Example {
    /// The nearest heading above.
    pub heading: String,
    /// The first word of the fence: `ts`, `python`, `rust`, `dotenv`.
    pub language: String,
    /// The words after it: `bad`, `good`, `file=a.ts`, `version=8.5.1`.
    pub words: Vec<String>,
    pub code: String,
    /// The line of the page (from 1) on which the code begins.
    pub line: usize,
}

impl Example {
    /// The value of a `key=value` word.
    pub fn word(&self, key: &str) -> Option<&str> {
        self.words.iter().find_map(|w| w.strip_prefix(key)?.strip_prefix('='))
    }

    pub fn is(&self, word: &str) -> bool {
        self.words.iter().any(|w| w == word)
    }

    /// The name under which the code is scanned.
    pub fn file_name(&self) -> String {
        if let Some(name) = self.word("file") {
            return name.to_string();
        }
        match self.language.as_str() {
            "typescript" => "example.ts".into(),
            "javascript" => "example.js".into(),
            "python" => "example.py".into(),
            "rust" => "example.rs".into(),
            "dotenv" => ".env".into(),
            other => format!("example.{other}"),
        }
    }
}

/// A page that cannot be used: whose page, what is wrong, and where.
#[derive(Clone, Debug, thiserror::Error, miette::Diagnostic)]
#[error("{path}: {message}")]
pub struct PageError {
    pub path: String,
    pub message: String,
    #[help]
    pub help: Option<String>,
    #[source_code]
    pub content: miette::NamedSource<String>,
    #[label("here")]
    pub span: Option<miette::SourceSpan>,
}

impl Page {
    /// Reads a page; an error when it has no title or not exactly one `toml` fence before the examples.
    pub fn parse(path: &str, text: &str) -> Result<Page, Box<PageError>> {
        let mut page = Page {
            path: path.into(),
            text: text.to_string(),
            title: String::new(),
            lead: String::new(),
            definition: 0..0,
            sections: Vec::new(),
            examples: Vec::new(),
        };
        let mut definitions = 0;
        let mut heading: Option<(HeadingLevel, usize, String)> = None;
        let mut current = String::new();
        let mut fence: Option<(String, Range<usize>)> = None;
        let mut lead_range: Option<Range<usize>> = None;
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    heading = Some((level, range.start, String::new()))
                }
                Event::End(TagEnd::Heading(level)) => {
                    let Some((_, start, name)) = heading.take() else { continue };
                    if level == HeadingLevel::H1 && page.title.is_empty() {
                        page.title = name.clone();
                    }
                    if level == HeadingLevel::H2 {
                        if let Some(last) = page.sections.last_mut() {
                            last.body.end = start;
                        }
                        page.sections.push(Section { heading: name.clone(), body: range.end..text.len() });
                    }
                    current = name;
                }
                Event::Start(Tag::Paragraph)
                    if lead_range.is_none() && !page.title.is_empty() && page.sections.is_empty() =>
                {
                    lead_range = Some(range);
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    fence = Some((info.to_string(), range.end..range.end));
                }
                Event::Text(t) | Event::Code(t) => {
                    if let Some((_, _, name)) = &mut heading {
                        name.push_str(&t);
                    } else if let Some((_, at)) = &mut fence {
                        at.start = at.start.min(range.start);
                        at.end = range.end;
                    }
                }
                Event::End(TagEnd::CodeBlock) => {
                    let Some((info, at)) = fence.take() else { continue };
                    let mut words = info.split_whitespace().map(str::to_string);
                    let language = words.next().unwrap_or_default();
                    if language == "toml" && definitions == 0 {
                        definitions += 1;
                        page.definition = at;
                    } else if !language.is_empty() && language != "text" && language != "sh" {
                        page.examples.push(Example {
                            heading: current.clone(),
                            language,
                            words: words.collect(),
                            code: text.get(at.clone()).unwrap_or_default().to_string(),
                            line: text[..at.start.min(text.len())].matches('\n').count() + 1,
                        });
                    }
                }
                _ => {}
            }
        }
        if let Some(range) = lead_range {
            page.lead = text[range].split_whitespace().collect::<Vec<_>>().join(" ");
        }
        if page.title.is_empty() {
            return Err(page.error("a page begins with a `# title`", None));
        }
        if definitions == 0 {
            return Err(page.error("a page needs one ```toml fence: its definition", None));
        }
        Ok(page)
    }

    /// The Markdown under a `##` heading, trimmed; empty when there is none.
    pub fn section(&self, heading: &str) -> &str {
        self.sections
            .iter()
            .find(|s| s.heading.eq_ignore_ascii_case(heading))
            .map_or("", |s| self.text[s.body.clone()].trim())
    }

    pub fn definition(&self) -> &str {
        &self.text[self.definition.clone()]
    }

    /// An error at a range of the definition.
    pub fn error_at(
        &self,
        message: impl Into<String>,
        range: Range<usize>,
        help: Option<String>,
    ) -> Box<PageError> {
        // A page that is cut off can have its mistake at its very end.
        let floor = |mut at: usize| {
            at = at.min(self.text.len());
            while !self.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor(self.definition.start + range.start);
        let end = floor(self.definition.start + range.end).max(start);
        let mut error = self.error(message, help);
        error.span = Some((start, end - start).into());
        error
    }

    pub fn error(&self, message: impl Into<String>, help: Option<String>) -> Box<PageError> {
        Box::new(PageError {
            path: self.path.to_string(),
            message: message.into(),
            help,
            content: miette::NamedSource::new(self.path.as_str(), self.text.clone()),
            span: None,
        })
    }
}
