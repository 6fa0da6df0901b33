"""Pictures in posts: ours are shown, others only named. Nothing is loaded from elsewhere."""

import re
from html import escape
from urllib.parse import unquote

from django.conf import settings

from community.markdown.cleaning import PICTURE

_WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_DISCOURSE_SIZE = re.compile(r"\|\d{1,5}x\d{1,5}.*\Z", re.DOTALL)


def own_path(address: str) -> str:
    """The address of a picture of ours without the site's name in front; people paste both."""
    path = address.removeprefix(settings.SITE_URL)
    return path if PICTURE.fullmatch(path) else ""


def key_of(address: str) -> str:
    """The key in the address of a picture of ours, else empty."""
    found = PICTURE.fullmatch(own_path(address))
    return found[1] if found else ""


def missing_picture(*, alt: str, address: str, in_link: bool) -> str:
    """The picture's name where it would stand; a link to it where that leads anywhere."""
    file_name = unquote(re.split(r"[?#]", address)[0].rsplit("/", 1)[-1])
    name = _DISCOURSE_SIZE.sub("", alt).strip() or file_name.strip() or "…"
    if _WEB_ADDRESS.match(address) and not in_link:
        return f'<a class="missing-picture" href="{escape(address)}">{escape(name)}</a>'
    return f'<span class="missing-picture">{escape(name)}</span>'
