mod auth;
mod middleware;
mod rooms;

use actix_identity::Identity;
use actix_session::Session;
use actix_web::{App, HttpResponse, HttpServer, get, middleware::Logger, post, web};
use actix_web_grants::protect;
use actix_web_httpauth::middleware::HttpAuthentication;

#[get("/health")]
async fn health() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[get("/me")]
async fn me(identity: Identity) -> HttpResponse {
    HttpResponse::Ok().body(identity.id().unwrap_or_default())
}

#[get("/start")]
async fn start(identity: Option<Identity>) -> HttpResponse {
    HttpResponse::Ok().body(if identity.is_some() { "welcome back" } else { "welcome" })
}

#[post("/basket")]
async fn basket(session: Session) -> HttpResponse {
    let user: Option<i64> = session.get("user_id").unwrap_or(None);
    if user.is_none() {
        return HttpResponse::Unauthorized().finish();
    }
    HttpResponse::Ok().finish()
}

/// A session is handed over and nobody looks into it.
#[post("/vote")]
async fn vote(_session: Session) -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[get("/report")]
#[protect("REPORTS")]
async fn report() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    HttpServer::new(|| {
        App::new()
            .wrap(Logger::default())
            .service(health)
            .service(me)
            .service(start)
            .service(basket)
            .service(vote)
            .service(report)
            .configure(rooms::configure)
            .service(
                web::scope("/partner")
                    .wrap(HttpAuthentication::bearer(auth::check_partner))
                    .route("/rooms", web::get().to(rooms::list)),
            )
            .service(
                web::scope("/counted")
                    .wrap(HttpAuthentication::bearer(auth::count_partner))
                    .route("/rooms", web::get().to(rooms::list)),
            )
            .service(web::scope("/keys").wrap(middleware::KeyCheck).service(web::resource("/{id}").to(rooms::list)))
    })
    .bind("127.0.0.1:8080")?
    .run()
    .await
}
