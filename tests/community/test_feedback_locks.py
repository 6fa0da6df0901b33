"""What queues up behind an item, and behind a batch."""

from collections.abc import Callable

import pytest

from community.feature_requests.models import FeatureRequest
from community.feedback import actions
from community.feedback.models import FeedbackItem, OfflineBatch
from fans.accounts.models import Fan
from fans.ledger.models import Contribution
from tests.community.test_feedback_paper import handed_in, make_host, open_batch, paper, wish
from tests.factories import NOW, make_fan, make_feedback, make_place, make_staff
from tests.locks import holding, start

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_accepting_waits_for_the_batch_and_twice_at_once_pays_once() -> None:
    wanted = wish()
    batch = handed_in(make_fan(), wishes=[wanted.pk])
    one, other = make_staff(), make_staff()
    with holding(OfflineBatch, batch.pk):
        first = start(lambda: actions.accept_batch(batch=batch, actor=one, at=NOW))
        first.waits_for_a_lock()
        second = start(lambda: actions.accept_batch(batch=batch, actor=other, at=NOW))
        second.waits_for_a_lock(of_anybody=True)
    assert sorted([first.result(), second.result()]) == [False, True]
    assert Contribution.objects.get().points == 6
    assert FeatureRequest.objects.get().offline_count == 3


def _me_too(item: FeedbackItem, fan: Fan) -> bool:
    return actions.say_me_too(item=item, fan=fan, at=NOW)


def _confirm(item: FeedbackItem, fan: Fan) -> bool:
    return actions.confirm_bug(item=item, actor=make_staff(), at=NOW)


def _answer(item: FeedbackItem, fan: Fan) -> bool:
    return actions.take_step(item=item, became="resolved", actor=make_staff(), at=NOW)


@pytest.mark.parametrize("act", [_me_too, _confirm, _answer])
def test_what_is_done_to_an_item_waits_for_its_row(
    act: Callable[[FeedbackItem, Fan], bool],
) -> None:
    item, fan = make_feedback(), make_fan()
    with holding(FeedbackItem, item.pk):
        acting = start(lambda: act(item, fan))
        acting.waits_for_a_lock()
    assert acting.result() is True


def test_filing_waits_for_the_reporter_and_twice_at_once_is_one() -> None:
    fan, item = make_fan(), make_feedback()
    said = actions.Said(
        product=item.product, category="bug", severity="S2", frequency="Q3", title="It is silent"
    )

    def file() -> FeedbackItem:
        return actions.file_feedback(said=said, reporter=fan, at=NOW, submission_key="one-form")

    with holding(Fan, fan.pk):
        first = start(file)
        first.waits_for_a_lock()
        second = start(file)
        second.waits_for_a_lock(of_anybody=True)
    assert first.result() == second.result()
    assert FeedbackItem.objects.filter(reporter=fan).count() == 1


def _hand_in(batch: OfflineBatch, recorder: Fan) -> bool:
    return actions.hand_in(batch=batch, recorder=recorder, at=NOW)


def _accept(batch: OfflineBatch, recorder: Fan) -> bool:
    batch_of = OfflineBatch.objects.filter(pk=batch.pk)
    batch_of.update(handed_in_at=NOW, counted_at=None)
    return actions.accept_batch(batch=batch, actor=make_staff(), at=NOW)


@pytest.mark.parametrize("act", [_hand_in, _accept])
def test_a_batch_takes_the_wishes_on_it_before_whoever_typed_it(
    act: Callable[[OfflineBatch, Fan], bool],
) -> None:
    """The order of locks: who votes holds a wish and waits for the fan."""
    wanted, place = wish(), make_place()
    recorder = make_host(place)
    batch = open_batch(recorder, place=place)
    form = paper(wishes=[wanted.pk])
    for _ in range(3):
        actions.record_form(batch=batch, form=form, recorder=recorder, at=NOW)
    with holding(FeatureRequest, wanted.pk):
        acting = start(lambda: act(batch, recorder))
        acting.waits_for_a_lock()
        free = Fan.objects.get_queryset().select_for_update(nowait=True, no_key=True)
        assert list(free.filter(pk=recorder.pk).values_list("pk", flat=True))
    assert acting.result() is True
    wanted.refresh_from_db()
    assert wanted.offline_count == 3
