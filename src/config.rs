//! What `authlint.toml` says. Knows the shape of the file, not the disk it lies on, no rule, and not
//! how a scan uses the settings (`config::settings` does).

mod endpoints;
pub mod globs;
pub mod keys;
pub mod settings;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::endpoint::declared::Declarations;
use crate::finding::{Confidence, Severity};
use crate::source::Str;
use globs::Globs;
use keys::{KEYS, Key, Kind, OVERRIDE};

pub use keys::schema;
pub use settings::Settings;

/// The name of the file that is looked for.
pub const FILE_NAME: &str = "authlint.toml";

/// A word of the file and where it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: Str,
    pub range: Range<usize>,
}

#[derive(Clone, Debug, Default)]
pub struct Config {
    pub strict: Option<bool>,
    pub select: Vec<Word>,
    pub ignore: Vec<Word>,
    pub min_severity: Option<Severity>,
    pub min_confidence: Option<Confidence>,
    /// Checked: each one is a glob.
    pub exclude: Vec<Str>,
    /// Relative to the folder of the file.
    pub pages: Vec<Str>,
    /// Bytes.
    pub max_size: Option<u64>,
    pub limits: BTreeMap<Str, Limit>,
    pub overrides: Vec<Override>,
    /// Of endpoints.
    pub declarations: Declarations,
    name: String,
    text: String,
}

/// A number of `[limits]` and where its name stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    pub value: f64,
    pub range: Range<usize>,
}

#[derive(Clone, Debug, Default)]
pub struct Override {
    /// Checked: each one is a glob.
    pub paths: Vec<Str>,
    pub select: Vec<Word>,
    pub ignore: Vec<Word>,
}

/// A mistake in `authlint.toml`: the user's, and the span shows it.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub struct ConfigError {
    message: String,
    #[label("{label}")]
    span: SourceSpan,
    label: String,
    #[help]
    help: Option<String>,
    #[source_code]
    source_code: Arc<NamedSource<String>>,
}

/// Reads the text of `authlint.toml`; `name` is what errors call the file.
pub fn parse(text: &str, name: &str) -> Result<Config, ConfigError> {
    let mistake = |fault: Fault| fault.in_file(text, name);
    let top = DeTable::parse(text).map_err(|error| {
        let range = error.span().unwrap_or(0..0);
        mistake(Fault::new("this is not TOML", range, error.message().trim()))
    })?;
    let declarations = Declarations { file: name.into(), ..Declarations::default() };
    let mut config = Config { declarations, name: name.into(), text: text.into(), ..Config::default() };
    for (word, value) in in_order(top.get_ref()) {
        read_key(&mut config, word, value).map_err(mistake)?;
    }
    Ok(config)
}

impl Config {
    /// Are all rules and limits that the file names among those that exist?
    pub fn check_names<'a>(
        &self,
        rules: impl Iterator<Item = &'a str> + Clone,
        limits: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<(), ConfigError> {
        let mistake = |fault: Fault| fault.in_file(&self.text, &self.name);
        let words = self.select.iter().chain(&self.ignore);
        let more = self.overrides.iter().flat_map(|o| o.select.iter().chain(&o.ignore));
        for word in words.chain(more) {
            if !rules.clone().any(|id| rule_matches(&word.text, id)) {
                let label = format!("no rule is called `{}`", word.text);
                let help = suggestion(&word.text, rules.clone(), "rule")
                    .unwrap_or_else(|| "`authlint rules list` shows the rules".into());
                return Err(mistake(Fault::new("unknown rule", word.range.clone(), label).help(help)));
            }
        }
        for (limit, at) in &self.limits {
            if !limits.clone().any(|known| known == limit) {
                let label = format!("no rule has a limit called `{limit}`");
                let help = suggestion(limit, limits.clone(), "limit")
                    .unwrap_or_else(|| "`authlint explain RULE` shows the limits of a rule".into());
                return Err(mistake(Fault::new("unknown limit", at.range.clone(), label).help(help)));
            }
        }
        Ok(())
    }
}

