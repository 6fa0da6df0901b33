"""The head and foot of every page, made once per kind of reader and kept in the process.

What belongs to one person or one address (name, token, where to return to) is a *slot*, filled
in for each page. Everything else hangs on the site's stamp (`fans.site.freshness`).
"""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from community.threads.models import Board, audiences_of
from fans.accounts.models import Fan, Reader
from fans.site.freshness import current_stamp
from fans.site.models import SiteIdentity

THEMES = ("light", "dark")
_SLOT = re.compile("\ue000([a-z_]+)\ue000")
_SLOTS = {
    name: SafeString(f"\ue000{name}\ue000")
    for name in (
        "path",
        "page",
        "token",
        "avatar",
        "name",
        "handle",
        "on_threads",
        "on_boards",
        "on_meetups",
        "on_wishes",
        "on_fridays",
        "on_moderation",
        "on_desk",
        "bell",
    )
}

# One generation of pieces: emptied when the stamp changes.
_kept: dict[Any, Any] = {}
_kept_stamp = ""


def _kept_for(request: HttpRequest) -> dict[Any, Any]:
    """What is kept, looked at once for each request: the stamp lies in the shared cache."""
    global _kept, _kept_stamp
    known: dict[Any, Any] | None = getattr(request, "kept_chrome", None)
    if known is None:
        stamp = current_stamp()
        if stamp != _kept_stamp:
            _kept, _kept_stamp = {}, stamp
        known = request.kept_chrome = _kept  # type: ignore[attr-defined]
    return known


def identity(request: HttpRequest) -> SiteIdentity:
    kept = _kept_for(request)
    if "identity" not in kept:
        kept["identity"] = SiteIdentity.current()
    found: SiteIdentity = kept["identity"]
    return found


def theme_of(request: HttpRequest) -> str:
    """`light`, `dark`, or nothing: as the device has it. A fan's setting, else the cookie."""
    reader = getattr(request, "user", None)
    wanted = reader.theme if isinstance(reader, Fan) else request.COOKIES.get("theme", "")
    return wanted if wanted in THEMES else ""


def piece(template: str, request: HttpRequest, reader: Reader) -> str:
    """A template of the frame for this kind of reader, its slots still open."""
    kept = _kept_for(request)
    audiences = tuple(audiences_of(reader))
    role = reader.role if isinstance(reader, Fan) else ""
    theme = theme_of(request)
    key = (template, get_language(), audiences, role, theme)
    if key not in kept:
        kept[key] = render_to_string(
            template,
            {
                "site": identity(request),
                "slot": _SLOTS,
                "role": role,
                "is_staff": isinstance(reader, Fan) and reader.is_staff,
                "moderates": isinstance(reader, Fan) and reader.moderates_anything,
                "in_development": settings.IN_DEVELOPMENT,
                "language": get_language(),
                "languages": settings.LANGUAGES,
                "theme": theme or "system",
                "boards": list(
                    Board.objects.visible_to(reader).open().filter(kept_for="").in_order()[:40]
                ),
            },
        )
    made: str = kept[key]
    return made


def fill(text: str, values: dict[str, str]) -> SafeString:
    """Put this page's own words into the open slots; what has no value stays empty."""
    return mark_safe(_SLOT.sub(lambda slot: values.get(slot[1], ""), text))


def return_path(request: HttpRequest) -> str:
    """The page a form of the frame comes back to."""
    return request.get_full_path() if request.method in {"GET", "HEAD"} else "/"


def last_known_name() -> str:
    """The site's name without asking anybody for it."""
    known = _kept.get("identity")
    return known.name if known is not None else "Orangery"
