//! The inventory as a table that forges render.

use crate::endpoint::survey::Survey;
use crate::endpoint::{Answer, Endpoint};

use super::{authentication_word, guard_names, one_line, place_text, problem_text, totals_text};

pub fn render(survey: &Survey, shown: &[&Endpoint]) -> String {
    let totals = survey.totals();
    let mut out = format!("# Endpoints\n\n{}.\n", totals_text(&totals));
    if shown.len() < totals.endpoints {
        out += &format!("\n{} shown: open, and not said to be public.\n", shown.len());
    }
    if !shown.is_empty() {
        out += "\n| method | path | authentication | role | scope | ownership | handler | guards |\n\
                |---|---|---|---|---|---|---|---|\n";
    }
    // What a reviewer wants first.
    let mut sorted = shown.to_vec();
    sorted.sort_by_key(|e| (!e.is_unprotected(), e.authentication != Answer::Unknown));
    for endpoint in sorted {
        out += &line(survey, endpoint);
    }
    let problems: Vec<String> = survey.all_problems().map(|p| problem_text(survey, p)).collect();
    if !problems.is_empty() {
        out += "\n## Not understood\n\n";
        for problem in problems {
            out += &format!("- {}\n", text(&problem));
        }
    }
    out
}

fn line(survey: &Survey, endpoint: &Endpoint) -> String {
    let mut path = code(&endpoint.path);
    if let Some(condition) = &endpoint.condition {
        path += &format!(" if {}", code(condition));
    }
    let handler = [code(&endpoint.handler), code(&place_text(survey, endpoint.place))].join(" ");
    let guards: Vec<String> = guard_names(endpoint).iter().map(|name| code(name)).collect();
    let authentication = match authentication_word(endpoint) {
        word if endpoint.is_unprotected() => format!("**{word}**"),
        word => word.into(),
    };
    format!(
        "| {} | {path} | {authentication} | {} | {} | {} | {} | {} |\n",
        text(&one_line(&endpoint.method)),
        endpoint.role.word(),
        endpoint.scope.word(),
        endpoint.ownership.word(),
        handler.trim(),
        guards.join(", ")
    )
}

/// A code span in a cell of a table: nothing in it is markup, a mention or the end of the cell.
pub(super) fn code(written: &str) -> String {
    let written = one_line(written);
    if written.is_empty() {
        return String::new();
    }
    // The fence is longer than any run of the same mark inside.
    let (mut longest, mut run) = (0, 0);
    for c in written.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if written.starts_with('`') || written.ends_with('`') { " " } else { "" };
    // A backslash before an escaped bar would escape the escape.
    let inside = written.replace("\\|", "\\ |").replace('|', "\\|");
    format!("{fence}{pad}{inside}{pad}{fence}")
}

/// Words, with code between back-ticks: what else could be markup is none, and nobody is mentioned.
pub(super) fn text(written: &str) -> String {
    let written = one_line(written);
    let parts: Vec<&str> = written.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped(&written);
    }
    let part = |(n, part): (usize, &&str)| if n.is_multiple_of(2) { escaped(part) } else { code(part) };
    parts.iter().enumerate().map(part).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            '\\' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '`' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
