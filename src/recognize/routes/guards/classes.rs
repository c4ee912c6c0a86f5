//! What a class that stands before a handler does: by its methods and its ancestors. Knows no framework.

use crate::endpoint::{Answer, Does};
use crate::facts::*;
use crate::project::origins::{At, Root, Traced};
use crate::recognize::Recognizer;
use crate::recognize::routes::marks;
use crate::source::{FileId, Span, Str};

use super::Guards;
use super::reading::{Reading, both, is_telling, unknown};

impl Guards<'_, '_, '_> {
    /// A method that pages say decides.
    fn of_method(&self, file: FileId, function: FunctionId, name: &str) -> Reading {
        let mut powers = self.reader.powers(file, function);
        let models = self.rec().index.models.iter().flat_map(|m| &m.guards);
        if models.into_iter().any(|g| g.verdict && g.methods.iter().any(|m| m == name)) {
            marks::verdict(self.reader, (file, function), &mut powers);
        }
        let mut reading = self.of_powers(file, function);
        (reading.does, reading.evidence) = (powers.as_guard(), powers.evidence());
        reading
    }

    /// The class that a name of a type means.
    pub(super) fn made(&self, at: At, depth: u32) -> Reading {
        if depth > 4 {
            return Reading::default();
        }
        let found = self.rec().trace(at, &None);
        found.iter().fold(Reading::default(), |sofar, t| match t.root {
            Root::Type(f, t) | Root::Instance(f, t) => both(sofar, self.of_class(f, t, depth + 1)),
            _ => sofar,
        })
    }

    /// The objects of other classes that a method makes: a layer makes the service that does the work.
    fn of_made(&self, own: (FileId, TypeId), file: FileId, function: FunctionId, depth: u32) -> Reading {
        let mut out = Reading::default();
        let Some(facts) = self.rec().facts(file) else { return out };
        let whole = facts.function(function).span;
        for node in facts.values.iter().filter(|n| whole.contains(&n.span)) {
            let Value::Record(record) = &node.value else { continue };
            let Some(value) = record.type_ref else { continue };
            let at = At { file, value };
            let itself =
                |t: &Traced| matches!(t.root, Root::Type(f, t) | Root::Instance(f, t) if (f, t) == own);
            if !self.rec().trace(at, &None).iter().any(itself) {
                out = both(out, self.made(at, depth));
            }
        }
        out
    }

    /// A class of the project: the methods that pages say run before a handler; its modelled ancestors.
    pub fn of_class(&self, file: FileId, t: TypeId, depth: u32) -> Reading {
        let rec = self.rec();
        let ancestors = rec.with_origins(|o| o.ancestors(file, t));
        let mut out = Reading::default();
        let own_language =
            |m: &&crate::rulebook::model::Model| rec.facts(file).is_some_and(|f| f.ecosystem == m.ecosystem);
        let models: Vec<_> = rec.index.models.iter().filter(own_language).collect();
        let mut methods: Vec<Str> =
            models.iter().flat_map(|m| &m.guards).flat_map(|g| g.methods.clone()).collect();
        methods.sort();
        methods.dedup();
        let mut seen = false;
        for ancestor in &ancestors {
            let Root::Type(f, own) = ancestor else { continue };
            for method in &methods {
                let Some((f, function)) = rec.with_origins(|o| o.method((*f, *own), method)) else {
                    continue;
                };
                let answers = models.iter().flat_map(|m| &m.guards);
                let mut answers = answers.filter(|g| g.methods.contains(method));
                let one = match answers.next() {
                    Some(g) if g.verdict => self.of_method(f, function, method),
                    Some(g) if g.answers => self.decision(f, function, Some((file, t)), depth),
                    Some(g) if g.proves => self.proof(f, function),
                    _ => self.of_powers(f, function),
                };
                out = both(out, one);
                if depth < 4
                    && out.does.nothing()
                    && rec.facts(f).is_some_and(|x| x.ecosystem.fails_by_value())
                {
                    out = both(out, self.of_made((file, t), f, function, depth + 1));
                }
                seen = true;
            }
            // The nearest class that decides counts; it may still ask the one it derives from.
            if seen {
                break;
            }
        }
        let calls_super = out.function.is_some_and(|(f, function)| asks_base(rec, f, function));
        if !seen || calls_super {
            for ancestor in ancestors.iter().skip(1) {
                let more = match ancestor {
                    Root::External(path) | Root::Foreign(path) => {
                        let reading = self.of_path(path, At { file, value: ValueId::NONE });
                        if reading.does.authentication == Answer::Unknown {
                            Reading::default()
                        } else {
                            reading
                        }
                    }
                    Root::Call(f, call) => self.of_call(*f, *call, depth + 1),
                    _ => continue,
                };
                out = both(out, more);
            }
        }
        if out.does.authentication == Answer::Yes && self.lets_pass(&ancestors) {
            out.does = Does { authentication: Answer::Optional, ..Does::default() };
        }
        if !seen && out.does.nothing() && !out.public {
            let name = rec.facts(file).map(|f| f.types[t.0 as usize].name.clone()).unwrap_or_default();
            if is_telling(&name) && ancestors.len() > 1 {
                let span = rec.facts(file).map_or(Span::new(file, 0, 0), |f| f.types[t.0 as usize].name_span);
                return unknown(span, &name);
            }
        }
        out
    }

    /// A function that is handed a credential, and gives back who it belongs to: it must look at it.
    fn proof(&self, file: FileId, function: FunctionId) -> Reading {
        let mut reading = self.of_powers(file, function);
        let powers = self.reader.powers(file, function);
        // What it is handed goes somewhere.
        let handed = self.rec().facts(file).is_some_and(|facts| {
            let fact = facts.function(function);
            let last = fact.params.last().map(|p| p.name.clone()).unwrap_or_default();
            let named = |v: ValueId| matches!(facts.value(v), Value::Name(name) if *name == last);
            let calls = facts.calls.iter().filter(|c| fact.span.contains(&c.span));
            calls.flat_map(|c| &c.args).any(|a| named(a.value))
        });
        let looks = powers.tested || powers.identity.is_some() || handed;
        reading.does.authentication = if looks { Answer::Yes } else { Answer::No };
        reading.does.presence = if looks { Answer::No } else { Answer::Yes };
        reading
    }
}

pub fn asks_base(rec: &Recognizer, file: FileId, function: FunctionId) -> bool {
    rec.facts(file).is_some_and(|f| {
        let span = f.function(function).span;
        f.calls.iter().filter(|c| span.contains(&c.span)).any(|c| {
            let Value::Field(base, _) = f.value(c.callee) else { return false };
            match f.value(*base) {
                Value::Name(name) => name == "super",
                Value::Result(inner) => {
                    matches!(f.value(f.call(*inner).callee), Value::Name(n) if n == "super")
                }
                _ => false,
            }
        })
    })
}
