//! The table of endpoints in a terminal: what is open comes first.

use crate::endpoint::survey::Survey;
use crate::endpoint::{Answer, Endpoint};
use crate::finding::{Problem, ProblemKind};

use super::super::paint::{Paint, wrap};
use super::super::{Options, counted, coverage_text, problem_id, seconds};
use super::table::{Cell, row, share, width};
use super::{authentication_word, guard_names, one_line, place_text, problem_text, totals_text};

const PROBLEMS: usize = 20;
/// What a column that wraps is drawn in at least.
const LEAST: usize = 8;

/// Columns that may be left out because they say the same everywhere.
#[derive(Clone, Copy)]
struct Columns {
    scope: bool,
    ownership: bool,
    guards: bool,
}

impl Columns {
    /// On a narrow screen the other formats must say it.
    fn leave_out(&mut self) -> bool {
        let droppable = [&mut self.guards, &mut self.scope, &mut self.ownership];
        droppable.into_iter().find(|shown| **shown).is_some_and(std::mem::take)
    }
}

pub fn render(survey: &Survey, shown: &[&Endpoint], options: &Options) -> String {
    let paint = Paint { color: options.color };
    let any = |test: &dyn Fn(&Endpoint) -> bool| shown.iter().any(|e| test(e));
    let mut columns = Columns {
        scope: any(&|e| !matches!(e.scope, Answer::No | Answer::Na)),
        ownership: any(&|e| !matches!(e.ownership, Answer::Na | Answer::Unknown)),
        guards: any(&|e| e.evidence().next().is_some()),
    };
    let is_unknown = |e: &Endpoint| e.authentication == Answer::Unknown && e.public.is_none();
    let rest = |e: &Endpoint| !e.is_unprotected() && !is_unknown(e);
    let groups: [(&str, Vec<&Endpoint>); 3] = [
        ("Without authentication", shown.iter().copied().filter(|e| e.is_unprotected()).collect()),
        ("Not known", shown.iter().copied().filter(|e| is_unknown(e)).collect()),
        ("Authenticated, or public on purpose", shown.iter().copied().filter(|e| rest(e)).collect()),
    ];
    let (cells, widths) = loop {
        let cells: Vec<Vec<Vec<Cell>>> = groups
            .iter()
            .map(|(_, group)| group.iter().map(|e| cells(survey, e, columns, options)).collect())
            .collect();
        let (widths, fits) = widths(cells.iter().flatten(), columns, options.width);
        if fits || !columns.leave_out() {
            break (cells, widths);
        }
    };
    let mut out = String::new();
    let mut headed = false;
    for ((title, group), rows) in groups.iter().zip(&cells) {
        if group.is_empty() {
            continue;
        }
        out += &format!("{}\n", paint.bold(&format!("{title} ({})", group.len())));
        if !headed {
            let heads: Vec<Cell> = heads(columns).iter().map(|h| Cell::new(*h, &[])).collect();
            for line in row(&heads, &widths, &|_, text| paint.dim(text)) {
                out += &format!("  {line}\n");
            }
            headed = true;
        }
        for (endpoint, cells) in group.iter().zip(rows) {
            for line in row(cells, &widths, &|column, text| colored(endpoint, column, text, paint)) {
                out += &format!("  {line}\n");
            }
        }
        out.push('\n');
    }
    if options.quiet {
        return out;
    }
    out += &problems(survey, options, paint);
    out += &summary(survey, shown, options, paint);
    out
}

fn heads(columns: Columns) -> Vec<&'static str> {
    let all = [
        ("METHOD", true),
        ("PATH", true),
        ("AUTH", true),
        ("ROLE", true),
        ("SCOPE", columns.scope),
        ("OWNER", columns.ownership),
        ("HANDLER", true),
        ("GUARDS", columns.guards),
    ];
    all.into_iter().filter(|(_, shown)| *shown).map(|(head, _)| head).collect()
}

fn cells(survey: &Survey, endpoint: &Endpoint, columns: Columns, options: &Options) -> Vec<Cell> {
    let ascii = |text: String| if options.unicode { text } else { text.replace('…', "...") };
    let mut path = one_line(&endpoint.path);
    if let Some(condition) = &endpoint.condition {
        path += &format!(" if {}", one_line(condition));
    }
    let handler =
        format!("{} {}", one_line(&endpoint.handler), one_line(&place_text(survey, endpoint.place)));
    let mut out = vec![
        Cell::new(one_line(&endpoint.method), &[]),
        Cell::new(ascii(path), &['/', '.']),
        Cell::new(authentication_word(endpoint), &[]),
        Cell::new(word(endpoint.role), &[]),
    ];
    if columns.scope {
        out.push(Cell::new(word(endpoint.scope), &[]));
    }
    if columns.ownership {
        out.push(Cell::new(word(endpoint.ownership), &[]));
    }
    out.push(Cell::new(ascii(handler.trim().to_string()), &['/']));
    if columns.guards {
        out.push(Cell::new(ascii(guard_names(endpoint).join(", ")), &['(', '.']));
    }
    out
}

fn word(answer: Answer) -> &'static str {
    if answer == Answer::Na { "-" } else { answer.word() }
}

