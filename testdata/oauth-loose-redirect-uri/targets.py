import requests
from flask import redirect, request


def taken():
    url = request.args.get("next")
    if url:
        return redirect(url)  # finding: oauth-loose-redirect-uri
    return redirect("/")


def other_service():
    answer = requests.post("https://pay.example/sessions", timeout=10)
    return redirect(answer.json()["url"])  # ok: oauth-loose-redirect-uri


def own_page():
    return redirect(f"/orders/{request.form['id']}")  # ok: oauth-loose-redirect-uri
