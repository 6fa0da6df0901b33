"""The desk says what is due (ux §7 E)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from community.feature_requests.models import FeatureRequest, Status
from community.fridays.models import Cycle, CycleState
from community.threads.models import State, ThreadKind
from config import staff
from events.meetups import actions
from fans import clock
from fans.tiers.models import Nomination, NominationState, TierRun
from tests.community.feature_requests import make_request
from tests.community.fridays import make_cycle
from tests.events.meetups import make_draft
from tests.factories import (
    NOW,
    make_admin,
    make_batch,
    make_fan,
    make_feedback,
    make_moderator,
    make_post,
    make_staff,
    make_thread,
)

pytestmark = pytest.mark.django_db


def counts_of(page: Any) -> dict[str, int]:
    return {str(duty.kind.title): duty.count for duty in page.context["duties"]}


def test_the_desk_counts_what_waits(client: Client) -> None:
    long_ago = clock.now() - timedelta(hours=25)
    for _ in range(2):
        make_thread(kind=ThreadKind.QUESTION, created_at=long_ago)
    make_thread(kind=ThreadKind.QUESTION, created_at=clock.now())
    make_post(make_thread(), state=State.WAITING)
    client.force_login(make_staff())
    page = client.get("/staff/")
    assert counts_of(page) == {
        "Questions without an answer for a day": 2,
        "Posts that wait": 1,
    }
    assert len(page.context["duties"]) + len(page.context["done"]) == len(staff.KINDS)


def test_what_every_room_owes_is_due_and_leads_to_its_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = make_request(votes=3)
    silent = make_request(status=Status.PLANNED)
    FeatureRequest.objects.filter(pk=silent.pk).update(progress_at=NOW)
    make_feedback()
    make_feedback(answer_due_at=NOW + timedelta(days=60))
    make_feedback(hidden_at=NOW, answer_due_at=NOW + timedelta(days=60))
    make_batch(handed_in_at=NOW)
    make_batch()  # still open
    counted, to_come = make_cycle(), make_cycle()
    Cycle.objects.filter(pk=counted.pk).update(state=CycleState.FROZEN, frozen_at=NOW)
    Cycle.objects.filter(pk=to_come.pk).update(release_target_at=NOW + timedelta(days=32))
    actions.submit(meetup=(plan := make_draft()), by=plan.organiser, at=NOW)
    TierRun.objects.create(week="2026-W47", due_at=NOW, ran_at=NOW, held_at=NOW)
    nominee, nominator, reader = make_fan(), make_fan(), make_staff()
    for number, by in enumerate((nominator, reader)):
        Nomination.objects.create(
            nominee=nominee if number == 0 else make_fan(),
            nominator=by,
            statement="Finds what nobody finds.",
            state=NominationState.UNDER_REVIEW,
            state_at=NOW,
            created_at=NOW,
        )
    monkeypatch.setattr("fans.clock.now", lambda: NOW + timedelta(days=30))
    client.force_login(reader)
    page = client.get("/staff/")
    assert counts_of(page) == {
        "First answers to wishes that are late": 1,
        "Plans without a word for 28 days": 1,
        "Feedback to sort": 3,
        "Feedback that should be answered by now": 1,
        "Feedback nobody has looked at before it is shown": 1,
        "Paper forms to be accepted": 1,
        "Builds due within three days, not ready": 1,
        "Counted weeks nobody has looked at before they go out": 1,
        "Meetups to approve": 1,
        "Tier runs that are held": 1,
        "Nominations to review": 1,  # not the one by the reader
    }
    text = page.content.decode()
    for wish in (late, silent):
        assert f'href="{wish.get_absolute_url()}"' in text
    for kind in staff.KINDS:
        assert client.get(reverse(kind.route) + kind.query).status_code == 200


def test_a_desk_with_nothing_on_it_says_so(client: Client) -> None:
    client.force_login(make_staff())
    assert "All clear, thank you." in client.get("/staff/").content.decode()


def test_what_waits_is_counted_to_a_hundred(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.staff.COUNTED_TO", 1)
    thread = make_thread()
    for _ in range(3):
        make_post(thread, state=State.WAITING)
    client.force_login(make_staff())
    assert "<strong>1+</strong>" in client.get("/staff/").content.decode()


def test_one_count_that_fails_leaves_the_others(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("community.moderation.models.CaseQuerySet.open", lambda rows: 1 / 0)
    client.force_login(make_staff())
    page = client.get("/staff/").content.decode()
    assert page.count("not known just now") == 1


@pytest.mark.parametrize("make", [make_fan, make_moderator])
def test_the_desk_is_for_staff(client: Client, make: object) -> None:
    client.force_login(make())  # type: ignore[operator]
    assert client.get("/staff/").status_code == 404


def test_the_desk_costs_few_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(make_admin())
    client.get("/staff/")
    with django_assert_num_queries(1 + len(staff.KINDS)):  # the reader, and each count
        client.get("/staff/")
