//! A model page's definition to a `Model`.

use toml::Spanned;
use toml::de::DeValue;

use crate::concepts::{self, Concept, State};
use crate::source::{Ecosystem, Str};

use super::model::*;
use super::page::Page;
use super::read::{self, Fields, Result};
use super::read_entries;
use super::version::Requirement;

pub fn model(page: &Page, ecosystem: Ecosystem) -> Result<Model> {
    read::definition(page, |top| {
        let package = top.text("package")?.unwrap_or_default();
        let mut modules = top.texts("module")?;
        if modules.is_empty() && !package.is_empty() {
            modules.push(match ecosystem {
                Ecosystem::Crates => package.replace('-', "_").into(),
                _ => package.clone(),
            });
        }
        let versions = requirement(top)?;
        let model = Model {
            page: page.path.clone(),
            ecosystem,
            package,
            modules,
            words: top.texts("words")?,
            side: match top.text("side")?.as_deref() {
                None => None,
                Some("client") => Some(Side::Client),
                Some("server") => Some(Side::Server),
                Some(_) => return Err(page.error("`side` is client or server", None)),
            },
            calls: top.tables("call")?.iter().map(|f| call(f, &versions)).collect::<Result<_>>()?,
            types: top.tables("type")?.iter().map(|f| type_model(f, &versions)).collect::<Result<_>>()?,
            values: top.tables("value")?.iter().map(value_model).collect::<Result<_>>()?,
            settings: top.tables("setting")?.iter().map(|f| setting(f, &versions)).collect::<Result<_>>()?,
            formats: top.texts("format")?,
            writes: top.tables("write")?.iter().map(read_entries::write).collect::<Result<_>>()?,
            variables: top.tables("variable")?.iter().map(read_entries::variable).collect::<Result<_>>()?,
            names: top.tables("name")?.iter().map(read_entries::name).collect::<Result<_>>()?,
            credentials: top
                .tables("credential")?
                .iter()
                .map(read_entries::credential)
                .collect::<Result<_>>()?,
            guards: top.tables("guard")?.iter().map(read_entries::guard).collect::<Result<_>>()?,
            records: top.tables("record")?.iter().map(read_entries::record).collect::<Result<_>>()?,
            files: top.tables("file")?.iter().map(read_entries::file).collect::<Result<_>>()?,
            directives: top
                .tables("directive")?
                .iter()
                .map(read_entries::directive)
                .collect::<Result<_>>()?,
            tables: top.tables("table")?.iter().map(read_entries::table).collect::<Result<_>>()?,
            operations: top
                .tables("operations")?
                .iter()
                .map(read_entries::operations)
                .collect::<Result<_>>()?,
            controllers: top
                .tables("controller")?
                .iter()
                .map(read_entries::controller)
                .collect::<Result<_>>()?,
        };
        top.finish()?;
        check_names(page, &model)?;
        Ok(model)
    })
}

/// Names that one entry uses must be there in another.
fn check_names(page: &Page, model: &Model) -> Result<()> {
    for call in &model.calls {
        if let Some(t) = &call.returns
            && !model.types.iter().any(|x| x.name == *t)
        {
            return Err(page.error(
                format!("`returns = \"{t}\"`: there is no [[type]] of that name on this page"),
                None,
            ));
        }
    }
    Ok(())
}

fn requirement(fields: &Fields) -> Result<Requirement> {
    match fields.get("versions") {
        None => Ok(Requirement::default()),
        Some(v) => {
            let text = fields.as_text(v)?;
            Requirement::parse(&text).ok_or_else(|| fields.wrong(v, "a requirement such as `>=2 <5`"))
        }
    }
}

fn entry_requirement(fields: &Fields, of_page: &Requirement) -> Result<Requirement> {
    let own = requirement(fields)?;
    Ok(if own.is_any() { of_page.clone() } else { own })
}

pub(super) fn concept(fields: &Fields, value: &Spanned<DeValue>) -> Result<&'static Concept> {
    let name = fields.as_text(value)?;
    concepts::concept(&name).ok_or_else(|| {
        let near = read::nearest(&name, concepts::CONCEPTS.iter().map(|c| c.name));
        fields.page.error_at(
            format!("there is no concept `{name}`"),
            value.span(),
            near.map(|n| format!("did you mean `{n}`?")),
        )
    })
}

