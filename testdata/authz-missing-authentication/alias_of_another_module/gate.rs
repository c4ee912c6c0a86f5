use axum::{extract::FromRequestParts, http::{request::Parts, StatusCode}};
use jsonwebtoken::{decode, Algorithm, DecodingKey, Validation};

pub struct Member(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Member {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let token = parts.headers.get("authorization").and_then(|h| h.to_str().ok()).ok_or(StatusCode::UNAUTHORIZED)?;
        let key = DecodingKey::from_rsa_pem(include_bytes!("id.pub.pem")).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        let mut rules = Validation::new(Algorithm::RS256);
        rules.set_audience(&["shop"]);
        rules.set_issuer(&["https://id.example.com/"]);
        decode::<Claims>(token, &key, &rules).map(|data| Member(data.claims.sub)).map_err(|_| StatusCode::UNAUTHORIZED)
    }
}
