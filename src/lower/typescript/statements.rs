//! Statements: declarations, loops, switches, try, exits. Knows the order of code, not its purpose.

use tree_sitter::Node;

use super::conditions::if_statement;
use super::expressions::{expression, named};
use super::{again, child, children, fields, functions, modules, patterns, peel, span, text, types};
use crate::facts::*;
use crate::lower::Builder;
use crate::source::Str;

/// Everything inside a program, block or error.
pub fn all(b: &mut Builder, node: Node) {
    let mut cursor = node.walk();
    let parts: Vec<Node> = node.named_children(&mut cursor).collect();
    for part in parts {
        any(b, part);
    }
}

/// A statement, or an expression that stands alone because the code around it is broken.
pub fn any(b: &mut Builder, node: Node) {
    let kind = node.kind();
    let is_statement = kind.ends_with("_statement")
        || kind.ends_with("_declaration")
        || kind.ends_with("_clause")
        || kind.ends_with("_signature")
        || matches!(
            kind,
            "statement_block"
                | "ERROR"
                | "program"
                | "class_body"
                | "internal_module"
                | "module"
                | "import_alias"
                | "switch_body"
                | "switch_case"
                | "switch_default"
                | "variable_declarator"
                | "method_definition"
        );
    if is_statement {
        statement(b, node);
    } else if !matches!(kind, "comment" | "html_comment" | "hash_bang_line") {
        expression(b, node);
    }
}

pub fn statement(b: &mut Builder, node: Node) {
    let place = span(b, node);
    b.deeper(place, |b| inner(b, node));
}

fn inner(b: &mut Builder, node: Node) {
    let place = span(b, node);
    match node.kind() {
        "expression_statement" => expression_statement(b, node),
        "lexical_declaration" | "variable_declaration" => {
            variables(b, node);
        }
        "variable_declarator" => {
            declarator(b, node);
        }
        "function_declaration" | "generator_function_declaration" | "method_definition" => {
            let at = node.child_by_field_name("name").map_or(place, |n| span(b, n));
            functions::function(b, node, "", at, None);
        }
        "class_declaration" | "abstract_class_declaration" => {
            types::class(b, node, "", &[]);
        }
        "interface_declaration" => types::interface(b, node),
        "type_alias_declaration" => types::alias(b, node),
        "enum_declaration" => types::enumeration(b, node),
        "import_statement" => modules::import_statement(b, node),
        "import_alias" => modules::import_alias(b, node),
        "export_statement" => modules::export_statement(b, node),
        "if_statement" => if_statement(b, node),
        "switch_statement" => switch(b, node),
        "for_statement" | "while_statement" | "do_statement" => {
            let region = b.open(RegionKind::Loop, None, place);
            b.within(region, |b| children(node).into_iter().for_each(|c| any(b, c)));
        }
        "for_in_statement" => for_in(b, node),
        "try_statement" => try_statement(b, node),
        "return_statement" | "throw_statement" => {
            let kind = if node.kind() == "return_statement" { ExitKind::Return } else { ExitKind::Throw };
            let value = children(node).first().map(|v| expression(b, *v));
            b.exit(kind, value, place);
        }
        "break_statement" | "continue_statement" => b.exit(ExitKind::Leave, None, place),
        "labeled_statement" => {
            if let Some(body) = node.child_by_field_name("body") {
                any(b, body);
            }
        }
        "internal_module" | "module" => namespace(b, node),
        // Overloads: the function with the body says it all.
        "function_signature"
        | "method_signature"
        | "abstract_method_signature"
        | "debugger_statement"
        | "empty_statement" => {}
        _ => all(b, node),
    }
}

fn expression_statement(b: &mut Builder, node: Node) {
    for part in children(node) {
        let mut target = peel(part);
        if matches!(target.kind(), "internal_module" | "module") {
            namespace(b, target);
            continue;
        }
        if modules::effect(b, target) {
            continue;
        }
        let value = expression(b, part);
        // `'use server'`: a directive says something of the function it opens.
        if part.kind() == "string" {
            let (on, span) = (Attached::Function(b.function), span(b, part));
            b.facts.attributes.push(Attribute { value, on, span });
        }
        while let Some(inner) = dropped_part(b, target) {
            target = peel(inner);
        }
        // Arguments are lowered before their call, so the statement's own call is the last one.
        let at = span(b, target);
        if matches!(target.kind(), "call_expression" | "new_expression")
            && let Some(call) = b.facts.calls.last_mut().filter(|c| c.span == at)
        {
            call.dropped = true;
        }
    }
}

/// The part of a statement whose result is what the statement drops.
fn dropped_part<'t>(b: &Builder, node: Node<'t>) -> Option<Node<'t>> {
    let operator = super::expressions::operator(b, node);
    match node.kind() {
        "await_expression" => children(node).into_iter().next(),
        "unary_expression" if operator == "void" => node.child_by_field_name("argument"),
        "binary_expression" if matches!(operator, "&&" | "||" | "??") => node.child_by_field_name("right"),
        _ => None,
    }
}

