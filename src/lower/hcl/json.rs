//! JSON inside texts of HCL: policies are often written so.

use hcl_edit::parser::parse_template;
use jsonc_parser::ast;
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::Reader;
use crate::facts::*;
use crate::lower::fields;
use crate::source::Span;

/// Where the nodes of a JSON text stand in the file.
#[derive(Clone, Copy)]
enum Place {
    /// The text stands in the file as it is, from here.
    From(usize),
    /// Escapes moved everything: all nodes stand where the whole text does.
    All(Span),
}

impl Reader<'_, '_> {
    /// The tree of a quoted text that is a JSON object or list.
    pub(super) fn json_text(&mut self, text: &str, span: Span) -> Option<ValueId> {
        self.json(text, Place::All(span))
    }

    /// The tree of a heredoc (from `<<` to its end mark) that is a JSON object or list.
    pub(super) fn json_heredoc(&mut self, span: Span) -> Option<ValueId> {
        let (start, end) = (span.start as usize, span.end as usize);
        let whole = self.text.get(start..end)?.trim_end();
        let from = fields::next_line(self.text, fields::line_end(self.text, start));
        let to = start + whole.rfind(['\n', '\r'])?;
        self.json(self.text.get(from..to)?, Place::From(from))
    }

    fn json(&mut self, text: &str, place: Place) -> Option<ValueId> {
        if !text.trim_start().starts_with(['{', '[']) {
            return None;
        }
        let parsed = parse_to_ast(text, &CollectOptions::default(), &strict()).ok()?;
        let value = parsed.value?;
        Some(self.json_value(&value, place))
    }

    fn json_place(&self, place: Place, range: Range) -> Span {
        match place {
            Place::From(base) => self.b.span(base + range.start, base + range.end),
            Place::All(span) => span,
        }
    }

    fn json_value(&mut self, value: &ast::Value<'_>, place: Place) -> ValueId {
        let span = self.json_place(place, value.range());
        if self.resolving > 0 {
            self.budget = self.budget.saturating_sub(1);
        }
        let value = match value {
            ast::Value::StringLit(text) => return self.json_string(&text.value, span, place),
            ast::Value::NumberLit(n) => n.value.parse().map_or(Value::Unknown, Value::Number),
            ast::Value::BooleanLit(flag) => Value::Bool(flag.value),
            ast::Value::NullKeyword(_) => Value::Null,
            ast::Value::Array(items) => {
                Value::List(items.elements.iter().map(|i| self.json_value(i, place)).collect())
            }
            ast::Value::Object(object) => {
                let mut entries = Vec::new();
                for property in &object.properties {
                    let key = Key::Text(property.name.as_str().into());
                    let value = self.json_value(&property.value, place);
                    entries.push(Entry { key, value, span: self.json_place(place, property.range) });
                }
                Value::Record(Record { type_ref: None, entries })
            }
        };
        self.b.value(value, span)
    }

    /// `"arn:${aws_s3_bucket.b.arn}/*"` in a heredoc still has its parts.
    fn json_string(&mut self, text: &str, span: Span, place: Place) -> ValueId {
        let inside = span.start as usize + 1..(span.end as usize).saturating_sub(1);
        let written = self.text.get(inside.clone()).unwrap_or("");
        if matches!(place, Place::From(_))
            && text == written
            && text.contains("${")
            && let Ok(template) = parse_template(text)
        {
            let before = std::mem::replace(&mut self.base, inside.start);
            let value = self.template(&template, span);
            self.base = before;
            return value;
        }
        self.b.text(text, span)
    }
}

fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        ..ParseOptions::default()
    }
}
