//! The check stands two calls below the handler: it is not followed so far.
use axum::{extract::Path, http::{HeaderMap, StatusCode}, routing::delete, Router};
use jsonwebtoken::{decode, DecodingKey, Validation};

struct Gate;

impl Gate {
    fn new() -> Gate {
        Gate
    }

    fn check(&self, headers: &HeaderMap) -> Result<String, StatusCode> {
        let token = headers.get("authorization").and_then(|h| h.to_str().ok()).ok_or(StatusCode::UNAUTHORIZED)?;
        let key = DecodingKey::from_rsa_pem(include_bytes!("id.pub.pem")).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        let mut rules = Validation::new(jsonwebtoken::Algorithm::RS256);
        rules.set_audience(&["shop"]);
        rules.set_issuer(&["https://id.example.com/"]);
        decode::<Claims>(token, &key, &rules).map(|data| data.claims.sub).map_err(|_| StatusCode::UNAUTHORIZED)
    }
}

async fn change(headers: HeaderMap, id: i64) -> Result<StatusCode, StatusCode> {
    let who = Gate::new().check(&headers)?;
    remove_order(&who, id).await
}

async fn remove(headers: HeaderMap, Path(id): Path<i64>) -> Result<StatusCode, StatusCode> {
    change(headers, id).await
}

async fn open(Path(id): Path<i64>) -> StatusCode { // finding: authz-missing-authentication
    remove_order("", id).await
}

pub fn app() -> Router {
    Router::new().route("/orders/{id}", delete(remove)).route("/users/{id}", delete(open))
}
