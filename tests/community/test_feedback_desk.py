"""The desk for many at once, what is said elsewhere, and who learns what."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community.feedback import actions, figures
from community.feedback.models import Channel, FeedbackItem, ItemState
from community.products.models import Team
from fans.accounts.models import Fan
from fans.notifications.actions import spread
from fans.notifications.models import Event, Notice
from tests.community.test_feedback_paper import wish
from tests.community.threads import make_regular
from tests.factories import (
    NOW,
    ProductFactory,
    make_fan,
    make_feedback,
    make_moderator,
    make_place,
    make_staff,
)
from tests.locks import holding, start

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
BULK = "/staff/feedback/triage/"


def signed_in(fan: Fan) -> Client:
    client = Client()
    client.force_login(fan)
    return client


def step(item: FeedbackItem, became: str, **fields: Any) -> bool:
    return actions.take_step(item=item, became=became, actor=make_staff(), at=LATER, **fields)


def told_of(kind: str) -> set[int]:
    for event in Event.objects.filter(kind=kind, spread_at=None):
        while spread(event_id=event.pk, at=LATER):
            pass
    return set(Notice.objects.filter(event__kind=kind).values_list("fan", flat=True))


# --- many at once ----------------------------------------------------------------------------


def test_many_are_sorted_at_once_and_what_is_not_said_stays() -> None:
    items = [make_feedback(), make_feedback(severity="S3", priority="P2")]
    client = signed_in(make_staff())
    sent = {"item": [item.pk for item in items], "act": "sort", "frequency": "Q1"}
    answer = client.post(f"{BULK}?priority=P1", sent)
    assert answer.headers["Location"] == "/staff/feedback/?priority=P1"
    found = FeedbackItem.objects.order_by("pk").values_list("severity", "priority", "state")
    assert list(found) == [("S2", "P0", "triaged"), ("S3", "P1", "triaged")]


def test_one_that_refuses_stops_none_of_the_others_and_is_named() -> None:
    fresh, verified = make_feedback(), make_feedback(state="verified")
    client = signed_in(make_staff())
    sent = {"item": [fresh.pk, verified.pk], "act": "declined", "answer": "Not in this model."}
    page = client.post(BULK, sent, follow=True).text
    fresh.refresh_from_db()
    verified.refresh_from_db()
    assert (fresh.state, verified.state) == (ItemState.DECLINED, ItemState.VERIFIED)
    assert f"Cannot become that any more: #{verified.pk}" in page
    assert fresh.steps.get().answer == "Not in this model."


@pytest.mark.parametrize(
    "sent",
    [
        {"act": "declined"},
        {"act": "answer"},
        {"act": "duplicate"},
        {"act": "duplicate", "duplicate_of": 999},
        {"act": ""},
        {"act": "sort", "item": []},
        {"act": "sort", "item": ["\0", "9" * 19, "x"]},
    ],
)
def test_what_lacks_something_changes_nothing_and_keeps_the_words(sent: dict[str, Any]) -> None:
    item = make_feedback()
    page = signed_in(make_staff()).post(BULK, {"item": [item.pk], **sent})
    assert page.status_code == 422
    item.refresh_from_db()
    assert item.state == ItemState.NEW


def test_many_become_duplicates_but_the_original_itself_does_not() -> None:
    original, first, second = (make_feedback() for _ in range(3))
    sent = {"item": [original.pk, first.pk, second.pk], "act": "duplicate"}
    signed_in(make_staff()).post(BULK, {**sent, "duplicate_of": original.pk})
    assert set(original.duplicates.values_list("pk", flat=True)) == {first.pk, second.pk}
    original.refresh_from_db()
    assert original.state == ItemState.NEW


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_each_of_many_waits_for_its_own_row_and_twice_at_once_is_one_step() -> None:
    item, other = make_feedback(), make_feedback()
    staff = make_staff()

    def answer_both() -> actions.Outcome:
        return actions.with_each(
            [item, other],
            lambda one: actions.take_step(item=one, became="resolved", actor=staff, at=LATER),
        )

    with holding(FeedbackItem, item.pk):
        first = start(answer_both)
        first.waits_for_a_lock()
        second = start(answer_both)
        second.waits_for_a_lock(of_anybody=True)
    outcomes = [first.result(), second.result()]
    assert sorted(pk for each in outcomes for pk in each.changed) == [item.pk, other.pk]
    assert item.steps.count() == other.steps.count() == 1


# --- the list --------------------------------------------------------------------------------


def test_the_desk_is_narrowed_by_what_it_is_about_by_words_and_by_number() -> None:
    camera = make_feedback(title="Blurred at night", about="Camera · Night mode", channel="shop")
    alarm = make_feedback(title="The alarm stays silent")
    client = signed_in(make_staff())
    for query, wanted in {
        "about=night+mode": [camera],
        "q=ALARM": [alarm],
        f"q=%23{alarm.pk}": [alarm],
        "channel=shop": [camera],
        f"product={alarm.product_id}": [alarm],
        "state=declined": [],
        "q=%00&about=%00&product=99999999999999999999&after=99999999999999999999": [camera, alarm],
    }.items():
        page = client.get(f"/staff/feedback/?{query}")
        assert [item.pk for item in page.context["items"]] == [item.pk for item in wanted], query


def test_teams_are_measured_by_the_median_of_their_first_answers() -> None:
    team = Team.objects.create(name="R&D", slug="r-d")
    for hours in (1, 3, 50):
        make_feedback(department=team, state="resolved", answered_at=NOW + timedelta(hours=hours))
    make_feedback(department=team, answer_due_at=NOW)
    make_feedback(department=team, state="resolved", answered_at=NOW)  # asked for no answer
    items, at = FeedbackItem.objects.standing(), NOW + timedelta(hours=60)
    [desk] = figures.desks(items, figures.open_ones(items, at), at)
    assert (desk.team, desk.open_count, desk.overdue_count) == (team, 1, 1)
    assert desk.first_answer == timedelta(hours=3)


@pytest.mark.parametrize(
    ("now", "usually", "is_spike"), [(19, 0, False), (20, 0, True), (20, 7, False), (21, 7, True)]
)
def test_a_spike_is_three_times_the_usual_and_at_least_twenty(
    now: int, usually: int, is_spike: bool
) -> None:
    fan = make_fan()
    make_feedback(reporter=fan, category="missing_feature")
    make_feedback(reporter=fan, channel=Channel.REPORT_CELL)
    one = make_feedback(reporter=fan, created_at=NOW - timedelta(days=90))
    ages = [timedelta(minutes=1)] * now
    ages += [timedelta(days=day) for day in range(1, 29) for _ in range(usually)]
    FeedbackItem.objects.bulk_create(
        FeedbackItem(
            channel="form", reporter=fan, product=one.product, department=one.department,
            category="bug", severity="S2", frequency="Q3", priority="P1", title="x",
            state_at=NOW, answer_due_at=NOW, created_at=NOW + timedelta(minutes=2) - age,
        )
        for age in ages
    )  # fmt: skip
    at = NOW + timedelta(minutes=30)
    hours, _ = figures.by_hour(FeedbackItem.objects.standing(), at)
    assert (hours[-1].count, hours[-1].usual) == (now, usually)
    assert bool(figures.spikes(hours)) is is_spike


# --- what was said elsewhere ------------------------------------------------------------------


def recorded(recorder: Fan, **fields: Any) -> FeedbackItem:
    said = actions.Said(
        product=ProductFactory.create(), category="bug", severity="S1", frequency="Q2",
        title="The strap broke",
    )  # fmt: skip
    wanted: dict[str, Any] = {"said": said, "channel": Channel.HOTLINE, "at": NOW}
    return actions.record_told(recorder=recorder, **{**wanted, **fields})


def test_what_came_by_telephone_has_no_name_a_clock_and_its_own_channel() -> None:
    wanted, moderator = wish(), make_moderator()
    items = {
        recorded(moderator, wishes=[wanted, wanted], place=make_place(), submission_key="one-form")
        for _ in range(2)
    }
    [item] = items
    assert (item.channel, item.reporter, item.place, item.is_public) == (
        "hotline",
        None,
        None,
        False,
    )
    assert item.answer_due_at == NOW + timedelta(hours=4)
    wanted.refresh_from_db()
    assert (wanted.offline_count, wanted.vote_count) == (1, 0)
    assert recorded(moderator, place=make_place(), consents=True).place is not None
    seen = [FeedbackItem.objects.visible_to(who).count() for who in (moderator, make_moderator())]
    assert seen == [2, 0]
    with pytest.raises(actions.KeptFromPublic):
        actions.make_request(item=item, actor=make_staff(), at=NOW)


def test_moderators_write_it_down_and_fans_find_no_such_page() -> None:
    sent = {
        "channel": "shop", "product": ProductFactory.create().pk, "title": "The strap broke",
        "category": "bug", "severity": "S2", "frequency": "Q3", "submission_key": "a-key-of-one-form",
    }  # fmt: skip
    address = "/staff/feedback/new/"
    assert signed_in(make_regular()).post(address, sent).status_code == 404
    client = signed_in(make_moderator())
    assert client.post(address, {**sent, "channel": "form"}).status_code == 422
    assert client.post(address, sent).headers["Location"] == address
    assert "The strap broke" in client.get(address).text


# --- who learns what --------------------------------------------------------------------------


def test_those_who_told_the_same_learn_its_end_once_and_no_private_title() -> None:
    original = make_feedback(is_public=False, title="A secret of mine")
    duplicate, too = make_feedback(), make_fan()
    step(duplicate, "duplicate", duplicate_of=original)
    step(original, "resolved")
    assert told_of("feedback_shared_ended") == {duplicate.reporter_id}
    public = make_feedback()
    actions.say_me_too(item=public, fan=too, at=NOW)
    step(public, "declined", answer="As it should be.")
    assert told_of("feedback_shared_ended") == {duplicate.reporter_id, too.pk}
    assert duplicate.reporter is not None
    inbox = signed_in(duplicate.reporter).get("/me/inbox/").text
    assert "and others too, is now: resolved" in inbox
    assert "A secret of mine" not in inbox
    page = signed_in(duplicate.reporter).get(f"/feedback/{duplicate.pk}/").text
    assert "A secret of mine" not in page
    assert "is now: resolved" in page


def test_nobody_beside_means_no_event() -> None:
    step(make_feedback(), "resolved")
    assert not Event.objects.filter(kind="feedback_shared_ended").exists()


# --- out of private into public ---------------------------------------------------------------


def test_a_private_report_becomes_a_wish_once_its_reporter_made_it_public() -> None:
    wish()  # a board for wishes
    item = make_feedback(
        is_public=False, reporter=make_regular(), words="I wake up too late by it."
    )
    assert item.reporter is not None
    asked: dict[str, Any] = {"item": item, "actor": make_staff(), "words": "May we?", "at": LATER}
    assert [actions.ask_to_publish(**asked), actions.ask_to_publish(**asked)] == [True, False]
    assert Notice.objects.get().fan == item.reporter
    client = signed_in(item.reporter)
    assert "May we?" in client.get(f"/feedback/{item.pk}/").text
    client.post(f"/feedback/{item.pk}/publication/")
    client.post(f"/feedback/{item.pk}/publication/withdrawal/")
    client.post(f"/feedback/{item.pk}/publication/")
    item.refresh_from_db()
    assert item.is_public
    made = actions.make_request(
        item=item, title="A louder alarm at night", actor=make_staff(), at=LATER
    )
    assert made.author == item.reporter
    with pytest.raises(actions.BecameRequest):
        actions.keep_private(item=item, reporter=item.reporter, at=LATER)


def test_nobody_makes_public_what_another_said_and_first_words_wait() -> None:
    """A1."""
    item = make_feedback(is_public=False)
    assert item.reporter is not None
    with pytest.raises(actions.NotTheirs):
        actions.make_public(item=item, reporter=make_fan(), at=NOW)
    assert actions.make_public(item=item, reporter=item.reporter, at=NOW) is True
    item.refresh_from_db()
    assert item.hidden_at == NOW
    with pytest.raises(actions.NobodyToAsk):
        actions.ask_to_publish(item=recorded(make_staff()), actor=make_staff(), words="?", at=NOW)


# --- known problems ---------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_known_problems_cost_the_same_for_any_number(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make_feedback()
    client = Client()
    client.get("/feedback/")
    with django_assert_num_queries(2):
        page = client.get("/feedback/").text
    assert page.count("thread-row-title") == rows


def test_known_problems_are_public_ones_alone_the_most_affected_first() -> None:
    fan = make_fan()
    few = make_feedback(reporter=fan, me_too_count=1)
    make_feedback(reporter=fan, is_public=False)
    make_feedback(reporter=fan, hidden_at=NOW)
    solved = make_feedback(reporter=fan, state="verified")
    many = make_feedback(reporter=fan, me_too_count=9)
    client = signed_in(fan)
    for query, wanted in {
        "": [many, few],
        "?sort=newest": [many, few],
        "?state=solved": [solved],
        "?product=%00&state=x&after=99999999999999999999": [many, few],
    }.items():
        found = client.get(f"/feedback/{query}").context["items"]
        assert [item.pk for item in found] == [item.pk for item in wanted], query
