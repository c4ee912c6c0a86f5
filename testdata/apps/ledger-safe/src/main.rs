mod auth;
mod config;
mod routes;

use std::sync::Arc;

#[tokio::main]
async fn main() {
    let config = Arc::new(config::Config::from_env());
    let app = routes::router(config);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await.expect("a free port");
    axum::serve(listener, app).await.expect("the server runs");
}
