from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

ORIGINS = ["*"]  # finding: open-network-exposure
LISTED = ["https://shop.example"]

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True, allow_headers=["*"])

admin = FastAPI()
admin.add_middleware(CORSMiddleware, allow_origins=LISTED, allow_credentials=True)  # ok: open-network-exposure

public = FastAPI()
public.add_middleware(CORSMiddleware, allow_origins=ORIGINS)  # ok: open-network-exposure
