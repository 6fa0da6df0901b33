"""Paper forms: typed in, handed in, accepted by another; never one's own (O10)."""

from datetime import date, timedelta
from typing import Any

import pytest

from community.feature_requests.actions import file_request
from community.feature_requests.models import FeatureRequest
from community.feedback import actions
from community.feedback.models import FeedbackItem, ItemState, OfflineBatch
from fans.accounts.models import Fan, Hosting
from fans.audit.models import AuditEntry
from fans.ledger.models import Contribution
from fans.notifications.models import Notice
from fans.places.models import Place
from tests.community.threads import make_regular
from tests.factories import (
    NOW,
    BoardFactory,
    ProductFactory,
    make_fan,
    make_moderator,
    make_place,
    make_staff,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def make_host(place: Place, **fields: Any) -> Fan:
    host = make_fan(**fields)
    Hosting.objects.create(
        fan=host, place=place, began_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=364)
    )
    return host


def open_batch(recorder: Fan, **fields: Any) -> OfflineBatch:
    wanted: dict[str, Any] = {"gathered_on": date(2026, 11, 20), "week": "2026-W47", "at": NOW}
    wanted["product"] = fields.pop("product", None) or ProductFactory.create()
    wanted["place"] = fields.pop("place", None) or make_place()
    return actions.open_batch(recorder=recorder, **{**wanted, **fields})


def paper(**fields: Any) -> actions.PaperForm:
    return actions.PaperForm(**{"overall": 4, "severity": "S3", "frequency": "Q3", **fields})


def handed_in(recorder: Fan, forms: int = 3, **fields: Any) -> OfflineBatch:
    batch = open_batch(recorder, **{n: fields.pop(n) for n in ("place",) if n in fields})
    for _ in range(forms):
        actions.record_form(batch=batch, form=paper(**fields), recorder=recorder, at=NOW)
    actions.hand_in(batch=batch, recorder=recorder, at=NOW)
    batch.refresh_from_db()
    return batch


def accept(batch: OfflineBatch, actor: Fan) -> bool:
    done = actions.accept_batch(batch=batch, actor=actor, at=LATER)
    batch.refresh_from_db()
    return done


def wish() -> FeatureRequest:
    BoardFactory.create()
    return file_request(
        author=make_regular(),
        product=ProductFactory.create(),
        title="A louder alarm in the morning",
        problem="I sleep through it every day.",
        at=NOW,
    )


def test_nine_forms_a_host_types_in_are_nine_items_that_count() -> None:
    batch = handed_in(make_host(make_place()), forms=9)
    items = FeedbackItem.objects.on_paper(batch.product, "2026-W47")
    assert items.count() == 9
    assert set(items.values_list("channel", flat=True)) == {"offline_form"}
    assert set(items.values_list("reporter", flat=True)) == {None}


def test_the_same_form_sent_twice_is_one_item() -> None:
    """C3."""
    fan = make_fan()
    batch = open_batch(fan, submission_key="the-key-of-this-batch")
    assert open_batch(fan, submission_key="the-key-of-this-batch") == batch
    for _ in range(2):
        actions.record_form(
            batch=batch, form=paper(), recorder=fan, at=NOW, submission_key="the-key-of-this-form"
        )
    assert FeedbackItem.objects.count() == 1


def test_without_consent_a_form_is_kept_without_a_place() -> None:
    batch = handed_in(make_staff(), forms=1, consents=False)
    agreed = handed_in(make_staff(), forms=1, consents=True)
    assert batch.items.get().place is None
    assert agreed.items.get().place == agreed.place


def test_a_form_that_asks_for_nothing_needs_no_answer() -> None:
    quiet = handed_in(make_staff(), forms=1, loved=[1]).items.get()
    loud = handed_in(make_staff(), forms=1, not_good=[2], not_good_words="Too dark").items.get()
    assert (quiet.state, quiet.answered_at) == (ItemState.RESOLVED, NOW)
    assert (loud.state, loud.answered_at, loud.title) == (ItemState.NEW, None, "Too dark")
    assert loud.paper["not_good"] == [2]


def test_a_fans_batch_counts_only_once_another_accepted_it() -> None:
    batch = handed_in(make_fan(), words="More buttons")
    assert batch.counted_at is None
    assert FeedbackItem.objects.on_paper(batch.product, "2026-W47").count() == 0
    assert FeedbackItem.objects.open().count() == 0  # not at the desk either
    assert accept(batch, make_staff()) is True
    assert FeedbackItem.objects.on_paper(batch.product, "2026-W47").count() == 3
    assert FeedbackItem.objects.open().count() == 3


def test_nobody_accepts_their_own_batch() -> None:
    for recorder in (make_fan(), make_host(make_place()), make_moderator(), make_staff()):
        batch = handed_in(recorder)
        with pytest.raises(actions.NotTheirs):
            accept(batch, recorder)
    assert Contribution.objects.count() == 0


