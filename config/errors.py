"""What people read when something did not work: what happened, what is safe, what to do."""

from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from config import chrome

# Typed where secrets are asked for; never shown again.
_SECRET_PATHS = ("/accounts/", "/admin/")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Missing and not for you look the same, word for word."""
    return render(request, "errors/404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    # Whoever asks for a host we do not have gets a page that asks nothing of the request.
    return HttpResponse(render_to_string("errors/400.html", _bare(request)), status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("errors/413.html", _bare(request)), status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks no database, no cache and no session: one of them may be what failed."""
    return HttpResponse(render_to_string("errors/500.html", _bare(request)), status=500)


def _bare(request: HttpRequest) -> dict[str, str]:
    theme = request.COOKIES.get("theme", "")
    return {
        "site_name": chrome.last_known_name(),
        "theme": theme if theme in chrome.THEMES else "",
        "incident": getattr(request, "id", ""),
    }


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer fits: nothing was done, and what was typed is given back."""
    context = {"kept_words": _typed_words(request), "back": _page_of_form(request)}
    return render(request, "errors/419.html", context, status=419)


def _typed_words(request: HttpRequest) -> list[str]:
    if request.path.startswith(_SECRET_PATHS):
        return []
    return [
        value
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "next"} and "password" not in name
        for value in values
        if not value.isascii() or any(character.isspace() for character in value)
    ]


def _page_of_form(request: HttpRequest) -> str:
    """The page that held the form, or the one it posts to."""
    referer = str(request.META.get("HTTP_REFERER", ""))
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return "/"
    parts = urlsplit(referer)
    return parts.path + (f"?{parts.query}" if parts.query else "")
