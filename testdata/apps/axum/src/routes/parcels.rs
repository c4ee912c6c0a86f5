use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    middleware,
    routing::{MethodRouter, get, post},
};

use crate::{
    Shared,
    auth::{Claims, Guest, require_claims},
    limits::Origin,
};

pub fn router(shared: Shared) -> Router<Shared> {
    Router::new()
        .route("/", get(list).post(send))
        .route("/{id}", one(shared))
        .route("/{id}/label", get(label))
        .route("/track/{code}", get(track))
        .route("/quote", post(quote))
        .route("/mine", get(mine))
}

/// Only what stands before the layer is behind it.
fn one(shared: Shared) -> MethodRouter<Shared> {
    get(read).layer(middleware::from_fn_with_state(shared, require_claims)).delete(remove)
}

async fn list(claims: Claims, State(shared): State<Shared>) -> Result<Json<Vec<String>>, StatusCode> {
    let rows = sqlx::query_scalar("select code from parcels where owner = $1")
        .bind(&claims.sub)
        .fetch_all(&shared.pool)
        .await;
    rows.map(Json).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn send(_claims: Claims, Json(code): Json<String>) -> StatusCode {
    println!("{code}");
    StatusCode::CREATED
}

async fn read(Path(id): Path<i64>) -> String {
    id.to_string()
}

async fn remove(Path(id): Path<i64>, State(shared): State<Shared>) -> StatusCode {
    let gone = sqlx::query("delete from parcels where id = $1").bind(id).execute(&shared.pool).await;
    if gone.is_ok() { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

async fn label(claims: Option<Claims>, Path(id): Path<i64>) -> String {
    format!("{id} {}", claims.is_some())
}

async fn track(Guest(guest): Guest, Path(code): Path<String>) -> String {
    format!("{code} {}", guest.is_some())
}

async fn quote(Origin(origin): Origin, Json(weight): Json<u32>) -> String {
    format!("{origin} {weight}")
}

/// Asks for itself.
async fn mine(State(shared): State<Shared>, headers: axum::http::HeaderMap) -> Result<String, StatusCode> {
    let Some(token) = headers.get("authorization") else {
        return Err(StatusCode::UNAUTHORIZED);
    };
    let found: Option<String> = sqlx::query_scalar("select name from sessions where token = $1")
        .bind(token.as_bytes())
        .fetch_optional(&shared.pool)
        .await
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    found.ok_or(StatusCode::UNAUTHORIZED)
}
