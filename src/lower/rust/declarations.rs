//! Items: functions, types, impls, constants, modules, and the attributes on them.

use tree_sitter::Node;

use crate::facts::*;
use crate::lower::rust_macros;
use crate::source::Str;

use super::expressions::expression;
use super::{Builder, child, children, has_token, imports, patterns, span, statements, text, types, word};

/// The derive crate whose `rename`, `rename_all` and `flatten` say how a field is serialized.
const SERIALIZER: &str = "serde";

/// The impl or trait around a function.
#[derive(Clone, Default)]
pub struct Owner {
    pub type_id: Option<TypeId>,
    pub name: Str,
    pub trait_name: Str,
}

pub fn is_item(kind: &str) -> bool {
    matches!(
        kind,
        "function_item"
            | "function_signature_item"
            | "struct_item"
            | "union_item"
            | "enum_item"
            | "type_item"
            | "trait_item"
            | "impl_item"
            | "mod_item"
            | "foreign_mod_item"
            | "const_item"
            | "static_item"
            | "use_declaration"
            | "extern_crate_declaration"
            | "macro_definition"
            | "associated_type"
    )
}

/// The items and statements directly under a node.
pub fn items(b: &mut Builder, node: Node, owner: &Owner) {
    let place = span(b, node);
    b.deeper(place, |b| items_of(b, &children(node), owner));
}

pub fn items_of(b: &mut Builder, nodes: &[Node], owner: &Owner) {
    let outer = b.region;
    let mut attributes: Vec<Node> = Vec::new();
    for node in nodes {
        match node.kind() {
            "attribute_item" => attributes.push(*node),
            "inner_attribute_item" => {
                if is_test(b, *node) {
                    b.region = b.open(RegionKind::Test, None, b.span(node.start_byte(), b.source.text.len()));
                }
            }
            kind => {
                let before = b.region;
                if attributes.iter().any(|a| is_test(b, *a)) {
                    b.region = b.open(RegionKind::Test, None, span(b, *node));
                }
                if is_item(kind) {
                    let place = span(b, *node);
                    b.deeper(place, |b| item(b, *node, owner, &attributes));
                } else {
                    statements::statement(b, *node, owner);
                }
                b.region = before;
                attributes.clear();
            }
        }
    }
    b.region = outer;
}

fn item(b: &mut Builder, node: Node, owner: &Owner, attributes: &[Node]) {
    match node.kind() {
        "function_item" | "function_signature_item" => function(b, node, owner, attributes),
        "struct_item" | "union_item" | "enum_item" | "trait_item" => {
            declare_type(b, node, attributes);
        }
        "type_item" if owner.name.is_empty() => {
            declare_type(b, node, attributes);
        }
        "impl_item" => {
            let name = child(node, "type").map(|t| types::last_name(b, t)).unwrap_or_default();
            let trait_name = child(node, "trait").map(|t| types::last_name(b, t)).unwrap_or_default();
            let type_id = b.facts.types.iter().position(|t| t.name == name).map(|i| TypeId(i as u32));
            let owner = Owner { type_id, name, trait_name };
            if let Some(body) = child(node, "body") {
                items(b, body, &owner);
            }
        }
        "mod_item" | "foreign_mod_item" => match child(node, "body") {
            Some(body) => items(b, body, &Owner::default()),
            None if node.kind() == "mod_item" => imports::child_module(b, node),
            None => {}
        },
        "const_item" | "static_item" => {
            let (Some(name), Some(value)) = (child(node, "name"), child(node, "value")) else { return };
            let value = expression(b, value);
            let name = word(b, name);
            let name = if owner.name.is_empty() { name } else { format!("{}::{name}", owner.name).into() };
            let place = span(b, node);
            b.write(Target::Variable(name), value, WriteKind::Declare, place);
        }
        "use_declaration" => imports::use_declaration(b, node),
        "extern_crate_declaration" => {
            let shares = attributes.iter().any(|a| text(b, *a).contains("macro_use"));
            imports::extern_crate(b, node, shares);
        }
        _ => {}
    }
}

fn function(b: &mut Builder, node: Node, owner: &Owner, attributes: &[Node]) {
    let Some(name) = child(node, "name") else { return };
    let mut blank = b.blank_function(span(b, node), span(b, name));
    blank.name = word(b, name);
    blank.owner = owner.type_id;
    blank.owner_name = owner.name.clone();
    blank.trait_name = owner.trait_name.clone();
    blank.is_async =
        children(node).into_iter().any(|c| c.kind() == "function_modifiers" && has_token(c, "async"));
    let id = b.function(blank, |b, id| {
        if let Some(list) = child(node, "parameters") {
            parameters(b, id, list);
        }
        if let Some(returns) = child(node, "return_type") {
            let returns = types::type_ref(b, returns);
            b.facts.functions[id.0 as usize].returns = returns;
        }
        if let Some(body) = child(node, "body") {
            statements::body(b, body);
        }
    });
    attach(b, attributes, Attached::Function(id));
}

