//! What names say of a value that is logged, and which calls hide it.

use crate::facts::*;

use super::super::compared::*;
use super::super::words;

/// What an authorization header is called in a message.
pub(super) const REQUEST: &str = "the credentials of the request";

/// A call that gives only a part, a digest, a size or a flag.
pub(super) fn hides(facts: &FileFacts, call: CallId) -> bool {
    let Some(name) = last_name(facts, facts.call(call).callee) else { return false };
    speaks_of_hash(name)
        || words(name).iter().any(|w| {
            matches!(
                w.as_str(),
                "mask"
                    | "masked"
                    | "redact"
                    | "redacted"
                    | "slice"
                    | "substring"
                    | "substr"
                    | "len"
                    | "length"
                    | "bool"
                    | "boolean"
                    | "truncate"
                    | "preview"
                    | "censor"
                    | "obfuscate"
                    | "hide"
                    | "sanitize"
                    | "scrub"
                    | "starts"
                    | "startswith"
                    | "ends"
                    | "includes"
                    | "is"
                    | "has"
                    | "exists"
                    | "type"
                    | "split"
                    | "count"
                    | "index"
                    | "take"
                    | "at"
                    | "char"
                    | "fingerprint"
                    | "last"
                    | "prefix"
            )
        })
}

/// What a name says that its value is, and whether the name alone says it.
pub(super) fn credential(name: &str) -> Option<(&'static str, bool)> {
    let all = words(name);
    let last = all.last()?.trim_end_matches(|c: char| c.is_ascii_digit());
    let not = [
        "has",
        "is",
        "no",
        "missing",
        "invalid",
        "valid",
        "max",
        "min",
        "num",
        "n",
        "count",
        "hashed",
        "hash",
        "masked",
        "redacted",
        "encrypted",
        "next",
        "page",
        "continuation",
        "sync",
        "cancel",
        "cancellation",
        "cursor",
        "parse",
        "lexer",
        "css",
        "design",
        "color",
        "semantic",
        "eos",
        "bos",
        "pad",
        "unk",
        "special",
        "mask",
        "vocab",
        "input",
        "output",
        "prompt",
        "completion",
        "start",
        "end",
        "current",
        "prev",
        "previous",
        "peek",
        "stop",
        "lp",
        "nft",
        "swap",
        "native",
        "sell",
        "buy",
        "quote",
        "gas",
        "reward",
        "stake",
        "public",
        "push",
        "device",
        "fcm",
        "delete",
        "reset_password",
        "change",
        "forgot",
        "show",
        "hide",
        "require",
        "requires",
        "required",
        "needs",
        "use",
        "uses",
        "verify",
        "validate",
        "check",
        "decoded",
        "parsed",
        "verified",
        "claims",
        "payload",
        "remove",
        "revoke",
        "expired",
        "short",
        "partial",
        "safe",
        "sanitized",
        "truncated",
        "total",
        "per",
        "each",
        "find",
        "update",
        "set",
        "get",
        "with",
    ];
    if all.len() > 1 && all.iter().any(|w| not.contains(&w.as_str())) {
        return None;
    }
    let before = all.len().checked_sub(2).map(|i| all[i].as_str()).unwrap_or_default();
    match last {
        "password" | "passwd" | "pwd" | "passphrase" => Some(("a password", true)),
        "authorization" => Some((REQUEST, true)),
        "jwt" => Some(("a token", true)),
        "token" => {
            let sure = matches!(
                before,
                "access"
                    | "refresh"
                    | "id"
                    | "auth"
                    | "jwt"
                    | "bearer"
                    | "session"
                    | "reset"
                    | "api"
                    | "verification"
                    | "invite"
                    | "magic"
                    | "login"
                    | "user"
                    | "oauth"
                    | "admin"
                    | "service"
                    | "personal"
                    | "bot"
            );
            Some(("a token", sure))
        }
        "secret" => {
            let sure = matches!(
                before,
                "client"
                    | "jwt"
                    | "webhook"
                    | "app"
                    | "shared"
                    | "api"
                    | "signing"
                    | "session"
                    | "totp"
                    | "mfa"
                    | "otp"
                    | "consumer"
            );
            Some(("a secret", sure))
        }
        "apikey" => Some(("a secret", true)),
        "key" if matches!(before, "api" | "secret" | "private" | "signing" | "encryption") => {
            Some(("a secret", true))
        }
        _ => None,
    }
}
