//! A check's condition on the roles of an event: three-valued, with the roles it used.

use crate::concepts::State;
use crate::event::{Event, Known, RoleValue};
use crate::facts::Value;
use crate::finding::{Confidence, Evidence, Strength, Verdict};
use crate::project::origins::Root;
use crate::rulebook::check::{Check, Condition, Judgement, Test, When};
use crate::source::{Span, Str};

use super::credentials::{is_throwaway, password_of};
use super::{Judge, evidence_of};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    Yes,
    No,
    Unknown,
}

/// What a condition said, the roles it rests on, and the value that decided.
#[derive(Clone, Debug)]
pub struct Answer {
    pub truth: Truth,
    pub strength: Strength,
    pub roles: Vec<Str>,
    pub value: Option<Span>,
}

impl Answer {
    fn plain(truth: Truth) -> Self {
        Answer { truth, strength: Strength::Stated, roles: Vec::new(), value: None }
    }

    fn and(mut self, other: Answer) -> Self {
        self.strength = self.strength.min(other.strength);
        self.roles.extend(other.roles);
        self.value = self.value.or(other.value);
        self
    }
}

/// The verdicts of one check on one call, seen from all its callers, and the value that decided each.
pub fn judge(judge: &Judge, check: &Check, group: &[&Event]) -> Vec<(Verdict, Option<Span>)> {
    let Judgement::When(condition) = &check.judgement else { return Vec::new() };
    let When { when, unless, doubt, grave, parts, .. } = &**condition;
    if !parts.is_empty() {
        return parts.iter().flat_map(|part| self::judge(judge, part, group)).collect();
    }
    let mut yes: Vec<(&Event, Answer, bool)> = Vec::new();
    for event in group {
        let answer = ask(judge, check, when, event);
        if answer.truth != Truth::Yes || ask(judge, check, unless, event).truth == Truth::Yes {
            continue;
        }
        let doubted = ask(judge, check, doubt, event).truth == Truth::Yes;
        yes.push((event, answer, doubted));
    }
    let all = yes.len() == group.len() && group.len() > 1;
    let mut out: Vec<(Verdict, Option<Span>)> = Vec::new();
    for (event, answer, doubted) in yes {
        let used: Vec<&RoleValue> = answer.roles.iter().filter_map(|r| event.role(r)).collect();
        let by_caller = used.iter().find_map(|r| r.decided);
        let given = used.iter().any(|r| r.decided.is_some() && !r.values.is_empty());
        let place = match &check.wording.at {
            Some(role) => {
                let spans = || event.role(role).into_iter().flat_map(|r| &r.values).map(|v| v.span);
                // What decided may be another role's value.
                let decided = answer.value.filter(|place| spans().any(|s| s == *place));
                let otherwise = || spans().next().or(answer.value.filter(|_| event.role(role).is_none()));
                decided.or_else(otherwise).unwrap_or(event.span)
            }
            None => match by_caller {
                Some(span) if given || !all => span,
                _ => event.span,
            },
        };
        let mut evidence = evidence_of(&used);
        if place != event.span && event.call.is_some() {
            evidence.push(Evidence {
                span: event.span,
                text: format!("`{}` is called here", event.callee),
                strength: Strength::Stated,
            });
        }
        let mut verdict = judge.verdict(check, event, place, answer.strength, evidence);
        if doubted {
            verdict.confidence = Confidence::Low;
        }
        if ask(judge, check, grave, event).truth == Truth::Yes {
            verdict.severity = verdict.severity.graver();
        }
        match out.iter_mut().map(|(v, _)| v).find(|v| v.place == verdict.place) {
            Some(known) => {
                known.confidence = known.confidence.max(verdict.confidence);
                known.in_test &= verdict.in_test;
                for step in verdict.evidence {
                    if !known.evidence.contains(&step)
                        && !known.related.contains(&step)
                        && known.related.len() < 8
                    {
                        known.related.push(step);
                    }
                }
            }
            None => out.push((verdict, answer.value)),
        }
    }
    out
}

