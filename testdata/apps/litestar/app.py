from litestar import Litestar, Router, get

from guards import requires_admin, requires_user, timed
from orders import OrderController, report


@get("/health")
async def health() -> dict:
    return {"ok": True}


@get("/users")
async def users() -> list:
    return []


admin = Router(path="/admin", route_handlers=[users, report], guards=[requires_user, requires_admin])
app = Litestar(route_handlers=[health, OrderController, admin], guards=[timed])
