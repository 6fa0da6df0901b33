"""The counted week for everyone; before it is published, for staff alone."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from community.fridays import results as rows
from community.fridays.actions import publishing
from community.fridays.actions.freezing import paper_count
from community.fridays.forms.report import ReasonForm
from community.fridays.models import Cycle
from community.fridays.views.weeks import published_or_staff, week_in
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_safe
@policy.anyone
def results(request: HttpRequest, product: str, week: str) -> HttpResponse:
    cycle = week_in(request, product, week)
    context: dict[str, Any] = {
        "cycle": cycle,
        "is_delayed": cycle.published_at is None and cycle.publish_at <= clock.now(),
        "form": ReasonForm(),
    }
    known, shown = rows.versions(cycle, request.GET.get("version", ""))
    if shown is not None and published_or_staff(request, cycle):
        context |= _counted(request, cycle, shown.figures)
        context |= {"versions": known, "shown": shown, "is_newest": shown == known[0]}
    return render(request, "fridays/results.html", context)


def _counted(request: HttpRequest, cycle: Cycle, figures: dict[str, Any]) -> dict[str, Any]:
    items = rows.item_rows(cycle, figures, request.user)
    return {
        "figures": figures,
        "headline": headline(cycle, figures, items),
        "percent": _percentages(figures),
        "ratings": [(n, figures["ratings"][n]) for n in sorted(figures["ratings"], reverse=True)],
        "items": items,
        "complaints": rows.complaints(items),
        "wishes": rows.wish_rows(figures, request.user),
        "winners": rows.winners(cycle, request.user),
        "voice": _voice(figures),
        "paper_count": paper_count(cycle),
    }


def headline(cycle: Cycle, figures: dict[str, Any], items: list[rows.ItemRow]) -> str:
    """The week in a sentence."""
    if figures["is_small"]:
        return _("Fewer than five fans reported on %(product)s: too few for numbers.") % {
            "product": cycle.product
        }
    said = ngettext(
        "%(count)d fan reported, and %(share)d %% are satisfied.",
        "%(count)d fans reported, and %(share)d %% are satisfied.",
        figures["count"],
    ) % {"count": figures["count"], "share": round(100 * figures["satisfaction"]["share"])}
    loved = max(items, key=lambda row: (row.loved, row.net), default=None)
    if loved is None or not loved.loved:
        return said
    return f"{said} " + _("Loved most: “%(item)s”.") % {"item": loved.item}


def _percentages(figures: dict[str, Any]) -> dict[str, Any]:
    satisfaction, change = figures["satisfaction"], figures["change"]
    return {
        "response": _percent(figures["response_rate"]),
        "share": _percent(satisfaction and satisfaction["share"]),
        "low": _percent(satisfaction and satisfaction["low"]),
        "high": _percent(satisfaction and satisfaction["high"]),
        "change": _signed(change and change["satisfaction"]),
        "count_change": f"{change['count']:+g}" if change else "",
    }


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"


def _signed(difference: float | None) -> str:
    return "" if difference is None else f"{100 * difference:+.0f}"


def _voice(figures: dict[str, Any]) -> list[dict[str, Any]]:
    titles = {
        "tier": _("By tier"),
        "region_level": _("By kind of place"),
        "tenure": _("By time here"),
    }
    tenure = {
        "newcomer": _("less than 90 days"),
        "first_year": _("less than a year"),
        "longer": _("longer"),
    }
    return [
        {
            "title": titles[table["dimension"]],
            "is_grey": table["is_grey"],
            "cells": [
                {
                    "label": ", ".join(
                        rows.label_of(table["dimension"], key, tenure) for key in cell["keys"]
                    ),
                    "voice": _percent(cell["voice_share"]),
                    "base": _percent(cell["base_share"]),
                    "ratio": f"{cell['ratio']:.2f}",
                    "is_quiet": cell["is_quiet"],
                }
                for cell in table["cells"]
            ],
        }
        for table in figures["voice"]
        if table["cells"]
    ]


@require_POST
@policy.staff
@limited("staff_write")
def results_hold(request: FanRequest, product: str, week: str) -> HttpResponse:
    """Keep the figures back; everyone reads why."""
    cycle = week_in(request, product, week)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the figures are held back."))
    elif publishing.hold(
        cycle=cycle, reason=form.cleaned_data["reason"], actor=request.user, at=clock.now()
    ):
        messages.success(request, _("The figures are held back, and everyone reads why."))
    return redirect("results", cycle.product.slug, cycle.week)


@require_POST
@policy.staff
@limited("staff_write")
def results_hold_withdrawal(request: FanRequest, product: str, week: str) -> HttpResponse:
    cycle = week_in(request, product, week)
    if publishing.release_hold(cycle=cycle, actor=request.user, at=clock.now()):
        messages.success(request, _("The figures go out when they are due."))
    return redirect("results", cycle.product.slug, cycle.week)


@require_POST
@policy.staff
@limited("staff_write")
def results_correction(request: FanRequest, product: str, week: str) -> HttpResponse:
    """Count again, as a new version with a note (O7)."""
    cycle = week_in(request, product, week)
    form = ReasonForm(request.POST)
    try:
        if form.is_valid():
            note = form.cleaned_data["reason"]
            publishing.correct(cycle=cycle, note=note, actor=request.user, at=clock.now())
            messages.success(request, _("Counted again: the new version stands beside the old."))
        else:
            messages.error(request, _("Say what the new version corrects."))
    except publishing.NotToBePublished:
        messages.error(request, _("This week is not counted yet: there is nothing to correct."))
    return redirect("results", cycle.product.slug, cycle.week)
