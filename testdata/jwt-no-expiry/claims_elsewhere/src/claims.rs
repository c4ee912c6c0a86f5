use serde::Serialize;

#[derive(Serialize)]
pub struct Claims {
    sub: String,
    exp: i64,
}

impl Claims {
    pub fn new(id: &str) -> Self {
        Self { sub: id.to_owned(), exp: (chrono::Utc::now() + chrono::Duration::minutes(10)).timestamp() }
    }
}

#[derive(Serialize)]
pub struct Forever {
    pub sub: String,
}
