//! The one table of what may stand in `authlint.toml`. The reader, the schema, the suggestions and
//! the documentation are derived from it; it does not know what a setting does to a scan.

use serde_json::{Map, Value, json};

use crate::endpoint::address::{FIELDS, METHODS};

pub struct Key {
    pub name: &'static str,
    pub kind: Kind,
    /// One or two sentences for people.
    pub doc: &'static str,
    /// What holds when the key is absent, as the file would say it; empty when nothing does.
    pub default: &'static str,
    /// A line (or lines) that may stand in the file as they are.
    pub example: &'static str,
}

#[derive(Clone, Copy)]
pub enum Kind {
    /// One of these words.
    Word(&'static [&'static str]),
    /// Rule ids, areas (`jwt`) or beginnings (`jwt-*`).
    Rules,
    /// Globs as a `.gitignore` has them, relative to the folder of the file.
    Globs,
    /// Folders, relative to the folder of the file.
    Folders,
    /// A number of bytes, or a text with a unit: `"2 MB"`.
    Size,
    /// A table of numbers whose names the rules' pages declare.
    Limits,
    /// Endpoints as `endpoint::address::Pattern` reads them.
    Endpoints,
    /// Names or expressions, one word each.
    Names,
    /// One name.
    Name,
    Truth,
    /// A list of tables with these keys: the one that each must have, and how many it has at least.
    Tables {
        keys: &'static [Key],
        required: &'static str,
        least: usize,
    },
}

pub const SEVERITIES: &[&str] = &["low", "medium", "high", "critical"];
pub const CONFIDENCES: &[&str] = &["low", "medium", "high"];
pub const PROFILES: &[&str] = &["default", "strict"];

pub const KEYS: &[Key] = &[
    Key {
        name: "profile",
        kind: Kind::Word(PROFILES),
        doc: "`strict` also reports advice and what the analysis is not sure of.",
        default: "\"default\"",
        example: "profile = \"strict\"",
    },
    Key {
        name: "select",
        kind: Kind::Rules,
        doc: "Report only these rules. An id, an area such as `jwt`, or a beginning such as `jwt-aud*`. An advice rule that is named by its full id is reported in every profile.",
        default: "every rule",
        example: "select = [\"jwt\", \"auth-fails-open\"]",
    },
    Key {
        name: "ignore",
        kind: Kind::Rules,
        doc: "Never report these rules. Wins over `select`.",
        default: "[]",
        example: "ignore = [\"jwt-missing-claims\"]",
    },
    Key {
        name: "min-severity",
        kind: Kind::Word(SEVERITIES),
        doc: "Leave out findings that are less severe.",
        default: "\"low\"",
        example: "min-severity = \"medium\"",
    },
    Key {
        name: "min-confidence",
        kind: Kind::Word(CONFIDENCES),
        doc: "Leave out findings of which the analysis is less sure. The strict profile begins at `low`.",
        default: "\"medium\"",
        example: "min-confidence = \"high\"",
    },
    Key {
        name: "exclude",
        kind: Kind::Globs,
        doc: "Files and folders that are not scanned, beyond what `.gitignore` leaves out.",
        default: "[]",
        example: "exclude = [\"vendor/\", \"**/*.generated.ts\"]",
    },
    Key {
        name: "pages",
        kind: Kind::Folders,
        doc: "Folders with rule and library pages of your own, beside those that are built in.",
        default: "[]",
        example: "pages = [\"security/authlint\"]",
    },
    Key {
        name: "max-size",
        kind: Kind::Size,
        doc: "Leave out files that are larger. Bytes, or a text with a unit (KB, MB, KiB, MiB). Files that are left out are counted in the summary.",
        default: "\"1 MiB\"",
        example: "max-size = \"2 MB\"",
    },
    Key {
        name: "public",
        kind: Kind::Endpoints,
        doc: "Endpoints that are open on purpose: a method and a path, or a path alone for every method. `*` stands for a segment or a part of one, `**` for any number of segments, `{id}` or `:id` for a parameter, whatever it is called. A comment `authlint: public` on or above the line of a handler says the same of one endpoint.",
        default: "[]",
        example: "public = [\"GET /status\", \"/docs/**\"]",
    },
    Key {
        name: "principal",
        kind: Kind::Names,
        doc: "Expressions that hold who calls, where that cannot be read from the guards.",
        default: "[]",
        example: "principal = [\"req.actor.id\"]",
    },
    Key {
        name: "owner",
        kind: Kind::Names,
        doc: "Fields of records that say whose a record is.",
        default: "[]",
        example: "owner = [\"owner_id\", \"tenant_id\"]",
    },
    Key {
        name: "limits",
        kind: Kind::Limits,
        doc: "Thresholds of rules. `authlint explain RULE` shows the names that a rule knows and their defaults.",
        default: "as the rules' pages say",
        example: "[limits]\naccess_token_max_minutes = 15",
    },
    Key {
        name: "override",
        kind: Kind::Tables { keys: OVERRIDE, required: "paths", least: 1 },
        doc: "Turns rules on or off for some paths. May stand several times; where two speak of the same file and rule, the later one holds.",
        default: "",
        example: "[[override]]\npaths = [\"scripts/**\"]\nignore = [\"jwt-hardcoded-secret\"]",
    },
    Key {
        name: "guard",
        kind: Kind::Tables { keys: GUARD, required: "name", least: 2 },
        doc: "Says what a function, decorator or type does to a request where that cannot be read from it. May stand several times; where two speak of the same guard, the later one holds.",
        default: "",
        example: "[[guard]]\nname = \"requireUser\"\nauthentication = true",
    },
];

