//! The tokens of a macro or an attribute as pieces with their places. Knows syn; makes no facts.

use std::ops::Range;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Pat, Token};

use super::Notation;

/// syn recurses, and aborts the process on about 5,000 nested parentheses.
const NESTING: usize = 200;
/// Tokens in a row without `,` `;` or braces: long operator chains recurse too.
const RUN: usize = 1_000;

/// A part of a macro's arguments.
pub struct Piece {
    pub name: Option<String>,
    /// Bytes of the file.
    pub range: Range<usize>,
    pub what: What,
}

pub enum What {
    Literal,
    Expression,
    Path(Vec<String>),
    Null,
    List(Vec<Piece>),
    Record(Vec<(Piece, Piece)>),
    /// `path(arguments)` in an attribute.
    Call(Vec<String>, Vec<Piece>),
    /// Not an expression: the string literals in it.
    Raw(Vec<Range<usize>>),
}

/// The arguments of a macro. `start` is where `text` begins in the file.
pub fn arguments(text: &str, start: usize, notation: Notation) -> Vec<Piece> {
    read(text, start, |file, tokens| match notation {
        Notation::Json => vec![file.json(tokens)],
        Notation::List => match split(tokens.clone(), ';').as_slice() {
            [item, _] => vec![file.piece(item)],
            _ => file.expressions(tokens),
        },
        Notation::Matches => file.matches(tokens),
        _ => file.expressions(tokens),
    })
}

/// The arguments of an attribute.
pub fn metas(text: &str, start: usize) -> Vec<Piece> {
    read(text, start, |file, tokens| file.metas(tokens))
}

fn read(text: &str, start: usize, f: impl FnOnce(&File, TokenStream) -> Vec<Piece>) -> Vec<Piece> {
    // proc-macro2 would skip a mark of byte order, and every place would be off.
    if text.trim().is_empty() || text.starts_with('\u{feff}') {
        return Vec::new();
    }
    let file = File { start };
    let pieces = match text.parse::<TokenStream>() {
        Ok(tokens) if fits(tokens.clone()) => f(&file, tokens),
        Ok(tokens) => vec![file.raw(tokens)],
        Err(_) => Vec::new(),
    };
    // Else proc-macro2 keeps the text of every macro it ever read.
    proc_macro2::extra::invalidate_current_thread_spans();
    pieces
}

fn fits(tokens: TokenStream) -> bool {
    let mut stack = vec![tokens.into_iter()];
    let mut run = 0;
    let mut branches = 0;
    while let Some(top) = stack.last_mut() {
        match top.next() {
            None => {
                stack.pop();
            }
            Some(TokenTree::Group(group)) => {
                if group.delimiter() == Delimiter::Brace {
                    run = 0;
                }
                run += 1;
                stack.push(group.stream().into_iter());
            }
            Some(TokenTree::Punct(p)) if matches!(p.as_char(), ',' | ';') => run = 0,
            Some(TokenTree::Ident(word)) => {
                branches += usize::from(word == "else");
                run += 1;
            }
            Some(_) => run += 1,
        }
        if stack.len() > NESTING || run > RUN || branches > NESTING {
            return false;
        }
    }
    true
}

struct File {
    start: usize,
}

impl File {
    fn range(&self, first: proc_macro2::Span, last: proc_macro2::Span) -> Range<usize> {
        let (first, last) = (first.byte_range(), last.byte_range());
        self.start + first.start..self.start + last.end.max(first.start)
    }

