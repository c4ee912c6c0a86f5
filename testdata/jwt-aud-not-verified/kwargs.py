import os

import jwt

KEY = os.environ["PUBLIC_KEY"]
COMMON = {"algorithms": ["RS256"], "issuer": "https://id.example"}


def strict(token):
    return jwt.decode(token, KEY, **COMMON, audience="api")  # ok: jwt-aud-not-verified


def lax(token):
    return jwt.decode(token, KEY, **COMMON, options={"verify_aud": False})  # finding: jwt-aud-not-verified
