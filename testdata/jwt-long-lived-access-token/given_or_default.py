import os
from datetime import datetime, timedelta, timezone

import jwt

KEY = os.environ["SIGNING_KEY"]


def create_access_token(claims: dict, lifetime: timedelta | None = None) -> str:
    lifetime = lifetime or timedelta(hours=48)
    return jwt.encode({**claims, "exp": datetime.now(timezone.utc) + lifetime}, KEY, algorithm="HS256")


def for_devices(device):
    return create_access_token({"sub": device.id}, timedelta(1825))  # finding: jwt-long-lived-access-token


def for_people(user):
    return create_access_token({"sub": user.id}, timedelta(minutes=10))  # ok: jwt-long-lived-access-token


def for_nobody_in_particular(user):
    return create_access_token({"sub": user.id})  # finding: jwt-long-lived-access-token


def as_configured(user, settings):
    return create_access_token({"sub": user.id}, settings.lifetime)  # ok: jwt-long-lived-access-token
