import secrets
from typing import Annotated

import jwt
from fastapi import Depends, Header, HTTPException, Security, status
from fastapi.security import HTTPBearer, OAuth2PasswordBearer, SecurityScopes

from app.models import User
from app.settings import settings

oauth2 = OAuth2PasswordBearer(tokenUrl="login")
maybe_bearer = HTTPBearer(auto_error=False)


async def get_db():
    yield None


async def current_user(token: Annotated[str, Depends(oauth2)], db=Depends(get_db)) -> User:
    try:
        claims = jwt.decode(token, settings.SECRET_KEY, algorithms=["HS256"], audience="shop", issuer="shop")
    except jwt.InvalidTokenError:
        raise HTTPException(status_code=status.HTTP_401_UNAUTHORIZED)
    return await User.get(claims["sub"])


async def maybe_user(bearer=Depends(maybe_bearer)) -> User | None:
    """Known or not: nobody is turned away."""
    if bearer is None:
        return None
    try:
        claims = jwt.decode(
            bearer.credentials, settings.SECRET_KEY, algorithms=["HS256"], audience="shop", issuer="shop"
        )
    except jwt.InvalidTokenError:
        return None
    return await User.get(claims["sub"])


CurrentUser = Annotated[User, Depends(current_user)]


async def active_user(user: CurrentUser) -> User:
    if not user.is_active:
        raise HTTPException(status_code=400, detail="inactive")
    return user


class RequireRole:
    def __init__(self, *roles: str):
        self.roles = roles

    def __call__(self, user: Annotated[User, Depends(active_user)]) -> User:
        if user.role not in self.roles:
            raise HTTPException(status_code=status.HTTP_403_FORBIDDEN)
        return user


def with_scopes(scopes: SecurityScopes, token: str = Depends(oauth2)):
    claims = jwt.decode(token, settings.SECRET_KEY, algorithms=["HS256"], audience="shop", issuer="shop")
    for scope in scopes.scopes:
        if scope not in claims["scope"].split():
            raise HTTPException(status_code=status.HTTP_403_FORBIDDEN)
    return claims


def cron_key(x_cron_key: Annotated[str, Header()]):
    if not secrets.compare_digest(x_cron_key, settings.CRON_KEY):
        raise HTTPException(status_code=status.HTTP_401_UNAUTHORIZED)


def paging(page: int = 1, size: int = 20):
    if size > 100:
        raise HTTPException(status_code=422)
    return page, size


Exports = Annotated[dict, Security(with_scopes, scopes=["orders:export"])]
