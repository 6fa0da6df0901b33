"""Words are never lost: not to an expired session, not to a closed thread."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url

from fans import clock
from fans.accounts.models import Fan

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
_SESSION_KEY = "kept_words"
_FIELDS = ("board", "kind", "title", "source", "description", "reply_to", "reason", "seen")
_MOST_CHARACTERS = 100_000
_MOST_OF_A_GUEST = 21_000  # the longest post with its title; anybody can be a guest


def keeps_words(view: V) -> V:
    """Keep what somebody sent who may not write now, until they can: the form shows it again.

    Outermost, so it sees what the policy is about to turn away.
    """

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and _is_turned_away(request) and request.POST.get("source"):
            words = {name: request.POST[name] for name in _FIELDS if name in request.POST}
            most = _MOST_CHARACTERS if request.user.is_authenticated else _MOST_OF_A_GUEST
            if sum(map(len, words.values())) <= most:
                request.session[_SESSION_KEY] = {"path": request.path, "words": words}
            if not request.user.is_authenticated:
                return redirect_to_login(request.path, resolve_url("account_login"))
        return view(request, *args, **kwargs)

    return cast(V, keeping)


def _is_turned_away(request: HttpRequest) -> bool:
    fan = request.user
    return not isinstance(fan, Fan) or bool(fan.writing_refusal(clock.now()))


def kept_words(request: HttpRequest, path: str = "") -> Mapping[str, str]:
    """What was kept for the form at this address; empty for most."""
    kept = request.session.get(_SESSION_KEY)
    return kept["words"] if kept and kept["path"] == (path or request.path) else {}


def forget_words(request: HttpRequest) -> None:
    """They were sent."""
    if _SESSION_KEY in request.session:
        del request.session[_SESSION_KEY]
