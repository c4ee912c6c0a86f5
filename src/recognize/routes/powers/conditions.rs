//! What a condition asks for: the caller, its rights, where the request comes from. Knows no framework.

use crate::facts::*;
use crate::project::names::Binding;
use crate::project::origins::{At, Root};
use crate::recognize::routes::contexts;
use crate::source::{FileId, Span, words};

use super::calls::is_own_header;
use super::values::REQUESTS;
use super::{Powers, READS_CALLER, Reader, note};

impl Reader<'_, '_> {
    /// A condition: that it asks for the caller and its rights only counts when it decides who goes on.
    pub(super) fn read_decision(
        &self,
        facts: &FileFacts,
        whole: Span,
        (value, span): (ValueId, Span),
        rights: bool,
        out: &mut Powers,
    ) {
        let asked = |out: &Powers| (out.role.clone(), out.scope.clone(), out.asks_caller.clone());
        let before = asked(out);
        self.read_condition(facts, value, span, rights, out);
        if !out.by_value && before != asked(out) && !contexts::decides(facts, whole, span) {
            (out.role, out.scope, out.asks_caller) = before;
        }
    }

    pub fn read_condition(
        &self,
        facts: &FileFacts,
        value: ValueId,
        span: Span,
        rights: bool,
        out: &mut Powers,
    ) {
        let mut open = vec![value];
        let mut steps = 0;
        while let Some(id) = open.pop() {
            steps += 1;
            if steps > 40 {
                return;
            }
            match facts.value(id) {
                Value::Field(base, name) => {
                    if self.is_caller(facts, id) {
                        note(&mut out.asks_caller, span, "asks who the caller is");
                    }
                    if !self.is_plain_input(facts.file, *base) {
                        self.read_rights(name, span, rights, out);
                    }
                    open.push(*base);
                }
                Value::Name(name) => {
                    self.read_rights(name, span, rights, out);
                    if self.comes_from_caller(facts.file, id) {
                        note(&mut out.asks_caller, span, "asks who the caller is");
                    }
                    // `const may = hasPermission(user, …)`
                    for asked in self.calls_behind(facts, id) {
                        if let Value::Name(name) | Value::Field(_, name) =
                            facts.value(facts.call(asked).callee)
                        {
                            self.read_rights(name, span, rights, out);
                        }
                    }
                }
                Value::Result(call) => {
                    let c = facts.call(*call);
                    if self.asks_identity(facts.file, *call) {
                        note(&mut out.asks_caller, span, "asks who the caller is");
                    }
                    open.push(c.callee);
                    open.extend(c.args.iter().map(|a| a.value));
                }
                Value::Either(parts) | Value::Join(parts) | Value::List(parts) => open.extend(parts),
                _ => {}
            }
        }
    }

    /// The calls that a variable was given the results of.
    fn calls_behind(&self, facts: &FileFacts, id: ValueId) -> Vec<CallId> {
        let Value::Name(name) = facts.value(id) else { return Vec::new() };
        let Some(names) = self.rec.names(facts.file) else { return Vec::new() };
        let Some(scope) = names.scope(facts, facts.node(id).function, name).filter(|s| *s != FunctionId(0))
        else {
            return Vec::new();
        };
        let written = names.bindings(scope, name).iter().filter_map(|b| match b {
            Binding::Write(w) => match facts.value(facts.writes[*w as usize].value) {
                Value::Result(call) => Some(*call),
                _ => None,
            },
            _ => None,
        });
        written.collect()
    }

    fn read_rights(&self, name: &str, span: Span, rights: bool, out: &mut Powers) {
        // A type or a constant stands beside what is asked.
        if name.starts_with(char::is_uppercase) {
            return;
        }
        if rights && self.is_named("role", name) {
            note(&mut out.role, span, "asks for a role or permission");
        }
        if rights && self.is_named("scope", name) {
            note(&mut out.scope, span, "asks for a scope");
        }
    }