fn call(fields: &Fields, of_page: &Requirement) -> Result<CallModel> {
    let mut paths = fields.texts("path")?;
    if paths.is_empty() {
        paths.push("default".into());
    }
    let label = fields.text("label")?.unwrap_or_default();
    let versions = entry_requirement(fields, of_page)?;
    let concept = fields.get("is").map(|v| concept(fields, v)).transpose()?;
    let returns = fields.text("returns")?;
    let aliases = aliases(fields)?;
    let mut when = Vec::new();
    if let Some(v) = fields.get("when") {
        for (key, span, v) in fields.nested(v)?.rest() {
            let wanted = match v.get_ref() {
                toml::de::DeValue::Array(items) => {
                    Literal::OneOf(items.iter().map(|i| literal(fields, i)).collect::<Result<Vec<_>>>()?)
                }
                _ => literal(fields, v)?,
            };
            for alternative in sources(fields, key, span, &aliases)? {
                when.push((alternative, wanted.clone()));
            }
        }
    }
    let roles = roles(fields, concept, &aliases)?;
    Ok(CallModel { label, paths, versions, concept, when, returns, roles, line: fields.line() })
}

pub(super) type Aliases = Vec<(Str, Vec<Source>)>;

/// `let = { options = "arg 3 or keyword options" }`
pub(super) fn aliases(fields: &Fields) -> Result<Aliases> {
    let mut out = Vec::new();
    if let Some(v) = fields.get("let") {
        for (key, _, v) in fields.nested(v)?.rest() {
            let text = fields.as_text(v)?;
            out.push((Str::new(key), sources(fields, &text, v.span(), &Vec::new())?));
        }
    }
    Ok(out)
}

fn type_model(fields: &Fields, of_page: &Requirement) -> Result<TypeModel> {
    let name = fields.required("name")?;
    let mut construct = fields.texts("construct")?;
    if construct.is_empty() {
        construct.push(name.clone());
    }
    let aliases = aliases(fields)?;
    let mut properties = Vec::new();
    if let Some(v) = fields.get("property") {
        for (key, _, v) in fields.nested(v)?.rest() {
            properties.push((Str::new(key), spec(fields, v, &aliases)?));
        }
    }
    let out = TypeModel {
        name,
        versions: entry_requirement(fields, of_page)?,
        construct,
        fluent: fields.flag("fluent")?,
        properties,
        env_fields: fields.flag("env_fields")?,
        line: fields.line(),
    };
    fields.finish()?;
    Ok(out)
}

fn value_model(fields: &Fields) -> Result<ValueModel> {
    let path = fields.required("path")?;
    let Some(v) = fields.get("is") else {
        return Err(fields.page.error_at("`is` is missing", fields.span.clone(), None));
    };
    let concept = concept(fields, v)?;
    let roles = roles(fields, Some(concept), &aliases(fields)?)?;
    Ok(ValueModel { path, concept, roles, line: fields.line() })
}

fn setting(fields: &Fields, of_page: &Requirement) -> Result<SettingModel> {
    let key = fields.text("key")?.unwrap_or_default();
    let versions = entry_requirement(fields, of_page)?;
    let (pairs, encoding) = (fields.text("pairs")?, read_entries::encoding(fields)?);
    let unless = read_entries::tests(fields, "unless", &aliases(fields)?)?;
    let (concept, when, roles) = read_entries::judged(fields)?;
    Ok(SettingModel { key, when, unless, pairs, encoding, versions, concept, roles, line: fields.line() })
}

/// Every remaining key is a role of the concept.
pub(super) fn roles(
    fields: &Fields,
    concept: Option<&'static Concept>,
    aliases: &Aliases,
) -> Result<Vec<(Str, Spec)>> {
    let mut out = Vec::new();
    for (key, span, v) in fields.rest() {
        let Some(concept) = concept else {
            return Err(fields.unknown(
                key,
                span,
                ["path", "is", "returns", "when", "versions", "let", "label"].into_iter(),
            ));
        };
        if concept.role(key).is_none() {
            return Err(fields.unknown(
                key,
                span,
                concept.roles.iter().map(|r| r.name).chain(["path", "is", "when", "versions", "returns"]),
            ));
        }
        out.push((Str::new(key), spec(fields, v, aliases)?));
    }
    if let Some(concept) = concept
        && matches!(concept.name, "jwt.verify")
    {
        for role in concept.roles.iter().filter(|r| r.present == State::Checked) {
            if !out.iter().any(|(name, _)| name == role.name) {
                return Err(fields.page.error_at(
                    format!("`{}` of `{}` is not said: {}", role.name, concept.name, role.doc),
                    fields.span.clone(),
                    Some(format!("say where it comes from, or a state: {} = \"unchecked\"", role.name)),
                ));
            }
        }
    }
    Ok(out)
}

