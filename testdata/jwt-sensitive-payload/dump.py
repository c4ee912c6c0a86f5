import jwt

KEY = open("/run/secrets/jwt.pem").read()


def bad(user):
    payload = {"sub": user.id, "hashed_password": user.hashed_password, "exp": 1}
    return jwt.encode(payload, KEY, algorithm="RS256")  # finding: jwt-sensitive-payload


def good(user):
    payload = {"sub": user.id, "exp": 1}
    return jwt.encode(payload, KEY, algorithm="RS256")  # ok: jwt-sensitive-payload
