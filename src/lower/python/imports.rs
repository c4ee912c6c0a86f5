//! Python's imports: what local name stands for what of which module.

use tree_sitter::Node;

use super::{parts, place, text_of};
use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Span, Str};

pub fn import(b: &mut Builder<'_>, node: Node<'_>, span: Span) {
    let module = match node.kind() {
        "import_statement" => None,
        "future_import_statement" => Some(Str::from("__future__")),
        _ => node.child_by_field_name("module_name").map(|m| tight(text_of(b, m))),
    };
    let mut cursor = node.walk();
    let names: Vec<_> = node.children_by_field_name("name", &mut cursor).collect();
    for name in names {
        let span = place(b, name);
        let written = name.child_by_field_name("name").unwrap_or(name);
        let written = tight(text_of(b, written));
        let alias = name.child_by_field_name("alias").map(|a| Str::from(text_of(b, a)));
        let (local, module, name) = match (&module, alias) {
            (Some(module), alias) => {
                (alias.unwrap_or(written.clone()), module.clone(), ImportName::Named(written))
            }
            (None, Some(alias)) => (alias, written, ImportName::Module),
            // `import a.b` binds `a`, and `a.b` is a field of it.
            (None, None) => {
                let first = Str::from(written.split('.').next().unwrap_or(""));
                (first.clone(), first, ImportName::Module)
            }
        };
        add(b, local, module, name, span);
    }
    if parts(node).iter().any(|p| p.kind() == "wildcard_import") {
        add(b, Str::default(), module.unwrap_or_default(), ImportName::All, span);
    }
}

fn add(b: &mut Builder<'_>, local: Str, module: Str, name: ImportName, span: Span) {
    let function = b.function;
    b.facts.imports.push(Import { local, module, name, function, span });
}

/// Spaces and line continuations may stand around the dots.
fn tight(written: &str) -> Str {
    written.chars().filter(|c| !c.is_whitespace() && *c != '\\').collect()
}
