"""The board of wishes, and one's own votes."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from community.feature_requests.choices import (
    address_of,
    explained,
    lenses_of,
    menus_of,
    removable,
    shows_of,
)
from community.feature_requests.listing import Filters, listing
from community.feature_requests.own_votes import votes_page
from community.feature_requests.rows import Drawn, draw
from community.threads.fragments import Store
from fans import clock, policy
from fans.accounts.models import Fan
from fans.site.freshness import current_stamp


@policy.anyone
def feature_requests(request: HttpRequest) -> HttpResponse:
    reader, filters = request.user, Filters.of(request.GET)
    if filters.show == "mine" and not reader.is_authenticated:
        filters = filters.but(show=Filters.show)
    cursors = {name: request.GET.get(name, "") for name in ("before", "after")}
    found = listing(reader, filters, **cursors)
    page = quote(request.get_full_path(), safe="")
    context = {
        "filters": filters,
        "rows": found.rows,
        "drawn": draw(found.rows, reader, lens=filters.lens, page=page),
        "choices": _choices(filters, request),
        "voice": found.voice,
        "narrowed": filters.is_narrowed,
        "words_for_address": quote(filters.q, safe=""),
        "newer": address_of(filters, after=found.newer) if found.newer else "",
        "older": address_of(filters, before=found.older) if found.older else "",
    }
    return render(request, "feature_requests/index.html", context)


@policy.signed_in
def my_votes(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Fan)  # noqa: S101
    return render(request, "feature_requests/my_votes.html", votes_page(request.user, clock.now()))


_drawn: Store[Drawn] = Store(max_bytes=4 * 1024 * 1024, seconds=30)


def _choices(filters: Filters, request: HttpRequest) -> SafeString:
    """What can be chosen, made once for everybody who chose the same."""
    signed_in, asks = request.user.is_authenticated, "q" in request.GET and not filters.q
    key = (filters, signed_in, asks, get_language(), current_stamp())
    return _drawn.get_or_make(key, lambda: _draw(filters, signed_in=signed_in, asks=asks)).html


def _draw(filters: Filters, *, signed_in: bool, asks: bool) -> Drawn:
    menus = menus_of(filters)
    context = {
        "filters": filters,
        "shows": shows_of(filters, signed_in=signed_in),
        "menus": menus,
        "chips": removable(filters, menus),
        "lenses": lenses_of(filters),
        "explained": explained(filters.lens),
        "kept": filters.but(q="").kept,
        "asks": asks,
        "searches": asks or bool(filters.q) or signed_in,
        "search_address": address_of(filters.but(q=""), q=""),
    }
    return Drawn(render_to_string("feature_requests/_choices.html", context))
