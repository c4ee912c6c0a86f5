use jsonwebtoken::{Algorithm, Validation};

pub fn strict() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&["ledger"]);
    validation.set_issuer(&["https://id.example"]);
    validation
}

pub fn lax() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&["https://id.example"]);
    validation.validate_aud = false;
    validation
}
