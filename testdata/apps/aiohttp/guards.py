from functools import wraps
from time import monotonic

from aiohttp import web

from store import find_session


@web.middleware
async def timing(request, handler):
    start = monotonic()
    response = await handler(request)
    response.headers["X-Took"] = str(monotonic() - start)
    return response


@web.middleware
async def session_middleware(request, handler):
    session = await find_session(request.cookies.get("session_id"))
    if session is None:
        raise web.HTTPUnauthorized()
    request["user"] = session.user
    return await handler(request)


def admins_only(handler):
    @wraps(handler)
    async def wrapped(request):
        if not request["user"].is_admin:
            raise web.HTTPForbidden()
        return await handler(request)

    return wrapped
