//! Which parts of a single-file component are script. Knows the tags of the container, no script.

pub struct Scripts {
    /// The file with everything but the scripts blanked out: offsets and lines stay true.
    pub text: String,
    /// Some script says `lang="ts"`.
    pub typed: bool,
}

pub fn scripts(text: &str) -> Scripts {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut typed = false;
    let mut at = 0;
    while let Some(tag) = next_script(&lower, at) {
        let Some(close) = tag_end(&lower, tag) else { break };
        let attributes = &lower[tag..close];
        let start = close + 1;
        let end = lower[start..].find("</script").map_or(text.len(), |n| start + n);
        blank(&text[at..start], &mut out);
        if attributes.contains("json") {
            blank(&text[start..end], &mut out);
        } else {
            typed |= ["lang=\"ts\"", "lang='ts'", "lang=ts"].iter().any(|l| attributes.contains(l));
            out.push_str(&text[start..end]);
        }
        at = end;
    }
    blank(&text[at..], &mut out);
    Scripts { text: out, typed }
}

/// Where the next `<script` stands that is neither in a comment nor the start of a longer name.
fn next_script(lower: &str, mut at: usize) -> Option<usize> {
    loop {
        let tag = at + lower[at..].find("<script")?;
        if let Some(comment) = lower[at..tag].find("<!--") {
            let inside = at + comment + 4;
            at = inside + lower[inside..].find("-->")? + 3;
            continue;
        }
        let after = tag + "<script".len();
        if lower[after..].starts_with(|c: char| c == '>' || c == '/' || c.is_ascii_whitespace()) {
            return Some(tag);
        }
        at = after;
    }
}

/// The `>` that ends the tag, not one inside quotes (`generic="T extends A<B>"`).
fn tag_end(lower: &str, tag: usize) -> Option<usize> {
    let mut quote = None;
    for (i, c) in lower.bytes().enumerate().skip(tag) {
        match (quote, c) {
            (None, b'>') => return Some(i),
            (None, b'"' | b'\'') => quote = Some(c),
            (Some(q), _) if q == c => quote = None,
            _ => {}
        }
    }
    None
}

fn blank(text: &str, out: &mut String) {
    out.extend(text.bytes().map(|c| if matches!(c, b'\n' | b'\r') { c as char } else { ' ' }));
}
