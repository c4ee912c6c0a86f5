use axum::{extract::Request, http::StatusCode, middleware::Next, response::Response};
use jsonwebtoken::{decode, Algorithm, DecodingKey, Validation};

#[derive(Clone, serde::Deserialize)]
pub struct Claims {
    pub sub: String,
}

fn claims(token: &str) -> Result<Claims, jsonwebtoken::errors::Error> {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&["api"]);
    validation.set_issuer(&["https://id.example"]);
    let key = DecodingKey::from_rsa_pem(std::env::var("PUBLIC_KEY").unwrap().as_bytes())?;
    decode::<Claims>(token, &key, &validation).map(|data| data.claims)
}

fn token(request: &Request) -> &str {
    request.headers().get("authorization").and_then(|v| v.to_str().ok()).unwrap_or("")
}

pub async fn lax(mut request: Request, next: Next) -> Response {
    if let Ok(claims) = claims(token(&request)) {
        request.extensions_mut().insert(claims);
    }
    next.run(request).await // todo-finding: auth-fails-open
}

pub async fn strict(mut request: Request, next: Next) -> Result<Response, StatusCode> {
    let claims = claims(token(&request)).map_err(|_| StatusCode::UNAUTHORIZED)?;
    request.extensions_mut().insert(claims);
    Ok(next.run(request).await) // ok: auth-fails-open
}

pub async fn matched(mut request: Request, next: Next) -> Result<Response, StatusCode> {
    match claims(token(&request)) {
        Ok(claims) => {
            request.extensions_mut().insert(claims);
            Ok(next.run(request).await)
        }
        Err(_) => Err(StatusCode::UNAUTHORIZED), // ok: auth-fails-open
    }
}
