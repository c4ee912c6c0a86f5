mod auth;
mod limits;
mod routes;

use std::sync::Arc;

#[derive(Clone)]
pub struct Shared {
    pub pool: sqlx::PgPool,
    pub key: Arc<jsonwebtoken::DecodingKey>,
    pub debug: bool,
}

#[tokio::main]
async fn main() {
    let pool = sqlx::PgPool::connect(&std::env::var("DATABASE_URL").unwrap()).await.unwrap();
    let secret = std::env::var("TOKEN_KEY").unwrap();
    let key = Arc::new(jsonwebtoken::DecodingKey::from_secret(secret.as_bytes()));
    let shared = Shared { pool, key, debug: std::env::var("DEBUG").is_ok() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await.unwrap();
    axum::serve(listener, routes::app(shared)).await.unwrap();
}
