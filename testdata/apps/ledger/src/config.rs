use std::env;

pub const ISSUER: &str = "https://login.ledger.example";
pub const AUDIENCE: &str = "ledger";

#[derive(Clone)]
pub struct Config {
    pub jwt_secret: String,
    pub bank_public_key: String,
}

impl Config {
    pub fn from_env() -> Self {
        Self {
            jwt_secret: env::var("JWT_SECRET").unwrap_or_else(|_| "ledger-dev-secret".to_string()),
            bank_public_key: env::var("BANK_PUBLIC_KEY").expect("BANK_PUBLIC_KEY must be set"),
        }
    }
}
