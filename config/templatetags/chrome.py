from typing import Any
from urllib.parse import quote

from django import template
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from config import chrome
from fans.accounts.models import Fan
from fans.notifications.models import unread_count
from fans.templatetags.display import avatar, icon

register = template.Library()

_CURRENT = ' aria-current="true"'
_ROOMS = {
    "threads": "on_threads",
    "boards": "on_boards",
    "requests": "on_wishes",
    "roadmap": "on_wishes",
    "changelog": "on_wishes",
    "meetups": "on_meetups",
    "cities": "on_meetups",
    "fridays": "on_fridays",
    "releases": "on_fridays",
    "credits": "on_fridays",
    "moderation": "on_moderation",
    "staff": "on_desk",
}


@register.simple_tag(takes_context=True)
def site_header(context: dict[str, Any]) -> SafeString:
    return _filled("components/_header.html", context["request"])


@register.simple_tag(takes_context=True)
def site_footer(context: dict[str, Any]) -> SafeString:
    return _filled("components/_footer.html", context["request"])


def _filled(name: str, request: HttpRequest) -> SafeString:
    reader = getattr(request, "user", None) or AnonymousUser()
    page = chrome.return_path(request)
    values: dict[str, str] = {"path": escape(quote(page, safe="/")), "page": escape(page)}
    if here := _ROOMS.get(request.path.split("/", 2)[1]):
        values[here] = _CURRENT
    if isinstance(reader, Fan):
        values |= {
            "token": _token(request),
            "avatar": avatar(reader, "small"),
            "name": escape(reader.display_name),
            "handle": escape(reader.handle),
            "bell": _bell(reader),
        }
    return chrome.fill(chrome.piece(name, request, reader), values)


def _bell(reader: Fan) -> str:
    """The way to the inbox, with the number that is unread."""
    number = unread_count(reader)
    words = _("Inbox, %(count)s unread") % {"count": number} if number else _("Inbox")
    count = f'<span class="pill pill-count" aria-hidden="true">{min(number, 99)}</span>'
    return (
        f'<a class="bell" href="{reverse("inbox")}" aria-label="{escape(words)}">'
        f"{icon('bell')}{count if number else ''}</a>"
    )


def _token(request: HttpRequest) -> str:
    """One for head and foot: each call would mask it anew."""
    known: str | None = getattr(request, "frame_token", None)
    if known is None:
        known = request.frame_token = get_token(request)  # type: ignore[attr-defined]
    return known


_head: dict[str, SafeString] = {}


@register.simple_tag
def head_links() -> SafeString:
    """Sheets, scripts and the site's mark: the same on every page, so made once."""
    if "links" not in _head:
        sheets = "".join(
            f'<link rel="stylesheet" href="{static(f"css/{name}.css")}">'
            for name in ("base", "components")
        )
        _head["links"] = mark_safe(
            f'<link rel="icon" href="{static("img/favicon.svg")}" type="image/svg+xml">{sheets}'
            f'<script src="{static("js/site.js")}" type="module"></script>'
        )
    return _head["links"]
