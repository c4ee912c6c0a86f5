from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin, UserPassesTestMixin
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import DetailView, ListView
from django.views.generic.edit import DeleteView, UpdateView

from .models import Volume


class MembersOnly(LoginRequiredMixin):
    """What every page for members derives from."""

    login_url = "/accounts/login/"


class Catalogue(ListView):
    model = Volume


class Book(DetailView):
    model = Volume


class Reserve(MembersOnly, View):
    http_method_names = ["post"]

    def post(self, request, slug):
        return HttpResponse(status=201)


class Edit(PermissionRequiredMixin, UpdateView):
    permission_required = "library.change_volume"
    model = Volume


class Remove(DeleteView, MembersOnly):
    """The mixin stands behind the view: it never runs."""

    model = Volume


class Notes(UserPassesTestMixin, View):
    def test_func(self):
        return self.request.user.groups.filter(name="librarians").exists()

    def get(self, request, slug):
        return HttpResponse("notes")


@method_decorator(login_required, name="post")
class Copies(View):
    def get(self, request, slug):
        return HttpResponse("copies")

    def post(self, request, slug):
        return HttpResponse(status=201)

    @method_decorator(permission_required("library.delete_copy", raise_exception=True))
    def delete(self, request, slug):
        return HttpResponse(status=204)
