//! What a call tells: by the events it is, by the function that it calls, by its name. Knows no framework.

use std::sync::Arc;

use crate::concepts::State;
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Frame, Root};
use crate::recognize::Recognizer;
use crate::recognize::routes::caught::is_caught;
use crate::recognize::routes::failing::{self, Leaving};
use crate::recognize::routes::{catches, settled};
use crate::source::{FileId, words};

use super::stretch::type_names;
use super::{Powers, READS_CALLER, REFUSES, Reader, SAYS_NO, note};

/// Words of calls that ask what a caller may do.
const RIGHTS: &[&str] = &[
    "can",
    "may",
    "authorize",
    "authorise",
    "permission",
    "permissions",
    "permit",
    "permits",
    "policy",
    "ability",
    "allowed",
    "enforce",
    "forbid",
    "access",
    "privilege",
    "mod",
    "moderator",
    "owner",
    "manager",
];

const CONVERSIONS: &[&str] = &[
    "str",
    "string",
    "len",
    "print",
    "log",
    "debug",
    "info",
    "warn",
    "error",
    "split",
    "strip",
    "trim",
    "encode",
    "bool",
    "boolean",
    "unquote",
    "replace",
    "slice",
    "substring",
    "starts",
    "startswith",
    "format",
    "json",
    "send",
    "next",
    "lower",
    "upper",
    "typeof",
    "isinstance",
    "set",
    "includes",
    "contains",
    "header",
    "headers",
    "array",
    "from",
    "atob",
    "btoa",
    "decode",
    "b64decode",
    "parse",
    "loads",
    "unpack",
    "concat",
    "push",
];

impl Reader<'_, '_> {
    /// Is a failure of this call caught around it, and then forgotten?
    fn forgotten(&self, facts: &FileFacts, call: &Call) -> bool {
        let context = self.context.borrow().clone();
        let dead = settled::dead(self.rec, facts.file, call.function, &context);
        catches::forgotten(facts, call.region, &dead)
    }

