//! Why a condition holds, does not hold or cannot be decided, in words. Knows no rule.

use crate::event::Event;
use crate::judge::when::{self, Truth};
use crate::judge::{Judge, words};
use crate::rulebook::Check;
use crate::rulebook::check::{Amount, Condition, Test};
use crate::source::Str;

/// Parts of a condition that are named before the rest is only counted.
const PARTS: usize = 4;
/// Characters of a pattern or list that are shown.
const LENGTH: usize = 60;

pub struct Reasons<'a> {
    pub judging: &'a Judge<'a>,
    pub check: &'a Check,
    pub event: &'a Event,
}

impl Reasons<'_> {
    fn truth(&self, condition: &Condition) -> Truth {
        when::ask(self.judging, self.check, condition, self.event).truth
    }

    /// The parts of a condition that holds.
    pub fn holding(&self, condition: &Condition) -> String {
        match condition {
            Condition::All(parts) => joined(parts.iter().map(|p| self.holding(p)), " and "),
            Condition::Any(parts) => parts
                .iter()
                .find(|p| self.truth(p) == Truth::Yes)
                .map_or_else(|| "one of several".into(), |p| self.holding(p)),
            Condition::Not(inner) => format!("not: {}", self.failing(inner, Truth::No)),
            Condition::Role { role, test } => self.says(role, test),
        }
    }

    /// The parts of a condition that make it no or unknown.
    pub fn failing(&self, condition: &Condition, truth: Truth) -> String {
        match condition {
            Condition::All(parts) => {
                let found = parts.iter().find(|p| self.truth(p) == truth);
                found.map_or_else(String::new, |p| self.failing(p, truth))
            }
            Condition::Any(parts) => {
                let open = parts.iter().filter(|p| self.truth(p) == truth);
                joined(open.map(|p| self.failing(p, truth)), "; ")
            }
            Condition::Not(inner) if truth == Truth::No => self.holding(inner),
            Condition::Not(inner) => self.failing(inner, truth),
            Condition::Role { role, test } => {
                let state = self.event.state(role).word();
                match test {
                    Test::State(states) => {
                        let wanted: Vec<_> = states.iter().map(|s| s.word()).collect();
                        format!("{role} is {state}, the rule speaks of {}", wanted.join(" or "))
                    }
                    // The test speaks of another concept of the rule.
                    _ if role != "place" && self.event.role(role).is_none() => String::new(),
                    _ if truth == Truth::Unknown => {
                        format!("{role} is {state}, it cannot be told whether {}", self.says(role, test))
                    }
                    _ if role == "place" => format!("it is not so that {}", self.says(role, test)),
                    _ => format!("{role} is {state}, and it is not so that {}", self.says(role, test)),
                }
            }
        }
    }

    /// A test as a clause.
    fn says(&self, role: &Str, test: &Test) -> String {
        match test {
            Test::State(_) => format!("{role} is {}", self.event.state(role).word()),
            Test::Known(true) => format!("{role} stands in the source"),
            Test::Known(false) => format!("{role} does not stand in the source"),
            Test::Is(texts) => format!("{role} is {}", list(texts)),
            Test::Contains(texts) => format!("{role} holds {}", list(texts)),
            Test::Mixes(a, b) => format!("{role} mixes {} with {}", list(a), list(b)),
            Test::ShorterThan(amount) => format!("{role} is shorter than {} bytes", self.amount(amount)),
            Test::Over(amount) => format!("{role} is over {}", self.amount(amount)),
            Test::Under(amount) => format!("{role} is under {}", self.amount(amount)),
            Test::Matches(pattern) | Test::Shaped(pattern) => {
                format!("{role} looks like `{}`", cut(pattern.0.as_str()))
            }
            Test::LacksText(text) => format!("{role} lacks `{text}`"),
            Test::Holds(kinds) => format!("{role} is by its name of the kind {}", list(kinds)),
            Test::Credential(true) => format!("{role} is a credential by its looks"),
            Test::Credential(false) => format!("{role} is no credential by its looks"),
            Test::Secret(true) => format!("{role} is a real credential"),
            Test::Secret(false) => format!("{role} is no real credential"),
            Test::Client(true) => "the file runs in a browser or an app".into(),
            Test::Client(false) => "the file runs on a server".into(),
            Test::Debug(true) => "it is for a debug mode only".into(),
            Test::Debug(false) => "it is not for a debug mode only".into(),
            Test::Asked(wanted) => format!("a condition around it has the word {}", list(wanted)),
            Test::Path(pattern) => format!("the path looks like `{}`", cut(pattern.0.as_str())),
            Test::HasField(fields) => format!("{role} has a field {}", list(fields)),
            Test::From(concept, _) => format!("{role} comes from `{concept}`"),
            Test::Named(wanted) => {
                let around = self.judging.names_around(self.event);
                format!("a name around it has the word {}", list(&among(wanted, &around)))
            }
            Test::Called(wanted) => {
                let names = self.event.role(role).into_iter().flat_map(|r| &r.values).flat_map(|v| {
                    let steps = v.traced.steps.iter().filter_map(|s| s.text.split('`').nth(1));
                    steps.chain(v.names.iter().map(Str::as_str)).flat_map(words).collect::<Vec<_>>()
                });
                format!(
                    "{role} goes by a name with the word {}",
                    list(&among(wanted, &names.collect::<Vec<_>>()))
                )
            }
            Test::FileHas(concepts) => format!("the same file has a `{}`", concepts.join("` or `")),
            Test::PartHas(concepts) => {
                format!("the same part of the project has a `{}`", concepts.join("` or `"))
            }
            Test::Near(phrases) => format!("a name with the words {} stands beside it", list(phrases)),
            Test::Grants(amount) => {
                format!("the same part of the project asks for tokens in {} ways", self.amount(amount))
            }
            Test::Published(true) => format!("{role} is set for a program whose port is open to all"),
            Test::Published(false) => format!("{role} is set for no program whose port is open to all"),
            Test::Throwaway(true) => format!("{role} is a password that is no secret to anybody"),
            Test::Throwaway(false) => format!("{role} is more than a common word"),
            Test::SharedWith(concept) => format!("{role} is that of a `{concept}` too"),
        }
    }

    fn amount(&self, amount: &Amount) -> String {
        let number = self.judging.amount(self.check, amount).map_or_else(|| "?".into(), |n| n.to_string());
        match amount {
            Amount::Limit(name) => match self.judging.limit_words(self.check, name) {
                Some(text) => format!("{text} (`{name}`)"),
                None => number,
            },
            Amount::Fixed(_) => number,
        }
    }
}

/// Those of the words that are there; all when none is.
fn among(wanted: &[Str], there: &[String]) -> Vec<Str> {
    let found: Vec<Str> = wanted.iter().filter(|w| there.iter().any(|t| t == w.as_str())).cloned().collect();
    if found.is_empty() { wanted.to_vec() } else { found }
}

fn list(texts: &[Str]) -> String {
    let shown: Vec<String> = texts.iter().take(PARTS).map(|t| format!("`{}`", cut(t))).collect();
    let more = if texts.len() > PARTS { " or another of the rule's" } else { "" };
    format!("{}{more}", shown.join(" or "))
}

fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    let mut all: Vec<String> = Vec::new();
    for part in parts.filter(|p| !p.is_empty()) {
        if !all.contains(&part) {
            all.push(part);
        }
    }
    let more = all.len().saturating_sub(PARTS);
    all.truncate(PARTS);
    let text = all.join(between);
    if more > 0 { format!("{text}; and {more} more") } else { text }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}
