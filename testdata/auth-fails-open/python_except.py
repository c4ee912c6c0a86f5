import jwt

KEY = open("/run/secrets/jwt.pub").read()
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


def token_required(view):
    def decorated(*args, **kwargs):
        try:
            jwt.decode(args[0], KEY, algorithms=["RS256"], audience="api", issuer="https://id.example")
        except Exception:  # finding: auth-fails-open
            pass
        return view(*args, **kwargs)

    return decorated


def token_demanded(view):
    def decorated(*args, **kwargs):
        try:
            jwt.decode(args[0], KEY, algorithms=["RS256"], audience="api", issuer="https://id.example")
        except Exception:  # ok: auth-fails-open
            return "who are you?", 401
        return view(*args, **kwargs)

    return decorated
