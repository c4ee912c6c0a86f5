import jwt
from fastapi import HTTPException


def returns_none(token, key):
    try:
        return jwt.decode(token, key, algorithms=["RS256"], audience="api", issuer="https://id.example")
    except jwt.PyJWTError:
        return None  # ok: auth-fails-open


def rejects(token, key):
    try:
        claims = jwt.decode(token, key, algorithms=["RS256"], audience="api", issuer="https://id.example")
    except jwt.PyJWTError as error:
        raise HTTPException(401) from error  # ok: auth-fails-open
    return claims


def reads_it_anyway(token, key):
    try:
        return jwt.decode(token, key, algorithms=["RS256"], audience="api", issuer="https://id.example")
    except jwt.ExpiredSignatureError:
        return jwt.decode(token, options={"verify_signature": False})  # finding: auth-fails-open finding: jwt-signature-not-verified


def says_yes(token, key):
    try:
        jwt.decode(token, key, algorithms=["RS256"], audience="api", issuer="https://id.example")
    except Exception:
        return True  # finding: auth-fails-open
    return True
