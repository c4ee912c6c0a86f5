use jsonwebtoken::{decode, decode_header, Algorithm, DecodingKey, Validation};

#[derive(serde::Deserialize)]
pub struct Claims {
    pub sub: String,
    pub iss: String,
}

fn unchecked() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.insecure_disable_signature_validation();
    validation
}

pub fn lax(token: &str) -> Option<String> {
    Some(decode::<Claims>(token, &DecodingKey::from_secret(&[]), &unchecked()).ok()?.claims.sub) // finding: jwt-signature-not-verified
}

pub fn kid(token: &str) -> Option<String> {
    decode_header(token).ok()?.kid // ok: jwt-signature-not-verified
}
