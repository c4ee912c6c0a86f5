from flask.views import MethodView, View
from flask_login import login_required

from shop.guards import role_required, timed
from shop.models import Order


class Private(MethodView):
    decorators = [login_required]


class Orders(Private):
    def get(self):
        return {"orders": []}

    def post(self):
        return {"order": 1}


class OrderItem(Private):
    decorators = Private.decorators + [role_required("clerk")]

    def get(self, order_id):
        return {"order": Order.query.get_or_404(order_id).id}

    def put(self, order_id):
        return {"order": order_id}

    def delete(self, order_id):
        return {"order": order_id}


class Public(Private):
    # Replaces what the base class asks for.
    decorators = [timed]

    def get(self):
        return {"ok": True}


class Status(View):
    methods = ["GET", "POST"]

    def dispatch_request(self):
        return {"ok": True}


def register(app):
    app.add_url_rule("/status", view_func=Status.as_view("status"))
    app.add_url_rule("/open", view_func=Public.as_view("open"))
