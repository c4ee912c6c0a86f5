//! Routes that are registered in a loop over a list that stands in the source: one for each item.
//! Knows no framework.

use crate::facts::*;
use crate::project::names::Binding;
use crate::project::origins::{At, Root};
use crate::recognize::Recognizer;
use crate::rulebook::model::{Base, Source};
use crate::source::{FileId, Str};

use super::collect::{Entry, verb};

/// Lists longer than this are no lists of routes.
const ITEMS: usize = 300;

/// One round of a loop.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    file: FileId,
    over: Over,
    /// The name of the item, where the loop goes through a record.
    key: Option<Str>,
    item: At,
}

/// What stands for the item inside the loop.
#[derive(Clone, Debug, PartialEq)]
enum Over {
    /// The parameter of a function that is called for each.
    Param(FunctionId),
    /// `list.[]`
    Element(Vec<ValueId>),
}

/// Where an expression leads from the item.
enum Step {
    Item,
    Key,
    Field(Vec<Str>),
}

impl Recognizer<'_> {
    /// The rounds of the loop around a call; none when there is no loop over a known list.
    pub fn rounds(&self, file: FileId, call: CallId) -> Vec<Round> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let fact = facts.call(call);
        let found = self.each_of(facts, fact.function).or_else(|| self.elements_of(facts, fact));
        let Some((over, list, pairs)) = found else { return Vec::new() };
        let mut out = Vec::new();
        for (key, item) in self.items_of(At { file, value: list }, pairs) {
            out.push(Round { file, over: over.clone(), key, item });
        }
        if out.len() > ITEMS { Vec::new() } else { out }
    }

    /// `list.forEach(function)`: the list, for the function.
    fn each_of(&self, facts: &FileFacts, function: FunctionId) -> Option<(Over, ValueId, bool)> {
        let mut at = function;
        for _ in 0..3 {
            let given =
                |c: &&Call| c.args.first().is_some_and(|a| facts.value(a.value) == &Value::Function(at));
            for call in facts.calls.iter().filter(given) {
                if let Value::Field(list, name) = facts.value(call.callee)
                    && matches!(name.as_str(), "forEach" | "map" | "each")
                {
                    let (list, pairs) = pairs_of(facts, *list);
                    return Some((Over::Param(at), list, pairs));
                }
            }
            at = facts.function(at).parent?;
        }
        None
    }

    /// `for (item of list)`: the list, for what stands inside.
    fn elements_of(&self, facts: &FileFacts, call: &Call) -> Option<(Over, ValueId, bool)> {
        let mut at = Some(call.region);
        while let Some(id) = at {
            let region = facts.region(id);
            if region.kind == RegionKind::Loop {
                let mut elements = Vec::new();
                let mut list = None;
                for write in facts.writes.iter().filter(|w| w.region == id && w.kind == WriteKind::Declare) {
                    let mut value = write.value;
                    for _ in 0..4 {
                        match facts.value(value) {
                            Value::Field(base, name) if name == "[]" => {
                                elements.push(value);
                                list = list.or(Some(*base));
                                break;
                            }
                            Value::Field(base, _) => value = *base,
                            _ => break,
                        }
                    }
                }
                if let Some(list) = list {
                    let (list, pairs) = pairs_of(facts, list);
                    return Some((Over::Element(elements), list, pairs));
                }
            }
            if region.kind == RegionKind::Function {
                return None;
            }
            at = region.parent;
        }
        None
    }

    fn items_of(&self, list: At, pairs: bool) -> Vec<(Option<Str>, At)> {
        if !pairs {
            let items = self.parts_of_list(list, 0);
            return match items.as_slice() {
                [one] if *one == list => Vec::new(),
                _ => items.into_iter().map(|at| (None, at)).collect(),
            };
        }
        for traced in self.trace(list, &None) {
            let Root::Value(v) = traced.root else { continue };
            let Some(Value::Record(record)) = self.facts(v.file).map(|f| f.value(v.value)) else { continue };
            let named = |e: &Entries| match &e.key {
                Key::Text(key) => Some((Some(key.clone()), At { file: v.file, value: e.value })),
                _ => None,
            };
            return record.entries.iter().filter_map(named).collect();
        }
        Vec::new()
    }

    /// An expression inside the loop, as this round has it.
    pub fn in_round(&self, round: Option<&Round>, at: At) -> Vec<At> {
        let Some(round) = round.filter(|r| r.file == at.file) else { return vec![at] };
        match self.step(round, at.value, 0) {
            Some(Step::Item) => vec![round.item],
            Some(Step::Field(path)) => self.fields_below(round.item, &path),
            _ => vec![at],
        }
    }

    /// The name of the item, where a place asks for that.
    pub fn key_of_round(&self, entry: &Entry, source: &Source) -> Option<Str> {
        let round = entry.round.filter(|r| r.file == entry.file && source.path.is_empty())?;
        let Base::Arg(n) = source.base else { return None };
        let value = self.facts(entry.file)?.call(entry.call).args.get(n)?.value;
        match self.step(round, value, 0)? {
            Step::Key => round.key.clone(),
            _ => None,
        }
    }

    fn step(&self, round: &Round, value: ValueId, depth: u32) -> Option<Step> {
        let facts = self.facts(round.file)?;
        if depth > 8 {
            return None;
        }
        let start = || if round.key.is_some() { Step::Field(Vec::new()) } else { Step::Item };
        match facts.value(value) {
            _ if matches!(&round.over, Over::Element(all) if all.contains(&value)) => Some(start()),
            Value::Param(f, 0) if round.over == Over::Param(*f) => Some(start()),
            Value::Field(base, name) => match self.step(round, *base, depth + 1)? {
                // The first of a pair is the name, the second what it stands for.
                Step::Field(path) if path.is_empty() && round.key.is_some() => match name.as_str() {
                    "0" => Some(Step::Key),
                    "1" => Some(Step::Item),
                    _ => None,
                },
                Step::Item => Some(Step::Field(vec![name.clone()])),
                Step::Field(mut path) => {
                    path.push(name.clone());
                    Some(Step::Field(path))
                }
                Step::Key => None,
            },
            Value::Name(name) => {
                let names = self.names(round.file)?;
                let scope = names.scope(facts, facts.node(value).function, name)?;
                names.bindings(scope, name).iter().find_map(|b| match b {
                    Binding::Param(f, 0) if round.over == Over::Param(*f) => Some(start()),
                    Binding::Write(w) => self.step(round, facts.writes[*w as usize].value, depth + 1),
                    _ => None,
                })
            }
            _ => None,
        }
    }

    /// The method that an item names in one of its fields.
    pub fn method_of(&self, round: &Round) -> Option<Str> {
        let traced = self.trace(round.item, &None);
        let Root::Value(v) = traced.first()?.root else { return None };
        let Value::Record(record) = self.facts(v.file)?.value(v.value) else { return None };
        record.entries.iter().find_map(|e| {
            let texts = self.texts_at(At { file: v.file, value: e.value });
            texts.first().filter(|t| verb(t) != "ANY").map(|t| Str::new(t.to_lowercase()))
        })
    }
}

type Entries = crate::facts::Entry;

/// `Object.entries(record)` goes through pairs, `Object.values(record)` through its values.
fn pairs_of(facts: &FileFacts, list: ValueId) -> (ValueId, bool) {
    if let Value::Result(call) = facts.value(list)
        && let Value::Field(_, name) = facts.value(facts.call(*call).callee)
        && name == "entries"
        && let Some(arg) = facts.call(*call).args.first()
    {
        return (arg.value, true);
    }
    (list, false)
}
