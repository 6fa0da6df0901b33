"""When pieces of pages kept in a process must be made anew.

Every web process keeps the head and foot of pages, the site's name and the like. They hang on
one stamp in the shared cache: whoever changes the site's identity or a board calls
`renew_stamp`, and every process makes its pieces anew with the next request.
"""

import secrets

from django.core.cache import cache

_KEY = "site-stamp"
_SECONDS = 60  # a change that forgot to renew the stamp shows after this long


def current_stamp() -> str:
    stamp: str | None = cache.get(_KEY)
    if stamp is None:
        stamp = secrets.token_hex(8)
        cache.set(_KEY, stamp, _SECONDS)
    return stamp


def renew_stamp() -> None:
    cache.delete_many([_KEY, "site-identity"])
