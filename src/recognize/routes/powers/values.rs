//! What a value tells: refusals, credentials, the caller, parts of the request. Knows no framework.

use crate::facts::*;
use crate::project::names::Binding;
use crate::project::origins::{At, Root};
use crate::recognize::routes::caught::is_told;
use crate::source::{FileId, Span, words};

use super::{Powers, READS_CALLER, Reader, note};

/// Names of parameters by which functions hand a request, or what came with it, on.
pub(super) const REQUESTS: &[&str] = &[
    "req",
    "request",
    "ctx",
    "context",
    "c",
    "session",
    "event",
    "info",
    "socket",
    "client",
    "conn",
    "connection",
    "parts",
    "headers",
    "cookies",
    "scope",
    "environ",
    "self",
    "token",
    "claims",
    "payload",
    "jwt",
    "state",
    "env",
    "r",
    "handler",
    "metadata",
    "principal",
    "identity",
    "auth",
    "security",
];

impl Reader<'_, '_> {
    pub(super) fn is_login(&self, facts: &FileFacts, value: ValueId) -> bool {
        match facts.value(value) {
            Value::Text(text) => self.is_named("login", text),
            Value::Result(call) => facts.call(*call).args.iter().any(|a| self.is_login(facts, a.value)),
            Value::Field(_, name) | Value::Name(name) => self.is_named("login", name),
            Value::Join(parts) => parts.iter().any(|p| self.is_login(facts, *p)),
            _ => false,
        }
    }

    pub(super) fn read_value(&self, facts: &FileFacts, id: ValueId, node: &ValueNode, out: &mut Powers) {
        match &node.value {
            Value::Number(n) if *n == 429.0 => out.limits = true,
            Value::Number(n) if *n == 401.0 => note(&mut out.unknown_caller, node.span, "answers 401"),
            Value::Number(n) if *n == 403.0 => {
                note(&mut out.stop, node.span, "answers 403");
                note(&mut out.denies, node.span, "answers 403");
            }
            Value::Field(base, name) => {
                self.read_refusal(name, node.span, out);
                if name.len() < 40
                    && self.is_named("credential", name)
                    && self.is_request_part(facts, *base)
                    && !is_written(facts, node.span)
                {
                    note(&mut out.credential, node.span, "reads what the caller proves itself with");
                }
                if self.is_caller(facts, id) && !is_written(facts, node.span) {
                    note(&mut out.identity, node.span, READS_CALLER);
                }
            }
            Value::Name(name) => {
                self.read_refusal(name, node.span, out);
                if self.is_known_caller(facts.file, id) {
                    note(&mut out.identity, node.span, "looks the caller up");
                }
            }
            Value::Text(text) if text.len() < 60 => {
                let lower = text.to_lowercase();
                if !lower.contains([' ', '/', '.']) {
                    self.read_refusal(text, node.span, out);
                }
                let read = lower.starts_with("bearer") || lower == "authorization";
                if read && !is_told(facts, id) && !is_sent(facts, node.span) {
                    note(&mut out.credential, node.span, "reads what the caller proves itself with");
                }
            }
            _ => {}
        }
    }

    fn read_refusal(&self, name: &str, span: Span, out: &mut Powers) {
        let parts = words(name);
        let has = |w: &str| parts.iter().any(|p| p == w || w.len() > 8 && p.ends_with(w));
        out.limits |= has("too") && has("many") || has("rate") && has("limit");
        if has("unauthorized")
            || has("unauthenticated")
            || has("401")
            || has("authenticated") && has("not")
            || has("unauthorised")
        {
            note(&mut out.unknown_caller, span, "answers that the caller is not known");
        } else if has("forbidden") || has("403") || has("permission") && has("denied") {
            note(&mut out.stop, span, "answers that the caller may not");
            note(&mut out.denies, span, "answers that the caller may not");
        }
    }

    /// Something that pages say is the caller.
    fn is_known_caller(&self, file: FileId, id: ValueId) -> bool {
        if !self.rec.facts(file).is_some_and(|f| self.may_be_known(f, id)) {
            return false;
        }
        let ecosystem = self.rec.facts(file).map_or(crate::source::Ecosystem::None, |f| f.ecosystem);
        let mut values = self.rec.index.values(ecosystem);
        if !values.any(|(_, v)| v.concept.name == "identity.read") {
            return false;
        }
        self.rec.trace(At { file, value: id }, &None).iter().any(|t| {
            let Root::External(path) = &t.root else { return false };
            self.rec.index.values(path.ecosystem).any(|(model, v)| {
                v.concept.name == "identity.read"
                    && self.rec.index.of_module(path.ecosystem, &path.module).contains(&model)
                    && crate::recognize::index::names(&v.path, &path.members)
            })
        })
    }

    /// `request.user`, `session["user_id"]`, `ctx.state.user`: a caller's name on something that a
    /// request brings.
    pub fn is_caller(&self, facts: &FileFacts, id: ValueId) -> bool {
        let Value::Field(base, name) = facts.value(id) else { return false };
        let is_setting = !name.chars().any(char::is_lowercase);
        if name.len() > 40 || is_setting || !self.is_named("caller", name) {
            return self.is_known_caller(facts.file, id) || self.is_in_session(facts.file, *base, name);
        }
        // `store.findUser(id)` looks somebody up; it is not who calls.
        self.is_request_part(facts, *base)
            && !facts.calls.iter().any(|c| c.callee == id && !c.args.is_empty())
    }

