//! The endpoints that are registered or answered on a line, and what makes their answers.
//! Knows no rule.

use std::fmt::Write;

use crate::endpoint::Endpoint;
use crate::finding::Evidence;
use crate::source::{FileId, Span};

use super::Understood;

/// Empty when no endpoint has to do with the line.
pub fn text(understood: &Understood, file: FileId, line: u32) -> String {
    let at = |span: Span| {
        let source = understood.sources.get(span.file.0 as usize)?;
        Some((source.path.clone(), source.line(span.start)))
    };
    let here = |span: Span| span.file == file && at(span).is_some_and(|(_, l)| l == line);
    let met = |e: &&Endpoint| {
        here(e.place) || here(e.registered) || e.guards.iter().any(|g| here(g.span) && !g.does.nothing())
    };
    let mut out = String::new();
    let place = |span: Span| at(span).map_or(String::new(), |(path, l)| format!("{path}:{l}"));
    let step = |e: &Evidence| format!("{} {}", place(e.span), e.text);
    let all: Vec<&Endpoint> = understood.inventory.endpoints.iter().filter(met).collect();
    for endpoint in all.iter().take(10) {
        let public = if endpoint.public.is_some() { ", public on purpose" } else { "" };
        let _ = writeln!(
            out,
            "  {}: authentication {}, role {}, scope {}{public}",
            endpoint.name(),
            endpoint.authentication.word(),
            endpoint.role.word(),
            endpoint.scope.word()
        );
        for guard in endpoint.evidence() {
            let _ = writeln!(
                out,
                "    {} ({}): authentication {}, role {}",
                guard.title(),
                place(guard.span),
                guard.does.authentication.word(),
                guard.does.role.word()
            );
            for evidence in guard.evidence.iter().take(6) {
                let _ = writeln!(out, "      {}", step(evidence));
            }
        }
        if endpoint.evidence().next().is_none() {
            let _ = writeln!(out, "    nothing on the way to it asks who calls");
        }
    }
    if all.len() > 10 {
        let _ = writeln!(out, "  and {} more", all.len() - 10);
    }
    out
}
