from flask import Blueprint, redirect, request, session
from flask_login import current_user, login_required

from shop.models import User

account = Blueprint("account", __name__, url_prefix="/account")


@account.route("/login", methods=["POST"])
def login():
    user = User.query.filter_by(name=request.form["name"]).first_or_404()
    session["user_id"] = user.id
    return redirect("/")


@account.get("/profile")
@login_required
def profile():
    return {"id": current_user.id}


@account.get("/hello")
def hello():
    # Known or not: both are greeted.
    if current_user.is_authenticated:
        return {"hello": current_user.name}
    return {"hello": "stranger"}


@account.post("/close")
def close():
    if not current_user.is_authenticated:
        return {"error": "log in first"}, 401
    return {"closed": current_user.id}
