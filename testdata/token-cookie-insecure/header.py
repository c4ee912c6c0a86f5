def login(handler, response, token):
    handler.send_header("Set-Cookie", f"session={token}; HttpOnly; SameSite=Lax")  # finding: token-cookie-insecure
    response.headers["Set-Cookie"] = f"session={token}; Path=/; Secure; HttpOnly"  # ok: token-cookie-insecure
    response.headers["Set-Cookie"] = f"access_token={token}; Path=/; Secure"  # finding: token-cookie-insecure
    response.headers["Set-Cookie"] = "language=de; Path=/"  # ok: token-cookie-insecure


def morsel(cookies, token):
    cookies["session_id"] = token
    cookies["session_id"]["secure"] = False  # finding: token-cookie-insecure
    cookies["session_id"]["httponly"] = True


def safer_morsel(cookies, config, token):
    cookies["session_id"] = token
    cookies["session_id"]["secure"] = False  # ok: token-cookie-insecure
    cookies["session_id"]["secure"] = True
    cookies["language"]["secure"] = False  # ok: token-cookie-insecure
    config["session_id"]["secure"] = False  # ok: token-cookie-insecure
