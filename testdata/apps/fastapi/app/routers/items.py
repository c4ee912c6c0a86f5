from fastapi import APIRouter, Depends, HTTPException

from app.deps import CurrentUser, Exports, RequireRole, active_user, maybe_user, oauth2, paging
from app.models import Item

router = APIRouter(prefix="/items", tags=["items"])


@router.get("/")
def listing(page=Depends(paging)):
    return []


@router.get("/hello")
def hello(user=Depends(maybe_user)):
    return {"hello": user.id if user else "stranger"}


@router.get("/token")
def token_only(token: str = Depends(oauth2)):
    # Something was sent; nobody looks at it.
    return {"token": token}


@router.post("/")
def create(item: Item, user: CurrentUser):
    # The role in the body is the item's, not the caller's.
    if item.role == "forbidden":
        raise HTTPException(status_code=400)
    return item


@router.get("/{item_id}")
def read(item_id: int, user=Depends(active_user)):
    return item_id


@router.delete("/{item_id}", dependencies=[Depends(RequireRole("clerk", "admin"))])
def remove(item_id: int):
    return item_id


@router.get("/export/all")
def export(claims: Exports):
    return []


@router.put("/{item_id}/hidden")
def hide(item_id: int, user: CurrentUser):
    if user.role != "admin":
        raise HTTPException(status_code=403)
    return item_id
