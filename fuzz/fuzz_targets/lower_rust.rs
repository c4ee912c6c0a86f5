//! Rust source.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| authlint_fuzz::lower("a.rs", text));
