//! Servers that look at the path of a request by hand: a `match`, `switch` or chain of `if` whose arms
//! hand the request on to functions. Knows no framework: a page says what paths and methods are called.

use std::collections::BTreeMap;

use crate::endpoint::GuardKind;
use crate::facts::*;
use crate::project::origins::{At, Root};
use crate::recognize::Recognizer;
use crate::source::{Span, Str, is_test_path, words};

use super::collect::{Handler, Item, Node, Placed, Routers, What, verb};

/// Fewer arms than this are a special case, no router.
const ARMS: usize = 3;

struct Arm {
    span: Span,
    paths: Vec<Str>,
    methods: Vec<Str>,
    handler: At,
}

/// Adds what such functions answer to.
pub fn collect(rec: &Recognizer, routers: &mut Routers) {
    let is_address = |m: &crate::rulebook::model::Model| m.names.iter().any(|n| n.kind == "address");
    let Some(model) = rec.index.models.iter().position(is_address) else { return };
    let names: Vec<_> = rec.index.models[model].names.iter().filter(|n| n.kind == "address").collect();
    let named = |name: &str| {
        let parts = words(name);
        let holds = |row: &Vec<String>| parts.windows(row.len().max(1)).any(|w| w == row.as_slice());
        names.iter().any(|n| n.words.iter().any(holds) && !n.not.iter().any(holds))
    };
    for facts in rec.project.files.iter().flatten() {
        if facts.ecosystem == crate::source::Ecosystem::None
            || is_test_path(rec.project.path_below(facts.file))
        {
            continue;
        }
        let mut found: BTreeMap<FunctionId, Vec<Arm>> = BTreeMap::new();
        for (i, region) in facts.regions.iter().enumerate() {
            if region.kind == RegionKind::Branch
                && !facts.in_test(RegionId(i as u32))
                && let Some(arm) = arm(rec, facts, RegionId(i as u32), &named)
            {
                found.entry(region.function).or_default().push(arm);
            }
        }
        for (function, arms) in found.into_iter().filter(|(_, arms)| arms.len() >= ARMS) {
            let node = Node::Handler(facts.file, function);
            let router = routers.all.entry(node).or_default();
            router.model = model;
            router.span = Some(facts.function(function).name_span);
            for arm in arms {
                router.items.push(Item {
                    order: vec![arm.span.start],
                    span: arm.span,
                    model,
                    condition: None,
                    what: What::Route {
                        methods: if arm.methods.is_empty() { vec!["ANY".into()] } else { arm.methods },
                        paths: arm.paths,
                        handlers: vec![Handler::Value(arm.handler)],
                        guards: caller(rec, facts, function),
                    },
                });
            }
        }
    }
}

fn arm(rec: &Recognizer, facts: &FileFacts, id: RegionId, named: &dyn Fn(&str) -> bool) -> Option<Arm> {
    let region = facts.region(id);
    let (mut paths, mut methods, mut request) = (Vec::new(), Vec::new(), None);
    for compare in facts.compares.iter().filter(|c| c.op == CompareOp::Equal) {
        if !region.conditions.iter().any(|c| !c.negated && c.span.contains(&compare.span)) {
            continue;
        }
        match facts.value(compare.right) {
            Value::Text(text) if text.starts_with('/') && !text.contains(char::is_whitespace) => {
                request = Some(address(facts, compare.left, named)?);
                paths.push(text.clone());
            }
            Value::Text(name) | Value::Name(name) | Value::Field(_, name) if verb(name) != "ANY" => {
                methods.push(verb(name));
            }
            _ => {}
        }
    }
    let request = request?;
    // The outermost call of a function of the project that is handed the request.
    let handed = |call: &Call| {
        call.args.iter().any(|a| matches!(facts.value(a.value), Value::Name(name) if *name == request))
    };
    let calls = facts.calls.iter().enumerate().filter(|(_, c)| region.span.contains(&c.span) && handed(c));
    let mut calls: Vec<(usize, &Call)> = calls.collect();
    calls.sort_by_key(|(_, c)| (std::cmp::Reverse(c.span.end - c.span.start), c.span.start));
    let (_, call) =
        calls.into_iter().find(|(n, _)| !rec.callee(facts.file, CallId(*n as u32)).local.is_empty())?;
    let handler = At { file: facts.file, value: call.callee };
    Some(Arm { span: region.conditions.first().map_or(region.span, |c| c.span), paths, methods, handler })
}

/// The parameter whose path an expression is: `req` of `req.path`, `req.uri().path()`.
fn address(facts: &FileFacts, value: ValueId, named: &dyn Fn(&str) -> bool) -> Option<Str> {
    let (mut at, mut says) = (value, false);
    for _ in 0..12 {
        at = match facts.value(at) {
            // `match (method, path)`: the part that this arm compares.
            Value::Field(base, name) => {
                let part = match facts.value(*base) {
                    Value::List(items) => name.parse::<usize>().ok().and_then(|n| items.get(n)),
                    _ => None,
                };
                says |= part.is_none() && named(name);
                part.copied().unwrap_or(*base)
            }
            Value::Result(call) => facts.call(*call).callee,
            Value::Name(name) => {
                let holder = facts.node(at).function;
                let is_parameter = |f: FunctionId| facts.function(f).params.iter().any(|p| p.name == *name);
                let mut around = Some(holder);
                while let Some(f) = around {
                    if is_parameter(f) {
                        return says.then(|| name.clone());
                    }
                    around = facts.function(f).parent;
                }
                // A variable that the path was put into.
                let write = facts.writes.iter().rev().find(|w| {
                    matches!(&w.target, Target::Variable(n) if n == name)
                        && w.function == holder
                        && w.span.end <= facts.node(at).span.start
                })?;
                says |= named(name);
                write.value
            }
            _ => return None,
        };
    }
    None
}

/// The types that the request comes in.
fn caller(rec: &Recognizer, facts: &FileFacts, function: FunctionId) -> Vec<Placed> {
    let types = facts.function(function).params.iter().filter_map(|p| p.type_ref.as_ref());
    let places = types.map(|t| At { file: facts.file, value: t.head });
    let of_project = |at: &At| rec.trace(*at, &None).iter().any(|t| matches!(t.root, Root::Type(..)));
    places.filter(of_project).map(|at| Placed { at, kind: GuardKind::Extractor }).collect()
}

/// The field of a request type of the project that always holds who calls: somebody had to know it.
pub fn carried(rec: &Recognizer, at: At, is_caller: &dyn Fn(&str) -> bool) -> Option<Span> {
    rec.trace(at, &None).iter().find_map(|t| {
        let Root::Type(file, id) = t.root else { return None };
        let fields = &rec.facts(file)?.types[id.0 as usize].fields;
        fields.iter().find(|f| !f.optional && is_caller(&f.code_name)).map(|f| f.span)
    })
}
