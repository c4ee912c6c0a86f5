//! The values that a statement of SQL puts into the columns of a table. Knows no rule.

/// The columns of `INSERT INTO t (a, b) VALUES ('x', 'y')` with the texts that are put into them.
pub fn inserted_values(text: &str) -> Vec<(String, String)> {
    let found = || -> Option<Vec<(String, String)>> {
        let start = text.trim_start();
        start.get(..6)?.eq_ignore_ascii_case("insert").then_some(())?;
        let (head, rest) = start.split_once('(')?;
        let (columns, rest) = rest.split_once(')')?;
        (!head.contains('\'') && rest.trim_start().get(..6)?.eq_ignore_ascii_case("values")).then_some(())?;
        let columns: Vec<&str> =
            columns.split(',').map(|c| c.trim().trim_matches(['"', '`', '[', ']'])).collect();
        Some(rows(rest).into_iter().flat_map(|row| pairs(&columns, row)).collect())
    };
    found().unwrap_or_default()
}

fn pairs(columns: &[&str], row: Vec<Option<String>>) -> Vec<(String, String)> {
    let both = columns.iter().zip(row);
    both.filter_map(|(column, value)| Some((column.to_string(), value?))).collect()
}

/// The rows of a statement's values: quoted texts, and nothing for what is no text.
fn rows(values: &str) -> Vec<Vec<Option<String>>> {
    let mut out = Vec::new();
    let mut row: Option<Vec<Option<String>>> = None;
    let (mut quoted, mut text): (bool, Option<String>) = (false, None);
    let mut depth = 0;
    for c in values.chars() {
        match (c, quoted) {
            ('\'', true) => quoted = false,
            (c, true) => text.get_or_insert_default().push(c),
            ('\'', false) => (quoted, text) = (true, Some(text.unwrap_or_default())),
            ('(', false) => {
                depth += 1;
                row = row.or(Some(Vec::new()));
            }
            (',', false) if depth == 1 => row.get_or_insert_default().push(text.take()),
            (')', false) => {
                depth -= 1;
                if depth <= 0 {
                    let mut done = row.take().unwrap_or_default();
                    done.push(text.take());
                    out.push(done);
                }
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_under_their_columns() {
        let found =
            inserted_values("insert into t (id, name, pass) values (1, 'o''neil', 'a,b)c'), (2, ?, f('x'))");
        let shown: Vec<_> = found.iter().map(|(c, v)| (c.as_str(), v.as_str())).collect();
        assert_eq!(shown, [("name", "oneil"), ("pass", "a,b)c"), ("pass", "x")]);
        assert!(inserted_values("select (a) values ('x')").is_empty());
    }
}
