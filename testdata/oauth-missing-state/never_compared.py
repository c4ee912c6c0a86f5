# The state is kept, and the callback does not look at it: needs both ends together.
import secrets

import requests
from flask import request, session


def start():
    session["state"] = secrets.token_urlsafe(32)
    return "https://id.example/authorize?response_type=code&client_id=shop&code_challenge=x&state=" + session["state"]  # ok: oauth-missing-state


def callback():
    body = {"grant_type": "authorization_code", "code": request.args["code"]}  # todo-finding: oauth-missing-state
    return requests.post("https://id.example/token", data=body, timeout=10).json()
