"""D1, D3: an issue a week, a row for each reader, and at most one letter."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from fans.accounts.models import Fan
from fans.digests import actions, tasks
from fans.digests.models import Delivery, DeliveryState, Issue
from fans.mail.models import QueuedMail
from fans.notifications.actions import mark_read, tell
from fans.notifications.models import Notice
from tests.factories import make_fan
from tests.fans import sections_for_tests
from tests.locks import holding, start

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 11, 20, 10, tzinfo=UTC)  # 18:00 in Shanghai, in 2026-W47


@pytest.fixture(autouse=True)
def _sections(settings: Settings) -> None:
    settings.NOTICES = ["tests.fans.notices_for_tests"]
    settings.DIGEST_SECTIONS = [
        "fans.digests.unread.unread_notices",
        "tests.fans.sections_for_tests.songs",
    ]
    sections_for_tests.asked.clear()


def open_issue(at: datetime = FRIDAY) -> Issue:
    issue = actions.make_issue(at=at)
    assert issue is not None
    while actions.open_deliveries(issue_id=issue.pk, at=at):
        pass
    return issue


def deliver_due(at: datetime) -> list[str]:
    """Whom a sweep at that moment writes to."""
    before = set(QueuedMail.objects.values_list("pk", flat=True))
    for delivery in Delivery.objects.due(at).order_by("due_at", "pk"):
        actions.deliver(delivery_id=delivery.pk, at=at)
    mails = QueuedMail.objects.exclude(pk__in=before).order_by("pk")
    return [mail.to.partition("@")[0] for mail in mails]


def everything() -> list[Any]:
    return [
        list(table.objects.order_by("pk").values())  # type: ignore[attr-defined]
        for table in (Issue, Delivery, QueuedMail)
    ]


def notify(fan: Fan, at: datetime, kind: str = "spoken", **facts: Any) -> Notice:
    event = tell(
        kind=kind,
        subject="thread:1",
        key=f"{kind}:{at}",
        at=at,
        to=[(fan, "author")],
        facts={"who": "Wu", **facts},
    )
    return event.notices.get(fan=fan)


def words_of(fan: Fan) -> str:
    return bytes(QueuedMail.objects.get(to=fan.email).message).decode()


# --- The issue ---------------------------------------------------------------------------


def test_an_issue_is_made_on_friday_at_18_and_once() -> None:
    assert actions.make_issue(at=FRIDAY - timedelta(seconds=1)) is not None  # last week's
    issue = actions.make_issue(at=FRIDAY)
    assert issue is not None
    assert actions.make_issue(at=FRIDAY + timedelta(days=6)) is None
    assert [i.week for i in Issue.objects.order_by("pk")] == ["2026-W46", "2026-W47"]
    assert (issue.until_at, issue.ready_at) == (FRIDAY, FRIDAY)


def test_an_issue_tells_of_what_came_after_the_one_before() -> None:
    first = actions.make_issue(at=FRIDAY)
    assert first is not None
    assert first.since_at == FRIDAY - timedelta(days=7)
    third = actions.make_issue(at=FRIDAY + timedelta(days=14))  # a week without a worker
    assert third is not None
    assert third.since_at == FRIDAY


def test_everybody_who_wants_the_letter_gets_a_row_and_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "CHUNK", 2)
    wanted = [make_fan(handle=f"f{number}") for number in range(4)]
    make_fan(wants_weekly=False), make_fan(verified_at=None), make_fan(leaving_at=FRIDAY)
    make_fan(suspended_until=FRIDAY + timedelta(days=1)), make_fan(banned_at=FRIDAY)
    issue = open_issue()
    assert list(Delivery.objects.order_by("fan").values_list("fan", flat=True)) == [
        fan.pk for fan in wanted
    ]
    issue.refresh_from_db()
    assert issue.opened_at == FRIDAY


def test_killed_between_two_chunks_the_next_sweep_opens_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "CHUNK", 1)
    fans = [make_fan(), make_fan()]
    issue = actions.make_issue(at=FRIDAY)
    assert issue is not None
    assert actions.open_deliveries(issue_id=issue.pk, at=FRIDAY)
    assert Delivery.objects.count() == 1
    tasks.make_issues()
    assert set(Delivery.objects.filter(issue=issue).values_list("fan", flat=True)) == {
        fan.pk for fan in fans
    }


# --- The letter --------------------------------------------------------------------------


def test_three_zones_get_one_letter_each_at_their_own_18() -> None:
    zones = {"wei": "Asia/Shanghai", "ravi": "Asia/Kolkata", "joe": "America/Los_Angeles"}
    for handle, zone in zones.items():
        make_fan(handle=handle, timezone=zone)
    open_issue()
    came = {
        hour: deliver_due(FRIDAY + timedelta(hours=hour)) for hour in (0, 1, 2, 3, 15, 16, 17, 48)
    }
    came = {hour: who for hour, who in came.items() if who}
    assert came == {0: ["wei"], 3: ["ravi"], 16: ["joe"]}
    assert QueuedMail.objects.filter(is_sent_once=True).count() == 3


def test_every_task_delivered_twice_leaves_the_same_tables(settings: Settings) -> None:
    make_fan(), make_fan(display_name="Deaf"), make_fan(wants_weekly=False)
    for task in (tasks.make_issues, tasks.send_letters):
        task()
        before = everything()
        task()
        assert everything() == before
    assert Issue.objects.count() == 1
    assert Delivery.objects.count() == 2


def test_a_letter_is_queued_once_and_never_made_again() -> None:
    make_fan()
    open_issue()
    (delivery,) = Delivery.objects.all()
    actions.deliver(delivery_id=delivery.pk, at=FRIDAY)
    actions.deliver(delivery_id=delivery.pk, at=FRIDAY + timedelta(days=1))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.done_at) == (DeliveryState.QUEUED, FRIDAY)
    assert delivery.mail == QueuedMail.objects.get()


def test_killed_while_it_is_written_a_letter_never_was(monkeypatch: pytest.MonkeyPatch) -> None:
    make_fan()
    open_issue()
    (delivery,) = Delivery.objects.all()

    def killed(*args: Any, **kwargs: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(QueuedMail.objects, "create", killed)
        with pytest.raises(SystemExit):
            actions.deliver(delivery_id=delivery.pk, at=FRIDAY)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DUE
    assert len(deliver_due(FRIDAY)) == 1


def test_who_has_nothing_to_be_told_gets_no_letter() -> None:
    make_fan(display_name="Deaf")
    open_issue()
    assert deliver_due(FRIDAY) == []
    assert Delivery.objects.get().state == DeliveryState.EMPTY


@pytest.mark.parametrize(
    "change",
    [
        {"wants_weekly": False},
        {"suspended_until": FRIDAY + timedelta(days=1)},
        {"banned_at": FRIDAY},
        {"leaving_at": FRIDAY},
    ],
    ids=lambda change: next(iter(change)),
)
def test_who_left_meanwhile_gets_no_letter(change: dict[str, Any]) -> None:
    fan = make_fan()
    open_issue()
    Fan.objects.get_queryset().filter(pk=fan.pk).update(**change)
    assert deliver_due(FRIDAY) == []
    assert Delivery.objects.get().state == DeliveryState.UNWANTED


def test_a_letter_that_is_late_waits_for_the_morning() -> None:
    """D2: quiet hours."""
    make_fan(timezone="Asia/Shanghai")
    open_issue()
    assert deliver_due(FRIDAY + timedelta(hours=4)) == []  # 22:00
    assert Delivery.objects.get().due_at == FRIDAY + timedelta(hours=14)
    assert len(deliver_due(FRIDAY + timedelta(hours=14))) == 1


def test_one_letter_that_cannot_be_written_stops_no_other_and_is_tried_again() -> None:
    make_fan(handle="broken", display_name="Broken", timezone="UTC"), make_fan(timezone="UTC")
    tasks.make_issues()
    Delivery.objects.update(due_at=FRIDAY)
    Fan.objects.get_queryset().update(timezone=_zone_where_it_is_day())
    tasks.send_letters()
    states = dict(Delivery.objects.values_list("fan__handle", "state"))
    assert states.pop("broken") == DeliveryState.DUE
    assert list(states.values()) == [DeliveryState.QUEUED]
    assert Delivery.objects.get(fan__handle="broken").due_at > FRIDAY


def _zone_where_it_is_day() -> str:
    from fans import clock
    from fans.digests.hours import is_quiet

    zones = ("UTC", "Asia/Tokyo", "America/Los_Angeles")
    return next(zone for zone in zones if not is_quiet(clock.now(), zone))


# --- What is in it -------------------------------------------------------------------------


def test_the_unread_of_the_week_is_in_the_letter_in_its_readers_language() -> None:
    li = make_fan(handle="li", locale="zh-hans")
    notify(li, FRIDAY - timedelta(days=1))
    mark_read(notice=notify(li, FRIDAY - timedelta(days=2), "sung", song="Seen"), at=FRIDAY)
    notify(li, FRIDAY - timedelta(days=8), "sung", song="Old")
    notify(li, FRIDAY + timedelta(seconds=1), "sung", song="New")
    open_issue()
    deliver_due(FRIDAY + timedelta(minutes=1))
    written = QueuedMail.objects.get(to=li.email)
    assert written.subject == "Wu spoke to you"
    words = words_of(li)
    assert "Wu spoke to you" in words
    assert [name for name in ("Seen", "Old", "New") if name in words] == []
    assert 'lang="zh-hans"' in words


def test_what_a_reader_may_not_see_at_the_moment_of_sending_is_not_in_it() -> None:
    """D3: allowed when the issue was made, and not any more when the letter leaves."""
    li, wu = make_fan(handle="li"), make_fan(handle="wu")
    song = notify(li, FRIDAY - timedelta(days=1), "sung", song="Secret")
    Notice.objects.create(event=song.event, fan=wu, why="listener", created_at=song.created_at)
    open_issue()
    song.event.facts = {**song.event.facts, "deaf": [li.pk]}
    song.event.save(update_fields=["facts"])
    deliver_due(FRIDAY)
    assert "Secret" in words_of(wu)
    assert "Secret" not in words_of(li)


def test_rooms_are_asked_for_the_time_of_the_issue() -> None:
    make_fan(handle="li")
    open_issue()
    deliver_due(FRIDAY)
    assert sections_for_tests.asked == [("li", FRIDAY - timedelta(days=7), FRIDAY)]


# --- Locks ---------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_row_write_one_letter() -> None:
    make_fan()
    open_issue()
    (delivery,) = Delivery.objects.all()
    with holding(Delivery, delivery.pk):
        second = start(lambda: actions.deliver(delivery_id=delivery.pk, at=FRIDAY))
        second.waits_for_a_lock()
        actions.deliver(delivery_id=delivery.pk, at=FRIDAY)
    second.result()
    assert QueuedMail.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_issue_that_is_being_opened_is_left_alone() -> None:
    make_fan()
    issue = actions.make_issue(at=FRIDAY)
    assert issue is not None
    with holding(Issue, issue.pk):
        second = start(lambda: actions.open_deliveries(issue_id=issue.pk, at=FRIDAY))
        assert second.result() is False
        assert not Delivery.objects.exists()