/// The widths, and whether they fit the screen.
fn widths<'a>(
    rows: impl Iterator<Item = &'a Vec<Cell>>,
    columns: Columns,
    room: usize,
) -> (Vec<usize>, bool) {
    let heads = heads(columns);
    let mut wanted: Vec<usize> = heads.iter().map(|head| head.len()).collect();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            wanted[column] = wanted[column].max(width(&cell.text));
        }
    }
    // Methods come from the source and may be of any length.
    let least = |wanted: &usize| LEAST.min(*wanted);
    let least: Vec<usize> = wanted.iter().map(least).collect();
    // Rows are set in by two.
    share(&wanted, &least, room.saturating_sub(2))
}

fn colored(endpoint: &Endpoint, column: usize, text: &str, paint: Paint) -> String {
    match column {
        1 => paint.bold(text),
        2 if endpoint.is_unprotected() => paint.bad(text),
        2 if endpoint.authentication == Answer::Unknown => paint.doubt(text),
        2 => paint.good(text),
        _ => text.to_string(),
    }
}

/// What was not understood: of endpoints in full, the rest as a number.
fn problems(survey: &Survey, options: &Options, paint: Paint) -> String {
    let (routes, rest): (Vec<_>, Vec<_>) = survey.all_problems().partition(|p| p.kind == ProblemKind::Route);
    let mut out = String::new();
    if !routes.is_empty() {
        out += &format!("{}\n", paint.bold(&format!("Not understood ({})", routes.len())));
        let lines = told(survey, &routes);
        for line in lines.iter().take(PROBLEMS) {
            out += &wrap(line, "  ", "    ", options.width);
        }
        if lines.len() > PROBLEMS {
            out += &format!("  and {} more\n", lines.len() - PROBLEMS);
        }
    }
    if !rest.is_empty() {
        let mut kinds: Vec<(ProblemKind, usize)> = Vec::new();
        for problem in &rest {
            match kinds.iter_mut().find(|(kind, _)| *kind == problem.kind) {
                Some((_, count)) => *count += 1,
                None => kinds.push((problem.kind, 1)),
            }
        }
        kinds.sort();
        let kinds: Vec<String> =
            kinds.into_iter().map(|(kind, n)| format!("{n} {}", problem_id(kind))).collect();
        let text = format!(
            "{} in files ({}): endpoints may be missing; `authlint scan` names the places",
            counted(rest.len(), "problem"),
            kinds.join(", ")
        );
        out += &wrap(&text, "", "  ", options.width);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// What is wrong with the settings first; the same sentence about many places once.
fn told(survey: &Survey, problems: &[&Problem]) -> Vec<String> {
    let mut messages: Vec<(&str, Vec<&Problem>)> = Vec::new();
    for problem in problems {
        match messages.iter_mut().find(|(message, _)| *message == problem.message) {
            Some((_, all)) => all.push(problem),
            None => messages.push((&problem.message, vec![problem])),
        }
    }
    messages.sort_by_key(|(_, all)| !all.iter().any(|p| p.path.ends_with(".toml")));
    let line = |(message, all): &(&str, Vec<&Problem>)| match all.as_slice() {
        [one] => problem_text(survey, one),
        [first, rest @ ..] => {
            let at = first.span.map_or(first.path.to_string(), |span| place_text(survey, span));
            format!("{at} and {} more: {}", counted(rest.len(), "place"), one_line(message))
        }
        [] => String::new(),
    };
    messages.iter().map(line).collect()
}

fn summary(survey: &Survey, shown: &[&Endpoint], options: &Options, paint: Paint) -> String {
    let totals = survey.totals();
    let mut out = wrap(&paint.bold(&totals_text(&totals)), "", "  ", options.width);
    if shown.len() < totals.endpoints {
        out += &format!("{} shown: open, and not said to be public\n", shown.len());
    }
    if totals.endpoints == 0 {
        let text = "no route of a framework that authlint knows was found; `authlint models list` shows the \
                    frameworks";
        out += &wrap(text, "", "  ", options.width);
    }
    out += &hint(shown, options);
    out += &wrap(&coverage_text(&survey.coverage), "", "  ", options.width);
    out += &format!("{}\n", paint.dim(&format!("took {}", seconds(survey.elapsed))));
    if options.timings {
        let widest = survey.timings.iter().map(|t| t.stage.len()).max().unwrap_or(0);
        for timing in &survey.timings {
            out += &format!("  {:widest$}  {:>10}\n", timing.stage, seconds(timing.time));
        }
    }
    out
}

/// What the words mean that are shown and do not explain themselves.
fn hint(shown: &[&Endpoint], options: &Options) -> String {
    let any = |test: &dyn Fn(&Endpoint) -> bool| shown.iter().any(|e| test(e));
    let is_unknown = |e: &Endpoint| {
        [e.authentication, e.role, e.scope].contains(&Answer::Unknown)
            || guard_names(e).iter().any(|name| name.ends_with('?'))
    };
    let mut parts = Vec::new();
    if any(&|e| authentication_word(e) == "optional") {
        parts.push("optional: callers without credentials are let in");
    }
    if any(&|e| authentication_word(e) == "public") {
        parts.push("public: open on purpose, by a setting or a comment");
    }
    if any(&is_unknown) {
        parts.push("unknown, ?: something stands there that could not be read; `[[guard]]` in authlint.toml says what it does");
    }
    if any(&|e| e.path.contains('…')) {
        let part = if options.unicode {
            "…: this part of the address is not known"
        } else {
            "...: this part of the address is not known"
        };
        parts.push(part);
    }
    if parts.is_empty() {
        return String::new();
    }
    wrap(&parts.join("; "), "", "  ", options.width)
}
