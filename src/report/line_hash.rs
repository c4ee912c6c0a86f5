//! The hash of a line by which GitHub code scanning recognises an alert (`primaryLocationLineHash`).
//!
//! Source: `github/codeql-action`, `src/fingerprints.ts`. A rolling polynomial hash (base 37, 64 bits)
//! over the 100 UTF-16 units, white space left out, that begin with the line; then `:` and how often
//! the same hash has come in the file so far.

use std::collections::{HashMap, VecDeque};

const WINDOW: usize = 100;
const BASE: u64 = 37;
const LINE_FEED: u16 = 10;
const CARRIAGE_RETURN: u16 = 13;
const END_OF_FILE: u16 = u16::MAX;

/// One hash a line, from the first.
pub fn line_hashes(text: &str) -> Vec<String> {
    let mut rolling = Rolling::new();
    let mut line_start = true;
    let mut after_return = false;
    for unit in text.encode_utf16().chain([END_OF_FILE]) {
        let second_half = after_return && unit == LINE_FEED;
        after_return = unit == CARRIAGE_RETURN;
        if second_half || unit == u16::from(b' ') || unit == u16::from(b'\t') {
            continue;
        }
        let unit = if unit == CARRIAGE_RETURN { LINE_FEED } else { unit };
        rolling.step(unit, line_start);
        line_start = unit == LINE_FEED;
    }
    for _ in 0..WINDOW {
        rolling.step(0, false);
    }
    rolling.hashes
}

struct Rolling {
    /// The units under the window and whether a line begins with each.
    window: VecDeque<(u16, bool)>,
    hash: u64,
    /// What the oldest unit weighs when it leaves.
    leaving: u64,
    seen: HashMap<u64, u32>,
    hashes: Vec<String>,
}

impl Rolling {
    fn new() -> Self {
        Self {
            window: VecDeque::from(vec![(0, false); WINDOW]),
            hash: 0,
            leaving: (0..WINDOW).fold(1, |weight: u64, _| weight.wrapping_mul(BASE)),
            seen: HashMap::new(),
            hashes: Vec::new(),
        }
    }

    fn step(&mut self, unit: u16, line_start: bool) {
        let (oldest, begins_line) = self.window.pop_front().unwrap_or((0, false));
        if begins_line {
            let count = self.seen.entry(self.hash).or_insert(0);
            *count += 1;
            self.hashes.push(format!("{:x}:{count}", self.hash));
        }
        self.window.push_back((unit, line_start));
        let gone = self.leaving.wrapping_mul(u64::from(oldest));
        self.hash = self.hash.wrapping_mul(BASE).wrapping_add(u64::from(unit)).wrapping_sub(gone);
    }
}

#[cfg(test)]
mod tests {
    use super::line_hashes;

    #[test]
    fn agrees_with_the_published_values() {
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            line_hashes(" a\nb\n  \t\tc\n d"),
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
        );
        let expected = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        assert_eq!(line_hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n"), expected);
        assert_eq!(line_hashes(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n"), expected);
        assert_eq!(line_hashes(" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r"), expected);
    }
}
