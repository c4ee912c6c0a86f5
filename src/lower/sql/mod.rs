//! SQL: who may do what - grants, roles, policies, row security. Reads no queries and no data.

mod role;
mod token;

use std::collections::HashMap;

use crate::facts::*;
use crate::lower::Builder;
use crate::lower::fields::{self, Draft, Lists};
use crate::source::{Ecosystem, Source};

use token::{Kind, Token, Tokens};

pub fn lower(source: &Source) -> FileFacts {
    let mut b = Builder::new(source, Ecosystem::None);
    let text = source.text.clone();
    let mut out = Output::default();
    let mut tokens = Tokens::new(&text);
    while let Some(statement) = tokens.statement() {
        let mut reader =
            Reader { b: &mut b, text: &text, tokens: &statement, at: 0, escapes: tokens.escapes };
        if reader.statement(&mut out) {
            tokens.skip_rows();
        }
    }
    if let Some(at) = tokens.broken {
        let span = b.span(at, fields::line_end(&text, at));
        b.trouble(span, "a quote or comment that does not end; the other statements were analysed");
    }
    let mut root = Draft::default();
    out.tables(&mut b);
    out.lists.into(&mut b, &mut root);
    if !root.is_empty() {
        let root = root.done(&mut b, 0, text.len());
        b.document(root);
    }
    fields::notes(&mut b, &["--", "/*", "#"]);
    b.facts
}

#[derive(Default)]
struct Output {
    lists: Lists,
    tables: Vec<Table>,
    named: HashMap<String, usize>,
}

/// A table and the last word on its row security, with the place of that word.
struct Table {
    name: (usize, usize),
    text: String,
    end: usize,
    secured: Option<(bool, usize, usize)>,
}

impl Output {
    fn table(&mut self, text: String, name: (usize, usize), end: usize) -> &mut Table {
        let key = text.to_ascii_lowercase();
        let key = key.strip_prefix("public.").unwrap_or(&key).to_string();
        let at = *self.named.entry(key).or_insert(self.tables.len());
        if at == self.tables.len() {
            self.tables.push(Table { name, text, end, secured: None });
        }
        &mut self.tables[at]
    }

    fn tables(&mut self, b: &mut Builder<'_>) {
        for table in std::mem::take(&mut self.tables) {
            let (start, end) = table.name;
            let mut draft = Draft::default();
            let name = fields::text(b, table.text, start, end);
            draft.set(b, "name", name);
            if let Some((on, from, to)) = table.secured {
                let span = b.span(from, to);
                let value = b.value(Value::Bool(on), span);
                draft.set(b, "row_security", value);
            }
            let row = draft.done(b, start, table.end);
            self.lists.add("table", row, start, table.end);
        }
    }
}

/// One statement, token by token.
struct Reader<'r, 's> {
    b: &'r mut Builder<'s>,
    text: &'r str,
    tokens: &'r [Token],
    at: usize,
    /// `\'` is a quote inside a text.
    escapes: bool,
}

impl Reader<'_, '_> {
    /// Reads a statement of the kinds that matter. True when rows of data follow it.
    fn statement(&mut self, out: &mut Output) -> bool {
        if self.word("GRANT") {
            self.grant(out);
        } else if self.word("CREATE") || self.word("ALTER") {
            let creates = self.is(self.at - 1, "CREATE");
            self.definition(out, creates);
        } else if self.word("COPY") {
            return (self.at..self.tokens.len()).any(|i| self.is(i, "FROM") && self.is(i + 1, "STDIN"));
        }
        false
    }

    fn definition(&mut self, out: &mut Output, creates: bool) {
        if creates && self.words(&["OR", "REPLACE"]) {
            return self.definition(out, creates);
        }
        if self.words(&["USER", "MAPPING"]) {
            return;
        }
        if ["ROLE", "USER", "LOGIN", "GROUP"].iter().any(|w| self.word(w)) {
            self.role(out);
        } else if creates && self.word("POLICY") {
            self.policy(out);
        } else {
            let kinds = ["TEMPORARY", "TEMP", "UNLOGGED", "GLOBAL", "LOCAL", "FOREIGN"];
            while creates && kinds.iter().any(|w| self.word(w)) {}
            if self.word("TABLE") {
                self.table(out, creates);
            }
        }
    }

