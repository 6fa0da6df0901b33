"""What somebody is shown who did something too often."""

from http import HTTPStatus
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from fans.limits.counting import CannotCount, TooMany
from fans.limits.table import LIMITS, READING

R = TypeVar("R", bound=HttpResponseBase)

# Nothing typed on these pages is shown again: it may be a password.
_SECRET_PATHS = ("/accounts/", "/admin/")


def too_many(request: HttpRequest, refusal: TooMany) -> HttpResponse:
    """The 429 page: the seconds left, and what was typed, ready to be sent again."""
    response = render(
        request,
        # A flood of reading must not cost as much as what it asks for.
        "errors/429_bare.html" if request.method in READING else "errors/429.html",
        {
            "retry_after": refusal.retry_after,
            "cannot_count": isinstance(refusal, CannotCount),
            "send_again_to": request.get_full_path(),
            **_kept(request),
        },
    )
    return as_refusal(response, refusal)


def as_refusal(response: R, refusal: TooMany) -> R:
    """Give an answer the status and the headers of a refusal."""
    response.status_code = HTTPStatus.TOO_MANY_REQUESTS
    if isinstance(refusal, CannotCount):
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response["Retry-After"] = str(refusal.retry_after)
    response["RateLimit-Limit"] = str(refusal.rate.count)
    response["RateLimit-Remaining"] = "0"
    response["RateLimit-Reset"] = str(refusal.retry_after)
    response["Cache-Control"] = "private, no-store"
    return response


def handler429(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What allauth answers with, which does not say how long to wait: at most one window."""
    return too_many(request, TooMany("login", LIMITS["login"].rates[0], _window_of(request)))


def _window_of(request: HttpRequest) -> int:
    for part, row in (
        ("/signup", "sign_up"),
        ("/password/reset", "password_reset"),
        ("/password/change", "password_change"),
        ("/password/set", "password_change"),
        ("/email", "email_change"),
        ("/reauthenticate", "reauthenticate"),
        ("/webauthn", "passkey"),
    ):
        if part in request.path:
            return LIMITS[row].rates[0].seconds
    return LIMITS["login"].rates[0].seconds


def _kept(request: HttpRequest) -> dict[str, list[tuple[str, str]]]:
    """What was typed: words to look at and copy, and the rest of the form."""
    if request.method != "POST" or request.path.startswith(_SECRET_PATHS):
        return {}
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    return {
        "kept_words": [pair for pair in typed if _is_wordy(pair[1])],
        "kept_fields": [pair for pair in typed if not _is_wordy(pair[1])],
    }


def _is_wordy(value: str) -> bool:
    # Keys and choices have no spaces; Chinese has none either, but it is not ASCII.
    return not value.isascii() or any(character.isspace() for character in value)
