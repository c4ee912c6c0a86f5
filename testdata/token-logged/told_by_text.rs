// The header's name says little, and so does the variable; the text before the brace tells what is written.
pub fn handle(request: &Request) -> u16 {
    let presented = request.header("x-caller").unwrap_or("");
    eprintln!("attempt token={} path={}", presented, request.path); // finding: token-logged
    eprintln!("attempt token=<redacted> path={}", request.path); // ok: token-logged
    eprintln!("attempt page={} path={}", presented, request.path); // ok: token-logged
    200
}

// A function of the program's own writes what it is given.
fn audit_log(line: &str) {
    eprintln!("[audit] {}", line); // ok: token-logged
}

pub fn enter(request: &Request) -> u16 {
    let presented = request.header("x-caller").unwrap_or("");
    audit_log(&format!("attempt token={} path={}", presented, request.path)); // finding: token-logged
    audit_log(&format!("attempt token=<redacted> path={}", request.path)); // ok: token-logged
    audit_log(&format!("bad token: {}", explain(presented))); // ok: token-logged
    200
}

// Of a text that is read piece by piece.
pub fn lex(text: &str) {
    for piece in text.split(' ') {
        println!("token={}", piece); // ok: token-logged
    }
}
