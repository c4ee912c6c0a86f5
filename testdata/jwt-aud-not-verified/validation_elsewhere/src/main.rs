mod rules;

use jsonwebtoken::{decode, DecodingKey};

#[derive(serde::Deserialize)]
struct Claims {
    sub: String,
}

fn subject(token: &str, key: &DecodingKey) -> Option<String> {
    decode::<Claims>(token, key, &rules::strict()).ok().map(|data| data.claims.sub) // ok: jwt-aud-not-verified
}

fn lax_subject(token: &str, key: &DecodingKey) -> Option<String> {
    decode::<Claims>(token, key, &rules::lax()).ok().map(|data| data.claims.sub) // finding: jwt-aud-not-verified
}

fn main() {}
