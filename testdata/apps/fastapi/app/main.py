from fastapi import Depends, FastAPI

from app.deps import cron_key
from app.routers import admin, items
from app.settings import settings

jobs = FastAPI()


@jobs.post("/nightly")
def nightly():
    return "started"


app = FastAPI()
app.include_router(items.router, prefix=settings.API_PREFIX)
app.include_router(admin.router, prefix=settings.API_PREFIX)
# The same routes again, for the machine that runs at night.
app.include_router(items.router, prefix="/machine", dependencies=[Depends(cron_key)])
app.mount("/jobs", jobs)


@app.get("/health")
def health():
    return "ok"
