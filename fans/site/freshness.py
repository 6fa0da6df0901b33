"""When pieces of pages kept in a process must be made anew.

Every web process keeps the head and foot of pages, the site's name and the like. They hang on
one stamp in the shared cache: whoever changes the site's identity or a board calls
`renew_stamp`, and every process makes its pieces anew with the next request.
"""

import secrets
import time

from django.core.cache import cache

_KEY = "site-stamp"
_SECONDS = 60  # a change that forgot to renew the stamp shows after this long


# What this process saw last, and until when it believes that: it spares each page a question
# to the cache, and other processes see a change a second later.
_BELIEVED_SECONDS = 1.0
_seen: tuple[str, float] | None = None


def current_stamp() -> str:
    global _seen
    if _seen is not None and time.monotonic() < _seen[1]:
        return _seen[0]
    stamp: str | None = cache.get(_KEY)
    if stamp is None:
        stamp = secrets.token_hex(8)
        cache.set(_KEY, stamp, _SECONDS)
    _seen = (stamp, time.monotonic() + _BELIEVED_SECONDS)
    return stamp


def renew_stamp() -> None:
    cache.delete_many([_KEY, "site-identity"])
    forget_stamp()


def forget_stamp() -> None:
    global _seen
    _seen = None
