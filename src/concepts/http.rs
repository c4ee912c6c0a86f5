//! Routers, routes, and what stands before a handler. Knows no framework.

use super::{Concept, value};

pub(super) const HTTP: &[Concept] = &[
    Concept {
        name: "http.guard",
        doc: "A request is stopped unless it carries valid credentials.",
        roles: &[
            value(
                "required",
                "`off` when a request without credentials goes on, or credentials are not asked for",
            ),
            value("role", "`set` when the caller must have a role or a permission"),
            value("scope", "`set` when the token must carry a scope"),
            value("reads", "`off` when requests that change nothing pass without"),
            value("guard", "functions of the project that decide it"),
            value("test", "a function that is handed the caller, and says yes or no"),
            value("except", "what the paths begin with that it lets pass"),
        ],
    },
    Concept {
        name: "http.router",
        doc: "A router, application or controller is made: something that holds routes.",
        roles: &[
            value("router", "a router made before, which gets this path and these guards"),
            value("at", "what its routes' paths begin with"),
            value("proxied", "what a server before it adds to its paths"),
            value("method", "the method of its routes"),
            value("guard", "what runs before its routes"),
            value("version", "the version of the interface that its paths begin with; `off`: none"),
            value("table", "a record of routers and routes: each key is a part of the path"),
            value("glue", "what joins the keys of tables, in the place of a slash"),
            value("child", "routers whose routes are its own"),
            value("policy", "what decides for its routes unless something nearer to a handler does"),
            value("below", "another router, whose own path stands before this one's"),
            value("parameter", "what the parameter is called that its path ends in"),
        ],
    },
    Concept {
        name: "http.scope",
        doc: "A part of a router: the result holds routes below its path.",
        roles: &[
            value("router", "what it is a part of"),
            value("at", "the path of the part"),
            value("method", "the method of its routes"),
            value("guard", "what runs before its routes"),
            value("body", "a function that is handed the part"),
        ],
    },
    Concept {
        name: "http.route",
        doc: "A handler is registered for a method and a path.",
        roles: &[
            value("router", "where it is registered; none: itself, or the class around it"),
            value("method", "GET, POST …; none: the name of what is called"),
            value("at", "the path below the router's"),
            value(
                "handler",
                "what answers; none: what is decorated; of several the last, the others run before it",
            ),
            value("guard", "what runs before the handler"),
            value("options", "a record whose keys may be options that `http.option` gave a meaning"),
            value("child", "a router in the handler's place is mounted"),
            value("under", "on a method of a class: how `at` stands below the class's path, as `{}`"),
            value("policy", "what decides for this route, in the place of what its routers say"),
            value("open", "`set` when what a library's own guard demands does not hold here"),
            value("above", "`off` when decorators above the route's own do not run before the handler"),
        ],
    },
    Concept {
        name: "http.mount",
        doc: "A router becomes part of another; or, without another, of the program.",
        roles: &[
            value("router", "the outer one"),
            value("at", "where"),
            value("child", "the inner one, or a function that is handed the outer one"),
            value("folder", "a folder whose files are the inner ones, each below the path of its own folder"),
            value("hooks", "`set` when a file of that folder holds what runs before the others"),
            value("deep", "`set` when it also runs before those of the folders inside"),
            value("shared", "`set` when a function that is handed the router works on that router itself"),
            value("guard", "what runs before all routes of the inner one"),
            value("policy", "what decides for them unless something nearer to a handler does"),
            value("instead", "`set` when a given path stands in the place of the inner one's own"),
            value("apart", "`set` when what the outer one's handlers depend on does not hold inside"),
        ],
    },
    Concept {
        name: "http.document",
        doc: "A document of the project says which functions answer what.",
        roles: &[
            value("router", "what the routes become part of"),
            value("document", "the document's file"),
            value("at", "what its paths begin with; none: as the document says"),
        ],
    },
    Concept {
        name: "http.share",
        doc: "A function that is handed a router works on that router itself, not on a part of it.",
        roles: &[
            value("body", "the function"),
            value("router", "or: a router whose hooks become those of the router that mounts it"),
        ],
    },
    Concept {
        name: "http.option",
        doc: "Options of routes get a meaning: functions that run before the handlers of routes with that option.",
        roles: &[
            value("names", "a record: the options and their functions"),
            value("name", "or the name"),
            value("value", "with its functions"),
        ],
    },
    Concept {
        name: "http.extend",
        doc: "A function gets a name on all routers, requests or answers.",
        roles: &[value("name", "the name"), value("value", "the function")],
    },
    Concept {
        name: "http.except",
        doc: "A guard that does not run for some paths.",
        roles: &[value("guard", "the guard"), value("at", "the paths"), value("method", "the methods")],
    },
    Concept {
        name: "http.use",
        doc: "Something runs before the routes of a router, or a router is mounted with it.",
        roles: &[
            value("router", "the router"),
            value("at", "below which path"),
            value("exact", "`set` when the path means itself only, nothing below it"),
            value("guard", "what runs"),
            value(
                "covers",
                "which routes: `after` (registered later, also of the outer routers), `outer` (the same, of one outer router), `below` (registered later), `before` (registered earlier), `all`",
            ),
            value("parameter", "only the router's own routes whose path has a parameter of this name"),
            value("errors", "functions with so many parameters run after a failure only"),
        ],
    },
    Concept {
        name: "http.application",
        doc: "Something holds for all routes of the program.",
        roles: &[
            value("at", "what all paths begin with"),
            value("guard", "what runs before all routes"),
            value("except", "paths that do not begin so"),
            value("version", "the version of handlers that name none; `off`: none"),
            value("version_mark", "what stands before a version in a path"),
        ],
    },
    Concept {
        name: "http.version",
        doc: "A handler or controller belongs to a version of the interface that paths name.",
        roles: &[value("version", "which; `off`: none")],
    },
    Concept {
        name: "http.depend",
        doc: "A parameter, decorator or list names what runs before a handler.",
        roles: &[
            value("guard", "what runs"),
            value("scope", "scopes that the token must carry"),
            value("any", "`set` when one of several that passes is enough"),
            value("policy", "what decides, in the place of what is said further out"),
            value("method", "on a class: only before the method of this name"),
        ],
    },
    Concept {
        name: "http.methods",
        doc: "A handler says which methods it answers.",
        roles: &[
            value("method", "GET, POST …"),
            value("policy", "what decides unless the handler itself, or its class, says so"),
        ],
    },
    Concept {
        name: "http.credential",
        doc: "What a caller proves itself with is read from the request; whether it is genuine, something else must find out.",
        roles: &[value("required", "`off` when a request without it goes on")],
    },
    Concept {
        name: "http.request",
        doc: "A name that stands for the request, or for what is kept with it: a session, a store of the request.",
        roles: &[value("session", "`set` when it is a session: what it holds was put there for one caller")],
    },
    Concept { name: "http.public", doc: "A handler is said to be open to everybody.", roles: &[] },
    Concept {
        name: "http.mark",
        doc: "A handler is marked with metadata that a guard may read.",
        roles: &[value("name", "the key"), value("value", "the value")],
    },
    Concept {
        name: "http.marked",
        doc: "A guard asks what the handler is marked with.",
        roles: &[value("name", "the key")],
    },
];
