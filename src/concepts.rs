//! The closed list of what a library call can mean, the slots it fills and the states they may
//! have. Model pages and check pages speak only these words; schema and docs derive from here.

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

#[derive(Debug, PartialEq, Eq)]
pub struct Role {
    pub name: &'static str,
    pub doc: &'static str,
    /// The state when the source is there, unless the model says otherwise. `Unknown` for plain values.
    pub present: State,
    /// The state when it is not.
    pub absent: State,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Concept {
    pub name: &'static str,
    pub doc: &'static str,
    pub roles: &'static [Role],
}

impl Concept {
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

pub const CONCEPTS: &[Concept] = &[
    Concept {
        name: "jwt.verify",
        doc: "A token is checked; its claims are used afterwards.",
        roles: &[
            value("token", "the token"),
            value(
                "key",
                "what verifies the signature: secret, public key, key set or a function that finds it",
            ),
            checked("signature", "is the signature checked?"),
            checked(
                "algorithms",
                "the accepted algorithms; `inferred` when the library derives them from the key, `unchecked` when the token's own header decides",
            ),
            checked("expiry", "is `exp` checked when present?"),
            checked("issuer", "is `iss` compared with an expected issuer?"),
            checked("audience", "is `aud` compared with an expected audience?"),
            value("leeway", "seconds by which an expired token is still accepted"),
            value("claims", "the claims that are given back"),
            value("required", "`off` when a request without a token goes on"),
        ],
    },
    Concept {
        name: "jwt.validate",
        doc: "The claims of a token that another call decoded are checked.",
        roles: &[
            value("claims", "the claims that are checked"),
            checked("expiry", "is `exp` checked?"),
            checked("issuer", "is `iss` compared?"),
            checked("audience", "is `aud` compared?"),
        ],
    },
    Concept {
        name: "jwt.decode",
        doc: "The claims of a token are read, and nothing checks the signature.",
        roles: &[value("token", "the token"), value("claims", "the claims that are given back")],
    },
    Concept {
        name: "jwt.header",
        doc: "Only the header of a token is read, unverified.",
        roles: &[value("token", "the token"), value("header", "the header that is given back")],
    },
    Concept {
        name: "jwt.sign",
        doc: "A token is issued.",
        roles: &[
            value("key", "what signs: secret or private key"),
            value("algorithm", "the algorithm, as text"),
            value("claims", "the payload"),
            value("expiry", "is `exp` given, in the payload or by option?"),
            value("lifetime", "from now to `exp`"),
            value("subject", "is `sub` given?"),
            value("issuer", "is `iss` given?"),
            value("audience", "is `aud` given?"),
            value("issued", "is `iat` given?"),
            value("id", "is `jti` given?"),
            value("key_id", "is `kid` given?"),
        ],
    },
    Concept {
        name: "jwt.issue",
        doc: "An authorization server or framework is configured to issue tokens.",
        roles: &[
            value("key", "what signs"),
            value("algorithm", "the algorithm, as text"),
            value("expiry", "do the tokens expire?"),
            value("lifetime", "how long access tokens live"),
        ],
    },
    Concept {
        name: "key.fetch",
        doc: "Verification keys are fetched.",
        roles: &[value("url", "where from")],
    },
    Concept {
        name: "token.make",
        doc: "Claims are encoded as a token without any signature.",
        roles: &[value("claims", "the payload")],
    },
    Concept {
        name: "env.read",
        doc: "A value of the environment or of a secret store is read.",
        roles: &[value("name", "the variable's name"), value("default", "what is used when it is not set")],
    },
    Concept {
        name: "setting.read",
        doc: "A setting of the program is read by its name.",
        roles: &[value("name", "the setting's name")],
    },
    Concept {
        name: "client.use",
        doc: "Something that only exists in a browser or an app is used.",
        roles: &[],
    },
    Concept { name: "time.now", doc: "The present moment.", roles: &[] },
    Concept {
        name: "time.span",
        doc: "A length of time.",
        roles: &[value("length", "how long; the unit is the model's")],
    },
    Concept {
        name: "random.make",
        doc: "Something random is made.",
        roles: &[value("secure", "`off` for generators that can be predicted")],
    },
    Concept {
        name: "value.pass",
        doc: "The result is one of the arguments, converted: encodings, wrappers, casts.",
        roles: &[value("value", "what is passed on")],
    },
    Concept {
        name: "request.end",
        doc: "The request is answered with a rejection: nothing after it runs for the caller.",
        roles: &[value("status", "the HTTP status, if any")],
    },
    Concept {
        name: "http.guard",
        doc: "A request is stopped unless it carries valid credentials.",
        roles: &[value("required", "`off` when a request without credentials goes on")],
    },
];
