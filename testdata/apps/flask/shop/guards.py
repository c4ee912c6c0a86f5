from functools import wraps
from time import monotonic

from flask import abort, current_app, g, redirect, request, session, url_for

from shop.models import ApiKey, User


def login_required(view):
    @wraps(view)
    def wrapped(*args, **kwargs):
        user_id = session.get("user_id")
        if user_id is None:
            return redirect(url_for("account.login"))
        g.user = User.query.get(user_id)
        return view(*args, **kwargs)

    return wrapped


def role_required(role):
    def decorator(view):
        @wraps(view)
        def wrapped(*args, **kwargs):
            if g.user is None:
                abort(401)
            if g.user.role != role:
                abort(403)
            return view(*args, **kwargs)

        return wrapped

    return decorator


def api_key_required(view):
    @wraps(view)
    def wrapped(*args, **kwargs):
        key = ApiKey.query.filter_by(value=request.headers.get("X-Api-Key")).first()
        if key is None:
            return {"error": "who are you"}, 401
        return view(*args, **kwargs)

    return wrapped


def timed(view):
    """Measures, and stops nobody."""

    @wraps(view)
    def wrapped(*args, **kwargs):
        start = monotonic()
        try:
            return view(*args, **kwargs)
        finally:
            current_app.logger.info("%s took %s", request.path, monotonic() - start)

    return wrapped
