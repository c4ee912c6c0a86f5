use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub struct Claims {
    pub sub: String,
    pub role: String,
    pub exp: usize,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct ExportClaims {
    pub sub: String,
    pub account: u64,
}

#[derive(Debug, Deserialize)]
pub struct BankClaims {
    pub sub: String,
    pub iban_hash: String,
}
