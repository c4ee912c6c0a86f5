import os
from datetime import datetime, timedelta, timezone

import jwt

KEY = os.environ["ACCESS_KEY"]
REFRESH_KEY = os.environ["REFRESH_KEY"]


def create_access_token(user_id):
    exp = datetime.now(timezone.utc) + timedelta(minutes=10)
    return jwt.encode({"sub": user_id, "exp": exp}, KEY, algorithm="HS256")


def login(user_id):
    return create_access_token(user_id)


def refresh(token):
    claims = jwt.decode(token, REFRESH_KEY, algorithms=["HS256"], audience="refresh", issuer="https://id.example")
    return create_access_token(claims["sub"])  # finding: refresh-token-not-rotated


def verify_access_token(token):
    return jwt.decode(token, KEY, algorithms=["HS256"])  # ok: jwt-contract-mismatch
