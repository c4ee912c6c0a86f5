import os

from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.config import settings

app = FastAPI()


@app.get("/internal")
def internal(credentials: HTTPAuthorizationCredentials = Depends(HTTPBearer())):
    if credentials.credentials != settings.INTERNAL_TOKEN:  # finding: secret-compare-timing
        raise HTTPException(403)


@app.get("/metrics")
def metrics(x_api_key: str = Header()):
    if x_api_key != os.environ["METRICS_API_KEY"]:  # finding: secret-compare-timing
        raise HTTPException(403)


def kind(token, url):
    return token.type == settings.token_type or url == settings.TOKEN_URL  # ok: secret-compare-timing


def both():
    return settings.API_KEY == os.environ["API_KEY"]  # ok: secret-compare-timing
