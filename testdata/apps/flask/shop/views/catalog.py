from flask import Blueprint, jsonify

from shop.guards import api_key_required, login_required, timed
from shop.models import Product

catalog = Blueprint("catalog", __name__, url_prefix="/catalog")


@catalog.route("/")
@timed
def products():
    return jsonify([p.id for p in Product.query.all()])


@catalog.route("/<int:product_id>/reviews", methods=["GET", "POST"])
@login_required
def reviews(product_id):
    return jsonify(product_id)


# The guard stands above the route: what is registered is the bare function.
@login_required
@catalog.delete("/<int:product_id>")
def remove(product_id):
    return jsonify(product_id)


@catalog.put("/import")
@api_key_required
def bulk():
    return jsonify(True)
