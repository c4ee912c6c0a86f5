//! Dockerfiles: stages with what they set, copy and run. Knows the format, not what any name means.

use std::collections::HashMap;

use crate::facts::*;
use crate::lower::Builder;
use crate::lower::fields::{self, Draft};
use crate::lower::words::{self, Rules, name_length};
use crate::source::{Ecosystem, Source, Span, Str};

const OTHERS: &[&str] = &[
    "CMD",
    "ENTRYPOINT",
    "LABEL",
    "MAINTAINER",
    "VOLUME",
    "WORKDIR",
    "ONBUILD",
    "STOPSIGNAL",
    "HEALTHCHECK",
    "SHELL",
];

pub fn lower(source: &Source) -> FileFacts {
    let text = source.text.clone();
    let mut reader = Reader {
        b: Builder::new(source, Ecosystem::None),
        text: &text,
        escape: '\\',
        stages: Vec::new(),
        known: HashMap::new(),
        global: HashMap::new(),
        global_args: Vec::new(),
        lost: 0,
    };
    reader.run();
    reader.done();
    fields::notes(&mut reader.b, &["#"]);
    reader.b.facts
}

#[derive(Default)]
struct Stage {
    start: usize,
    end: usize,
    from: Option<ValueId>,
    /// The image or stage it is built from, as written.
    base: String,
    name: Option<(usize, usize)>,
    env: Vec<ValueId>,
    arg: Vec<ValueId>,
    copy: Vec<ValueId>,
    run: Vec<ValueId>,
    expose: Vec<ValueId>,
    user: Option<ValueId>,
}

struct Reader<'s> {
    b: Builder<'s>,
    text: &'s str,
    escape: char,
    stages: Vec<Stage>,
    /// Values of ARG and ENV in the current stage, and of ARG above the first one.
    known: HashMap<Str, (Str, Span)>,
    global: HashMap<Str, (Str, Span)>,
    global_args: Vec<ValueId>,
    /// Heredocs that never end.
    lost: usize,
}

