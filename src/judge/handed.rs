//! What calls of the project's own functions hand over, by the names of the functions' parameters.
//! Knows no rule.

use std::collections::HashMap;

use crate::facts::{FileFacts, RegionId, Value, ValueId};
use crate::source::{Ecosystem, Str};

/// The parameters of functions by the functions' names, where one name means one list.
pub type Own<'f> = HashMap<(Ecosystem, &'f str), Option<Vec<&'f Str>>>;

pub fn own_functions<'f>(files: impl IntoIterator<Item = &'f FileFacts>) -> Own<'f> {
    let mut out = Own::new();
    for facts in files {
        for function in facts.functions.iter().filter(|f| !f.name.is_empty()) {
            let receiver = |name: &str| matches!(name, "self" | "cls");
            let skipped = usize::from(function.params.first().is_some_and(|p| receiver(&p.name)));
            let params: Vec<&Str> = function.params.iter().skip(skipped).map(|p| &p.name).collect();
            out.entry((facts.ecosystem, function.name.as_str()))
                .and_modify(|known| {
                    if known.as_ref() != Some(&params) {
                        *known = None;
                    }
                })
                .or_insert(Some(params));
        }
    }
    out
}

/// Texts that calls of the project's own functions hand over in a row, with the parameters' names.
pub fn handed_over<'f>(own: &Own<'f>, facts: &'f FileFacts) -> Vec<(&'f Str, ValueId, RegionId)> {
    let mut out = Vec::new();
    let here = own_functions([facts]);
    for call in &facts.calls {
        let (Value::Name(name) | Value::Field(_, name)) = facts.value(call.callee) else { continue };
        // What is only held against something is kept nowhere.
        let holds = ["verify", "check", "compare", "validate", "matches", "is"];
        if super::words(name).iter().any(|w| holds.contains(&w.as_str())) {
            continue;
        }
        let key = (facts.ecosystem, name.as_str());
        let Some(Some(params)) = here.get(&key).or_else(|| own.get(&key)) else { continue };
        let plain = call.args.iter().take_while(|a| a.name.is_none() && !a.spread);
        out.extend(plain.zip(params).map(|(arg, param)| (*param, arg.value, call.region)));
    }
    out
}
