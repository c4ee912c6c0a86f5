from datetime import timedelta

from fastapi import APIRouter, HTTPException
from jose import JWTError
from pydantic import BaseModel

from app.core import create_access_token, create_refresh_token
from app.core.security import decode_refresh_token, passwords

router = APIRouter(prefix="/auth")
USERS: dict[str, dict] = {}


class Credentials(BaseModel):
    email: str
    password: str


@router.post("/login")
def login(body: Credentials):
    user = USERS.get(body.email)
    if user is None or not passwords.verify(body.password, user["hashed_password"]):
        raise HTTPException(401, "Incorrect email or password")
    return {
        "access_token": create_access_token({"sub": str(user["id"])}),
        "refresh_token": create_refresh_token(user["id"]),
    }


@router.post("/refresh")
def refresh(token: str):
    try:
        claims = decode_refresh_token(token)
    except JWTError:
        raise HTTPException(401, "Invalid refresh token")
    return {
        "access_token": create_access_token({"sub": claims["sub"]}),
        "refresh_token": create_refresh_token(claims["sub"]),
    }


@router.post("/widget")
def widget_token(note_id: int):
    return {"token": create_access_token({"sub": f"note:{note_id}"}, timedelta(minutes=5))}
