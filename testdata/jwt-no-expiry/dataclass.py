from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, timezone

import jwt
from pydantic import BaseModel

KEY = open("/run/secrets/jwt.pem").read()


def soon():
    return datetime.now(timezone.utc) + timedelta(minutes=10)


@dataclass
class Payload:
    sub: str
    exp: datetime = field(default_factory=soon)


class Claims(BaseModel):
    sub: str
    exp: datetime


class Forever(BaseModel):
    sub: str


def by_dataclass(user_id):
    return jwt.encode(asdict(Payload(sub=user_id)), KEY, algorithm="RS256")  # ok: jwt-no-expiry


def by_model(user_id):
    return jwt.encode(Claims(sub=user_id, exp=soon()).model_dump(), KEY, algorithm="RS256")  # ok: jwt-no-expiry


def never(user_id):
    return jwt.encode(Forever(sub=user_id).model_dump(), KEY, algorithm="RS256")  # finding: jwt-no-expiry


def by_branch(user_id, remember):
    payload = {"sub": user_id}
    if remember:
        payload["exp"] = datetime.now(timezone.utc) + timedelta(minutes=15)
    else:
        payload["exp"] = soon()
    return jwt.encode(payload, KEY, algorithm="RS256")  # ok: jwt-no-expiry
