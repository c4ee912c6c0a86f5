use sha2::{Digest, Sha256};

pub struct Credentials {
    pub password: String,
}

pub fn keep(credentials: &Credentials) -> Vec<u8> {
    Sha256::digest(credentials.password.as_bytes()).to_vec() // finding: password-weak-hash
}

pub fn of_file(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec() // ok: password-weak-hash
}

pub fn shortened(password: &str) -> String {
    bcrypt::hash(Sha256::digest(password.as_bytes()), 12).unwrap() // ok: password-weak-hash
}
