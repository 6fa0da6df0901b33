from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from fans import clock
from fans.limits.counting import TooMany, spend_for
from fans.limits.refusals import too_many
from fans.limits.table import READING

# Whoever watches over the site asks these, more often than a reader would.
_UNCOUNTED_PATHS = frozenset({"/healthz", "/readyz"})


class CountEveryRequest:
    """The limits on everything together. Stands after whoever is signed in has been recognised."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            for row in _rows_of(request):
                spend_for(request, row, clock.now())
        except TooMany as refusal:
            return too_many(request, refusal)
        return self.get_response(request)


def _rows_of(request: HttpRequest) -> list[str]:
    if request.path in _UNCOUNTED_PATHS:
        return []
    if request.method in READING:
        if request.path.startswith("/images/"):
            return ["picture"]
        return ["request" if request.user.is_authenticated else "read_as_guest"]
    # Signing in and mailing stop while nobody can be counted; signing out never does.
    is_account = request.path.startswith("/accounts/") and "/logout" not in request.path
    write = "account_write" if is_account else "write"
    return ["request", write] if request.user.is_authenticated else [write]
