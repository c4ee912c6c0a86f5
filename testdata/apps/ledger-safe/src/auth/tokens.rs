use chrono::{Duration, Utc};
use jsonwebtoken::{decode, encode, errors::Error, Algorithm, DecodingKey, EncodingKey, Header, Validation};

use super::claims::{BankClaims, Claims};
use crate::config::{Config, AUDIENCE, ISSUER};

pub fn issue(config: &Config, user_id: &str, role: &str) -> Result<String, Error> {
    let now = Utc::now();
    let claims = Claims {
        sub: user_id.to_owned(),
        role: role.to_owned(),
        exp: (now + Duration::minutes(15)).timestamp(),
        ..standard(now.timestamp())
    };
    encode(&Header::new(Algorithm::ES256), &claims, &EncodingKey::from_ec_pem(&config.private_key)?)
}

fn standard(now: i64) -> Claims {
    Claims { iss: ISSUER.to_owned(), aud: AUDIENCE.to_owned(), iat: now, ..Claims::default() }
}

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation
}

pub fn verify(config: &Config, token: &str) -> Result<Claims, Error> {
    let key = DecodingKey::from_ec_pem(&config.public_key)?;
    Ok(decode::<Claims>(token, &key, &validation())?.claims)
}

pub fn verify_bank(config: &Config, token: &str) -> Result<BankClaims, Error> {
    let key = DecodingKey::from_ec_pem(config.bank_public_key.as_bytes())?;
    decode::<BankClaims>(token, &key, &validation()).map(|data| data.claims)
}
