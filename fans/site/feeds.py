"""Atom 1.0: what is new, for programs that come and ask. The same for everybody who asks."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date, quote_etag
from django.utils.translation import get_language

from fans.site.models import SiteIdentity

ENTRIES_AT_MOST = 50
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when an empty feed changed last
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Within a tag; what somebody wrote as text has its «<» escaped.
_OWN_ADDRESS = re.compile(r'(<(?:a|img)\b[^<>]*?\s(?:href|src)=")(?=/(?!/))')


@dataclass(frozen=True, kw_only=True)
class Entry:
    key: str  # the path that names it for ever, whatever its title becomes: "/requests/12/"
    url: str
    title: str
    html: str  # clean
    language: str
    author: str
    published_at: datetime
    updated_at: datetime
    subjects: Sequence[str] = ()


class _Feed(Atom1Feed):
    """With the whole text of each entry, in the language it was written in."""

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xml:base": f"{settings.SITE_URL}/"}

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=_NEVER)

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item | {"description": None})
        handler.addQuickElement("content", item["description"], {"type": "html"})


def atom(request: HttpRequest, *, title: str, url: str, entries: Sequence[Entry]) -> HttpResponse:
    """These entries as a feed of the page at `url`; 304 to whoever has it already."""
    site = settings.SITE_URL
    feed = _Feed(
        title=_in_xml(f"{title} · {SiteIdentity.current()}"),
        link=site + url,
        description="",
        language=get_language() or "en",
        feed_url=site + request.path,
        feed_guid=site + request.path,
    )
    for entry in entries:
        feed.add_item(
            title=_in_xml(entry.title),
            link=site + entry.url,
            description=_OWN_ADDRESS.sub(rf"\g<1>{site}", _in_xml(entry.html)),
            unique_id=site + entry.key,
            author_name=_in_xml(entry.author),
            pubdate=entry.published_at,
            updateddate=entry.updated_at,
            categories=[_in_xml(subject) for subject in entry.subjects],
            language=entry.language,
        )
    return _unless_known(request, feed)


def _unless_known(request: HttpRequest, feed: _Feed) -> HttpResponse:
    body = feed.writeString("utf-8").encode()
    modified = int(feed.latest_post_date().timestamp())
    response = HttpResponse(body, content_type=_Feed.content_type)
    # To be asked for anew each time: what is hidden since must not be shown from a store.
    response["Cache-Control"] = "no-cache"
    response["ETag"] = etag = quote_etag(hashlib.blake2b(body, digest_size=12).hexdigest())
    response["Last-Modified"] = http_date(modified)
    known = get_conditional_response(request, etag, modified, response)
    assert isinstance(known, HttpResponse)  # noqa: S101
    return known


def _in_xml(text: str) -> str:
    """Without the characters XML has no way to write."""
    return _NO_XML.sub("", text)
