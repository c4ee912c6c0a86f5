from aiohttp import web

from guards import admins_only


@admins_only
async def users(request):
    return web.json_response([])


async def log(request):
    return web.json_response([])


def make_admin():
    admin = web.Application()
    admin.add_routes([web.get("/users", users), web.get("/log", log)])
    return admin
