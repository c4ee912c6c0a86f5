import hmac
from functools import wraps

from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import user_passes_test
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST


def partner_only(view):
    @wraps(view)
    def inner(request, *args, **kwargs):
        key = request.headers.get("X-Api-Key", "")
        if not hmac.compare_digest(key, settings.PARTNER_KEY):
            return HttpResponseForbidden()
        return view(request, *args, **kwargs)

    return inner


def counted(view):
    """Counts, and stops nobody."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        request.session["views"] = request.session.get("views", 0) + 1
        return view(request, *args, **kwargs)

    return inner


def overview(request):
    return HttpResponse("overview")


@require_POST
@staff_member_required
def close(request, loan):
    return redirect("overview")


@csrf_exempt
@require_GET
@partner_only
def stock(request):
    return JsonResponse({"stock": 3})


@csrf_exempt
@counted
def orders(request):
    return JsonResponse({"orders": []})


@require_http_methods(["GET", "POST"])
@user_passes_test(lambda user: user.is_superuser)
def reports(request):
    return HttpResponse("reports")


def keys(request):
    if not request.user.is_authenticated:
        return redirect("login")
    return HttpResponse("keys")


def dump(request):
    return HttpResponse("dump")
