use std::collections::HashMap;

use actix_web::HttpRequest;

// What a service reads from its own query stands in the URL of whoever calls it. Sending is judged, reading is not yet.
pub fn reset(request: HttpRequest) -> String {
    let params: HashMap<String, String> = serde_urlencoded::from_str(request.query_string()).unwrap_or_default();
    params.get("password").cloned().unwrap_or_default() // todo-finding: token-in-url
}
