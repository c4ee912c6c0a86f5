from fastapi import FastAPI

from app import admin
from app.routers import auth, notes

app = FastAPI()
app.include_router(admin.router)
app.include_router(auth.router)
app.include_router(notes.router)
