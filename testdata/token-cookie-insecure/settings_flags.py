import os

from flask import Flask, make_response

app = Flask(__name__)
SECURE = os.environ.get("ENV") != "dev"


def login(token):
    response = make_response("ok")
    response.set_cookie("token", token, httponly=True, secure=SECURE, samesite="Lax")  # ok: token-cookie-insecure
    response.set_cookie("token", token, httponly=True, secure=app.config["SECURE"])  # ok: token-cookie-insecure
    response.set_cookie("token", token, httponly=True, secure=not app.debug)  # ok: token-cookie-insecure
    response.set_cookie("token", token, **app.config["COOKIE"])  # ok: token-cookie-insecure
    response.set_cookie("session", token, httponly=True)  # finding: token-cookie-insecure
    response.set_cookie("csrf_token", token)  # ok: token-cookie-insecure
    return response
