import os

import jwt


class Settings:
    secret = os.getenv("JWT_SECRET", "q9V1m3Zr8sT5w7Yx2Bc4Df6Gh8Jk0Lm2")  # finding: jwt-hardcoded-secret
    public_key = os.environ["PUBLIC_KEY"]


def sign(payload):
    return jwt.encode({**payload, "exp": 1}, Settings.secret, algorithm="HS256")


def verify(token):
    return jwt.decode(token, Settings.public_key, algorithms=["RS256"], audience="api", issuer="https://id.example")  # ok: jwt-hardcoded-secret