    /// Is it what a request brings: a parameter, a part of one, or of the object whose method this is?
    pub(super) fn is_request_part(&self, facts: &FileFacts, value: ValueId) -> bool {
        let mut at = value;
        for _ in 0..6 {
            match facts.value(at) {
                // What the deployment sets and stores is no part of a request, wherever it hangs.
                Value::Field(_, name) if self.is_named("store", name) => return false,
                Value::Field(base, _) => at = *base,
                Value::Result(call) => at = facts.call(*call).callee,
                Value::Param(f, n) => {
                    let name = facts.function(*f).params.get(*n as usize).map_or("", |p| p.name.as_str());
                    return self.may_be_request(facts, *f, name);
                }
                Value::Name(name) if matches!(name.as_str(), "this" | "self") => {
                    return at != value || facts.function(facts.node(at).function).owner.is_none();
                }
                Value::Name(name) => {
                    let Some(names) = self.rec.names(facts.file) else { return false };
                    let Some(scope) = names.scope(facts, facts.node(at).function, name) else {
                        return self.is_known_request(facts.file, at);
                    };
                    let bindings = names.bindings(scope, name);
                    let parameter = bindings.iter().find_map(|b| match b {
                        Binding::Param(f, _) => Some(*f),
                        _ => None,
                    });
                    if let Some(f) = parameter {
                        return self.may_be_request(facts, f, name);
                    }
                    // `const { headers } = request`
                    let written = bindings.iter().find_map(|b| match b {
                        Binding::Write(w) => Some(facts.writes[*w as usize].value),
                        _ => None,
                    });
                    match written {
                        Some(value) if matches!(facts.value(value), Value::Field(..)) => at = value,
                        // `const request = context.getRequest()`
                        Some(value) if self.is_of_parameter(facts, value) => return true,
                        _ => return self.is_known_request(facts.file, at),
                    }
                }
                _ => return false,
            }
        }
        false
    }

    /// Is a parameter what a request brings? The handler's and the guard's are; further down only what is
    /// called so, or what has no name of its own.
    fn may_be_request(&self, facts: &FileFacts, function: FunctionId, name: &str) -> bool {
        if words(name).iter().any(|w| REQUESTS.contains(&w.as_str())) {
            return true;
        }
        // `rows.map(row => row.user)`: an item of a list.
        let of_list = facts.calls.iter().any(|c| {
            c.args.iter().any(|a| facts.value(a.value) == &Value::Function(function))
                && matches!(facts.value(c.callee), Value::Field(_, method)
                    if matches!(method.as_str(), "map" | "forEach" | "filter" | "some" | "every" | "find" | "reduce" | "sort" | "flatMap"))
        });
        !of_list && (self.inside.borrow().len() <= 1 || name.is_empty())
    }

    /// Is it a field of a parameter, or what a method of one gives back?
    fn is_of_parameter(&self, facts: &FileFacts, mut value: ValueId) -> bool {
        for _ in 0..6 {
            match facts.value(value) {
                Value::Field(base, _) => value = *base,
                Value::Result(call) => value = facts.call(*call).callee,
                Value::Param(..) => return true,
                Value::Name(name) => {
                    let Some(names) = self.rec.names(facts.file) else { return false };
                    let scope = names.scope(facts, facts.node(value).function, name);
                    return scope.is_some_and(|s| {
                        names.bindings(s, name).iter().any(|b| matches!(b, Binding::Param(..)))
                    });
                }
                _ => return false,
            }
        }
        false
    }
}

/// Is the place the target of an assignment?
fn is_written(facts: &FileFacts, span: Span) -> bool {
    facts
        .writes
        .iter()
        .any(|w| w.span.start == span.start && w.span != span && facts.node(w.value).span.start > span.end)
}

/// Does it go out with a request to another service: `{ authorization: "Bearer …" }`, `headers.set("authorization", x)`?
fn is_sent(facts: &FileFacts, span: Span) -> bool {
    let named = |name: &str| name.eq_ignore_ascii_case("authorization");
    let in_record = facts.values.iter().any(|v| match &v.value {
        Value::Record(record) if v.span.contains(&span) => record
            .entries
            .iter()
            .any(|e| e.span.contains(&span) && matches!(&e.key, Key::Text(key) if named(key))),
        _ => false,
    });
    let in_call = || {
        facts.calls.iter().any(|c| {
            c.args.len() > 1
                && c.span.contains(&span)
                && matches!(facts.value(c.callee), Value::Field(_, m) if matches!(m.as_str(), "set" | "append" | "insert" | "header" | "setHeader"))
                && matches!(facts.value(c.args[0].value), Value::Text(t) if named(t))
        })
    };
    let written = || {
        facts
            .writes
            .iter()
            .any(|w| w.span.contains(&span) && matches!(&w.target, Target::Field(_, name) if named(name)))
    };
    in_record || in_call() || written()
}
