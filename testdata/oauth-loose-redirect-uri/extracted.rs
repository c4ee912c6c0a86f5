use axum::extract::Query;
use axum::response::Redirect;

// What an extractor gives is not known as the request's.
pub async fn back(Query(params): Query<Params>) -> Redirect {
    Redirect::to(&params.next) // todo-finding: oauth-loose-redirect-uri
}

pub async fn home(Query(params): Query<Params>) -> Redirect {
    Redirect::to(&format!("/users/{}", params.id)) // ok: oauth-loose-redirect-uri
}
