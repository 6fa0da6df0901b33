"""What one takes along from the results: a table, a picture for where it is shared, a poster."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from community.fridays.awards import awards_of, winners
from community.fridays.complaints import complaints_of
from community.fridays.models import Cycle, WeeklyReport
from community.fridays.rankings import as_seen, item_rows, items_of
from community.fridays.results import figures_of, most_loved, versions
from community.fridays.results_poster import results_poster
from community.fridays.share_card import ShareCard
from community.fridays.spreadsheet import figures_csv
from community.fridays.views.weeks import published_or_staff, week_in
from fans import policy
from fans.accounts.models import Reader
from fans.site.models import SiteIdentity


@require_safe
@policy.anyone
def results_figures(request: HttpRequest, product: str, week: str) -> HttpResponse:
    """The figures everybody reads, as a table for spreadsheets."""
    cycle, shown, counted = _counted(request, product, week)
    name = f"{cycle.product.slug}-{cycle.week}-v{shown.version}.csv"
    response = HttpResponse(
        figures_csv(cycle, shown, counted, request.user), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@policy.anyone
def results_card(request: HttpRequest, product: str, week: str) -> HttpResponse:
    """The picture beside a shared address: what a stranger reads, whoever asks."""
    cycle, _shown, counted = _counted(request, product, week)
    if cycle.published_at is None:
        raise Http404
    card = _card(cycle, counted, AnonymousUser())
    etag = quote_etag(card.stamp)
    known = get_conditional_response(request, etag)
    response = known or HttpResponse(card.png, content_type="image/png")
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=600"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    assert isinstance(response, HttpResponse)  # noqa: S101
    return response


@require_safe
@policy.anyone
def results_poster_page(request: HttpRequest, product: str, week: str) -> HttpResponse:
    """A sheet for the wall, with a code that leads to the results."""
    cycle, _shown, counted = _counted(request, product, week)
    items = items_of(cycle, request.user)
    figures = as_seen(counted, items, {})
    address = settings.SITE_URL + request.path.removesuffix("poster/")
    poster = results_poster(
        figures,
        most_loved(item_rows(items, figures)),
        complaints_of(cycle, figures),
        winners(cycle, request.user),
        address,
    )
    return render(request, "fridays/results_poster.html", {"cycle": cycle, "poster": poster})


def _counted(
    request: HttpRequest, product: str, week: str
) -> tuple[Cycle, WeeklyReport, dict[str, Any]]:
    """The version an address names, for whoever may read it yet."""
    cycle = week_in(request, product, week)
    known, shown = versions(cycle, request.GET.get("version", ""))
    if shown is None or not published_or_staff(request, cycle):
        raise Http404
    return cycle, shown, figures_of(shown, known[0])


def _card(cycle: Cycle, counted: dict[str, Any], reader: Reader) -> ShareCard:
    items = items_of(cycle, reader)
    figures = as_seen(counted, items, {})
    loved = most_loved(item_rows(items, figures))
    lines = [(_("Popcorn award"), won.item.title) for won in awards_of([cycle.pk], reader)]
    if loved and not figures["is_small"] and loved.item.title not in dict(lines).values():
        lines.append((_("Loved most"), loved.item.title))
    number, number_words, beside = "", "", _("Fewer than five fans reported.")
    if not figures["is_small"]:
        number = f"{100 * figures['satisfaction']['share']:.0f} %"
        number_words = _("are satisfied")
        beside = ngettext("%(count)d fan reported", "%(count)d fans reported", figures["count"]) % {
            "count": figures["count"]
        }
    return ShareCard(
        site=str(SiteIdentity.current()),
        name=f"{cycle.product} · {cycle.week}",
        heading=_("What fans said"),
        number=number,
        number_words=number_words,
        beside=beside,
        lines=tuple(lines),
    )
