"""What fans did and what it counts for (spec §2)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fans.accounts.models import Fan
from fans.clock.weeks import monday_of, next_week, week_at, week_of
from fans.ledger.actions import note_act, note_held_week, record, reverse
from fans.ledger.models import ActiveDay, Contribution, Giving, HeldWeek, NeverChanged
from fans.ledger.scores import score
from fans.ledger.size import active_count
from tests.factories import NOW, make_fan, make_staff

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def deed(fan: Fan, at: datetime, subject: str = "post:1", **changed: object) -> Contribution | None:
    words = {"kind": "request.planned", "effective_at": at, "at": at, **changed}
    return record(fan=fan, subject=subject, **words)  # type: ignore[arg-type]


def points_of(fan: Fan) -> list[tuple[int, str]]:
    return list(fan.contributions.order_by("pk").values_list("points", "reason"))


# --- L1 ----------------------------------------------------------------------------------------


def test_the_model_changes_and_deletes_no_row() -> None:
    """L1"""
    row = deed(make_fan(), NOW)
    assert row is not None
    row.points = 100
    with pytest.raises(NeverChanged):
        row.save()
    with pytest.raises(NeverChanged):
        row.delete()
    with pytest.raises(NeverChanged):
        Contribution.objects.filter(pk=row.pk).update(points=100)
    with pytest.raises(NeverChanged):
        Contribution.objects.all().delete()


def test_the_same_deed_recorded_twice_is_one_row() -> None:
    """L1"""
    fan = make_fan()
    first, second = deed(fan, NOW), deed(fan, NOW + DAY)
    assert first == second
    assert points_of(fan) == [(10, "")]


def test_staff_earn_nothing() -> None:
    staff = make_staff()
    assert deed(staff, NOW) is None
    assert points_of(staff) == []


# --- L2 and L3 -----------------------------------------------------------------------------------


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 4, 0, tzinfo=UTC)


def test_the_vector_of_the_score() -> None:
    """L2, L3"""
    fan = make_fan()
    deed(fan, on(1, 10), kind="answer.accepted", subject="thread:1")
    deed(fan, on(2, 1), kind="request.shipped", subject="request:1")
    reverse(kind="request.shipped", subject="request:1", at=on(3, 1), reason="withdrawn")
    deed(fan, on(3, 3), kind="report.filed", subject="cycle:2026-W10:1")

    assert score(fan, on(2, 15), 90) == 38
    assert score(fan, on(3, 5), 90) == 13
    assert score(fan, on(2, 15), 90, known_at=on(3, 5)) == 8
    assert score(fan, on(4, 10), 90) == 5  # the one of 10 January is exactly 90 days old


def test_a_reversal_counts_at_the_moment_of_the_deed_and_is_known_from_its_own() -> None:
    """L2"""
    fan = make_fan()
    row = deed(fan, NOW)
    assert reverse(kind="request.planned", subject="post:1", at=NOW + DAY, reason="no") == 1
    assert reverse(kind="request.planned", subject="post:1", at=NOW + 2 * DAY, reason="no") == 0
    back = Contribution.objects.get(reversal_of=row)
    assert (back.points, back.effective_at, back.recorded_at) == (-10, NOW, NOW + DAY)


def test_what_is_restored_reverses_its_reversal() -> None:
    """L2, L4: never a second row for the deed."""
    fan = make_fan()
    first = deed(fan, NOW)
    reverse(kind="request.planned", subject="post:1", at=NOW + DAY, reason="no")
    assert deed(fan, NOW + 2 * DAY) == first
    assert points_of(fan) == [(10, ""), (-10, "no"), (10, "restored")]
    assert set(fan.contributions.values_list("effective_at", flat=True)) == {NOW}
    reverse(kind="request.planned", subject="post:1", at=NOW + 3 * DAY, reason="again")
    assert score(fan, NOW + 4 * DAY, 90) == 0


def test_a_deed_can_be_reversed_for_one_fan_alone() -> None:
    one, other = make_fan(), make_fan()
    deed(one, NOW)
    deed(other, NOW)
    assert reverse(kind="request.planned", subject="post:1", at=NOW, reason="no", fan=one) == 1
    assert (score(one, NOW, 90), score(other, NOW, 90)) == (0, 10)


# --- L4 ----------------------------------------------------------------------------------------


def test_beyond_a_cap_a_row_says_so_with_no_points() -> None:
    """L4"""
    fan = make_fan()
    deed(fan, NOW, kind="post.basic", subject="post:1")
    deed(fan, NOW, kind="post.basic", subject="post:2")
    assert points_of(fan) == [(1, ""), (0, "cap")]


def test_a_day_ends_at_midnight_of_the_platform() -> None:
    """L4: 15:59 and 16:00 UTC are two days in Shanghai."""
    fan = make_fan()
    late = datetime(2026, 11, 18, 15, 59, tzinfo=UTC)
    deed(fan, late, kind="post.basic", subject="post:1")
    deed(fan, late + timedelta(minutes=1), kind="post.basic", subject="post:2")
    assert points_of(fan) == [(1, ""), (1, "")]


def test_the_sixth_post_of_an_iso_week_is_one_too_many() -> None:
    """L4"""
    fan = make_fan()
    monday = datetime(2026, 11, 16, 4, 0, tzinfo=UTC)
    for day in range(8):
        deed(fan, monday + day * DAY, kind="post.basic", subject=f"post:{day}")
    assert [points for points, _ in points_of(fan)] == [1, 1, 1, 1, 1, 0, 0, 1]


def test_thirty_days_roll_and_look_both_ways() -> None:
    """L4: a deed learned of late does not slip in before two others."""
    fan = make_fan()
    for number, day in enumerate([10, 20, 39, 40, 0]):
        deed(fan, NOW + day * DAY, kind="meetup.attended", subject=f"meetup:{number}")
    assert [points for points, _ in points_of(fan)] == [8, 8, 0, 8, 0]


def test_a_reversed_deed_keeps_its_place_under_the_cap() -> None:
    """L4: a cap is decided once."""
    fan = make_fan()
    deed(fan, NOW, kind="post.basic", subject="post:1")
    reverse(kind="post.basic", subject="post:1", at=NOW, reason="removed")
    deed(fan, NOW, kind="post.basic", subject="post:2")
    deed(fan, NOW, kind="post.basic", subject="post:1")
    assert score(fan, NOW, 90) == 1


def test_ten_invitations_count_and_no_more() -> None:
    """L4"""
    fan = make_fan()
    for number in range(11):
        deed(fan, NOW + number * 40 * DAY, kind="invite.activated", subject=f"fan:{number}")
    assert [points for points, _ in points_of(fan)] == [3] * 10 + [0]


# --- L5 ----------------------------------------------------------------------------------------


def accepted(receiver: Fan, giver: Fan, day: int) -> int:
    at = NOW + day * DAY
    row = deed(receiver, at, kind="answer.accepted", subject=f"thread:{day}", givers=[giver])
    assert row is not None
    return row.points


def test_the_same_giver_counts_twice_in_thirty_days() -> None:
    """L5"""
    receiver, giver, other = make_fan(), make_fan(), make_fan()
    assert [accepted(receiver, giver, day) for day in (0, 5, 10)] == [8, 8, 0]
    assert accepted(receiver, other, 11) == 8
    assert accepted(receiver, giver, 30) == 8
    assert Giving.objects.filter(giver=giver).count() == 3
    assert points_of(receiver)[2] == (0, "collusion")


def test_the_same_giver_counts_six_times_in_half_a_year() -> None:
    """L5"""
    receiver, giver = make_fan(), make_fan()
    days = [0, 1, 30, 31, 60, 61, 90, 179, 180]
    assert [accepted(receiver, giver, day) for day in days] == [8] * 6 + [0, 0, 8]


def test_a_helpful_reply_waits_for_three_who_count() -> None:
    """L5: too few yet is no row, so that a later mark can still make it count."""
    receiver = make_fan()
    marking = [make_fan() for _ in range(4)]
    for number in range(2):
        deed(receiver, NOW, kind="reply.helpful", subject=f"post:{number}", givers=marking[:3])
    assert deed(receiver, NOW, kind="reply.helpful", subject="post:9", givers=marking) is None
    fresh = [make_fan(), make_fan(), marking[3]]
    row = deed(receiver, NOW, kind="reply.helpful", subject="post:9", givers=marking + fresh)
    assert row is not None
    assert row.points == 2
    assert row.givings.count() == 3


def test_nobody_gives_to_themself() -> None:
    """L5"""
    fan = make_fan()
    assert accepted(fan, fan, 0) == 0


# --- n, held weeks, weeks ------------------------------------------------------------------------


def test_every_act_of_a_day_is_counted_on_one_row() -> None:
    fan = make_fan()
    note_act(fan=fan, at=NOW)
    note_act(fan=fan, at=NOW)
    note_act(fan=make_staff(), at=NOW)
    assert list(ActiveDay.objects.values_list("fan", "act_count")) == [(fan.pk, 2)]


def test_the_size_of_the_site_is_who_acted_in_four_weeks() -> None:
    for days in (0, 1, 27, 28):
        note_act(fan=make_fan(), at=NOW - days * DAY)
    assert active_count(NOW) == 3


def test_a_week_is_held_once() -> None:
    """T6"""
    note_held_week(week="2026-W47", at=NOW)
    note_held_week(week="2026-W47", at=NOW + DAY)
    assert list(HeldWeek.objects.values_list("week", "held_at")) == [("2026-W47", NOW)]


def test_weeks_are_iso_weeks_of_the_platform() -> None:
    assert week_of(date(2027, 1, 1)) == "2026-W53"
    assert next_week("2026-W53") == "2027-W01"
    assert monday_of("2026-W47") == date(2026, 11, 16)
    assert week_at(datetime(2026, 11, 15, 16, 0, tzinfo=UTC)) == "2026-W47"
