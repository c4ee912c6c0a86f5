//! Cookies that are written by hand, as the text of a `Set-Cookie` header or one attribute after the other. They give the same events as a
//! library's calls. Knows the header (RFC 6265), no library and no rule.

use crate::concepts::{State, concept};
use crate::event::{Event, Known, RoleValue};
use crate::facts::*;
use crate::finding::Strength;
use crate::project::origins::At;
use crate::rulebook::model::Alternative;
use crate::source::{FileId, Str};

use super::Recognizer;

/// Texts without which a file writes no such header.
pub const WORDS: [&str; 5] = ["Set-Cookie", "set-cookie", "SET_COOKIE", "[\"secure\"]", "['secure']"];

impl Recognizer<'_> {
    /// The cookies that a file writes by hand.
    pub fn cookie_events(&self, file: FileId) -> Vec<Event> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let mut out = Vec::new();
        for call in &facts.calls {
            for pair in call.args.windows(2) {
                if is_header(facts, pair[0].value) {
                    out.extend(self.cookie_event(file, facts, pair[1].value, call.region));
                }
            }
        }
        for node in &facts.values {
            let Value::Record(record) = &node.value else { continue };
            for entry in &record.entries {
                if matches!(&entry.key, Key::Text(name) if name.eq_ignore_ascii_case("set-cookie")) {
                    out.extend(self.cookie_event(file, facts, entry.value, node.region));
                }
            }
        }
        for write in &facts.writes {
            let header = match &write.target {
                Target::Index(_, key) => is_header(facts, *key),
                Target::Field(_, name) => name.eq_ignore_ascii_case("set-cookie"),
                Target::Variable(_) => false,
            };
            if header {
                out.extend(self.cookie_event(file, facts, write.value, write.region));
            }
            if let Some(cookie) = switched_off(facts, write) {
                out.extend(self.morsel_event(file, facts, write, cookie));
            }
        }
        out
    }

    /// `cookies["session"]["secure"] = False`: the attributes of one cookie of a jar.
    fn morsel_event(
        &self,
        file: FileId,
        facts: &FileFacts,
        write: &Write,
        (jar, name): (&Str, &Str),
    ) -> Option<Event> {
        let concept = concept("cookie.set")?;
        let of_cookie = |attribute: &str| {
            let all = facts.writes.iter().filter(|w| w.function == write.function);
            let mut set = all.filter(|w| {
                morsel(facts, w)
                    .is_some_and(|(j, n, a)| j == jar && n == name && a.eq_ignore_ascii_case(attribute))
            });
            set.next_back().map(|w| facts.value(w.value))
        };
        let said = |attribute: &str| match of_cookie(attribute) {
            Some(Value::Bool(false)) => State::Off,
            Some(Value::Bool(true)) => State::Checked,
            Some(Value::Text(t)) if !t.is_empty() && !t.eq_ignore_ascii_case("none") => State::Checked,
            _ => State::Unknown,
        };
        let held = facts.writes.iter().filter(|w| {
            let named = |base: ValueId, key: &Str| key == name && last(facts, base) == Some(jar);
            w.function == write.function && matches!(&w.target, Target::Field(base, key) if named(*base, key))
        });
        let known = |id: ValueId| -> Vec<Known> {
            let found = self.trace(At { file, value: id }, &None);
            found.iter().map(|traced| self.known(traced, &Alternative::default())).collect()
        };
        let roles = concept.roles.iter().map(|role| {
            let value = match role.name {
                "name" => {
                    let mut values = known(write.value);
                    values.truncate(1);
                    for one in &mut values {
                        one.text = Some(name.clone());
                    }
                    RoleValue { values, ..RoleValue::state(State::Set) }
                }
                "value" => RoleValue {
                    values: held.clone().flat_map(|w| known(w.value)).collect(),
                    ..RoleValue::state(State::Set)
                },
                "http_only" => RoleValue::state(said("httponly")),
                "secure" => RoleValue::state(said("secure")),
                "same_site" => RoleValue::state(said("samesite")),
                "removes" => RoleValue::state(State::Unset),
                _ => RoleValue::state(State::Unknown),
            };
            (role.name, value)
        });
        Some(Event {
            concept,
            model: (Str::default(), 0),
            package: Str::default(),
            file,
            call: None,
            span: write.span,
            callee: name.to_string(),
            context: None,
            roles: roles.collect(),
            strength: Strength::Stated,
            in_test: facts.in_test(write.region),
        })
    }

    fn cookie_event(
        &self,
        file: FileId,
        facts: &FileFacts,
        value: ValueId,
        region: RegionId,
    ) -> Option<Event> {
        let written = Written::of(facts, value, 0)?;
        let concept = concept("cookie.set")?;
        let span = facts.node(value).span;
        let known = |id: ValueId| -> Vec<Known> {
            let found = self.trace(At { file, value: id }, &None);
            found.iter().map(|traced| self.known(traced, &Alternative::default())).collect()
        };
        let said = |name: &str| match written.attribute(name) {
            Some(_) => State::Checked,
            None => State::Unchecked,
        };
        let same_site = match written.attribute("samesite") {
            Some(value) if value.eq_ignore_ascii_case("none") => State::Off,
            Some(_) => State::Checked,
            None => State::Unchecked,
        };
        let gone = written.attribute("max-age").is_some_and(|age| age == "0" || age.starts_with('-'))
            || written.attribute("expires").is_some_and(|date| date.contains("1970"))
            || written.value.is_empty() && written.held.is_empty();
        let plain = RoleValue::state;
        let roles = concept.roles.iter().map(|role| {
            let value = match role.name {
                "name" => {
                    let mut name = known(value);
                    name.truncate(1);
                    for one in &mut name {
                        one.text = Some(written.name.clone());
                    }
                    RoleValue { values: name, ..plain(State::Set) }
                }
                "value" => RoleValue {
                    values: written.held.iter().flat_map(|id| known(*id)).collect(),
                    ..plain(State::Set)
                },
                "http_only" => plain(said("httponly")),
                "secure" => plain(said("secure")),
                "same_site" => plain(same_site),
                "removes" if gone => plain(State::Set),
                "removes" => plain(State::Unset),
                _ => plain(State::Unknown),
            };
            (role.name, value)
        });
        Some(Event {
            concept,
            model: (Str::default(), 0),
            package: Str::default(),
            file,
            call: None,
            span,
            callee: "Set-Cookie".into(),
            context: None,
            roles: roles.collect(),
            strength: Strength::Stated,
            in_test: facts.in_test(region),
        })
    }
}

