from flask import Flask

from shop.views.admin import admin
from shop.views.account import account
from shop.views.catalog import catalog
from shop.views.orders import OrderItem, Orders, register


def create_app():
    app = Flask(__name__)
    app.register_blueprint(catalog)
    # The prefix given here replaces the blueprint's own.
    app.register_blueprint(account, url_prefix="/me")
    app.register_blueprint(admin)
    app.add_url_rule("/orders", view_func=Orders.as_view("orders"))
    app.add_url_rule("/orders/<int:order_id>", view_func=OrderItem.as_view("order"), methods=["GET", "DELETE"])

    register(app)

    @app.get("/health")
    def health():
        return {"ok": True}

    return app
