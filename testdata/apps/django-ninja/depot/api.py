from ninja import NinjaAPI

from .auth import DeviceToken
from .gates import router as gates
from .parcels import router as parcels

api = NinjaAPI(auth=DeviceToken())
api.add_router("/parcels/", parcels)
api.add_router("/gates", gates)


@api.get("/health", auth=None)
def health(request):
    return "ok"


@api.get("/me")
def me(request):
    return str(request.auth)