    pub(super) fn read_call(
        &self,
        facts: &FileFacts,
        id: CallId,
        call: &Call,
        leaving: &Leaving,
        out: &mut Powers,
    ) {
        let file = facts.file;
        let callee = self.rec.callee(file, id);
        if leaving.by_value() {
            failing::note_failure(facts, id, !callee.entries.is_empty(), leaving, out);
        }
        for event in self.events.get(&(file, id)).into_iter().flatten() {
            match event.concept.name {
                "jwt.verify" if !matches!(event.state("signature"), State::Off | State::Unchecked) => {
                    note(&mut out.identity, call.span, "verifies a token here");
                    out.proven = true;
                    if event.state("required") == State::Off {
                        out.optional = true;
                    } else if leaving.holds(id)
                        && !is_caught(facts, call.region)
                        && !self.forgotten(facts, call)
                    {
                        note(&mut out.stop, call.span, "fails for a token that is not valid");
                        note(&mut out.denies, call.span, "fails for a token that is not valid");
                    }
                }
                "http.guard" => {
                    note(&mut out.identity, call.span, "asks the library for the caller");
                    out.proven = true;
                    match event.state("required") {
                        State::Off => out.optional = true,
                        _ => note(
                            &mut out.unknown_caller,
                            call.span,
                            "the library stops callers that it does not know",
                        ),
                    }
                    if event.state("role") == State::Set {
                        note(&mut out.role, call.span, "asks for a role or permission");
                    }
                    if event.state("scope") == State::Set {
                        note(&mut out.scope, call.span, "asks for a scope");
                    }
                }
                "identity.read" => {
                    note(&mut out.identity, call.span, "looks the caller up");
                    out.proven = true;
                    if event.state("required") == State::Set {
                        note(&mut out.unknown_caller, call.span, "stops callers that it does not know");
                    }
                }
                "jwt.sign" | "token.make" | "session.login" | "session.renew" | "password.hash" => {
                    note(&mut out.signs_in, call.span, "gives out a token or session, or handles a password");
                }
                "request.end" => {
                    note(&mut out.stop, call.span, "stops the request here");
                    note(&mut out.denies, call.span, "stops the request here");
                }
                _ => {}
            }
        }
        let mut local = callee.local.clone();
        if local.is_empty()
            && callee.entries.is_empty()
            && let Value::Field(_, name) = facts.value(call.callee)
        {
            for at in self.extensions(name) {
                local.extend(self.rec.trace(at, &None).iter().filter_map(|t| match t.root {
                    Root::Function(f, function) => Some((f, function)),
                    _ => None,
                }));
            }
        }
        local.extend(self.extractors.of_call(self.rec, facts, call));
        // `token.and_then(find_user)`: a function of the project gets what was read.
        for function in self.passed_on(facts, call) {
            out.tested = true;
            local.push(function);
        }
        for (f, function) in &local {
            if *f == file && facts.function(call.function).span.contains(&facts.function(*function).span) {
                continue;
            }
            let context = self.context.borrow().clone();
            let inner = match settled::hands_on(self.rec, facts, call, &context) {
                true => {
                    let frame = Frame { function: (*f, *function), call: (file, id), outer: context };
                    self.powers_in(*f, *function, &Some(Arc::new(frame)))
                }
                false => self.settled(&None, || self.powers_for((*f, *function), (file, id))),
            };
            if let Some(lost) = self.lost(call, (*f, *function), &inner) {
                out.lost.push(lost);
                continue;
            }
            let mut passed = inner.clone();
            let lost = is_caught(facts, call.region) || self.forgotten(facts, call);
            if (passed.stop.is_some() || passed.unknown_caller.is_some()) && lost {
                passed.stop = None;
                passed.denies = None;
                passed.unknown_caller = None;
            }
            // That an inner function gives back "no" stops nobody unless the answer is handed on.
            let handed_on =
                facts.exits.iter().any(|e| e.kind == ExitKind::Return && e.span.contains(&call.span));
            let says_no = |e: &Evidence| e.text == SAYS_NO || e.text == REFUSES;
            if !handed_on && !call.propagated {
                passed.stop = passed.stop.filter(|e| !says_no(e));
                passed.denies = passed.denies.filter(|e| !says_no(e));
            }
            // What an inner function asks of its own caller is its own matter unless it concerns the request.
            if passed.identity.is_none() && passed.credential.is_none() && passed.unknown_caller.is_none() {
                let kept = call.propagated || is_short(self.rec, *f, *function);
                passed.stop = passed.stop.filter(|_| kept);
                passed.denies = passed.denies.filter(|_| kept);
                passed.role = None;
            }
            if !leaving.holds(id) {
                passed.stop = None;
                passed.unknown_caller = None;
                passed.role_stops = None;
            }
            let leaves = match leaving.by_value() {
                true => leaving.holds(id) && (passed.proven || passed.credential.is_some() && passed.tested),
                false => call.propagated,
            };
            if leaves && passed.identity.is_some() && passed.stop.is_some() && passed.unknown_caller.is_none()
            {
                passed.unknown_caller = Some(Evidence {
                    span: call.span,
                    text: "a failure leaves the function here".into(),
                    strength: Strength::Stated,
                });
            }
            out.take(&passed);
        }
        let name = match facts.value(call.callee) {
            Value::Field(_, name) | Value::Name(name) => name.as_str(),
            _ => return,
        };
        let speaks = words(name).iter().any(|w| RIGHTS.contains(&w.as_str())) || self.is_named("role", name);
        if local.is_empty() && speaks {
            note(&mut out.asks_rights, call.span, "speaks of rights, and could not be read");
        }
        if self.is_named("change", name) {
            note(&mut out.changes, call.span, "changes or sends something");
        }
        let last = words(name);
        let has = |list: &[&str]| last.iter().any(|w| list.contains(&w.as_str()));
        if has(&["create", "generate", "issue", "sign", "make", "mint"])
            && has(&["token", "tokens", "jwt", "session"])
            || has(&["password", "passwd"])
                && has(&["compare", "verify", "check", "match", "matches", "validate"])
        {
            note(&mut out.signs_in, call.span, "gives out a token or session, or handles a password");
        }
        let is = |list: &[&str]| last.iter().any(|w| list.contains(&w.as_str()));
        if is(&[
            "find",
            "get",
            "query",
            "verify",
            "validate",
            "check",
            "authenticate",
            "introspect",
            "lookup",
            "select",
            "fetch",
            "exists",
            "compare",
            "equals",
            "equal",
            "digest",
            "timing",
            "match",
            "matches",
            "load",
            "one",
            "first",
        ]) {
            out.tested |= !call.args.is_empty() && !is(&["header", "headers"]) && !reads_request(facts, call);
        }
        self.read_exempt(facts, call, name, out);
        if is(&["redirect"]) && (is(&["login"]) || call.args.iter().any(|a| self.is_login(facts, a.value))) {
            note(&mut out.unknown_caller, call.span, "sends callers without a session to the login page");
        }
        // Calls that turn a credential into another form, or write it down, know nothing of it.
        let converts = last.iter().any(|w| CONVERSIONS.contains(&w.as_str()));
        // What the caller proves itself with is handed to something that can tell: `known(request.token)`.
        out.tested |= call.args.iter().any(|a| {
            let credential = |v: ValueId| {
                matches!(facts.value(v), Value::Field(base, n)
                    if n.len() < 40 && self.is_named("credential", n) && self.is_request_part(facts, *base))
            };
            // `known(request.headers.get("Authorization"))`
            let read = |v: ValueId| match facts.value(v) {
                Value::Result(inner) => facts.call(*inner).args.iter().any(|x| {
                    matches!(facts.value(x.value), Value::Text(t) if t.len() < 40 && self.is_named("credential", t))
                }),
                _ => false,
            };
            // `known(token)`
            let named = |v: ValueId| {
                matches!(facts.value(v), Value::Name(n) if n.len() < 40 && self.is_named("credential", n))
            };
            credential(a.value) || (read(a.value) || named(a.value)) && !converts
        });
        // `extensions.get::<CurrentUser>()`.
        for given in call.generics.iter().flat_map(type_names) {
            let (Value::Name(name) | Value::Field(_, name)) = facts.value(given) else { continue };
            if self.is_named("credential", name) {
                note(&mut out.credential, call.span, "reads what the caller proves itself with");
            } else if self.is_named("caller", name) && is(&["get", "remove"]) {
                note(&mut out.identity, call.span, READS_CALLER);
            }
        }
        // A credential that is asked for by its name: `headers.get("authorization")`.
        for (n, arg) in call.args.iter().enumerate() {
            if let Value::Name(name) | Value::Field(_, name) = facts.value(arg.value)
                && name.chars().all(|c| c.is_uppercase() || c == '_' || c.is_numeric())
                && self.is_named("credential", name)
                && is(&["get", "header", "headers", "cookie", "cookies", "one", "value"])
            {
                note(&mut out.credential, call.span, "reads what the caller proves itself with");
            }
            if let Value::Text(text) = facts.value(arg.value) {
                if text.len() < 40
                    && (self.is_named("credential", text) || is_own_header(text))
                    && is(&["get", "header", "headers", "cookie", "cookies", "one", "value"])
                    && !is(&["set", "add", "delete", "remove", "clear", "append"])
                    // `response.cookie("token", value)` gives one out.
                    && (call.args.len() == 1 || !is(&["cookie", "header", "headers"]))
                {
                    note(&mut out.credential, call.span, "reads what the caller proves itself with");
                }
                if is(&["get", "pop"])
                    && let Value::Field(base, _) = facts.value(call.callee)
                    && self.is_in_session(file, *base, text)
                {
                    note(&mut out.identity, call.span, READS_CALLER);
                }
                if n == 0
                    && is(&["get", "one", "value"])
                    && !is(&["set"])
                    && !names_input(facts, call.callee)
                    && self.is_named("caller", text)
                    && text.len() < 40
                    && !text.contains('/')
                {
                    note(&mut out.identity, call.span, READS_CALLER);
                }
            }
        }
    }

