use jsonwebtoken::{decode, Algorithm, DecodingKey, Validation};
use std::collections::HashSet;

#[derive(serde::Deserialize)]
pub struct Claims {
    pub sub: String,
}

pub fn verify(token: &str, key: &DecodingKey) -> Option<Claims> {
    let validation = Validation {
        iss: Some(HashSet::from(["https://id.example".to_string()])),
        aud: Some(HashSet::from(["api".to_string()])),
        ..Validation::new(Algorithm::RS256)
    };
    Some(decode::<Claims>(token, key, &validation).ok()?.claims) // ok: jwt-iss-not-verified ok: jwt-aud-not-verified
}

pub fn lax(token: &str, key: &DecodingKey) -> Option<Claims> {
    let validation = Validation { aud: Some(HashSet::from(["api".to_string()])), ..Validation::new(Algorithm::RS256) };
    Some(decode::<Claims>(token, key, &validation).ok()?.claims) // finding: jwt-iss-not-verified
}
