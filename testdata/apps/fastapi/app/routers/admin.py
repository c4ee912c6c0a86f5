from fastapi import APIRouter, Depends

from app.deps import RequireRole, current_user


class StaffRouter(APIRouter):
    """Everything registered here is for the staff."""

    def __init__(self, prefix: str = "", **rest):
        super().__init__(prefix=prefix, dependencies=[Depends(RequireRole("admin"))], **rest)


router = StaffRouter(prefix="/staff")
reports = APIRouter(dependencies=[Depends(current_user)])


@router.get("/users")
def users():
    return []


@reports.api_route("/daily", methods=["GET", "HEAD"])
def daily():
    return []


@reports.websocket("/live")
async def live(socket):
    await socket.accept()


router.include_router(reports, prefix="/reports")
