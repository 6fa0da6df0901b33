from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponseBase

from fans import clock
from fans.limits.counting import TooMany, spend_for
from fans.limits.refusals import as_refusal, too_many
from fans.limits.table import LIMITS

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
# Which row counts, where that depends on who asks.
KeyOf = Callable[[HttpRequest], str]
Refused = Callable[..., HttpResponseBase]


def limited(key: str | KeyOf, refused: Refused | None = None) -> Callable[[V], V]:
    """Count the requests of a view in one row of the table; beyond it, answer 429.

    `refused(request, refusal, *args, **kwargs)` may answer instead, with the form and its text;
    its answer gets the status and the headers.
    """

    def decorate(view: V) -> V:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            row = key if isinstance(key, str) else key(request)
            if LIMITS[row].has_preview and "preview" in request.POST:
                row = "preview"
            limit = LIMITS[row]
            if request.method not in limit.methods:
                return view(request, *args, **kwargs)
            try:
                spent = spend_for(request, row, clock.now())
            except TooMany as refusal:
                if refused is None:
                    return too_many(request, refusal)
                return as_refusal(refused(request, refusal, *args, **kwargs), refusal)
            response = view(request, *args, **kwargs)
            if limit.counts_only_success and not _something_came_of_it(response):
                spent.refund()
            return response

        counted.limit_key = key  # type: ignore[attr-defined]
        return cast(V, counted)

    return decorate


def _something_came_of_it(response: HttpResponseBase) -> bool:
    moved_on = 300 <= response.status_code < 400 or response.status_code in {201, 204}
    return moved_on or "HX-Redirect" in response.headers
