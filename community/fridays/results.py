"""Everything the page of a counted week shows, for one reader (O4–O9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from community import markdown
from community.feature_requests.models import FeatureRequest, Lens
from community.feedback.models import Frequency, Severity
from community.fridays import awards, outcomes
from community.fridays.aggregates import without_breakdowns
from community.fridays.complaints import Complaint, complaints_of, top_of
from community.fridays.headlines import earlier_weeks, headline, kpis, percent
from community.fridays.models import Cycle, CycleState, Pick, ReleaseItem, WeeklyReport
from community.fridays.quotations import quotations_shown
from community.fridays.rankings import (
    ItemRow,
    Moved,
    as_seen,
    item_rows,
    items_of,
    items_through,
    wish_rows,
)
from community.fridays.voices import voice_tables
from community.markdown import language_of
from fans.accounts.models import Reader
from fans.charts import Bar, BarChart

TROUBLES = 6  # of how bad and how often
WISHES_SHOWN = 8
ITEMS_SHOWN = 30
_LOOKED_AT = 40  # of the wishes, where no lens asks for the ranks of all


@dataclass(frozen=True)
class Answered:
    """A complaint with what came of it."""

    complaint: Complaint
    outcomes: list[outcomes.Outcome]
    moved: Moved

    @property
    def html(self) -> SafeString:
        """The official answer."""
        answer = self.complaint.answer
        return mark_safe(markdown.render(answer.words).html if answer else "")  # cleaned there


def versions(cycle: Cycle, wanted: str) -> tuple[list[WeeklyReport], WeeklyReport | None]:
    """All versions, newest first, and the one to be shown."""
    known = list(cycle.weekly_reports.defer("base").order_by("-version"))
    named = [report for report in known if str(report.version) == wanted]
    shown = named or known
    return known, shown[0] if shown else None


def figures_of(shown: WeeklyReport, newest: WeeklyReport) -> dict[str, Any]:
    """What everybody may read of this version."""
    return shown.figures if shown == newest else without_breakdowns(shown.figures)


def wishes_of(
    cycle: Cycle, figures: Mapping[str, Any], reader: Reader, at_most: int | None = None
) -> dict[int, FeatureRequest]:
    """The wishes fans look forward to and those picked on Monday, as far as the reader sees them."""
    named = [row["request"] for row in (figures.get("anticipated") or [])[:at_most]]
    picked = Pick.objects.filter(cycle=cycle, feature_request=OuterRef("pk"))
    wishes = FeatureRequest.objects.visible_to(reader).with_vote_of(reader)
    shown = wishes.annotate(is_picked=Exists(picked)).filter(Q(pk__in=named) | Q(is_picked=True))
    return {wish.pk: wish for wish in shown.order_by("-vote_count", "pk")}


def page_of(cycle: Cycle, counted: Mapping[str, Any], reader: Reader, lens: Lens) -> dict[str, Any]:
    """`counted`: the figures of the version that is shown, as `figures_of` gives them."""
    items = items_of(cycle, reader)
    wishes = wishes_of(cycle, counted, reader, _LOOKED_AT if lens == Lens.EVERYONE else None)
    figures = as_seen(counted, items, wishes)
    if not figures["lenses"].get(Lens.EVERYONE):
        lens = Lens.EVERYONE
    rows = item_rows(items, figures)
    complaints = complaints_of(cycle, figures)
    loved = most_loved(rows)
    names = (loved.item.title if loved else "", complaints[0].title if complaints else "")
    return {
        "figures": figures,
        "troubles": [
            (Severity(row["severity"]).label, Frequency(row["frequency"]).label, row["count"])
            for row in (figures.get("troubles") or [])[:TROUBLES]
        ],
        "headline": headline(cycle.product, figures, *names),
        "loved": loved,
        "picks": [wish for wish in wishes.values() if wish.is_picked],  # type: ignore[attr-defined]
        "next": _next_week(cycle, reader),
        "complaints": _answered(cycle, complaints, figures, reader, lens),
        "answered_count": sum(each.answer is not None for each in complaints),
        "quotations": quotations_shown(cycle),
        "verdicts": outcomes.verdicts_of(cycle, reader),
        **_lens_of(figures, lens),
        **_people(cycle, items, reader),
        **({} if figures["is_small"] else _in_numbers(cycle, items, wishes, figures, lens)),
        "need_count": outcomes.need_count(cycle),
        "need_wishes": outcomes.needs_as_wishes(cycle, reader),
    }


def in_a_sentence(cycle: Cycle, reader: Reader) -> str:
    """The newest version of a counted week, as its page says it first. Two queries."""
    items = items_of(cycle, reader)
    newest = cycle.weekly_reports.order_by("-version")[0]
    figures = as_seen(newest.figures, items, {})
    loved = most_loved(item_rows(items, figures))
    complaint = next((area or items[item or 0].title for _, item, area in top_of(figures)), "")
    return headline(cycle.product, figures, loved.item.title if loved else "", complaint)


def most_loved(rows: Sequence[ItemRow]) -> ItemRow | None:
    loved = max(rows, key=lambda row: (row.loved or 0, row.net), default=None)
    return loved if loved and loved.loved else None


def _people(cycle: Cycle, items: Mapping[int, ReleaseItem], reader: Reader) -> dict[str, Any]:
    """Whom the week honours: the winners, and everybody its builds thank."""
    credits = awards.credits_of({item.release_id for item in items.values()})
    won = awards.awards_of([cycle.pk], reader)
    return {
        "winners": awards.winners_among(won, credits),
        "thanked": awards.thanked(credits),
    }


def _in_numbers(
    cycle: Cycle,
    items: Mapping[int, ReleaseItem],
    wishes: Mapping[int, FeatureRequest],
    figures: Mapping[str, Any],
    lens: Lens,
) -> dict[str, Any]:
    seen = figures["lenses"].get(lens) if lens != Lens.EVERYONE else None
    rows = items_through(items, figures, lens) if seen else item_rows(items, figures)
    return {
        "kpis": kpis(figures, earlier_weeks(cycle, figures)),
        "item_chart": _item_chart(rows, seen["count"] if seen else figures["count"]),
        "rating_chart": _rating_chart(figures),
        "wishes": wish_rows(wishes, figures, lens if seen else Lens.EVERYONE, WISHES_SHOWN),
        "voice": voice_tables(figures, get_language() or "en"),
    }


def _lens_of(figures: Mapping[str, Any], lens: Lens) -> dict[str, Any]:
    """Through whose eyes; `seen` is None where too few stand there to be told of."""
    return {
        "lens": lens,
        "lenses": list(Lens) if figures["lenses"].get(Lens.EVERYONE) else [],
        "lens_words": _lens_words(figures, lens) if lens != Lens.EVERYONE else "",
    }


def _lens_words(figures: Mapping[str, Any], lens: Lens) -> str:
    """What it sees; or that too few stand there, or beside them, to be told of."""
    seen = figures["lenses"].get(lens)
    if not seen:
        return _(
            "Through the eyes of “%(lens)s” too few spoke, or too few others, to show it apart. "
            "What follows is everyone's."
        ) % {"lens": lens.label}
    words = _("Through the eyes of “%(lens)s”: %(count)d voices; %(total)d fans reported.") % {
        "lens": lens.label,
        "count": seen["count"],
        "total": figures["count"],
    }
    if satisfied := seen["satisfaction"]:
        words += " " + _("%(share)s are satisfied; 95 %% sure: %(low)s to %(high)s.") % {
            name: percent(satisfied[name]) for name in ("share", "low", "high")
        }
    return (
        words
        + " "
        + _(
            "“#3 → #11”: third for everyone, eleventh here. What would tell of a handful is left out."
        )
    )


def _answered(
    cycle: Cycle,
    complaints: list[Complaint],
    figures: Mapping[str, Any],
    reader: Reader,
    lens: Lens,
) -> list[Answered]:
    came = outcomes.outcomes_of(cycle, complaints, reader)
    moved = _complaints_moved(complaints, figures, lens)
    return [Answered(each, came.get(each.key, []), moved.get(each.key)) for each in complaints]


def _complaints_moved(
    complaints: list[Complaint], figures: Mapping[str, Any], lens: Lens
) -> dict[str, Moved]:
    """Where the lens would put each item among those of which it may tell."""
    seen = figures["lenses"].get(lens) if lens != Lens.EVERYONE else None
    told = (seen or {}).get("items", {})
    counts = {
        each.key: (each.count, told[str(each.item.pk)]["not_good"])
        for each in complaints
        if each.item and str(each.item.pk) in told
    }
    known = {key: pair for key, pair in counts.items() if pair[1] is not None}
    return {
        key: (
            1 + sum(other[0] > everywhere for other in known.values()),
            1 + sum(other[1] > here for other in known.values()),
        )
        for key, (everywhere, here) in known.items()
    }


def _next_week(cycle: Cycle, reader: Reader) -> Cycle | None:
    """The next one with a build."""
    later = Cycle.objects.visible_to(reader).filter(
        product=cycle.product_id, friday__gt=cycle.friday
    )
    return later.exclude(state=CycleState.SKIPPED).order_by("friday", "pk").first()


def _item_chart(rows: list[ItemRow], count: int) -> BarChart:
    most = most_loved(rows)
    summary = _("Nobody named an item of the build.")
    if most:
        summary = _("“%(item)s” was loved by %(loved)d of %(count)d fans.") % {
            "item": most.item.title,
            "loved": most.loved,
            "count": count,
        }
    return BarChart(
        _("Loved, and not good enough"),
        summary,
        [
            Bar(
                row.item.title,
                row.loved,
                row.not_good,
                _note(row),
                language_of(row.item.title),
            )
            for row in rows[:ITEMS_SHOWN]
        ],
        names=(_("loved it"), _("not good enough")),
        heading=_("Item"),
    )


def _note(row: ItemRow) -> str:
    moved = f"#{row.moved[0]} → #{row.moved[1]}" if row.moved else ""
    recalled = _("recalled") if row.is_recalled else ""
    return " · ".join(filter(None, [moved, recalled]))


def _rating_chart(figures: Mapping[str, Any]) -> BarChart:
    satisfied = figures["satisfaction"]
    return BarChart(
        _("All in all"),
        _("%(positive)d of %(count)d gave 4 or 5 of 5.") % satisfied,
        [Bar(str(rating), figures["ratings"].get(str(rating), 0)) for rating in (5, 4, 3, 2, 1)],
        names=(_("Fans"), ""),
        heading=_("Rating"),
        series=4,
    )
