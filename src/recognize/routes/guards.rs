//! What an expression that stands before a handler does: a function of the project, a class, a call
//! that a page knows, or something that cannot be read. Knows no framework.

mod classes;
mod entries;
mod parameters;
mod reading;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use crate::endpoint::{Answer, Does, Guard, GuardKind};
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Context, Path, Root, Traced};
use crate::recognize::Recognizer;
use crate::source::{FileId, Span, Str};

use super::actions::Asked;
use super::collect::Placed;
use super::powers::{Powers, Reader};
use reading::{both, either, is_telling, unknown};

pub use classes::asks_base;
pub use reading::Reading;

pub struct Guards<'g, 'r, 'a> {
    pub reader: &'g Reader<'r, 'a>,
    known: RefCell<HashMap<(At, Asked), Reading>>,
    asked: RefCell<Asked>,
    /// What is read at the moment hangs on the request that is asked about.
    hangs: Cell<bool>,
}

impl<'g, 'r, 'a> Guards<'g, 'r, 'a> {
    pub fn new(reader: &'g Reader<'r, 'a>) -> Self {
        Self { reader, known: RefCell::default(), asked: RefCell::default(), hangs: Cell::default() }
    }

    fn rec(&self) -> &'r Recognizer<'a> {
        self.reader.rec
    }

    pub fn asked(&self) -> Asked {
        self.asked.borrow().clone()
    }

    /// Is what is tested true of the request that is asked about? Without the negation.
    pub fn truth(&self, facts: &FileFacts, condition: &Condition) -> Option<bool> {
        let rec = self.rec();
        if !rec.asks_request(facts, condition) {
            return None;
        }
        self.hangs.set(true);
        rec.truth(facts, condition, &self.asked())
    }

    /// From here on, this request is asked about.
    pub fn ask(&self, asked: Asked) {
        *self.asked.borrow_mut() = asked;
    }

    /// A placed expression as a guard, for requests of one method.
    pub fn guard_of(&self, placed: Placed, method: &str) -> Guard {
        let mut guard = self.guard(placed);
        if self.read(placed.at, 0).reads && matches!(method, "GET" | "HEAD" | "OPTIONS" | "ANY") {
            guard.does.authentication = guard.does.authentication.min(Answer::Optional);
            guard.does.role = Answer::No;
            guard.does.scope = Answer::No;
        }
        guard
    }

    /// A placed expression as a guard.
    pub fn guard(&self, placed: Placed) -> Guard {
        let facts = self.rec().facts(placed.at.file);
        let (mut name, span) = facts.map_or_else(
            || (String::new(), Span::new(placed.at.file, 0, 0)),
            |f| (show::value(f, placed.at.value, 3), f.node(placed.at.value).span),
        );
        let reading = match self.rec().hooked(placed) {
            Some((file, function)) => {
                name = self.rec().facts(file).map_or(name, |f| f.function(function).name.to_string());
                self.of_powers(file, function)
            }
            None if placed.kind == GuardKind::Extractor => self.of_request_type(placed.at),
            None if placed.kind == GuardKind::Wrapper => {
                self.of_wrapper(placed.at).unwrap_or_else(|| self.read(placed.at, 0))
            }
            None => self.read(placed.at, 0),
        };
        Guard {
            name: name.into(),
            span,
            kind: placed.kind,
            does: reading.does,
            exempts: match reading.function {
                Some((file, function)) if reading.exempts.is_empty() => {
                    self.reader.powers(file, function).exempts
                }
                _ => reading.exempts,
            },
            function: reading.function,
            evidence: reading.evidence,
            strength: reading.strength.unwrap_or(Strength::Stated),
        }
    }

    /// A placed expression as a guard of one route, which it may let pass.
    pub fn guard_at(&self, placed: Placed, prefix: &str, method: &Str, path: &str) -> Guard {
        let mut guard = self.guard_of(placed, method);
        for carve in self.read(placed.at, 0).carved {
            match carve.passes(prefix, method, path) {
                // It stands there, and does nothing for this route.
                Some(true) => {
                    if guard.does.authentication == Answer::Yes {
                        let text = crate::endpoint::LETS_PASS.into();
                        guard.evidence.push(Evidence { span: guard.span, text, strength: Strength::Stated });
                    }
                    guard.does = Does::default();
                }
                Some(false) => {}
                None if guard.does.authentication == Answer::Yes => {
                    guard.does.authentication = Answer::Unknown;
                }
                None => {}
            }
        }
        guard
    }

