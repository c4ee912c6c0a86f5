//! A check page's definition to a `Check`.

use toml::Spanned;
use toml::de::DeValue;

use crate::concepts::{self, Concept, State};
use crate::finding::Severity;
use crate::source::Str;

use super::check::*;
use super::page::Page;
use super::read::{self, Fields, Result};

pub fn check(page: &Page) -> Result<Check> {
    read::definition(page, |top| {
        let severity = match top.required("severity")?.as_str() {
            "low" => Severity::Low,
            "medium" => Severity::Medium,
            "high" => Severity::High,
            "critical" => Severity::Critical,
            _ => return Err(page.error("`severity` is low, medium, high or critical", None)),
        };
        let mut cwe = Vec::new();
        if let Some(v) = top.get("cwe") {
            let DeValue::Array(items) = v.get_ref() else { return Err(top.wrong(v, "a list of numbers")) };
            for item in items.iter() {
                let number = read::number(item.get_ref()).ok_or_else(|| top.wrong(item, "a number"))?;
                cwe.push(number as u32);
            }
        }
        let wording = Wording {
            says: top.text("says")?.unwrap_or_default().to_string(),
            why: top.text("because")?.unwrap_or_default().to_string(),
            fix: top.text("fix")?.unwrap_or_default().to_string(),
            at: top.text("at")?,
        };
        let mut out = Check {
            id: page.title.as_str().into(),
            title: page.lead.clone(),
            severity,
            advice: top.flag("advice")?,
            references: References {
                cwe,
                owasp: top.texts("owasp")?,
                api: top.texts("api")?,
                rfc: top.texts("rfc")?,
            },
            why: page.section("Why").to_string(),
            fix: page.section("Fix").to_string(),
            prompt: page.section("Prompt").to_string(),
            further: page.section("References").to_string(),
            wording,
            limits: limits(top)?,
            merge: top.text("merge")?,
            words: top.texts("words")?,
            spares: spares(top)?,
            variants: variants(top)?,
            judgement: judgement(top)?,
            also: top.text("also")?,
        };
        parts(top, &mut out)?;
        top.finish()?;
        for (name, text) in [("Why", &out.why), ("Fix", &out.fix), ("Prompt", &out.prompt)] {
            if text.is_empty() {
                return Err(page.error(format!("the section `## {name}` is missing"), None));
            }
        }
        Ok(out)
    })
}

/// `spares = ["jwt.sign key"]`
fn spares(top: &Fields) -> Result<Vec<(&'static Concept, Str)>> {
    let Some(v) = top.get("spares") else { return Ok(Vec::new()) };
    let role = |text: &Str| {
        let (concept, role) = text.split_once(' ')?;
        let concept = concepts::concept(concept)?;
        concept.role(role).map(|r| (concept, Str::new(r.name)))
    };
    let texts = top.as_texts(v)?;
    texts.iter().map(|t| role(t).ok_or_else(|| top.wrong(v, "a list of `concept role`"))).collect()
}

fn limits(top: &Fields) -> Result<std::collections::BTreeMap<Str, Limit>> {
    let mut out = std::collections::BTreeMap::new();
    let Some(v) = top.get("limits") else { return Ok(out) };
    let table = top.nested(v)?;
    for (key, _, v) in table.rest() {
        let limit = match v.get_ref() {
            DeValue::Array(_) => Limit::Words(table.as_texts(v)?),
            other => {
                let number =
                    read::number(other).ok_or_else(|| table.wrong(v, "a number or a list of words"))?;
                match span_of(key) {
                    Some(seconds) => Limit::Span(number * seconds),
                    None => Limit::Number(number),
                }
            }
        };
        out.insert(Str::new(key), limit);
    }
    Ok(out)
}

/// Limits whose name ends in a unit of time are spans.
pub fn span_of(name: &str) -> Option<f64> {
    let (_, unit) = name.rsplit_once('_')?;
    match unit {
        "seconds" => Some(1.0),
        "minutes" => Some(60.0),
        "hours" => Some(3_600.0),
        "days" => Some(86_400.0),
        _ => None,
    }
}

