from fastapi import APIRouter, Depends

from app.deps import get_current_user

router = APIRouter(prefix="/notes")
NOTES: list[dict] = []


@router.get("/")
def list_notes(user: dict = Depends(get_current_user)):
    return [note for note in NOTES if note["owner"] == user["sub"]]
