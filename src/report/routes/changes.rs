//! What became of the endpoints, in the terminal, as Markdown and as JSON.

use serde_json::{Value, json};

use crate::endpoint::Endpoint;
use crate::endpoint::changes::{Change, Changes};
use crate::endpoint::survey::Survey;

use super::super::paint::{Paint, wrap};
use super::super::{Options, counted, json_text};
use super::markdown::{code, text};
use super::{Format, authentication_word, json, one_line, place_text, problem_text};

const PROBLEMS: usize = 10;

/// The state that is compared with.
pub struct Since<'a> {
    pub survey: &'a Survey,
    /// As it was typed: `main`.
    pub revision: &'a str,
    /// In full.
    pub commit: &'a str,
}

impl Since<'_> {
    fn short(&self) -> &str {
        self.commit.get(..10).unwrap_or(self.commit)
    }
}

/// None for a format that shows one state only.
pub fn render(
    format: Format,
    now: &Survey,
    since: &Since,
    changes: &Changes,
    options: &Options,
) -> Option<String> {
    match format {
        Format::Human => Some(human(now, since, changes, options)),
        Format::Markdown => Some(markdown(now, since, changes)),
        Format::Json => Some(json_form(now, since, changes)),
        _ => None,
    }
}

/// A line of the difference: its sign, what it says, and where to look.
struct Line {
    sign: char,
    endpoint: String,
    says: String,
    place: String,
    is_loss: bool,
}

fn lines(now: &Survey, since: &Since, changes: &Changes) -> Vec<Line> {
    let mut out = Vec::new();
    for change in &changes.changed {
        out.push(Line {
            sign: '~',
            endpoint: change.after.name(),
            says: says(change),
            place: place_text(now, change.after.place),
            is_loss: change.is_loss(),
        });
    }
    for endpoint in &changes.added {
        out.push(Line {
            sign: '+',
            endpoint: endpoint.name(),
            says: protection(endpoint),
            place: place_text(now, endpoint.place),
            is_loss: endpoint.is_unprotected(),
        });
    }
    for endpoint in &changes.removed {
        out.push(Line {
            sign: '-',
            endpoint: endpoint.name(),
            says: String::new(),
            place: place_text(since.survey, endpoint.place),
            is_loss: false,
        });
    }
    // What makes a reviewer stop comes first.
    out.sort_by_key(|line| !line.is_loss);
    out
}

/// "lost `requireAdmin`; role yes -> no"
fn says(change: &Change) -> String {
    let mut parts = Vec::new();
    for (verb, names) in [("lost", &change.lost), ("gained", &change.gained)] {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| one_line(name)).collect();
            parts.push(format!("{verb} {}", names.join(", ")));
        }
    }
    for answer in &change.answers {
        parts.push(format!("{} {} -> {}", answer.what, answer.before.word(), answer.after.word()));
    }
    parts.join("; ")
}

/// "no authentication", "authentication, role"
fn protection(endpoint: &Endpoint) -> String {
    let mut parts = vec![match authentication_word(endpoint) {
        "yes" => "authenticated".to_string(),
        "no" => "no authentication".into(),
        "public" => "public on purpose".into(),
        word => format!("authentication {word}"),
    }];
    for (what, answer) in [("role", endpoint.role), ("scope", endpoint.scope)] {
        if answer != crate::endpoint::Answer::No {
            parts.push(format!("{what} {}", answer.word()));
        }
    }
    parts.join(", ")
}

/// "3 endpoints added (1 without authentication), 1 removed, 2 changed (1 lost protection) since main (0123456789)"
fn summary(since: &Since, changes: &Changes) -> String {
    let open = changes.added.iter().filter(|e| e.is_unprotected()).count();
    let lost = changes.changed.iter().filter(|c| c.is_loss()).count();
    let note = |count: usize, words: &str| match count {
        0 => String::new(),
        count => format!(" ({count} {words})"),
    };
    format!(
        "{} added{}, {} removed, {} changed{} since {} ({})",
        counted(changes.added.len(), "endpoint"),
        note(open, "without authentication"),
        changes.removed.len(),
        changes.changed.len(),
        note(lost, "lost protection"),
        one_line(since.revision),
        since.short(),
    )
}

