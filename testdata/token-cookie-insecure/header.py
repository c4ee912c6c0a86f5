def login(handler, response, token):
    handler.send_header("Set-Cookie", f"session={token}; HttpOnly; SameSite=Lax")  # finding: token-cookie-insecure
    response.headers["Set-Cookie"] = f"session={token}; Path=/; Secure; HttpOnly"  # ok: token-cookie-insecure
    response.headers["Set-Cookie"] = f"access_token={token}; Path=/; Secure"  # finding: token-cookie-insecure
    response.headers["Set-Cookie"] = "language=de; Path=/"  # ok: token-cookie-insecure


def morsel(cookies, token):
    # What is written to one cookie of a jar is not followed.
    cookies["session_id"] = token
    cookies["session_id"]["secure"] = False  # todo-finding: token-cookie-insecure
