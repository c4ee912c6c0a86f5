from rest_framework.permissions import SAFE_METHODS, BasePermission


class Member(BasePermission):
    """Views for everybody say so themselves."""

    def has_permission(self, request, view):
        if getattr(view, "for_everybody", False):
            return True
        return bool(request.user and request.user.is_authenticated)


class Grower(Member):
    def has_permission(self, request, view):
        return super().has_permission(request, view) and request.user.role == "grower"


class LookOnly(BasePermission):
    def has_permission(self, request, view):
        return request.method in SAFE_METHODS


class Present(BasePermission):
    """Always true: even a stranger has a user."""

    def has_permission(self, request, view):
        return True if request.user else False


class Nobody(BasePermission):
    def has_permission(self, request, view):
        return False
