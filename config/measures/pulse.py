"""How the people of the company are, as they say themselves, and nobody of them alone (spec §10)."""

from datetime import timedelta

from django.utils.translation import gettext_lazy

from config.measures.shapes import SMALLEST, Figure, Kind, Spec
from config.measures.sources import WEEKS, Sources
from fans.accounts.models import Fan
from fans.charts import Point
from fans.clock.weeks import platform_date, week_at, week_of
from fans.measures.models import PulseTally, PulseTurn
from fans.measures.questions import question_of

PULSE = Spec(
    "pulse",
    gettext_lazy("How staff see it"),
    gettext_lazy(
        "The mean of the answers from 1 to 5 to the question of the newest week that is over and that at least five answered. The questions take turns. What is said this week is shown when it is over."
    ),
    kind=Kind.MEAN,
    keeps_itself=True,
)


def pulse(sources: Sources) -> list[Figure]:
    """Weeks with fewer than five answers are left out, and the one that runs: each answer that
    came in would show."""
    today = platform_date(sources.at)
    weeks = [week_of(today - timedelta(weeks=n)) for n in range(WEEKS, 0, -1)]
    tallies: dict[str, dict[int, int]] = {}
    rows = PulseTally.objects.filter(week__gte=weeks[0], week__lte=weeks[-1])
    for week, score, count in rows.values_list("week", "score", "count"):
        tallies.setdefault(week, {})[score] = count
    past = [_point(week, tallies.get(week, {})) for week in weeks]
    shown = [week for week, point in zip(weeks, past, strict=True) if point.value is not None]
    if not shown:
        return [Figure(PULSE, is_small=any(map(_answers, tallies.values())))]
    newest = tallies[shown[-1]]
    question = question_of(shown[-1])
    earlier = [point.value for point in past if point.value is not None]
    return [
        Figure(PULSE, _sum(newest), _answers(newest), name=question, past=past, before=earlier[:-1])
    ]


def _point(week: str, tally: dict[int, int]) -> Point:
    count = _answers(tally)
    if count < SMALLEST:
        return Point(week, None)
    return Point(week, _sum(tally) / count, question_of(week))


def _sum(tally: dict[int, int]) -> int:
    return sum(score * count for score, count in tally.items())


def _answers(tally: dict[int, int]) -> int:
    return sum(tally.values())


def open_question(sources: Sources) -> str:
    """This week's, for somebody who has not answered it; empty once they have."""
    week, reader = week_at(sources.at), sources.reader
    if not isinstance(reader, Fan) or PulseTurn.objects.filter(week=week, fan=reader).exists():
        return ""
    return question_of(week)
