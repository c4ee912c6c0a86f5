//! Imports and exports, of both module systems. Knows module paths as written, not where they lead.

use tree_sitter::Node;

use super::expressions::{expression, key_text, named};
use super::literals::string;
use super::{again, child, children, fields, functions, has, peel, span, statements, text, types};
use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Span, Str};

fn import(b: &mut Builder, local: &str, module: &str, name: ImportName, span: Span) {
    let function = b.function;
    b.facts.imports.push(Import { local: local.into(), module: module.into(), name, function, span });
}

fn import_name(name: &str) -> ImportName {
    match name {
        "default" => ImportName::Default,
        other => ImportName::Named(other.into()),
    }
}

/// A name in an import or export list; it may be a string.
fn name_text(b: &Builder, node: Node) -> String {
    if node.kind() == "string" { string(b, node) } else { text(b, node).to_string() }
}

pub fn import_statement(b: &mut Builder, node: Node) {
    let place = span(b, node);
    if let Some(clause) = child(node, "import_require_clause") {
        let local = child(clause, "identifier").map_or("", |n| text(b, n));
        if let Some(source) = clause.child_by_field_name("source") {
            import(b, local, &string(b, source), ImportName::Module, place);
        }
        return;
    }
    let Some(source) = node.child_by_field_name("source") else { return };
    let module = string(b, source);
    let Some(clause) = child(node, "import_clause") else {
        return import(b, "", &module, ImportName::Effect, place);
    };
    for part in children(clause) {
        let at = span(b, part);
        match part.kind() {
            "identifier" => import(b, text(b, part), &module, ImportName::Default, at),
            "namespace_import" => {
                if let Some(local) = child(part, "identifier") {
                    import(b, text(b, local), &module, ImportName::Module, at);
                }
            }
            "named_imports" => {
                for specifier in children(part) {
                    let Some(name) = specifier.child_by_field_name("name") else { continue };
                    let name = name_text(b, name);
                    let local = specifier.child_by_field_name("alias").map_or(name.as_str(), |a| text(b, a));
                    let at = span(b, specifier);
                    import(b, local, &module, import_name(&name), at);
                }
            }
            _ => {}
        }
    }
}

/// `import a = b.c`.
pub fn import_alias(b: &mut Builder, node: Node) {
    let place = span(b, node);
    if let [name, path] = children(node)[..] {
        let value = types::path(b, path);
        b.write(Target::Variable(text(b, name).into()), value, WriteKind::Declare, place);
    }
}

/// The module of `require("m")`, `import("m")`.
pub fn required(b: &Builder, node: Node) -> Option<String> {
    if node.kind() != "call_expression" {
        return None;
    }
    let function = node.child_by_field_name("function")?;
    if !matches!(text(b, function), "require" | "import") {
        return None;
    }
    let first = children(node.child_by_field_name("arguments")?).into_iter().next()?;
    super::expressions::literal_text(b, first).map(|m| m.to_string()).or_else(|| beside(b, first))
}

/// A path that begins at the file's folder: `__dirname + "/x"`, `path.join(__dirname, "..", "x")`.
fn beside(b: &Builder, node: Node) -> Option<String> {
    match node.kind() {
        "identifier" => (text(b, node) == "__dirname").then(|| ".".to_string()),
        "binary_expression" => {
            let (left, right) = (node.child_by_field_name("left")?, node.child_by_field_name("right")?);
            let plus = node.child_by_field_name("operator")?;
            let rest = super::expressions::literal_text(b, right)?;
            (text(b, plus) == "+").then_some(())?;
            Some(format!("{}{rest}", beside(b, left)?))
        }
        "call_expression" => {
            let function = text(b, node.child_by_field_name("function")?);
            matches!(function, "path.join" | "path.resolve" | "join" | "resolve").then_some(())?;
            let mut arguments = children(node.child_by_field_name("arguments")?).into_iter();
            let mut out = beside(b, arguments.next()?)?;
            for more in arguments {
                out.push('/');
                out.push_str(super::expressions::literal_text(b, more)?.as_ref());
            }
            Some(out)
        }
        _ => None,
    }
}

/// A module used where it is required: an import with a name of its own.
pub fn inline(b: &mut Builder, module: &str, place: Span) -> ValueId {
    let local: Str = format!("require({module:?})").into();
    if !b.facts.imports.iter().any(|i| i.local == local) {
        let before = std::mem::replace(&mut b.function, FunctionId(0));
        import(b, &local, module, ImportName::Module, place);
        b.function = before;
    }
    b.name(local, place)
}

/// `require("m");` by itself.
pub fn effect(b: &mut Builder, node: Node) -> bool {
    let place = span(b, node);
    match required(b, node) {
        Some(module) => {
            import(b, "", &module, ImportName::Effect, place);
            true
        }
        None => false,
    }
}

/// `const x = require("m")`, `const { a, b: c } = await import("m")`, `const x = require("m").y`.
/// False when the declaration is none of these.
pub fn declared(b: &mut Builder, pattern: Node, value: Node) -> bool {
    let value = awaited(value);
    let place = span(b, pattern);
    if let Some(module) = required(b, value) {
        return match pattern.kind() {
            "identifier" => {
                import(b, text(b, pattern), &module, ImportName::Module, place);
                true
            }
            "object_pattern" => {
                let Some(names) = plain_names(b, pattern) else { return false };
                for (name, local, at) in names {
                    import(b, local, &module, import_name(&name), at);
                }
                true
            }
            _ => false,
        };
    }
    if value.kind() != "member_expression" || pattern.kind() != "identifier" {
        return false;
    }
    let parts = (value.child_by_field_name("object"), value.child_by_field_name("property"));
    let (Some(object), Some(property)) = parts else { return false };
    let Some(module) = required(b, awaited(object)) else { return false };
    import(b, text(b, pattern), &module, import_name(text(b, property)), place);
    true
}

