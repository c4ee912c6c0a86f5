//! Callers, and what is kept for them: secrets, stores, cookies, sessions. Knows no library.

use super::{Concept, checked, value};

pub(super) const SESSIONS: &[Concept] = &[
    Concept {
        name: "identity.read",
        doc: "The caller is looked up: who a session or a token says that it is.",
        roles: &[value("required", "`set` when a caller without credentials is rejected by the call itself")],
    },
    Concept {
        name: "secret.fetch",
        doc: "A value is read from a secret manager.",
        roles: &[value("name", "what the secret is called there")],
    },
    Concept {
        name: "request.read",
        doc: "Something that the client sent is read: path, query, body, header, cookie.",
        roles: &[value("name", "its name"), value("default", "what is used when it was not sent")],
    },
    Concept {
        name: "redirect.send",
        doc: "The client is sent on to another address.",
        roles: &[value("url", "where to")],
    },
    Concept {
        name: "store.write",
        doc: "Something is put where every script of the page, or every program on the device, can read it.",
        roles: &[value("name", "the key"), value("value", "what is kept")],
    },
    Concept {
        name: "store.read",
        doc: "Something is read from such a store.",
        roles: &[value("name", "the key"), value("value", "what is given back")],
    },
    Concept {
        name: "token.keep",
        doc: "A library is told where to keep the tokens that it gets.",
        roles: &[checked("shielded", "are they kept where the scripts of the page cannot read them?")],
    },
    Concept {
        name: "token.fetch",
        doc: "A library gives the token that the services behind it take as a credential.",
        roles: &[value("token", "what is given back")],
    },
    Concept {
        name: "cookie.set",
        doc: "A cookie is sent to the browser, or set by a script in it.",
        roles: &[
            value("name", "the cookie's name"),
            value("value", "what it carries"),
            checked("http_only", "is it kept from scripts?"),
            checked("secure", "is it sent over TLS only?"),
            checked("same_site", "is it kept from requests of other sites (lax or strict)?"),
            value("lifetime", "how long it lives"),
            value("removes", "`set` when the call takes a cookie away"),
        ],
    },
    Concept {
        name: "session.configure",
        doc: "How sessions and their cookie are kept is configured.",
        roles: &[
            value("name", "the cookie's name"),
            value("secret", "what signs or encrypts the session"),
            checked("http_only", "is the cookie kept from scripts?"),
            checked("secure", "is the cookie sent over TLS only?"),
            checked("same_site", "is the cookie kept from requests of other sites (lax or strict)?"),
            value("lifetime", "how long a session lives"),
        ],
    },
    Concept {
        name: "session.login",
        doc: "A session becomes that of a user.",
        roles: &[checked("renewed", "does the library give the session a new id?")],
    },
    Concept { name: "session.renew", doc: "A session gets a new id.", roles: &[] },
];
