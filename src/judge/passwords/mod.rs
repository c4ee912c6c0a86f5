//! Are passwords kept in clear, or behind a digest that is fast to try out?

mod asked;
mod clear;
mod digest;

use crate::concepts::State;
use crate::facts::*;
use crate::finding::{Strength, Verdict};
use crate::rulebook::check::Check;
use crate::source::FileId;

use super::compared::*;
use super::{Judge, words};
use asked::asked;
use clear::{compared, helper};
use digest::digest;

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let reader = Reader::new(judge);
    let mut out: Vec<Verdict> = Vec::new();
    for event in judge.of_concept("hash.make") {
        out.extend(digest(&reader, check, event));
    }
    for event in judge.of_concept("password.hash").filter(|e| e.state("slow") == State::Off) {
        let role = event.role("slow");
        let evidence = role.map(|r| r.evidence.clone()).unwrap_or_default();
        let strength = role.map_or(Strength::Stated, |r| r.strength);
        let mut found = judge.verdict(check, event, event.span, strength, evidence);
        found.says = "keeps passwords by a scheme that is fast to try out, or in clear".into();
        out.push(found);
    }
    for facts in judge.project.files.iter().flatten() {
        if is_client(judge, facts.file) {
            continue;
        }
        let compares =
            facts.compares.iter().filter(|c| matches!(c.op, CompareOp::Equal | CompareOp::NotEqual));
        let mut there: Vec<(FunctionId, Verdict)> = Vec::new();
        for compare in compares {
            let found =
                compared(&reader, check, facts, compare).or_else(|| helper(&reader, check, facts, compare));
            let Some(mut found) = found else { continue };
            let outer = enclosing(facts, compare.function);
            // One function that asks several times has one flaw.
            match there.iter_mut().find(|(f, v)| *f == outer && v.subject == found.subject) {
                Some((_, known)) => {
                    found.evidence[0].text = "and here again".into();
                    found.evidence[0].span = found.place;
                    known.related.append(&mut found.evidence);
                }
                None => there.push((outer, found)),
            }
        }
        out.extend(there.into_iter().map(|(_, v)| v));
        let calls = (0..facts.calls.len() as u32).map(CallId);
        out.extend(calls.filter_map(|c| asked(&reader, check, facts, c)));
    }
    let mut kept: Vec<Verdict> = Vec::new();
    for verdict in out {
        match kept.iter_mut().find(|v| v.place == verdict.place) {
            Some(known) => known.confidence = known.confidence.max(verdict.confidence),
            None => kept.push(verdict),
        }
    }
    kept
}

fn is_client(judge: &Judge, file: FileId) -> bool {
    judge.client.get(file.0 as usize).copied().unwrap_or(false)
}

/// A name of a password itself: not of its hash, its length, a switch, or the second typing of it.
pub(super) fn is_password(name: &str) -> bool {
    let all = words(name);
    let Some(last) = all.last() else { return false };
    let last = last.trim_end_matches(|c: char| c.is_ascii_digit());
    let named = matches!(last, "password" | "passwd" | "pwd" | "passphrase" | "pswd" | "pw")
        || all.len() == 1 && last == "pass";
    let other = [
        "has",
        "is",
        "no",
        "needs",
        "require",
        "requires",
        "show",
        "use",
        "confirm",
        "confirmed",
        "confirmation",
        "repeat",
        "repeated",
        "retype",
        "again",
        "reset",
        "forgot",
        "salted",
        "temp",
        "masked",
        "redacted",
    ];
    named && !speaks_of_hash(name) && !all.iter().any(|w| other.contains(&w.as_str()))
}

/// The first or only typing of the password that is checked, not one that replaces it.
pub(super) fn is_current(name: &str) -> bool {
    let other = [
        "new",
        "old",
        "original",
        "previous",
        "prev",
        "last",
        "next",
        "default",
        "generated",
        "db",
        "database",
        "dev",
        "test",
    ];
    is_password(name) && !words(name).iter().any(|w| other.contains(&w.as_str()))
}
