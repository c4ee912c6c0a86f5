//! Do credentials end in a log?

mod names;
mod writers;

use crate::event::Event;
use crate::facts::*;
use crate::finding::{Confidence, Evidence, Strength, Verdict};
use crate::project::origins::{At, Root};
use crate::rulebook::check::Check;
use crate::source::{FileId, Str};

use super::compared::*;
use super::{Judge, words};
use names::{REQUEST, credential, hides};

pub fn judge(judge: &Judge, check: &Check) -> Vec<Verdict> {
    let reader = Reader::new(judge);
    let redacts = judge.project.files.iter().flatten().any(|facts| {
        facts.values.iter().any(|node| {
            let Value::Record(record) = &node.value else { return false };
            record.entries.iter().any(|e| matches!(&e.key, Key::Text(k) if k == "redact"))
        })
    });
    let mut out: Vec<Verdict> = Vec::new();
    for event in judge.of_concept("log.write") {
        let (Some(facts), Some(id)) = (judge.facts(event.file), event.call) else { continue };
        if out.iter().any(|v| v.place == event.span) {
            continue;
        }
        for (event, facts, call, given) in writers::with_callers(judge, event, facts, facts.call(id)) {
            if !out.iter().any(|v| v.place == event.span)
                && let Some(verdict) = written(judge, check, &reader, redacts, (&event, facts, call), &given)
            {
                out.push(verdict);
            }
        }
    }
    out
}

/// What one call writes of the arguments that it is given.
fn written(
    judge: &Judge,
    check: &Check,
    reader: &Reader,
    redacts: bool,
    (event, facts, call): (&Event, &FileFacts, &Call),
    given: &[&Arg],
) -> Option<Verdict> {
    let look = Look { reader, facts, call };
    let hit = given.iter().find_map(|a| match &a.name {
        Some(name) => look.entry(name, a.value, 0),
        None => look.value(a.value, 0),
    });
    let hit = hit.or_else(|| look.told(&filled(facts, given)))?;
    let mut verdict = judge.verdict(
        check,
        event,
        event.span,
        hit.strength,
        vec![Evidence {
            span: facts.node(hit.value).span,
            text: "this is written".into(),
            strength: Strength::Stated,
        }],
    );
    verdict.says = format!("writes {} to the log", hit.what);
    // In a browser only the user of the page sees it, and what the page reports of errors.
    if judge.client.get(event.file.0 as usize).copied().unwrap_or(false) {
        verdict.confidence = verdict.confidence.min(Confidence::Medium);
    }
    // What was just rejected is a credential no more, as a rule.
    let rejected = hit.strength < Strength::Stated && in_catch(facts, call.region);
    if is_blotted_out(facts, call, hit.value) {
        return None;
    }
    let refused = hit.what != "a password" && hit.what != WITH_PASSWORD && speaks_of_refusal(facts, call);
    let asked =
        judge.is_asked(event, &["log", "debug", "verbose", "trace", "sensitive", "dump"].map(Str::from));
    if hit.field && redacts
        || rejected
        || refused
        || asked
        || is_of_a_place(facts, hit.value)
        || is_shown_on_purpose(judge, facts, event, call)
    {
        verdict.confidence = Confidence::Low;
    }
    Some(verdict)
}

/// What the finding says of a request's body.
const WITH_PASSWORD: &str = "a request with a password in it";

/// `data["password"] = "[hidden]"` and then the data: what is written is blotted out.
fn is_blotted_out(facts: &FileFacts, call: &Call, value: ValueId) -> bool {
    let written = show::value(facts, value, 5);
    facts.writes.iter().any(|w| {
        let Target::Field(base, name) = &w.target else { return false };
        w.function == call.function
            && w.span.end <= call.span.start
            && credential(name).is_some()
            && matches!(facts.value(w.value), Value::Text(_) | Value::Null)
            && show::value(facts, *base, 5) == written
    })
}

