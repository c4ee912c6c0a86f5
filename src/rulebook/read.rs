//! Reading a page's definition with spans: unknown keys and wrong types are errors at their place.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::source::Str;

use super::page::{Page, PageError};

pub type Result<T> = std::result::Result<T, Box<PageError>>;

/// One table of a definition; remembers which keys were asked for.
pub struct Fields<'p> {
    pub page: &'p Page,
    table: &'p DeTable<'p>,
    pub span: Range<usize>,
    asked: RefCell<Vec<&'static str>>,
}

/// Parses the definition and hands its top table to `read`.
pub fn definition<T>(page: &Page, read: impl FnOnce(&Fields) -> Result<T>) -> Result<T> {
    let table = DeTable::parse(page.definition())
        .map_err(|e| page.error_at(e.message().to_string(), e.span().unwrap_or(0..0), None))?;
    let fields = Fields { page, table: table.get_ref(), span: 0..0, asked: RefCell::default() };
    read(&fields)
}

impl<'p> Fields<'p> {
    pub fn nested(&self, value: &'p Spanned<DeValue<'p>>) -> Result<Fields<'p>> {
        match value.get_ref() {
            DeValue::Table(table) => {
                Ok(Fields { page: self.page, table, span: value.span(), asked: RefCell::default() })
            }
            _ => Err(self.wrong(value, "a table")),
        }
    }

    pub fn get(&self, key: &'static str) -> Option<&'p Spanned<DeValue<'p>>> {
        self.asked.borrow_mut().push(key);
        self.find(key)
    }

    pub fn find(&self, key: &str) -> Option<&'p Spanned<DeValue<'p>>> {
        self.table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, v)| v)
    }

    /// Keys that were not asked for, with their places.
    pub fn rest(&self) -> Vec<(&'p str, Range<usize>, &'p Spanned<DeValue<'p>>)> {
        let asked = self.asked.borrow();
        self.table
            .iter()
            .filter(|(k, _)| !asked.contains(&k.get_ref().as_ref()))
            .map(|(k, v)| (k.get_ref().as_ref(), k.span(), v))
            .collect()
    }

    /// An error for the first key that nobody asked for.
    pub fn finish(&self) -> Result<()> {
        let known = self.asked.borrow().clone();
        match self.rest().first() {
            None => Ok(()),
            Some((key, span, _)) => Err(self.unknown(key, span.clone(), known.iter().copied())),
        }
    }

    pub fn unknown<'a>(
        &self,
        key: &str,
        span: Range<usize>,
        known: impl Iterator<Item = &'a str>,
    ) -> Box<PageError> {
        let near = nearest(key, known).map(|k| format!("did you mean `{k}`?"));
        self.page.error_at(format!("`{key}` is not known here"), span, near)
    }

    pub fn wrong(&self, value: &Spanned<DeValue>, wanted: &str) -> Box<PageError> {
        self.page.error_at(format!("this must be {wanted}"), value.span(), None)
    }

    pub fn text(&self, key: &'static str) -> Result<Option<Str>> {
        self.get(key).map(|v| self.as_text(v)).transpose()
    }

    pub fn required(&self, key: &'static str) -> Result<Str> {
        self.text(key)?
            .ok_or_else(|| self.page.error_at(format!("`{key}` is missing"), self.span.clone(), None))
    }

    pub fn flag(&self, key: &'static str) -> Result<bool> {
        match self.get(key) {
            None => Ok(false),
            Some(v) => match v.get_ref() {
                DeValue::Boolean(b) => Ok(*b),
                _ => Err(self.wrong(v, "true or false")),
            },
        }
    }

    /// A text or a list of texts; empty when absent.
    pub fn texts(&self, key: &'static str) -> Result<Vec<Str>> {
        self.get(key).map_or(Ok(Vec::new()), |v| self.as_texts(v))
    }

    pub fn as_texts(&self, value: &Spanned<DeValue>) -> Result<Vec<Str>> {
        match value.get_ref() {
            DeValue::String(t) => Ok(vec![Str::new(t)]),
            DeValue::Array(items) => items.iter().map(|i| self.as_text(i)).collect(),
            _ => Err(self.wrong(value, "a text or a list of texts")),
        }
    }

    pub fn as_text(&self, value: &Spanned<DeValue>) -> Result<Str> {
        match value.get_ref() {
            DeValue::String(t) => Ok(Str::new(t)),
            _ => Err(self.wrong(value, "a text")),
        }
    }

    /// The tables of `[[key]]`.
    pub fn tables(&self, key: &'static str) -> Result<Vec<Fields<'p>>> {
        match self.get(key) {
            None => Ok(Vec::new()),
            Some(v) => match v.get_ref() {
                DeValue::Array(items) => items.iter().map(|i| self.nested(i)).collect(),
                _ => Err(self.wrong(v, &format!("a list of tables (`[[{key}]]`)"))),
            },
        }
    }

    /// The line of the page (from 1) on which the table begins.
    pub fn line(&self) -> usize {
        self.page.text[..self.page.definition.start + self.span.start].matches('\n').count() + 1
    }
}

/// A number, whatever its TOML kind.
pub fn number(value: &DeValue) -> Option<f64> {
    match value {
        DeValue::Integer(i) => {
            i64::from_str_radix(&i.as_str().replace('_', ""), i.radix()).ok().map(|n| n as f64)
        }
        DeValue::Float(f) => f.as_str().parse().ok(),
        _ => None,
    }
}

/// The known word that a misspelt one is nearest to.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|k| (strsim::jaro_winkler(word, k), k))
        .filter(|(score, _)| *score > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, k)| k)
}