    fn slice(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| &self.text[t.start..t.end])
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.slice(at).eq_ignore_ascii_case(word)
    }

    /// Takes a bare word (or mark) if it stands here.
    fn word(&mut self, word: &str) -> bool {
        let found = self.is(self.at, word);
        self.at += usize::from(found);
        found
    }

    fn words(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(i, w)| self.is(self.at + i, w));
        self.at += if found { words.len() } else { 0 };
        found
    }

    fn start(&self) -> usize {
        self.tokens.first().map_or(0, |t| t.start)
    }

    fn end(&self) -> usize {
        self.tokens.last().map_or(0, |t| t.end)
    }

    fn here(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn trouble(&mut self, what: &str) {
        if self.b.facts.troubles.len() < fields::TROUBLES {
            let start = self.start();
            let span = self.b.span(start, fields::line_end(self.text, start).min(self.end()));
            self.b.trouble(span, format!("{what}; the other statements were analysed"));
        }
    }

    /// Takes a name such as `public.users`, `'a'@'%'`, `*.*`: unquoted, and its place.
    fn name(&mut self) -> Option<(String, usize, usize)> {
        let first = self.here()?;
        let mut text = String::new();
        let mut end = first.start;
        let mut joined = true;
        while let Some(token) = self.here() {
            let written = &self.text[token.start..token.end];
            let joins = matches!(written, "." | "@" | "%");
            let part = joins || written == "*" || token.kind != Kind::Mark;
            if !part || (!joined && !joins) {
                break;
            }
            text.push_str(&unquoted(written, token.kind));
            end = token.end;
            joined = joins;
            self.at += 1;
        }
        (!text.is_empty()).then_some((text, first.start, end))
    }

    /// Names with commas between them.
    fn names(&mut self) -> Vec<ValueId> {
        let mut out = Vec::new();
        loop {
            let _ = self.word("GROUP") || self.word("ROLE") || self.word("USER");
            let Some((name, start, end)) = self.name() else { return out };
            out.push(fields::text(self.b, name, start, end));
            if !self.word(",") {
                return out;
            }
        }
    }

    fn table(&mut self, out: &mut Output, creates: bool) {
        let _ = self.words(&["IF", "NOT", "EXISTS"]) || self.words(&["IF", "EXISTS"]);
        let _ = !creates && self.word("ONLY");
        let Some((text, start, end)) = self.name() else {
            return self.trouble("a table without a name");
        };
        if creates {
            let last = self.end();
            out.table(text, (start, end), last);
            return;
        }
        let _ = self.word("*");
        for at in self.at..self.tokens.len() {
            let row = (1..4).all(|i| self.is(at + i, ["ROW", "LEVEL", "SECURITY"][i - 1]));
            let on = match self.slice(at).to_ascii_uppercase().as_str() {
                "ENABLE" => true,
                "FORCE" if !self.is(at.wrapping_sub(1), "NO") => true,
                "DISABLE" => false,
                _ => continue,
            };
            if row {
                let (from, to) = (self.tokens[at].start, self.tokens[at + 3].end);
                let last = self.end();
                out.table(text.clone(), (start, end), last).secured = Some((on, from, to));
            }
        }
    }

    fn policy(&mut self, out: &mut Output) {
        let mut draft = Draft::default();
        let Some((name, start, end)) = self.name() else {
            return self.trouble("a policy without a name");
        };
        let name = fields::text(self.b, name, start, end);
        draft.set(self.b, "name", name);
        if self.word("ON")
            && let Some((table, start, end)) = self.name()
        {
            let table = fields::text(self.b, table, start, end);
            draft.set(self.b, "table", table);
        }
        while let Some(token) = self.here() {
            self.at += 1;
            let key = match self.slice(self.at - 1).to_ascii_uppercase().as_str() {
                "AS" => "kind",
                "FOR" => "command",
                "TO" => "to",
                "USING" => "using",
                "CHECK" => "check",
                _ => continue,
            };
            let value = match key {
                "using" | "check" => self.condition(),
                "to" => {
                    let from = self.here().map_or(token.end, |t| t.start);
                    let names = self.names();
                    let to = self.tokens[self.at - 1].end;
                    Some(fields::list(self.b, names, from, to.max(from)))
                }
                _ => self.upper(),
            };
            if let Some(value) = value {
                draft.set(self.b, key, value);
            }
        }
        let (start, end) = (self.start(), self.end());
        let row = draft.done(self.b, start, end);
        out.lists.add("policy", row, start, end);
    }

    /// The next word in capitals.
    fn upper(&mut self) -> Option<ValueId> {
        let token = self.here()?;
        let text = self.slice(self.at).to_ascii_uppercase();
        self.at += 1;
        Some(fields::text(self.b, text, token.start, token.end))
    }

    /// What stands in brackets: true, false, or the condition as it is written.
    fn condition(&mut self) -> Option<ValueId> {
        let open = self.at;
        if !self.is(open, "(") {
            return None;
        }
        let mut depth = 0;
        while let Some(token) = self.here() {
            self.at += 1;
            match &self.text[token.start..token.end] {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        let from = self.tokens[open].end;
        let to = if depth == 0 { self.tokens[self.at - 1].start } else { self.end() };
        let (from, to) = fields::trimmed(self.text, from, to.max(from));
        let written = &self.text[from..to];
        let span = self.b.span(from, to);
        let value = match written.to_ascii_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::Text(written.into()),
        };
        Some(self.b.value(value, span))
    }
}

/// The text of a token without its quotes.
fn unquoted(written: &str, kind: Kind) -> String {
    match kind {
        Kind::Name if written.starts_with('[') => written[1..].trim_end_matches(']').to_string(),
        Kind::Name => inside(written, written.get(..1).unwrap_or("\"")),
        Kind::Text => {
            let quoted = written.trim_start_matches(|c| c != '\'');
            let text = inside(quoted, "'");
            if written.starts_with(['E', 'e']) {
                text.replace("\\'", "'").replace("\\\\", "\\")
            } else {
                text
            }
        }
        _ => written.to_string(),
    }
}

fn inside(quoted: &str, quote: &str) -> String {
    let text = quoted.strip_prefix(quote).unwrap_or(quoted);
    let text = text.strip_suffix(quote).unwrap_or(text);
    text.replace(&quote.repeat(2), quote)
}
