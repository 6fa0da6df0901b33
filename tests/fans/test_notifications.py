from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from fans.notifications import actions, tasks
from fans.notifications.kinds import kind_of
from fans.notifications.models import Event, MutedKind, Notice
from tests.factories import NOW, make_fan
from tests.locks import holding, start

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds(settings: Settings) -> None:
    settings.NOTICES = ["tests.fans.notices_for_tests"]


def tell(**fields: Any) -> Event:
    given = {"kind": "spoken", "subject": "thread:1", "key": "spoken:1", "at": NOW, **fields}
    return actions.tell(**given)


def sing(**fields: Any) -> Event:
    return tell(**{"kind": "sung", "key": "sung:1", **fields})


def told(event: Event) -> list[tuple[str, str]]:
    notices = event.notices.select_related("fan").order_by("fan")
    return [(notice.fan.handle, notice.why) for notice in notices]


def everything() -> list[tuple[Any, ...]]:
    events = Event.objects.order_by("pk").values_list("pk", "key", "spread_from", "spread_at")
    return [*events, *Notice.objects.order_by("pk").values_list("pk", "event", "fan", "why")]


def test_those_the_fact_names_are_told_at_once_and_the_actor_never() -> None:
    li, wu = make_fan(handle="li"), make_fan(handle="wu")
    event = tell(actor=wu, to=[(li, "author"), (wu.pk, "voter")])
    assert told(event) == [("li", "author")]
    assert (event.occurred_at, event.spread_at) == (NOW, NOW)


def test_several_reasons_are_one_notice_for_the_first_of_them() -> None:
    li = make_fan(handle="li")
    assert told(tell(to=[(li, "author"), (li.pk, "voter")])) == [("li", "author")]


def test_the_same_fact_told_twice_is_one_event_with_its_first_notices() -> None:
    li, wu = make_fan(handle="li"), make_fan(handle="wu")
    first = tell(to=[(li, "author")])
    assert tell(to=[(li, "author"), (wu, "voter")]) == first
    assert told(first) == [("li", "author")]


def test_more_than_twenty_are_for_the_sweep() -> None:
    with pytest.raises(ValueError, match="names 21 people"):
        tell(to=[(pk, "voter") for pk in range(1, 22)])
    assert not Event.objects.exists()


def test_a_kind_nobody_has_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        tell(kind="shouted")


def test_each_kind_is_known_by_its_name() -> None:
    assert type(kind_of("sung")).__name__ == "Sung"


def test_who_muted_the_kind_is_suspended_or_may_not_see_it_is_left_out() -> None:
    li, muting = make_fan(handle="li"), make_fan()
    away = make_fan(suspended_until=NOW + timedelta(days=1))
    back = make_fan(handle="back", suspended_until=NOW)
    deaf, banned, unverified = make_fan(), make_fan(banned_at=NOW), make_fan(verified_at=None)
    MutedKind.objects.create(fan=muting, kind="sung")
    MutedKind.objects.create(fan=li, kind="spoken")
    everybody = (li, muting, away, back, deaf, banned, unverified)
    event = sing(to=[(fan, "singer") for fan in everybody], facts={"deaf": [deaf.pk]})
    assert told(event) == [("li", "singer"), ("back", "singer")]
    actions.spread(event_id=event.pk, at=NOW)
    assert told(event) == [("li", "singer"), ("back", "singer")]


def test_the_sweep_tells_the_rest_in_chunks_and_then_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "CHUNK", 2)
    fans = [make_fan(handle=f"f{number}") for number in range(5)]
    event = sing(actor=fans[1], to=[(fans[4], "singer")])
    left = []
    while actions.spread(event_id=event.pk, at=NOW):
        event.refresh_from_db()
        left.append(event.spread_from)
    event.refresh_from_db()
    assert left == [fans[1].pk, fans[3].pk]
    assert event.spread_at == NOW
    assert told(event) == [
        ("f0", "listener"),
        ("f2", "listener"),
        ("f3", "listener"),
        ("f4", "singer"),
    ]


def test_delivered_twice_the_sweep_changes_nothing() -> None:
    make_fan(), make_fan()
    sing()
    tasks.spread_events()
    before = everything()
    assert Notice.objects.count() == 2
    tasks.spread_events()
    assert everything() == before


def test_a_sweep_that_is_killed_in_between_leaves_the_chunk_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "CHUNK", 2)
    fans = [make_fan() for _ in range(3)]
    event = sing()
    assert actions.spread(event_id=event.pk, at=NOW)

    def killed(*args: Any, **kwargs: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(Event, "save", killed)
        with pytest.raises(SystemExit):
            actions.spread(event_id=event.pk, at=NOW)
    assert Notice.objects.count() == 2
    tasks.spread_events()
    assert set(Notice.objects.values_list("fan", flat=True)) == {fan.pk for fan in fans}


def test_one_bad_event_does_not_stop_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = sing(key="bad"), sing(key="good")
    Event.objects.filter(pk=bad.pk).update(kind="shouted")
    fan = make_fan()
    tasks.spread_events()
    assert list(Notice.objects.values_list("event", "fan")) == [(good.pk, fan.pk)]
    assert list(Event.objects.due()) == [bad]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_second_worker_leaves_an_event_that_is_being_told_alone() -> None:
    make_fan()
    event = sing()
    with holding(Event, event.pk):
        second = start(lambda: actions.spread(event_id=event.pk, at=NOW))
        assert second.result() is False
        assert not Notice.objects.exists()
    assert actions.spread(event_id=event.pk, at=NOW) is False
    assert Notice.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_fact_told_by_two_at_once_is_one_event() -> None:
    li = make_fan()
    with transaction.atomic():
        first = tell(to=[(li, "author")])
        second = start(lambda: tell(to=[(li, "author")]))
        second.waits_for_a_lock()
    assert second.result() == first
    assert Notice.objects.count() == 1


def test_nothing_is_told_of_what_did_not_happen() -> None:
    li = make_fan()
    with transaction.atomic():
        tell(to=[(li, "author")])
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    assert not Notice.objects.exists()
