import os

import jwt


class Settings:
    AUDIENCE = os.environ.get("AUDIENCE", "notes")
    ISSUER = "https://id.example"
    KEY = os.environ["PUBLIC_KEY"]


settings = Settings()


def claims(token):
    return jwt.decode(  # ok: jwt-aud-not-verified ok: jwt-iss-not-verified
        token, settings.KEY, algorithms=["RS256"], audience=settings.AUDIENCE, issuer=settings.ISSUER
    )


def lax(token):
    return jwt.decode(token, settings.KEY, algorithms=["RS256"], issuer=settings.ISSUER, options={"verify_aud": False})  # finding: jwt-aud-not-verified
