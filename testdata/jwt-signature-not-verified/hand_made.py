import base64
import json

from flask import abort, request


def current_user():
    token = request.headers["Authorization"].split(" ")[1]
    body = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))  # finding: jwt-signature-not-verified
    if claims["role"] != "admin":
        abort(403)
    return claims