/// Declares all variables of a `const`, `let` or `var`; gives their names.
pub fn variables(b: &mut Builder, node: Node) -> Vec<Str> {
    let mut names = Vec::new();
    for part in children(node) {
        match part.kind() {
            "variable_declarator" => names.extend(declarator(b, part)),
            _ => any(b, part),
        }
    }
    names
}

fn declarator(b: &mut Builder, node: Node) -> Vec<Str> {
    let Some(pattern) = node.child_by_field_name("name") else {
        all(b, node);
        return Vec::new();
    };
    let place = span(b, node);
    let Some(value) = node.child_by_field_name("value") else {
        return if pattern.kind() == "identifier" { vec![text(b, pattern).into()] } else { Vec::new() };
    };
    let imported = b.facts.imports.len();
    if modules::declared(b, pattern, value) {
        return b.facts.imports[imported..].iter().map(|i| i.local.clone()).collect();
    }
    if pattern.kind() != "identifier" {
        let value = expression(b, value);
        return patterns::bind(b, pattern, value, WriteKind::Declare);
    }
    let name = text(b, pattern);
    let name_span = span(b, pattern);
    let value = named(b, value, name, name_span);
    // A class expression already bears the variable's name.
    if !matches!(b.facts.value(value), Value::Name(n) if n == name) {
        b.write(Target::Variable(name.into()), value, WriteKind::Declare, place);
    }
    vec![name.into()]
}

/// Names inside a namespace are no exports of the file.
fn namespace(b: &mut Builder, node: Node) {
    let Some(body) = node.child_by_field_name("body") else { return };
    for part in children(body) {
        match part.child_by_field_name("declaration") {
            Some(declaration) if part.kind() == "export_statement" => statement(b, declaration),
            _ => any(b, part),
        }
    }
}

fn switch(b: &mut Builder, node: Node) {
    let place = span(b, node);
    let subject = match node.child_by_field_name("value") {
        Some(value) => expression(b, value),
        None => b.unknown(place),
    };
    let mut group = None;
    for arm in node.child_by_field_name("body").map(children).unwrap_or_default() {
        let place = span(b, arm);
        let region = match arm.kind() {
            "switch_case" => {
                let mut conditions = Vec::new();
                if let Some(value) = arm.child_by_field_name("value") {
                    let at = span(b, value);
                    let right = expression(b, value);
                    let left = again(b, subject);
                    b.compare(CompareOp::Equal, left, right, at);
                    let value = again(b, subject);
                    conditions.push(Condition { value, negated: false, span: at });
                }
                let region = b.open(RegionKind::Branch, group, place);
                b.facts.regions[region.0 as usize].conditions = conditions;
                region
            }
            "switch_default" => b.open(RegionKind::Else, group, place),
            _ => {
                any(b, arm);
                continue;
            }
        };
        group = group.or(Some(region));
        b.within(region, |b| fields(arm, "body").into_iter().for_each(|s| any(b, s)));
    }
}

/// `for (const x of xs)`: x is some element of xs.
fn for_in(b: &mut Builder, node: Node) {
    let place = span(b, node);
    let list = match node.child_by_field_name("right") {
        Some(list) => expression(b, list),
        None => b.unknown(place),
    };
    let region = b.open(RegionKind::Loop, None, place);
    b.within(region, |b| {
        if let Some(left) = node.child_by_field_name("left") {
            let at = span(b, left);
            let element = match child(node, "of") {
                Some(_) => b.value(Value::Field(list, "[]".into()), at),
                None => b.unknown(at),
            };
            let declares = node.child_by_field_name("kind").is_some();
            let kind = if declares { WriteKind::Declare } else { WriteKind::Assign };
            patterns::bind(b, left, element, kind);
        }
        if let Some(body) = node.child_by_field_name("body") {
            any(b, body);
        }
    });
}

fn try_statement(b: &mut Builder, node: Node) {
    let mut group = None;
    let arms =
        [("body", RegionKind::Try), ("handler", RegionKind::Catch), ("finalizer", RegionKind::Finally)];
    for (field, kind) in arms {
        let Some(arm) = node.child_by_field_name(field) else { continue };
        let place = span(b, arm);
        let region = b.open(kind, group, place);
        group = group.or(Some(region));
        b.within(region, |b| {
            if let Some(parameter) = arm.child_by_field_name("parameter") {
                let at = span(b, parameter);
                let value = b.unknown(at);
                patterns::bind(b, parameter, value, WriteKind::Declare);
            }
            all(b, arm.child_by_field_name("body").unwrap_or(arm));
        });
    }
}
