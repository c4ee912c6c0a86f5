//! Values that a program reads or makes, and how an answer ends. Knows no library.

use super::{Concept, value};

pub(super) const VALUES: &[Concept] = &[
    Concept {
        name: "env.read",
        doc: "A value of the environment or of a secret store is read.",
        roles: &[value("name", "the variable's name"), value("default", "what is used when it is not set")],
    },
    Concept {
        name: "env.write",
        doc: "A variable of the environment is set.",
        roles: &[value("name", "the variable's name"), value("value", "what it is set to")],
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
        roles: &[
            value("value", "what is passed on"),
            value("more", "`set` when the result has fields of its own besides"),
            value("form", "what it is taken out of: `base64`, `json`"),
        ],
    },
    Concept {
        name: "request.end",
        doc: "The request is answered with a rejection: nothing after it runs for the caller.",
        roles: &[value("status", "the HTTP status, if any")],
    },
    Concept {
        name: "response.status",
        doc: "The status of the answer is set and nothing else: what stands behind it still runs.",
        roles: &[value("status", "the HTTP status")],
    },
    Concept {
        name: "response.send",
        doc: "The request is answered: nothing after it runs for the caller.",
        roles: &[],
    },
];