    fn whole(&self, tokens: &[TokenTree]) -> Range<usize> {
        match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => self.range(first.span(), last.span()),
            _ => self.start..self.start,
        }
    }

    fn expressions(&self, tokens: TokenStream) -> Vec<Piece> {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        match parser.parse2(tokens.clone()) {
            Ok(all) => all.into_iter().map(|e| self.expression(&e)).collect(),
            // One part that is no expression must not lose the others.
            Err(_) => split(tokens, ',')
                .iter()
                .filter(|part| !part.is_empty())
                .map(|part| self.piece(part))
                .collect(),
        }
    }

    fn expression(&self, e: &Expr) -> Piece {
        if let Expr::Assign(assign) = e
            && let Expr::Path(path) = &*assign.left
            && let Some(name) = path.path.get_ident()
        {
            return Piece { name: Some(name.to_string()), ..self.expression(&assign.right) };
        }
        let span = e.span();
        let what = match e {
            Expr::Lit(_) => What::Literal,
            _ => What::Expression,
        };
        Piece { name: None, range: self.range(span, span), what }
    }

    /// One argument: `expr`, `name = expr`, `a.b = %expr`, `?expr`.
    fn piece(&self, tokens: &[TokenTree]) -> Piece {
        let (name, rest) = named(tokens);
        let rest = match rest {
            [TokenTree::Punct(p), more @ ..] if matches!(p.as_char(), '%' | '?') => more,
            all => all,
        };
        let piece = match syn::parse2::<Expr>(rest.iter().cloned().collect()) {
            Ok(e) => self.expression(&e),
            Err(_) => self.raw(tokens.iter().cloned().collect()),
        };
        Piece { name: piece.name.clone().or(name), ..piece }
    }

    fn matches(&self, tokens: TokenStream) -> Vec<Piece> {
        let parts = split(tokens.clone(), ',');
        let Some(tested) = parts.first() else { return Vec::new() };
        let rest: TokenStream = tokens.into_iter().skip(tested.len() + 1).collect();
        let mut pieces = vec![self.piece(tested)];
        let pattern = |input: syn::parse::ParseStream| {
            let pattern = Pat::parse_multi_with_leading_vert(input)?;
            // `if …` and a last comma.
            input.parse::<TokenStream>()?;
            Ok(pattern)
        };
        if let Ok(pattern) = pattern.parse2(rest) {
            self.alternatives(&pattern, &mut pieces);
        }
        pieces
    }

    /// The literals and paths that a pattern names.
    fn alternatives(&self, pattern: &Pat, out: &mut Vec<Piece>) {
        let span = pattern.span();
        let range = self.range(span, span);
        let what = match pattern {
            Pat::Or(or) => return or.cases.iter().for_each(|case| self.alternatives(case, out)),
            Pat::Lit(_) => What::Literal,
            Pat::Path(path) => What::Path(path.path.segments.iter().map(|s| s.ident.to_string()).collect()),
            _ => return,
        };
        out.push(Piece { name: None, range, what });
    }

    fn json(&self, tokens: TokenStream) -> Piece {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let range = self.whole(&tokens);
        let what = match tokens.as_slice() {
            [TokenTree::Ident(word)] if word == "null" => What::Null,
            [TokenTree::Group(g)] if g.delimiter() == Delimiter::Bracket => {
                let parts = split(g.stream(), ',');
                What::List(
                    parts
                        .into_iter()
                        .filter(|p| !p.is_empty())
                        .map(|p| self.json(p.into_iter().collect()))
                        .collect(),
                )
            }
            [TokenTree::Group(g)] if g.delimiter() == Delimiter::Brace => What::Record(
                split(g.stream(), ',').iter().filter_map(|entry| self.json_entry(entry)).collect(),
            ),
            all => return self.piece(all),
        };
        Piece { name: None, range, what }
    }

    fn json_entry(&self, tokens: &[TokenTree]) -> Option<(Piece, Piece)> {
        let colon = tokens.iter().position(
            |t| matches!(t, TokenTree::Punct(p) if p.as_char() == ':' && p.spacing() == Spacing::Alone),
        )?;
        let (key, value) = (tokens.get(..colon)?, tokens.get(colon + 1..)?);
        if key.is_empty() || value.is_empty() {
            return None;
        }
        Some((self.piece(key), self.json(value.iter().cloned().collect())))
    }

    fn metas(&self, tokens: TokenStream) -> Vec<Piece> {
        split(tokens, ',').iter().filter(|part| !part.is_empty()).map(|part| self.meta(part)).collect()
    }

    /// `path`, `path = value`, `path(…)` or any expression.
    fn meta(&self, tokens: &[TokenTree]) -> Piece {
        let range = self.whole(tokens);
        let length = tokens
            .iter()
            .take_while(|t| {
                matches!(t, TokenTree::Ident(_)) || matches!(t, TokenTree::Punct(p) if p.as_char() == ':')
            })
            .count();
        let (path, rest) = tokens.split_at(length);
        let segments: Vec<String> =
            path.iter().filter(|t| matches!(t, TokenTree::Ident(_))).map(ToString::to_string).collect();
        let boolean = matches!(path, [TokenTree::Ident(word)] if word == "true" || word == "false");
        match rest {
            [] if !segments.is_empty() && !boolean => Piece { name: None, range, what: What::Path(segments) },
            [TokenTree::Group(g)] if g.delimiter() == Delimiter::Parenthesis && !segments.is_empty() => {
                Piece { name: None, range, what: What::Call(segments, self.metas(g.stream())) }
            }
            _ => self.piece(tokens),
        }
    }

    fn raw(&self, tokens: TokenStream) -> Piece {
        let mut strings = Vec::new();
        let all: Vec<TokenTree> = tokens.into_iter().collect();
        let range = self.whole(&all);
        let mut stack = vec![all.into_iter()];
        while let Some(top) = stack.last_mut() {
            match top.next() {
                None => {
                    stack.pop();
                }
                Some(TokenTree::Group(g)) => {
                    let inner: Vec<TokenTree> = g.stream().into_iter().collect();
                    stack.push(inner.into_iter());
                }
                Some(TokenTree::Literal(lit)) => {
                    if lit.to_string().contains('"') {
                        strings.push(self.range(lit.span(), lit.span()));
                    }
                }
                Some(_) => {}
            }
        }
        Piece { name: None, range, what: What::Raw(strings) }
    }
}

/// Splits at a mark that stands by itself, outside of all brackets.
fn split(tokens: TokenStream, mark: char) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    for token in tokens {
        match (&token, parts.last_mut()) {
            (TokenTree::Punct(p), _) if p.as_char() == mark => parts.push(Vec::new()),
            (_, Some(part)) => part.push(token),
            _ => {}
        }
    }
    parts
}

/// `a.b = rest`: the name and what follows.
fn named(tokens: &[TokenTree]) -> (Option<String>, &[TokenTree]) {
    let at = tokens.iter().position(|t| {
        !(matches!(t, TokenTree::Ident(_)) || matches!(t, TokenTree::Punct(p) if p.as_char() == '.'))
    });
    let Some(at) = at.filter(|at| *at > 0) else { return (None, tokens) };
    let is_equals = matches!(&tokens[at], TokenTree::Punct(p) if p.as_char() == '=');
    let doubled = matches!(tokens.get(at + 1), Some(TokenTree::Punct(p)) if matches!(p.as_char(), '=' | '>'));
    if !is_equals || doubled || at + 1 >= tokens.len() {
        return (None, tokens);
    }
    let name = tokens[..at].iter().map(ToString::to_string).collect::<String>();
    (Some(name), &tokens[at + 1..])
}
