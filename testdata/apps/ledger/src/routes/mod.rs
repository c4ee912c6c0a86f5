use std::sync::Arc;

use axum::{extract::State, http::{HeaderMap, StatusCode}, routing::{get, post}, Json, Router};

use crate::auth::{extractor::CurrentUser, tokens};
use crate::config::Config;

pub fn router(config: Arc<Config>) -> Router {
    Router::new()
        .route("/login", post(login))
        .route("/me", get(me))
        .route("/admin/report", get(report))
        .with_state(config)
}

async fn login(State(config): State<Arc<Config>>) -> Result<Json<String>, StatusCode> {
    tokens::issue(&config, "u1", "member").map(Json).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn me(CurrentUser(claims): CurrentUser) -> Json<String> {
    Json(claims.sub)
}

async fn report(headers: HeaderMap) -> Result<Json<&'static str>, StatusCode> {
    let token = headers.get("authorization").and_then(|v| v.to_str().ok()).ok_or(StatusCode::UNAUTHORIZED)?;
    let data = tokens::peek(token.trim_start_matches("Bearer ")).map_err(|_| StatusCode::UNAUTHORIZED)?;
    if data.claims.role != "admin" {
        return Err(StatusCode::FORBIDDEN);
    }
    Ok(Json("all accounts"))
}
