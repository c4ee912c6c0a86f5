use axum::{Json, Router, extract::Path, http::StatusCode, routing::{delete, get}};

use crate::{Shared, auth::{Claims, Clerk}};

pub fn router() -> Router<Shared> {
    let users = Router::new().route("/", get(users)).route("/{id}", delete(remove).put(rename));
    Router::new().nest("/users", users)
}

async fn users(Clerk(clerk): Clerk) -> String {
    clerk.sub
}

async fn remove(_: Clerk, Path(id): Path<i64>) -> StatusCode {
    println!("{id}");
    StatusCode::NO_CONTENT
}

async fn rename(claims: Claims, Path(id): Path<i64>, Json(name): Json<String>) -> Result<String, StatusCode> {
    if claims.role != "clerk" {
        return Err(StatusCode::FORBIDDEN);
    }
    Ok(format!("{id} {name}"))
}