/// Does what a user wrote for rules (`jwt-alg-none`, `jwt`, `jwt-*`) mean this rule?
pub fn rule_matches(written: &str, rule: &str) -> bool {
    if let Some(beginning) = written.strip_suffix('*') {
        return rule.starts_with(beginning);
    }
    rule.strip_prefix(written).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// "did you mean `x`?", if something known is near what was written.
pub fn suggestion<'a>(written: &str, known: impl Iterator<Item = &'a str>, what: &str) -> Option<String> {
    let written = written.trim_end_matches('*').to_lowercase().replace('_', "-");
    known
        .map(|word| (strsim::jaro_winkler(&written, &word.replace('_', "-")), word))
        .filter(|(nearness, _)| *nearness > 0.84)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, word)| format!("did you mean the {what} `{word}`?"))
}

/// `1048576`, `"1 MiB"`, `"500 KB"`; `None` when it is no size or 0.
pub fn size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim_start().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor).filter(|bytes| *bytes > 0)
}

/// A mistake before it knows the file it stands in.
struct Fault {
    message: &'static str,
    range: Range<usize>,
    label: String,
    help: Option<String>,
}

impl Fault {
    fn new(message: &'static str, range: Range<usize>, label: impl Into<String>) -> Self {
        Self { message, range, label: label.into(), help: None }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    fn in_file(self, text: &str, name: &str) -> ConfigError {
        let start = self.range.start.min(text.len());
        let end = self.range.end.clamp(start, text.len());
        ConfigError {
            message: format!("{name}: {}", self.message),
            span: (start, end - start).into(),
            label: self.label,
            help: self.help,
            source_code: Arc::new(NamedSource::new(name, text.to_string())),
        }
    }
}

type Entry<'a, 'i> = (&'a Spanned<Cow<'i, str>>, &'a Spanned<DeValue<'i>>);

/// The entries as the file has them, so that the first mistake of the file is the one reported.
fn in_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Entry<'a, 'i>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn read_key(
    config: &mut Config,
    word: &Spanned<Cow<'_, str>>,
    value: &Spanned<DeValue<'_>>,
) -> Result<(), Fault> {
    let key = find(word, KEYS)?;
    match key.name {
        "profile" => config.strict = Some(one_of(key, value)? == "strict"),
        "select" => config.select = words(key, value)?,
        "ignore" => config.ignore = words(key, value)?,
        "min-severity" => config.min_severity = severity(one_of(key, value)?),
        "min-confidence" => config.min_confidence = confidence(one_of(key, value)?),
        "exclude" => config.exclude = globs(key, value)?,
        "pages" => config.pages = words(key, value)?.into_iter().map(|w| w.text).collect(),
        "max-size" => config.max_size = Some(bytes(key, value)?),
        "limits" => config.limits = limits(key, value)?,
        "override" => config.overrides = overrides(key, value)?,
        "public" => config.declarations.public = endpoints::public(key, value, &config.text)?,
        "guard" => config.declarations.guards = endpoints::guards(key, value, &config.text)?,
        "principal" => config.declarations.principals = endpoints::names(key, value, &config.text)?,
        "owner" => config.declarations.owners = endpoints::names(key, value, &config.text)?,
        _ => return Err(unknown(word, KEYS)),
    }
    Ok(())
}

fn find<'k>(word: &Spanned<Cow<'_, str>>, keys: &'k [Key]) -> Result<&'k Key, Fault> {
    keys.iter().find(|key| key.name == word.get_ref()).ok_or_else(|| unknown(word, keys))
}

fn unknown(word: &Spanned<Cow<'_, str>>, keys: &[Key]) -> Fault {
    let name = word.get_ref();
    let known: Vec<String> = keys.iter().map(|key| format!("`{}`", key.name)).collect();
    let help = suggestion(name, keys.iter().map(|key| key.name), "key")
        .unwrap_or_else(|| format!("the keys here are {}", known.join(", ")));
    Fault::new("unknown key", word.span(), format!("there is no key `{name}`")).help(help)
}

fn wrong(key: &Key, value: &Spanned<DeValue<'_>>) -> Fault {
    let found = match value.get_ref() {
        DeValue::String(text) => format!("{:?}", text.as_ref()),
        DeValue::Array(_) => "a list".into(),
        DeValue::Table(_) => "a table".into(),
        DeValue::Integer(number) => number.as_str().into(),
        DeValue::Float(number) => number.as_str().into(),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(_) => "a date".into(),
    };
    let label = format!("`{}` wants {}, this is {found}", key.name, key.kind.wants());
    Fault::new("wrong value", value.span(), label).help(format!("for example\n{}", key.example))
}

fn one_of<'v>(key: &Key, value: &'v Spanned<DeValue<'_>>) -> Result<&'v str, Fault> {
    let Kind::Word(legal) = key.kind else { return Err(wrong(key, value)) };
    let text = value.get_ref().as_str().ok_or_else(|| wrong(key, value))?;
    if legal.contains(&text) {
        return Ok(text);
    }
    let fault = wrong(key, value);
    match suggestion(text, legal.iter().copied(), "word") {
        Some(help) => Err(fault.help(help)),
        None => Err(fault),
    }
}

fn words(key: &Key, value: &Spanned<DeValue<'_>>) -> Result<Vec<Word>, Fault> {
    let list = value.get_ref().as_array().ok_or_else(|| wrong(key, value))?;
    let mut out = Vec::new();
    for item in list.iter() {
        match item.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => {
                out.push(Word { text: text.into(), range: item.span() });
            }
            _ => return Err(wrong(key, item)),
        }
    }
    Ok(out)
}

