//! The inventory as comma-separated values after RFC 4180, safe to open in a spreadsheet.

use crate::endpoint::Endpoint;
use crate::endpoint::survey::Survey;

use super::guard_names;

const HEADS: &str =
    "method,path,authentication,role,scope,ownership,public,handler,file,line,framework,condition,guards";

pub fn render(survey: &Survey, shown: &[&Endpoint]) -> String {
    let mut out = format!("{HEADS}\r\n");
    for endpoint in shown {
        let (file, line) = survey.place(endpoint.place);
        let cells = [
            endpoint.method.to_string(),
            endpoint.path.to_string(),
            endpoint.authentication.word().into(),
            endpoint.role.word().into(),
            endpoint.scope.word().into(),
            endpoint.ownership.word().into(),
            endpoint.public.as_ref().map_or(String::new(), |e| e.text.clone()),
            endpoint.handler.to_string(),
            file.to_string(),
            line.to_string(),
            endpoint.framework.to_string(),
            endpoint.condition.as_ref().map_or(String::new(), ToString::to_string),
            guard_names(endpoint).join("; "),
        ];
        let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        out += &cells.join(",");
        out += "\r\n";
    }
    out
}

/// A cell that begins like a formula is one to a spreadsheet: an apostrophe makes it text.
/// <https://owasp.org/www-community/attacks/CSV_Injection>
fn cell(text: &str) -> String {
    const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\r' | '\n')).collect();
    let text = if text.trim_start_matches(' ').starts_with(FORMULA) { format!("'{text}") } else { text };
    match text.contains(['"', ',', '\r', '\n', ';', '\'']) || text.starts_with(' ') {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}
