import os

import jwt
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse

KEY = os.environ["PUBLIC_KEY"]


class Lax(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        try:
            request.state.user = jwt.decode(
                request.headers["Authorization"], KEY, algorithms=["RS256"], audience="api", issuer="https://id.example"
            )
        except Exception:  # finding: auth-fails-open
            pass
        return await call_next(request)


class Strict(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        try:
            request.state.user = jwt.decode(
                request.headers["Authorization"], KEY, algorithms=["RS256"], audience="api", issuer="https://id.example"
            )
        except jwt.PyJWTError:
            return JSONResponse({"error": "Invalid token"}, status_code=401)  # ok: auth-fails-open
        return await call_next(request)
