use jsonwebtoken as jwt;
use std::sync::LazyLock;

static STRICT: LazyLock<jwt::Validation> = LazyLock::new(|| {
    let mut validation = jwt::Validation::new(jwt::Algorithm::RS256);
    validation.set_audience(&["api"]);
    validation.set_issuer(&["https://id.example"]);
    validation
});

#[derive(serde::Deserialize)]
pub struct Claims {
    pub sub: String,
}

pub struct Verifier {
    key: jwt::DecodingKey,
    validation: jwt::Validation,
}

impl Verifier {
    pub fn new(key: jwt::DecodingKey) -> Self {
        let mut validation = jwt::Validation::new(jwt::Algorithm::RS256);
        validation.set_issuer(&["https://id.example"]);
        validation.validate_aud = false;
        Self { key, validation }
    }

    pub fn lax(&self, token: &str) -> Option<Claims> {
        Some(jwt::decode::<Claims>(token, &self.key, &self.validation).ok()?.claims) // finding: jwt-aud-not-verified
    }

    pub fn strict(&self, token: &str) -> Option<Claims> {
        Some(jwt::decode::<Claims>(token, &self.key, &STRICT).ok()?.claims) // ok: jwt-aud-not-verified
    }
}