/// A setting that several calls take is one finding: at the first of them, the others are named.
pub fn one_for_each_setting(found: Vec<(Verdict, Option<Span>)>) -> Vec<(Verdict, Option<Span>)> {
    let mut out: Vec<(Verdict, Option<Span>)> = Vec::new();
    for (verdict, decided) in found {
        let same = |(known, by): &&mut (Verdict, Option<Span>)| {
            decided.is_some() && *by == decided && known.says == verdict.says
        };
        match out.iter_mut().find(same) {
            Some((known, _)) if known.place != verdict.place => {
                known.confidence = known.confidence.max(verdict.confidence);
                known.in_test &= verdict.in_test;
                let text = format!("`{}` takes the same setting here", verdict.subject);
                known.related.push(Evidence { span: verdict.place, text, strength: Strength::Stated });
            }
            Some(_) => {}
            None => out.push((verdict, decided)),
        }
    }
    out
}

pub fn ask(judge: &Judge, check: &Check, condition: &Condition, event: &Event) -> Answer {
    match condition {
        Condition::All(parts) => {
            let mut whole = Answer::plain(Truth::Yes);
            for part in parts {
                let answer = ask(judge, check, part, event);
                match answer.truth {
                    Truth::No => return answer,
                    Truth::Unknown => whole = Answer { truth: Truth::Unknown, ..whole.and(answer) },
                    Truth::Yes => whole = whole.and(answer),
                }
            }
            whole
        }
        Condition::Any(parts) => {
            let mut whole = Answer::plain(Truth::No);
            for part in parts {
                let answer = ask(judge, check, part, event);
                match answer.truth {
                    Truth::Yes => return answer,
                    Truth::Unknown => whole = Answer { truth: Truth::Unknown, ..whole.and(answer) },
                    Truth::No => {}
                }
            }
            whole
        }
        Condition::Not(inner) => {
            let answer = ask(judge, check, inner, event);
            let truth = match answer.truth {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                Truth::Unknown => Truth::Unknown,
            };
            Answer { truth, ..answer }
        }
        Condition::Role { role, test } => ask_role(judge, check, role, test, event),
    }
}

/// The roles that a condition asks for and that are not there, by their short names: "`iss` and `aud`".
pub fn missing(check: &Check, event: &Event) -> String {
    fn collect<'c>(condition: &'c Condition, out: &mut Vec<&'c Str>, event: &Event) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|p| collect(p, out, event))
            }
            Condition::Role { role, test: Test::State(states) }
                if states.contains(&event.state(role)) && !out.contains(&role) =>
            {
                out.push(role);
            }
            Condition::Not(_) | Condition::Role { .. } => {}
        }
    }
    let Judgement::When(said) = &check.judgement else { return String::new() };
    let mut roles = Vec::new();
    collect(&said.when, &mut roles, event);
    // The short name stands in back-ticks in what the list of concepts says of the role.
    let named = |role: &&Str| {
        let doc = event.concept.role(role).map_or("", |r| r.doc);
        doc.split('`').nth(1).map_or_else(|| role.to_string(), |short| format!("`{short}`"))
    };
    let mut names: Vec<String> = roles.iter().map(named).collect();
    match (names.pop(), names.is_empty()) {
        (Some(last), false) => format!("{} and {last}", names.join(", ")),
        (last, _) => last.unwrap_or_default(),
    }
}

fn ask_role(judge: &Judge, check: &Check, role: &Str, test: &Test, event: &Event) -> Answer {
    if let Test::Named(wanted) = test {
        let around = judge.names_around(event);
        let hit = wanted.iter().any(|w| around.iter().any(|a| a == w.as_str()));
        return Answer::plain(if hit { Truth::Yes } else { Truth::No });
    }
    let said =
        |wanted: bool, holds: bool| Answer::plain(if wanted == holds { Truth::Yes } else { Truth::No });
    match test {
        Test::Client(wanted) => return said(*wanted, judge.is_client(event)),
        Test::Debug(wanted) => return said(*wanted, judge.is_debug(event)),
        Test::Asked(wanted) => return said(true, judge.is_asked(event, wanted)),
        Test::FileHas(concepts) => return said(true, judge.file_has(event, concepts)),
        Test::PartHas(concepts) => return said(true, judge.part_has(event, concepts)),
        Test::Near(phrases) => return said(true, judge.is_near(event, phrases)),
        Test::Grants(wanted) => {
            let wanted = judge.amount(check, wanted).unwrap_or(f64::MAX);
            return said(true, judge.grants_of_part(event) as f64 >= wanted);
        }
        Test::Path(pattern) => return said(true, pattern.0.is_match(judge.project.path_below(event.file))),
        _ => {}
    }
    let Some(value) = event.role(role) else { return Answer::plain(Truth::Unknown) };
    let mut answer =
        Answer { truth: Truth::No, strength: value.strength, roles: vec![role.clone()], value: None };
    if let Test::State(states) = test {
        answer.truth = match value.state {
            State::Unknown => Truth::Unknown,
            state if states.contains(&state) => Truth::Yes,
            _ => Truth::No,
        };
        return answer;
    }
    let mut unknown = value.state == State::Unknown && value.values.is_empty();
    for known in &value.values {
        match on_value(judge, check, role, test, known, event) {
            Truth::Yes => {
                answer.truth = Truth::Yes;
                answer.value = Some(known.span);
                answer.strength = known.traced.strength;
                return answer;
            }
            Truth::Unknown => unknown = true,
            Truth::No => {}
        }
    }
    if unknown {
        answer.truth = Truth::Unknown;
    }
    answer
}

