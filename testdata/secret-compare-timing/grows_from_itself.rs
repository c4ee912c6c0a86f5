//! A text that is put together from itself, function by function: asking for its parts has no end.
pub fn path(parts: &[&str]) -> String {
    let mut out = String::new();
    for part in parts {
        out = format!("{out}/{part}");
    }
    longer(&out)
}

pub fn longer(text: &str) -> String {
    let mut whole = format!("{}{}", text, path(&[text]));
    whole = format!("{whole}{}", longer(&whole));
    whole
}

pub fn same(signature: &str) -> bool {
    let given = longer(signature);
    path(&[&given]) == given // ok: secret-compare-timing
}