/// The parameters of a function or closure; names inside patterns become writes.
pub fn parameters(b: &mut Builder, function: FunctionId, list: Node) {
    let mut attributes = Vec::new();
    let mut index = 0;
    for node in children(list) {
        match node.kind() {
            "attribute_item" => {
                attributes.push(node);
                continue;
            }
            "self_parameter" => {
                attributes.clear();
                continue;
            }
            _ => {}
        }
        let is_parameter = node.kind() == "parameter";
        let pattern = if is_parameter { child(node, "pattern") } else { Some(node) };
        let Some(pattern) = pattern else { continue };
        // `self: Arc<Self>` is the receiver too.
        if is_parameter && pattern.kind() == "self" {
            continue;
        }
        let type_ref = child(node, "type").filter(|_| is_parameter).and_then(|t| {
            // A module is looked up outside: `orders: orders::Filter`.
            let inside = b.function;
            let modular = text(b, t).starts_with(|c: char| c.is_lowercase()) && text(b, t).contains("::");
            if let Some(parent) = b.facts.functions[inside.0 as usize].parent.filter(|_| modular) {
                b.function = parent;
            }
            let found = types::type_ref(b, t);
            b.function = inside;
            found
        });
        let plain = plain_name(pattern);
        let span = span(b, node);
        let name = plain.map(|n| word(b, n)).unwrap_or_default();
        let rest = node.kind() == "variadic_parameter";
        let parameter = Parameter { name, type_ref, default: None, rest, field: false, span };
        b.facts.functions[function.0 as usize].params.push(parameter);
        attach(b, &attributes, Attached::Param(function, index));
        attributes.clear();
        if plain.is_none() {
            let value = b.value(Value::Param(function, index), span);
            patterns::bind(b, pattern, value);
        }
        index += 1;
    }
}

/// The identifier of `x`, `mut x`, `&x`, `ref x`.
fn plain_name(pattern: Node<'_>) -> Option<Node<'_>> {
    let mut at = pattern;
    while matches!(at.kind(), "mut_pattern" | "ref_pattern" | "reference_pattern") {
        at = children(at).into_iter().find(|c| c.kind() != "mutable_specifier")?;
    }
    (at.kind() == "identifier").then_some(at)
}

fn declare_type(b: &mut Builder, node: Node, attributes: &[Node]) {
    let Some(name) = child(node, "name") else { return };
    let id = TypeId(b.facts.types.len() as u32);
    let (name_text, name_span, place) = (word(b, name), span(b, name), span(b, node));
    let region = b.open(RegionKind::Block, None, place);
    let function = b.function;
    b.facts.types.push(Type {
        name: name_text.clone(),
        function,
        bases: Vec::new(),
        fields: Vec::new(),
        region,
        span: place,
        name_span,
    });
    let words = attach(b, attributes, Attached::Type(id));
    let rename_all = option(b, &words, "rename_all");
    b.within(region, |b| {
        let mut bases = Vec::new();
        if node.kind() == "type_item" {
            bases.extend(child(node, "type").and_then(|t| types::type_ref(b, t)).map(|t| t.head));
        }
        for bound in child(node, "bounds").map(children).unwrap_or_default() {
            bases.extend(types::type_ref(b, bound).map(|t| t.head));
        }
        b.facts.types[id.0 as usize].bases = bases;
        let Some(body) = child(node, "body") else { return };
        if node.kind() == "trait_item" {
            items(b, body, &Owner { type_id: Some(id), name: name_text.clone(), trait_name: name_text });
        } else {
            fields(b, id, body, rename_all.as_deref());
        }
    });
}

fn fields(b: &mut Builder, id: TypeId, body: Node, rename_all: Option<&str>) {
    let ordered = body.kind() == "ordered_field_declaration_list";
    let mut attributes = Vec::new();
    for node in children(body) {
        let place = span(b, node);
        match node.kind() {
            "attribute_item" => {
                attributes.push(node);
                continue;
            }
            "visibility_modifier" => continue,
            _ => {}
        }
        let index = b.facts.types[id.0 as usize].fields.len();
        let variant = node.kind() == "enum_variant";
        let code_name = match child(node, "name").filter(|_| !ordered) {
            Some(name) => word(b, name),
            None if ordered => index.to_string().into(),
            None => continue,
        };
        let annotation = if ordered { Some(node) } else { child(node, "type") };
        let (type_ref, optional) = match annotation.filter(|_| !variant).and_then(|t| types::type_ref(b, t)) {
            Some(t) => unwrap_option(b, t),
            None => (None, false),
        };
        let default = child(node, "value").filter(|_| variant).map(|v| expression(b, v));
        let words = attach(b, &attributes, Attached::Field(id, index as u32));
        attributes.clear();
        let name = option(b, &words, "rename")
            .or_else(|| rename_all.map(|style| restyle(&code_name, style, variant)))
            .unwrap_or_else(|| code_name.clone());
        let flatten = flag(b, &words, "flatten");
        b.facts.types[id.0 as usize].fields.push(TypeField {
            name,
            code_name,
            type_ref,
            default,
            optional,
            flatten,
            span: place,
        });
    }
}

fn unwrap_option(b: &Builder, mut t: TypeRef) -> (Option<TypeRef>, bool) {
    let last = match b.facts.value(t.head) {
        Value::Name(name) | Value::Field(_, name) => name.as_str(),
        _ => "",
    };
    if last == "Option" && t.args.len() == 1 { (t.args.pop(), true) } else { (Some(t), false) }
}

/// Adds the attributes and gives their values.
fn attach(b: &mut Builder, attributes: &[Node], on: Attached) -> Vec<ValueId> {
    let mut values = Vec::new();
    for node in attributes {
        let Some(inner) = children(*node).into_iter().find(|c| c.kind() == "attribute") else { continue };
        let value = rust_macros::attribute(b, inner);
        let span = span(b, *node);
        b.facts.attributes.push(Attribute { value, on, span });
        values.push(value);
    }
    values
}

/// The arguments of the serializer's attributes, also those inside `cfg_attr(…)`.
fn serializer_args<'b>(b: &'b Builder, attributes: &[ValueId]) -> Vec<&'b Arg> {
    let mut out = Vec::new();
    let mut waiting: Vec<ValueId> = attributes.to_vec();
    while let Some(value) = waiting.pop() {
        let Value::Result(call) = b.facts.value(value) else { continue };
        let call = b.facts.call(*call);
        match b.facts.value(call.callee) {
            Value::Name(name) if name == SERIALIZER => out.extend(&call.args),
            Value::Name(name) if name == "cfg_attr" => waiting.extend(call.args.iter().map(|a| a.value)),
            _ => {}
        }
    }
    out
}