fn human(now: &Survey, since: &Since, changes: &Changes, options: &Options) -> String {
    let paint = Paint { color: options.color };
    let mut out = String::new();
    for line in lines(now, since, changes) {
        let sign = match (line.sign, line.is_loss) {
            (sign, true) => paint.bad(&sign.to_string()),
            ('+', _) => paint.good("+"),
            (sign, _) => paint.dim(&sign.to_string()),
        };
        let says = match (line.sign, line.says.as_str()) {
            (_, "") => String::new(),
            ('+', says) => format!("({says})"),
            (_, says) => says.to_string(),
        };
        let words = [paint.bold(&one_line(&line.endpoint)), says, paint.dim(&one_line(&line.place))];
        let words: Vec<&str> = words.iter().map(String::as_str).filter(|w| !w.is_empty()).collect();
        let text = wrap(&words.join(" "), &format!("{sign} "), "    ", options.width);
        out += &if options.unicode { text } else { text.replace('…', "...") };
    }
    if options.quiet {
        return out;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    let problems: Vec<String> =
        now.inventory.problems.iter().map(|problem| problem_text(now, problem)).collect();
    if !problems.is_empty() {
        out += &format!("{}\n", paint.bold(&format!("Not understood ({})", problems.len())));
        for problem in problems.iter().take(PROBLEMS) {
            out += &wrap(problem, "  ", "    ", options.width);
        }
        if problems.len() > PROBLEMS {
            out += &format!("  and {} more\n", problems.len() - PROBLEMS);
        }
        out.push('\n');
    }
    out + &wrap(&paint.bold(&summary(since, changes)), "", "  ", options.width)
}

fn markdown(now: &Survey, since: &Since, changes: &Changes) -> String {
    let mut out = format!("# Endpoints\n\n{}.\n", text(&summary(since, changes)));
    if !changes.is_empty() {
        out += "\n| | endpoint | what changed | where |\n|---|---|---|---|\n";
    }
    for line in lines(now, since, changes) {
        let sign = match line.sign {
            '+' => "added",
            '-' => "removed",
            _ => "changed",
        };
        let says = if line.is_loss { format!("**{}**", text(&line.says)) } else { text(&line.says) };
        out += &format!("| {sign} | {} | {says} | {} |\n", code(&line.endpoint), code(&line.place));
    }
    let problems = &now.inventory.problems;
    if !problems.is_empty() {
        out += "\n## Not understood\n\n";
        for problem in problems {
            out += &format!("- {}\n", text(&problem_text(now, problem)));
        }
    }
    out
}

fn json_form(now: &Survey, since: &Since, changes: &Changes) -> String {
    let list = |survey: &Survey, endpoints: &[&Endpoint]| -> Vec<Value> {
        let one = |e: &&Endpoint| serde_json::to_value(json::endpoint(survey, e)).unwrap_or_default();
        endpoints.iter().map(one).collect()
    };
    let change = |change: &Change| {
        let answers: Vec<Value> = change
            .answers
            .iter()
            .map(|a| json!({ "what": a.what, "before": a.before, "after": a.after }))
            .collect();
        let (file, line) = now.place(change.after.place);
        json!({
            "method": change.after.method.as_str(),
            "path": change.after.path.as_str(),
            "file": file,
            "line": line,
            "handler": change.after.handler.as_str(),
            "lost": change.lost.iter().map(|n| n.as_str()).collect::<Vec<_>>(),
            "gained": change.gained.iter().map(|n| n.as_str()).collect::<Vec<_>>(),
            "answers": answers,
            "weakened": change.is_loss(),
        })
    };
    json_text(&json!({
        "version": json::VERSION,
        "since": since.revision,
        "commit": since.commit,
        "added": list(now, &changes.added),
        "removed": list(since.survey, &changes.removed),
        "changed": changes.changed.iter().map(change).collect::<Vec<_>>(),
        "problems": json::problems(now),
    }))
}
