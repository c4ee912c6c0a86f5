//! Events and checks to verdicts. Knows no library, no syntax, and no rule by name: pages name
//! analyses, and the table below maps the name to the function.

pub mod chance;
pub mod compared;
pub mod contract;
pub mod credentials;
pub mod endpoints;
pub mod env_files;
pub mod fails_open;
pub mod grants;
pub mod handed;
pub mod inserted;
pub mod logged;
pub mod machines;
pub mod passwords;
pub mod places;
pub mod public;
pub mod queries;
pub mod redirects;
pub mod rotation;
pub mod secrets;
pub mod shared;
pub mod states;
pub mod timing;
pub mod unsigned;
pub mod unverified;
pub mod urls;
pub mod when;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::concepts::State;
use crate::endpoint::Inventory;
use crate::event::{Event, RoleValue};
use crate::facts::{CallId, FileFacts, Target, Value, WriteKind};
use crate::finding::{Confidence, Evidence, Strength, Verdict};
use crate::project::Project;
use crate::rulebook::check::{Amount, Check, Judgement, Limit, Variant};
use crate::rulebook::model::Model;
use crate::source::{FileId, Span, Str};
pub use crate::source::{is_test_path, words};

use credentials::Credentials;

/// A hard question and the function that answers it for all events of the project.
type Analysis = fn(&Judge, &Check) -> Vec<Verdict>;

const ANALYSES: &[(&str, Analysis)] = &[
    ("unverified", unverified::judge),
    ("fails_open", fails_open::judge),
    ("contract", contract::judge),
    ("secrets", secrets::judge),
    ("env_committed", env_files::committed),
    ("token_in_url", urls::judge),
    ("token_per_request", machines::judge),
    ("refresh_not_rotated", rotation::judge),
    ("public_variables", public::judge),
    ("grant_served", grants::judge),
    ("redirect_targets", redirects::judge),
    ("state_not_compared", states::judge),
    ("plain_password", passwords::judge),
    ("timing", timing::judge),
    ("logged", logged::judge),
    ("chance", chance::judge),
    ("shared_credentials", shared::credentials),
    ("isolation", shared::isolation),
    ("open_endpoints", endpoints::open::judge),
    ("roles_not_asked", endpoints::rights::roles),
    ("scopes_not_asked", endpoints::rights::scopes),
    ("trusted_network", endpoints::network::judge),
    ("ineffective_guards", endpoints::ineffective::judge),
    ("exempt_paths", endpoints::exempt::judge),
];

pub fn is_analysis(name: &str) -> bool {
    ANALYSES.iter().any(|(n, _)| *n == name)
}

/// All that judging needs.
pub struct Judge<'a> {
    pub project: &'a Project,
    /// Each event, seen from its callers where they matter.
    pub events: &'a [Event],
    /// Who may call what.
    pub inventory: &'a Inventory,
    /// Limits that the user changed.
    pub limits: &'a BTreeMap<Str, f64>,
    /// Files that run in a browser or an app, by `FileId`.
    pub client: &'a [bool],
    /// What pages know of names and looks of credentials.
    pub credentials: Credentials<'a>,
    by_call: HashMap<(FileId, CallId), Vec<usize>>,
}

impl<'a> Judge<'a> {
    pub fn new(
        project: &'a Project,
        events: &'a [Event],
        inventory: &'a Inventory,
        limits: &'a BTreeMap<Str, f64>,
        client: &'a [bool],
        models: &'a [Model],
    ) -> Self {
        let mut by_call: HashMap<_, Vec<usize>> = HashMap::new();
        for (i, event) in events.iter().enumerate() {
            if let Some(call) = event.call {
                by_call.entry((event.file, call)).or_default().push(i);
            }
        }
        Self { project, events, inventory, limits, client, credentials: Credentials::new(models), by_call }
    }