/// `[[part]]`: its conditions hold beside those of the page, its words take their place.
fn parts(top: &Fields, check: &mut Check) -> Result<()> {
    let tables = top.tables("part")?;
    let whole = check.clone();
    let Judgement::When(judged) = &mut check.judgement else { return Ok(()) };
    for fields in tables {
        let own = |key: &'static str, otherwise: Condition| match fields.get(key) {
            None => Ok(otherwise),
            Some(v) => condition(&fields, v, &judged.on),
        };
        let (when, unless) = (own("when", Condition::yes())?, own("unless", Condition::no())?);
        let (doubt, grave) = (own("doubt", Condition::no())?, own("grave", Condition::no())?);
        let text = |key: &'static str, otherwise: &str| -> Result<String> {
            Ok(fields.text(key)?.map_or_else(|| otherwise.to_string(), |t| t.to_string()))
        };
        let wording = Wording {
            says: text("says", &whole.wording.says)?,
            why: text("because", &whole.wording.why)?,
            fix: text("fix", &whole.wording.fix)?,
            at: fields.text("at")?.or_else(|| whole.wording.at.clone()),
        };
        let merge = fields.text("merge")?.or_else(|| whole.merge.clone());
        fields.finish()?;
        let judgement = Judgement::When(Box::new(When {
            on: judged.on.clone(),
            when: Condition::All(vec![judged.when.clone(), when]),
            unless: Condition::Any(vec![judged.unless.clone(), unless]),
            doubt: Condition::Any(vec![judged.doubt.clone(), doubt]),
            grave: Condition::Any(vec![judged.grave.clone(), grave]),
            parts: Vec::new(),
        }));
        judged.parts.push(Check { judgement, wording, merge, ..whole.clone() });
    }
    Ok(())
}

fn judgement(top: &Fields) -> Result<Judgement> {
    if top.flag("builtin")? {
        return Ok(Judgement::Builtin);
    }
    let analysis = top.text("analysis")?;
    let Some(on) = top.get("on") else {
        return analysis.map(|name| Judgement::Analysis(name, Vec::new())).ok_or_else(|| {
            top.page.error("a check needs `on = \"concept\"` or `analysis = \"name\"`", None)
        });
    };
    let concepts = concepts_of(top, on)?;
    if let Some(name) = analysis {
        return Ok(Judgement::Analysis(name, concepts));
    }
    let part = |key: &'static str, otherwise: Condition| match top.get(key) {
        None => Ok(otherwise),
        Some(v) => condition(top, v, &concepts),
    };
    let mut when = part("when", Condition::yes())?;
    let cases: Vec<Condition> = variants(top)?.into_iter().map(|v| v.when).collect();
    if !cases.is_empty() {
        when = Condition::All(vec![when, Condition::Any(cases)]);
    }
    Ok(Judgement::When(Box::new(When {
        when,
        unless: part("unless", Condition::no())?,
        doubt: part("doubt", Condition::no())?,
        grave: part("grave", Condition::no())?,
        on: concepts,
        parts: Vec::new(),
    })))
}

fn concepts_of(top: &Fields, on: &Spanned<DeValue>) -> Result<Vec<&'static Concept>> {
    let mut out = Vec::new();
    for name in top.as_texts(on)? {
        out.push(concepts::concept(&name).ok_or_else(|| {
            let near = read::nearest(&name, concepts::CONCEPTS.iter().map(|c| c.name))
                .map(|n| format!("did you mean `{n}`?"));
            top.page.error_at(format!("there is no concept `{name}`"), on.span(), near)
        })?);
    }
    Ok(out)
}

/// `[[variant]]`: cases with sentences of their own.
fn variants(top: &Fields) -> Result<Vec<Variant>> {
    let on = top.get("on").map_or(Ok(Vec::new()), |on| concepts_of(top, on))?;
    let mut out = Vec::new();
    for case in top.tables("variant")? {
        let Some(when) = case.get("when") else {
            return Err(case.page.error_at("`when` is missing", case.span.clone(), None));
        };
        out.push(Variant {
            when: condition(&case, when, &on)?,
            says: case.text("says")?.map(Into::into),
            why: case.text("because")?.map(Into::into),
            fix: case.text("fix")?.map(Into::into),
        });
        case.finish()?;
    }
    Ok(out)
}

