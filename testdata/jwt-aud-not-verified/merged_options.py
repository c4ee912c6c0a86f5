import os
from functools import partial

from jwt import decode as read

KEY = os.environ["PUBLIC_KEY"]
BASE = dict(algorithms=["RS256"], issuer="https://id.example")
strict_read = partial(read, algorithms=["RS256"], issuer="https://id.example", audience="api")


def strict(token):
    return read(token, KEY, **{**BASE, "audience": "api"})  # ok: jwt-aud-not-verified


def by_partial(token):
    return strict_read(token, KEY)  # ok: jwt-aud-not-verified


def by_hand(token):
    claims = read(token, KEY, algorithms=["RS256"], issuer="https://id.example", options={"verify_aud": False})  # ok: jwt-aud-not-verified
    if "api" not in claims["aud"]:
        raise PermissionError("not for us")
    return claims
