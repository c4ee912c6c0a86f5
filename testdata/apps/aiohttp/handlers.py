from aiohttp import web

from store import find_key

routes = web.RouteTableDef()


async def health(request):
    return web.json_response({"ok": True})


async def login(request):
    form = await request.post()
    return web.json_response({"hello": form["name"]})


async def profile(request):
    return web.json_response({"id": request["user"].id})


@routes.get("/catalog")
async def catalog(request):
    return web.json_response([])


@routes.post("/import")
async def bulk(request):
    if not await find_key(request.headers.get("X-Api-Key")):
        raise web.HTTPUnauthorized()
    return web.json_response({})


class Orders(web.View):
    async def get(self):
        return web.json_response({"id": self.request.match_info["order_id"]})

    async def delete(self):
        return web.json_response({})
