//! The functions and methods that a handler can be, without what is wrapped around them. Knows no framework.

use crate::endpoint::GuardKind;
use crate::facts::*;
use crate::project::origins::{At, Root};
use crate::recognize::routes::classes::Class;
use crate::recognize::routes::collect::{Handler, Placed};
use crate::recognize::routes::path::join;
use crate::source::{FileId, Span, Str};

use super::{Found, Walk};

impl Walk<'_, '_, '_, '_> {
    /// What answers: functions, or the methods of classes.
    pub(super) fn answering(
        &self,
        handlers: &[Handler],
        method: &Str,
        path: &str,
        registered: Span,
    ) -> Vec<(Str, String, Found)> {
        let mut out = Vec::new();
        for handler in handlers {
            let classes = self.rec.classes_of(handler);
            if classes.is_empty() {
                if let Some(found) = self.foreign(handler, method, path, registered) {
                    out.extend(found);
                    continue;
                }
                for mut found in self.handlers(handler, registered) {
                    let mut places: Vec<(FileId, ValueId)> =
                        found.wrappers.iter().map(|w| (w.at.file, w.at.value)).collect();
                    places.extend(found.function.into_iter().flat_map(|(f, n)| self.rec.decorators(f, n)));
                    let said = self.rec.said_at(&places);
                    found.decided |= said.policy.is_some();
                    found.wrappers.extend(said.policy.into_iter().flatten());
                    let all = match method.as_str() {
                        "ANY" if !said.methods.is_empty() => said.methods,
                        _ => vec![method.clone()],
                    };
                    out.extend(all.into_iter().map(|m| (m, path.to_string(), found.clone())));
                }
            }
            for class in classes {
                for answer in self.rec.answers(&class) {
                    let verb = match (method.as_str(), answer.verb.as_str()) {
                        ("ANY", _) => answer.verb.clone(),
                        (_, "ANY") => method.clone(),
                        (a, b) if a == b => method.clone(),
                        _ => continue,
                    };
                    let path = if answer.below.is_empty() { path.into() } else { join(path, &answer.below) };
                    let mut found = match answer.function {
                        Some((file, function)) => self.found(file, function, answer.guards),
                        None => self.inherited(&class, &answer.name, answer.guards),
                    };
                    found.before = answer.before;
                    found.decides = answer.decides;
                    found.decided = answer.decided;
                    found.class = Some(class);
                    found.name = format!("{}.{}", self.class_name(&class), answer.name).into();
                    out.push((verb, path, found));
                }
            }
        }
        out
    }

    /// A library's own class as handler.
    fn foreign(
        &self,
        handler: &Handler,
        method: &Str,
        path: &str,
        registered: Span,
    ) -> Option<Vec<(Str, String, Found)>> {
        let Handler::Value(at) = handler else { return None };
        let (verbs, guards) = self.rec.foreign_answers(*at)?;
        let found = Found { wrappers: guards, unread: false, ..self.unread(*at, registered) };
        let all = verbs.into_iter().filter(|v| method == "ANY" || v == method);
        Some(all.map(|verb| (verb, path.to_string(), found.clone())).collect())
    }

    fn class_name(&self, class: &Class) -> Str {
        self.rec.facts(class.file).map(|f| f.types[class.t.0 as usize].name.clone()).unwrap_or_default()
    }

    /// A method that only the library's class has: its place is the class.
    fn inherited(&self, class: &Class, name: &str, wrappers: Vec<Placed>) -> Found {
        let place = self.rec.facts(class.file).map(|f| f.types[class.t.0 as usize].name_span);
        Found {
            function: None,
            name: name.into(),
            place: place.unwrap_or(Span::new(class.file, 0, 0)),
            wrappers,
            before: Vec::new(),
            decides: Vec::new(),
            decided: false,
            class: None,
            unread: false,
        }
    }

