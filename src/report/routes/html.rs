//! The inventory as one page that needs nothing else: no network, no other file. Its frame is
//! `page.html`; everything that comes from the scanned project is escaped here.

use crate::endpoint::survey::Survey;
use crate::endpoint::{Answer, Endpoint, Guard};

use super::{authentication_word, one_line, place_text, problem_text, totals_text};

const PAGE: &str = include_str!("page.html");
const COLUMNS: [&str; 8] =
    ["Method", "Path", "Authentication", "Role", "Scope", "Ownership", "Handler", "Guards"];

pub fn render(survey: &Survey, shown: &[&Endpoint]) -> String {
    let mut rows = String::new();
    let mut sorted = shown.to_vec();
    // What a reviewer wants first.
    sorted.sort_by_key(|e| (!e.is_unprotected(), e.authentication != Answer::Unknown));
    for endpoint in sorted {
        rows += &row(survey, endpoint);
    }
    let heads: String = COLUMNS
        .iter()
        .map(|head| format!("<th scope=\"col\"><button type=\"button\">{head}</button></th>"))
        .collect();
    let problems: Vec<String> = survey
        .all_problems()
        .map(|problem| format!("<li>{}</li>\n", escaped(&problem_text(survey, problem))))
        .collect();
    let problems = match problems.is_empty() {
        true => String::new(),
        false => format!(
            "<h2>Not understood ({})</h2>\n<ul class=\"problems\">\n{}</ul>\n",
            problems.len(),
            problems.concat()
        ),
    };
    let totals = survey.totals();
    let mut summary = escaped(&totals_text(&totals));
    if shown.len() < totals.endpoints {
        summary += &format!("; {} shown: open, and not said to be public", shown.len());
    }
    // One pass over the frame: what is put in is never looked at again.
    let mut out = String::new();
    let mut rest = PAGE;
    while let Some(at) = rest.find("{{") {
        let Some(end) = rest[at..].find("}}").map(|n| at + n) else { break };
        out += &rest[..at];
        match &rest[at + 2..end] {
            "summary" => out += &summary,
            "heads" => out += &heads,
            "rows" => out += &rows,
            "problems" => out += &problems,
            other => out += other,
        }
        rest = &rest[end + 2..];
    }
    out + rest
}

fn row(survey: &Survey, endpoint: &Endpoint) -> String {
    let mut path = format!("<code>{}</code>", escaped(&endpoint.path));
    if let Some(condition) = &endpoint.condition {
        path += &format!(" <small>if <code>{}</code></small>", escaped(condition));
    }
    if let Some(public) = &endpoint.public {
        path += &format!(" <small>{}</small>", escaped(&public.text));
    }
    let guards: Vec<String> = endpoint.guards.iter().map(|guard| guard_text(survey, guard)).collect();
    let class = match endpoint.is_unprotected() {
        true => " class=\"open\"",
        false => "",
    };
    format!(
        "<tr{class}><td><code>{}</code></td><td>{path}</td>{}{}{}{}<td><code>{}</code> <small>{}</small></td>\
         <td>{}</td></tr>\n",
        escaped(&endpoint.method),
        answer(authentication_word(endpoint)),
        answer(endpoint.role.word()),
        answer(endpoint.scope.word()),
        answer(endpoint.ownership.word()),
        escaped(&endpoint.handler),
        escaped(&place_text(survey, endpoint.place)),
        guards.concat(),
    )
}

fn answer(word: &str) -> String {
    format!("<td class=\"{word}\">{word}</td>")
}

fn guard_text(survey: &Survey, guard: &Guard) -> String {
    let name = format!("<code>{}</code>", escaped(guard.title()));
    let does = [
        ("authentication", guard.does.authentication),
        ("role", guard.does.role),
        ("scope", guard.does.scope),
        ("by the network that a request comes from", guard.does.network),
        ("only that a credential is there", guard.does.presence),
    ];
    let does: Vec<String> = does
        .iter()
        .filter(|(_, answer)| *answer != Answer::No)
        .map(|(what, answer)| format!("{what} {}", answer.word()))
        .collect();
    let does = if does.is_empty() { "guards nothing".to_string() } else { does.join(", ") };
    let steps: Vec<String> = guard
        .evidence
        .iter()
        .map(|step| format!("<li>{}: {}</li>", escaped(&place_text(survey, step.span)), escaped(&step.text)))
        .collect();
    format!(
        "<details><summary>{name}</summary><p>{}: {}</p><ul>{}</ul></details>",
        escaped(&place_text(survey, guard.span)),
        does,
        steps.concat()
    )
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in one_line(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
