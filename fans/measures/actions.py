from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import Case, F, When

from fans.accounts.models import Fan
from fans.clock.weeks import platform_date, week_at
from fans.measures.models import PulseTally, PulseTurn, ShareVisits, Snapshot
from fans.measures.questions import LEAST, MOST

TAKEN = "taken"  # the row that says a week was counted, whatever was found


class NotStaff(Exception):
    """The question is for the people of the company."""


class AlreadyAnswered(Exception):
    """One answer a week; which it was cannot be looked up, so it cannot be changed."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One figure to be kept."""

    measure: str
    segment: str
    part: int
    whole: int
    definition: int = 1


@transaction.atomic
def answer_pulse(*, fan: Fan, score: int, at: datetime) -> None:
    """Say 1 to 5 to the question of the week, once, without anybody learning who said what.

    All five tallies are written, whichever grows: the database marks each row with the
    transaction that wrote it last, and with one alone it would be the mark of the turn beside it.
    """
    week = week_at(at)
    scores = range(LEAST, MOST + 1)
    if score not in scores:
        raise ValueError(score)
    PulseTally.objects.bulk_create(
        (PulseTally(week=week, score=each) for each in scores), ignore_conflicts=True
    )
    tallies = PulseTally.objects.select_for_update(no_key=True).filter(week=week)
    list(tallies.order_by("score"))
    person = Fan.objects.select_for_update(no_key=True).get(pk=fan.pk)
    if not person.is_staff:
        raise NotStaff
    _turn, is_new = PulseTurn.objects.get_or_create(week=week, fan=person)
    if not is_new:
        raise AlreadyAnswered
    grown = When(score=score, then=F("count") + 1)
    tallies.update(count=Case(grown, default=F("count"), output_field=models.IntegerField()))


def forget_turns(*, at: datetime) -> int:
    """Who answered in weeks that are over; nobody needs to know any more."""
    return PulseTurn.objects.exclude(week=week_at(at)).delete()[0]


@transaction.atomic
def count_share_visit(*, at: datetime) -> None:
    """Somebody came through an address that was shared; who, is not kept."""
    day, _is_new = ShareVisits.objects.get_or_create(day=platform_date(at))
    ShareVisits.objects.filter(pk=day.pk).update(count=F("count") + 1)


@transaction.atomic
def keep_snapshots(*, week: str, figures: Iterable[Counted], at: datetime) -> bool:
    """Keep what was counted of a week that is over; False when it was kept already."""
    taken, is_new = Snapshot.objects.get_or_create(
        measure=TAKEN, segment="", week=week, defaults={"part": 0, "whole": 0, "taken_at": at}
    )
    if not is_new:
        return False
    rows = Snapshot.objects.bulk_create(
        Snapshot(
            measure=each.measure,
            segment=each.segment,
            week=week,
            part=each.part,
            whole=each.whole,
            definition=each.definition,
            taken_at=at,
        )
        for each in figures
    )
    taken.part = taken.whole = len(rows)
    taken.save(update_fields=["part", "whole"])
    return True
