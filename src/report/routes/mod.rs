//! Who may call what, as text for people and machines. Knows no language, no library, no rule.

mod changes;
mod csv;
mod html;
mod human;
mod json;
mod markdown;
mod openapi;
pub mod proposal;
mod table;

use crate::endpoint::Endpoint;
use crate::endpoint::survey::{Survey, Totals};

use super::{Options, counted};

pub use changes::{Since, render as render_changes};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Human,
    Json,
    Csv,
    Markdown,
    Html,
    OpenApi,
}

impl Format {
    pub const ALL: [(&'static str, Format); 6] = [
        ("human", Format::Human),
        ("json", Format::Json),
        ("csv", Format::Csv),
        ("markdown", Format::Markdown),
        ("html", Format::Html),
        ("openapi", Format::OpenApi),
    ];
    /// What can show the difference of two states.
    pub const OF_CHANGES: [Format; 3] = [Format::Human, Format::Json, Format::Markdown];

    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, f)| *f == self).map_or("human", |(n, _)| n)
    }
}

/// The JSON schema of the JSON form.
pub const SCHEMA: &str = include_str!("schema.json");

/// `unprotected`: only endpoints without authentication that nobody said to be public.
pub fn render(format: Format, survey: &Survey, unprotected: bool, options: &Options) -> String {
    let endpoints = survey.inventory.endpoints.iter();
    let shown: Vec<&Endpoint> = endpoints.filter(|e| !unprotected || e.is_unprotected()).collect();
    match format {
        Format::Human => human::render(survey, &shown, options),
        Format::Json => json::render(survey, &shown),
        Format::Csv => csv::render(survey, &shown),
        Format::Markdown => markdown::render(survey, &shown),
        Format::Html => html::render(survey, &shown),
        Format::OpenApi => openapi::render(survey, &shown),
    }
}

/// "42 endpoints: 30 authenticated, 9 open (2 of them on purpose), 3 unknown; 4 behind a role"
fn totals_text(totals: &Totals) -> String {
    let mut out = counted(totals.endpoints, "endpoint");
    if totals.endpoints == 0 {
        return out;
    }
    out += &format!(": {} authenticated, {} open", totals.authenticated, totals.open);
    if totals.public > 0 {
        out += &format!(" ({} of them on purpose)", totals.public);
    }
    out + &format!(", {} unknown; {} behind a role", totals.unknown, totals.role)
}

/// What is said of authentication in a table: `public` for what is open on purpose.
fn authentication_word(endpoint: &Endpoint) -> &'static str {
    match endpoint.is_open() && endpoint.public.is_some() {
        true => "public",
        false => endpoint.authentication.word(),
    }
}

/// Names of what stands before the handler and does something; with `?` where that is not known.
fn guard_names(endpoint: &Endpoint) -> Vec<String> {
    let name = |guard: &crate::endpoint::Guard| {
        let name = one_line(guard.title());
        let does = guard.does;
        let unknown =
            [does.authentication, does.role, does.scope].contains(&crate::endpoint::Answer::Unknown);
        if unknown { format!("{name}?") } else { name }
    };
    endpoint.evidence().map(name).collect()
}

fn one_line(text: &str) -> String {
    super::paint::safe_text(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `src/users.ts:12`
fn place_text(survey: &Survey, span: crate::source::Span) -> String {
    let (path, line) = survey.place(span);
    if path.is_empty() { String::new() } else { format!("{path}:{line}") }
}

/// "path:3: message"
fn problem_text(survey: &Survey, problem: &crate::finding::Problem) -> String {
    let at = match problem.span {
        Some(span) => place_text(survey, span),
        None => problem.path.to_string(),
    };
    let message = one_line(&problem.message);
    if at.is_empty() { message } else { format!("{at}: {message}") }
}
