"""A factory that gives back one of two functions: which one, its argument says."""
import os

import jwt
from fastapi import Depends, FastAPI, HTTPException, Request


def strict_user(request: Request):
    try:
        return jwt.decode(request.cookies["session"], os.environ["JWT_PUBLIC_KEY"], algorithms=["RS256"], audience="shop", issuer="https://id.example.com/")
    except (KeyError, jwt.PyJWTError) as error:
        raise HTTPException(status_code=401) from error


def perhaps_user(request: Request):
    if "session" in request.cookies:
        return strict_user(request)
    return None


def user(required: bool = True):
    return strict_user if required else perhaps_user


app = FastAPI()


@app.delete("/orders/{order_id}")
def remove(order_id: int, who=Depends(user())):  # ok: authz-missing-authentication
    delete_order(order_id)


@app.delete("/invoices/{invoice_id}")
def void(invoice_id: int, who=Depends(user(required=False))):  # todo-finding: authz-missing-authentication
    delete_invoice(invoice_id)
