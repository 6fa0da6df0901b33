"""Django's own admin, for admins: a place to look. What is done there nobody would write down
in the audit log, so nothing is."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite, ModelAdmin
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


class OnlyLookedAt:
    """Before a `ModelAdmin`: its rows are shown, and neither added, changed nor deleted."""

    def has_add_permission(self, *args: Any) -> bool:
        return False

    def has_change_permission(self, *args: Any) -> bool:
        return False

    def has_delete_permission(self, *args: Any) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}


def only_look(site: AdminSite) -> None:
    """Make everything that is registered by now read-only."""
    for model, shown in list(site._registry.items()):
        looked_at: type[ModelAdmin[Any]] = type(
            f"LookedAt{model.__name__}", (OnlyLookedAt, type(shown)), {}
        )
        site.unregister(model)
        site.register(model, looked_at)