/// `"arg 1"`, `"checked"`, `{ from = …, absent = … }`, or a list of these in order of precedence.
fn spec(fields: &Fields, value: &Spanned<DeValue>, aliases: &Aliases) -> Result<Spec> {
    let mut out = Spec::default();
    let items: Vec<&Spanned<DeValue>> = match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![value],
    };
    for item in items {
        match item.get_ref() {
            DeValue::String(text) => match State::parse(text) {
                Some(state) => {
                    out.alternatives.push(Alternative { state: Some(state), ..Alternative::default() })
                }
                None => out.alternatives.push(Alternative {
                    from: sources(fields, text, item.span(), aliases)?,
                    ..Alternative::default()
                }),
            },
            _ => {
                let table = fields.nested(item)?;
                if let Some(absent) = state(&table, "absent")? {
                    out.absent = Some(absent);
                }
                let alternative = alternative(&table, aliases)?;
                if !alternative.from.is_empty() || alternative.state.is_some() {
                    out.alternatives.push(alternative);
                }
            }
        }
    }
    Ok(out)
}

fn alternative(table: &Fields, aliases: &Aliases) -> Result<Alternative> {
    let text = table.text("text")?;
    let mut out = Alternative {
        state: state(table, "state")?.or(text.as_ref().map(|_| State::Set)),
        text,
        present: state(table, "present")?,
        ..Alternative::default()
    };
    if let Some(v) = table.get("from") {
        for text in table.as_texts(v)? {
            out.from.extend(sources(table, &text, v.span(), aliases)?);
        }
    }
    if let Some(v) = table.get("values") {
        for (key, span, v) in table.nested(v)?.rest() {
            let literal = word_literal(key);
            let word = table.as_text(v)?;
            if word == "next" {
                out.next.push(literal);
                continue;
            }
            let state = State::parse(&word)
                .ok_or_else(|| table.page.error_at(format!("`{key}` does not mean a state"), span, None))?;
            out.values.push((literal, state));
        }
    }
    for (name, list) in [("has", 0), ("lacks", 1)] {
        let Some(v) = table.get(name) else { continue };
        for (key, span, v) in table.nested(v)?.rest() {
            let state = State::parse(&table.as_text(v)?)
                .ok_or_else(|| table.page.error_at(format!("`{key}` does not mean a state"), span, None))?;
            let target = if list == 0 { &mut out.has } else { &mut out.lacks };
            target.push((Str::new(key), state));
        }
    }
    out.unit = unit(table, "unit")?;
    out.text_unit = unit(table, "text_unit")?;
    table.finish()?;
    Ok(out)
}

fn state(table: &Fields, key: &'static str) -> Result<Option<State>> {
    let Some(v) = table.get(key) else { return Ok(None) };
    let text = table.as_text(v)?;
    State::parse(&text)
        .map(Some)
        .ok_or_else(|| table.wrong(v, "a state: checked, unchecked, off, inferred, set, unset, unknown"))
}

fn unit(table: &Fields, key: &'static str) -> Result<Option<Unit>> {
    let Some(v) = table.get(key) else { return Ok(None) };
    let unit = match table.as_text(v)?.as_str() {
        "s" => Unit::Seconds,
        "ms" => Unit::Milliseconds,
        "min" => Unit::Minutes,
        "h" => Unit::Hours,
        "d" => Unit::Days,
        "w" => Unit::Weeks,
        "epoch s" => Unit::EpochSeconds,
        "epoch ms" => Unit::EpochMilliseconds,
        "span" => Unit::Span,
        _ => return Err(table.wrong(v, "a unit: s, ms, min, h, d, w, epoch s, epoch ms, span")),
    };
    Ok(Some(unit))
}

/// TOML keys are texts: `true`, `false`, `null`, numbers and `""` are read as what they look like.
fn word_literal(word: &str) -> Literal {
    match word {
        "true" => Literal::Bool(true),
        "false" => Literal::Bool(false),
        "null" => Literal::Null,
        "empty" => Literal::Empty,
        "absent" => Literal::Absent,
        "present" => Literal::Present,
        "module" => Literal::Module,
        "function" => Literal::Function,
        other => {
            match (other.parse::<f64>(), other.strip_prefix("part of "), other.strip_prefix("starts ")) {
                (Ok(n), ..) => Literal::Number(n),
                (_, Some(separator), _) => Literal::PartOf(Str::new(separator)),
                (.., Some(beginning)) => Literal::Starts(Str::new(beginning)),
                _ => Literal::Text(Str::new(other)),
            }
        }
    }
}

