//! Roles with their options and passwords, and what is granted to them.

use super::token::Kind;
use super::{Output, Reader, unquoted};
use crate::facts::*;
use crate::lower::fields::{self, Draft};

/// Words of a role's definition that are no option by themselves.
const JOINING: &[&str] = &["WITH", "AND", "ENCRYPTED", "UNENCRYPTED", "REQUIRE", "DEFAULT"];

/// Options that are followed by a value of their own.
const VALUED: &[&str] = &[
    "SYSID",
    "DEFAULT_DATABASE",
    "DEFAULT_SCHEMA",
    "CHECK_POLICY",
    "CHECK_EXPIRATION",
    "COMMENT",
    "ATTRIBUTE",
    "WITHOUT",
];

/// Options that are followed by names.
const NAMED: &[&str] = &["ROLE", "ADMIN", "USER", "GROUP", "IN", "TO", "FOR", "FROM", "RENAME"];

impl Reader<'_, '_> {
    /// `GRANT privileges ON object TO names WITH GRANT OPTION`, and `GRANT role TO names`.
    pub(super) fn grant(&mut self, out: &mut Output) {
        let mut draft = Draft::default();
        let first = self.at;
        let privileges = self.privileges();
        let (Some(from), Some(to)) = (self.tokens.get(first), self.tokens.get(self.at.saturating_sub(1)))
        else {
            return self.trouble("a grant that cannot be read");
        };
        if privileges.is_empty() {
            return self.trouble("a grant that cannot be read");
        }
        let list = fields::list(self.b, privileges, from.start, to.end.max(from.start));
        draft.set(self.b, "privileges", list);
        if self.word("ON")
            && let Some(on) = self.until_to()
        {
            draft.set(self.b, "on", on);
        }
        if !self.word("TO") {
            return self.trouble("a grant that cannot be read");
        }
        let from = self.here().map_or(0, |t| t.start);
        let names = self.names();
        if names.is_empty() {
            return self.trouble("a grant that cannot be read");
        }
        let to = self.tokens[self.at - 1].end;
        let account = self.tokens[self.at - 1];
        let list = fields::list(self.b, names, from, to);
        draft.set(self.b, "to", list);
        let rest = self.at;
        if let Some(at) = (rest..self.tokens.len()).find(|i| self.is(*i, "WITH") && self.is(i + 2, "OPTION"))
        {
            let span = self.b.span(self.tokens[at].start, self.tokens[at + 2].end);
            let value = self.b.value(Value::Bool(true), span);
            draft.set(self.b, "option", value);
        }
        let (start, end) = (self.start(), self.end());
        let row = draft.done(self.b, start, end);
        out.lists.add("grant", row, start, end);
        if self.is(rest, "IDENTIFIED") {
            self.at = rest;
            let name = fields::text(self.b, unquoted_range(self.text, from, to), from, account.end);
            self.options(out, name);
        }
    }

    /// In capitals; `ALL` for `ALL PRIVILEGES`; columns in brackets are left out.
    fn privileges(&mut self) -> Vec<ValueId> {
        let mut out = Vec::new();
        while self.here().is_some() && !self.is(self.at, "ON") && !self.is(self.at, "TO") {
            let first = self.at;
            let mut words = Vec::new();
            let mut end = self.tokens[first].start;
            let mut depth = 0u32;
            while let Some(token) = self.here() {
                let word = self.slice(self.at).to_ascii_uppercase();
                match word.as_str() {
                    "ON" | "TO" | "," if depth == 0 => break,
                    "(" => depth += 1,
                    ")" => depth = depth.saturating_sub(1),
                    _ if depth == 0 => {
                        let plain = unquoted(&word, token.kind);
                        words.push(plain);
                        end = token.end;
                    }
                    _ => {}
                }
                self.at += 1;
            }
            let joined = words.join(" ");
            let name = if joined == "ALL PRIVILEGES" { "ALL" } else { joined.as_str() };
            if !name.is_empty() {
                out.push(fields::text(self.b, name, self.tokens[first].start, end));
            }
            if !self.word(",") {
                break;
            }
        }
        out
    }

