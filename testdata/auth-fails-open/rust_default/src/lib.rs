use jsonwebtoken::{decode, Algorithm, DecodingKey, Validation};

#[derive(Default, serde::Deserialize)]
pub struct Claims {
    pub sub: String,
}

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&["api"]);
    validation.set_issuer(&["https://id.example"]);
    validation
}

pub fn lax(token: &str, key: &DecodingKey) -> Claims {
    decode::<Claims>(token, key, &validation()).map(|data| data.claims).unwrap_or_default() // finding: auth-fails-open
}

pub fn strict(token: &str, key: &DecodingKey) -> Option<Claims> {
    decode::<Claims>(token, key, &validation()).ok().map(|data| data.claims) // ok: auth-fails-open
}