fn on_value(judge: &Judge, check: &Check, role: &Str, test: &Test, known: &Known, event: &Event) -> Truth {
    let truth = |b: bool| if b { Truth::Yes } else { Truth::No };
    let opaque = matches!(known.traced.root, Root::Unknown | Root::Param(..));
    let among = |items: &Option<Vec<Str>>, hit: &dyn Fn(&str) -> bool| match items {
        Some(items) => truth(items.iter().any(|i| hit(i))),
        None if opaque => Truth::Unknown,
        None => Truth::No,
    };
    match test {
        Test::State(_)
        | Test::Named(_)
        | Test::Client(_)
        | Test::Debug(_)
        | Test::Asked(_)
        | Test::FileHas(_)
        | Test::PartHas(_)
        | Test::Near(_)
        | Test::Grants(_)
        | Test::Path(_) => Truth::Unknown,
        Test::Known(wanted) => {
            let text = known.text.as_ref().is_some_and(|t| !t.is_empty());
            truth((!known.fed && (text || is_list_of_texts(judge, known))) == *wanted)
        }
        Test::Is(texts) => match &known.text {
            Some(t) => truth(texts.iter().any(|x| x.eq_ignore_ascii_case(t))),
            None if known.number.is_some() => {
                truth(known.number.is_some_and(|n| texts.iter().any(|x| x.parse() == Ok(n))))
            }
            None => among(&known.items, &|i| {
                known.items.as_ref().is_some_and(|all| all.len() == 1)
                    && texts.iter().any(|x| x.eq_ignore_ascii_case(i))
            }),
        },
        Test::Contains(texts) => among(&known.items, &|i| texts.iter().any(|x| x.eq_ignore_ascii_case(i))),
        Test::Mixes(a, b) => {
            let has = |group: &[Str]| {
                among(&known.items, &|i| group.iter().any(|g| i.to_ascii_uppercase().starts_with(g.as_str())))
            };
            match (has(a), has(b)) {
                (Truth::Yes, Truth::Yes) => Truth::Yes,
                (Truth::No, _) | (_, Truth::No) => Truth::No,
                _ => Truth::Unknown,
            }
        }
        Test::ShorterThan(amount) => match (&known.text, judge.amount(check, amount)) {
            (Some(t), Some(n)) => truth((t.len() as f64) < n),
            _ => Truth::Unknown,
        },
        Test::Over(amount) => match (known.number, judge.amount(check, amount)) {
            (Some(x), Some(n)) => truth(x > n),
            _ => Truth::Unknown,
        },
        Test::Under(amount) => match (known.number, judge.amount(check, amount)) {
            (Some(x), Some(n)) => truth(x < n),
            _ => Truth::Unknown,
        },
        Test::Matches(pattern) => match &known.text {
            Some(t) => truth(pattern.0.is_match(t)),
            None => match &known.items {
                Some(items) if is_list(judge, known) => truth(items.iter().any(|i| pattern.0.is_match(i))),
                _ => Truth::Unknown,
            },
        },
        Test::Shaped(pattern) => match known.text.as_ref().or(known.shape.as_ref()) {
            Some(t) => truth(pattern.0.is_match(t)),
            None => match &known.items {
                Some(items) => truth(items.iter().any(|i| pattern.0.is_match(i))),
                None => Truth::Unknown,
            },
        },
        Test::LacksText(part) => match &known.text {
            Some(t) => truth(!t.to_lowercase().contains(&part.to_lowercase())),
            None => Truth::Unknown,
        },
        Test::Holds(kinds) => truth(judge.credentials.holds(role, known, kinds)),
        Test::Secret(wanted) => match &known.text {
            Some(t) => truth((judge.credentials.worth(t) > super::credentials::Worth::Nothing) == *wanted),
            None => truth(!*wanted),
        },
        Test::Credential(wanted) => match &known.text {
            Some(t) => truth(judge.credentials.is_credential(t) == *wanted),
            None => truth(!*wanted),
        },
        Test::Throwaway(wanted) => match &known.text {
            Some(t) => truth(is_throwaway(t, &beside(judge, role, event)) == *wanted),
            None => truth(!*wanted),
        },
        Test::Published(wanted) => match &known.text {
            Some(t) => truth(is_published(judge, t, event) == *wanted),
            None => truth(!*wanted),
        },
        Test::HasField(wanted) => truth(known.keys.iter().any(|key| holds(key, wanted))),
        Test::Called(wanted) => {
            let steps = known.traced.steps.iter().filter_map(|s| s.text.strip_prefix('`')?.split('`').next());
            let named = known.names.iter().chain(&known.labels).map(Str::as_str);
            let mut names = steps.chain(named).flat_map(super::words);
            truth(names.any(|name| wanted.iter().any(|w| *w == name.as_str())))
        }
        Test::From(concept, role) => truth(comes_from(judge, known, concept, role)),
        Test::SharedWith(concept) => truth(judge.of_concept(concept).any(|other| {
            !(other.file == event.file && other.span == event.span)
                && other.role(role).is_some_and(|r| {
                    r.values.iter().any(|v| {
                        same_value(v, known) || same_parameter(v, known) || same_name(judge, v, known)
                    })
                })
        })),
    }
}

