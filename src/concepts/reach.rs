//! What leaves a program, who reaches it, and what it may do: logs, calls, networks, rights. Knows no library and no format.

use super::{Concept, checked, value};

pub(super) const REACH: &[Concept] = &[
    Concept {
        name: "log.write",
        doc: "Something is written to a log or the console.",
        roles: &[value("value", "all that is written")],
    },
    Concept {
        name: "http.call",
        doc: "A request is sent to another service.",
        roles: &[
            value("url", "where to"),
            value("method", "the HTTP method"),
            value("authorization", "the credentials that go with it"),
            value("headers", "all headers that go with it"),
            value("body", "what is sent"),
            value("params", "what is put into the query"),
            checked("verify", "is the server's certificate checked?"),
            checked("hostname", "is the certificate's name compared with the server's?"),
        ],
    },
    Concept {
        name: "tls.configure",
        doc: "How connections are encrypted and whom they trust is configured.",
        roles: &[
            checked("verify", "is the peer's certificate checked?"),
            checked("hostname", "is the certificate's name compared with the peer's?"),
            value("version", "the oldest protocol version that is accepted"),
        ],
    },
    Concept {
        name: "net.connect",
        doc: "A connection to a database, broker or other service is opened.",
        roles: &[
            value("url", "where to, with whatever stands in the URL"),
            value("host", "the host alone"),
            value("user", "who connects"),
            value("password", "with what password"),
            checked("tls", "is the connection encrypted?"),
            checked("verify", "is the server's certificate checked?"),
        ],
    },
    Concept {
        name: "net.allow",
        doc: "Traffic is let in.",
        roles: &[
            value("source", "from where: address ranges"),
            value("port", "to which port, or the first of a range"),
            value("to_port", "the last port of a range"),
            value("protocol", "over which protocol; `-1` for all"),
            value("service", "what listens there: a name or an image"),
        ],
    },
    Concept {
        name: "net.isolate",
        doc: "A policy keeps workloads from reaching each other.",
        roles: &[value("namespace", "where"), checked("mutual_tls", "must peers prove who they are?")],
    },
    Concept {
        name: "workload.run",
        doc: "A workload is deployed.",
        roles: &[value("namespace", "where"), value("name", "what it is called")],
    },
    Concept {
        name: "cors.configure",
        doc: "Which pages of other origins may read answers is configured.",
        roles: &[
            value("origin", "the origins; `off` when any origin is taken and given back"),
            value("credentials", "may they send cookies?"),
        ],
    },
    Concept {
        name: "permission.grant",
        doc: "Someone is allowed to do something.",
        roles: &[
            value("actions", "what"),
            value("resource", "on what"),
            value("to", "who"),
            value("effect", "allow or deny"),
            value("condition", "when, if it is limited"),
        ],
    },
];
