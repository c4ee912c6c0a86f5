use actix_web::{HttpRequest, HttpResponse};
use base64::{engine::general_purpose::STANDARD, Engine};
use serde::Deserialize;

#[derive(Deserialize)]
struct Session {
    user_id: i64,
}

async fn orders(req: HttpRequest) -> HttpResponse {
    let Some(token) = req.headers().get("Authorization").and_then(|h| h.to_str().ok()) else {
        return HttpResponse::Unauthorized().finish();
    };
    let Ok(bytes) = STANDARD.decode(token.trim_start_matches("Bearer ")) else {
        return HttpResponse::Unauthorized().finish();
    };
    let session: Session = serde_json::from_slice(&bytes).unwrap(); // finding: jwt-signature-not-verified
    HttpResponse::Ok().json(session.user_id)
}

async fn search(req: HttpRequest) -> HttpResponse {
    let cursor = req.headers().get("x-cursor").unwrap().to_str().unwrap();
    let bytes = STANDARD.decode(cursor).unwrap();
    let session: Session = serde_json::from_slice(&bytes).unwrap(); // ok: jwt-signature-not-verified
    HttpResponse::Ok().json(session.user_id)
}
