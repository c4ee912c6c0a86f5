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
