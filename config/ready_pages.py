"""The ready page for strangers: the one thing that stands before every other middleware.

A guest's page is the same for every guest of one language and theme, so it is kept, whole and
compressed, for at most a second. Nothing that belongs to one person can get in: a request with
a session is never answered from here, and a page that sets a cookie or holds a form is never kept.

What makes a page stale is a POST: after one, this process forgets all it kept. Other processes
and the worker's sweeps are caught up with within the second.
"""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request

from config import requests

# The pages that are kept, each with the query keys that may stand in its address.
ROUTES: dict[str, frozenset[str]] = {
    "home": frozenset(),
    "threads": frozenset({"show", "before", "after"}),
    "board": frozenset({"before", "after"}),
    "thread": frozenset({"page", "only", "after"}),
    "fridays": frozenset(),
    "fridays_of": frozenset({"weeks", "before"}),
    "results": frozenset({"version", "lens"}),
    "feature_requests": frozenset(
        {"show", "status", "product", "tag", "stage", "lens", "before", "after"}
    ),
}
QUERY_KEYS = frozenset().union(*ROUTES.values())
NEVER_KEPT = (b"<form", b"csrfmiddlewaretoken", b"X-CSRFToken")
MAX_BYTES = 24 * 1024 * 1024
# The last part of a page's life: one reader fetches the next while the others still get this one.
RENEWAL_SHARE = 0.8

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadyPage:
    body: bytes
    compressed: bytes
    headers: dict[str, str]
    etag: str
    begun_at: float  # monotonic, before the first query: the age of what it shows
    renewal: threading.Lock = field(default_factory=threading.Lock)

    @property
    def size(self) -> int:
        return len(self.body) + len(self.compressed)

    def is_fresh(self, seconds: float) -> bool:
        age = time.monotonic() - self.begun_at
        if age >= seconds:
            return False
        return age < seconds * RENEWAL_SHARE or not self.renewal.acquire(blocking=False)

    def response(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("HTTP_IF_NONE_MATCH") == self.etag:
            response = HttpResponse(status=304, headers=self.headers)
            del response["Content-Type"]
            return response
        if "gzip" not in request.META.get("HTTP_ACCEPT_ENCODING", ""):
            return _response(self.body, self.headers)
        response = _response(self.compressed, self.headers)
        response["Content-Encoding"] = "gzip"
        return response


def _response(body: bytes, headers: dict[str, str]) -> HttpResponse:
    response = HttpResponse(body, headers=headers)
    response["Content-Length"] = str(len(body))
    return response


class Shelf:
    """What one process keeps: bounded in bytes, oldest out first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, ReadyPage] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self.generation = 0

    def get(self, key: Key) -> ReadyPage | None:
        return self._pages.get(key)

    def keep(self, key: Key, page: ReadyPage, generation: int) -> None:
        """Keep a page, unless something changed since its first query."""
        with self._lock:
            if generation != self.generation:
                return
            if replaced := self._pages.pop(key, None):
                self._bytes -= replaced.size
            self._pages[key] = page
            self._bytes += page.size
            while self._bytes > MAX_BYTES:
                self._bytes -= self._pages.popitem(last=False)[1].size

    def clear(self) -> None:
        with self._lock:
            self.generation += 1
            self._pages.clear()
            self._bytes = 0


class ReadyPages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.seconds: float = settings.READY_PAGE_SECONDS
        if not self.seconds:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.shelf = Shelf()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            return self._change(request)
        key = _key_of(request)
        if key is None:
            return self.get_response(request)
        page = self.shelf.get(key)
        if page is not None and page.is_fresh(self.seconds):
            return page.response(request)
        return self._fetch(request, key)

    def _change(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        finally:
            self.shelf.clear()

    def _fetch(self, request: HttpRequest, key: Key) -> HttpResponseBase:
        generation, begun_at = self.shelf.generation, time.monotonic()
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not _may_be_kept(request, response):
            return response
        page = _made_ready(response, begun_at)
        self.shelf.keep(key, page, generation)
        return page.response(request)


def _key_of(request: HttpRequest) -> Key | None:
    """What the page depends on; None for a request that is never answered from the shelf."""
    meta = request.META
    if request.method != "GET" or "HTTP_HX_REQUEST" in meta or "HTTP_RANGE" in meta:
        return None
    theme = ""
    if "HTTP_COOKIE" in meta:
        cookies = request.COOKIES
        if settings.SESSION_COOKIE_NAME in cookies or "messages" in cookies:
            return None
        theme = cookies.get("theme", "")
    query = meta.get("QUERY_STRING", "")
    if query and not QUERY_KEYS.issuperset(name for name, _ in parse_qsl(query, True)):
        return None
    return (
        str(request.scheme),
        meta.get("HTTP_HOST", ""),  # only a host that was answered once gets onto the shelf
        request.path_info,
        query,
        get_language_from_request(request),
        theme,
    )


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    allowed = ROUTES.get(match.url_name or "") if match else None
    return (
        response.status_code == 200
        and allowed is not None
        and allowed.issuperset(request.GET)
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and not request.user.is_authenticated
        and not any(mark in response.content for mark in NEVER_KEPT)
    )


def _made_ready(response: HttpResponse, begun_at: float) -> ReadyPage:
    patch_vary_headers(response, ["Accept-Encoding", "Accept-Language", "Cookie"])
    response.headers.setdefault("Cache-Control", "no-cache")
    for name in ("Content-Length", requests.HEADER):  # of this one answer, not of the page
        del response[name]
    etag = f'W/"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
    response["ETag"] = etag
    return ReadyPage(
        body=response.content,
        compressed=gzip.compress(response.content, 6, mtime=0),
        headers=dict(response.items()),
        etag=etag,
        begun_at=begun_at,
    )
