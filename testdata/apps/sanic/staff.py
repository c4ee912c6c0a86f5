from sanic import Blueprint, json
from sanic.exceptions import Forbidden, Unauthorized

from store import find_user

staff = Blueprint("staff", url_prefix="/staff")


@staff.on_request
async def only_staff(request):
    user = await find_user(request.token)
    if user is None:
        raise Unauthorized("who are you")
    if user.role != "staff":
        raise Forbidden()


@staff.get("/users")
async def users(request):
    return json([])


@staff.websocket("/feed")
async def feed(request, socket):
    await socket.send("hello")
