import os
from datetime import datetime, timedelta, timezone

import jwt
from fastapi import APIRouter

KEY = os.environ["SIGNING_KEY"]
router = APIRouter()


def create_access_token(user, lifetime: timedelta) -> str:
    return jwt.encode({"sub": user.id, "exp": datetime.now(timezone.utc) + lifetime}, KEY, algorithm="HS256")


def sign(user, lifetime: timedelta) -> str:
    return jwt.encode({"sub": user.id, "exp": datetime.now(timezone.utc) + lifetime}, KEY, algorithm="HS256")


@router.post("/refresh")
def refresh_token(user):
    return {"token": create_access_token(user, timedelta(days=3))}  # finding: jwt-long-lived-access-token


@router.post("/login")
def login(user):
    refresh = create_access_token(user, timedelta(days=7))  # ok: jwt-long-lived-access-token
    return {"refresh_token": refresh}


def create_refresh_token(user):
    return sign(user, timedelta(days=7))  # ok: jwt-long-lived-access-token
