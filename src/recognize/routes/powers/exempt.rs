//! Paths that a function lets pass. Knows no framework and no rule.

use crate::endpoint::Exempt;
use crate::facts::*;
use crate::project::origins::At;
use crate::source::words;

use super::stretch::is_refusal;
use super::{Powers, Reader};

impl Reader<'_, '_> {
    /// `path.startsWith("/public")`, where what follows lets the request pass.
    pub(super) fn read_exempt(&self, facts: &FileFacts, call: &Call, name: &str, out: &mut Powers) {
        let anywhere = match name {
            "startsWith" | "startswith" | "starts_with" => false,
            "includes" | "contains" => true,
            _ => return,
        };
        let Value::Field(base, _) = facts.value(call.callee) else { return };
        let of_path = match facts.value(*base) {
            Value::Field(_, n) | Value::Name(n) => n.clone(),
            Value::Result(c) => match facts.value(facts.call(*c).callee) {
                Value::Field(_, n) | Value::Name(n) => n.clone(),
                _ => return,
            },
            _ => return,
        };
        if !words(&of_path)
            .iter()
            .any(|w| matches!(w.as_str(), "path" | "pathname" | "url" | "uri" | "route"))
        {
            return;
        }
        // What stands under the condition lets the request go on.
        let passes = facts.regions.iter().enumerate().any(|(i, r)| {
            let id = RegionId(i as u32);
            r.kind == RegionKind::Branch
                && r.conditions.iter().any(|c| !c.negated && c.span.contains(&call.span))
                && facts.exits.iter().any(|e| {
                    e.kind == ExitKind::Return
                        && facts.encloses(id, e.region)
                        && !e.value.is_some_and(|v| is_refusal(facts, v))
                })
        });
        let Some(arg) = call.args.first().filter(|_| passes) else { return };
        for text in self.rec.texts_at(At { file: facts.file, value: arg.value }) {
            if text.len() > 1 && !text.contains('…') {
                out.exempts.push(Exempt { text, span: call.span, anywhere });
            }
        }
    }
}