fn condition(fields: &Fields, value: &Spanned<DeValue>, on: &[&'static Concept]) -> Result<Condition> {
    let list = |v: &Spanned<DeValue>| match v.get_ref() {
        DeValue::Array(items) => items.iter().map(|i| condition(fields, i, on)).collect::<Result<Vec<_>>>(),
        _ => Err(fields.wrong(v, "a list of conditions")),
    };
    let DeValue::Table(table) = value.get_ref() else { return Err(fields.wrong(value, "a table of roles")) };
    let mut all = Vec::new();
    for (key, v) in table.iter() {
        match key.get_ref().as_ref() {
            "all" => all.extend(list(v)?),
            "any" => all.push(Condition::Any(list(v)?)),
            "not" => all.push(Condition::Not(Box::new(condition(fields, v, on)?))),
            role => {
                if role != "place" && on.iter().all(|c| c.role(role).is_none()) {
                    return Err(fields.unknown(
                        role,
                        key.span(),
                        on.iter().flat_map(|c| c.roles).map(|r| r.name),
                    ));
                }
                for test in tests(fields, v)? {
                    all.push(Condition::Role { role: Str::new(role), test });
                }
            }
        }
    }
    Ok(match all.len() {
        1 => all.remove(0),
        _ => Condition::All(all),
    })
}

fn tests(fields: &Fields, value: &Spanned<DeValue>) -> Result<Vec<Test>> {
    if !matches!(value.get_ref(), DeValue::Table(_)) {
        let words = fields.as_texts(value)?;
        let states = words.iter().map(|w| State::parse(w)).collect::<Option<Vec<_>>>();
        return match states {
            Some(states) => Ok(vec![Test::State(states)]),
            None => Err(fields.wrong(value, "a state or a test such as { known = true }")),
        };
    }
    let table = fields.nested(value)?;
    let mut out = Vec::new();
    let pair = |v: &Spanned<DeValue>| -> Result<(Str, Str)> {
        match table.as_texts(v)?.as_slice() {
            [a, b] => Ok((a.clone(), b.clone())),
            _ => Err(table.wrong(v, "[concept, role]")),
        }
    };
    if table.find("known").is_some() {
        out.push(Test::Known(table.flag("known")?));
    }
    for (key, make) in [
        ("state", None),
        ("is", Some(Test::Is as fn(Vec<Str>) -> Test)),
        ("contains", Some(Test::Contains as fn(Vec<Str>) -> Test)),
        ("has_field", Some(Test::HasField as fn(Vec<Str>) -> Test)),
        ("named", Some(Test::Named as fn(Vec<Str>) -> Test)),
        ("asked", Some(Test::Asked as fn(Vec<Str>) -> Test)),
        ("called", Some(Test::Called as fn(Vec<Str>) -> Test)),
        ("file_has", Some(Test::FileHas as fn(Vec<Str>) -> Test)),
        ("part_has", Some(Test::PartHas as fn(Vec<Str>) -> Test)),
        ("near", Some(Test::Near as fn(Vec<Str>) -> Test)),
        ("holds", Some(Test::Holds as fn(Vec<Str>) -> Test)),
    ] {
        let Some(v) = table.get(key) else { continue };
        match make {
            Some(make) => out.push(make(table.as_texts(v)?)),
            None => out.extend(tests(fields, v)?),
        }
    }
    if let Some(v) = table.get("mixes") {
        let DeValue::Array(items) = v.get_ref() else { return Err(table.wrong(v, "[[…], […]]")) };
        let groups = items.iter().map(|i| table.as_texts(i)).collect::<Result<Vec<_>>>()?;
        match groups.as_slice() {
            [a, b] => out.push(Test::Mixes(a.clone(), b.clone())),
            _ => return Err(table.wrong(v, "two groups")),
        }
    }
    if let Some(v) = table.get("shorter_than") {
        out.push(Test::ShorterThan(amount(&table, v)?));
    }
    if let Some(v) = table.get("over") {
        out.push(Test::Over(amount(&table, v)?));
    }
    if let Some(v) = table.get("grants") {
        out.push(Test::Grants(amount(&table, v)?));
    }
    if let Some(v) = table.get("under") {
        out.push(Test::Under(amount(&table, v)?));
    }
    for (key, make) in [
        ("matches", Test::Matches as fn(Pattern) -> Test),
        ("shaped", Test::Shaped as fn(Pattern) -> Test),
        ("path", Test::Path as fn(Pattern) -> Test),
    ] {
        let Some(v) = table.get(key) else { continue };
        let text = table.as_text(v)?;
        let regex =
            regex::Regex::new(&text).map_err(|e| table.page.error_at(e.to_string(), v.span(), None))?;
        out.push(make(Pattern(regex)));
    }
    if let Some(text) = table.text("lacks_text")? {
        out.push(Test::LacksText(text));
    }
    for (key, make) in [
        ("secret", Test::Secret as fn(bool) -> Test),
        ("credential", Test::Credential as fn(bool) -> Test),
        ("client", Test::Client as fn(bool) -> Test),
        ("debug", Test::Debug as fn(bool) -> Test),
        ("published", Test::Published as fn(bool) -> Test),
        ("throwaway", Test::Throwaway as fn(bool) -> Test),
    ] {
        if table.find(key).is_some() {
            out.push(make(table.flag(key)?));
        }
    }
    if let Some(v) = table.get("from") {
        let (concept, role) = pair(v)?;
        out.push(Test::From(concept, role));
    }
    if let Some(v) = table.text("shared_with")? {
        out.push(Test::SharedWith(v));
    }
    table.get("known");
    table.finish()?;
    Ok(out)
}

fn amount(fields: &Fields, value: &Spanned<DeValue>) -> Result<Amount> {
    match value.get_ref() {
        DeValue::String(name) => Ok(Amount::Limit(Str::new(name))),
        other => read::number(other)
            .map(Amount::Fixed)
            .ok_or_else(|| fields.wrong(value, "a number or the name of a limit")),
    }
}