    pub fn facts(&self, file: FileId) -> Option<&'a FileFacts> {
        self.project.facts(file)
    }

    pub fn events_of_call(&self, file: FileId, call: CallId) -> impl Iterator<Item = &'a Event> {
        self.by_call.get(&(file, call)).into_iter().flatten().map(|i| &self.events[*i])
    }

    pub fn of_concept(&self, name: &str) -> impl Iterator<Item = &'a Event> {
        self.events.iter().filter(move |e| e.concept.name == name)
    }

    pub fn check(&self, check: &Check) -> Vec<Verdict> {
        let analyse = |name: &Str| {
            ANALYSES.iter().find(|(n, _)| n == name).map(|(_, f)| f(self, check)).unwrap_or_default()
        };
        let mut out = self.check_by(check, &analyse);
        out.extend(check.also.iter().flat_map(analyse));
        self.spare(check, &mut out);
        out
    }

    /// Drops what stands where a role's value stands that has rules of its own.
    fn spare(&self, check: &Check, verdicts: &mut Vec<Verdict>) {
        let spared: HashSet<Span> = check
            .spares
            .iter()
            .flat_map(|(concept, role)| self.of_concept(concept.name).filter_map(move |e| e.role(role)))
            .flat_map(|role| &role.values)
            .filter(|known| known.text.is_some() && !known.fed)
            .map(|known| known.span)
            .collect();
        if !spared.is_empty() {
            verdicts.retain(|v| !spared.iter().any(|s| s.contains(&v.place) || v.place.contains(s)));
        }
    }

    fn check_by(&self, check: &Check, analyse: &dyn Fn(&Str) -> Vec<Verdict>) -> Vec<Verdict> {
        match &check.judgement {
            Judgement::Builtin => Vec::new(),
            Judgement::Analysis(name, _) => analyse(name),
            Judgement::When(condition) => {
                let mut out = Vec::new();
                for concept in &condition.on {
                    let mut found = Vec::new();
                    for group in self.groups(concept.name) {
                        found.extend(when::judge(self, check, &group));
                    }
                    if concept.is_setting() {
                        found = when::one_for_each_setting(found);
                    }
                    out.extend(found.into_iter().map(|(verdict, _)| verdict));
                }
                out
            }
        }
    }

    /// The events of a concept, those of one call (seen from several callers) together.
    pub fn groups(&self, concept: &str) -> Vec<Vec<&'a Event>> {
        let mut out: Vec<Vec<&Event>> = Vec::new();
        for event in self.of_concept(concept) {
            match out.last_mut() {
                Some(last)
                    if event.call.is_some()
                        && last[0].call == event.call
                        && last[0].file == event.file
                        && last[0].model == event.model =>
                {
                    last.push(event);
                }
                _ => out.push(vec![event]),
            }
        }
        out
    }

    pub fn amount(&self, check: &Check, amount: &Amount) -> Option<f64> {
        match amount {
            Amount::Fixed(n) => Some(*n),
            Amount::Limit(name) => {
                let unit = crate::rulebook::read_check::span_of(name);
                if let Some(n) = self.limits.get(name) {
                    return Some(n * unit.unwrap_or(1.0));
                }
                match check.limits.get(name)? {
                    Limit::Number(n) | Limit::Span(n) => Some(*n),
                    Limit::Words(_) => None,
                }
            }
        }
    }

    /// A limit of a check for people: `15 minutes`.
    pub fn limit_words(&self, check: &Check, name: &str) -> Option<String> {
        let amount = self.amount(check, &Amount::Limit(name.into()))?;
        Some(match check.limits.get(name) {
            Some(Limit::Span(_)) => crate::event::span_words(amount),
            _ => amount.to_string(),
        })
    }

    /// A verdict at a place, worded by the check's page.
    pub fn verdict(
        &self,
        check: &Check,
        event: &Event,
        place: Span,
        strength: Strength,
        evidence: Vec<Evidence>,
    ) -> Verdict {
        let in_test = event.in_test || self.is_test_file(place.file) || self.is_test_class(place);
        let mut confidence = strength.min(event.strength).confidence();
        if in_test {
            confidence = Confidence::Low;
        }
        let fill = |text: &str| self.fill(check, text, event);
        let holds = |v: &&Variant| when::ask(self, check, &v.when, event).truth == when::Truth::Yes;
        let case = check.variants.iter().find(holds);
        let worded = |own: Option<&String>, general: &String| fill(own.unwrap_or(general));
        Verdict {
            rule: check.id.clone(),
            severity: check.severity,
            confidence,
            place,
            subject: event.callee.clone(),
            says: worded(case.and_then(|c| c.says.as_ref()), &check.wording.says),
            why: worded(case.and_then(|c| c.why.as_ref()), &check.wording.why),
            fix: worded(case.and_then(|c| c.fix.as_ref()), &check.wording.fix),
            merge: check.merge.clone(),
            evidence,
            related: Vec::new(),
            prompt: self.prompt(check, event, place),
            in_test,
        }
    }

    /// A verdict about a place that is no event.
    pub fn plain_verdict(
        &self,
        check: &Check,
        subject: &str,
        place: Span,
        strength: Strength,
        in_test: bool,
    ) -> Verdict {
        let event = Event {
            concept: &crate::concepts::CONCEPTS[0],
            model: Default::default(),
            package: Str::default(),
            file: place.file,
            call: None,
            span: place,
            callee: subject.to_string(),
            context: None,
            roles: Vec::new(),
            strength,
            in_test,
        };
        self.verdict(check, &event, place, strength, Vec::new())
    }

    fn prompt(&self, check: &Check, event: &Event, place: Span) -> String {
        let path = self.project.paths.get(place.file.0 as usize).cloned().unwrap_or_default();
        let text =
            check.prompt.lines().map(|l| l.trim_start_matches('>').trim()).collect::<Vec<_>>().join(" ");
        format!("In {path}: {}", self.fill(check, text.trim(), event))
    }

    /// `{role}` is where the library takes it, `{role.value}` what it is (never for keys), `{callee}` the call,
    /// `{missing}` all that the condition wants and that is not there.
    fn fill(&self, check: &Check, text: &str, event: &Event) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find('{') {
            let Some(length) = rest[start..].find('}') else { break };
            let name = &rest[start + 1..start + length];
            match self.placeholder(check, name, event) {
                Some(value) => {
                    out.push_str(&rest[..start]);
                    out.push_str(&value);
                }
                None => out.push_str(&rest[..start + length + 1]),
            }
            rest = &rest[start + length + 1..];
        }
        out.push_str(rest);
        out
    }

    fn placeholder(&self, check: &Check, name: &str, event: &Event) -> Option<String> {
        if name == "callee" {
            return Some(event.callee.clone());
        }
        if name == "missing" {
            return Some(when::missing(check, event));
        }
        if name == "store" {
            return Some(self.store());
        }
        if check.limits.contains_key(name) {
            return self.limit_words(check, name);
        }
        let (role, part) = name.split_once('.').unwrap_or((name, ""));
        let value = event.role(role)?;
        match part {
            "" => Some(if value.place.is_empty() { role.to_string() } else { value.place.clone() }),
            "value" if !matches!(role, "key" | "secret" | "password") => {
                value.values.iter().rev().find_map(|v| match (v.number, &v.text, &v.items) {
                    (Some(n), _, _) => Some(crate::event::span_words(n)),
                    (_, Some(t), _) => Some(format!("`{t}`")),
                    (_, _, Some(items)) => Some(items.join(", ")),
                    _ => None,
                })
            }
            "size" => value.values.iter().find_map(|v| v.text.as_ref()).map(|t| t.len().to_string()),
            "name" => value.values.iter().find_map(|v| v.outside.clone()).map(|n| n.to_string()),
            _ => None,
        }
    }

    /// Where this project already keeps its secrets, in words.
    fn store(&self) -> String {
        let used = self.of_concept("secret.fetch").find(|e| !e.in_test && !e.package.is_empty());
        used.map_or_else(
            || "the environment or a secret manager".into(),
            |e| format!("the secret manager that this project already uses (`{}`)", e.package),
        )
    }

    /// A path that names test or example code.
    pub fn is_test_file(&self, file: FileId) -> bool {
        is_test_path(self.project.path_below(file))
    }

    /// `class TestingConfig`: settings of a test run.
    fn is_test_class(&self, place: Span) -> bool {
        let Some(facts) = self.facts(place.file) else { return false };
        facts.types.iter().filter(|t| t.span.contains(&place)).any(|t| {
            let name = words(&t.name);
            name.first().is_some_and(|w| w == "test") || name.iter().any(|w| w == "testing")
        })
    }

    /// Words of the names around an event: what the token is for.
    pub fn names_around(&self, event: &Event) -> Vec<String> {
        let mut out = Vec::new();
        let mut add = |name: &str| out.extend(words(name));
        // From the inside to the outside.
        let mut functions: Vec<Str> = Vec::new();
        add(&event.callee);
        if let Some(facts) = self.facts(event.file) {
            self.names_at(facts, event, &mut add);
            let mut at = event.call.map(|call| facts.call(call).function);
            while let Some(id) = at {
                functions.push(facts.function(id).name.clone());
                at = facts.function(id).parent;
            }
        }
        let mut frame = event.context.as_ref();
        while let Some(f) = frame {
            if let Some(facts) = self.facts(f.call.0) {
                let call = facts.call(f.call.1);
                functions
                    .extend(self.facts(f.function.0).map(|there| there.function(f.function.1).name.clone()));
                functions.push(facts.function(call.function).name.clone());
                for w in facts.writes.iter().filter(|w| w.span.contains(&call.span)) {
                    if let Target::Variable(name) | Target::Field(_, name) = &w.target {
                        add(name);
                    }
                }
            }
            frame = f.outer.as_ref();
        }
        for role in ["key", "claims", "lifetime"] {
            for known in event.role(role).map(|r| r.values.as_slice()).unwrap_or_default() {
                add(known.outside.as_deref().unwrap_or_default());
                for step in &known.traced.steps {
                    if let Some(name) = step.text.strip_prefix('`').and_then(|t| t.split('`').next()) {
                        add(name);
                    }
                }
            }
        }
        // A handler that refreshes gives out access tokens too: the names nearer to the call that makes
        // them know better.
        let made = event.role("lifetime").is_some();
        for name in functions {
            let own = words(&name);
            let refreshes = own.first().is_some_and(|w| w == "refresh");
            if !(made && refreshes && out.iter().any(|w| w == "access")) {
                out.extend(own);
            }
        }
        out
    }

    fn names_at(&self, facts: &FileFacts, event: &Event, add: &mut impl FnMut(&str)) {
        if event.call.is_none() {
            return;
        }
        for w in &facts.writes {
            if w.span.contains(&event.span) && w.kind != WriteKind::Remove {
                match &w.target {
                    Target::Variable(name) | Target::Field(_, name) => add(name),
                    Target::Index(..) => {}
                }
            }
        }
        // `{ type: "refresh" }`, `{ refreshToken: sign(..) }`, keyword arguments.
        for node in &facts.values {
            let Value::Record(record) = &node.value else { continue };
            for entry in &record.entries {
                let crate::facts::Key::Text(key) = &entry.key else { continue };
                if entry.span.contains(&event.span) && facts.node(entry.value).span.contains(&event.span) {
                    add(key);
                }
                if (event.span.contains(&entry.span)
                    || event
                        .role("claims")
                        .is_some_and(|c| c.values.iter().any(|v| v.span.contains(&entry.span))))
                    && matches!(
                        key.as_str(),
                        "type"
                            | "typ"
                            | "token_type"
                            | "tokenType"
                            | "purpose"
                            | "scope"
                            | "kind"
                            | "use"
                            | "token_use"
                    )
                {
                    if let Value::Text(text) = facts.value(entry.value) {
                        add(text);
                    }
                    if let Value::Field(_, name) = facts.value(entry.value) {
                        add(name);
                    }
                }
            }
        }
    }
}

/// The state of a role, with the evidence that led to it.
pub fn evidence_of(roles: &[&RoleValue]) -> Vec<Evidence> {
    let mut out: Vec<Evidence> = Vec::new();
    for role in roles {
        for step in &role.evidence {
            if !out.contains(step) {
                out.push(step.clone());
            }
        }
    }
    out
}

/// Off or never asked for.
pub fn is_missing(state: State) -> bool {
    matches!(state, State::Off | State::Unchecked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_fall_into_words() {
        assert_eq!(words("signRefreshToken"), ["sign", "refresh", "token"]);
        assert_eq!(words("REFRESH_TOKEN_SECRET"), ["refresh", "token", "secret"]);
        assert_eq!(words("jwt.sign"), ["jwt", "sign"]);
    }

    #[test]
    fn test_paths() {
        assert!(
            is_test_path("src/auth.test.ts") && is_test_path("tests/a.py") && is_test_path("a/test_x.py")
        );
        assert!(is_test_path("app/configuration_testing.py") && is_test_path("web/compose-e2e-tests.yml"));
        assert!(!is_test_path("src/e2e_keys.py"));
        assert!(!is_test_path("src/latest/contest.ts") && !is_test_path("src/attest.py"));
    }
}
