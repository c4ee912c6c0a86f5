use jsonwebtoken::{decode, Algorithm, DecodingKey, Validation};

#[derive(serde::Deserialize)]
pub struct Claims {
    pub sub: String,
}

pub fn lax(token: &str, key: &DecodingKey) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&["api"]);
    validation.set_issuer(&["https://id.example"]);
    validation.validate_exp = false;
    Some(decode::<Claims>(token, key, &validation).ok()?.claims) // finding: jwt-exp-not-verified
}

pub fn patient(token: &str, key: &DecodingKey) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&["api"]);
    validation.set_issuer(&["https://id.example"]);
    validation.leeway = 60 * 60;
    Some(decode::<Claims>(token, key, &validation).ok()?.claims) // finding: jwt-exp-not-verified
}
