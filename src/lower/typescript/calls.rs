//! Calls and chains of members and calls. Knows the language's own methods, no library's.

use tree_sitter::Node;

use super::expressions::{expression, literal_text};
use super::{again, children, modules, patterns, peel, span, statements, text};
use crate::facts::*;
use crate::lower::Builder;
use crate::source::Span;

/// `a.b(c)[0].d()`: taken apart from its end in a loop, since fluent chains grow long.
pub fn chain(b: &mut Builder, node: Node) -> ValueId {
    let mut links = Vec::new();
    let mut at = node;
    loop {
        at = peel(at);
        if modules::required(b, at).is_some() {
            break;
        }
        let inner = match at.kind() {
            "call_expression" => at.child_by_field_name("function"),
            "member_expression" | "subscript_expression" => at.child_by_field_name("object"),
            _ => None,
        };
        let Some(inner) = inner else { break };
        links.push(at);
        at = inner;
    }
    let mut value = root(b, at, node);
    for link in links.into_iter().rev() {
        value = extend(b, link, value);
    }
    value
}

fn root(b: &mut Builder, node: Node, whole: Node) -> ValueId {
    let place = span(b, node);
    if let Some(module) = modules::required(b, node) {
        return modules::inline(b, &module, place);
    }
    match node.kind() {
        "new_expression" => construct(b, node, place),
        "import" => b.name("import", place),
        _ if node.id() == whole.id() => {
            children(node).into_iter().for_each(|c| statements::any(b, c));
            b.unknown(place)
        }
        _ => expression(b, node),
    }
}

fn extend(b: &mut Builder, link: Node, base: ValueId) -> ValueId {
    let place = span(b, link);
    match link.kind() {
        "member_expression" => {
            let name = link.child_by_field_name("property").map_or("", |p| text(b, p));
            b.value(Value::Field(base, name.into()), place)
        }
        "subscript_expression" => {
            let index = link.child_by_field_name("index");
            let name = index.and_then(|i| literal_text(b, i)).unwrap_or_else(|| {
                if let Some(index) = index {
                    expression(b, index);
                }
                "[]".into()
            });
            b.value(Value::Field(base, name), place)
        }
        _ => call(b, link, base, place),
    }
}

fn call(b: &mut Builder, node: Node, callee: ValueId, place: Span) -> ValueId {
    let list = node.child_by_field_name("arguments");
    let before = b.region;
    if list.is_some_and(|l| is_test(b, callee, l)) {
        b.region = b.open(RegionKind::Test, None, place);
    }
    let args = list.map(|l| arguments(b, l)).unwrap_or_default();
    b.region = before;
    let (id, result) = b.call(callee, args, place);
    meaning(b, id, place).unwrap_or(result)
}

fn construct(b: &mut Builder, node: Node, place: Span) -> ValueId {
    let callee = match node.child_by_field_name("constructor") {
        Some(constructor) => expression(b, constructor),
        None => b.unknown(place),
    };
    let args = node.child_by_field_name("arguments").map(|l| arguments(b, l)).unwrap_or_default();
    let (id, result) = b.call(callee, args, place);
    b.facts.calls[id.0 as usize].is_new = true;
    result
}

pub fn arguments(b: &mut Builder, list: Node) -> Vec<Arg> {
    if list.kind() == "template_string" {
        let value = expression(b, list);
        return vec![Arg { name: None, spread: false, double: false, value }];
    }
    let mut args = Vec::new();
    for part in children(list) {
        if part.is_error() {
            statements::any(b, part);
            continue;
        }
        let value = expression(b, part);
        args.push(Arg { name: None, spread: part.kind() == "spread_element", double: false, value });
    }
    args
}

/// What the language's own methods do beside being called; a value where it says more than the result.
fn meaning(b: &mut Builder, id: CallId, place: Span) -> Option<ValueId> {
    let call = b.facts.call(id).clone();
    let Value::Field(receiver, method) = b.facts.value(call.callee).clone() else { return None };
    match method.as_str() {
        "assign" if matches!(b.facts.value(receiver), Value::Name(n) if n == "Object") => {
            let (first, others) = call.args.split_first()?;
            for other in others {
                if let Some(target) = patterns::chain_target(b, first.value) {
                    let value = again(b, other.value);
                    b.write(target, value, WriteKind::Merge, place);
                }
            }
            let mut entries = Vec::new();
            for arg in &call.args {
                let (value, span) = (again(b, arg.value), b.facts.node(arg.value).span);
                entries.push(Entry { key: Key::Spread, value, span });
            }
            Some(b.value(Value::Record(Record { type_ref: None, entries }), place))
        }
        "push" | "unshift" => {
            for arg in &call.args {
                if let Some(target) = patterns::chain_target(b, receiver) {
                    let value = again(b, arg.value);
                    b.write(target, value, WriteKind::Append, place);
                }
            }
            None
        }
        "includes" => {
            let element = call.args.first()?.value;
            let (left, right) = (again(b, element), again(b, receiver));
            b.compare(CompareOp::In, left, right, place);
            None
        }
        _ => None,
    }
}

/// How many links of `test.describe.each(…)(…)` are followed to find the name in front.
const TEST_LINKS: usize = 8;

/// `describe("…", () => …)`, `it.each(…)("…", …)`: the function is test code.
fn is_test(b: &Builder, callee: ValueId, list: Node) -> bool {
    let args = children(list);
    let function = |n: &Node| matches!(n.kind(), "arrow_function" | "function_expression" | "function");
    if !args.iter().any(function) {
        return false;
    }
    let mut at = callee;
    for _ in 0..TEST_LINKS {
        match b.facts.value(at) {
            Value::Field(base, _) => at = *base,
            Value::Result(call) => at = b.facts.call(*call).callee,
            _ => break,
        }
    }
    let Value::Name(name) = b.facts.value(at) else { return false };
    match name.as_str() {
        "describe" | "it" | "test" | "suite" => {
            args.first().is_some_and(|a| matches!(a.kind(), "string" | "template_string"))
        }
        "beforeEach" | "beforeAll" | "afterEach" | "afterAll" => true,
        _ => false,
    }
}
