//! Suppression comments around a finding: the input is what follows `authlint:`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let line: String = text.chars().filter(|c| !c.is_control()).collect();
    authlint_fuzz::scan(
        "a.py",
        &format!(
            "import jwt\n\n# authlint:{line}\nprint(jwt.decode(x, \"k\", [\"HS256\"]))  # authlint:{line}\n# authlint: {text}\n"
        ),
    );
});
