import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community.fridays.actions import sweep_cycle
from community.fridays.actions.publishing import results_url
from community.threads.models import State, ThreadKind
from config import home
from fans.accounts.models import Fan
from tests.community.weeks import items_of, open_week, send
from tests.factories import (
    NOW,
    BoardFactory,
    make_core_fan,
    make_fan,
    make_moderator,
    make_post,
    make_staff,
    make_thread,
)

pytestmark = pytest.mark.django_db

RESTING = "This part is resting"


def signed_in(fan: Fan) -> Client:
    client = Client()
    client.force_login(fan)
    return client


def welcomed(**fields: object) -> Fan:
    return make_fan(welcomed_at=NOW, **fields)


def page(client: Client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_guest_reads_what_the_place_is_and_may_join(client: Client) -> None:
    shown = page(client)
    assert "Help make what you use" in shown
    assert 'href="/accounts/signup/?next=/"' in shown


def test_the_page_of_a_guest_holds_no_form_and_sets_no_cookie(client: Client) -> None:
    make_thread()
    response = client.get("/")
    assert (b"<form" in response.content, b"csrfmiddlewaretoken" in response.content) == (
        False,
        False,
    )
    assert dict(response.cookies) == {}


def test_the_latest_threads_stand_newest_first(client: Client) -> None:
    make_thread(title="The older one", last_post_at=NOW)
    make_thread(title="The newer one", last_post_at=NOW.replace(hour=10))
    shown = page(client)
    assert 0 < shown.index("The newer one") < shown.index("The older one")


def test_a_hidden_thread_is_not_on_the_page(client: Client) -> None:
    make_thread(title="A hidden kumquat", state=State.HIDDEN)
    assert "A hidden kumquat" not in page(client)


def test_a_thread_of_the_core_board_is_there_for_core_fans_alone() -> None:
    board = BoardFactory.create(readable_by="core", name="Round table")
    make_thread(title="Spoken among core fans", board=board)
    seen = [
        "Spoken among core fans" in page(signed_in(fan)) for fan in (make_core_fan(), make_fan())
    ]
    boards = ["Round table" in page(signed_in(fan)) for fan in (make_core_fan(), make_fan())]
    assert (seen, boards) == ([True, False], [True, False])


def test_a_question_nobody_answered_for_a_day_is_put_in_front(client: Client) -> None:
    make_thread(title="Where is the switch?", kind=ThreadKind.QUESTION, board=BoardFactory.create())
    aside = page(client).split("Waiting for an answer")[1]
    assert "Where is the switch?" in aside


@pytest.mark.parametrize("block", ["latest", "unanswered", "boards", "due_step"])
def test_a_part_that_fails_rests_alone(
    block: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(home, block, broken)
    shown = page(client)
    assert shown.count(RESTING) == (0 if block == "due_step" else 1)
    assert "Help make what you use" in shown


@pytest.mark.parametrize("threads", [1, 3])
def test_a_guest_costs_the_same_queries_however_many_threads(
    threads: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(threads):
        make_thread()
    page(client)
    with django_assert_num_queries(6):
        page(client)


@pytest.mark.parametrize("threads", [1, 3])
def test_a_fan_costs_the_same_queries_however_many_threads(
    threads: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(welcomed())
    for _ in range(threads):
        make_thread()
    page(client)
    with django_assert_num_queries(8):
        page(client)


def test_who_has_not_confirmed_their_address_is_asked_to() -> None:
    assert "Confirm your e-mail address" in page(signed_in(make_fan(verified_at=None)))


def test_who_is_new_is_led_to_the_first_steps() -> None:
    assert 'href="/welcome/"' in page(signed_in(make_fan()))


def test_a_moderator_is_told_of_waiting_posts() -> None:
    make_post(make_thread(), state=State.WAITING)
    assert "1 post waits for a moderator." in page(signed_in(make_moderator(welcomed_at=NOW)))


def test_who_got_a_reply_to_their_question_is_asked_whether_it_helped() -> None:
    asker = welcomed()
    thread = make_thread(author=asker, kind=ThreadKind.QUESTION, title="Where is it?")
    make_post(thread)
    assert "“Where is it?”. Did it help?" in page(signed_in(asker))


def test_nothing_is_due_for_who_has_done_everything() -> None:
    assert 'class="card is-soft due-step"' not in page(signed_in(welcomed()))


def test_staff_of_an_empty_site_see_what_founding_takes() -> None:
    assert "Before the first fan comes" in page(signed_in(make_staff(welcomed_at=NOW)))


def test_an_empty_site_asks_a_fan_for_the_first_thread() -> None:
    shown = page(signed_in(welcomed()))
    assert ("Before the first fan comes" in shown, "Nobody has written yet" in shown) == (
        False,
        True,
    )


def test_the_front_page_says_in_a_sentence_what_fans_said_of_the_newest_week(
    client: Client,
) -> None:
    cycle = open_week()
    first = items_of(cycle)[0]
    for _ in range(5):
        send(cycle, loved=(first.pk,))
    sweep_cycle(cycle_id=cycle.pk, at=cycle.late_closes_at)
    assert "What fans said" not in page(client)
    cache.clear()
    sweep_cycle(cycle_id=cycle.pk, at=cycle.publish_at)
    shown = page(client)
    assert f"Loved most: “{first.title}”." in shown
    assert f'href="{results_url(cycle)}"' in shown
