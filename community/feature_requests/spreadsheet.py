"""Wishes as a table for spreadsheets. Read by number, so it weighs the same whatever its length."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from community.feature_requests.crowd import unless_few
from community.feature_requests.models import (
    FeatureRequest,
    FeatureRequestQuerySet,
    Lens,
    Stage,
    Status,
    StoryStep,
)
from community.feature_requests.promises import WORDS, promise_of

ROWS_AT_ONCE = 500
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else
# What a spreadsheet may take for the beginning of a formula.
_FORMULA = re.compile("[=+\\-@\t\r\n＝＋－＠]")
_RELATED = (
    "tags",
    Prefetch("shown_here", FeatureRequest.objects.only("shown_as").order_by("pk")),
    Prefetch("story_steps", StoryStep.objects.filter(kind="shipped").order_by("happened_at", "pk")),
)
HEAD = (
    *(_("Number"), _("Title"), _("Problem"), _("Proposal"), _("Product"), _("Team"), _("Stage")),
    *(_("Status"), _("Tags"), _("Filed"), _("Author"), _("Votes")),
    *(Lens.COUNTY.label, Lens.NEWCOMERS.label, Lens.WITHOUT_BUSIEST.label, Lens.OFFLINE.label),
    *(_("Answer due"), _("Answered"), _("Promised for the week"), _("Promise")),
    *(_("Merged with it"), _("Release"), _("Address")),
)


def spreadsheet(wishes: FeatureRequestQuerySet, at: datetime) -> Iterator[str]:
    """CSV in pieces, newest first. In the language it is now: they are made while it is sent."""
    return _pieces(wishes, at, translation.get_language() or "en")


def _pieces(wishes: FeatureRequestQuerySet, at: datetime, language: str) -> Iterator[str]:
    with translation.override(language):
        head = as_csv([HEAD])
    yield BYTE_ORDER_MARK + head
    whole = wishes.select_related("product", "team", "author").prefetch_related(*_RELATED)
    batch = list(whole.order_by("-pk")[:ROWS_AT_ONCE])
    while batch:
        with translation.override(language):
            text = as_csv(_row(wish, at) for wish in batch)
        yield text
        batch = list(whole.filter(pk__lt=batch[-1].pk).order_by("-pk")[:ROWS_AT_ONCE])


def _row(wish: FeatureRequest, at: datetime) -> list[object]:
    promise = promise_of(wish, at)
    shipped = list(wish.story_steps.all()) if wish.status == Status.SHIPPED else []
    return [
        *(wish.pk, wish.title, wish.problem, wish.proposal, wish.product, wish.team),
        *(Stage(wish.stage).label, Status(wish.status).label),
        "; ".join(tag.label for tag in wish.tags.all()),
        *(wish.created_at, wish.author.handle if not wish.author.erased_at else ""),
        wish.vote_count,
        *(
            unless_few(count, wish.vote_count)
            for count in (wish.county_count, wish.newcomer_count, wish.without_busiest_count)
        ),
        wish.offline_count,
        *(wish.answer_due_at, wish.answered_at, wish.promised_for, promise and WORDS[promise]),
        "; ".join(str(same.pk) for same in wish.shown_here.all()),
        settings.SITE_URL + shipped[-1].url if shipped else "",
        settings.SITE_URL + wish.get_absolute_url(),
    ]


def as_csv(rows: Iterable[Iterable[object]]) -> str:
    """Rows as a spreadsheet opens them; the first piece begins with `BYTE_ORDER_MARK`."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(_cell, row) for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    """A number as it is; a moment on the clock of the platform; words that run nothing."""
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        local = timezone.localtime(value, timezone.get_default_timezone())
        return f"{local:%Y-%m-%d %H:%M}"
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text
