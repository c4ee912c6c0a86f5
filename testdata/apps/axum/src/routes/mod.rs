mod admin;
mod parcels;

use axum::{Router, middleware, routing::get};
use tower::ServiceBuilder;
use tower_http::trace::TraceLayer;

use crate::{
    Shared,
    auth::{note_claims, require_claims},
    limits::slow_down,
};

pub fn app(shared: Shared) -> Router {
    let mut app = Router::new()
        .route("/health", get(health))
        .nest("/parcels", parcels::router(shared.clone()))
        .nest("/admin", admin::router());
    if shared.debug {
        app = app.route("/debug", get(health));
    }
    let app = app.layer(ServiceBuilder::new().layer(TraceLayer::new_for_http()).layer(middleware::from_fn(slow_down)));

    let inside = Router::new()
        .route("/stock", get(stock).put(stock))
        .layer(middleware::from_fn_with_state(shared.clone(), require_claims))
        // Added below the layer: open.
        .route("/stock/total", get(stock));
    let noted = Router::new()
        .route("/news", get(stock))
        .route_layer(middleware::from_fn_with_state(shared.clone(), note_claims));

    app.merge(inside).merge(noted).with_state(shared)
}

async fn health() -> &'static str {
    "ok"
}

async fn stock() -> &'static str {
    "42"
}