    /// The project's own functions that a value is handed to where values carry their failures.
    fn passed_on(&self, facts: &FileFacts, call: &Call) -> Vec<(FileId, FunctionId)> {
        let Value::Field(_, method) = facts.value(call.callee) else { return Vec::new() };
        let hands = ["and_then", "map", "filter", "filter_map", "map_or", "is_some_and", "is_ok_and", "then"];
        if !facts.ecosystem.fails_by_value() || !hands.contains(&method.as_str()) {
            return Vec::new();
        }
        let named =
            call.args.iter().filter(|a| matches!(facts.value(a.value), Value::Name(_) | Value::Field(..)));
        let traced = named.flat_map(|a| self.rec.trace(At { file: facts.file, value: a.value }, &None));
        traced
            .filter_map(|t| match t.root {
                Root::Function(file, function) => Some((file, function)),
                _ => None,
            })
            .collect()
    }

    /// A check that is called and left alone: not awaited, or its answer dropped.
    fn lost(&self, call: &Call, (file, function): (FileId, FunctionId), inner: &Powers) -> Option<Evidence> {
        let checks = (inner.identity.is_some() || inner.role.is_some() || inner.scope.is_some())
            && inner.stop.is_some();
        if !call.dropped || call.propagated || !checks {
            return None;
        }
        let facts = self.rec.facts(file)?;
        let callee = facts.function(function);
        let named = |text: &str| Evidence {
            span: call.span,
            text: format!("`{}` {text}", callee.name),
            strength: Strength::Stated,
        };
        if callee.is_async && !call.awaited {
            return Some(named("is not awaited: the request goes on before it has an answer"));
        }
        // It answers yes or no, and stops nothing itself.
        let span = callee.span;
        let mut returns = facts.exits.iter().filter(|e| e.function == function && e.kind == ExitKind::Return);
        let throws = facts.exits.iter().any(|e| span.contains(&e.span) && e.kind == ExitKind::Throw);
        let says_no = facts.exits.iter().any(|e| {
            e.function == function && e.value.is_some_and(|v| matches!(facts.value(v), Value::Bool(false)))
        });
        let answers = returns.all(|e| {
            e.value
                .is_some_and(|v| matches!(facts.value(v), Value::Bool(_) | Value::Unknown | Value::Either(_)))
        });
        (says_no && answers && !throws && inner.unknown_caller.is_none())
            .then(|| named("answers yes or no, and nobody looks at the answer"))
    }
}

