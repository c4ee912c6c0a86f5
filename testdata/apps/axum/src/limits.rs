use axum::{
    extract::{FromRequestParts, Request},
    http::{StatusCode, request::Parts},
    middleware::Next,
    response::Response,
};

use crate::Shared;

/// Where the request comes from. Not who sent it.
pub struct Origin(pub String);

impl FromRequestParts<Shared> for Origin {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Self::Rejection> {
        let host = parts.headers.get("x-forwarded-host").ok_or(StatusCode::BAD_REQUEST)?;
        Ok(Origin(host.to_str().map_err(|_| StatusCode::BAD_REQUEST)?.to_owned()))
    }
}

/// Slows down those who ask too often.
pub async fn slow_down(request: Request, next: Next) -> Result<Response, StatusCode> {
    if too_many() {
        return Err(StatusCode::TOO_MANY_REQUESTS);
    }
    Ok(next.run(request).await)
}

fn too_many() -> bool {
    false
}
