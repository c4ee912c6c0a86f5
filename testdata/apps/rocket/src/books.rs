use rocket::{Route, serde::json::Json};

use crate::guards::{Language, Librarian, Reader};

pub fn routes() -> Vec<Route> {
    let mut found = routes![list, lend];
    found.append(&mut kept());
    found
}

fn kept() -> Vec<Route> {
    routes![add, remove, shown, blurb, shown_to_all]
}

#[get("/?<page>")]
fn list(page: Option<u32>) -> String {
    page.unwrap_or(1).to_string()
}

#[post("/<id>/loans")]
fn lend(reader: Reader, id: i64) -> String {
    format!("{} {id}", reader.sub)
}

#[post("/", data = "<title>")]
fn add(_librarian: Librarian, title: Json<String>) -> String {
    title.into_inner()
}

#[delete("/<id>")]
fn remove(librarian: Librarian, id: i64) -> String {
    format!("{} {id}", librarian.0.sub)
}

#[get("/<id>")]
fn shown(reader: Option<Reader>, id: i64) -> String {
    format!("{} {id}", reader.is_some())
}

#[get("/<id>/all", rank = 2)]
fn shown_to_all(reader: Result<Reader, &'static str>, id: i64) -> String {
    format!("{} {id}", reader.is_ok())
}

#[get("/<id>/blurb")]
fn blurb(language: Language, id: i64) -> String {
    format!("{} {id}", language.0)
}
