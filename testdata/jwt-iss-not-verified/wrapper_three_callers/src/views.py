from .auth import decode_token

ISSUER = "https://id.example"


def first(request, key):
    return decode_token(request.headers["Authorization"], key, issuer=ISSUER)  # ok: jwt-iss-not-verified


def second(request, key):
    return decode_token(request.headers["Authorization"], key, ISSUER)  # ok: jwt-iss-not-verified


def third(request, key):
    return decode_token(request.headers["Authorization"], key)  # finding: jwt-iss-not-verified
