import jwt

OPTIONS = {"verify_exp": False}


def lax(token, key):
    return jwt.decode(token, key, algorithms=["RS256"], audience="api", issuer="https://id.example", options=OPTIONS)  # finding: jwt-exp-not-verified


def patient(token, key):
    return jwt.decode(token, key, algorithms=["RS256"], audience="api", issuer="https://id.example", leeway=3600)  # finding: jwt-exp-not-verified


def tolerant(token, key):
    return jwt.decode(token, key, algorithms=["RS256"], audience="api", issuer="https://id.example", leeway=30)  # ok: jwt-exp-not-verified
