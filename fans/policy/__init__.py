"""Who may call a route.

Every view carries exactly one of these decorators, outermost but for
`require_POST` and its like; a route without one fails `bin/check`, and the
permission matrix (R1) is generated from them. What a *row* asks for is not said here: rows
reach a view through `visible_to(reader)`.

A signed-out person is sent to sign in and comes back to the page they were on.
Who lacks a role gets the same 404 as for a page that does not exist.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from fans import clock

V = TypeVar("V", bound=Callable[..., HttpResponseBase])


class Who(StrEnum):
    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    WRITER = "writer"  # verified, not muted, suspended or leaving
    MODERATOR = "moderator"  # in any scope; the rows decide the rest
    STAFF = "staff"
    ADMIN = "admin"


def _page_of(request: HttpRequest) -> str:
    """The page a person was on: the page itself for GET, the one that held the button for POST."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    referer = str(request.META.get("HTTP_REFERER", ""))
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        parts = urlsplit(referer)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return "/"


def _refusal(who: Who, request: HttpRequest) -> HttpResponseBase | None:
    if who is Who.ANYONE:
        return None
    fan: Any = request.user
    if not fan.is_authenticated:
        return redirect_to_login(_page_of(request), resolve_url("account_login"))
    if who is Who.WRITER and (reason := fan.writing_refusal(clock.now())):
        messages.error(request, reason)
        return HttpResponseRedirect(_page_of(request) if request.method == "POST" else "/")
    if (
        (who is Who.MODERATOR and not fan.moderates_anything)
        or (who is Who.STAFF and not fan.is_staff)
        or (who is Who.ADMIN and not fan.is_admin)
    ):
        raise Http404
    return None


def _route_for(who: Who) -> Callable[[V], V]:
    def decorate(view: V) -> V:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if any("\0" in str(word) for word in kwargs.values()):
                raise Http404  # nothing has such an address, and PostgreSQL will not look for one
            refusal = _refusal(who, request)
            return refusal if refusal is not None else view(request, *args, **kwargs)

        guarded.policy = who  # type: ignore[attr-defined]
        return cast(V, guarded)

    return decorate


anyone = _route_for(Who.ANYONE)
signed_in = _route_for(Who.SIGNED_IN)
writers = _route_for(Who.WRITER)
moderators = _route_for(Who.MODERATOR)
staff = _route_for(Who.STAFF)
admins = _route_for(Who.ADMIN)
