"""A build whose talk is hidden is named nowhere: neither with its award nor among the items."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from community.fridays.actions.balloting import cast_ballot
from community.fridays.actions.freezing import freeze
from community.fridays.actions.publishing import newest_report, publish
from community.fridays.awards import winners
from community.fridays.digest import published_weeks
from community.fridays.models import Cycle
from community.fridays.rankings import as_seen, item_rows
from community.fridays.rankings import items_of as items_seen
from community.threads.models import State, Thread
from config import front
from fans import clock
from tests.community.weeks import (
    LATE_CLOSES,
    PUBLISH,
    TUESDAY,
    add_build,
    items_of,
    open_week,
    send,
)
from tests.factories import make_fan, make_staff

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def awarded() -> Cycle:
    cycle = open_week()
    for _ in range(5):
        fan = make_fan()
        send(cycle, fan=fan, loved=(items_of(cycle)[0].pk,))
        cast_ballot(cycle=cycle, fan=fan, item=items_of(cycle)[0], at=TUESDAY)
    freeze(cycle=cycle, at=LATE_CLOSES)
    publish(cycle=cycle, at=PUBLISH)
    return cycle


def seen_of(cycle: Cycle) -> tuple[int, int, int, int]:
    """How many awards stand on the front page, with the week and in the letter; and items."""
    cache.clear()
    reader = make_fan()
    items = items_seen(cycle, reader)
    letter = published_weeks(reader, PUBLISH - DAY, PUBLISH + DAY)
    assert letter is not None
    return (
        len(front.newest_awards()),
        len(winners(cycle, reader)),
        len(letter.context["weeks"][0]["awards"]),
        len(item_rows(items, as_seen(newest_report(cycle).figures, items, {}))),
    )


def test_the_award_of_a_hidden_build_is_named_nowhere() -> None:
    cycle = awarded()
    assert seen_of(cycle) == (1, 1, 1, 1)
    Thread.objects.filter(release__cycle=cycle).update(state=State.HIDDEN)
    assert seen_of(cycle) == (0, 0, 0, 0)
    assert len(winners(cycle, make_staff())) == 1


def test_the_forms_of_a_week_name_nothing_of_a_hidden_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: TUESDAY)
    cycle, fan = open_week(items=1), make_fan()
    add_build(cycle, "A torch", version="4.20.1")
    reader = Client()
    reader.force_login(fan)
    forms = [f"{cycle.get_absolute_url()}{name}/" for name in ("report", "report/paper", "ballot")]
    assert ["A torch" in reader.get(form).text for form in forms] == [True, True, True]
    Thread.objects.filter(release__version="4.20.1").update(state=State.HIDDEN)
    pages = [reader.get(form).text for form in forms]
    assert ["A torch" in page or "4.20.1" in page for page in pages] == [False, False, False]
    assert ["Item 1" in page for page in pages] == [True, True, True]
