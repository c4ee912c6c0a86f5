//! Tokens and the keys that sign them: made, checked, read. Knows no library.

use super::{Concept, checked, value};

pub(super) const TOKENS: &[Concept] = &[
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
            value("session", "`set` when the token is the session itself"),
        ],
    },
    Concept {
        name: "jwt.key",
        doc: "A name says that its value signs or verifies tokens, wherever that happens.",
        roles: &[
            value("key", "the key"),
            value(
                "named",
                "what says so: `set` for a name in the program, `inferred` for a variable of its environment",
            ),
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
        name: "token.unpack",
        doc: "A record is read out of encoded text that nothing signs.",
        roles: &[value("token", "the text"), value("claims", "the record that is given back")],
    },
];
