mod gate;

use axum::{extract::Path, http::StatusCode, routing::delete, Router};

pub type Member = gate::Member;

async fn remove(_member: Member, Path(id): Path<i64>) -> StatusCode { // ok: authz-missing-authentication
    delete_user(id).await
}

async fn close(_member: gate::Member, Path(id): Path<i64>) -> StatusCode { // ok: authz-missing-authentication
    close_account(id).await
}

pub fn app() -> Router {
    Router::new().route("/users/{id}", delete(remove)).route("/accounts/{id}", delete(close))
}
