import jwt

SETTINGS = {"algorithms": ["ES256"]}


def lax(token, key):
    header = jwt.get_unverified_header(token)
    return jwt.decode(token, key, algorithms=[header["alg"]], audience="api", issuer="https://id.example")  # finding: jwt-algorithm-not-pinned


def strict(token, key):
    return jwt.decode(token, key, algorithms=SETTINGS["algorithms"], audience="api", issuer="https://id.example")  # ok: jwt-algorithm-not-pinned
