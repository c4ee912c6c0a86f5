from ninja import Router
from ninja.security import django_auth_is_staff

from .auth import Whatever

router = Router()


@router.get("")
def parcels(request):
    return []


@router.post("{parcel}/move")
def move(request, parcel: int):
    return {"moved": parcel}


@router.delete("{parcel}", auth=django_auth_is_staff)
def scrap(request, parcel: int):
    return {"scrapped": parcel}


@router.put("{parcel}", auth=Whatever())
def relabel(request, parcel: int):
    return {"labelled": parcel}
