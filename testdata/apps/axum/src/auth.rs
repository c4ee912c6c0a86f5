use axum::{
    extract::{FromRequestParts, Request, State},
    http::{StatusCode, header::AUTHORIZATION, request::Parts},
    middleware::Next,
    response::Response,
};
use jsonwebtoken::{Algorithm, Validation, decode};
use serde::Deserialize;

use crate::Shared;

#[derive(Clone, Deserialize)]
pub struct Claims {
    pub sub: String,
    pub role: String,
    pub exp: u64,
}

fn claims(shared: &Shared, header: Option<&str>) -> Result<Claims, StatusCode> {
    let token = header.and_then(|h| h.strip_prefix("Bearer ")).ok_or(StatusCode::UNAUTHORIZED)?;
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&["parcels"]);
    validation.set_issuer(&["https://id.example.com"]);
    let data = decode::<Claims>(token, &shared.key, &validation).map_err(|_| StatusCode::UNAUTHORIZED)?;
    Ok(data.claims)
}

impl FromRequestParts<Shared> for Claims {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Self::Rejection> {
        claims(shared, parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()))
    }
}

/// Somebody who may see everything.
pub struct Clerk(pub Claims);

impl FromRequestParts<Shared> for Clerk {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Self::Rejection> {
        let claims = Claims::from_request_parts(parts, shared).await?;
        if claims.role != "clerk" {
            return Err(StatusCode::FORBIDDEN);
        }
        Ok(Clerk(claims))
    }
}

/// Known or not: what is shown differs.
pub struct Guest(pub Option<Claims>);

impl FromRequestParts<Shared> for Guest {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Self::Rejection> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        Ok(Guest(claims(shared, header).ok()))
    }
}

/// Stops everybody without a good token.
pub async fn require_claims(
    State(shared): State<Shared>,
    mut request: Request,
    next: Next,
) -> Result<Response, StatusCode> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let found = claims(&shared, header)?;
    request.extensions_mut().insert(found);
    Ok(next.run(request).await)
}

/// Leaves a note of who calls, and stops nobody.
pub async fn note_claims(State(shared): State<Shared>, mut request: Request, next: Next) -> Response {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Ok(found) = claims(&shared, header) {
        request.extensions_mut().insert(found);
    }
    next.run(request).await
}
