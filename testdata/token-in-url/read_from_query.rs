use std::collections::HashMap;

use actix_web::HttpRequest;

// What a service reads from its own query stands in the URL of whoever calls it.
pub fn reset(request: HttpRequest) -> String {
    let params: HashMap<String, String> = serde_urlencoded::from_str(request.query_string()).unwrap_or_default();
    params.get("password").cloned().unwrap_or_default() // finding: token-in-url
}

pub fn settings(params: HashMap<String, String>) -> String {
    params.get("password").cloned().unwrap_or_default() // ok: token-in-url
}

pub fn shows(request: HttpRequest) -> bool {
    let params: HashMap<String, String> = serde_urlencoded::from_str(request.query_string()).unwrap_or_default();
    params.contains_key("show_password") // ok: token-in-url
}
