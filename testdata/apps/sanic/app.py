from sanic import Blueprint, Sanic, json

from guards import protected
from staff import staff

app = Sanic("shop")
public = Blueprint("public", url_prefix="/public")


@app.on_request
async def seen(request):
    request.ctx.seen = True


@app.get("/health")
async def health(request):
    return json({"ok": True})


@public.get("/catalog")
async def catalog(request):
    return json([])


@public.put("/catalog/<item_id:int>")
@protected
async def change(request, item_id):
    return json({})


@protected
@public.delete("/catalog/<item_id:int>")
async def remove(request, item_id):
    return json({})


api = Blueprint.group(public, staff, url_prefix="/api")
app.blueprint(api)
