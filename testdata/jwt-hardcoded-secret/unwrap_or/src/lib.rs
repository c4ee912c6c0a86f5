use jsonwebtoken::{encode, EncodingKey, Header};

const FALLBACK: &str = "q9V1m3Zr8sT5w7Yx2Bc4Df6Gh8Jk0Lm2"; // finding: jwt-hardcoded-secret

#[derive(serde::Serialize)]
struct Claims {
    sub: String,
    exp: i64,
}

pub fn token(exp: i64) -> String {
    let secret = std::env::var("JWT_SECRET").unwrap_or(FALLBACK.to_string());
    encode(&Header::default(), &Claims { sub: "u1".into(), exp }, &EncodingKey::from_secret(secret.as_ref())).unwrap()
}
