from datetime import datetime, timedelta, timezone

import jwt
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    own_key: str
    partner_key: str


settings = Settings()


def issue(user_id):
    exp = datetime.now(timezone.utc) + timedelta(minutes=10)
    return jwt.encode({"sub": user_id, "exp": exp, "aud": "own"}, settings.own_key, algorithm="HS256")


def partner_claims(token):
    return jwt.decode(token, settings.partner_key, algorithms=["RS256"], issuer="https://p.example", options={"verify_aud": False})  # ok: jwt-contract-mismatch finding: jwt-aud-not-verified
