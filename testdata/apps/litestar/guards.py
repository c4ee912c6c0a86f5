from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler

from store import find_user


def timed(connection: ASGIConnection, _: BaseRouteHandler) -> None:
    connection.state.seen = True


def requires_user(connection: ASGIConnection, _: BaseRouteHandler) -> None:
    user = find_user(connection.headers.get("Authorization"))
    if user is None:
        raise NotAuthorizedException()
    connection.state.user = user


def requires_admin(connection: ASGIConnection, _: BaseRouteHandler) -> None:
    if not connection.state.user.is_admin:
        raise PermissionDeniedException()