fn awaited(node: Node<'_>) -> Node<'_> {
    let node = peel(node);
    match node.kind() {
        "await_expression" => children(node).into_iter().next().map_or(node, peel),
        _ => node,
    }
}

/// `{ a, b: c }` as (name, local, place); none when a part has a default or a pattern of its own.
fn plain_names<'s>(b: &Builder<'s>, pattern: Node) -> Option<Vec<(Str, &'s str, Span)>> {
    let name = |part: Node| match part.kind() {
        "shorthand_property_identifier_pattern" => Some((text(b, part).into(), text(b, part), span(b, part))),
        "pair_pattern" => {
            let local = part.child_by_field_name("value").filter(|v| v.kind() == "identifier")?;
            Some((key_text(b, part.child_by_field_name("key")?)?, text(b, local), span(b, part)))
        }
        _ => None,
    };
    children(pattern).into_iter().map(name).collect()
}

fn export(b: &mut Builder, name: impl Into<Str>, what: Exported, span: Span) {
    b.facts.exports.push(Export { name: name.into(), what, span });
}

fn export_value(b: &mut Builder, name: &str, value: ValueId, span: Span) {
    export(b, name, Exported::Value(value), span);
}

fn export_local(b: &mut Builder, name: &str, local: &str, span: Span) {
    let value = b.name(local, span);
    export_value(b, name, value, span);
}

pub fn export_statement(b: &mut Builder, node: Node) {
    let place = span(b, node);
    let module = node.child_by_field_name("source").map(|s| string(b, s));
    let decorators = fields(node, "decorator");
    let default = has(node, "default");
    if let Some(declaration) = node.child_by_field_name("declaration") {
        return declaration_export(b, declaration, &decorators, default);
    }
    if let Some(value) = node.child_by_field_name("value") {
        let value = default_value(b, value, &decorators);
        return export_value(b, "default", value, place);
    }
    let from = |module: &str, name: &str| Exported::From { module: module.into(), name: name.into() };
    let parts = children(node);
    if let Some(clause) = child(node, "export_clause") {
        for specifier in children(clause) {
            let Some(name) = specifier.child_by_field_name("name") else { continue };
            let at = span(b, specifier);
            let name = name_text(b, name);
            let alias =
                specifier.child_by_field_name("alias").map_or_else(|| name.clone(), |a| name_text(b, a));
            match &module {
                Some(module) => export(b, alias, from(module, &name), at),
                None => export_local(b, &alias, &name, at),
            }
        }
    } else if let (Some(space), Some(module)) = (child(node, "namespace_export"), &module) {
        let name = children(space).first().map(|n| name_text(b, *n)).unwrap_or_default();
        export(b, name, from(module, "*"), place);
    } else if let (true, Some(module)) = (has(node, "*"), &module) {
        export(b, "*", from(module, "*"), place);
    } else if has(node, "=") {
        if let Some(value) = parts.into_iter().next() {
            let value = expression(b, value);
            export_value(b, "=", value, place);
        }
    } else {
        parts.into_iter().for_each(|p| statements::any(b, p));
    }
}

/// What stands behind `export default`.
fn default_value(b: &mut Builder, node: Node, decorators: &[Node]) -> ValueId {
    let at = span(b, node);
    match peel(node) {
        class if class.kind() == "class" => types::class(b, class, "default", decorators),
        other => named(b, other, "", at),
    }
}

fn declaration_export(b: &mut Builder, declaration: Node, decorators: &[Node], default: bool) {
    let first_write = b.facts.writes.len();
    let first_import = b.facts.imports.len();
    let name = declaration.child_by_field_name("name");
    let place = name.map_or_else(|| span(b, declaration), |n| span(b, n));
    match declaration.kind() {
        "lexical_declaration" | "variable_declaration" => {
            let function = b.function;
            let names = statements::variables(b, declaration);
            for name in names {
                let written = b.facts.writes[first_write..].iter().find(|w| {
                    w.function == function && matches!(&w.target, Target::Variable(v) if *v == name)
                });
                let imported = b.facts.imports[first_import..].iter().find(|i| i.local == name);
                let at = written.map(|w| w.span).or(imported.map(|i| i.span)).unwrap_or(place);
                export_local(b, &name, &name, at);
            }
        }
        "class_declaration" | "abstract_class_declaration" => {
            let value = types::class(b, declaration, "default", decorators);
            let exported = if default { "default" } else { name.map_or("default", |n| text(b, n)) };
            export_value(b, exported, value, place);
        }
        "function_declaration" | "generator_function_declaration" => {
            let local = name.map_or("", |n| text(b, n));
            let id = functions::function(b, declaration, local, place, None);
            let value =
                if local.is_empty() { b.value(Value::Function(id), place) } else { b.name(local, place) };
            export_value(b, if default { "default" } else { local }, value, place);
        }
        "function_signature" => {}
        _ => {
            statements::statement(b, declaration);
            if let Some(name) = name {
                let local = text(b, name);
                export_local(b, if default { "default" } else { local }, local, place);
            }
        }
    }
}

/// `module.exports = …`, `module.exports.a = …`, `exports.a = …`.
pub fn common_js_export(b: &mut Builder, left: Node, value: ValueId, place: Span) {
    if left.kind() != "member_expression" {
        return;
    }
    let (Some(object), Some(property)) =
        (left.child_by_field_name("object"), left.child_by_field_name("property"))
    else {
        return;
    };
    let name = match (text(b, object), text(b, property)) {
        ("module", "exports") => "=",
        ("module.exports" | "exports", name) => name,
        _ => return,
    };
    let value = again(b, value);
    export_value(b, name, value, place);
}