pub const GUARD: &[Key] = &[
    Key {
        name: "name",
        kind: Kind::Name,
        doc: "As the code calls it, or with the file that defines it: `src/auth.ts:requireUser`. Required.",
        default: "",
        example: "name = \"requireUser\"",
    },
    Key {
        name: "authentication",
        kind: Kind::Truth,
        doc: "It stops requests without valid credentials. Follows from `role` or `scope`; with `false`, and nothing else, it is said to be no guard.",
        default: "true with `role` or `scope`, else false",
        example: "authentication = true",
    },
    Key {
        name: "role",
        kind: Kind::Truth,
        doc: "It stops callers without a role or permission.",
        default: "false",
        example: "role = true",
    },
    Key {
        name: "scope",
        kind: Kind::Truth,
        doc: "It stops tokens without a scope.",
        default: "false",
        example: "scope = true",
    },
];

pub const OVERRIDE: &[Key] = &[
    Key {
        name: "paths",
        kind: Kind::Globs,
        doc: "The files that this entry speaks of. Required.",
        default: "",
        example: "paths = [\"scripts/**\"]",
    },
    Key {
        name: "select",
        kind: Kind::Rules,
        doc: "Report these rules here, although the file's own `select` or `ignore` leaves them out.",
        default: "[]",
        example: "select = [\"jwt-missing-claims\"]",
    },
    Key {
        name: "ignore",
        kind: Kind::Rules,
        doc: "Do not report these rules here.",
        default: "[]",
        example: "ignore = [\"jwt-hardcoded-secret\"]",
    },
];

impl Kind {
    /// What must stand on the right of the `=`, for messages and tables.
    pub fn wants(self) -> String {
        match self {
            Kind::Word(words) => {
                let quoted: Vec<String> = words.iter().map(|w| format!("\"{w}\"")).collect();
                format!("one of {}", quoted.join(", "))
            }
            Kind::Rules => "a list of rule ids".into(),
            Kind::Globs => "a list of globs".into(),
            Kind::Folders => "a list of folders".into(),
            Kind::Size => "a number of bytes or a text such as \"2 MB\"".into(),
            Kind::Limits => "a table of numbers".into(),
            Kind::Endpoints => "a list of endpoints such as \"GET /status\"".into(),
            Kind::Names => "a list of names".into(),
            Kind::Name => "a name".into(),
            Kind::Truth => "true or false".into(),
            Kind::Tables { .. } => "a list of tables".into(),
        }
    }

    fn schema(self) -> Value {
        let texts = || json!({ "type": "array", "items": { "type": "string", "minLength": 1 } });
        match self {
            Kind::Word(words) => json!({ "type": "string", "enum": words }),
            Kind::Rules | Kind::Globs | Kind::Folders => texts(),
            Kind::Size => json!({
                "oneOf": [
                    { "type": "integer", "minimum": 1 },
                    { "type": "string", "pattern": "^[0-9]+ ?([Kk]|[Mm]|[Gg])?([Ii]?[Bb])?$" },
                ]
            }),
            Kind::Limits => json!({
                "type": "object",
                "additionalProperties": { "type": "number", "minimum": 0 }
            }),
            Kind::Endpoints => {
                let (methods, fields) = (METHODS.join("|"), FIELDS.join("|"));
                let pattern = format!("^(({methods})\\s+)?/\\S*$|^({fields})\\s+\\S+$");
                json!({ "type": "array", "items": { "type": "string", "pattern": pattern } })
            }
            Kind::Names => json!({ "type": "array", "items": { "type": "string", "pattern": NAME } }),
            Kind::Name => json!({ "type": "string", "pattern": NAME }),
            Kind::Truth => json!({ "type": "boolean" }),
            Kind::Tables { keys, required, least } => {
                let mut entry = object(keys);
                entry.insert("required".into(), json!([required]));
                entry.insert("minProperties".into(), json!(least));
                json!({ "type": "array", "items": entry })
            }
        }
    }
}

/// One word, without parentheses and quotes.
const NAME: &str = "^[^\\s()\"'`,]+$";

/// The JSON schema (draft 7, which editors read for TOML) of `authlint.toml`.
pub fn schema() -> String {
    let mut top = Map::new();
    top.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
    top.insert("title".into(), json!("authlint.toml"));
    top.insert("description".into(), json!("Settings of authlint for one project."));
    top.extend(object(KEYS));
    format!("{:#}\n", Value::Object(top))
}

fn object(keys: &[Key]) -> Map<String, Value> {
    let mut properties = Map::new();
    for key in keys {
        let mut property = Map::new();
        property.insert("description".into(), json!(key.doc));
        if let Value::Object(kind) = key.kind.schema() {
            property.extend(kind);
        }
        properties.insert(key.name.into(), Value::Object(property));
    }
    let mut out = Map::new();
    out.insert("type".into(), json!("object"));
    out.insert("additionalProperties".into(), json!(false));
    out.insert("properties".into(), Value::Object(properties));
    out
}