/// "no user for token {token}": nobody can use it.
fn speaks_of_refusal(facts: &FileFacts, call: &Call) -> bool {
    fn texts(facts: &FileFacts, value: ValueId, depth: u32) -> String {
        if depth > 4 {
            return String::new();
        }
        match facts.value(value) {
            Value::Text(text) => text.to_lowercase(),
            Value::Join(parts) | Value::List(parts) => {
                parts.iter().map(|p| texts(facts, *p, depth + 1)).collect::<Vec<_>>().join(" ")
            }
            _ => String::new(),
        }
    }
    let said = call.args.iter().map(|a| texts(facts, a.value, 0)).collect::<Vec<_>>().join(" ");
    ["not found", "does not exist", "doesn't exist", "no such", "unknown ", "is not known"]
        .iter()
        .any(|part| said.contains(part))
}

/// `environment.api_key`, `siteApiKey`: what browsers are given to name the place that they report to.
fn is_of_a_place(facts: &FileFacts, value: ValueId) -> bool {
    let all = words(&show::value(facts, value, 3));
    let place = |w: &String| {
        matches!(w.as_str(), "environment" | "site" | "client" | "browser" | "frontend" | "tracking")
    };
    all.windows(2).any(|w| w[0] == "api" && w[1] == "key") && all.iter().any(place)
}

fn in_catch(facts: &FileFacts, region: RegionId) -> bool {
    let mut at = Some(region);
    while let Some(id) = at {
        if facts.region(id).kind == RegionKind::Catch {
            return true;
        }
        at = facts.region(id).parent;
    }
    false
}

struct Hit {
    value: ValueId,
    what: &'static str,
    strength: Strength,
    /// It is a field of a record, which a logger may leave out.
    field: bool,
}

struct Look<'r, 'j, 'a> {
    reader: &'r Reader<'j, 'a>,
    facts: &'r FileFacts,
    call: &'r Call,
}

