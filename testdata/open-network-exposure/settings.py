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

# Any character may stand for the dot, and anything before it: `https://evilshop.example` is let in as well.
partners = FastAPI()
partners.add_middleware(CORSMiddleware, allow_origin_regex=r".*.(shop.example|orders.example)", allow_credentials=True)  # finding: open-network-exposure

bounded = FastAPI()
bounded.add_middleware(CORSMiddleware, allow_origin_regex=r"https://.*\.shop\.example", allow_credentials=True)  # ok: open-network-exposure
