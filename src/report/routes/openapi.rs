//! The inventory as an OpenAPI 3.1 document. What the format has no word for stands below
//! `x-authlint`: answers and guards of an operation, and endpoints without an address of their own.
//! `ANY` becomes every usual method that no other route of the address answers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::endpoint::address::{FIELDS, shape};
use crate::endpoint::survey::Survey;
use crate::endpoint::{Answer, Endpoint, InputFrom};

use super::super::json_text;
use super::{json, one_line};

/// The methods an operation may have, and what `ANY` stands for.
const OPERATIONS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];
const USUAL: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// How callers prove who they are; the inventory knows that they must, not how.
const SCHEME: &str = "authenticated";

pub fn render(survey: &Survey, shown: &[&Endpoint]) -> String {
    let mut unplaced = Vec::new();
    // By shape: addresses that differ in the names of parameters only are one address to the format.
    let mut paths: BTreeMap<String, (String, Map<String, Value>)> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    let (any, exact): (Vec<&Endpoint>, Vec<&Endpoint>) = shown.iter().partition(|e| e.method == "ANY");
    for endpoint in exact {
        let method = endpoint.method.to_lowercase();
        match OPERATIONS.contains(&method.as_str()).then(|| address(endpoint)).flatten() {
            Some((path, parameters)) => {
                let (key, item) =
                    paths.entry(shape(&endpoint.path)).or_insert_with(|| (path.clone(), Map::new()));
                let parameters = if *key == path { parameters } else { parameters_of(key) };
                put(item, &method, operation(survey, endpoint, &method, key, &parameters, &mut ids));
            }
            None => unplaced.push(unplaced_form(survey, endpoint)),
        }
    }
    for endpoint in any {
        let Some((path, parameters)) = address(endpoint) else {
            unplaced.push(unplaced_form(survey, endpoint));
            continue;
        };
        let (key, item) = paths.entry(shape(&endpoint.path)).or_insert_with(|| (path.clone(), Map::new()));
        let parameters = if *key == path { parameters } else { parameters_of(key) };
        for method in USUAL {
            if !item.contains_key(method) {
                let operation = operation(survey, endpoint, method, key, &parameters, &mut ids);
                item.insert(method.into(), operation);
            }
        }
    }
    let mut all = Map::new();
    for (path, item) in paths.into_values() {
        all.insert(path, Value::Object(item));
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Endpoints",
            "version": "0",
            "description": "Written from the source by authlint; `x-authlint` says who may call what, and why.",
        },
        "paths": all,
        "components": {
            "securitySchemes": {
                SCHEME: {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "Callers must prove who they are. How they do is not part of the inventory.",
                }
            }
        },
        "x-authlint": { "version": json::VERSION, "problems": json::problems(survey) },
    });
    if !unplaced.is_empty() {
        document["x-authlint"]["unplaced"] = Value::Array(unplaced);
    }
    json_text(&document)
}

/// A second route of the same method and address cannot be an operation of its own.
fn put(item: &mut Map<String, Value>, method: &str, operation: Value) {
    match item.get_mut(method) {
        None => {
            item.insert(method.into(), operation);
        }
        Some(first) => {
            if let Some(also) = first["x-authlint"].as_object_mut() {
                let more = also.entry("also").or_insert_with(|| json!([]));
                if let Some(more) = more.as_array_mut() {
                    more.push(operation["x-authlint"].clone());
                }
            }
        }
    }
}

/// The path as the format writes it and its parameters; none when a part of it is unknown.
fn address(endpoint: &Endpoint) -> Option<(String, Vec<String>)> {
    let is_known = endpoint.path.starts_with('/') && !endpoint.path.contains('…');
    if !is_known || FIELDS.contains(&endpoint.method.as_str()) {
        return None;
    }
    let path = one_line(&endpoint.path).replace("*}", "}");
    let parameters = parameters_of(&path);
    Some((path, parameters))
}

fn parameters_of(path: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for part in path.split('{').skip(1) {
        let Some((name, _)) = part.split_once('}') else { continue };
        if !out.iter().any(|known| known == name) {
            out.push(name.into());
        }
    }
    out
}

fn operation(
    survey: &Survey,
    endpoint: &Endpoint,
    method: &str,
    path: &str,
    parameters: &[String],
    ids: &mut BTreeSet<String>,
) -> Value {
    let mut out = Map::new();
    out.insert("operationId".into(), json!(operation_id(method, path, ids)));
    let mut all: Vec<Value> = parameters.iter().map(|name| parameter("path", name, true)).collect();
    for input in &endpoint.inputs {
        let place = match input.from {
            InputFrom::Query => "query",
            InputFrom::Cookie => "cookie",
            InputFrom::Header if !is_described_elsewhere(&input.name) => "header",
            _ => continue,
        };
        let one = parameter(place, &input.name, false);
        if !all.contains(&one) {
            all.push(one);
        }
    }
    if !all.is_empty() {
        out.insert("parameters".into(), Value::Array(all));
    }
    let secured = json!({ SCHEME: [] });
    match endpoint.authentication {
        Answer::Yes => out.insert("security".into(), json!([secured])),
        Answer::Optional => out.insert("security".into(), json!([{}, secured])),
        Answer::No | Answer::Na => out.insert("security".into(), json!([])),
        // Nothing is said.
        Answer::Unknown => None,
    };
    out.insert("responses".into(), json!({ "default": { "description": "not part of the inventory" } }));
    out.insert("x-authlint".into(), extension(survey, endpoint));
    Value::Object(out)
}

fn parameter(place: &str, name: &str, required: bool) -> Value {
    json!({ "name": name, "in": place, "required": required, "schema": { "type": "string" } })
}

/// Header parameters of these names are ignored by definition.
fn is_described_elsewhere(header: &str) -> bool {
    ["accept", "content-type", "authorization"].contains(&header.to_lowercase().as_str())
}

fn operation_id(method: &str, path: &str, ids: &mut BTreeSet<String>) -> String {
    let words = path.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let id: String = std::iter::once(method).chain(words).collect::<Vec<_>>().join("_");
    let mut unique = id.clone();
    let mut n = 2;
    while !ids.insert(unique.clone()) {
        unique = format!("{id}_{n}");
        n += 1;
    }
    unique
}

/// What the JSON form says of an endpoint, but for what the operation says itself.
fn extension(survey: &Survey, endpoint: &Endpoint) -> Value {
    let mut form = serde_json::to_value(json::endpoint(survey, endpoint)).unwrap_or_default();
    if let Some(form) = form.as_object_mut() {
        if endpoint.method != "ANY" {
            form.shift_remove("method");
        }
        form.shift_remove("path");
    }
    form
}

fn unplaced_form(survey: &Survey, endpoint: &Endpoint) -> Value {
    serde_json::to_value(json::endpoint(survey, endpoint)).unwrap_or_default()
}
