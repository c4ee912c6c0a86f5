from datetime import datetime, timedelta, timezone

import jwt

KEY = open("/run/secrets/jwt.pem").read()


def by_update(data):
    to_encode = data.copy()
    to_encode.update({"exp": datetime.now(timezone.utc) + timedelta(minutes=10)})
    return jwt.encode(to_encode, KEY, algorithm="RS256")  # ok: jwt-no-expiry


def by_setdefault(data):
    payload = dict(data)
    payload.setdefault("exp", datetime.now(timezone.utc) + timedelta(minutes=10))
    return jwt.encode(payload, KEY, algorithm="RS256")  # ok: jwt-no-expiry


def by_index(data):
    payload = {"sub": data["id"]}
    payload["exp"] = datetime.now(timezone.utc) + timedelta(minutes=10)
    return jwt.encode(payload, KEY, algorithm="RS256")  # ok: jwt-no-expiry


def by_union(data):
    payload = {**data, "exp": datetime.now(timezone.utc) + timedelta(minutes=10)}
    return jwt.encode(payload, KEY, algorithm="RS256")  # ok: jwt-no-expiry


def by_helper(data):
    return jwt.encode(with_expiry({"sub": data["id"]}), KEY, algorithm="RS256")  # ok: jwt-no-expiry


def with_expiry(payload):
    payload["exp"] = datetime.now(timezone.utc) + timedelta(minutes=10)
    return payload


def never(data):
    payload = {"sub": data["id"], "iat": datetime.now(timezone.utc)}
    return jwt.encode(payload, KEY, algorithm="RS256")  # finding: jwt-no-expiry