def test_a_host_accepts_for_their_own_city_alone() -> None:
    here, elsewhere = make_place(), make_place(code="440300")
    batch = handed_in(make_fan(), place=here)
    with pytest.raises(actions.NotTheirs):
        accept(batch, make_host(elsewhere))
    with pytest.raises(actions.NotTheirs):
        accept(batch, make_fan())
    assert accept(batch, make_host(here)) is True


def test_a_host_of_another_city_hands_in_like_any_fan() -> None:
    host = make_host(make_place(code="440300"))
    assert handed_in(host, place=make_place()).counted_at is None


def test_a_host_whose_term_is_over_accepts_nothing() -> None:
    place = make_place()
    host = make_host(place)
    Hosting.objects.update(ended_at=NOW)
    with pytest.raises(actions.NotTheirs):
        accept(handed_in(make_fan(), place=place), host)


def test_an_accepted_batch_of_three_pays_six_points_once() -> None:
    fan, staff = make_fan(), make_staff()
    batch = handed_in(fan)
    assert accept(batch, staff) is True
    assert accept(batch, make_staff()) is False
    earned = Contribution.objects.get()
    assert (earned.fan, earned.points, earned.subject) == (fan, 6, f"batch:{batch.pk}")
    assert earned.effective_at == NOW
    assert Notice.objects.get().fan == fan


def test_two_forms_count_and_earn_nothing() -> None:
    batch = handed_in(make_fan(), forms=2)
    assert accept(batch, make_staff()) is True
    assert Contribution.objects.count() == 0


def test_the_third_batch_in_thirty_days_earns_nothing_and_says_why() -> None:
    """L4, and L5 when it is always the same who accepts."""
    fan = make_fan()
    for _ in range(3):
        accept(handed_in(fan), make_staff())
    assert [*Contribution.objects.order_by("pk").values_list("points", "reason")] == [
        (6, ""),
        (6, ""),
        (0, "cap"),
    ]


def test_a_hosts_batch_counts_at_once_and_earns_when_another_accepts() -> None:
    place = make_place()
    batch = handed_in(make_host(place), place=place)
    assert batch.counted_at == NOW
    assert Contribution.objects.count() == 0
    assert accept(batch, make_moderator()) is True
    assert batch.counted_at == NOW
    assert Contribution.objects.get().points == 6


def test_wishes_on_paper_are_counted_once_a_batch() -> None:
    """F3."""
    wanted = wish()
    batch = handed_in(make_fan(), wishes=[wanted.pk])
    wanted.refresh_from_db()
    assert wanted.offline_count == 0
    for _ in range(2):
        accept(batch, make_staff())
    wanted.refresh_from_db()
    assert wanted.offline_count == 3
    assert wanted.vote_count == 0


def test_a_refused_batch_counts_nowhere_and_its_recorder_learns_why() -> None:
    fan, staff = make_fan(), make_staff()
    batch = handed_in(fan)
    refused: dict[str, Any] = {"batch": batch, "actor": staff, "reason": "Photocopies", "at": LATER}
    assert actions.refuse_batch(**refused) is True
    assert actions.refuse_batch(**refused) is False
    with pytest.raises(actions.NotOpen):
        accept(batch, staff)
    assert FeedbackItem.objects.standing().count() == 0
    assert Notice.objects.get().fan == fan
    assert AuditEntry.objects.get().reason == "Photocopies"


def test_nothing_is_typed_into_a_batch_that_was_handed_in() -> None:
    fan = make_fan()
    batch = handed_in(fan)
    with pytest.raises(actions.NotOpen):
        actions.record_form(batch=batch, form=paper(), recorder=fan, at=LATER)
    with pytest.raises(actions.NotOpen):
        actions.take_out_form(batch=batch, item=batch.items.all()[0], recorder=fan, at=LATER)
    assert actions.hand_in(batch=batch, recorder=fan, at=LATER) is False
    assert batch.items.count() == 3


def test_nobody_types_into_the_batch_of_another() -> None:
    batch = open_batch(make_fan())
    with pytest.raises(actions.NotTheirs):
        actions.record_form(batch=batch, form=paper(), recorder=make_staff(), at=NOW)


def test_an_empty_batch_is_not_handed_in() -> None:
    fan = make_fan()
    with pytest.raises(actions.BatchEmpty):
        actions.hand_in(batch=open_batch(fan), recorder=fan, at=NOW)


def test_a_form_is_taken_out_and_put_back_while_the_batch_is_open() -> None:
    fan = make_fan()
    batch = open_batch(fan)
    item, other = (
        actions.record_form(batch=batch, form=paper(), recorder=fan, at=NOW) for _ in range(2)
    )
    one: dict[str, Any] = {"batch": batch, "item": item, "recorder": fan, "at": NOW}
    assert [actions.take_out_form(**one), actions.take_out_form(**one)] == [True, False]
    assert list(batch.forms()) == [other]
    assert [actions.put_back_form(**one), actions.put_back_form(**one)] == [True, False]
    assert batch.forms().count() == 2
    actions.take_out_form(**one)
    actions.hand_in(batch=batch, recorder=fan, at=NOW)
    assert list(FeedbackItem.objects.all()) == [other]  # nothing stays of it
