from flask import Blueprint, abort, g, session

from shop.guards import role_required
from shop.models import User

admin = Blueprint("admin", __name__, url_prefix="/admin")
reports = Blueprint("reports", __name__, url_prefix="/reports")
admin.register_blueprint(reports)


@admin.before_request
def load_user():
    if "user_id" not in session:
        abort(401)
    g.user = User.query.get(session["user_id"])


@admin.get("/users")
@role_required("admin")
def users():
    return {"users": []}


@admin.get("/me")
def me():
    return {"id": g.user.id}


@reports.get("/daily")
def daily():
    return {"sales": 0}
