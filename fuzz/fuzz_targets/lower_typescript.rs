//! TypeScript, TSX, JavaScript and the scripts of single-file components: the first byte chooses.
#![no_main]

use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 5] = ["a.ts", "a.tsx", "a.js", "a.vue", "a.svelte"];

fuzz_target!(|input: (u8, &str)| {
    let (choice, text) = input;
    authlint_fuzz::lower(NAMES[choice as usize % NAMES.len()], text);
});
