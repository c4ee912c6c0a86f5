use actix_web::{Error, HttpResponse, body::MessageBody, dev::{ServiceRequest, ServiceResponse}, error::ErrorUnauthorized, middleware::{Next, from_fn}, web};

use crate::auth::{Agent, Porter, User};

pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::scope("/rooms")
                .route("", web::get().to(list))
                .route("", web::post().to(add))
                .service(web::resource("/{id}").route(web::get().to(read)).route(web::delete().to(remove)))
                .route("/{id}/guests", web::get().to(guests)),
        )
        .service(web::scope("/house").service(web::resource("/plan").to(plan)).wrap(from_fn(require_token)))
        .route("/agent", web::get().to(agent));
}

async fn require_token(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let token = request.headers().get("authorization").ok_or_else(|| ErrorUnauthorized("sign in first"))?;
    if !valid(token.as_bytes()) {
        return Err(ErrorUnauthorized("sign in again"));
    }
    next.call(request).await
}

fn valid(token: &[u8]) -> bool {
    token == std::env::var("HOUSE_TOKEN").unwrap().as_bytes()
}

pub async fn list() -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn add(user: User, name: web::Json<String>) -> HttpResponse {
    HttpResponse::Created().body(format!("{} {}", user.name, name.into_inner()))
}

async fn read(user: Option<User>, id: web::Path<i64>) -> HttpResponse {
    HttpResponse::Ok().body(format!("{} {}", user.is_some(), id.into_inner()))
}

async fn remove(_porter: Porter, id: web::Path<i64>) -> HttpResponse {
    HttpResponse::Ok().body(id.into_inner().to_string())
}

async fn guests(user: Result<User, Error>, id: web::Path<i64>) -> HttpResponse {
    HttpResponse::Ok().body(format!("{} {}", user.is_ok(), id.into_inner()))
}

async fn plan() -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn agent(Agent(name): Agent) -> HttpResponse {
    HttpResponse::Ok().body(name)
}
