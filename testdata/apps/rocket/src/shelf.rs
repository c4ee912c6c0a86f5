use rocket::fairing::AdHoc;

use crate::guards::Reader;

#[get("/<name>")]
fn read(reader: Reader, name: &str) -> String {
    format!("{} {name}", reader.sub)
}

#[put("/<name>/<path..>")]
fn put(name: &str, path: std::path::PathBuf) -> String {
    format!("{name} {}", path.display())
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("shelves", |rocket| async { rocket.mount("/shelves", routes![read, put]) })
}