fn text_of<'v>(key: &Key, value: &'v Spanned<DeValue<'_>>) -> Result<&'v str, Fault> {
    let text = value.get_ref().as_str().filter(|text| !text.trim().is_empty());
    text.ok_or_else(|| wrong(key, value))
}

fn globs(key: &Key, value: &Spanned<DeValue<'_>>) -> Result<Vec<Str>, Fault> {
    let mut out = Vec::new();
    for word in words(key, value)? {
        if let Err(reason) = Globs::check(&word.text) {
            return Err(Fault::new("this glob cannot be read", word.range, reason));
        }
        out.push(word.text);
    }
    Ok(out)
}

fn bytes(key: &Key, value: &Spanned<DeValue<'_>>) -> Result<u64, Fault> {
    let read = match value.get_ref() {
        DeValue::Integer(number) if number.radix() == 10 => size(number.as_str()),
        DeValue::String(text) => size(text),
        _ => None,
    };
    read.ok_or_else(|| wrong(key, value))
}

fn limits(key: &Key, value: &Spanned<DeValue<'_>>) -> Result<BTreeMap<Str, Limit>, Fault> {
    let table = value.get_ref().as_table().ok_or_else(|| wrong(key, value))?;
    let mut out = BTreeMap::new();
    for (name, value) in in_order(table) {
        let number = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse::<f64>().ok(),
            DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
            _ => None,
        };
        let value = number.filter(|n| n.is_finite() && *n >= 0.0).ok_or_else(|| {
            let label = format!("the limit `{}` wants a number from 0", name.get_ref());
            Fault::new("wrong value", value.span(), label)
        })?;
        out.insert(name.get_ref().as_ref().into(), Limit { value, range: name.span() });
    }
    Ok(out)
}

fn overrides(key: &Key, value: &Spanned<DeValue<'_>>) -> Result<Vec<Override>, Fault> {
    let list = value.get_ref().as_array().ok_or_else(|| wrong(key, value))?;
    let mut out = Vec::new();
    for item in list.iter() {
        let table = item.get_ref().as_table().ok_or_else(|| wrong(key, item))?;
        let mut entry = Override::default();
        for (word, value) in in_order(table) {
            let key = find(word, OVERRIDE)?;
            match key.name {
                "paths" => entry.paths = globs(key, value)?,
                "select" => entry.select = words(key, value)?,
                "ignore" => entry.ignore = words(key, value)?,
                _ => return Err(unknown(word, OVERRIDE)),
            }
        }
        if entry.paths.is_empty() {
            let label = "`paths` is missing: say which files this entry speaks of";
            return Err(Fault::new("incomplete override", item.span(), label).help(key.example));
        }
        out.push(entry);
    }
    Ok(out)
}

pub fn severity(word: &str) -> Option<Severity> {
    [Severity::Low, Severity::Medium, Severity::High, Severity::Critical]
        .into_iter()
        .find(|severity| severity.word() == word)
}

pub fn confidence(word: &str) -> Option<Confidence> {
    [Confidence::Low, Confidence::Medium, Confidence::High]
        .into_iter()
        .find(|confidence| confidence.word() == word)
}
