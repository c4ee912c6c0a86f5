//! A helper whose refusal is what it gives back at the end.
use axum::{extract::{FromRequestParts, Path}, http::{request::Parts, StatusCode}, routing::{delete, post}, Router};
use jsonwebtoken::{decode, DecodingKey, Validation};

pub struct User {
    pub name: String,
    pub admin: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let token = parts.headers.get("authorization").and_then(|h| h.to_str().ok()).ok_or(StatusCode::UNAUTHORIZED)?;
        let key = DecodingKey::from_rsa_pem(include_bytes!("id.pub.pem")).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        let mut rules = Validation::new(jsonwebtoken::Algorithm::RS256);
        rules.set_audience(&["shop"]);
        rules.set_issuer(&["https://id.example.com/"]);
        let data = decode::<Claims>(token, &key, &rules).map_err(|_| StatusCode::UNAUTHORIZED)?;
        Ok(User { name: data.claims.sub, admin: data.claims.admin })
    }
}

fn require_admin(user: &User) -> Result<(), StatusCode> {
    if !user.admin {
        Err(StatusCode::FORBIDDEN)
    } else {
        Ok(())
    }
}

async fn list(user: User) -> Result<String, StatusCode> {
    require_admin(&user)?;
    Ok(all_users().await)
}

async fn add(user: User) -> Result<StatusCode, StatusCode> {
    require_admin(&user)?;
    add_user().await
}

async fn remove(_user: User, Path(id): Path<i64>) -> Result<StatusCode, StatusCode> { // finding: authz-missing-role-check
    delete_user(id).await
}

pub fn app() -> Router {
    Router::new()
        .route("/admin/users", post(add).get(list))
        .route("/admin/users/{id}", delete(remove))
}
