use std::future::{Ready, ready};

use actix_web::{
    Error, FromRequest, HttpRequest,
    dev::{Payload, ServiceRequest},
    error::{ErrorForbidden, ErrorUnauthorized},
};
use actix_web_httpauth::extractors::bearer::BearerAuth;

pub struct User {
    pub name: String,
    pub role: String,
}

impl FromRequest for User {
    type Error = Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        match token.and_then(find_user) {
            Some(user) => ready(Ok(user)),
            None => ready(Err(ErrorUnauthorized("sign in first"))),
        }
    }
}

pub struct Porter;

impl FromRequest for Porter {
    type Error = Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        match User::from_request(request, payload).into_inner() {
            Ok(user) if user.role == "porter" => ready(Ok(Porter)),
            Ok(_) => ready(Err(ErrorForbidden("porters only"))),
            Err(error) => ready(Err(error)),
        }
    }
}

/// What the client calls itself.
pub struct Agent(pub String);

impl FromRequest for Agent {
    type Error = Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let name = request.headers().get("user-agent").and_then(|value| value.to_str().ok());
        ready(Ok(Agent(name.unwrap_or("nobody").to_string())))
    }
}

pub async fn check_partner(
    request: ServiceRequest,
    bearer: BearerAuth,
) -> Result<ServiceRequest, (Error, ServiceRequest)> {
    match find_user(bearer.token()) {
        Some(_) => Ok(request),
        None => Err((ErrorUnauthorized("who are you"), request)),
    }
}

/// Lets everybody in.
pub async fn count_partner(
    request: ServiceRequest,
    _bearer: BearerAuth,
) -> Result<ServiceRequest, (Error, ServiceRequest)> {
    println!("somebody");
    Ok(request)
}

fn find_user(token: &str) -> Option<User> {
    sessions().into_iter().find(|(known, _)| known == token).map(|(_, user)| user)
}

fn sessions() -> Vec<(String, User)> {
    Vec::new()
}