/// The jar, the cookie and the attribute that an assignment speaks of.
fn morsel<'f>(facts: &'f FileFacts, write: &'f Write) -> Option<(&'f Str, &'f Str, &'f Str)> {
    let Target::Field(base, attribute) = &write.target else { return None };
    let Value::Field(jar, name) = facts.value(*base) else { return None };
    let jar = last(facts, *jar)?;
    jar.to_lowercase().contains("cookie").then_some((jar, name, attribute))
}

/// The first attribute of a cookie that the function switches off.
fn switched_off<'f>(facts: &'f FileFacts, write: &'f Write) -> Option<(&'f Str, &'f Str)> {
    let off = |w: &'f Write| {
        let (jar, name, attribute) = morsel(facts, w)?;
        let is_flag = matches!(attribute.to_ascii_lowercase().as_str(), "secure" | "httponly");
        (is_flag && matches!(facts.value(w.value), Value::Bool(false))).then_some((jar, name))
    };
    let here = off(write)?;
    let first = facts.writes.iter().find(|w| w.function == write.function && off(w) == Some(here))?;
    (first.span == write.span).then_some(here)
}

fn last(facts: &FileFacts, value: ValueId) -> Option<&Str> {
    match facts.value(value) {
        Value::Name(name) | Value::Field(_, name) => Some(name),
        _ => None,
    }
}

/// The text of what is put together, with `…` for what is not known; nothing where that may hold attributes.
fn joined(facts: &FileFacts, id: ValueId, text: &mut String, held: &mut Vec<ValueId>) -> Option<()> {
    let Value::Join(parts) = facts.value(id) else { return None };
    for part in parts {
        match facts.value(*part) {
            Value::Text(t) => text.push_str(t),
            Value::Join(_) => joined(facts, *part, text, held)?,
            _ => {
                let attribute = text.rsplit(';').next().unwrap_or_default();
                (attribute.contains('=') && !attribute.ends_with('…')).then_some(())?;
                if !text.contains(';') {
                    held.push(*part);
                }
                text.push('…');
            }
        }
    }
    Some(())
}

fn is_header(facts: &FileFacts, id: ValueId) -> bool {
    match facts.value(id) {
        Value::Text(name) => name.eq_ignore_ascii_case("set-cookie"),
        Value::Name(name) | Value::Field(_, name) => name == "SET_COOKIE",
        _ => false,
    }
}

/// A header whose attributes are all in the source.
struct Written {
    name: Str,
    value: String,
    /// What is put into the cookie's value.
    held: Vec<ValueId>,
    attributes: Vec<(String, String)>,
}

impl Written {
    fn of(facts: &FileFacts, id: ValueId, depth: u32) -> Option<Self> {
        let mut text = String::new();
        let mut held = Vec::new();
        match facts.value(id) {
            Value::Text(t) => text.push_str(t),
            Value::Join(_) => joined(facts, id, &mut text, &mut held)?,
            Value::List(items) if depth == 0 => return Self::of(facts, *items.first()?, 1),
            _ => return None,
        }
        let mut parts = text.split(';').map(|p| {
            let (name, value) = p.split_once('=').unwrap_or((p, ""));
            (name.trim().to_string(), value.trim().to_string())
        });
        let (name, value) = parts.next()?;
        let proper = !name.is_empty() && !name.contains(['…', ' ', ':', '/']) && text.contains('=');
        proper.then(|| Written { name: name.into(), value, held, attributes: parts.collect() })
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
}