fn texts(event: &Event, role: &str) -> Vec<Str> {
    event.role(role).into_iter().flat_map(|r| &r.values).filter_map(|v| v.text.clone()).collect()
}

/// Is a program of the file whose port is open to all given the same text, or the password in it, as its own? Its own is
/// one whose name begins as the program's does, or that of a program which is called a database.
fn is_published(judge: &Judge, text: &str, event: &Event) -> bool {
    let password = password_of(text);
    let open =
        judge.of_concept("net.allow").filter(|e| e.file == event.file && e.state("source") == State::Off);
    let open: Vec<Str> = open.flat_map(|e| texts(e, "service")).collect();
    let given = judge.of_concept("workload.set").filter(|e| e.file == event.file);
    given.filter(|e| texts(e, "value").iter().any(|t| !t.contains("://") && password_of(t) == password)).any(
        |e| {
            let programs = [texts(e, "service"), texts(e, "program")].concat();
            let called = |word: &str| programs.iter().any(|p| p.to_lowercase().contains(word));
            // `ORDERS_DB_PASSWORD` of the program `orders` is that of its database.
            let others = |name: &Str| {
                super::words(name).iter().skip(1).any(|w| w.starts_with("db") || w == "database")
            };
            let own = texts(e, "name").into_iter().find(|n| !others(n));
            let first = own.and_then(|n| super::words(&n).first().cloned());
            programs.iter().any(|name| open.contains(name))
                && (["db", "database"]
                    .iter()
                    .any(|w| programs.iter().any(|p| super::words(p).iter().any(|x| x == w)))
                    || first.is_some_and(|word| word.len() > 1 && called(&word)))
        },
    )
}

/// The words of the event's own name, and the texts that its neighbours of other kinds are set to: the user, the database.
fn beside(judge: &Judge, role: &str, event: &Event) -> Vec<String> {
    let mut out: Vec<String> = texts(event, "name").iter().flat_map(|n| super::words(n)).collect();
    out.extend(texts(event, "service").iter().map(|t| t.to_lowercase()));
    let kinds: Vec<Str> = ["password", "secret", "token"].map(Str::from).to_vec();
    let near = |e: &&Event| e.file == event.file && e.span != event.span;
    for other in judge.of_concept(event.concept.name).filter(near) {
        if !texts(other, "name").iter().any(|n| judge.credentials.is_of(n, &kinds)) {
            out.extend(texts(other, role).iter().map(|t| t.to_lowercase()));
        }
    }
    out
}

