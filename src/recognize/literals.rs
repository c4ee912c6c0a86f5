//! Traced values compared with the literals of pages, and places in words.

use crate::facts::Value;
use crate::project::origins::{Root, Traced};
use crate::rulebook::model::{Base, Literal, Source};

use super::Recognizer;

pub fn is_nothing(r: &Recognizer, traced: &Traced) -> bool {
    match &traced.root {
        Root::Absent => true,
        Root::Value(at) => r.facts(at.file).is_some_and(|f| match f.value(at.value) {
            Value::Null => true,
            Value::Text(t) => t.is_empty(),
            _ => false,
        }),
        // `undefined` of languages that have it as a name.
        Root::External(path) => {
            path.module.is_empty() && path.members.len() == 1 && path.members[0] == "undefined"
        }
        _ => false,
    }
}

pub fn is_literal(r: &Recognizer, traced: &Traced) -> bool {
    match &traced.root {
        Root::Value(at) => r.facts(at.file).is_some_and(|f| !matches!(f.value(at.value), Value::Unknown)),
        Root::Function(..) => true,
        _ => false,
    }
}

/// Is a traced value this literal?
pub fn matches(r: &Recognizer, traced: &Traced, literal: &Literal) -> bool {
    if let Literal::OneOf(all) = literal {
        return all.iter().any(|one| matches(r, traced, one));
    }
    if let Root::Function(..) = traced.root {
        return matches!(literal, Literal::Function | Literal::Present);
    }
    if *literal == Literal::Present {
        return !is_nothing(r, traced);
    }
    if let Literal::Starts(beginning) = literal {
        return starts(r, traced, beginning);
    }
    let value = match &traced.root {
        Root::Value(at) => r.facts(at.file).map(|f| f.value(at.value)),
        Root::Absent => return *literal == Literal::Absent,
        Root::External(path) => {
            return matches!(literal, Literal::Text(t) if path.members.last() == Some(t));
        }
        _ => None,
    };
    match (value, literal) {
        (Some(Value::Bool(a)), Literal::Bool(b)) => a == b,
        (Some(Value::Number(a)), Literal::Number(b)) => a == b,
        (Some(Value::Text(a)), Literal::Text(b)) => a.eq_ignore_ascii_case(b),
        (Some(Value::Null), Literal::Null) => true,
        (Some(Value::Text(t)), Literal::Empty) => t.is_empty(),
        (Some(Value::List(items)), Literal::Empty) => items.is_empty(),
        (Some(Value::Record(record)), Literal::Empty) => record.entries.is_empty(),
        _ => false,
    }
}

fn starts(r: &Recognizer, traced: &Traced, beginning: &str) -> bool {
    let Root::Value(at) = &traced.root else { return false };
    let Some(facts) = r.facts(at.file) else { return false };
    let first = match facts.value(at.value) {
        Value::Join(parts) => parts.first().map(|p| facts.value(*p)),
        other => Some(other),
    };
    matches!(first, Some(Value::Text(t)) if t.starts_with(beginning))
}

/// A place in words for people: "`audience` in the 3rd argument".
pub fn words(source: &Source) -> String {
    let path = source.path.join(".");
    let nth =
        |n: usize| ["1st", "2nd", "3rd"].get(n).map_or_else(|| format!("{}th", n + 1), |s| (*s).to_string());
    let base = match &source.base {
        Base::Arg(n) | Base::Construct(n) if path.is_empty() => format!("{} argument", nth(*n)),
        Base::Arg(n) | Base::Construct(n) => format!("in the {} argument", nth(*n)),
        Base::ConstructBy(name, n) if path.is_empty() => format!("{} argument of `{name}`", nth(*n)),
        Base::ConstructBy(name, n) => format!("in the {} argument of `{name}`", nth(*n)),
        Base::ConstructKeyword(name) if path.is_empty() => format!("`{name}=`"),
        Base::ConstructKeyword(name) => format!("in `{name}`"),
        Base::Keyword(name) if path.is_empty() => format!("`{name}=`"),
        Base::Keyword(name) => format!("in `{name}`"),
        Base::Setting(key) => format!("setting `{}`", key.join(".")),
        Base::Method(name, _) => format!("`{name}`"),
        Base::Config(_, _) => "in the module's options".into(),
        Base::Field(name) => format!("`{name}`"),
        _ => String::new(),
    };
    match (path.is_empty(), base.is_empty()) {
        (true, _) => base,
        (false, true) => format!("`{path}`"),
        (false, false) => format!("`{path}` {base}"),
    }
}
