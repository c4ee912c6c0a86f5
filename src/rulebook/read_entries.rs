//! The entries of a model page that are about assignments, documents, variables, names and formats.

use crate::concepts::Concept;
use crate::source::Str;

use super::check::Pattern;
use super::model::*;
use super::read::{Fields, Result};
use super::read_model::{Aliases, aliases, concept, literal, roles, sources};

type Judged = (&'static Concept, Vec<Test>, Vec<(Str, Spec)>);

/// `is`, `let`, `when`, and the roles: all other keys.
pub fn judged(fields: &Fields) -> Result<Judged> {
    let Some(v) = fields.get("is") else {
        return Err(fields.page.error_at("`is` is missing", fields.span.clone(), None));
    };
    let concept = concept(fields, v)?;
    let aliases = aliases(fields)?;
    let when = tests(fields, "when", &aliases)?;
    Ok((concept, when, roles(fields, Some(concept), &aliases)?))
}

/// What places hold: each line of a table `when` or `unless`.
pub fn tests(fields: &Fields, table: &'static str, aliases: &Aliases) -> Result<Vec<Test>> {
    let mut out = Vec::new();
    let Some(v) = fields.get(table) else { return Ok(out) };
    for (key, span, v) in fields.nested(v)?.rest() {
        let literals = match v.get_ref() {
            toml::de::DeValue::Array(items) => {
                items.iter().map(|i| literal(fields, i)).collect::<Result<Vec<_>>>()?
            }
            _ => vec![literal(fields, v)?],
        };
        out.push(Test { places: sources(fields, key, span, aliases)?, literals });
    }
    Ok(out)
}

pub fn write(fields: &Fields) -> Result<WriteModel> {
    let paths = fields.texts("path")?;
    let (concept, when, roles) = judged(fields)?;
    Ok(WriteModel { paths, concept, when, roles, line: fields.line() })
}

pub fn variable(fields: &Fields) -> Result<VariableModel> {
    let names = fields.texts("name")?;
    let (concept, _, roles) = judged(fields)?;
    Ok(VariableModel { names, concept, roles, line: fields.line() })
}

pub fn encoding(fields: &Fields) -> Result<Option<Encoding>> {
    match fields.get("encoding") {
        None => Ok(None),
        Some(v) if fields.as_text(v)? == "base64" => Ok(Some(Encoding::Base64)),
        Some(v) => Err(fields.wrong(v, "\"base64\"")),
    }
}

pub fn name(fields: &Fields) -> Result<NameModel> {
    let split = |texts: Vec<Str>| -> Vec<Vec<String>> {
        texts.iter().map(|t| t.split_whitespace().map(str::to_lowercase).collect()).collect()
    };
    let out = NameModel {
        kind: fields.required("kind")?,
        words: split(fields.texts("words")?),
        not: split(fields.texts("not")?),
        beside: split(fields.texts("beside")?),
        line: fields.line(),
    };
    fields.finish()?;
    Ok(out)
}

pub fn guard(fields: &Fields) -> Result<GuardModel> {
    let out = GuardModel {
        bases: fields.texts("base")?,
        methods: fields.texts("method")?,
        last: fields.texts("last")?,
        verdict: fields.flag("verdict")?,
        answers: fields.flag("answers")?,
        proves: fields.flag("proves")?,
        line: fields.line(),
    };
    fields.finish()?;
    Ok(out)
}

pub fn record(fields: &Fields) -> Result<RecordModel> {
    let (field, paths) = (fields.required("field")?, fields.texts("path")?);
    let (concept, _, roles) = judged(fields)?;
    Ok(RecordModel { field, paths, concept, roles, line: fields.line() })
}

pub fn file(fields: &Fields) -> Result<FileModel> {
    let Some(is) = fields.get("is") else {
        return Err(fields.page.error_at("`is` is missing", fields.span.clone(), None));
    };
    let mut exports = Vec::new();
    if let Some(v) = fields.get("export") {
        for (name, _, v) in fields.nested(v)?.rest() {
            exports.push((Str::new(name), fields.as_text(v)?));
        }
    }
    let out = FileModel {
        concept: concept(fields, is)?,
        below: fields.texts("below")?,
        names: fields.texts("name")?,
        index: fields.texts("index")?,
        hidden: fields.texts("hidden")?,
        not: fields.texts("not")?,
        split: fields.text("split")?.unwrap_or_default(),
        parameter: fields.text("parameter")?.unwrap_or_default(),
        at: fields.text("at")?.unwrap_or_default(),
        exports,
        paths: fields.text("paths")?.map(|p| p.split('.').map(Str::new).collect()).unwrap_or_default(),
        line: fields.line(),
    };
    fields.finish()?;
    Ok(out)
}

pub fn directive(fields: &Fields) -> Result<DirectiveModel> {
    let out = DirectiveModel {
        text: fields.required("text")?,
        method: fields.required("method")?,
        line: fields.line(),
    };
    fields.finish()?;
    Ok(out)
}

pub fn table(fields: &Fields) -> Result<TableModel> {
    let places = |key: &'static str| -> Result<Vec<Source>> {
        match fields.get(key) {
            Some(v) => sources(fields, &fields.as_text(v)?, v.span(), &Vec::new()),
            None => Ok(Vec::new()),
        }
    };
    let out = TableModel {
        names: fields.texts("name")?,
        root: places("root")?,
        guard: places("guard")?,
        line: fields.line(),
    };
    fields.finish()?;
    Ok(out)
}