    /// A function of the project around a handler: what it does itself. What the handler does, the handler's
    /// own reading says.
    fn of_wrapper(&self, at: At) -> Option<Reading> {
        let Value::Result(call) = self.rec().facts(at.file)?.value(at.value) else { return None };
        let callee = self.rec().callee(at.file, *call);
        if !callee.entries.is_empty() {
            return None;
        }
        let own = callee.local.iter().map(|(file, function)| self.of_powers(*file, *function));
        own.reduce(both)
    }

    /// Is it a page that says what it does?
    pub fn is_stated(&self, at: At) -> bool {
        let reading = self.read(at, 0);
        reading.function.is_none() && reading.does.authentication != Answer::Unknown
    }

    /// A request that comes with its caller was let in by whoever made it.
    fn of_request_type(&self, at: At) -> Reading {
        let is_caller = |name: &str| self.reader.is_named("caller", name);
        let Some(span) = super::dispatch::carried(self.rec(), at, &is_caller) else {
            return Reading::default();
        };
        Reading {
            does: Does { authentication: Answer::Yes, ..Does::default() },
            evidence: vec![Evidence {
                span,
                text: "the request cannot be made without its caller".into(),
                strength: Strength::Heuristic,
            }],
            strength: Some(Strength::Heuristic),
            ..Reading::default()
        }
    }

    pub fn is_public(&self, at: At) -> bool {
        self.read(at, 0).public
    }

    pub fn read(&self, at: At, depth: u32) -> Reading {
        if depth > 6 {
            return Reading::default();
        }
        if let Some(known) = self.known.borrow().get(&(at, Asked::default())) {
            return known.clone();
        }
        let key = (at, self.asked());
        if let Some(known) = self.known.borrow().get(&key) {
            self.hangs.set(true);
            return known.clone();
        }
        let outer = self.hangs.replace(false);
        let mut out: Option<Reading> = None;
        // A name that pages know is what they say, whatever else can be read of it.
        for traced in self.rec().trace(at, &None) {
            let one = self.read_root(at, &traced, depth);
            out = Some(match out {
                None => one,
                Some(sofar) => either(sofar, one),
            });
        }
        let mut out = out.unwrap_or_default();
        if matches!(out.does.authentication, Answer::No | Answer::Unknown)
            && out.does.role == Answer::No
            && !out.public
            && self.rec().promised(at).is_some()
        {
            let promised = self.of_expression(at);
            if !promised.evidence.is_empty() {
                out = promised;
            }
        }
        // What does not hang on the request is the same for all.
        let key = if self.hangs.get() { key } else { (at, Asked::default()) };
        self.hangs.set(outer || self.hangs.get());
        self.known.borrow_mut().insert(key, out.clone());
        out
    }

    fn read_root(&self, at: At, traced: &Traced, depth: u32) -> Reading {
        match &traced.root {
            Root::Function(file, function) => {
                let mut reading = self.of_powers_in(*file, *function, &traced.context);
                let made_of = reading.function;
                // A factory: what it was given may say more (`requireRole("admin")`, `wrap(guard)`).
                if let Some(frame) = &traced.context {
                    let made = self.of_powers_in(frame.function.0, frame.function.1, &traced.context);
                    reading = both(reading, made);
                    let (file, call) = frame.call;
                    let given = self.rec().facts(file).map_or(Vec::new(), |f| f.call(call).args.clone());
                    for arg in given.iter().filter(|_| depth < 3) {
                        let given = At { file, value: arg.value };
                        let is_function = |t: &Traced| matches!(t.root, Root::Function(..));
                        if given != at && self.rec().trace(given, &None).iter().any(is_function) {
                            reading = both(reading, self.read(given, depth + 1));
                        }
                    }
                    reading.function = made_of;
                }
                both(reading, self.of_arguments(*file, *function, depth))
            }
            Root::Call(file, call) => self.of_call(*file, *call, depth),
            Root::Type(file, t) | Root::Instance(file, t) => {
                // What pages say of its methods or of what it derives from comes before what a call of it does.
                let class = self.of_class(*file, *t, depth);
                let told = class.function.is_some() || class.public || class.does.role == Answer::Yes;
                if told || class.does.authentication == Answer::Yes {
                    return class;
                }
                let called = self.of_expression(at);
                if called.evidence.is_empty() { class } else { called }
            }
            Root::External(path) | Root::Foreign(path) => self.of_path(path, at),
            Root::Value(v) => self.of_value(*v, depth),
            Root::Member(_, name) if self.given_by_plugin(at, name).is_some() => {
                self.given_by_plugin(at, name).unwrap_or_default()
            }
            Root::Member(_, name) if depth < 4 && !self.reader.extensions(name).is_empty() => {
                let named = self.reader.extensions(name);
                named.into_iter().fold(Reading::default(), |sofar, at| both(sofar, self.read(at, depth + 1)))
            }
            Root::Member(base, _) => self.of_member(&traced.root, base, at, depth),
            Root::Unknown | Root::Perhaps(..) | Root::Param(..) => self.unread(at),
            _ => Reading::default(),
        }
    }