impl Reader<'_> {
    fn run(&mut self) {
        let mut at = self.directives(fields::beginning(self.text));
        while at < self.text.len() {
            let line = fields::line_end(self.text, at);
            let (start, end) = fields::trimmed(self.text, at, line);
            if start >= end || self.text[start..].starts_with('#') {
                at = fields::next_line(self.text, line);
                continue;
            }
            let (end, next) = self.instruction_end(start);
            self.instruction(start, end);
            at = next;
        }
    }

    /// `# escape=` and its like, which stand above everything else.
    fn directives(&mut self, start: usize) -> usize {
        let mut at = start;
        loop {
            let end = fields::line_end(self.text, at);
            let Some((key, value)) =
                self.text[at..end].strip_prefix('#').and_then(|rest| rest.split_once('='))
            else {
                return at;
            };
            match key.trim() {
                "escape" if value.trim() == "`" => self.escape = '`',
                "escape" | "syntax" | "check" => {}
                _ => return at,
            }
            at = fields::next_line(self.text, end);
        }
    }

    /// The end of the instruction, with its continued lines and heredocs, and the start of what follows.
    fn instruction_end(&mut self, start: usize) -> (usize, usize) {
        let mut end = fields::line_end(self.text, start);
        loop {
            let escape = self.text[start..end].trim_end();
            if !escape.ends_with(self.escape) {
                break;
            }
            let (place, before) = (start + escape.len(), end);
            match words::continued(self.text, place, self.text.len(), true) {
                Some(next) if next < self.text.len() => end = fields::line_end(self.text, next),
                _ => break,
            }
            // Nothing but empty lines follow.
            if end <= before {
                end = before;
                break;
            }
            // An empty line in between is left out too.
            while end < self.text.len() && self.text[..end].ends_with(['\n', '\r']) {
                let next = fields::next_line(self.text, end);
                end = fields::line_end(self.text, next);
            }
        }
        let mut next = fields::next_line(self.text, end);
        let upper = self.text[start..].get(..4).unwrap_or("").to_ascii_uppercase();
        if matches!(upper.trim_end(), "RUN" | "COPY" | "ADD") {
            for mark in heredocs(&self.text[start..end]) {
                if self.lost >= fields::TROUBLES {
                    break;
                }
                match heredoc_end(self.text, next, &mark) {
                    Some((last, after)) => (end, next) = (last, after),
                    None => {
                        self.lost += 1;
                        self.trouble(
                            start,
                            end,
                            "a heredoc that does not end; its lines were read as instructions",
                        );
                    }
                }
            }
        }
        (end, next)
    }

    fn instruction(&mut self, start: usize, end: usize) {
        let length = self.text[start..end].find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(end - start);
        let keyword = self.text[start..start + length].to_ascii_uppercase();
        let args = self.skip(start + length, end);
        let end = start + self.text[start..end].trim_end().len();
        let args = args.min(end);
        match keyword.as_str() {
            "FROM" => self.from(start, args, end),
            "ARG" => self.arg(start, args, end),
            other if OTHERS.contains(&other) => {}
            "ENV" | "COPY" | "ADD" | "RUN" | "USER" | "EXPOSE" if self.stages.is_empty() => {
                self.trouble(start, end, "an instruction before the first FROM; the rest was analysed");
            }
            "ENV" => self.env(start, args, end),
            "COPY" | "ADD" => self.copy(start, args, end),
            "RUN" => self.command(args, end),
            "USER" => {
                let user = self.word(args, end).0;
                self.stage(|s| s.user = Some(user));
            }
            "EXPOSE" => {
                let ports = self.words(args, end);
                self.stage(|s| s.expose.extend(ports));
            }
            _ => self.trouble(start, end, "not an instruction that is known; the rest was analysed"),
        }
        self.stage(|s| s.end = end);
    }

    fn stage(&mut self, f: impl FnOnce(&mut Stage)) {
        if let Some(stage) = self.stages.last_mut() {
            f(stage);
        }
    }

    fn trouble(&mut self, start: usize, end: usize, message: &str) {
        if self.b.facts.troubles.len() < fields::TROUBLES {
            let line = fields::line_end(self.text, start).min(end);
            let span = self.b.span(start, line);
            self.b.trouble(span, message);
        }
    }

    /// Past white space and joined lines.
    fn skip(&self, mut at: usize, end: usize) -> usize {
        loop {
            at = end - self.text[at..end].trim_start().len();
            let Some(rest) = self.text[at..end].strip_prefix(self.escape) else { return at };
            match words::continued(self.text, end - rest.len(), end, true) {
                Some(next) => at = next,
                None => return at,
            }
        }
    }

    fn value(&mut self, start: usize, end: usize, whole: bool) -> (ValueId, usize) {
        let known = if self.stages.is_empty() { &self.global } else { &self.known };
        let rules = Rules { escape: self.escape, commands: false, whole, known };
        words::word(&mut self.b, self.text, start, end, &rules)
    }

    fn word(&mut self, start: usize, end: usize) -> (ValueId, usize) {
        self.value(start, end, false)
    }

    fn words(&mut self, start: usize, end: usize) -> Vec<ValueId> {
        let mut at = self.skip(start, end);
        let mut out = Vec::new();
        while at < end {
            let (value, after) = self.word(at, end);
            out.push(value);
            at = self.skip(after.max(at + 1), end);
        }
        out
    }

    /// Flags such as `--from=x`; gives the value of the one asked for, and what follows them.
    fn flags(&mut self, mut at: usize, end: usize, wanted: &str) -> (Option<ValueId>, usize) {
        let mut found = None;
        while self.text[at..end].starts_with("--") {
            let name = &self.text[at..end];
            let stop = name.find(|c: char| c == '=' || c.is_whitespace()).map_or(end, |n| at + n);
            let is_wanted = &self.text[at + 2..stop] == wanted;
            let from = if self.text[stop..end].starts_with('=') { stop + 1 } else { stop };
            let (value, after) = self.word(from, end);
            if is_wanted {
                found = Some(value);
            }
            at = self.skip(after, end);
        }
        (found, at)
    }

    fn from(&mut self, start: usize, args: usize, end: usize) {
        let (_, at) = self.flags(args, end, "platform");
        let global = self.global.clone();
        let rules = Rules { escape: self.escape, commands: false, whole: false, known: &global };
        let (from, after) = words::word(&mut self.b, self.text, at, end, &rules);
        let mut rest = self.skip(after, end);
        let mut name = None;
        if self.text[rest..end].get(..3).is_some_and(|w| w.eq_ignore_ascii_case("as ")) {
            rest = self.skip(rest + 3, end);
            let length = self.text[rest..end].find(char::is_whitespace).unwrap_or(end - rest);
            name = Some((rest, rest + length));
        }
        let base = self.text[at..after].to_ascii_lowercase();
        self.known.clear();
        self.stages.push(Stage { start, end, from: Some(from), base, name, ..Stage::default() });
    }

    fn arg(&mut self, _start: usize, args: usize, end: usize) {
        let mut at = args;
        while at < end {
            let length = name_length(&self.text[at..end]);
            let name = (at, at + length);
            if length == 0 {
                return self.trouble(at, end, "an ARG without a name; the rest was analysed");
            }
            let mut value = None;
            let mut after = name.1;
            if self.text[after..end].starts_with('=') {
                let (given, stop) = self.word(after + 1, end);
                (value, after) = (Some(given), stop);
            }
            self.remember(name, value);
            let row = self.named(name, value, after);
            match self.stages.last_mut() {
                Some(stage) => stage.arg.push(row),
                None => self.global_args.push(row),
            }
            at = self.skip(after.max(at + 1), end);
        }
    }

    fn env(&mut self, start: usize, args: usize, end: usize) {
        let mut at = args;
        while at < end {
            let length = self.text[at..end].find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(end - at);
            let name = (at, at + length);
            let pair = self.text[name.1..end].starts_with('=');
            if length == 0 || (!pair && at != args) {
                return self.trouble(start, end, "an ENV that is no NAME=value; the rest was analysed");
            }
            let from = if pair { name.1 + 1 } else { self.skip(name.1, end) };
            let (value, after) = self.value(from, end, !pair);
            self.remember(name, Some(value));
            let row = self.named(name, Some(value), after);
            self.stage(|s| s.env.push(row));
            at = self.skip(after.max(at + 1), end);
        }
    }

    /// Later `$NAME` may stand for this.
    fn remember(&mut self, name: (usize, usize), value: Option<ValueId>) {
        let name: Str = self.text[name.0..name.1].into();
        let node = value.map(|v| &self.b.facts.values[v.0 as usize]);
        let known = match node {
            Some(ValueNode { value: Value::Text(text), span, .. }) => Some((text.clone(), *span)),
            Some(_) => None,
            None if self.stages.is_empty() => None,
            None => self.global.get(&name).cloned(),
        };
        let scope = if self.stages.is_empty() { &mut self.global } else { &mut self.known };
        match known {
            Some(known) => scope.insert(name, known),
            None => scope.remove(&name),
        };
    }

    fn named(&mut self, name: (usize, usize), value: Option<ValueId>, end: usize) -> ValueId {
        let mut draft = Draft::default();
        let text = fields::text(&mut self.b, &self.text[name.0..name.1], name.0, name.1);
        draft.set(&self.b, "name", text);
        if let Some(value) = value {
            draft.put(&self.b, "value", value, name.0, end);
        }
        draft.done(&mut self.b, name.0, end)
    }

    fn copy(&mut self, start: usize, args: usize, end: usize) {
        let (from, at) = self.flags(args, end, "from");
        let line = fields::line_end(self.text, at).min(end);
        let heredoc = !heredocs(&self.text[at..line]).is_empty();
        let stop = if heredoc { line } else { end };
        let mut paths = match json(&mut self.b, self.text, at, stop) {
            Some(paths) => paths,
            None => self.words(at, stop),
        };
        let to = paths.pop();
        let mut draft = Draft::default();
        let range = |b: &Builder<'_>, v: &ValueId| b.facts.values[v.0 as usize].span.range();
        if let (Some(first), Some(last)) = (paths.first(), paths.last()) {
            let (from, to) = (range(&self.b, first).start, range(&self.b, last).end);
            let sources = fields::list(&mut self.b, paths, from, to);
            draft.set(&self.b, "sources", sources);
        }
        for (key, value) in [("to", to), ("from", from)] {
            if let Some(value) = value {
                draft.set(&self.b, key, value);
            }
        }
        let row = draft.done(&mut self.b, start, end);
        self.stage(|s| s.copy.push(row));
    }

    /// The text of a RUN, with its lines joined as the build joins them.
    fn command(&mut self, args: usize, end: usize) {
        let mut joined = String::new();
        let mut at = args;
        while let Some(found) = self.text[at..end].find(self.escape) {
            let behind = at + found + self.escape.len_utf8();
            match words::continued(self.text, behind, end, true) {
                Some(next) => {
                    joined.push_str(&self.text[at..at + found]);
                    at = next;
                }
                None => {
                    joined.push_str(&self.text[at..behind]);
                    at = behind;
                }
            }
        }
        joined.push_str(&self.text[at..end]);
        let run = fields::text(&mut self.b, joined, args, end);
        self.stage(|s| s.run.push(run));
    }

    fn done(&mut self) {
        let is_final = self.finals();
        let stages = std::mem::take(&mut self.stages);
        let mut rows = Vec::new();
        for (stage, is_final) in stages.into_iter().zip(is_final) {
            rows.push(self.row(stage, is_final));
        }
        let args = std::mem::take(&mut self.global_args);
        if rows.is_empty() && args.is_empty() {
            return;
        }
        let mut draft = Draft::default();
        for (key, items) in [("arg", args), ("stages", rows)] {
            self.list(&mut draft, key, items);
        }
        let root = draft.done(&mut self.b, 0, self.text.len());
        self.b.document(root);
    }

    /// The last stage, and those that it is built from, reach the image.
    fn finals(&self) -> Vec<bool> {
        let mut out = vec![false; self.stages.len()];
        let names: HashMap<String, Vec<usize>> =
            self.stages.iter().enumerate().fold(HashMap::new(), |mut all, (i, s)| {
                if let Some((from, to)) = s.name {
                    all.entry(self.text[from..to].to_ascii_lowercase()).or_default().push(i);
                }
                all
            });
        let mut current = self.stages.len().checked_sub(1);
        while let Some(i) = current {
            out[i] = true;
            let above = names.get(&self.stages[i].base);
            current = above.and_then(|a| a[..a.partition_point(|n| *n < i)].last().copied());
        }
        out
    }

    fn row(&mut self, stage: Stage, is_final: bool) -> ValueId {
        let mut draft = Draft::default();
        if let Some(from) = stage.from {
            draft.set(&self.b, "from", from);
        }
        if let Some((from, to)) = stage.name {
            let name = fields::text(&mut self.b, &self.text[from..to], from, to);
            draft.set(&self.b, "name", name);
        }
        let line = fields::line_end(self.text, stage.start);
        let span = self.b.span(stage.start, line);
        let value = self.b.value(Value::Bool(is_final), span);
        draft.set(&self.b, "final", value);
        let lists = [
            ("env", stage.env),
            ("arg", stage.arg),
            ("copy", stage.copy),
            ("run", stage.run),
            ("expose", stage.expose),
        ];
        for (key, items) in lists {
            self.list(&mut draft, key, items);
        }
        if let Some(user) = stage.user {
            draft.set(&self.b, "user", user);
        }
        draft.done(&mut self.b, stage.start, stage.end)
    }

    fn list(&mut self, draft: &mut Draft, key: &'static str, items: Vec<ValueId>) {
        let range = |v: &ValueId| self.b.facts.values[v.0 as usize].span.range();
        let (Some(first), Some(last)) = (items.first().map(range), items.last().map(range)) else { return };
        let list = fields::list(&mut self.b, items, first.start, last.end);
        draft.set(&self.b, key, list);
    }
}