pub fn controller(fields: &Fields) -> Result<ControllerModel> {
    let mut answers = Vec::new();
    if let Some(v) = fields.get("answers") {
        for (method, _, v) in fields.nested(v)?.rest() {
            answers.extend(fields.as_texts(v)?.into_iter().map(|says| (Str::new(method), says)));
        }
    }
    let out = ControllerModel {
        bases: fields.texts("base")?,
        answers,
        inherited: fields.texts("inherited")?,
        at: fields.texts("at")?,
        guards: fields.texts("guard")?,
        otherwise: fields.texts("otherwise")?,
        verbs: fields.texts("verbs")?,
        makers: fields.texts("made_by")?,
        before: fields.texts("before")?,
        decides: fields.texts("decides")?,
        chosen_by: fields.texts("chosen_by")?,
        line: fields.line(),
    };
    fields.finish()?;
    Ok(out)
}

pub fn operations(fields: &Fields) -> Result<OperationsModel> {
    let out = OperationsModel {
        paths: fields.required("paths")?,
        handler: fields.texts("handler")?,
        module: fields.texts("module")?,
        security: fields.required("security")?,
        schemes: fields.texts("schemes")?,
        check: fields.texts("check")?,
        base: fields.texts("base")?,
        line: fields.line(),
    };
    fields.finish()?;
    Ok(out)
}

pub fn credential(fields: &Fields) -> Result<CredentialModel> {
    let Some(v) = fields.get("pattern") else {
        return Err(fields.page.error_at("`pattern` is missing", fields.span.clone(), None));
    };
    let pattern = regex::Regex::new(&fields.as_text(v)?)
        .map_err(|e| fields.page.error_at(e.to_string(), v.span(), None))?;
    let checksum = match fields.get("checksum") {
        None => None,
        Some(v) if fields.as_text(v)? == "crc32-base62" => Some(Checksum::Crc32Base62),
        Some(v) => return Err(fields.wrong(v, "\"crc32-base62\"")),
    };
    let out = CredentialModel {
        kind: fields.required("kind")?,
        starts: fields.texts("starts")?,
        pattern: Pattern(pattern),
        public: fields.flag("public")?,
        checksum,
        line: fields.line(),
    };
    fields.finish()?;
    Ok(out)
}
