use std::{env, fs};

pub const ISSUER: &str = "https://login.ledger.example";
pub const AUDIENCE: &str = "ledger";

#[derive(Clone)]
pub struct Config {
    pub private_key: Vec<u8>,
    pub public_key: Vec<u8>,
    pub bank_public_key: String,
}

impl Config {
    pub fn from_env() -> Self {
        let file = |name: &str| fs::read(env::var(name).expect("a path")).expect("a readable key");
        Self {
            private_key: file("JWT_PRIVATE_KEY_FILE"),
            public_key: file("JWT_PUBLIC_KEY_FILE"),
            bank_public_key: env::var("BANK_PUBLIC_KEY").expect("BANK_PUBLIC_KEY must be set"),
        }
    }
}
