from functools import wraps

from sanic.exceptions import Unauthorized

from store import find_user


def protected(handler):
    @wraps(handler)
    async def wrapped(request, *args, **kwargs):
        user = await find_user(request.token)
        if user is None:
            raise Unauthorized("who are you")
        request.ctx.user = user
        return await handler(request, *args, **kwargs)

    return wrapped
