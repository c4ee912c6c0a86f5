//! Facts as one line of text each, for `explain` and for tests. Knows no language.

use super::*;

/// `verify(token, {audience: "api"})`-like rendering of a value; cut off at `depth` levels.
pub fn value(facts: &FileFacts, id: ValueId, depth: u32) -> String {
    if depth == 0 {
        return "…".into();
    }
    let sub = |id: &ValueId| value(facts, *id, depth - 1);
    let list = |ids: &[ValueId], sep: &str| ids.iter().map(sub).collect::<Vec<_>>().join(sep);
    match facts.value(id) {
        Value::Text(t) => format!("{:?}", t.as_str()),
        Value::Number(n) => n.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::Null => "null".into(),
        Value::List(items) => format!("[{}]", list(items, ", ")),
        Value::Record(r) => {
            let name = r.type_ref.as_ref().map(sub).unwrap_or_default();
            let entries: Vec<_> = r
                .entries
                .iter()
                .map(|e| match &e.key {
                    Key::Text(k) => format!("{k}: {}", sub(&e.value)),
                    Key::Spread => format!("...{}", sub(&e.value)),
                    Key::Computed(k) => format!("[{}]: {}", sub(k), sub(&e.value)),
                })
                .collect();
            format!("{name}{{{}}}", entries.join(", "))
        }
        Value::Function(f) => format!("fn#{}", f.0),
        Value::Name(n) => n.to_string(),
        Value::Field(base, name) => format!("{}.{name}", sub(base)),
        Value::Result(c) => call(facts, *c, depth - 1),
        Value::Param(f, n) => format!("param {n} of fn#{}", f.0),
        Value::Join(parts) => format!("join({})", list(parts, " + ")),
        Value::Either(parts) => format!("either({})", list(parts, " | ")),
        Value::Unknown => "?".into(),
    }
}

pub fn call(facts: &FileFacts, id: CallId, depth: u32) -> String {
    if depth == 0 {
        return "…".into();
    }
    let c = facts.call(id);
    let args: Vec<_> = c
        .args
        .iter()
        .map(|a| {
            let v = value(facts, a.value, depth);
            match (&a.name, a.spread, a.double) {
                (Some(n), _, _) => format!("{n}={v}"),
                (None, true, true) => format!("**{v}"),
                (None, true, false) => format!("*{v}"),
                _ => v,
            }
        })
        .collect();
    let mut marks = String::new();
    for (on, mark) in [(c.is_new, "new "), (c.awaited, "await ")] {
        if on {
            marks.push_str(mark);
        }
    }
    let tail = if c.propagated { "?" } else { "" };
    format!("{marks}{}({}){tail}", value(facts, c.callee, depth), args.join(", "))
}

fn type_ref(facts: &FileFacts, t: &TypeRef) -> String {
    let head = value(facts, t.head, 6);
    if t.args.is_empty() {
        return head;
    }
    format!("{head}<{}>", t.args.iter().map(|a| type_ref(facts, a)).collect::<Vec<_>>().join(", "))
}

fn target(facts: &FileFacts, t: &Target) -> String {
    match t {
        Target::Variable(n) => n.to_string(),
        Target::Field(b, n) => format!("{}.{n}", value(facts, *b, 6)),
        Target::Index(b, i) => format!("{}[{}]", value(facts, *b, 6), value(facts, *i, 6)),
    }
}

/// All facts of the file in the order of their places: (span, text).
pub fn all(facts: &FileFacts) -> Vec<(crate::source::Span, String)> {
    let f = facts;
    let mut out = Vec::new();
    for i in &f.imports {
        let name = match &i.name {
            ImportName::Named(n) => n.to_string(),
            other => format!("{other:?}").to_lowercase(),
        };
        out.push((i.span, format!("import {} = {name} of {}", i.local, i.module)));
    }
    for e in &f.exports {
        let what = match &e.what {
            Exported::Value(v) => value(f, *v, 6),
            Exported::From { module, name } => format!("{name} of {module}"),
        };
        out.push((e.span, format!("export {} = {what}", e.name)));
    }
    for t in &f.types {
        let bases: Vec<_> = t.bases.iter().map(|b| value(f, *b, 6)).collect();
        let fields: Vec<_> = t
            .fields
            .iter()
            .map(|x| {
                let ty = x.type_ref.as_ref().map(|t| format!(": {}", type_ref(f, t))).unwrap_or_default();
                let default = x.default.map(|d| format!(" = {}", value(f, d, 6))).unwrap_or_default();
                format!(
                    "{}{}{}{ty}{default}",
                    x.name,
                    if x.optional { "?" } else { "" },
                    if x.flatten { "*" } else { "" }
                )
            })
            .collect();
        out.push((t.span, format!("type {}({}) {{{}}}", t.name, bases.join(", "), fields.join(", "))));
    }
    for (i, x) in f.functions.iter().enumerate().skip(1) {
        let params: Vec<_> = x
            .params
            .iter()
            .map(|p| {
                let ty = p.type_ref.as_ref().map(|t| format!(": {}", type_ref(f, t))).unwrap_or_default();
                let default = p.default.map(|d| format!(" = {}", value(f, d, 6))).unwrap_or_default();
                format!("{}{}{ty}{default}", if p.rest { "*" } else { "" }, p.name)
            })
            .collect();
        let owner = if x.owner_name.is_empty() { String::new() } else { format!("{}.", x.owner_name) };
        out.push((x.span, format!("function#{i} {owner}{}({})", x.name, params.join(", "))));
    }
    for (i, c) in f.calls.iter().enumerate() {
        let dropped = if c.dropped { " (dropped)" } else { "" };
        out.push((c.span, format!("call {}{dropped}", call(f, CallId(i as u32), 6))));
    }
    for w in &f.writes {
        let kind = format!("{:?}", w.kind).to_lowercase();
        out.push((w.span, format!("{kind} {} = {}", target(f, &w.target), value(f, w.value, 6))));
    }
    for c in &f.compares {
        out.push((c.span, format!("compare {} {:?} {}", value(f, c.left, 6), c.op, value(f, c.right, 6))));
    }
    for (i, r) in f.regions.iter().enumerate().skip(1) {
        let conditions: Vec<_> = r
            .conditions
            .iter()
            .map(|c| format!("{}{}", if c.negated { "!" } else { "" }, value(f, c.value, 6)))
            .collect();
        let kind = format!("{:?}", r.kind).to_lowercase();
        out.push((r.span, format!("region#{i} {kind} [{}]", conditions.join(" && "))));
    }
    for e in &f.exits {
        let v = e.value.map(|v| format!(" {}", value(f, v, 6))).unwrap_or_default();
        out.push((e.span, format!("{}{v}", format!("{:?}", e.kind).to_lowercase())));
    }
    for a in &f.attributes {
        out.push((a.span, format!("attribute {} on {:?}", value(f, a.value, 6), a.on)));
    }
    for n in &f.notes {
        out.push((
            n.span,
            format!("note {:?}{}", n.text.as_str(), if n.own_line { " (own line)" } else { "" }),
        ));
    }
    for s in &f.settings {
        out.push((s.span, format!("setting {} = {}", s.path.join("."), value(f, s.value, 6))));
    }
    for t in &f.troubles {
        out.push((t.span, format!("trouble {}", t.message)));
    }
    out.sort_by_key(|a| (a.0.start, std::cmp::Reverse(a.0.end)));
    out
}
