//! Files that do not parse: every top-level definition is read by itself. Knows no facts.

use tree_sitter::{Node, Parser, Point, Range, Tree, TreeCursor};

use super::{State, place, statements};
use crate::facts::TypeId;
use crate::lower::Builder;

/// How often one definition is read again with a broken line left out.
const ATTEMPTS: usize = 6;

/// Classes indented further than this are not taken apart.
const INDENT: usize = 40;

/// Parses a stretch of a file that begins at byte `start`; places are those of the whole file.
pub fn parse(text: &[u8], start: usize) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_python::LANGUAGE.into()).ok()?;
    // Points are not looked at: only bytes are.
    let range = Range {
        start_byte: start,
        end_byte: start + text.len(),
        start_point: Point::new(0, 0),
        end_point: Point::new(usize::from(u16::MAX), 0),
    };
    if start > 0 {
        parser.set_included_ranges(&[range]).ok()?;
    }
    let mut read = |at: usize, _: Point| at.checked_sub(start).and_then(|at| text.get(at..)).unwrap_or(&[]);
    parser.parse_with_options(&mut read, None, None)
}

/// Every node from the outside in, as long as `f` wants to see the inside. Iterative.
pub fn each<'t>(root: Node<'t>, mut f: impl FnMut(Node<'t>) -> bool) {
    let mut cursor: TreeCursor<'t> = root.walk();
    loop {
        if f(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// The places the parser could not make sense of.
fn errors(root: Node<'_>) -> Vec<Node<'_>> {
    let mut out = Vec::new();
    each(root, |node| {
        if node.is_error() || node.is_missing() {
            out.push(node);
        }
        node.has_error()
    });
    out
}

/// A module with syntax errors. Definitions that parsed are lowered from the tree at hand; a
/// stretch between two top-level lines with an error in it is parsed again by itself, so that
/// an open bracket cannot swallow what follows.
pub fn module(b: &mut Builder<'_>, s: &mut State, root: Node<'_>) {
    let found = errors(root);
    if let Some(first) = found.first() {
        let span = place(b, *first);
        let shown = b.span(span.start as usize, b.source.line_range(b.source.line(span.start)).end);
        let end = shown.end.min(span.end.max(span.start)) as usize;
        let span = b.span(span.start as usize, end);
        b.trouble(span, "syntax error near here; the rest was analysed");
    }
    let starts = starts(&b.source.text, 0..b.source.text.len(), 0);
    let chunk_of = |at: usize| starts.partition_point(|start| *start <= at).saturating_sub(1);
    let mut broken = vec![root.is_error(); starts.len()];
    let mut joined = vec![false; starts.len()];
    let children = super::parts(root);
    if !root.is_error() {
        for child in &children {
            let (first, last) = (chunk_of(child.start_byte()), chunk_of(child.end_byte().saturating_sub(1)));
            let bad = child.has_error() || child.is_error() || child.is_missing();
            for i in first..=last.max(first) {
                broken[i] |= bad;
                joined[i] |= !bad && i > first;
            }
        }
    }
    // A statement that lies in several stretches keeps them together.
    for i in 1..starts.len() {
        broken[i] |= joined[i] && broken[i - 1];
    }
    for i in (1..starts.len()).rev() {
        broken[i - 1] |= joined[i] && broken[i];
    }
    let mut children = children.into_iter().peekable();
    let mut i = 0;
    while i < starts.len() {
        let mut next = i + 1;
        while next < starts.len() && joined[next] {
            next += 1;
        }
        let end = starts.get(next).copied().unwrap_or(b.source.text.len());
        while let Some(child) = children.next_if(|c| c.start_byte() < end) {
            if !broken[i] {
                statements::statement(b, s, child);
            }
        }
        if broken[i] {
            stretch(b, s, starts[i]..end, 0);
        }
        i = next;
    }
}

/// One definition, or a few simple statements, read by itself.
fn stretch(b: &mut Builder<'_>, s: &mut State, range: std::ops::Range<usize>, indent: usize) {
    let text = b.source.text.clone();
    let text = &text[range.clone()];
    let Some(tree) = parse(text.as_bytes(), range.start) else { return };
    let root = tree.root_node();
    if root.has_error() && class(b, s, range.clone(), indent) {
        return;
    }
    if !root.has_error() || !is_severe(root) {
        statements::block(b, s, root);
        return;
    }
    let mut patched = text.as_bytes().to_vec();
    leave_out_unclosed(&mut patched, text);
    for _ in 0..ATTEMPTS {
        let Some(tree) = parse(&patched, range.start) else { break };
        let root = tree.root_node();
        if !root.has_error() || !is_severe(root) {
            statements::block(b, s, root);
            return;
        }
        let Some(worst) = errors(root).into_iter().min_by_key(|e| (e.byte_range().len(), e.start_byte()))
        else {
            break;
        };
        let line = b.source.line_range(b.source.line(worst.start_byte() as u32));
        if line.start < range.start
            || !leave_out(&mut patched, line.start - range.start..line.end - range.start)
        {
            break;
        }
    }
    statements::block(b, s, root);
}

/// Where the header of a class begins, below its decorators.
fn class_header(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let code = line.trim_start();
        if code.starts_with("class ") {
            return Some(at);
        }
        if code.starts_with("def ") || code.starts_with("async ") {
            return None;
        }
        at += line.len();
    }
    None
}

/// Did an error take a definition apart, or more than a few lines?
fn is_severe(root: Node<'_>) -> bool {
    let mut severe = root.is_error();
    each(root, |node| {
        if node.is_error() {
            let lines = node.end_position().row - node.start_position().row;
            let mut cursor = node.walk();
            severe |= lines > 3
                || node.children(&mut cursor).any(|c| matches!(c.kind(), "def" | "class" | "block"));
        }
        node.has_error() && !severe
    });
    severe
}

/// A class whose members are read one by one: the broken ones are left out of the class first and
/// read by themselves afterwards, as members of it.
fn class(b: &mut Builder<'_>, s: &mut State, range: std::ops::Range<usize>, indent: usize) -> bool {
    let text = b.source.text.clone();
    let base = range.start;
    let Some(header) = class_header(&text[range.clone()]) else { return false };
    let inner = body_indent(&text[base + header..range.end], indent);
    let Some(inner) = inner.filter(|i| *i <= INDENT) else { return false };
    let members = starts(&text, range.clone(), inner);
    let mut patched = text.as_bytes()[range.clone()].to_vec();
    let mut left_out = Vec::new();
    for (i, start) in members.iter().enumerate().skip(1) {
        let end = members.get(i + 1).copied().unwrap_or(range.end);
        let is_whole =
            parse(&text.as_bytes()[*start..end], *start).is_some_and(|t| !t.root_node().has_error());
        if !is_whole {
            let first = b.source.line_range(b.source.line(*start as u32));
            let rest = first.end.min(end) - base..end - base;
            blank(&mut patched[rest]);
            let line = patched.get_mut(start - base..first.end.min(end) - base);
            if line.is_some_and(|line| say_nothing(line, false)) {
                left_out.push(*start..end);
            }
        }
    }
    let Some(tree) = parse(&patched, base) else { return false };
    let root = tree.root_node();
    if left_out.is_empty() || root.has_error() {
        return false;
    }
    let own = TypeId(b.facts.types.len() as u32);
    statements::block(b, s, root);
    let Some(region) = b.facts.types.get(own.0 as usize).map(|t| t.region) else { return true };
    let owner = b.owner.replace(own);
    for member in left_out {
        let span = b.span(member.start, member.end);
        b.within(region, |b| b.deeper(span, |b| stretch(b, s, member, inner)));
    }
    b.owner = owner;
    true
}

/// Leaves out lines with a bracket that is still open where a new statement begins: to the parser
/// everything below would belong to the bracket.
fn leave_out_unclosed(patched: &mut [u8], text: &str) {
    let bytes = text.as_bytes();
    let strings = long_strings(text);
    let (mut depth, mut opener, mut at) = (0usize, 0..0, 0);
    let mut strings = strings.into_iter().peekable();
    while at < bytes.len() {
        let end = line_end(bytes, at);
        if depth > 0 && begins_anew(&text[opener.clone()], &text[at..end]) {
            leave_out(patched, opener.clone());
            if name_end(&text[opener.clone()]).is_none() {
                blank(&mut patched[opener.end..at]);
            }
            depth = 0;
        }
        let mut i = at;
        while i < end {
            while strings.next_if(|s| s.end <= i).is_some() {}
            match bytes[i] {
                _ if strings.peek().is_some_and(|s| s.contains(&i)) => {
                    i = strings.peek().map_or(i, |s| s.end - 1)
                }
                b'#' => break,
                quote @ (b'"' | b'\'') => i = short_end(bytes, i + 1, quote).max(i + 1) - 1,
                b'(' | b'[' | b'{' => {
                    if depth == 0 {
                        opener = at..end;
                    }
                    depth += 1;
                }
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            i += 1;
        }
        at = line_end(bytes, i.max(end).min(bytes.len())) + 1;
    }
    if depth > 0 {
        leave_out(patched, opener);
    }
}

/// Can this line not belong to a bracket that was opened on the other?
fn begins_anew(opener: &str, line: &str) -> bool {
    let code = line.trim();
    let word = code.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or("");
    let indent = |l: &str| l.len() - l.trim_start().len();
    let assigns = || {
        let rest = code[word.len()..].trim_start();
        !word.is_empty() && rest.starts_with('=') && !rest.starts_with("==") && !code.ends_with(',')
    };
    match word {
        "return" | "raise" | "import" | "pass" | "assert" | "del" | "break" | "continue" => true,
        "def" | "class" | "if" | "elif" | "else" | "for" | "while" | "try" | "except" | "finally"
        | "with" | "async" => code.ends_with(':'),
        _ => indent(line) <= indent(opener) && assigns(),
    }
}

fn blank(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|c| !matches!(c, b'\n' | b'\r')).for_each(|c| *c = b' ');
}

/// Puts a statement that says nothing in the place of a line. The block below keeps its header,
/// and a function or class its name.
fn leave_out(text: &mut [u8], line: std::ops::Range<usize>) -> bool {
    let Some(bytes) = text.get_mut(line) else { return false };
    let written = String::from_utf8_lossy(bytes).trim_end().to_string();
    if let Some(name) = name_end(&written)
        && let Some(rest) = bytes.get_mut(name..)
        && rest.len() >= 3
    {
        let was_left_out = rest.trim_ascii() == b"():";
        rest.fill(b' ');
        rest[..3].copy_from_slice(b"():");
        if !was_left_out {
            return true;
        }
    }
    say_nothing(bytes, written.ends_with(':'))
}

fn say_nothing(line: &mut [u8], is_header: bool) -> bool {
    let Some(first) = line.iter().position(|c| !c.is_ascii_whitespace()) else { return false };
    let rest = &mut line[first..];
    rest.fill(b' ');
    let filler: &[u8] = match (is_header, rest.len()) {
        (true, 5..) => b"if 1:",
        (false, 4..) => b"pass",
        _ => b"0",
    };
    match rest.get_mut(..filler.len()) {
        Some(place) => place.copy_from_slice(filler),
        None => return false,
    }
    true
}

/// The byte after the name in `def name` or `class Name`.
fn name_end(line: &str) -> Option<usize> {
    let code = line.trim_start();
    let rest = code.strip_prefix("async ").unwrap_or(code).trim_start();
    let rest = rest.strip_prefix("def ").or_else(|| rest.strip_prefix("class "))?.trim_start();
    let name = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|n| *n > 0)?;
    (line.ends_with(':')).then_some(line.len() - rest.len() + name)
}

/// The indentation of the first line of a block below a header.
fn body_indent(text: &str, outer: usize) -> Option<usize> {
    text.lines()
        .skip(1)
        .filter(|l| !l.trim().is_empty() && !l.trim_start().starts_with('#'))
        .map(|l| l.len() - l.trim_start().len())
        .find(|i| *i > outer)
}

/// Where statements with exactly this indentation begin: the first byte of their line (of their
/// first decorator's line). The start of the range is always one. Lines inside of long strings do
/// not count; brackets are not looked at, since an open one may be the very mistake.
fn starts(text: &str, range: std::ops::Range<usize>, indent: usize) -> Vec<usize> {
    let mut out = vec![range.start];
    let inside = long_strings(&text[range.clone()]);
    let mut at = range.start;
    let mut decorated = false;
    let mut strings = inside.iter().peekable();
    for line in text[range.clone()].split_inclusive('\n') {
        let start = at;
        at += line.len();
        while strings.next_if(|s| range.start + s.end <= start).is_some() {}
        if strings.peek().is_some_and(|s| range.start + s.start < start) {
            continue;
        }
        let code = line.trim_start();
        if line.len() - code.len() != indent || !begins_statement(code) {
            continue;
        }
        if !decorated && start > range.start {
            out.push(start);
        }
        decorated = code.starts_with('@');
    }
    out
}

fn begins_statement(code: &str) -> bool {
    let word: &str = code.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or("");
    let is_word = code.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let continues =
        matches!(word, "else" | "elif" | "except" | "finally" | "case" | "and" | "or" | "for" | "in" | "is");
    // `for` begins a statement too, but inside of brackets it goes on with a comprehension.
    let continues = continues && !(word == "for" && code.trim_end().ends_with(':'));
    code.starts_with('@') || (is_word && !continues)
}

/// The stretches of triple-quoted strings. One that never ends is not taken for a string.
fn long_strings(text: &str) -> Vec<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut unclosed = Vec::new();
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'#' => i = line_end(bytes, i),
            quote @ (b'"' | b'\'') => {
                let triple = [quote; 3];
                if bytes[i..].starts_with(&triple) && !unclosed.contains(&quote) {
                    match closing(bytes, i + 3, &triple) {
                        Some(end) => {
                            out.push(i..end);
                            i = end;
                        }
                        None => {
                            unclosed.push(quote);
                            i += 3;
                        }
                    }
                } else {
                    i = short_end(bytes, i + 1, quote);
                }
            }
            _ => i += 1,
        }
    }
    out
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|c| *c == b'\n').map_or(bytes.len(), |n| from + n)
}

fn closing(bytes: &[u8], from: usize, quotes: &[u8]) -> Option<usize> {
    let mut i = from;
    while i < bytes.len() {
        if bytes[i] == b'\\' {
            i += 2;
        } else if bytes[i..].starts_with(quotes) {
            return Some(i + quotes.len());
        } else {
            i += 1;
        }
    }
    None
}

fn short_end(bytes: &[u8], from: usize, quote: u8) -> usize {
    let mut i = from;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' => i += 2,
            b'\n' => return i,
            c if c == quote => return i + 1,
            _ => i += 1,
        }
    }
    bytes.len()
}