/// `name = "…"`, also as `name(serialize = "…", deserialize = "…")`.
fn option(b: &Builder, attributes: &[ValueId], name: &str) -> Option<Str> {
    let as_text = |value: ValueId| match b.facts.value(value) {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    serializer_args(b, attributes).into_iter().find_map(|arg| {
        if arg.name.as_deref() == Some(name) {
            return as_text(arg.value);
        }
        let Value::Result(call) = b.facts.value(arg.value) else { return None };
        let call = b.facts.call(*call);
        matches!(b.facts.value(call.callee), Value::Name(n) if n == name)
            .then(|| as_text(call.args.first()?.value))
            .flatten()
    })
}

fn flag(b: &Builder, attributes: &[ValueId], name: &str) -> bool {
    serializer_args(b, attributes)
        .iter()
        .any(|a| matches!(b.facts.value(a.value), Value::Name(n) if n == name))
}

/// A snake_case field or CamelCase variant in the notation that `rename_all` asks for.
fn restyle(name: &str, style: &str, variant: bool) -> Str {
    let mut words: Vec<String> = Vec::new();
    for (i, c) in name.chars().enumerate() {
        let starts = if variant { c.is_uppercase() || i == 0 } else { i == 0 };
        match words.last_mut() {
            _ if c == '_' && !variant => words.push(String::new()),
            Some(last) if !starts => last.extend(c.to_lowercase()),
            _ => words.push(c.to_lowercase().collect()),
        }
    }
    words.retain(|w| !w.is_empty());
    let capital = |w: &String| {
        w.chars()
            .next()
            .map(|c| c.to_uppercase().chain(w.chars().skip(1)).collect::<String>())
            .unwrap_or_default()
    };
    let pascal = || words.iter().map(capital).collect::<String>();
    match style {
        "lowercase" => words.concat(),
        "UPPERCASE" => words.concat().to_uppercase(),
        "PascalCase" => pascal(),
        "camelCase" => words.iter().take(1).cloned().chain(words.iter().skip(1).map(capital)).collect(),
        "snake_case" => words.join("_"),
        "SCREAMING_SNAKE_CASE" => words.join("_").to_uppercase(),
        "kebab-case" => words.join("-"),
        "SCREAMING-KEBAB-CASE" => words.join("-").to_uppercase(),
        _ => name.to_owned(),
    }
    .into()
}

/// `#[test]`, `#[runtime::test]`, `#[cfg(test)]`, `#[cfg(any(test, …))]`.
fn is_test(b: &Builder, item: Node) -> bool {
    let Some(attribute) = children(item).into_iter().find(|c| c.kind() == "attribute") else { return false };
    let Some(path) = children(attribute).into_iter().next() else { return false };
    let path = text(b, path);
    if path == "cfg" {
        let tokens: String =
            child(attribute, "arguments").map_or("", |a| text(b, a)).split_whitespace().collect();
        let named =
            tokens.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '"').any(|word| word == "test");
        return named && !tokens.contains("not(test)");
    }
    path.rsplit("::").next() == Some("test")
}
