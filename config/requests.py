"""One name for each request, and one line in the log."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponseBase

log = structlog.get_logger("orangery.request")

HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Probes and files are told of only when something is wrong with them.
_QUIET = ("/healthz", "/readyz", "/static/")


def id_for(request: HttpRequest) -> str:
    """The name a proxy of ours gave the request, or a new one; strangers' are not believed."""
    given = request.headers.get(HEADER, "")
    if settings.TRUSTED_PROXIES and _WELL_FORMED.fullmatch(given):
        return given
    return uuid.uuid4().hex[:16]


class RequestLog:
    """Every line written while a request is answered carries its id; so does the answer.

    The line has no address, no name and no query string: who, by number, asked for what, and
    how it went. Error pages show the id as `request.id`, so that a person can quote it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        request_id = id_for(request)
        request.id = request_id  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            response[HEADER] = request_id
            if response.status_code >= 400 or not request.path.startswith(_QUIET):
                log.info(
                    f"{request.method} {request.path}",
                    status=response.status_code,
                    ms=round((time.perf_counter() - started) * 1000),
                    **_who(request),
                )
        return response


class PrivateAnswers:
    """What a person with a session is shown is for them alone: nothing in between may keep it.

    Also what gives somebody a cookie. A view that says otherwise (a public picture) is believed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _who(request: HttpRequest) -> dict[str, int]:
    session = getattr(request, "session", None)
    if session is None or not session.accessed or SESSION_KEY not in session:
        return {}
    return {"fan": int(session[SESSION_KEY])}
