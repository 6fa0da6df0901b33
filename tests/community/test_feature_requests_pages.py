"""The pages of wishes, as somebody uses them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community.feature_requests import actions, digest, metrics, tasks
from community.feature_requests.models import FeatureRequest, Status, Vote
from community.feature_requests.notices import RequestShipped
from community.feature_requests.personal_data import erase, export, withdraw
from community.feature_requests.profile import recent_requests
from community.threads import actions as threads
from community.threads.models import State
from fans import clock
from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because
from fans.notifications.models import Event
from tests.community.feature_requests import (
    PROBLEM,
    count,
    fresh,
    make_request,
    merge,
    move,
    ship,
    vote,
    walk,
)
from tests.community.threads import make_regular
from tests.factories import NOW, ProductFactory, make_fan, make_moderator, make_staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def signed_in(client: Client, fan: Fan | None = None) -> Fan:
    fan = fan or make_fan()
    client.force_login(fan)
    return fan


def titles(page: Any) -> list[str]:
    return [row.title for row in page.context["rows"]]


# --- One wish --------------------------------------------------------------------------------


@pytest.mark.parametrize("replies", [1, 3])
def test_a_wish_costs_the_same_however_much_is_said(
    replies: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wish = make_request(status=Status.PLANNED)
    for number in range(replies):
        threads.reply(
            thread=wish.thread,
            author=make_regular(),
            source=f"I would like that too, for reason {number}.",
            submission_key=None,
            at=NOW,
        )
        merge(make_request(), wish)
    signed_in(client)
    address = fresh(wish).get_absolute_url()
    client.get(address)
    with django_assert_num_queries(DETAIL_QUERIES):
        page = client.get(address)
    assert len(page.context["replies"]) == replies
    assert len(page.context["co_requesters"]) == replies


DETAIL_QUERIES = 8


# --- Asking ----------------------------------------------------------------------------------


def form(**fields: Any) -> dict[str, Any]:
    return {
        "title": "A louder alarm",
        "problem": PROBLEM,
        "proposal": "Let it grow louder each minute.",
        "product": ProductFactory.create().pk,
        "stage": "design",
        "submission_key": "form-key-1",
        **fields,
    }


def test_a_wish_is_filed_with_its_thread_and_twice_is_once(client: Client) -> None:
    """C3."""
    signed_in(client, make_regular())
    sent = form()
    answers = [client.post("/requests/new/", sent) for _ in range(2)]
    wish = FeatureRequest.objects.get()
    assert {answer["Location"] for answer in answers} == {wish.get_absolute_url()}
    assert wish.thread.about_url == wish.get_absolute_url()
    assert wish.thread.posts.get().source.startswith(PROBLEM)
    assert wish.thread.board.kept_for == "requests"
    page = client.get(wish.get_absolute_url())
    assert "Let it grow louder each minute." in page.text


def test_a_newcomers_wish_waits_and_is_shown_to_them_alone(client: Client) -> None:
    """A1."""
    newcomer = signed_in(client, make_fan())
    client.post("/requests/new/", form())
    wish = FeatureRequest.objects.get(author=newcomer)
    assert wish.thread.state == State.WAITING
    assert client.get(wish.get_absolute_url()).status_code == 200
    client.force_login(make_fan())
    assert client.get(wish.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"title": "Short"}, {"problem": ""}, {"product": ""}, {"title": "闹钟响"}]
)
def test_what_is_missing_is_said_and_the_words_stay(wrong: dict[str, str], client: Client) -> None:
    signed_in(client)
    answer = client.post("/requests/new/", form(**wrong))
    assert (answer.status_code, FeatureRequest.objects.count()) == (422, 0)
    assert "Let it grow louder each minute." in answer.text


def test_four_han_characters_are_a_title(client: Client) -> None:
    signed_in(client, make_regular())
    assert client.post("/requests/new/", form(title="闹钟太轻")).status_code == 302


def test_a_look_for_the_same_files_nothing(client: Client) -> None:
    known = make_request(title="An alarm that is louder in the morning")
    signed_in(client)
    page = client.post("/requests/new/", form(preview="1"))
    assert page.status_code == 200
    assert [row.pk for row in page.context["similar"]] == [known.pk]
    assert FeatureRequest.objects.count() == 1


# --- Answering -------------------------------------------------------------------------------


def test_staff_answer_on_the_page(client: Client) -> None:
    wish = make_request(status=Status.UNDER_REVIEW)
    signed_in(client, make_staff())
    address = f"/requests/{wish.pk}/status/"
    missing = client.post(address, {"became": "planned"})
    assert missing.status_code == 422
    client.post(
        address, {"became": "planned", "response": "In **winter**.", "promised_for": "2026-W50"}
    )
    client.post(f"/requests/{wish.pk}/notes/", {"words": "The parts are here."})
    page = client.get(wish.get_absolute_url())
    assert "<strong>winter</strong>" in page.text
    assert "The parts are here." in page.text
    assert fresh(wish).status == Status.PLANNED


def test_moderators_merge_on_the_page_and_undo(client: Client) -> None:
    wish, double = make_request(votes=1), make_request(votes=1)
    signed_in(client, make_moderator())
    address = f"/requests/{double.pk}/merge/"
    assert client.post(address, {"target": "987654"}).status_code == 422
    assert client.post(address, {"target": f"#{double.pk}"}).status_code == 422
    client.post(address, {"target": f"http://testserver{wish.get_absolute_url()}"})
    assert count(wish) == 2
    assert wish.get_absolute_url() in client.get(double.get_absolute_url()).text
    client.post(f"{address}withdrawal/")
    assert (count(wish), count(double)) == (1, 1)


def test_fans_do_none_of_that(client: Client) -> None:
    wish = make_request()
    signed_in(client)
    for noun in ("status", "notes", "merge", "merge/withdrawal"):
        assert client.post(f"/requests/{wish.pk}/{noun}/").status_code == 404
    page = client.get(wish.get_absolute_url())
    assert 'id="desk"' not in page.text


def test_words_taken_away_are_on_no_page(client: Client) -> None:
    wish = make_request()
    post = wish.thread.posts.get()
    signed_in(client, wish.author)
    threads.edit_post(
        post=post,
        editor=wish.author,
        source="Only this is left of it.",
        title="An alarm that is loud enough",
        seen=threads.wording_of(post),
        at=NOW,
    )
    tasks.follow_edited_titles()
    wish = fresh(wish)
    page = client.get(wish.get_absolute_url())
    assert wish.title == "An alarm that is loud enough"
    assert "Only this is left of it." in page.text
    assert "thick duvet" not in page.text


def test_the_roadmap_shows_what_is_on_its_way_and_what_is_owed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_request(title="Seen on the road ahead", status=Status.PLANNED)
    done = make_request(title="Shipped on a Friday", status=Status.IN_TESTING)
    ship(done)
    late = make_request(votes=3)
    monkeypatch.setattr(clock, "now", lambda: NOW + 28 * DAY)
    page = client.get("/roadmap/")
    shown = {column.status: [w.title for w in column.wishes] for column in page.context["columns"]}
    assert shown[Status.PLANNED] == ["Seen on the road ahead"]
    assert shown[Status.SHIPPED] == ["Shipped on a Friday"]
    assert page.context["overdue_count"] == 2  # no answer, and a plan nobody spoke of
    assert late.title in client.get("/requests/overdue/").text
    monkeypatch.setattr(clock, "now", lambda: NOW + 43 * DAY)
    columns = client.get("/roadmap/").context["columns"]
    assert columns[-1].wishes == []


# --- What others are told --------------------------------------------------------------------


def test_everybody_it_concerns_is_told_once_of_a_shipping() -> None:
    """F6: author, co-requester and voters, each once, for the nearest reason."""
    fans = [make_fan() for _ in range(3)]
    wish, double = make_request(), make_request()
    vote(wish, *fans, double.author)
    vote(double, fans[0])
    merge(double, wish)
    ship(walk(wish, Status.PLANNED))
    event = Event.objects.get(kind="request_shipped")
    told = RequestShipped().recipients(event, 0, 100)
    expected = {fan.pk: "voter" for fan in fans}
    expected |= {wish.author_id: "author", double.author_id: "co_requester"}
    assert told == sorted(expected.items())
    chunks = [RequestShipped().recipients(event, after, 2) for after in (0, told[1][0], told[3][0])]
    assert [each for chunk in chunks for each in chunk] == told


def test_the_letter_tells_of_own_wishes_and_the_most_wanted(client: Client) -> None:
    fan, wish, other = make_fan(), make_request(votes=2), make_request()
    vote(wish, fan)
    ship(walk(wish, Status.PLANNED))
    walk(other, Status.PLANNED)
    mine = digest.own_wishes(fan, NOW - DAY, NOW + DAY)
    assert mine is not None
    assert [change.feature_request for change in mine.context["changes"]] == [wish]
    assert mine.headline == "1 of your wishes shipped"
    assert digest.own_wishes(make_fan(), NOW - DAY, NOW + DAY) is None
    assert digest.most_wanted(fan, NOW - DAY, NOW + DAY) is None
    vote(other, fan)
    wanted = digest.most_wanted(fan, NOW - DAY, NOW + DAY)
    assert wanted is not None
    assert wanted.context["wishes"] == [other]


def test_the_letter_tells_of_what_one_follows_and_not_of_what_one_muted() -> None:
    """F4: a mute silences what is merged into the wish it was said of, too."""
    fan, wish, double = make_fan(), make_request(), make_request()
    vote(double, fan)
    merge(double, wish)
    walk(wish, Status.PLANNED)
    assert digest.own_wishes(fan, NOW - DAY, NOW + DAY) is not None
    actions.mute(feature_request=wish, fan=fan, at=NOW)
    assert digest.own_wishes(fan, NOW - DAY, NOW + DAY) is None
    follower = make_fan()
    assert digest.own_wishes(follower, NOW - DAY, NOW + DAY) is None
    actions.follow(feature_request=wish, fan=follower, at=NOW)
    told = digest.own_wishes(follower, NOW - DAY, NOW + DAY)
    assert told is not None
    assert [change.feature_request for change in told.context["changes"]] == [wish]


def test_a_page_of_a_fan_shows_what_they_asked_for() -> None:
    wish, waiting = make_request(), make_request(waiting=True)
    section = recent_requests(wish.author, make_fan())
    assert section is not None
    assert [row.pk for row in section.context["rows"]] == [wish.pk]
    assert recent_requests(waiting.author, waiting.author) is None


def test_figures_of_the_loop() -> None:
    late, kept = make_request(votes=3), make_request(votes=3)
    move(kept, Status.DECLINED)
    due = fresh(late).answer_due_at or NOW
    assert metrics.answers_in_time(NOW, due + DAY) == {"due": 2, "kept": 1, "share": 0.5}
    shipped = make_request(status=Status.PLANNED)
    assert metrics.planned_to_shipped(NOW, NOW + 9 * DAY) == []
    ship(shipped, at=NOW + 8 * DAY)
    assert metrics.planned_to_shipped(NOW, NOW + 9 * DAY) == [8 * DAY]


def test_one_answer_to_what_counts_together_is_one_in_time() -> None:
    wish, double = make_request(votes=3), make_request(votes=3)
    merge(double, wish)
    move(wish, Status.DECLINED)
    due = fresh(wish).answer_due_at or NOW
    assert metrics.answers_in_time(NOW, due + DAY) == {"due": 1, "kept": 1, "share": 1}


# --- Who leaves ------------------------------------------------------------------------------


@pytest.mark.parametrize("because", list(Because))
def test_open_votes_go_back_and_frozen_tallies_stay(because: Because) -> None:
    fan, standing, ended = make_fan(), make_request(votes=1), make_request(votes=1)
    vote(standing, fan)
    vote(ended, fan)
    walk(ended, Status.DECLINED)
    for _ in range(2):
        withdraw(fan=fan, at=NOW, because=because)
    assert (count(standing), count(ended)) == (1, 2)
    kept = [standing.title, ended.title] if because == Because.LEAVING else [ended.title]
    assert [row["feature_request"] for row in export(fan)["votes"]] == kept
    erase(fan=fan, at=NOW, with_words=False)
    assert (count(ended), Vote.objects.filter(fan=fan).count()) == (2, 0)


def test_counts_that_went_wrong_are_mended(capsys: pytest.CaptureFixture[str]) -> None:
    wish, double = make_request(votes=2), make_request(votes=1)
    merge(double, wish)
    FeatureRequest.objects.filter(pk=wish.pk).update(vote_count=9)
    call_command("recount_requests", "--dry-run")
    assert count(wish) == 9
    call_command("recount_requests")
    assert count(wish) == 3
    call_command("recount_requests")
    assert capsys.readouterr().out.splitlines()[-1] == "2 wishes looked at, 0 counts mended"


def test_a_page_is_found_by_its_number_alone(client: Client) -> None:
    wish = make_request(title="Vote for something")
    answer = client.get(f"/requests/{wish.pk}/another-name/")
    assert (answer.status_code, answer["Location"]) == (301, wish.get_absolute_url())


def test_the_thread_leads_to_its_wish(client: Client) -> None:
    wish = make_request()
    page = client.get(wish.thread.get_absolute_url())
    assert f'href="{wish.get_absolute_url()}"' in page.text
    assert "This is the discussion of a wish" in page.text