    /// `req.ip === "10.0.0.5"`, `host in INTERNAL`: an address or a name that the request brings, compared.
    pub(super) fn read_network(&self, facts: &FileFacts, compare: &Compare, out: &mut Powers) {
        let named = |value: ValueId| {
            let mut at = value;
            for _ in 0..4 {
                match facts.value(at) {
                    Value::Field(base, name) => {
                        if self.is_named("network", name) {
                            return true;
                        }
                        at = *base;
                    }
                    Value::Name(name) => {
                        return self.is_named("network", name) && name.chars().any(char::is_lowercase);
                    }
                    Value::Result(call) => {
                        let texts = facts.call(*call).args.iter().any(
                            |a| matches!(facts.value(a.value), Value::Text(t) if self.is_named("network", t)),
                        );
                        if texts {
                            return true;
                        }
                        at = facts.call(*call).callee;
                    }
                    _ => return false,
                }
            }
            false
        };
        // `ip === "unknown"` asks for nothing.
        let nothing = |v: ValueId| match facts.value(v) {
            Value::Null | Value::Bool(_) | Value::Number(_) => true,
            Value::Text(text) => !text.contains(['.', ':']) && text != "localhost",
            _ => false,
        };
        if named(compare.left) && !nothing(compare.right) || named(compare.right) && !nothing(compare.left) {
            note(&mut out.network, compare.span, "asks where the request comes from");
        }
    }

    pub fn comes_from_caller(&self, file: FileId, id: ValueId) -> bool {
        self.rec.trace(At { file, value: id }, &None).iter().any(|t| {
            let mut root = &t.root;
            while let Root::Member(base, name) = root {
                if self.is_named("caller", name) {
                    return true;
                }
                root = base;
            }
            match root {
                Root::Call(file, call) => self.asks_identity(*file, *call),
                Root::Param(file, function, n) => self.is_handed_caller(*file, *function, *n),
                _ => false,
            }
        })
    }

    fn asks_identity(&self, file: FileId, call: CallId) -> bool {
        let by_event = self.events.get(&(file, call)).into_iter().flatten();
        if by_event
            .into_iter()
            .any(|e| matches!(e.concept.name, "identity.read" | "jwt.verify" | "http.guard"))
        {
            return true;
        }
        let Some(facts) = self.rec.facts(file) else { return false };
        let fact = facts.call(call);
        // What is looked up by a caller's id is not the caller: only who is handed the request can tell.
        let handed = fact.args.is_empty()
            || fact.args.iter().any(|a| match facts.value(a.value) {
                Value::Name(name) => words(name).iter().any(|w| REQUESTS.contains(&w.as_str())),
                Value::Param(..) => true,
                Value::Field(base, _) => self.is_request_part(facts, *base),
                Value::Result(inner) => {
                    matches!(facts.value(facts.call(*inner).callee), Value::Field(base, _) if self.is_request_part(facts, *base))
                }
                _ => false,
            });
        let callee = self.rec.callee(file, call);
        callee.local.iter().any(|(f, function)| {
            let inner = self.powers(*f, *function);
            match &inner.identity {
                Some(identity) if identity.text != READS_CALLER => true,
                Some(_) => handed,
                None => inner.credential.is_some() && inner.tested,
            }
        })
    }

    /// `request.headers["X-Metrics-Key"] != KEY`: what the caller proves itself with is compared.
    pub(super) fn read_proof(&self, facts: &FileFacts, compare: &Compare, out: &mut Powers) {
        let proof = |value: ValueId| {
            match facts.value(value) {
            Value::Field(base, name) => {
                name.len() < 40
                    && (self.is_named("credential", name) || is_own_header(name))
                    && self.is_request_part(facts, *base)
            }
            Value::Result(call) => facts.call(*call).args.iter().any(
                |a| matches!(facts.value(a.value), Value::Text(t) if self.is_named("credential", t) || is_own_header(t)),
            ),
            _ => false,
        }
        };
        let plain = |v: ValueId| {
            matches!(facts.value(v), Value::Null | Value::Bool(_) | Value::Number(_))
                || matches!(facts.value(v), Value::Text(t) if t.len() < 2 || t.eq_ignore_ascii_case("bearer"))
        };
        if proof(compare.left) && !plain(compare.right) || proof(compare.right) && !plain(compare.left) {
            note(&mut out.credential, compare.span, "reads what the caller proves itself with");
            note(&mut out.asks_caller, compare.span, "asks who the caller is");
        }
    }
}
