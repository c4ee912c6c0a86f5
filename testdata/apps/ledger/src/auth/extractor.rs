use std::sync::Arc;

use axum::{async_trait, extract::FromRequestParts, http::{header, request::Parts, StatusCode}};

use super::{claims::Claims, tokens};
use crate::config::Config;

pub struct CurrentUser(pub Claims);

#[async_trait]
impl FromRequestParts<Arc<Config>> for CurrentUser {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, config: &Arc<Config>) -> Result<Self, Self::Rejection> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or(StatusCode::UNAUTHORIZED)?;
        let claims = tokens::verify(config, token).map_err(|_| StatusCode::UNAUTHORIZED)?;
        Ok(CurrentUser(claims))
    }
}
