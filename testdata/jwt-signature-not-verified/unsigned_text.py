import base64
import hashlib
import hmac
import json
import os

from flask import abort, g, request


def load_user():
    raw = request.cookies.get("session_token")
    if not raw:
        abort(401)
    data = json.loads(base64.b64decode(raw).decode("utf-8"))  # finding: jwt-signature-not-verified
    g.user = data["username"]


def load_role():
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        text = base64.urlsafe_b64decode(token)
        claims = json.loads(text)  # finding: jwt-signature-not-verified
    except ValueError:
        abort(401)
    if claims.get("role") != "admin":
        abort(403)


def proven():
    raw = request.cookies.get("session_token", "")
    mac = hmac.new(os.environ["SESSION_KEY"].encode(), raw.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(mac, request.cookies.get("session_mac", "")):
        abort(401)
    return json.loads(base64.b64decode(raw))["user"]  # ok: jwt-signature-not-verified


def opened(box):
    raw = request.cookies.get("session_token", "")
    return json.loads(box.decrypt(base64.b64decode(raw)))["user"]  # ok: jwt-signature-not-verified
