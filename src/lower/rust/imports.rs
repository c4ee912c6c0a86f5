//! `use`, `extern crate` and `mod name;`. Knows paths; does not look them up.

use tree_sitter::Node;

use crate::facts::*;
use crate::source::Str;

use super::{Builder, child, children, span, text, word};

pub fn use_declaration(b: &mut Builder, node: Node) {
    let mut cursor = node.walk();
    let public = node.children(&mut cursor).any(|c| c.kind() == "visibility_modifier");
    if let Some(argument) = child(node, "argument") {
        clause(b, argument, "", public);
    }
}

pub fn extern_crate(b: &mut Builder, node: Node, shares_macros: bool) {
    let Some(name) = child(node, "name") else { return };
    let module = word(b, name);
    if shares_macros {
        import(b, node, Import::MACROS.into(), module.clone(), ImportName::All);
    }
    let local = child(node, "alias").map_or(module.clone(), |a| word(b, a));
    import(b, node, local, module, ImportName::Module);
}

pub fn child_module(b: &mut Builder, node: Node) {
    let Some(name) = child(node, "name") else { return };
    let local = word(b, name);
    let module = format!("self::{local}").into();
    import(b, node, local, module, ImportName::Module);
}

fn clause(b: &mut Builder, node: Node, prefix: &str, public: bool) {
    let place = span(b, node);
    match node.kind() {
        "use_list" => {
            b.deeper(place, |b| {
                for item in children(node) {
                    clause(b, item, prefix, public);
                }
            });
        }
        "scoped_use_list" => {
            let prefix = child(node, "path").map_or(prefix.to_owned(), |p| join(prefix, &path(b, p)));
            if let Some(list) = child(node, "list") {
                clause(b, list, &prefix, public);
            }
        }
        "use_wildcard" => {
            let module: Str =
                children(node).first().map_or(prefix.to_owned(), |p| join(prefix, &path(b, *p))).into();
            if public {
                export(b, node, "*".into(), module.clone(), "*".into());
            }
            import(b, node, Str::default(), module, ImportName::All);
        }
        "use_as_clause" => {
            let Some(target) = child(node, "path") else { return };
            let alias = child(node, "alias").map(|a| word(b, a));
            leaf(b, node, &join(prefix, &path(b, target)), alias, public);
        }
        _ => leaf(b, node, &join(prefix, &path(b, node)), None, public),
    }
}

fn leaf(b: &mut Builder, node: Node, full: &str, alias: Option<Str>, public: bool) {
    // `use a::b::{self}` names the module itself.
    let full = full.strip_suffix("::self").unwrap_or(full);
    match full.rsplit_once("::") {
        Some((module, name)) => {
            let local = alias.unwrap_or_else(|| name.into());
            if public {
                export(b, node, local.clone(), module.into(), name.into());
            }
            import(b, node, local, module.into(), ImportName::Named(name.into()));
        }
        None => {
            let local = alias.unwrap_or_else(|| full.into());
            if public {
                export(b, node, local.clone(), full.into(), "*".into());
            }
            import(b, node, local, full.into(), ImportName::Module);
        }
    }
}

fn import(b: &mut Builder, node: Node, local: Str, module: Str, name: ImportName) {
    let (function, span) = (b.function, span(b, node));
    b.facts.imports.push(Import { local, module, name, function, span });
}

fn export(b: &mut Builder, node: Node, name: Str, module: Str, of: Str) {
    let span = span(b, node);
    b.facts.exports.push(Export { name, what: Exported::From { module, name: of }, span });
}

fn join(prefix: &str, rest: &str) -> String {
    if prefix.is_empty() { rest.to_owned() } else { format!("{prefix}::{rest}") }
}

/// A path's segments without blanks, comments, `r#` and a leading `::`.
fn path(b: &Builder, node: Node) -> String {
    let mut segments = Vec::new();
    let mut at = Some(node);
    while let Some(node) = at {
        at = None;
        if node.kind() == "scoped_identifier" {
            segments.extend(child(node, "name").map(|n| word(b, n)));
            at = child(node, "path");
        } else {
            segments.push(text(b, node).trim_start_matches("r#").into());
        }
    }
    segments.reverse();
    segments.join("::")
}
