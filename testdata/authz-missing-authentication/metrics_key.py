"""A key of the deployment's own, compared in the handler."""
import os
from hmac import compare_digest

from django.http import HttpResponse, HttpResponseForbidden
from django.urls import path


def by_comparison(request):
    if request.headers.get("X-Reports-Key") != os.environ["REPORTS_KEY"]:
        return HttpResponseForbidden()
    return HttpResponse(all_orders())


def by_digest(request):  # todo-ok: authz-missing-authentication
    if not compare_digest(request.headers.get("X-Reports-Key", ""), os.environ["REPORTS_KEY"]):
        return HttpResponseForbidden()
    return HttpResponse(all_orders())


def by_nobody(request):  # finding: authz-missing-authentication
    return HttpResponse(all_orders())


urlpatterns = [
    path("orders/one", by_comparison),
    path("orders/two", by_digest),
    path("orders/three", by_nobody),
]
