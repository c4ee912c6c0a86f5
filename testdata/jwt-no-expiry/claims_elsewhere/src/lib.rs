mod claims;

use jsonwebtoken::{encode, Algorithm, EncodingKey, Header};

pub fn good(key: &EncodingKey, id: &str) -> String {
    encode(&Header::new(Algorithm::RS256), &claims::Claims::new(id), key).unwrap() // ok: jwt-no-expiry
}

pub fn bad(key: &EncodingKey, id: &str) -> String {
    encode(&Header::new(Algorithm::RS256), &claims::Forever { sub: id.to_owned() }, key).unwrap() // finding: jwt-no-expiry
}
