//! Where an event stands: in client code, under a condition on a debug mode, in a file of such settings.

use crate::event::Event;
use crate::facts::{CallId, CompareOp, Condition, FileFacts, Key, RegionId, RegionKind, Value, show};
use crate::finding::Strength;
use crate::rulebook::check::{Check, Limit};
use crate::source::{FileId, Span, Str};

use super::{Judge, words};

/// Words of modes in which nothing is at stake.
const MODES: &[&str] = &["dev", "development", "local", "test", "testing", "debug", "ci"];

impl Judge<'_> {
    /// A place in a file as an event, for verdicts on what no page speaks of.
    pub fn place_event(
        &self,
        concept: &'static str,
        file: FileId,
        call: Option<CallId>,
        span: Span,
        callee: String,
    ) -> Option<Event> {
        let concept = crate::concepts::concept(concept)?;
        let facts = self.facts(file)?;
        let in_test =
            facts.values.iter().find(|n| span.contains(&n.span)).is_some_and(|n| facts.in_test(n.region));
        Some(Event {
            concept,
            model: (Str::default(), 0),
            package: Str::default(),
            file,
            call,
            span,
            callee,
            context: None,
            roles: Vec::new(),
            strength: Strength::Stated,
            in_test,
        })
    }

    /// The words of a page's list.
    pub fn word_list<'c>(&self, check: &'c Check, name: &str) -> &'c [Str] {
        match check.limits.get(name) {
            Some(Limit::Words(words)) => words,
            _ => &[],
        }
    }

    pub fn is_client(&self, event: &Event) -> bool {
        self.client.get(event.file.0 as usize).copied().unwrap_or_default()
    }

    /// Under `if DEBUG`, in the arm for development, in `settings/local.py` or `compose.dev.yaml`.
    pub fn is_debug(&self, event: &Event) -> bool {
        if is_debug_path(self.project.path_below(event.file)) {
            return true;
        }
        let Some(facts) = self.facts(event.file) else { return false };
        under_debug(facts, region_of(facts, event))
    }

    /// Does the file have an event of one of these concepts, tests aside?
    pub fn file_has(&self, event: &Event, concepts: &[Str]) -> bool {
        self.events
            .iter()
            .any(|e| e.file == event.file && !e.in_test && concepts.iter().any(|c| *c == e.concept.name))
    }

    /// Does the part of the project that this stands in, what has a manifest of its own, have one?
    pub fn part_has(&self, event: &Event, concepts: &[Str]) -> bool {
        let part = self.part_of(event.file);
        self.events.iter().any(|e| {
            concepts.iter().any(|c| *c == e.concept.name)
                && !e.in_test
                && !self.is_test_file(e.file)
                && self.part_of(e.file) == part
        })
    }

    /// How many ways to get a token the part of the project knows: a client for any server knows most of them.
    pub fn grants_of_part(&self, event: &Event) -> usize {
        let part = self.part_of(event.file);
        let near = self.events.iter().filter(|e| !e.in_test && self.part_of(e.file) == part);
        let mut found: Vec<&str> = Vec::new();
        for known in near
            .flat_map(|e| match e.concept.name {
                "oauth.exchange" => e.role("grant"),
                "oauth.authorize" => e.role("response_type"),
                _ => None,
            })
            .flat_map(|role| &role.values)
        {
            let way = match known.text.as_deref() {
                Some("password") => "password",
                Some("client_credentials") => "client",
                Some("authorization_code" | "code") => "code",
                Some("token") => "implicit",
                _ => continue,
            };
            if !found.contains(&way) {
                found.push(way);
            }
        }
        found.len()
    }

    fn part_of(&self, file: FileId) -> &str {
        let path = self.project.paths.get(file.0 as usize).map_or("", Str::as_str);
        let holds = |folder: &&str| path.strip_prefix(*folder).is_some_and(|rest| rest.starts_with('/'));
        // The deepest folder comes first.
        self.project.units.iter().map(|u| u.folder.as_str()).find(holds).unwrap_or_default()
    }

    /// Does a name with these words in a row stand in the file, in one of its folder, or in a small folder around it?
    pub fn is_near(&self, event: &Event, phrases: &[Str]) -> bool {
        let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_string();
        let path_of = |file: FileId| self.project.paths.get(file.0 as usize).map_or("", Str::as_str);
        let own = folder(path_of(event.file));
        let above = folder(&own);
        let files = || self.project.files.iter().flatten();
        let below =
            |file: FileId| path_of(file).strip_prefix(above.as_str()).is_some_and(|r| r.starts_with('/'));
        let small = !above.is_empty() && files().filter(|f| below(f.file)).count() <= 30;
        let wanted: Vec<Vec<String>> = phrases.iter().map(|p| words(p)).collect();
        files()
            .filter(|f| folder(path_of(f.file)) == own || small && below(f.file))
            .any(|facts| names_in(facts).any(|name| says(&name, &wanted)))
    }

    /// Under a condition that somebody who runs the program decides: `if not verify`, `if args.insecure`.
    pub fn is_asked(&self, event: &Event, wanted: &[Str]) -> bool {
        let Some(facts) = self.facts(event.file) else { return false };
        let mut at = Some(region_of(facts, event));
        while let Some(id) = at {
            let region = facts.region(id);
            let arms = facts.regions.iter().filter(|r| {
                std::ptr::eq(*r, region)
                    || region.kind == RegionKind::Else
                        && r.group == region.group
                        && r.kind == RegionKind::Branch
            });
            // `if False in [options.verify, …]`: what is compared stands on both sides.
            let sides = |c: &Condition| {
                let within = facts.compares.iter().filter(|compare| c.span.contains(&compare.span));
                let sides = within.flat_map(|compare| [compare.left, compare.right]);
                sides.chain([c.value]).collect::<Vec<_>>()
            };
            let mut names = arms
                .flat_map(|r| &r.conditions)
                .flat_map(sides)
                .flat_map(|value| words(&show::value(facts, value, 5)));
            if names.any(|name| wanted.iter().any(|w| *w == name.as_str())) {
                return true;
            }
            at = region.parent;
        }
        false
    }
}