    /// The object as it is written, without the quotes of a single name.
    fn until_to(&mut self) -> Option<ValueId> {
        let first = self.here()?;
        let mut end = first.start;
        let mut text = String::new();
        while let Some(token) = self.here() {
            if token.kind == Kind::Word && self.is(self.at, "TO") {
                break;
            }
            if token.start > end {
                text.push(' ');
            }
            text.push_str(&unquoted(self.slice(self.at), token.kind));
            end = token.end;
            self.at += 1;
        }
        Some(fields::text(self.b, text, first.start, end))
    }

    /// `CREATE ROLE name WITH …`, `ALTER USER name …`, `CREATE USER 'a'@'%' IDENTIFIED BY '…'`.
    pub(super) fn role(&mut self, out: &mut Output) {
        let _ = self.words(&["IF", "NOT", "EXISTS"]) || self.words(&["IF", "EXISTS"]);
        let Some((name, start, end)) = self.name() else {
            return self.trouble("a role without a name");
        };
        let name = fields::text(self.b, name, start, end);
        self.options(out, name);
    }

    fn options(&mut self, out: &mut Output, name: ValueId) {
        let mut draft = Draft::default();
        draft.set(self.b, "name", name);
        let mut options = Vec::new();
        let mut password = None;
        while let Some(token) = self.here() {
            let word = self.slice(self.at).to_ascii_uppercase();
            self.at += 1;
            match word.as_str() {
                "PASSWORD" if self.is(self.at, "EXPIRE") => self.at += 1,
                "PASSWORD" => password = self.secret().or(password),
                "IDENTIFIED" => password = self.identified().or(password),
                "VALID" | "CONNECTION" => self.at += if self.is(self.at + 1, "-") { 3 } else { 2 },
                // Settings of a session, and what becomes of the name.
                "SET" | "RESET" => break,
                "WITH" if self.is(self.at, "GRANT") => break,
                w if VALUED.contains(&w) => {
                    let _ = self.word("=");
                    self.at += 1;
                }
                w if NAMED.contains(&w) => {
                    let _ = self.names();
                }
                w if JOINING.contains(&w) || token.kind != Kind::Word => {}
                w => options.push(fields::text(self.b, w, token.start, token.end)),
            }
        }
        let range = |v: &ValueId| self.b.facts.values[v.0 as usize].span.range();
        if let (Some(first), Some(last)) = (options.first().map(range), options.last().map(range)) {
            let list = fields::list(self.b, options, first.start, last.end);
            draft.set(self.b, "options", list);
        }
        if let Some(password) = password {
            draft.set(self.b, "password", password);
        }
        let (start, end) = (self.start(), self.end());
        let row = draft.done(self.b, start, end);
        out.lists.add("role", row, start, end);
    }

    /// `IDENTIFIED [WITH plugin] BY 'x'`; what stands behind `AS` is a hash, no password.
    fn identified(&mut self) -> Option<ValueId> {
        if self.word("WITH") {
            self.at += 1;
        }
        if self.word("AS") {
            self.at += 1;
            return None;
        }
        if self.words(&["BY", "PASSWORD"]) {
            self.at += 1;
            return None;
        }
        if self.word("BY") { self.secret() } else { None }
    }

    /// The text of a password; a variable of the client is not known.
    fn secret(&mut self) -> Option<ValueId> {
        let _ = self.word("=");
        let token = self.here()?;
        self.at += 1;
        let span = self.b.span(token.start, token.end);
        let written = &self.text[token.start..token.end];
        let value = match token.kind {
            Kind::Text if self.escapes => {
                Value::Text(unquoted(written, token.kind).replace("\\'", "'").replace("\\\\", "\\").into())
            }
            Kind::Text => Value::Text(unquoted(written, token.kind).into()),
            Kind::Name if written.starts_with('"') => Value::Text(unquoted(written, token.kind).into()),
            Kind::Word if written.eq_ignore_ascii_case("NULL") => Value::Null,
            _ => Value::Unknown,
        };
        if &self.text[token.start..token.end] == ":" {
            self.at += 1;
        }
        Some(self.b.value(value, span))
    }
}

/// The text of a name such as `'a'@'%'` without its quotes.
fn unquoted_range(text: &str, start: usize, end: usize) -> String {
    text[start..end].replace(['\'', '`', '"'], "")
}
