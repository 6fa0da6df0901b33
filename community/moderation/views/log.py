from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from community.moderation import desk
from community.moderation.pages import page_of
from community.threads.models import Rule
from fans import policy
from fans.accounts.models import FanRequest
from fans.audit.models import AuditEntry
from fans.audit.words import VERBS

PAGE_SIZE = 50
_PAGES = {"post": "post", "case": "moderation_case"}


@dataclass(frozen=True)
class Line:
    """One act, in the reader's language, with the way to what it was about."""

    entry: AuditEntry
    verb: str
    rule: str
    address: str


@require_safe
@policy.moderators
def moderation_log(request: FanRequest) -> HttpResponse:
    """Every act: all of them for staff, those of their scope for moderators."""
    filters = {
        name: request.GET.get(name, "").strip()[:80].replace("\x00", "")
        for name in ("verb", "person", "subject")
    }
    entries = _filtered(desk.log_of(request.user), filters).select_related("actor", "concerns")
    page = page_of(
        entries,
        by="acted_at",
        cursor=request.GET.get("before", ""),
        size=PAGE_SIZE,
        newest_first=True,
    )
    kept = {name: value for name, value in filters.items() if value}
    older = urlencode(kept | {"before": page.next_cursor}) if page.next_cursor else ""
    return render(
        request,
        "moderation/log.html",
        {
            "lines": [_line(entry) for entry in page.rows],
            "verbs": VERBS.items(),
            "filters": filters,
            "is_filtered": bool(kept),
            "older": f"?{older}" if older else "",
        },
    )


def _line(entry: AuditEntry) -> Line:
    kind, _, pk = entry.subject.partition(":")
    address = reverse(_PAGES[kind], args=[pk]) if kind in _PAGES and pk.isdigit() else ""
    rule = Rule(entry.rule).label if entry.rule in Rule.values else entry.rule
    return Line(entry, str(VERBS.get(entry.verb, entry.verb)), str(rule), address)


def _filtered(entries: QuerySet[AuditEntry], filters: dict[str, str]) -> QuerySet[AuditEntry]:
    if filters["verb"]:
        entries = entries.filter(verb=filters["verb"])
    if filters["subject"]:
        entries = entries.filter(subject=filters["subject"])
    if filters["person"]:
        handle = filters["person"].removeprefix("@")
        entries = entries.filter(
            Q(actor__handle__iexact=handle) | Q(concerns__handle__iexact=handle)
        )
    return entries