/// The end marks of the heredocs that a line opens.
fn heredocs(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (i, _) in line.match_indices("<<") {
        let rest = line[i + 2..].trim_start_matches('-');
        let quoted = rest.starts_with(['"', '\'']);
        let rest = rest.trim_start_matches(['"', '\'']);
        let length = name_length(rest);
        let opens = !line[..i].ends_with('<') && (quoted || !rest.starts_with('<'));
        if opens && length > 0 {
            out.push(rest[..length].to_string());
        }
    }
    out
}

/// The end of the line that is only `mark`, and the start of the next.
fn heredoc_end(text: &str, mut at: usize, mark: &str) -> Option<(usize, usize)> {
    while at < text.len() {
        let end = fields::line_end(text, at);
        let next = fields::next_line(text, end);
        if text[at..end].trim_start_matches('\t') == mark {
            return Some((end, next));
        }
        at = next;
    }
    None
}

/// `["a", "b"]`: the texts, each with its place.
fn json(b: &mut Builder<'_>, text: &str, start: usize, end: usize) -> Option<Vec<ValueId>> {
    let inside = &text[start..end];
    if !inside.starts_with('[') {
        return None;
    }
    let texts: Vec<String> = serde_json::from_str(inside).ok()?;
    let mut at = start;
    let mut out = Vec::new();
    for item in texts {
        let open = at + text[at..end].find('"')?;
        let mut close = open + 1;
        while !text[close..end].starts_with('"') {
            let step = if text[close..end].starts_with('\\') { 2 } else { 1 };
            close += step;
            while close < end && !text.is_char_boundary(close) {
                close += 1;
            }
            if close >= end {
                return None;
            }
        }
        out.push(fields::text(b, item, open, close + 1));
        at = close + 1;
    }
    Some(out)
}
