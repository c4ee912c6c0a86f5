//! One rule as a page of the terminal, and all of them as a table.

use crate::rulebook::check::Check;
use crate::rulebook::read_check::span_of;

use super::paint::{Paint, safe_text, wrap};

const WIDTH: usize = 96;

/// The page of one rule.
pub fn explain(check: &Check, color: bool) -> String {
    let paint = Paint { color };
    let advice = if check.advice { " (advice: reported in the strict profile)" } else { "" };
    let mut out = format!("{}\n", paint.bold(&check.id));
    out += &wrap(&safe_text(&plain(&check.title)), "", "", WIDTH);
    out += &format!("severity: {}{advice}\n", paint.severity(check.severity, check.severity.word()));
    for (title, text) in sections(check) {
        out += &format!("\n{}\n", paint.bold(title));
        // Pages may come from the scanned project's own folder.
        out += &page(&safe_text(&text), paint);
    }
    if !check.limits.is_empty() {
        out += &format!("\n{}\n", paint.bold("Limits"));
        for (name, limit) in &check.limits {
            out += &format!("  {name} = {}\n", limit_text(name, limit));
        }
    }
    out
}

/// One line a rule: id, severity, title.
pub fn list(rules: &[Check]) -> String {
    let widest = rules.iter().map(|r| r.id.chars().count()).max().unwrap_or(0);
    let line = |r: &Check| {
        let advice = if r.advice { " (advice)" } else { "" };
        format!("{:widest$}  {:8}  {}{advice}\n", r.id, r.severity.word(), plain(&r.title))
    };
    let mut sorted: Vec<&Check> = rules.iter().collect();
    sorted.sort_by(|a, b| a.id.cmp(&b.id));
    sorted.into_iter().map(line).collect()
}

/// The page as Markdown, without title and severity.
pub fn markdown(check: &Check) -> String {
    sections(check)
        .into_iter()
        .map(|(title, text)| format!("## {title}\n\n{text}\n"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Markdown without the marks that only a renderer needs.
pub fn plain(markdown: &str) -> String {
    markdown.replace("**", "").trim().to_owned()
}

fn sections(check: &Check) -> Vec<(&'static str, String)> {
    let all = [
        ("Why", check.why.trim().to_owned()),
        ("Fix", check.fix.trim().to_owned()),
        ("Prompt", prompt(&check.prompt)),
        ("References", references(check)),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn references(check: &Check) -> String {
    let r = &check.references;
    let cwe = r.cwe.iter().map(|n| format!("- [CWE-{n}](https://cwe.mitre.org/data/definitions/{n}.html)"));
    let owasp = r.owasp.iter().map(|id| format!("- OWASP Top 10 {id}"));
    let api = r.api.iter().map(|id| format!("- OWASP API Security Top 10 {id}"));
    let rfc = r.rfc.iter().map(|text| match rfc_address(text) {
        Some(address) => format!("- [{text}]({address})"),
        None => format!("- {text}"),
    });
    let further = check.further.trim();
    cwe.chain(owasp)
        .chain(api)
        .chain(rfc)
        .chain((!further.is_empty()).then(|| further.to_owned()))
        .collect::<Vec<_>>()
        .join("\n")
}

/// "RFC 8725 section 3.9" -> its page, at the section.
fn rfc_address(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let number = words.by_ref().find(|w| w.eq_ignore_ascii_case("RFC")).and_then(|_| words.next())?;
    let digits = |w: &&str| !w.is_empty() && w.chars().all(|c| c.is_ascii_digit() || c == '.');
    let number = Some(number).filter(digits)?;
    let section = words.skip_while(|w| !w.eq_ignore_ascii_case("section")).nth(1).filter(digits);
    Some(match section {
        Some(section) => {
            format!("https://www.rfc-editor.org/rfc/rfc{number}#section-{}", section.trim_end_matches('.'))
        }
        None => format!("https://www.rfc-editor.org/rfc/rfc{number}"),
    })
}

/// As `authlint.toml` takes it: lengths of time in the unit that the name ends in.
fn limit_text(name: &str, limit: &crate::rulebook::check::Limit) -> String {
    use crate::rulebook::check::Limit;
    match limit {
        Limit::Number(n) => n.to_string(),
        Limit::Span(seconds) => (seconds / span_of(name).unwrap_or(1.0)).to_string(),
        Limit::Words(words) => words.iter().map(|w| w.as_str()).collect::<Vec<_>>().join(", "),
    }
}

/// `[text](address)` as `text <address>`.
fn links_shown(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        out += before;
        let parts = link.split_once("](").and_then(|(name, after)| Some((name, after.split_once(')')?)));
        rest = match parts.filter(|(name, _)| !name.contains(['[', ']'])) {
            Some((name, (address, after))) => {
                out += &format!("{name} <{address}>");
                after
            }
            None => {
                out.push('[');
                link
            }
        };
    }
    out + rest
}

/// Paragraphs and list items wrapped and indented, code as it is.
fn page(markdown: &str, paint: Paint) -> String {
    let mut out = String::new();
    let mut paragraph = String::new();
    let mut in_code = false;
    let flush = |paragraph: &mut String, out: &mut String| {
        let item = paragraph.starts_with("- ") || paragraph.starts_with("* ");
        if !paragraph.is_empty() {
            *out += &wrap(&links_shown(&plain(paragraph)), "  ", if item { "    " } else { "  " }, WIDTH);
        }
        paragraph.clear();
    };
    for line in markdown.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            flush(&mut paragraph, &mut out);
            in_code = !in_code;
        } else if in_code {
            out += &format!("      {}\n", paint.dim(line));
        } else if trimmed.is_empty() {
            flush(&mut paragraph, &mut out);
            out.push('\n');
        } else if trimmed.starts_with('#') {
            flush(&mut paragraph, &mut out);
            out += &format!("  {}\n", paint.bold(trimmed.trim_start_matches('#').trim()));
        } else {
            if trimmed.starts_with("- ") || trimmed.starts_with("* ") {
                flush(&mut paragraph, &mut out);
            }
            paragraph += if paragraph.is_empty() { "" } else { " " };
            paragraph += trimmed;
        }
    }
    flush(&mut paragraph, &mut out);
    out
}

/// A prompt as one quotation, about no certain place.
fn prompt(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(|l| l.trim_start_matches('>').trim()).collect();
    let whole = lines.join(" ").replace("{callee}", "this place");
    whole.replace("{store}", "the environment or a secret manager").trim().to_owned()
}
