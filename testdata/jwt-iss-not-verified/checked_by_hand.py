import os

from jose import jwt

ISSUER = os.environ["ISSUER"]


def claims(token, key):
    found = jwt.decode(token, key, algorithms=["RS256"], audience="api")  # ok: jwt-iss-not-verified
    if found.get("iss") != ISSUER:
        raise PermissionError("wrong issuer")
    return found


def lax(token, key):
    return jwt.decode(token, key, algorithms=["RS256"], audience="api")  # finding: jwt-iss-not-verified
