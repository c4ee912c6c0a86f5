//! Which files may matter at all: those that hold one of the words rules could speak of.
//! Knows no syntax and reads no disk.

use aho_corasick::AhoCorasick;

/// The words, as one automaton.
#[derive(Clone, Debug)]
pub struct Prefilter {
    /// None when the automaton could not be built: then every file is admitted.
    words: Option<AhoCorasick>,
}

impl Prefilter {
    /// Words are compared byte by byte, case matters. An empty word admits every text.
    pub fn new<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        Self { words: AhoCorasick::new(words).ok() }
    }

    pub fn admits(&self, text: &str) -> bool {
        self.words.as_ref().is_none_or(|words| words.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admits_what_holds_a_word() {
        let p = Prefilter::new(["token", "Sécret"].into_iter());
        assert!(p.admits("let mytokens = 1"));
        assert!(p.admits("x Sécret y"));
        assert!(!p.admits("Token SÉCRET"));
        assert!(!p.admits(""));
        assert!(!Prefilter::new(std::iter::empty()).admits("anything"));
    }
}