    /// A part of an object that pages know: `auth.login_required`, `auth.on_app_init`.
    fn of_member(&self, root: &Root, base: &Root, at: At, depth: u32) -> Reading {
        for path in self.rec().type_paths(root) {
            let last = path.members.len().saturating_sub(2);
            let short = Path { members: path.members[last..].to_vec(), ..path };
            let reading = self.of_path(&short, at);
            if !matches!(reading.does.authentication, Answer::Unknown | Answer::No) || reading.public {
                return reading;
            }
        }
        if let Root::Call(file, call) = base {
            let callee = self.rec().callee(*file, *call);
            let concepts = callee.entries.iter().filter_map(|id| self.rec().index.call(*id).concept);
            if concepts.map(|c| c.name).any(|n| n == "http.guard") {
                return self.of_call(*file, *call, depth + 1);
            }
        }
        self.unread(at)
    }

    fn of_value(&self, at: At, depth: u32) -> Reading {
        let Some(facts) = self.rec().facts(at.file) else { return Reading::default() };
        match facts.value(at.value) {
            // A class or function that is named by a text.
            Value::Text(text) if text.contains('.') => {
                let named = self.rec().named_by_text(at.file, text);
                named.iter().fold(Reading::default(), |sofar, root| {
                    both(
                        sofar,
                        match root {
                            Root::Type(file, t) => match self.gate_of_class(*file, *t) {
                                Some(gate) => gate,
                                None => self.of_class(*file, *t, depth + 1),
                            },
                            Root::Function(file, function) => self.gate(*file, *function),
                            Root::External(path) => self.of_path(path, at),
                            _ => Reading::default(),
                        },
                    )
                })
            }
            Value::List(items) => items.iter().fold(Reading::default(), |sofar, item| {
                both(sofar, self.read(At { file: at.file, value: *item }, depth + 1))
            }),
            // A class that is named in a text.
            Value::Text(name) => match self.rec().with_origins(|o| o.type_named(at.file, name)) {
                Some((f, t)) if depth < 4 => self.of_class(f, t, depth + 1),
                _ => Reading::default(),
            },
            // An object of a class, written out; or options of a hook: the functions in it run.
            Value::Record(record) => match record.type_ref {
                Some(value) => self.made(At { file: at.file, value }, depth),
                None => record.entries.iter().fold(Reading::default(), |sofar, entry| {
                    let at = At { file: at.file, value: entry.value };
                    match facts.value(entry.value) {
                        Value::Function(_) | Value::List(_) | Value::Name(_) => {
                            both(sofar, self.read(at, depth + 1))
                        }
                        _ => sofar,
                    }
                }),
            },
            _ => Reading::default(),
        }
    }

    pub fn of_powers(&self, file: FileId, function: FunctionId) -> Reading {
        self.of_powers_in(file, function, &None)
    }

    fn of_powers_in(&self, file: FileId, function: FunctionId, context: &Context) -> Reading {
        let powers = self.reader.settled(context, || self.reader.guard_powers(file, function));
        Reading {
            does: powers.as_guard(),
            evidence: powers.evidence(),
            function: Some((file, function)),
            strength: None,
            carved: self.rec().carved_in(file, function),
            ..Reading::default()
        }
    }

    /// A class or an object that is called.
    fn of_expression(&self, at: At) -> Reading {
        let powers = self.reader.of_expression(at, 1);
        Reading { does: powers.as_guard(), evidence: powers.evidence(), ..Reading::default() }
    }

    /// Something that could not be read: worth telling when its name speaks of authentication.
    fn unread(&self, at: At) -> Reading {
        let Some(facts) = self.rec().facts(at.file) else { return Reading::default() };
        if at.value == ValueId::NONE {
            return Reading::default();
        }
        let mut value = at.value;
        if let Value::Result(call) = facts.value(value) {
            value = facts.call(*call).callee;
        }
        // `new Auth(level).middleware`: any name on the way may tell.
        for _ in 0..6 {
            value = match facts.value(value) {
                Value::Name(name) | Value::Field(_, name) if is_telling(name) => {
                    return unknown(facts.node(value).span, name);
                }
                Value::Field(base, _) => *base,
                Value::Result(call) => facts.call(*call).callee,
                _ => return Reading::default(),
            };
        }
        Reading::default()
    }
}

/// What the handler itself, and what it calls, demands.
pub fn body(powers: &Powers) -> Does {
    powers.as_body()
}
