import jwt

ALGORITHM = None
NONE = "none"


def unsigned(claims):
    return jwt.encode({**claims, "exp": 1}, "", algorithm=NONE)  # finding: jwt-alg-none
