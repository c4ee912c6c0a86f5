//! A table for a terminal: cells wrap, so that no line is wider than the screen. Knows nothing of
//! what stands in it.

/// Columns between two columns.
const GAP: usize = 2;

/// A piece of a row.
pub struct Cell {
    pub text: String,
    /// Characters after which a line may end when there is no blank; others are cut only when there is
    /// no other way.
    pub breaks: &'static [char],
}

impl Cell {
    pub fn new(text: impl Into<String>, breaks: &'static [char]) -> Self {
        Self { text: text.into(), breaks }
    }
}

/// Columns that a character takes on a screen.
pub fn width_of(c: char) -> usize {
    match c {
        '\u{0300}'..='\u{036F}' | '\u{200B}'..='\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' => 0,
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF00}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{1F300}'..='\u{1FAFF}'
        | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
}

pub fn width(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

/// How wide columns are that want `wanted`, need `least` and have `room` together: the narrow ones
/// get what they want, the wide ones share the rest. And whether that fits.
pub fn share(wanted: &[usize], least: &[usize], room: usize) -> (Vec<usize>, bool) {
    let mut out = wanted.to_vec();
    let gaps = GAP * out.len().saturating_sub(1);
    loop {
        let fits = out.iter().sum::<usize>() + gaps <= room;
        let widest = (0..out.len()).filter(|n| out[*n] > least[*n]).max_by_key(|n| (out[*n], *n));
        let Some(widest) = widest.filter(|_| !fits) else { return (out, fits) };
        out[widest] -= 1;
    }
}

/// The lines of a row; `paint` draws a padded piece of a column.
pub fn row(cells: &[Cell], widths: &[usize], paint: &dyn Fn(usize, &str) -> String) -> Vec<String> {
    let broken: Vec<Vec<String>> = cells.iter().zip(widths).map(|(cell, w)| lines(cell, *w)).collect();
    let height = broken.iter().map(Vec::len).max().unwrap_or(0);
    let line = |n: usize| {
        let mut out = String::new();
        let mut blank = 0;
        for (column, (cell, wanted)) in broken.iter().zip(widths).enumerate() {
            let text = cell.get(n).map_or("", String::as_str);
            if !text.is_empty() {
                out.push_str(&" ".repeat(blank));
                out.push_str(&paint(column, text));
                blank = 0;
            }
            blank += wanted.saturating_sub(width(text)) + GAP;
        }
        out
    };
    (0..height).map(line).collect()
}

/// Text in lines of at most `room` columns; later lines are set in by one.
fn lines(cell: &Cell, room: usize) -> Vec<String> {
    let room = room.max(2);
    let mut out = Vec::new();
    let mut rest = cell.text.as_str();
    while !rest.is_empty() {
        let indent = usize::from(!out.is_empty());
        let mut used = indent;
        let mut end = 0;
        let (mut good, mut blank) = (None, None);
        for (at, c) in rest.char_indices() {
            used += width_of(c);
            // A blank at the end of a line takes no room.
            if used > room && !c.is_whitespace() {
                break;
            }
            end = at + c.len_utf8();
            if c == ' ' {
                blank = Some(end);
            } else if cell.breaks.contains(&c) {
                good = Some(end);
            }
        }
        let end = match end == rest.len() {
            true => end,
            false => blank.or(good).unwrap_or(end).max(rest.chars().next().map_or(0, char::len_utf8)),
        };
        out.push(format!("{}{}", " ".repeat(indent), rest[..end].trim_end()));
        rest = rest[end..].trim_start();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_break_where_they_may() {
        let cell = Cell::new("/api/v1/users/{id}", &['/']);
        assert_eq!(lines(&cell, 9), ["/api/v1/", " users/", " {id}"]);
        assert_eq!(lines(&Cell::new("list src/a.ts:1", &['/']), 11), ["list", " src/a.ts:1"]);
        assert_eq!(lines(&Cell::new("abcdefg", &['/']), 4), ["abcd", " efg"]);
        assert_eq!(lines(&Cell::new("日本語", &[]), 4), ["日本", " 語"]);
        assert!(lines(&Cell::new("", &[]), 4).is_empty());
    }

    #[test]
    fn wide_columns_give_way() {
        assert_eq!(share(&[4, 40, 10], &[4, 8, 8], 100), (vec![4, 40, 10], true));
        assert_eq!(share(&[4, 40, 40], &[4, 8, 8], 48), (vec![4, 20, 20], true));
        assert_eq!(share(&[4, 40, 40], &[4, 8, 8], 10), (vec![4, 8, 8], false));
    }
}
