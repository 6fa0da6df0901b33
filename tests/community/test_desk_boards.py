"""Admins keep the boards; staff look (spec §1, §4)."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from community.threads.actions import boards as actions
from community.threads.actions.boards import BoardDetails, SlugTaken
from community.threads.models import Audience, Board, PastBoardSlug
from fans.audit.models import AuditEntry
from fans.site.freshness import current_stamp
from tests.factories import (
    NOW,
    BoardFactory,
    make_admin,
    make_fan,
    make_moderator,
    make_staff,
    make_thread,
)

pytestmark = pytest.mark.django_db

PHONE = BoardDetails(name="Phone", slug="phone", readable_by=Audience.CORE, slow_mode_seconds=30)
FORM = {
    "name": "Phone",
    "slug": "Phone",
    "name_zh_hans": "手机",
    "readable_by": "everyone",
    "release_minutes": "10",
    "slow_mode_seconds": "0",
}


def signed_in(fan: Any) -> Client:
    client = Client()
    client.force_login(fan)
    return client


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def slugs() -> list[str]:
    return list(Board.objects.in_order().values_list("slug", flat=True))


def test_a_new_board_stands_after_all_others() -> None:
    BoardFactory.create(slug="first", position=4)
    board = actions.create_board(details=PHONE, actor=make_admin(), at=NOW)
    assert (board.name, board.readable_by, board.slow_mode_seconds) == ("Phone", "core", 30)
    assert slugs() == ["first", "phone"]
    assert verbs() == ["board created"]


def test_creating_twice_is_the_same_as_creating_once() -> None:
    admin = make_admin()
    first = actions.create_board(details=PHONE, actor=admin, at=NOW)
    assert actions.create_board(details=PHONE, actor=admin, at=NOW) == first
    assert verbs() == ["board created"]


def test_a_taken_address_is_refused() -> None:
    BoardFactory.create(slug="phone", name="Another")
    with pytest.raises(SlugTaken):
        actions.create_board(details=PHONE, actor=make_admin(), at=NOW)


def test_an_address_a_board_had_before_is_taken_too() -> None:
    PastBoardSlug.objects.create(slug="phone", board=BoardFactory.create())
    with pytest.raises(SlugTaken):
        actions.create_board(details=PHONE, actor=make_admin(), at=NOW)
    other = BoardFactory.create()
    with pytest.raises(SlugTaken):
        actions.change_board(board=other, details=PHONE, actor=make_admin(), at=NOW)


def test_an_old_address_goes_on_leading_to_its_board() -> None:
    admin = make_admin()
    board = actions.create_board(details=PHONE, actor=admin, at=NOW)
    phones = replace(PHONE, slug="phones")
    assert actions.change_board(board=board, details=phones, actor=admin, at=NOW) is True
    assert actions.change_board(board=board, details=phones, actor=admin, at=NOW) is False
    assert list(board.past_slugs.values_list("slug", flat=True)) == ["phone"]
    entry = AuditEntry.objects.get(verb="board changed")
    assert (entry.subject, entry.details) == (f"board:{board.pk}", {"changed": ["slug"]})


def test_a_board_may_take_its_old_address_back() -> None:
    admin = make_admin()
    board = actions.create_board(details=PHONE, actor=admin, at=NOW)
    actions.change_board(board=board, details=replace(PHONE, slug="b"), actor=admin, at=NOW)
    actions.change_board(board=board, details=PHONE, actor=admin, at=NOW)
    board.refresh_from_db()
    assert board.slug == "phone"
    assert list(board.past_slugs.values_list("slug", flat=True)) == ["b"]


@pytest.mark.parametrize(
    ("board", "before", "order"),
    [
        ("c", "b", ["a", "c", "b", "d"]),
        ("a", "c", ["b", "a", "c", "d"]),
        ("a", None, ["b", "c", "d", "a"]),
        ("d", "a", ["d", "a", "b", "c"]),
    ],
)
def test_a_board_is_put_in_front_of_another(
    board: str, before: str | None, order: list[str]
) -> None:
    rows = {slug: BoardFactory.create(slug=slug, position=0) for slug in "abcd"}
    place = {"board": rows[board], "before": rows[before] if before else None}
    admin = make_admin()
    assert actions.place_board(**place, actor=admin, at=NOW) is True
    assert actions.place_board(**place, actor=admin, at=NOW) is False
    assert slugs() == order


def test_archiving_and_reopening_twice_is_the_same_as_once() -> None:
    board, admin = BoardFactory.create(), make_admin()
    for expected in (True, False):
        assert actions.archive_board(board=board, actor=admin, at=NOW) is expected
    for expected in (True, False):
        assert actions.reopen_board(board=board, actor=admin, at=NOW) is expected
    assert verbs() == ["board archived", "board reopened"]


def test_every_page_hears_of_a_change(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    stamp = current_stamp()
    with django_capture_on_commit_callbacks(execute=True):
        actions.create_board(details=PHONE, actor=make_admin(), at=NOW)
    assert current_stamp() != stamp


def test_an_admin_opens_and_renames_a_board() -> None:
    client = signed_in(make_admin())
    assert client.post("/staff/boards/creation/", FORM).status_code == 302
    board = Board.objects.get()
    assert (board.slug, board.name_zh_hans, board.product) == ("phone", "手机", None)
    changed = {**FORM, "slug": "phones", "every_post_waits": "on"}
    assert client.post(f"/staff/boards/{board.pk}/details/", changed).status_code == 302
    board.refresh_from_db()
    assert (board.slug, board.every_post_waits) == ("phones", True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"slug": "taken"}, "This address leads to another board"),
        ({"slug": "手机"}, "Enter a valid"),
        ({"name": "  "}, "This field is required"),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"release_minutes": "-1"}, "greater than or equal to 0"),
        ({"slow_mode_seconds": "1e9"}, "whole number"),
        ({"slow_mode_seconds": "99999999"}, "less than or equal to 86400"),
        ({"readable_by": "nobody"}, "Select a valid choice"),
        ({"product": "7"}, "Select a valid choice"),
    ],
)
def test_a_wrong_field_is_named_and_the_rest_kept(fields: dict[str, str], words: str) -> None:
    BoardFactory.create(slug="taken")
    answer = signed_in(make_admin()).post(
        "/staff/boards/creation/", {**FORM, "description": "Kept words", **fields}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Kept words" in page
    assert Board.objects.count() == 1


def test_boards_are_moved_with_buttons() -> None:
    rows = [BoardFactory.create(slug=slug, position=n) for n, slug in enumerate("abc")]
    client = signed_in(make_admin())
    page = client.get("/staff/boards/").content.decode()
    assert page.count(">Up<") == page.count(">Down<") == 2
    client.post(f"/staff/boards/{rows[2].pk}/place/", {"before": rows[1].pk})
    assert slugs() == ["a", "c", "b"]
    client.post(f"/staff/boards/{rows[0].pk}/place/", {"before": ""})
    assert slugs() == ["c", "b", "a"]
    assert client.post(f"/staff/boards/{rows[0].pk}/place/", {"before": "x"}).status_code == 302


def test_an_archived_board_can_be_taken_up_again() -> None:
    board = make_thread().board
    client = signed_in(make_admin())
    client.post(f"/staff/boards/{board.pk}/archive/")
    board.refresh_from_db()
    assert board.archived_at is not None
    client.post(f"/staff/boards/{board.pk}/archive/withdrawal/")
    board.refresh_from_db()
    assert board.archived_at is None


def test_staff_look_and_admins_change() -> None:
    board = BoardFactory.create()
    client = signed_in(make_staff())
    for address in ("", "new/", f"{board.pk}/"):
        answer = client.get(f"/staff/boards/{address}")
        assert answer.status_code == 200
        assert b'action="/staff/boards/' not in answer.content or b"disabled" in answer.content
    for address in (
        "creation/",
        f"{board.pk}/details/",
        f"{board.pk}/place/",
        f"{board.pk}/archive/",
    ):
        assert client.post(f"/staff/boards/{address}", FORM).status_code == 404
    board.refresh_from_db()
    assert (board.archived_at, Board.objects.count()) == (None, 1)


@pytest.mark.parametrize("make", [make_fan, make_moderator])
def test_the_desk_is_for_staff(make: Any) -> None:
    assert signed_in(make()).get("/staff/boards/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_board_and_for_three(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    BoardFactory.create_batch(count)
    client = signed_in(make_staff())
    client.get("/staff/boards/")
    with django_assert_num_queries(2):  # the reader, the boards
        client.get("/staff/boards/")
