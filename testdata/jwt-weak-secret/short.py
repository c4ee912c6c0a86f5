import jwt

SECRET = "changeme"  # finding: jwt-weak-secret finding: jwt-hardcoded-secret


def sign(claims):
    return jwt.encode({**claims, "exp": 1}, SECRET, algorithm="HS256")