impl Look<'_, '_, '_> {
    fn value(&self, value: ValueId, depth: u32) -> Option<Hit> {
        if depth > 6 {
            return None;
        }
        match self.facts.value(value) {
            Value::Name(name) => self.named(name, value).or_else(|| self.sent(value)),
            Value::Field(base, name) => {
                let whole = name == "headers"
                    && matches!(self.facts.value(*base), Value::Name(n) if matches!(n.as_str(), "req" | "request"));
                if whole && self.is_parameter(*base) {
                    let what = "all headers of the request, its credentials among them,";
                    return Some(Hit { value, what, strength: Strength::Inferred, field: false });
                }
                self.named(name, value).or_else(|| self.sent(value))
            }
            Value::Join(parts) => {
                let texts = parts.windows(2).filter_map(|pair| match self.facts.value(pair[0]) {
                    Value::Text(text) => Some((text.as_str(), pair[1])),
                    _ => None,
                });
                parts
                    .iter()
                    .find_map(|p| self.value(*p, depth + 1))
                    .or_else(|| self.told(&texts.collect::<Vec<_>>()))
            }
            Value::List(parts) | Value::Either(parts) => parts.iter().find_map(|p| self.value(*p, depth + 1)),
            Value::Record(record) => record.entries.iter().find_map(|e| match &e.key {
                Key::Text(key) => self.entry(key, e.value, depth + 1).map(|hit| Hit { field: true, ..hit }),
                _ => None,
            }),
            Value::Result(call) => self.result(value, *call, depth),
            _ => None,
        }
    }

    /// The body of a request of which the same function reads a password.
    fn sent(&self, value: ValueId) -> Option<Hit> {
        let name = last_name(self.facts, value)?;
        let body = words(name).last().is_some_and(|w| {
            matches!(w.as_str(), "body" | "data" | "payload" | "form" | "credentials" | "json" | "dto")
        });
        if !body {
            return None;
        }
        let text = show::value(self.facts, value, 5);
        let outer = enclosing(self.facts, self.call.function);
        let reads = self.facts.values.iter().any(|node| {
            let below = match &node.value {
                Value::Field(base, field) if field == "password" => *base,
                Value::Result(call) => {
                    let call = self.facts.call(*call);
                    let asked = call.args.first().map(|a| self.facts.value(a.value));
                    match (self.facts.value(call.callee), asked) {
                        (Value::Field(base, get), Some(Value::Text(key)))
                            if get == "get" && key == "password" =>
                        {
                            *base
                        }
                        _ => return false,
                    }
                }
                _ => return false,
            };
            holds(self.facts, outer, node.function) && show::value(self.facts, below, 5) == text
        });
        let sent = || {
            self.reader.trace(self.facts.file, value).iter().any(|t| match &t.root {
                Root::Call(file, call) => {
                    self.reader.judge.facts(*file).is_some_and(|f| reads_request(f, *call))
                }
                Root::Member(..) | Root::Param(..) => true,
                Root::External(path) => path.members.iter().any(|m| is_request_word(m)),
                _ => false,
            })
        };
        let what = WITH_PASSWORD;
        (outer.0 != 0 && reads && sent()).then_some(Hit {
            value,
            what,
            strength: Strength::Inferred,
            field: false,
        })
    }

    /// `token: value` of a record or a keyword argument.
    fn entry(&self, key: &str, value: ValueId, depth: u32) -> Option<Hit> {
        if let Some(hit) = self.value(value, depth) {
            return Some(hit);
        }
        let what = self.credential(key)?;
        match self.facts.value(value) {
            Value::Name(_) | Value::Field(..) if self.is_whole(value) => {
                let leaf = last_name(self.facts, value)?;
                // `token: user.id`, `password: hidden`: the value's own name says something else.
                let strength = match words(leaf).last().map(String::as_str) {
                    Some("token" | "value" | "key" | "secret" | "password" | "code") => Strength::Inferred,
                    _ => return None,
                };
                Some(Hit { value, what: what.0, strength, field: true })
            }
            _ => None,
        }
    }

    /// `token=${presented}`: the text before tells what came with the request.
    fn told(&self, pairs: &[(&str, ValueId)]) -> Option<Hit> {
        pairs.iter().find_map(|(text, value)| {
            let (what, _) = self.credential(told_name(text)?)?;
            let own = words(last_name(self.facts, *value)?);
            let other = ["error", "err", "reason", "status", "type", "id", "name", "count", "length"];
            let hit = Hit { value: *value, what, strength: Strength::Inferred, field: false };
            let named = own.iter().any(|w| other.contains(&w.as_str()));
            (!named && self.is_whole(*value) && self.came_with_request(*value)).then_some(hit)
        })
    }

    /// The variable is set to a part of the request, or the expression is one.
    fn came_with_request(&self, value: ValueId) -> bool {
        let facts = self.facts;
        let of_request = |id: ValueId| {
            let text = show::value(facts, id, 5);
            let said = words(&text);
            let whole = |w: &String| matches!(w.as_str(), "req" | "request");
            let part = |w: &String| {
                matches!(
                    w.as_str(),
                    "header" | "headers" | "cookie" | "cookies" | "body" | "query" | "args" | "form"
                )
            };
            said.iter().any(whole) && said.iter().any(part)
        };
        let outer = enclosing(facts, self.call.function);
        let set = |name: &Str| {
            facts.writes.iter().any(|w| {
                matches!(&w.target, Target::Variable(n) if n == name)
                    && holds(facts, outer, w.function)
                    && of_request(w.value)
            })
        };
        match facts.value(value) {
            Value::Name(name) => set(name),
            _ => of_request(value),
        }
    }

    /// What a name says, where the pages of names agree.
    fn credential(&self, name: &str) -> Option<(&'static str, bool)> {
        let found = credential(name)?;
        let kinds: Vec<Str> = ["token", "password", "secret", "session"].map(Str::from).to_vec();
        (found.0 == REQUEST || self.reader.judge.credentials.is_of(name, &kinds)).then_some(found)
    }

    fn named(&self, name: &str, value: ValueId) -> Option<Hit> {
        let (what, sure) = self.credential(name)?;
        if !self.is_whole(value) {
            return None;
        }
        let strength = match sure {
            true => Strength::Stated,
            // A bare `token` can be anything: what is around must speak of signing in.
            false if self.is_about_access(value) => Strength::Inferred,
            false => return None,
        };
        Some(Hit { value, what, strength, field: false })
    }

    /// Neither a flag, a number, a text of the source, nor a part or a digest of the credential.
    fn is_whole(&self, value: ValueId) -> bool {
        let mut found = self.reader.trace(self.facts.file, value);
        // `?? ""`: what stands in the place of nothing.
        let is_empty = |at: &At| {
            let facts = self.reader.judge.facts(at.file);
            facts.is_some_and(|f| matches!(f.value(at.value), Value::Text(t) if t.is_empty()))
        };
        found.retain(|t| !matches!(&t.root, Root::Value(at) if is_empty(at)));
        !found.is_empty()
            && found.iter().all(|t| match &t.root {
                Root::Value(at) => self.reader.judge.facts(at.file).is_none_or(|f| {
                    // `a === b`, `!token`, `typeof token` are worth nothing known.
                    !matches!(
                        f.value(at.value),
                        Value::Bool(_)
                            | Value::Number(_)
                            | Value::Text(_)
                            | Value::Null
                            | Value::Unknown
                            | Value::Function(_)
                            | Value::List(_)
                    )
                }),
                Root::Call(file, call) => self.reader.judge.facts(*file).is_none_or(|f| !hides(f, *call)),
                Root::Function(..) | Root::Type(..) | Root::Module(_) | Root::Absent => false,
                Root::Member(_, name) => name != "[]",
                _ => true,
            })
    }

    fn result(&self, value: ValueId, id: CallId, depth: u32) -> Option<Hit> {
        let facts = self.facts;
        let call = facts.call(id);
        if hides(facts, id) {
            return None;
        }
        let name = last_name(facts, call.callee)?;
        let names = words(name);
        let passes = names.iter().any(|w| {
            matches!(
                w.as_str(),
                "stringify"
                    | "dumps"
                    | "format"
                    | "inspect"
                    | "pformat"
                    | "str"
                    | "repr"
                    | "string"
                    | "concat"
                    | "strip"
                    | "trim"
                    | "clone"
                    | "decode"
                    | "expose"
            )
        });
        if passes {
            let receiver = match facts.value(call.callee) {
                Value::Field(base, _) if call.args.is_empty() => Some(*base),
                _ => None,
            };
            let inner = call.args.iter().map(|a| a.value).chain(receiver);
            return inner.into_iter().find_map(|v| self.value(v, depth + 1));
        }
        let signed = self
            .reader
            .judge
            .events_of_call(facts.file, id)
            .any(|e| matches!(e.concept.name, "jwt.sign" | "token.make"));
        let makes = names.first().is_some_and(|w| {
            matches!(w.as_str(), "generate" | "create" | "sign" | "issue" | "make" | "encode")
        }) && credential(name).is_some();
        if signed || makes {
            let what = credential(name).map_or("a token", |c| c.0);
            let strength = if signed { Strength::Stated } else { Strength::Inferred };
            return Some(Hit { value, what, strength, field: false });
        }
        let asked = call.args.first().map(|a| facts.value(a.value));
        match asked {
            Some(Value::Text(key))
                if names.iter().any(|w| matches!(w.as_str(), "get" | "header" | "getenv")) =>
            {
                let (what, sure) = self.credential(key)?;
                sure.then_some(Hit { value, what, strength: Strength::Stated, field: false })
            }
            _ => None,
        }
    }

    fn is_parameter(&self, value: ValueId) -> bool {
        let found = self.reader.trace(self.facts.file, value);
        found.iter().any(|t| matches!(t.root, Root::Param(..) | Root::Instance(..)))
    }

    /// Do the names around, or the way that the value came, speak of signing in?
    fn is_about_access(&self, value: ValueId) -> bool {
        let about = |w: &String| {
            matches!(
                w.as_str(),
                "login"
                    | "signin"
                    | "auth"
                    | "authenticate"
                    | "authentication"
                    | "authorization"
                    | "jwt"
                    | "bearer"
                    | "session"
                    | "sessions"
                    | "reset"
                    | "invite"
                    | "invitation"
                    | "verification"
                    | "register"
                    | "signup"
                    | "oauth"
                    | "cookie"
                    | "cookies"
                    | "header"
                    | "headers"
                    | "user"
                    | "refresh"
                    | "password"
                    | "logout"
                    | "mfa"
                    | "otp"
                    | "magic"
            )
        };
        let other = |w: &String| {
            matches!(
                w.as_str(),
                "parse"
                    | "parser"
                    | "lex"
                    | "lexer"
                    | "tokenize"
                    | "tokenizer"
                    | "ast"
                    | "grammar"
                    | "syntax"
                    | "llm"
                    | "model"
                    | "prompt"
                    | "completion"
                    | "css"
                    | "theme"
                    | "design"
                    | "erc20"
                    | "swap"
                    | "wallet"
                    | "contract"
                    | "chain"
                    | "coin"
                    | "nft"
                    | "vocab"
            )
        };
        let file = self.facts.file;
        let path = self.reader.judge.project.path_below(file);
        let mut around: Vec<String> = words(path);
        around.extend(functions_around(self.facts, self.call.function).iter().flat_map(|n| words(n)));
        if around.iter().any(other) {
            return false;
        }
        let way = self.reader.trace(file, value);
        for t in &way {
            if let Root::Call(file, call) = &t.root
                && let Some(facts) = self.reader.judge.facts(*file)
            {
                around.extend(words(&show::call(facts, *call, 4)));
                if self.reader.judge.events_of_call(*file, *call).any(|e| e.concept.name == "jwt.sign") {
                    return true;
                }
            }
            around.extend(t.steps.iter().flat_map(|s| words(&s.text)));
        }
        around.extend(words(&show::value(self.facts, value, 5)));
        let judged =
            self.reader.judge.events.iter().any(|e| e.file == file && e.concept.name.starts_with("jwt."));
        judged || around.iter().any(about)
    }
}

