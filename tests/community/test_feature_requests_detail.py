"""The page of one wish: what it says, and what the company does with it there."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from community.feature_requests import actions
from community.feature_requests.desk import together
from community.feature_requests.models import (
    FeatureRequest,
    OfflineSupport,
    Status,
    StoryStep,
    Vote,
)
from community.products.models import Tag, Team
from community.threads import actions as threads
from community.threads.models import State
from fans import clock
from fans.accounts.models import Fan
from fans.audit.models import AuditEntry
from tests.community.feature_requests import (
    count,
    fresh,
    make_request,
    merge,
    move,
    ship,
    undo,
    vote,
    walk,
)
from tests.factories import NOW, make_fan, make_moderator, make_place, make_staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def page(client: Client, wish: FeatureRequest) -> str:
    return client.get(fresh(wish).get_absolute_url()).text


def record(wish: FeatureRequest, **fields: Any) -> OfflineSupport:
    wanted: dict[str, Any] = {"channel": "hotline", "count": 7, "submission_key": "key-1"}
    wanted |= {"actor": fields.pop("actor", None) or make_staff(), "at": NOW}
    return actions.record_offline_support(feature_request=wish, **{**wanted, **fields})


# --- What it says ------------------------------------------------------------------------------


def test_the_busiest_page_stays_within_twelve_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """P14: staff see the desk besides."""
    wish, staff = make_request(status=Status.IN_TESTING), make_staff()
    merge(make_request(), wish)
    record(wish, actor=staff)
    client.force_login(staff)
    address = fresh(wish).get_absolute_url()
    client.get(address)
    with django_assert_num_queries(STAFF_QUERIES):
        client.get(address)


STAFF_QUERIES = 12


def test_it_says_by_when_an_answer_is_owed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    wish = make_request(votes=2)
    assert "No answer yet." in page(client, wish)
    vote(wish, make_fan())
    monkeypatch.setattr(clock, "now", lambda: NOW)
    assert "1 Dec 2026" in page(client, wish)
    monkeypatch.setattr(clock, "now", lambda: NOW + 30 * DAY)
    assert 'href="/requests/overdue/"' in page(client, wish)
    move(wish, Status.NEEDS_INFO)
    assert "owes an answer" not in page(client, wish)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.DECLINED, "the team can open it again"),
        (Status.CLOSED_STALE, "stayed open for 30 days"),
        (Status.SHIPPED, "It does not work? Tell us."),
        (Status.WITHDRAWN, "Ask for it yourself"),
    ],
)
def test_an_end_says_what_can_be_done_now(status: Status, words: str, client: Client) -> None:
    wish = make_request()
    FeatureRequest.objects.filter(pk=wish.pk).update(status=status)
    assert words in page(client, wish)


def test_a_merged_wish_leads_on_and_says_that_the_vote_counts_there(client: Client) -> None:
    wish, double, fan = make_request(), make_request(), make_fan()
    vote(double, fan)
    merge(double, wish)
    client.force_login(fan)
    text = page(client, double)
    assert wish.get_absolute_url() in text
    assert "Your vote counts there." in text


def test_a_merged_wish_does_not_name_one_that_was_hidden_since(client: Client) -> None:
    """R2, on the page and in the notice of its author."""
    wish, double = make_request(title="A clock that nobody may see"), make_request()
    merge(double, wish)
    threads.hide(post=wish.thread.posts.get(), by=make_moderator(), at=NOW)
    client.force_login(double.author)
    assert "nobody may see" not in page(client, double)
    assert "nobody may see" not in client.get("/me/inbox/").text


def test_the_timeline_tells_a_moved_promise_with_its_reason(client: Client) -> None:
    wish, staff = make_request(status=Status.UNDER_REVIEW), make_staff()
    move(wish, Status.PLANNED, promised_for="2026-W50", actor=staff)
    actions.promise(
        feature_request=wish, week="2026-W51", reason="The parts are late.", actor=staff, at=NOW
    )
    text = page(client, wish)
    assert "promised for 14–20 Dec 2026, moved from 7–13 Dec 2026" in text
    assert "The parts are late." in text
    assert staff.display_name not in text


def test_voters_are_a_number_and_voices_stand_apart(client: Client) -> None:
    """A4, F3."""
    wish, voter = make_request(), make_fan(display_name="Nobody Sees Me")
    vote(wish, voter)
    record(wish, count=7)
    record(wish, channel="room", count=5, submission_key="key-2", source="folder 12")
    wish.tags.add(Tag.objects.create(name="battery", slug="battery"))
    client.force_login(make_fan())
    text = page(client, wish)
    assert "+ 12 voices offline" in text
    assert "by telephone 7, in a room 5" in text
    assert 'href="/requests/?tag=battery"' in text
    assert "Nobody Sees Me" not in text
    assert "folder 12" not in text


def test_what_was_said_of_a_merged_wish_is_read_and_stays_where_it_was(client: Client) -> None:
    wish, double = make_request(), make_request()
    post = threads.reply(
        thread=double.thread,
        author=double.author,
        source="Mine is the model of last year.",
        submission_key=None,
        at=NOW,
    )
    merge(double, wish)
    assert "Mine is the model of last year." in page(client, wish)
    undo(double)
    assert "Mine is the model of last year." not in page(client, wish)
    assert post.thread_id == double.thread_id


def test_a_removed_wish_is_gone_and_a_hidden_one_missing(client: Client) -> None:
    removed, waiting = make_request(), make_request(waiting=True)
    threads.remove(post=removed.thread.posts.get(), by=make_moderator(), rule="spam", at=NOW)
    assert client.get(f"/requests/{removed.pk}/").status_code == 410
    assert client.get(f"/requests/{waiting.pk}/").status_code == 404
    assert client.get("/requests/987654/").status_code == 404
    assert fresh(waiting).thread.state == State.WAITING


# --- The desk ----------------------------------------------------------------------------------


def test_what_is_missing_is_said_beside_its_field_and_the_words_stay(client: Client) -> None:
    wish = make_request()
    client.force_login(make_staff())
    sent = {"became": "declined", "response": "We looked at it with care."}
    answer = client.post(f"/requests/{wish.pk}/status/", sent)
    assert answer.status_code == 422
    assert answer.context["status_form"].errors == {"reason": ["Give the reason."]}
    assert "We looked at it with care." in answer.text
    assert fresh(wish).status == Status.SUBMITTED
    client.post(f"/requests/{wish.pk}/status/", {**sent, "reason": "It would drain the battery."})
    client.force_login(wish.author)
    assert "It would drain the battery." in page(client, wish)


def test_nobody_is_told_of_a_step_that_nobody_chose(client: Client) -> None:
    wish = make_request()
    client.force_login(make_staff())
    sent = {"became": "", "response": "Thank you for the idea."}
    answer = client.post(f"/requests/{wish.pk}/status/", sent)
    assert answer.context["status_form"].errors == {"became": ["Choose one."]}
    assert fresh(wish).status == Status.SUBMITTED


def test_a_promise_is_named_and_moved_on_the_page(client: Client) -> None:
    wish = make_request(status=Status.PLANNED)
    client.force_login(make_staff())
    address = f"/requests/{wish.pk}/promise/"
    weeks = [
        week
        for week, _ in client.get(fresh(wish).get_absolute_url())
        .context["promise_form"]["week"]
        .field.choices
    ]
    assert client.post(address, {"week": "1999-W01"}).status_code == 422
    client.post(address, {"week": weeks[3]})
    moved = client.post(address, {"week": weeks[5]})
    assert moved.context["promise_form"].errors == {"reason": ["Give the reason."]}
    client.post(address, {"week": weeks[5], "reason": "The parts are late."})
    assert fresh(wish).promised_for == weeks[5]


def test_a_team_is_named_and_taken_off_again(client: Client) -> None:
    wish, team = make_request(), Team.objects.create(name="Alarm", slug="alarm")
    client.force_login(make_moderator())
    address = f"/requests/{wish.pk}/team/"
    for _ in range(2):
        client.post(address, {"team": team.pk})
    assert fresh(wish).team == team
    assert AuditEntry.objects.filter(verb="wish assigned").count() == 1
    client.post(address, {"team": ""})
    assert fresh(wish).team is None
    assert client.post(address, {"team": "77"}).status_code == 422


def test_an_answer_of_somebody_else_leaves_the_team_in_charge() -> None:
    alarm, other = (Team.objects.create(name=name, slug=name) for name in ("alarm", "other"))
    wish, staff = make_request(), make_staff()
    other.members.add(staff)
    actions.assign_team(feature_request=wish, team=alarm, actor=staff, at=NOW)
    change = move(wish, Status.NEEDS_INFO, actor=staff)
    assert (change.team, fresh(wish).team) == (other, alarm)
    alarm.members.add(staff)
    assert move(wish, Status.NEEDS_INFO, actor=staff) is None
    walked = move(make_request(), Status.NEEDS_INFO, actor=staff)
    assert walked.team == alarm


def test_merging_looks_for_the_other_and_shows_the_sum_first(client: Client) -> None:
    wish, double = make_request(votes=3), make_request(votes=1)
    for fan in [each.fan for each in Vote.objects.filter(feature_request=wish)[:2]]:
        vote(double, fan)
    client.force_login(make_moderator())
    address = f"/requests/{double.pk}/merge/"
    preview = client.get(address, {"q": f"#{wish.pk}"})
    assert "3 + 3, 2 in common → 4" in preview.text
    assert together(fresh(double), fresh(wish)).common == 2
    assert count(wish) == 3  # looking changes nothing
    assert client.get(address, {"q": f"#{double.pk}"}).context["is_none"]
    rows = client.get(address, {"q": "louder alarm"}).context["rows"]
    assert double.pk not in {row.pk for row in rows}
    client.post(address, {"target": str(wish.pk)})
    assert count(wish) == 4


@pytest.mark.parametrize("status", [Status.SHIPPED, Status.DECLINED, Status.WITHDRAWN])
def test_what_has_ended_is_neither_merged_nor_counted_offline(
    status: Status, client: Client
) -> None:
    wish, other = make_request(), make_request()
    FeatureRequest.objects.filter(pk=wish.pk).update(status=status)
    client.force_login(make_staff())
    assert client.post(f"/requests/{wish.pk}/merge/", {"target": other.pk}).status_code == 422
    with pytest.raises(actions.VotingClosed):
        record(wish)


def test_fans_have_no_desk(client: Client) -> None:
    wish = make_request()
    client.force_login(make_fan())
    for noun in ("status", "notes", "merge", "promise", "team", "voices"):
        assert client.post(f"/requests/{wish.pk}/{noun}/").status_code == 404
    assert client.get(f"/requests/{wish.pk}/merge/").status_code == 404


# --- Voices heard offline ----------------------------------------------------------------------


def voices(**fields: Any) -> dict[str, Any]:
    return {"channel": "paper", "count": "9", "submission_key": "form-key-1", **fields}


def test_voices_are_written_down_once_and_taken_out_again(client: Client) -> None:
    """F3, C3."""
    wish, staff, place = make_request(votes=2), make_staff(), make_place()
    client.force_login(staff)
    address = f"/requests/{wish.pk}/voices/"
    sent = voices(place=place.label, source="folder 12")
    for _ in range(2):
        answer = client.post(address, sent, follow=True)
    support = OfflineSupport.objects.get()
    assert (support.count, support.place, support.source) == (9, place, "folder 12")
    assert (support.recorded_by, fresh(wish).offline_count, count(wish)) == (staff, 9, 2)
    withdrawal = f"{address}{support.pk}/withdrawal/"
    assert f'action="{withdrawal}"' in answer.text
    for _ in range(2):
        client.post(withdrawal)
    assert fresh(wish).offline_count == 0
    assert not StoryStep.objects.filter(feature_request=wish, kind="paper").exists()
    verbs = AuditEntry.objects.filter(subject=wish.subject).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        *("offline voices recorded", "offline voices withdrawn")
    ]


@pytest.mark.parametrize(
    "wrong", [{"count": "0"}, {"count": "5001"}, {"count": ""}, {"channel": "pigeon"}]
)
def test_a_wrong_number_is_said_and_counts_nothing(wrong: dict[str, str], client: Client) -> None:
    wish = make_request()
    client.force_login(make_moderator())
    sent = voices(source="folder 12", **wrong)
    answer = client.post(f"/requests/{wish.pk}/voices/", sent)
    assert (answer.status_code, fresh(wish).offline_count) == (422, 0)
    assert escape("folder 12") in answer.text


def test_nobody_writes_voices_down_for_their_own_wish() -> None:
    moderator = make_moderator()
    with pytest.raises(actions.NotAllowed):
        record(make_request(author=moderator), actor=moderator)
    with pytest.raises(actions.NotAllowed):
        record(make_request(), actor=make_fan())


def test_no_voices_at_all_are_refused_by_the_database() -> None:
    wish = make_request()
    with pytest.raises(IntegrityError), transaction.atomic():
        OfflineSupport.objects.create(feature_request=wish, count=0, key="x", recorded_at=NOW)


def test_voices_follow_a_merge_and_its_undo() -> None:
    wish, double = make_request(), make_request()
    own, other = record(wish, count=2), record(double, count=5)
    merge(double, wish)
    assert fresh(wish).offline_count == 7
    late = record(double, count=3, submission_key="key-2")  # counted where it is shown
    assert (late.feature_request_id, fresh(wish).offline_count) == (wish.pk, 10)
    actions.withdraw_offline_support(support=other, actor=make_staff(), at=NOW)
    assert fresh(wish).offline_count == 5
    undo(double)
    assert (fresh(wish).offline_count, fresh(double).offline_count) == (5, 0)
    assert own.feature_request_id == wish.pk


def test_the_same_batch_counts_once_though_its_wish_was_merged_meanwhile() -> None:
    wish, double = make_request(), make_request()
    for _ in range(2):
        actions.add_offline_support(feature_request=double, count=4, at=NOW, key="batch:1")
        merge(double, wish)
    assert fresh(wish).offline_count == 4


# --- Standing again ----------------------------------------------------------------------------


def test_votes_stand_again_without_those_who_left_meanwhile() -> None:
    """F7, F9: frozen while it had shipped, exact when it opens."""
    wish, stays, leaves, sleeps = make_request(), make_fan(), make_fan(), make_fan()
    vote(wish, stays, leaves, sleeps)
    ship(walk(wish, Status.PLANNED))
    Fan.objects.get_queryset().filter(pk=leaves.pk).update(banned_at=NOW)
    Fan.objects.get_queryset().filter(pk=sleeps.pk).update(suspended_until=NOW + 3 * DAY)
    assert count(wish) == 3
    actions.unship(feature_request=wish, reason="It burns.", actor=make_staff(), at=NOW)
    assert count(wish) == 1
    left = Vote.objects.filter(feature_request=wish).order_by("fan")
    assert list(left.values_list("fan", flat=True)) == [stays.pk, sleeps.pk]
