"""O2: notes made before Tuesday, and how they wait in the form."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from community.fridays.actions.drafting import keep_draft
from community.fridays.actions.freezing import freeze
from community.fridays.actions.pinning import (
    MOST_PINS,
    NoWeekRuns,
    TooManyPins,
    pin_item,
    pin_post,
)
from community.fridays.actions.reporting import MayNotWrite, StaffDoNotReport
from community.fridays.models import Cycle, Pin, ReleaseState
from community.threads.models import State
from fans.accounts.models import Fan
from tests import locks
from tests.community.weeks import (
    LATE_CLOSES,
    OPENS,
    RELEASED,
    TUESDAY,
    items_of,
    open_week,
    send,
)
from tests.factories import make_fan, make_post, make_staff, make_thread

pytestmark = pytest.mark.django_db

SUNDAY = RELEASED + timedelta(days=2)


@pytest.fixture
def at_sunday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fans.clock.now", lambda: SUNDAY)


def client_of(fan: Fan) -> Client:
    client = Client()
    client.force_login(fan)
    return client


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def form_of(cycle: Cycle) -> str:
    return reverse("report", args=[cycle.product.slug, cycle.week])


def test_another_mark_replaces_the_first_and_keeps_its_words() -> None:
    cycle, fan = open_week(), make_fan()
    item = items_of(cycle)[0]
    pin_item(cycle=cycle, fan=fan, item=item, grid="loved", note="Quick", at=SUNDAY)
    pin_item(cycle=cycle, fan=fan, item=item, grid="not_good", at=SUNDAY)
    pin = Pin.objects.get()
    assert (pin.grid, pin.note) == ("not_good", "Quick")


@pytest.mark.parametrize(
    ("at", "is_taken"),
    [
        (RELEASED, True),
        (OPENS, True),
        (LATE_CLOSES - timedelta(seconds=1), True),
        (LATE_CLOSES, False),
    ],
)
def test_notes_are_taken_from_the_build_to_the_count(at: object, is_taken: bool) -> None:
    cycle = open_week()

    def act() -> Pin:
        return pin_item(
            cycle=cycle,
            fan=make_fan(),
            item=items_of(cycle)[0],
            grid="loved",
            at=at,  # type: ignore[arg-type]
        )

    if is_taken:
        assert act().cycle == cycle
    else:
        with pytest.raises(NoWeekRuns):
            act()


def test_what_is_recalled_or_of_another_week_takes_no_note() -> None:
    cycle, other = open_week(), open_week()
    with pytest.raises(NoWeekRuns):
        pin_item(cycle=cycle, fan=make_fan(), item=items_of(other)[0], grid="loved", at=SUNDAY)
    cycle.releases.update(state=ReleaseState.WITHDRAWN)
    with pytest.raises(NoWeekRuns):
        pin_item(cycle=cycle, fan=make_fan(), item=items_of(cycle)[0], grid="loved", at=SUNDAY)


def test_staff_and_the_muted_note_nothing() -> None:
    cycle, post = open_week(), make_post(make_thread())
    with pytest.raises(StaffDoNotReport):
        pin_post(cycle=cycle, fan=make_staff(), post=post, at=SUNDAY)
    with pytest.raises(MayNotWrite):
        pin_post(cycle=cycle, fan=make_fan(muted_until=LATE_CLOSES), post=post, at=SUNDAY)


def test_fifty_notes_are_enough() -> None:
    cycle, fan, thread = open_week(), make_fan(), make_thread(replies=1)
    post = thread.posts.order_by("floor")[1]
    pin_post(cycle=cycle, fan=fan, post=post, at=SUNDAY)
    others = [make_post(thread) for _ in range(MOST_PINS)]
    for other in others[:-1]:
        pin_post(cycle=cycle, fan=fan, post=other, at=SUNDAY)
    with pytest.raises(TooManyPins):
        pin_post(cycle=cycle, fan=fan, post=others[-1], at=SUNDAY)
    assert pin_post(cycle=cycle, fan=fan, post=post, at=SUNDAY).pk  # there already


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_note() -> None:
    cycle, fan, post = open_week(), make_fan(), make_post(make_thread())
    with locks.holding(Fan, fan.pk):
        started = locks.start(lambda: pin_post(cycle=cycle, fan=fan, post=post, at=SUNDAY))
        started.waits_for_a_lock()
        first = pin_post(cycle=cycle, fan=fan, post=post, at=SUNDAY)
    assert started.result() == first
    assert Pin.objects.count() == 1


@pytest.mark.usefixtures("at_sunday")
def test_a_mark_on_a_build_is_shown_and_can_be_taken_back() -> None:
    cycle, fan = open_week(), make_fan()
    item = items_of(cycle)[0]
    client = client_of(fan)
    marked = client.post(
        reverse("item_pin", args=[item.pk, "loved"]), {"note": "At last"}, follow=True
    )
    pin = Pin.objects.get()
    undo = reverse("pin_withdrawal", args=[pin.pk])
    assert "Noted. It waits in your report." in marked.text
    assert main_of(marked.text).count('aria-pressed="true"') == 1
    assert f'action="{undo}"' in marked.text
    taken = client.post(undo, follow=True)
    assert not Pin.objects.exists()
    assert 'aria-pressed="true"' not in main_of(taken.text)


@pytest.mark.usefixtures("at_sunday")
def test_a_build_has_no_marks_for_guests_staff_and_after_the_count() -> None:
    cycle, item = open_week(), "pin-marks"
    page = reverse("release", args=[cycle.product.slug, "4.20"])
    assert item in client_of(make_fan()).get(page).text
    for reader in (Client(), client_of(make_staff())):
        assert item not in reader.get(page).text
    freeze(cycle=cycle, at=LATE_CLOSES)
    assert item not in client_of(make_fan()).get(page).text


@pytest.mark.usefixtures("at_sunday")
def test_a_post_is_added_to_the_week_of_its_board_else_of_the_main_product() -> None:
    main, other = open_week(), open_week()
    type(main.product).objects.filter(pk=main.product_id).update(is_main=True)
    fan = make_fan()
    posts = [make_post(make_thread()) for _ in range(2)]
    board = posts[1].thread.board
    type(board).objects.filter(pk=board.pk).update(product=other.product)
    if posts[0].thread.board_id == board.pk:
        pytest.fail("the two threads stand on one board")
    client = client_of(fan)
    for post in posts:
        client.post(reverse("post_pin", args=[post.pk]))
    assert list(Pin.objects.order_by("pk").values_list("cycle", "post")) == [
        (main.pk, posts[0].pk),
        (other.pk, posts[1].pk),
    ]


@pytest.mark.usefixtures("at_sunday")
def test_posts_offer_it_while_a_week_runs_to_those_who_are_signed_in() -> None:
    thread = make_thread(replies=3)
    words, address = "Add to my report", thread.get_absolute_url()
    fan = make_fan(welcomed_at=RELEASED)
    assert words not in client_of(fan).get(address).text


@pytest.mark.usefixtures("at_sunday")
@pytest.mark.parametrize("replies", [1, 3])
def test_a_thread_asks_once_whether_a_week_runs(
    replies: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    open_week()
    thread = make_thread(replies=replies)
    address, words = thread.get_absolute_url(), "Add to my report"
    assert words not in Client().get(address).text
    client = client_of(make_fan(welcomed_at=RELEASED))
    assert client.get(address).text.count(words) == replies + 1
    from community.threads import rendering

    rendering.fragments.clear()
    with django_assert_num_queries(4):
        assert client.get(address).text.count(words) == replies + 1


@pytest.mark.usefixtures("at_sunday")
def test_a_post_one_may_not_read_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    open_week()
    post = make_post(make_thread())
    type(post).objects.filter(pk=post.pk).update(state=State.HIDDEN)
    assert client_of(make_fan()).post(reverse("post_pin", args=[post.pk])).status_code == 404


# --- in the form ------------------------------------------------------------------


def noted(cycle: Cycle) -> Fan:
    fan, item = make_fan(), items_of(cycle)[1]
    post = make_post(make_thread(title="Warm at night"), source="It is warm on the table.")
    pin_item(cycle=cycle, fan=fan, item=item, grid="not_good", note="Slow after calls", at=SUNDAY)
    pin_post(cycle=cycle, fan=fan, post=post, at=SUNDAY)
    return fan


@pytest.fixture
def at_tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fans.clock.now", lambda: TUESDAY)


def checked(page: str, name: str) -> int:
    return sum("checked" in part.split(">")[0] for part in page.split(f'name="{name}"')[1:])


@pytest.mark.usefixtures("at_tuesday")
def test_marks_fill_an_empty_form_and_notes_stand_beside_it() -> None:
    cycle = open_week()
    page = client_of(noted(cycle)).get(form_of(cycle)).text
    assert (checked(page, "not_good"), checked(page, "loved")) == (1, 0)
    for words in ("Your notes of the week", "Slow after calls", "Warm at night", "on the table"):
        assert words in page


Begun = Callable[[Cycle, Fan], object]


@pytest.mark.usefixtures("at_tuesday")
@pytest.mark.parametrize(
    "begin",
    [
        lambda cycle, fan: send(cycle, fan=fan),
        lambda cycle, fan: keep_draft(
            cycle=cycle, fan=fan, content={"overall": ["3"]}, seen="", at=TUESDAY
        ),
    ],
)
def test_marks_change_nothing_of_what_was_begun(begin: Begun) -> None:
    cycle = open_week()
    fan = noted(cycle)
    begin(cycle, fan)
    assert checked(client_of(fan).get(form_of(cycle)).text, "not_good") == 0


@pytest.mark.usefixtures("at_tuesday")
def test_a_note_is_nobody_elses() -> None:
    cycle = open_week()
    noted(cycle)
    stranger = client_of(make_fan())
    assert "Slow after calls" not in stranger.get(form_of(cycle)).text
    pin = Pin.objects.first()
    assert pin is not None
    assert stranger.post(reverse("pin_withdrawal", args=[pin.pk])).status_code == 404
    assert Pin.objects.count() == 2


@pytest.mark.usefixtures("at_tuesday")
def test_a_post_that_was_hidden_is_no_note_any_more() -> None:
    cycle = open_week()
    fan = noted(cycle)
    post = Pin.objects.get(post__isnull=False).post
    assert post is not None
    type(post).objects.filter(pk=post.pk).update(state=State.HIDDEN)
    assert "on the table" not in client_of(fan).get(form_of(cycle)).text
