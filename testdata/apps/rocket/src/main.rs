#[macro_use]
extern crate rocket;

mod books;
mod guards;
mod shelf;

use rocket::{Request, fairing::AdHoc};

#[get("/")]
fn index() -> &'static str {
    "a library"
}

#[catch(401)]
fn unknown(_: &Request) -> &'static str {
    "who are you"
}

#[launch]
fn rocket() -> _ {
    rocket::build()
        .attach(AdHoc::on_request("looks at tokens", |request, _| {
            Box::pin(async move {
                if request.headers().get_one("authorization").is_none() {
                    println!("nobody");
                }
            })
        }))
        .attach(shelf::stage())
        .mount("/", routes![index])
        .mount("/books", books::routes())
        .register("/", catchers![unknown])
}
