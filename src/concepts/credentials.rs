//! How credentials are given out, renewed, hashed and handed over. Knows no library and no format.

use super::{Concept, checked, value};

pub(super) const CREDENTIALS: &[Concept] = &[
    Concept {
        name: "oauth.authorize",
        doc: "A user is sent to the authorization server.",
        roles: &[
            value("response_type", "what is asked for"),
            checked("pkce", "is a code challenge sent?"),
            value("method", "how the code challenge is made"),
            checked("state", "is a state sent that belongs to this session?"),
            value("redirect", "where the answer goes"),
            value("scope", "what is asked for"),
            value("client", "the client id"),
        ],
    },
    Concept {
        name: "oauth.exchange",
        doc: "Tokens are fetched from an authorization server.",
        roles: &[
            value("grant", "the grant type"),
            value("client", "the client id"),
            value("secret", "the client secret"),
            checked("pkce", "is a code verifier sent?"),
            value("password", "the user's password"),
            checked("cached", "does the library keep the token until it expires?"),
            value("token", "what is given back"),
        ],
    },
    Concept {
        name: "oauth.client",
        doc: "An OAuth client is configured, in the program or at the authorization server.",
        roles: &[
            value("client", "the client id"),
            value("secret", "the client secret"),
            value("grants", "the allowed grant types"),
            value("response_types", "the allowed response types"),
            checked("no_implicit", "`off` when the implicit flow is allowed"),
            checked("no_password", "`off` when the password grant is allowed"),
            checked("pkce", "is PKCE sent or demanded?"),
            value("method", "how the code challenge is made"),
            checked("state", "is a state sent and compared?"),
            value("redirects", "the allowed redirect targets"),
            value("scope", "the allowed scopes"),
            value("public", "`set` for a client that keeps no secret"),
        ],
    },
    Concept {
        name: "refresh.configure",
        doc: "How refresh tokens live is configured.",
        roles: &[
            checked("issued", "`off` where no refresh tokens are given out at all"),
            checked("rotated", "is a refresh token replaced when it is used?"),
            checked("revoked", "is a replaced refresh token refused afterwards?"),
            value("lifetime", "how long it lives"),
        ],
    },
    Concept {
        name: "key.configure",
        doc: "The life of a signing or encryption key is configured.",
        roles: &[checked("rotated", "is it replaced regularly?")],
    },
    Concept {
        name: "password.hash",
        doc: "A password is hashed, or compared with its hash, by an algorithm that is made for it.",
        roles: &[
            value("password", "the password"),
            value("cost", "rounds or work factor"),
            checked("slow", "is the algorithm made for passwords?"),
        ],
    },
    Concept {
        name: "hash.make",
        doc: "A digest is computed by a fast hash.",
        roles: &[value("algorithm", "which"), value("value", "of what")],
    },
    Concept {
        name: "value.compare",
        doc: "Two values are compared in constant time.",
        roles: &[value("left", "one"), value("right", "the other")],
    },
    Concept {
        name: "image.set",
        doc: "A variable is built into a container image.",
        roles: &[
            value("name", "the variable"),
            value("value", "what it is set to"),
            value("stage", "`unset` when the layer does not reach the final image"),
        ],
    },
    Concept {
        name: "image.copy",
        doc: "Files are copied into a container image.",
        roles: &[
            value("source", "which"),
            value("stage", "`unset` when the layer does not reach the final image"),
        ],
    },
    Concept {
        name: "workload.set",
        doc: "A configuration gives a variable or secret to a program that it runs.",
        roles: &[
            value("name", "the variable"),
            value("value", "what it is set to"),
            value("service", "whom it is given to"),
            value("program", "the image or source that it runs"),
            value("stored", "the stored secret that it is taken from, when no value is written"),
            value(
                "passing",
                "`set` when the program only runs for a test, `inferred` in a pipeline that may also deploy",
            ),
        ],
    },
    Concept {
        name: "credential.give",
        doc: "Something is handed over as a credential.",
        roles: &[value("secret", "the credential"), value("name", "what it is called")],
    },
];