/// All names that a file writes.
fn names_in(facts: &FileFacts) -> impl Iterator<Item = Str> + '_ {
    let read = facts.values.iter().flat_map(|node| match &node.value {
        Value::Name(name) | Value::Field(_, name) => vec![name.clone()],
        Value::Record(record) => {
            let text = |e: &'_ crate::facts::Entry| match &e.key {
                Key::Text(name) => Some(name.clone()),
                _ => None,
            };
            record.entries.iter().filter_map(text).collect()
        }
        _ => Vec::new(),
    });
    let given = facts.calls.iter().flat_map(|c| c.args.iter().filter_map(|a| a.name.clone()));
    read.chain(given)
}

fn says(name: &str, wanted: &[Vec<String>]) -> bool {
    let found = words(name);
    wanted.iter().any(|phrase| {
        found.windows(phrase.len()).any(|w| w == phrase.as_slice())
            || found.iter().any(|w| *w == phrase.concat())
    })
}

fn region_of(facts: &FileFacts, event: &Event) -> RegionId {
    match event.call {
        Some(call) => facts.call(call).region,
        None => innermost(facts, event.span),
    }
}

/// A file of settings for development, by its name or its folder: `settings/dev/base.py`,
/// `environments/development/x.tf`.
pub fn is_debug_path(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut folders = path.rsplit('/').skip(1).take(2);
    words(name).iter().any(|w| MODES.contains(&w.as_str())) || folders.any(|f| MODES.contains(&f))
}

/// The region that a place stands in.
pub fn innermost(facts: &FileFacts, span: Span) -> RegionId {
    let around = facts.regions.iter().enumerate().filter(|(_, r)| r.span.contains(&span));
    let found = around.min_by_key(|(_, r)| r.span.end - r.span.start);
    found.map_or(RegionId(0), |(i, _)| RegionId(i as u32))
}

fn under_debug(facts: &FileFacts, region: RegionId) -> bool {
    let mut at = Some(region);
    while let Some(id) = at {
        let region = facts.region(id);
        if region.kind == RegionKind::Branch && region.conditions.iter().any(|c| mode(facts, c) == Some(true))
        {
            return true;
        }
        if region.kind == RegionKind::Else {
            let arms =
                facts.regions.iter().filter(|r| r.group == region.group && r.kind == RegionKind::Branch);
            if arms.flat_map(|r| &r.conditions).any(|c| mode(facts, c) == Some(false)) {
                return true;
            }
        }
        at = region.parent;
    }
    false
}

/// Does a condition hold in a debug mode (yes), or outside of it (no)?
fn mode(facts: &FileFacts, condition: &Condition) -> Option<bool> {
    let text = show::value(facts, condition.value, 5);
    let names = words(&text);
    let has = |list: &[&str]| list.iter().any(|w| names.iter().any(|n| n == w));
    let compared = facts.compares.iter().find(|c| condition.span.contains(&c.span));
    let holds = match compared {
        None if has(&["debug", "development", "dev", "insecure", "testing"]) => Some(true),
        None if has(&["production", "prod"]) => Some(false),
        None => None,
        Some(compare) => {
            let text = [compare.left, compare.right].into_iter().find_map(|v| match facts.value(v) {
                Value::Text(t) => Some(t.to_lowercase()),
                _ => None,
            })?;
            let equal = match compare.op {
                CompareOp::Equal => true,
                CompareOp::NotEqual => false,
                _ => return None,
            };
            if MODES.contains(&text.as_str()) {
                Some(equal)
            } else if matches!(text.as_str(), "production" | "prod" | "live") {
                Some(!equal)
            } else {
                None
            }
        }
    };
    holds.map(|h| h != condition.negated)
}
