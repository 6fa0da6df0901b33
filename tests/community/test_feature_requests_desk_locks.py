"""Two people at once at the desk of a wish (R6): we hold the row and ask PostgreSQL who waits.

Each of these fails when the lock, or the constraint, is taken away.
"""

from typing import Any

import pytest

from community.feature_requests import actions
from community.feature_requests.models import FeatureRequest, Follow, OfflineSupport, Status
from tests.community.feature_requests import fresh, make_request, merge, move
from tests.factories import NOW, make_fan, make_staff
from tests.locks import holding, start

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_answers_at_once_are_one_step() -> None:
    wish, first, second = make_request(), make_staff(), make_staff()
    with holding(FeatureRequest, wish.pk):
        waiting = start(lambda: move(wish, Status.NEEDS_INFO, actor=second))
        waiting.waits_for_a_lock()
        move(wish, Status.NEEDS_INFO, actor=first)
    assert waiting.result() is None
    assert wish.status_changes.filter(became=Status.NEEDS_INFO).count() == 1


def test_a_promise_does_not_slip_past_a_step_back() -> None:
    wish, first, second = make_request(status=Status.PLANNED), make_staff(), make_staff()

    def promise() -> Any:
        return actions.promise(feature_request=wish, week="2026-W50", actor=second, at=NOW)

    with holding(FeatureRequest, wish.pk):
        waiting = start(promise)
        waiting.waits_for_a_lock()
        move(wish, Status.UNDER_REVIEW, actor=first)
    with pytest.raises(actions.NotInThatState):
        waiting.result()
    assert fresh(wish).promised_for == ""


def test_two_promises_at_once_need_the_reason_of_the_second() -> None:
    wish, first, second = make_request(status=Status.PLANNED), make_staff(), make_staff()

    def promise(week: str, **fields: Any) -> Any:
        return actions.promise(feature_request=wish, week=week, at=NOW, **fields)

    with holding(FeatureRequest, wish.pk):
        waiting = start(lambda: promise("2026-W52", actor=second))
        waiting.waits_for_a_lock()
        promise("2026-W50", actor=first)
    with pytest.raises(actions.ReasonMissing):
        waiting.result()
    assert fresh(wish).promised_for == "2026-W50"


def test_the_same_form_of_voices_at_once_counts_once() -> None:
    """C3."""
    wish, staff = make_request(), make_staff()

    def record() -> OfflineSupport:
        return actions.record_offline_support(
            feature_request=wish,
            channel="paper",
            count=9,
            actor=staff,
            submission_key="form-key-1",
            at=NOW,
        )

    with holding(FeatureRequest, wish.pk):
        waiting = start(record)
        waiting.waits_for_a_lock()
        made = record()
    assert waiting.result() == made
    assert (OfflineSupport.objects.count(), fresh(wish).offline_count) == (1, 9)


def test_taking_voices_out_twice_at_once_takes_them_out_once() -> None:
    wish, staff = make_request(), make_staff()
    supports = [
        actions.record_offline_support(
            feature_request=wish,
            channel="paper",
            count=9,
            actor=staff,
            submission_key=key,
            at=NOW,
        )
        for key in ("form-key-1", "form-key-2")
    ]

    def withdraw() -> None:
        actions.withdraw_offline_support(support=supports[0], actor=staff, at=NOW)

    with holding(FeatureRequest, wish.pk):
        waiting = start(withdraw)
        waiting.waits_for_a_lock()
        withdraw()
    waiting.result()
    assert fresh(wish).offline_count == 9


def test_voices_that_meet_a_merge_count_where_the_wish_is_shown() -> None:
    wish, double, staff = make_request(), make_request(), make_staff()
    with holding(FeatureRequest, wish.pk, double.pk):
        waiting = start(
            lambda: actions.add_offline_support(
                feature_request=double, count=4, at=NOW, key="batch:1"
            )
        )
        waiting.waits_for_a_lock()
        merge(double, wish, actor=staff)
    waiting.result()
    assert fresh(wish).offline_count == 4


@pytest.mark.parametrize("is_muted", [False, True])
def test_follow_and_mute_at_once_leave_one_row_and_the_later_word(is_muted: bool) -> None:
    wish, fan = make_request(), make_fan()
    actions.follow(feature_request=wish, fan=fan, at=NOW)
    row = Follow.objects.get()
    first, second = (actions.follow, actions.mute) if is_muted else (actions.mute, actions.follow)
    with holding(Follow, row.pk):
        waiting = start(lambda: second(feature_request=wish, fan=fan, at=NOW))
        waiting.waits_for_a_lock()
        first(feature_request=wish, fan=fan, at=NOW)
    waiting.result()
    assert [bool(each.muted_at) for each in Follow.objects.all()] == [is_muted]
