from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path

from desk import views as desk
from library.views import Catalogue

accounts = [
    path("login/", auth_views.LoginView.as_view(), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", auth_views.PasswordChangeView.as_view()),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include((accounts, "accounts"))),
    path("books/", include("library.urls", namespace="books")),
    path("", Catalogue.as_view(), name="front"),
    path("desk/", login_required(desk.overview)),
    re_path(r"^desk/loans/(?P<loan>[0-9]+)/close/$", desk.close),
    path("desk/partners/", include([path("stock", desk.stock), path("orders", desk.orders)])),
    path("desk/reports/", desk.reports),
    path("desk/keys/", desk.keys),
]

if settings.DEBUG:
    urlpatterns += [path("debug/", desk.dump)]