pub(super) fn literal(fields: &Fields, value: &Spanned<DeValue>) -> Result<Literal> {
    match value.get_ref() {
        DeValue::Boolean(b) => Ok(Literal::Bool(*b)),
        DeValue::String(t) => Ok(word_literal(t)),
        other => read::number(other).map(Literal::Number).ok_or_else(|| fields.wrong(value, "a literal")),
    }
}

/// `arg 2.audience or keyword audience`
pub(super) fn sources(
    fields: &Fields,
    text: &str,
    span: std::ops::Range<usize>,
    aliases: &Aliases,
) -> Result<Vec<Source>> {
    let mut out = Vec::new();
    for part in text.split(" or ") {
        let words: Vec<&str> = part.split_whitespace().collect();
        match source(&words, aliases) {
            Some(found) => out.extend(found),
            None => {
                return Err(fields.page.error_at(
                    format!("`{part}` is not a place to look"),
                    span,
                    Some("write `arg 1`, `arg 2.audience`, `rest 1`, `keyword algorithms`, `receiver`, `result.payload`, `generic 0`, `method set_x arg 0`, `field x`, `construct arg 0`, `setting KEY`, `env NAME`, `config LABEL arg 0`; in documents and assignments `value.x`, `name`, `root.x`, `up.x`, `up 2.x`".into()),
                ));
            }
        }
    }
    Ok(out)
}

fn source(words: &[&str], aliases: &Aliases) -> Option<Vec<Source>> {
    let dotted = |word: &str| {
        let mut parts = word.split('.');
        let first = Str::new(parts.next().unwrap_or_default());
        (first, parts.map(Str::new).collect::<Vec<_>>())
    };
    let one = |base, path| Some(vec![Source { base, path }]);
    match words {
        [single] => {
            let (first, path) = dotted(single);
            match first.as_str() {
                "receiver" => one(Base::Receiver, path),
                "result" => one(Base::Result, path),
                "args" => one(Base::Args, path),
                "value" => one(Base::Value, path),
                "root" => one(Base::Top, path),
                "up" => one(Base::Up(1), path),
                "name" => one(Base::Name(None), path),
                _ => {
                    let (_, sources) = aliases.iter().find(|(name, _)| *name == first)?;
                    Some(
                        sources
                            .iter()
                            .map(|s| {
                                let mut s = s.clone();
                                s.path.extend(path.clone());
                                s
                            })
                            .collect(),
                    )
                }
            }
        }
        ["arg", n] => {
            let (n, path) = dotted(n);
            one(Base::Arg(n.parse().ok()?), path)
        }
        ["rest", n] => one(Base::Rest(n.parse().ok()?), Vec::new()),
        ["generic", n] => {
            let (n, path) = dotted(n);
            one(Base::Generic(n.parse().ok()?), path)
        }
        ["up", n] => {
            let (n, path) = dotted(n);
            one(Base::Up(n.parse().ok().filter(|n| *n > 0)?), path)
        }
        ["keyword", name] => {
            let (name, path) = dotted(name);
            one(Base::Keyword(name), path)
        }
        ["field", name] => {
            let (name, path) = dotted(name);
            one(Base::Field(name), path)
        }
        ["construct", "arg", n] => {
            let (n, path) = dotted(n);
            one(Base::Construct(n.parse().ok()?), path)
        }
        ["construct", by, "arg", n] => {
            let (n, path) = dotted(n);
            one(Base::ConstructBy(Str::new(by), n.parse().ok()?), path)
        }
        ["construct", "keyword", name] => {
            let (name, path) = dotted(name);
            one(Base::ConstructKeyword(name), path)
        }
        ["method", name] => one(Base::Method(Str::new(name), usize::MAX), Vec::new()),
        ["method", name, "arg", n] => {
            let (n, path) = dotted(n);
            one(Base::Method(Str::new(name), n.parse().ok()?), path)
        }
        ["name", n] => one(Base::Name(Some(n.parse().ok()?)), Vec::new()),
        ["setting", key] => one(Base::Setting(key.split('.').map(Str::new).collect()), Vec::new()),
        ["env", name] => one(Base::Env(Str::new(name)), Vec::new()),
        ["config", id, rest @ ..] => {
            let inner = source(rest, &Vec::new())?.pop()?;
            one(Base::Config(Str::new(id), Box::new(inner.base)), inner.path)
        }
        _ => None,
    }
}
