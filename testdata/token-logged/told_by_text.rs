// The header's name says little, and so does the variable; only the text before the brace tells what is written.
pub fn handle(request: &Request) -> u16 {
    let presented = request.header("x-caller").unwrap_or("");
    eprintln!("attempt token={} path={}", presented, request.path); // todo-finding: token-logged
    200
}
