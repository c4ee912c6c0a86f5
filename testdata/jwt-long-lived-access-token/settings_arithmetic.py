from datetime import datetime, timedelta, timezone

import jwt
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    private_key: str
    access_token_expire_minutes: int = 60 * 24 * 7


settings = Settings()


def create_access_token(data: dict):
    expire = datetime.now(timezone.utc) + timedelta(minutes=settings.access_token_expire_minutes)
    return jwt.encode({**data, "exp": expire}, settings.private_key, algorithm="RS256")  # finding: jwt-long-lived-access-token


def create_access_token_or(data: dict, expires_delta: timedelta | None = None):
    expire = datetime.now(timezone.utc) + (
        expires_delta or timedelta(minutes=settings.access_token_expire_minutes)
    )
    return jwt.encode({**data, "exp": expire}, settings.private_key, algorithm="RS256")  # finding: jwt-long-lived-access-token


def create_refresh_token(data: dict):
    expire = datetime.now(timezone.utc) + timedelta(days=7)
    return jwt.encode({**data, "exp": expire}, settings.private_key, algorithm="RS256")  # ok: jwt-long-lived-access-token
