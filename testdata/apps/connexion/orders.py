from connexion import request


def listing():
    return []


def read(order_id):
    return {"id": order_id}


def login(body):
    return {"token": "…"}


def hook(body):
    if request.headers.get("X-Signature") != signature(body):
        return {"error": "who are you"}, 401
    return {"ok": True}


def signature(body):
    return str(len(body))


def padlock():
    """The document shows a padlock, and nothing checks it."""
    return []
