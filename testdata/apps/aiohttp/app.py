from aiohttp import web

from admin import make_admin
from guards import session_middleware, timing
from handlers import Orders, health, login, profile, routes


def make_app() -> web.Application:
    app = web.Application(middlewares=[timing])
    app.router.add_get("/health", health)
    app.router.add_post("/login", login)
    app.router.add_view("/orders/{order_id}", Orders)
    app.add_routes(routes)

    private = web.Application(middlewares=[session_middleware])
    private.router.add_get("/profile", profile)
    private.add_subapp("/admin", make_admin())
    app.add_subapp("/private", private)
    return app
