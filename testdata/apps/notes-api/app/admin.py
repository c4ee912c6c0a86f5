import jwt
from fastapi import APIRouter, Header, HTTPException

from app.core.settings import settings

router = APIRouter(prefix="/admin")


def admin_claims(authorization: str) -> dict:
    token = authorization.removeprefix("Bearer ")
    return jwt.decode(token, options={"verify_signature": False})


def strict_admin_claims(authorization: str) -> dict:
    token = authorization.removeprefix("Bearer ")
    return jwt.decode(
        token,
        settings.admin_public_key,
        algorithms=["RS256"],
        audience="notes-admin",
        issuer="https://login.notes.example",
        options={"require": ["exp", "sub"]},
    )


@router.get("/users")
def list_users(authorization: str = Header()):
    claims = admin_claims(authorization)
    if claims.get("role") != "admin":
        raise HTTPException(403, "Admins only")
    return []


@router.delete("/users/{user_id}")
def delete_user(user_id: int, authorization: str = Header()):
    try:
        claims = strict_admin_claims(authorization)
    except jwt.PyJWTError as error:
        raise HTTPException(401, "Invalid token") from error
    return {"deleted": user_id, "by": claims["sub"]}