    /// The functions that a handler can be, without what is wrapped around them.
    fn handlers(&self, handler: &Handler, registered: Span) -> Vec<Found> {
        match handler {
            Handler::Function(file, function) => vec![self.found(*file, *function, Vec::new())],
            Handler::Class(..) => Vec::new(),
            Handler::Value(at) => {
                let mut out: Vec<Found> = Vec::new();
                for found in self.peel(*at, Vec::new(), 0) {
                    if !out.iter().any(|o| o.place == found.place) {
                        out.push(found);
                    }
                }
                if out.is_empty() {
                    out.push(self.unread(*at, registered));
                }
                out
            }
        }
    }

    fn unread(&self, at: At, registered: Span) -> Found {
        let name = self.rec.facts(at.file).map_or(String::new(), |f| show::value(f, at.value, 3));
        // A library's own handler, where a page says what it demands.
        let guard = Placed { at, kind: GuardKind::Wrapper };
        let stated = self.guards.is_stated(at) && !self.guards.read(at, 0).does.nothing();
        Found {
            function: None,
            name: name.into(),
            place: registered,
            unread: !stated && !self.guards.is_public(at),
            wrappers: if stated { vec![guard] } else { Vec::new() },
            before: Vec::new(),
            decides: Vec::new(),
            decided: false,
            class: None,
        }
    }

    pub(super) fn found(&self, file: FileId, function: FunctionId, wrappers: Vec<Placed>) -> Found {
        let (name, place) = self.rec.facts(file).map_or((Str::default(), Span::new(file, 0, 0)), |f| {
            let x = f.function(function);
            (x.name.clone(), if x.name_span.start == x.name_span.end { x.span } else { x.name_span })
        });
        Found {
            function: Some((file, function)),
            name,
            place,
            wrappers,
            before: Vec::new(),
            decides: Vec::new(),
            decided: false,
            class: None,
            unread: false,
        }
    }

    fn peel(&self, at: At, wrappers: Vec<Placed>, depth: u32) -> Vec<Found> {
        if depth > 6 {
            return Vec::new();
        }
        let mut out = Vec::new();
        for traced in self.rec.trace(at, &None) {
            match &traced.root {
                // Given back by a function of the project that was handed the handler.
                Root::Function(file, function) => {
                    let inner = traced.context.as_ref().map_or_else(Vec::new, |frame| {
                        let mut around = wrappers.clone();
                        let call = self.call_value(frame.call).filter(|at| self.is_function(*at));
                        // One of several functions that it gave back.
                        let at = call.unwrap_or(traced.at);
                        around.push(Placed { at, kind: GuardKind::Wrapper });
                        self.functions_given(frame.call, around, depth)
                    });
                    match inner.is_empty() {
                        true => out.push(self.found(*file, *function, wrappers.clone())),
                        false => out.extend(inner),
                    }
                }
                Root::Call(file, call) => {
                    let mut around = wrappers.clone();
                    around.extend(
                        self.call_value((*file, *call)).map(|at| Placed { at, kind: GuardKind::Wrapper }),
                    );
                    out.extend(self.functions_given((*file, *call), around, depth));
                }
                _ => {}
            }
        }
        out
    }

    fn is_function(&self, at: At) -> bool {
        self.rec.trace(at, &None).iter().any(|t| matches!(t.root, Root::Function(..)))
    }

    fn call_value(&self, (file, call): (FileId, CallId)) -> Option<At> {
        let facts = self.rec.facts(file)?;
        let i = facts.values.iter().position(|v| v.value == Value::Result(call))?;
        Some(At { file, value: ValueId(i as u32) })
    }

    fn functions_given(
        &self,
        (file, call): (FileId, CallId),
        wrappers: Vec<Placed>,
        depth: u32,
    ) -> Vec<Found> {
        let Some(facts) = self.rec.facts(file) else { return Vec::new() };
        let fact = facts.call(call);
        let mut given: Vec<At> = fact.args.iter().map(|a| At { file, value: a.value }).collect();
        // `handler.bind(this)`
        if let Value::Field(base, method) = facts.value(fact.callee)
            && method == "bind"
        {
            given.insert(0, At { file, value: *base });
        }
        given
            .into_iter()
            .map(|at| self.peel(at, wrappers.clone(), depth + 1))
            .find(|f| !f.is_empty())
            .unwrap_or_default()
    }
}