/// A list that stands in the source, as opposed to a name.
fn is_list(judge: &Judge, known: &Known) -> bool {
    let Root::Value(at) = known.traced.root else { return false };
    judge.facts(at.file).is_some_and(|f| matches!(f.value(at.value), Value::List(_)))
}

/// Does a field of this name hold one of these things? `userPassword` holds a password;
/// `passwordChangedAt`, `has_password` and `password_fgpt` only speak of one.
fn holds(key: &str, wanted: &[Str]) -> bool {
    let key_words = super::words(key);
    let about =
        ["has", "is", "needs", "require", "requires", "reset", "change", "forgot", "no", "use", "show"];
    if key_words.len() > 1 && about.contains(&key_words[0].as_str()) {
        return false;
    }
    wanted.iter().any(|w| key_words.ends_with(&super::words(w)))
}

/// `["new secret", "old secret"]`: the first one counts.
fn is_list_of_texts(judge: &Judge, known: &Known) -> bool {
    let Root::Value(at) = known.traced.root else { return false };
    let Some(facts) = judge.facts(at.file) else { return false };
    let Value::List(items) = facts.value(at.value) else { return false };
    items.first().is_some_and(|i| matches!(facts.value(*i), Value::Text(t) if !t.is_empty()))
}

/// Does a value come out of an event of a concept, in a role?
pub(super) fn comes_from(judge: &Judge, known: &Known, concept: &str, _role: &str) -> bool {
    let mut root = &known.traced.root;
    let mut roots = vec![root];
    while let Root::Member(base, _) = root {
        root = base;
        roots.push(root);
    }
    let direct = matches!(root, Root::Call(file, call) if judge.events_of_call(*file, *call).any(|e| e.concept.name == concept));
    direct
        || known.meanings.contains(&concept)
        || known
            .parts
            .iter()
            .any(|(file, call)| judge.events_of_call(*file, *call).any(|e| e.concept.name == concept))
}

/// Two readings that end in the same field: `ctx.config.hmac_key` here, `state.config.hmac_key` there.
fn same_name(judge: &Judge, a: &Known, b: &Known) -> bool {
    fn last<'k>(judge: &Judge<'k>, known: &'k Known) -> Option<&'k Str> {
        match &known.traced.root {
            Root::Member(_, name) => Some(name),
            _ => match judge.facts(known.traced.at.file)?.value(known.traced.at.value) {
                Value::Field(_, name) => Some(name),
                _ => None,
            },
        }
    }
    // `process.env.JWT_KEY` here, `config.get("JWT_KEY")` there.
    let asked =
        |by: &Known, name: &Option<Str>| name.as_ref().is_some_and(|n| n.len() > 3 && by.names.contains(n));
    asked(a, &b.outside)
        || asked(b, &a.outside)
        || matches!((last(judge, a), last(judge, b)), (Some(x), Some(y)) if x == y && x.len() > 3)
}

/// Both are what one function was given: the key of a class that signs and verifies.
fn same_parameter(a: &Known, b: &Known) -> bool {
    matches!(a.traced.root, Root::Param(..)) && a.traced.root == b.traced.root
}

/// Two readings of one secret: the same text, the same variable, the same definition.
pub fn same_value(a: &Known, b: &Known) -> bool {
    // Read by a name that is computed: two such reads need not be the same.
    let computed =
        |k: &Known| matches!(&k.traced.root, Root::External(p) if p.members.iter().any(|m| m == "[]"));
    if computed(a) || computed(b) {
        return false;
    }
    match (&a.outside, &b.outside) {
        (Some(x), Some(y)) if !x.is_empty() || !y.is_empty() => return x == y,
        (Some(_), None) | (None, Some(_)) => return false,
        _ => {}
    }
    match (&a.text, &b.text) {
        (Some(x), Some(y)) => x == y && !x.is_empty(),
        (None, None) => {
            a.traced.root == b.traced.root
                && !matches!(a.traced.root, Root::Unknown | Root::Absent | Root::Param(..))
        }
        _ => false,
    }
}
