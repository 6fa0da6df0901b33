"""The desk of the weeks: one next step, the words, the answers, Monday's board (spec §6)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from community.feature_requests.models import FeatureRequest, Status
from community.fridays.actions import pick, sweep_cycle
from community.fridays.actions.wishing import asking_key
from community.fridays.models import Cycle, CycleState, Quotation, ReleaseState
from community.fridays.times import snapshot_at
from fans import clock
from fans.accounts.models import Fan
from fans.audit.models import AuditEntry
from fans.notifications.models import Event
from tests.community import feature_requests as wishes
from tests.community.fridays import BEFORE, make_cycle, make_draft, on_the_way
from tests.community.weeks import (
    LATE_CLOSES,
    PUBLISH,
    TUESDAY,
    items_of,
    open_week,
    send,
)
from tests.factories import BoardFactory, make_fan, make_staff

pytestmark = pytest.mark.django_db

SOON = timedelta(minutes=5)
HOT = "It gets hot at noon."


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the clock of views."""

    def it_is(at: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    it_is(BEFORE)
    return it_is


def signed_in(fan: Fan | None = None) -> Client:
    client = Client()
    client.force_login(fan or make_staff())
    return client


def sweep(cycle: Cycle, at: datetime) -> None:
    """As the worker does: due steps until nothing is."""
    while sweep_cycle(cycle_id=cycle.pk, at=at):
        pass
    cycle.refresh_from_db()


def counted(reports: int = 6, **fields: Any) -> Cycle:
    cycle = open_week(snapshot_at=snapshot_at(PUBLISH.date() - timedelta(days=7)))
    first = items_of(cycle)[0]
    for _ in range(reports):
        send(cycle, **{"not_good": (first.pk,), "not_good_why": HOT, **fields})
    sweep(cycle, LATE_CLOSES)
    return cycle


def next_step(client: Client, cycle: Cycle) -> str:
    """The one there is; U-T8 fails with two."""
    page = client.get(f"/staff/fridays/{cycle.pk}/").text
    [_, step] = page.split('class="card is-soft due-step"')
    return step[: step.index("</section>")]


def test_every_moment_of_a_week_has_one_next_step(now: Any) -> None:
    """U-T8: 0 hidden steps."""
    cycle, client = make_cycle(), signed_in()
    assert "Write down what the build of the week brings." in next_step(client, cycle)
    wish = wishes.make_request(product=cycle.product, votes=5)
    release = make_draft(cycle, wish, notes="")
    assert "Still missing: the notes." in next_step(client, cycle)
    type(release).objects.update(notes="What is new.", state=ReleaseState.READY)
    said = next_step(client, cycle)
    assert "these wishes are not on the way" in said
    assert wish.title in said
    on_the_way(wish)
    assert "is ready and goes out by itself." in next_step(client, cycle)
    for at, words in (
        (cycle.release_target_at, "Three days after the release day"),
        (snapshot_at(cycle.friday), "Choose the wishes of the week"),
    ):
        now(at + SOON)
        sweep(cycle, at)
        assert words in next_step(client, cycle)
    other = wishes.make_request(product=cycle.product)
    pick(cycle=cycle, feature_request=other, actor=make_staff(), at=snapshot_at(cycle.friday))
    assert "1 chosen wish waits for your written answer" in next_step(client, cycle)
    address = f"/staff/fridays/{cycle.pk}/plans/{other.pk}/"
    client.post(address, {"response": "We begin in May."})
    other.refresh_from_db()
    assert other.status == Status.PLANNED
    assert "Nothing to do." in next_step(client, cycle)


def test_of_a_skipped_week_the_choice_is_still_made(now: Any) -> None:
    """O8: the vote board is kept on Monday all the same."""
    cycle, client = make_cycle(), signed_in()
    client.post(f"/staff/fridays/{cycle.pk}/skipping/", {"reason": "We rest."})
    assert "This week is skipped: We rest." in next_step(client, cycle)
    now(snapshot_at(cycle.friday) + SOON)
    sweep(cycle, snapshot_at(cycle.friday))
    assert "Choose the wishes of the week" in next_step(client, cycle)
    assert "Choose the wishes of the week" in client.get("/staff/fridays/").text
    now(cycle.publish_at + SOON)
    assert cycle.week not in client.get("/staff/fridays/").text


def test_a_counted_week_is_looked_at_answered_and_goes_out(now: Any) -> None:
    cycle, client = counted(), signed_in()
    pick(
        cycle=cycle,
        feature_request=on_the_way(wishes.make_request(product=cycle.product)),
        actor=make_staff(),
        at=LATE_CLOSES,
    )
    now(LATE_CLOSES + SOON)
    desk = f"/staff/fridays/{cycle.pk}/"
    assert "Look at them, and say that you did." in next_step(client, cycle)
    client.post(f"{desk}review/")
    assert "0 of the 1 biggest complaints are answered." in next_step(client, cycle)
    client.post(f"{desk}answers/", {"item": items_of(cycle)[0].pk, "words": "We mend it."})
    assert "6 people who reported are told." in next_step(client, cycle)
    client.post(f"{desk}hold/", {"reason": " "})
    client.post(f"{desk}hold/", {"reason": "A number looks wrong."})
    assert "held back: A number looks wrong." in next_step(client, cycle)
    now(PUBLISH + SOON)
    sweep(cycle, PUBLISH + SOON)
    assert "delayed" in client.get("/staff/fridays/").text
    client.post(f"{desk}correction/", {"reason": "A late paper form."})
    client.post(f"{desk}hold/withdrawal/")
    cycle.refresh_from_db()
    assert cycle.state == CycleState.PUBLISHED
    assert cycle.weekly_reports.count() == 2
    assert "Nothing to do." in next_step(client, cycle)


def test_nobody_reads_a_word_before_the_count_and_then_it_is_in_the_log(now: Any) -> None:
    cycle, staff = open_week(), make_staff()
    client, report = signed_in(staff), send(cycle, not_good_why=HOT)
    now(TUESDAY)
    address = f"/staff/fridays/{cycle.pk}/words/"
    client.post(f"{address}opening/")
    assert HOT not in client.get(address).text
    sweep(cycle, LATE_CLOSES)
    now(LATE_CLOSES + SOON)
    assert HOT not in client.get(address).text
    client.post(f"{address}opening/")
    client.post(f"{address}opening/")
    page = client.get(address).text
    assert HOT in page
    assert report.fan.display_name not in page
    assert report.fan.handle not in page
    assert AuditEntry.objects.filter(verb="report words opened", actor=staff).count() == 1


def test_words_are_found_by_grid_item_severity_and_search(now: Any) -> None:
    cycle, client = counted(1, not_good_severity="S2", not_good_frequency="Q1"), signed_in()
    now(LATE_CLOSES + SOON)
    address = f"/staff/fridays/{cycle.pk}/words/"
    client.post(f"{address}opening/")
    first, second, _ = items_of(cycle)
    for query, is_found in {
        f"item={first.pk}&severity=S2&frequency=Q1&q=HOT": True,
        f"item={second.pk}": False,
        "severity=S1": False,
        "frequency=Q2": False,
        "q=cold": False,
        "area=rain": False,
        "grid=loved": False,
        "grid=need": False,
        "item=99999999999999999999&severity=S9&after=99999999999999999999&q=%00": True,
    }.items():
        assert (query, HOT in client.get(f"{address}?{query}").text) == (query, is_found)


def test_a_sentence_is_quoted_taken_back_by_its_fan_and_put_back(now: Any) -> None:
    """O7."""
    cycle, client = counted(1), signed_in()
    report = cycle.reports.select_related("fan").get()
    now(PUBLISH + SOON)
    sweep(cycle, PUBLISH)
    client.post(f"/staff/fridays/{cycle.pk}/words/opening/")
    desk = f"/staff/fridays/{cycle.pk}/quotations/"
    for wrong in ({"report": 2**40, "grid": "loved", "words": "x"}, {"report": report.pk}):
        assert client.post(desk, wrong).status_code == 302
    refused = client.post(desk, {"report": report.pk, "grid": "loved", "words": "Fast."})
    assert not Quotation.objects.exists()
    assert refused.status_code == 302
    client.post(desk, {"report": report.pk, "grid": "not_good", "words": "It gets hot"})
    made = Quotation.objects.get()
    address = f"/quotations/{made.pk}/"
    assert signed_in(make_fan()).post(f"{address}withdrawal/").status_code == 404
    owner = signed_in(report.fan)
    answer = owner.post(f"{address}withdrawal/", follow=True)
    assert f"{address}restoration/" in answer.text
    refused = client.post(f"{address}restoration/", follow=True)
    assert "only who took it back can change it" in refused.text
    owner.post(f"{address}restoration/")
    assert Quotation.objects.standing().exists()


def test_an_answer_without_words_comes_back(now: Any) -> None:
    cycle, client = counted(), signed_in()
    desk = f"/staff/fridays/{cycle.pk}/"
    item = items_of(cycle)[0].pk
    assert client.post(f"{desk}answers/", {"item": item, "words": " "}).status_code == 422
    long = client.post(f"{desk}answers/", {"item": item, "words": "x" * 2001})
    assert (long.status_code, "x" * 2001 in long.text) == (422, True)
    client.post(f"{desk}answers/", {"item": item, "words": "*We* mend it."})
    assert "<em>We</em> mend it." in client.get(f"{desk}complaints/").text
    answer = cycle.answers.get()
    client.post(f"{desk}answers/{answer.pk}/withdrawal/")
    assert not cycle.answers.exists()


def test_a_need_is_made_a_wish_or_its_fan_is_asked(now: Any) -> None:
    BoardFactory.create(slug="requests")
    cycle, client = counted(1, quoting="named", new_need="A torch with gloves"), signed_in()
    now(LATE_CLOSES + SOON)
    desk, report = f"/staff/fridays/{cycle.pk}/", cycle.reports.get()
    client.post(f"{desk}words/opening/")
    client.post(f"{desk}requests/asking/", {"report": report.pk})
    sent = {"report": report.pk, "title": "A torch with gloves"}
    answer = client.post(f"{desk}requests/?grid=need", sent, follow=True)
    assert "“A torch with gloves” is a wish now" in answer.text
    assert "a wish now" in client.get(f"{desk}words/?grid=need").text


@pytest.mark.parametrize(
    ("made_by", "quoting"),
    [("quotations", "unnamed"), ("requests", "named"), ("requests/asking", "unnamed")],
)
def test_nobody_makes_something_of_words_they_did_not_say_they_read(
    now: Any, made_by: str, quoting: str
) -> None:
    """Another's line in the log is not theirs."""
    BoardFactory.create(slug="requests")
    cycle, client = counted(1, quoting=quoting, new_need="A torch with gloves"), signed_in()
    now(LATE_CLOSES + SOON)
    desk, report = f"/staff/fridays/{cycle.pk}/", cycle.reports.get()
    signed_in().post(f"{desk}words/opening/")
    sent = {"report": report.pk, "grid": "not_good", "words": HOT, "title": "A torch with gloves"}

    def made() -> int:
        asked = Event.objects.filter(key=asking_key(report.pk))
        return Quotation.objects.count() + FeatureRequest.objects.count() + asked.count()

    answer = client.post(f"{desk}{made_by}/?grid=need", sent, follow=True)
    assert (made(), "Read the words" in answer.text) == (0, True)
    client.post(f"{desk}words/opening/")
    client.post(f"{desk}{made_by}/?grid=need", sent)
    assert made() == 1


def test_the_board_is_seen_through_any_lens_and_ahead_of_monday(now: Any) -> None:
    """The lens: «#1 → –» where fewer than five see it so."""
    cycle, client = make_cycle(), signed_in()
    late = wishes.make_request(product=cycle.product, votes=6)
    type(late).objects.update(answer_due_at=BEFORE - SOON)
    address = f"/staff/fridays/{cycle.pk}/planning/"
    assert "A look ahead" in client.get(address).text
    sweep_cycle(cycle_id=cycle.pk, at=snapshot_at(cycle.friday))
    now(snapshot_at(cycle.friday))
    page = client.get(f"{address}?lens=without_busiest").text
    assert "A look ahead" not in page
    assert late.title in page
    assert "answer overdue" in page
    assert late.title not in client.get(f"{address}?lens=newcomers").text
    client.post(f"/staff/fridays/{cycle.pk}/picks/{late.pk}/")
    assert late.title in client.get(f"{address}?lens=newcomers").text  # what is chosen stays
    assert client.get(f"{address}?lens=%00").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_costs_the_same_for_one_and_three(now: Any, count: int) -> None:
    client = signed_in()
    for weeks_ago in range(count):
        cycle = open_week(weeks_ago=weeks_ago)
        for _ in range(count):
            send(cycle, at=TUESDAY - timedelta(weeks=weeks_ago), not_good_why=HOT)
            wishes.make_request(product=cycle.product, votes=1)
        sweep(cycle, LATE_CLOSES - timedelta(weeks=weeks_ago))
    now(LATE_CLOSES + SOON)
    desk = f"/staff/fridays/{cycle.pk}/"
    client.post(f"{desk}words/opening/")
    expected = {
        "/staff/fridays/": 11,
        desk: 12,
        f"{desk}words/": 9,
        f"{desk}words/?grid=need": 7,
        f"{desk}planning/": 7,
        f"{desk}complaints/": 5,
    }
    assert {path: cost(client, path) for path in expected} == expected


def cost(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)
