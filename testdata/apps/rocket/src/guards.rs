use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use rocket::{
    http::Status,
    request::{FromRequest, Outcome, Request},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Reader {
    pub sub: String,
    pub exp: u64,
    pub role: String,
}

fn reader(token: &str) -> Option<Reader> {
    let key = std::env::var("TOKEN_KEY").ok()?;
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&["library"]);
    validation.set_issuer(&["https://id.example.com"]);
    decode::<Reader>(token, &DecodingKey::from_secret(key.as_bytes()), &validation).ok().map(|data| data.claims)
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Reader {
    type Error = &'static str;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let header = request.headers().get_one("authorization").and_then(|h| h.strip_prefix("Bearer "));
        match header.and_then(reader) {
            Some(reader) => Outcome::Success(reader),
            None => Outcome::Error((Status::Unauthorized, "sign in first")),
        }
    }
}

pub struct Librarian(pub Reader);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Librarian {
    type Error = &'static str;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        match request.guard::<Reader>().await {
            Outcome::Success(reader) if reader.role == "librarian" => Outcome::Success(Librarian(reader)),
            Outcome::Success(_) => Outcome::Error((Status::Forbidden, "librarians only")),
            Outcome::Error(error) => Outcome::Error(error),
            Outcome::Forward(status) => Outcome::Forward(status),
        }
    }
}

/// Which language the client reads.
pub struct Language(pub String);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Language {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        match request.headers().get_one("accept-language") {
            Some(language) => Outcome::Success(Language(language.to_string())),
            None => Outcome::Error((Status::BadRequest, ())),
        }
    }
}
