//! The closed list of what a library call can mean, the slots it fills and the states they may
//! have. Model pages and check pages speak only these words; schema and docs derive from here.

mod credentials;
mod http;
mod reach;
mod sessions;
mod tokens;
mod values;

/// What is known of a check that a library may or may not do, or of a value that may or may not be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Done (for a claim: compared and rejected when it does not fit).
    Checked,
    /// Never asked for.
    Unchecked,
    /// Switched off on purpose.
    Off,
    /// Left to the library, which derives it from the key.
    Inferred,
    /// The value is given.
    Set,
    /// The value is not given.
    Unset,
    /// Cannot be told.
    Unknown,
}

impl State {
    pub const ALL: [(&'static str, State); 7] = [
        ("checked", State::Checked),
        ("unchecked", State::Unchecked),
        ("off", State::Off),
        ("inferred", State::Inferred),
        ("set", State::Set),
        ("unset", State::Unset),
        ("unknown", State::Unknown),
    ];

    pub fn parse(word: &str) -> Option<State> {
        Self::ALL.iter().find(|(w, _)| *w == word).map(|(_, s)| *s)
    }

    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, s)| *s == self).map_or("unknown", |(w, _)| w)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    pub name: &'static str,
    pub doc: &'static str,
    /// The state when the source is there, unless the model says otherwise. `Unknown` for plain values.
    pub present: State,
    /// The state when it is not.
    pub absent: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concept {
    pub name: &'static str,
    pub doc: &'static str,
    pub roles: &'static [Role],
}

impl Concept {
    /// It stands for a configuration, not for what happens at one call.
    pub fn is_setting(&self) -> bool {
        self.name == "jwt.issue" || self.name.ends_with(".configure")
    }

    /// So rare, and so telling, that the files which call a function around it are searched for. Of what
    /// every file does (requests, logs, digests), only callers that are read anyway count.
    pub fn is_rare(&self) -> bool {
        let families =
            ["jwt.", "token.", "key.", "cookie.", "session.", "oauth.", "store.", "refresh.", "tls."];
        families.iter().any(|family| self.name.starts_with(family))
    }

    pub fn role(&self, name: &str) -> Option<&'static Role> {
        self.roles.iter().find(|r| r.name == name)
    }
}

pub fn concept(name: &str) -> Option<&'static Concept> {
    CONCEPTS.iter().find(|c| c.name == name)
}

const fn checked(name: &'static str, doc: &'static str) -> Role {
    Role { name, doc, present: State::Checked, absent: State::Unchecked }
}

const fn value(name: &'static str, doc: &'static str) -> Role {
    Role { name, doc, present: State::Set, absent: State::Unset }
}

const FAMILIES: [&[Concept]; 6] =
    [tokens::TOKENS, values::VALUES, http::HTTP, sessions::SESSIONS, reach::REACH, credentials::CREDENTIALS];

/// All of them, family by family.
pub const CONCEPTS: &[Concept] = &ALL;

const ALL: [Concept; count()] = {
    let mut all = [FAMILIES[0][0]; count()];
    let (mut family, mut at, mut n) = (0, 0, 0);
    while family < FAMILIES.len() {
        if at == FAMILIES[family].len() {
            family += 1;
            at = 0;
            continue;
        }
        all[n] = FAMILIES[family][at];
        at += 1;
        n += 1;
    }
    all
};

const fn count() -> usize {
    let (mut family, mut n) = (0, 0);
    while family < FAMILIES.len() {
        n += FAMILIES[family].len();
        family += 1;
    }
    n
}
