use cookie::{Cookie, SameSite};

pub fn chosen(token: String, lax: bool, secure: bool) -> Cookie<'static> {
    let mut made = Cookie::new("access_token", token); // ok: token-cookie-insecure
    made.set_http_only(true);
    made.set_secure(secure);
    if lax {
        made.set_same_site(SameSite::Lax);
    } else {
        made.set_same_site(SameSite::None);
    }
    made
}

pub fn open(token: String, secure: bool) -> Cookie<'static> {
    let mut made = Cookie::new("access_token", token); // finding: token-cookie-insecure
    made.set_http_only(true);
    made.set_secure(secure);
    made.set_same_site(SameSite::None);
    made
}