/// `headers().get("x")`, `request.cookies.get("x")`: to read something is not to test it.
fn reads_request(facts: &FileFacts, call: &Call) -> bool {
    let Value::Field(base, _) = facts.value(call.callee) else { return false };
    let named = |id: ValueId| match facts.value(id) {
        Value::Name(name) | Value::Field(_, name) => words(name)
            .last()
            .is_some_and(|w| matches!(w.as_str(), "headers" | "cookies" | "params" | "query")),
        _ => false,
    };
    match facts.value(*base) {
        Value::Result(inner) => named(facts.call(*inner).callee),
        _ => named(*base),
    }
}

/// `params.get(…)`, `request.match_info().get(…)`: what anybody can write into an address or a body.
fn names_input(facts: &FileFacts, callee: ValueId) -> bool {
    let input = ["match", "params", "param", "query", "path", "args", "form", "body", "json", "input"];
    let mut at = callee;
    for _ in 0..6 {
        at = match facts.value(at) {
            Value::Field(base, _) => *base,
            Value::Result(call) => facts.call(*call).callee,
            _ => break,
        };
        if let Value::Field(_, name) | Value::Name(name) = facts.value(at)
            && words(name).iter().any(|w| input.contains(&w.as_str()))
        {
            return true;
        }
    }
    false
}

/// A function so short that what it does is what calling it does: `unauthorized(res)`.
fn is_short(rec: &Recognizer, file: FileId, function: FunctionId) -> bool {
    rec.facts(file).is_some_and(|f| {
        let span = f.function(function).span;
        f.calls.iter().filter(|c| span.contains(&c.span)).count() <= 4
    })
}

/// `x-service-key`: a header of the project's own that proves the caller.
pub(super) fn is_own_header(name: &str) -> bool {
    let parts = words(name);
    parts.len() > 2
        && parts[0] == "x"
        && parts
            .last()
            .is_some_and(|w| matches!(w.as_str(), "key" | "token" | "secret" | "signature" | "auth"))
        && !parts.iter().any(|w| matches!(w.as_str(), "csrf" | "xsrf" | "idempotency"))
}
