"""From a wish to a build, and whether the company is there where fans talk (spec §10)."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.feature_requests import metrics as wishes
from community.feature_requests.promises import tally
from community.fridays.metrics import shipped_with_credit
from community.threads.metrics import Presence, official_presence
from config.measures.shapes import SMALLEST, Figure, Kind, Spec, share
from config.measures.sources import Sources
from fans.charts import Bar, BarChart

LOOKED_BACK = timedelta(weeks=13)
QUIET = "quiet boards"

ANSWERS = Spec(
    "answers_in_time",
    gettext_lazy("First answers in time"),
    gettext_lazy(
        "Of the first answers to wishes that fell due in the last 13 weeks, those that were given by then."
    ),
)
CREDITED = Spec(
    "shipped_with_credit",
    gettext_lazy("Shipped with credit"),
    gettext_lazy(
        "Of the wishes that shipped in the last 13 weeks, those whose build thanks a fan for them."
    ),
)
DAYS = Spec(
    "planned_to_shipped",
    gettext_lazy("Days from the plan to the build"),
    gettext_lazy(
        "Of the wishes that shipped in the last 13 weeks: the days from the first plan to the build, the one in the middle."
    ),
    kind=Kind.NUMBER,
)
PROMISES = Spec(
    "promises_kept",
    gettext_lazy("Promised weeks that were kept"),
    gettext_lazy(
        "Of the weeks that were promised for a wish and are over, those in which it had shipped."
    ),
    is_of_now=True,
)
PRESENCE = Spec(
    "official_presence",
    gettext_lazy("Threads with an official answer"),
    gettext_lazy(
        "Of the threads and questions that fans began in the last 28 days, those in which the company has answered as the company. Counted per board, never per person; boards with fewer than five stand together or are left out."
    ),
)


def loop(sources: Sources) -> list[Figure]:
    since, at = sources.at - LOOKED_BACK, sources.at
    answers = wishes.answers_in_time(since, at)
    credited = shipped_with_credit(since, at)
    promises = tally(AnonymousUser(), at)
    return [
        # What is counted here is wishes and weeks: public, one by one, however few.
        share(ANSWERS, answers["kept"], answers["due"], SMALLEST) if answers else Figure(ANSWERS),
        share(CREDITED, credited["credited"], credited["shipped"], SMALLEST),
        _days(wishes.planned_to_shipped(since, at)),
        share(PROMISES, promises.kept, promises.past, SMALLEST),
    ]


def _days(lasted: list[timedelta]) -> Figure:
    if not lasted:
        return Figure(DAYS)
    of = ngettext("of %(n)s wish", "of %(n)s wishes", len(lasted)) % {"n": len(lasted)}
    return Figure(DAYS, wishes.median_days(lasted), len(lasted), parts=of)


def presence(sources: Sources) -> list[Figure]:
    rows = official_presence(sources.at, SMALLEST)
    answered, threads = sum(row.answered for row in rows), sum(row.threads for row in rows)
    return [
        share(PRESENCE, answered, threads),
        *(
            Figure(
                PRESENCE,
                row.answered,
                row.threads,
                segment=f"board:{row.board.pk}" if row.board else QUIET,
                name=str(row.board) if row.board else _("Quieter boards together"),
                parts=_parts(row),
            )
            for row in rows
        ),
    ]


def _parts(row: Presence) -> str:
    made_of = f"{row.answered:,} / {row.threads:,}"
    if row.median_hours is None:
        return made_of
    return _("%(parts)s · first answer after %(wait)s") % {
        "parts": made_of,
        "wait": ngettext("%(n)s hour", "%(n)s hours", row.median_hours) % {"n": row.median_hours},
    }


def presence_chart(figures: list[Figure]) -> BarChart | None:
    """A board a bar."""
    boards = [figure for figure in figures if figure.segment]
    if not boards:
        return None
    return BarChart(
        title=_("Threads with an official answer, by board"),
        summary=_(
            "Of the threads fans began in 28 days; beside it how long the first answer took."
        ),
        rows=[Bar(figure.name, figure.value, note=figure.parts) for figure in boards],
        names=(_("Answered"), ""),
        heading=_("Board"),
        unit="%",
        digits=0,
        most=100,
    )
