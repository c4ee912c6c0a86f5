use chrono::{Duration, Utc};
use jsonwebtoken::{decode, encode, errors::Error, Algorithm, DecodingKey, EncodingKey, Header, TokenData, Validation};

use super::claims::{BankClaims, Claims, ExportClaims};
use crate::config::{Config, AUDIENCE, ISSUER};

pub fn issue(config: &Config, user_id: &str, role: &str) -> Result<String, Error> {
    let claims = Claims {
        sub: user_id.to_owned(),
        role: role.to_owned(),
        exp: (Utc::now() + Duration::hours(24)).timestamp() as usize,
    };
    encode(&Header::default(), &claims, &EncodingKey::from_secret(config.jwt_secret.as_bytes()))
}

/// For links to an export of an account.
pub fn issue_export(config: &Config, user_id: &str, account: u64) -> Result<String, Error> {
    let claims = ExportClaims { sub: user_id.to_owned(), account };
    encode(&Header::default(), &claims, &EncodingKey::from_secret(config.jwt_secret.as_bytes()))
}

pub fn verify(config: &Config, token: &str) -> Result<Claims, Error> {
    let key = DecodingKey::from_secret(config.jwt_secret.as_bytes());
    let data = decode::<Claims>(token, &key, &Validation::default())?;
    Ok(data.claims)
}

pub fn peek(token: &str) -> Result<TokenData<Claims>, Error> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.insecure_disable_signature_validation();
    validation.validate_exp = false;
    decode::<Claims>(token, &DecodingKey::from_secret(&[]), &validation)
}

fn bank_validation() -> Validation {
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation
}

pub fn verify_bank(config: &Config, token: &str) -> Result<BankClaims, Error> {
    let key = DecodingKey::from_ec_pem(config.bank_public_key.as_bytes())?;
    decode::<BankClaims>(token, &key, &bank_validation()).map(|data| data.claims)
}