/// A program that people run to get the credential.
fn is_shown_on_purpose(judge: &Judge, facts: &FileFacts, event: &Event, call: &Call) -> bool {
    let path: &Str = &judge.project.paths[file_index(event.file)];
    let tool = words(path).iter().any(|w| {
        matches!(
            w.as_str(),
            "cli"
                | "bin"
                | "script"
                | "scripts"
                | "tool"
                | "tools"
                | "cmd"
                | "command"
                | "commands"
                | "setup"
                | "seed"
                | "seeds"
                | "seeder"
                | "generate"
                | "bootstrap"
                | "install"
        )
    });
    let made = functions_around(facts, call.function)
        .iter()
        .flat_map(|n| words(n))
        .any(|w| matches!(w.as_str(), "main" | "generate" | "cli" | "command" | "seed" | "prompt"));
    tool || made
}

/// What fills the places of a text, with what stands before each: `("token={} path={}", token, path)`.
fn filled<'f>(facts: &'f FileFacts, given: &[&Arg]) -> Vec<(&'f str, ValueId)> {
    let Some((first, rest)) = given.split_first() else { return Vec::new() };
    let Value::Text(text) = facts.value(first.value) else { return Vec::new() };
    let before = match text.contains('{') {
        true => text.split('{').map(|piece| piece.rsplit('}').next().unwrap_or(piece)).collect(),
        false => text.split("%s").collect::<Vec<_>>(),
    };
    before.into_iter().zip(rest).map(|(before, arg)| (before, arg.value)).collect()
}

/// The name at the end of a text that says what follows: `token=`, `"password": "`.
fn told_name(text: &str) -> Option<&str> {
    let text = text.trim_end_matches(['"', '\'', ' ', '<', '[', '(', '`']);
    let (text, prose) = match text.strip_suffix('=') {
        Some(before) => (before, false),
        None => (text.strip_suffix(':')?, true),
    };
    let text = text.trim_end_matches(['"', '\'', ' ']);
    let name = text.rsplit(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).next()?;
    // `forgot password: ` ends a sentence.
    let before = text[..text.len() - name.len()].trim_end();
    let ends_sentence = prose && before.ends_with(char::is_alphanumeric);
    (!name.is_empty() && !ends_sentence).then_some(name)
}

fn file_index(file: FileId) -> usize {
    file.0 as usize
}
