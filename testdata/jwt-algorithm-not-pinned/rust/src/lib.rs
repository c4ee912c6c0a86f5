use jsonwebtoken::{decode, decode_header, Algorithm, DecodingKey, Validation};

#[derive(serde::Deserialize)]
pub struct Claims {
    pub sub: String,
}

pub fn lax(token: &str, key: &DecodingKey) -> Option<Claims> {
    let header = decode_header(token).ok()?;
    let mut validation = Validation::new(header.alg);
    validation.set_audience(&["api"]);
    validation.set_issuer(&["https://id.example"]);
    Some(decode::<Claims>(token, key, &validation).ok()?.claims) // finding: jwt-algorithm-not-pinned
}

pub fn strict(token: &str, keys: &dyn Fn(&str) -> DecodingKey) -> Option<Claims> {
    let kid = decode_header(token).ok()?.kid?;
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&["api"]);
    validation.set_issuer(&["https://id.example"]);
    Some(decode::<Claims>(token, &keys(&kid), &validation).ok()?.claims) // ok: jwt-algorithm-not-pinned ok: jwt-untrusted-key-source
}
