"""Django's own admin, for admins: the last resort when no page of ours does it."""

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse


class OurAdminSite(AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_admin", False)) and super().has_permission(request)

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """Sign-in is allauth's, with its limits and second factors; others find nothing here."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        response: HttpResponse = secure_admin_login(super().login)(request)
        return response
