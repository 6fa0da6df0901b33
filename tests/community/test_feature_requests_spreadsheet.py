"""The board as CSV, for staff (spec §5)."""

import csv
import gc
import io
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from community.feature_requests import spreadsheet
from community.feature_requests.crowd import unless_few
from community.feature_requests.models import FeatureRequest, Status
from community.products.models import Tag
from community.threads.models import Thread
from fans.accounts.models import Fan
from fans.audit.models import AuditEntry
from tests.community.feature_requests import PROBLEM, make_request, merge, ship
from tests.community.threads import make_regular
from tests.factories import NOW, make_admin, make_fan, make_moderator, make_staff

pytestmark = pytest.mark.django_db
ADDRESS = "/staff/requests.csv"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_staff())
    return client


def text_of(client: Client, query: str = "?show=newest&status=all") -> str:
    answer: Any = client.post(ADDRESS + query)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def rows_of(client: Client, query: str = "?show=newest&status=all") -> list[dict[str, str]]:
    text = text_of(client, query)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_a_row_says_all_there_is_about_a_wish(staff: Client, settings: Any) -> None:
    settings.SITE_URL = "https://fans.example.com"
    wish = make_request(
        title="A louder alarm please", problem="I sleep, and sleep, and go on sleeping all day."
    )
    merge(same := make_request(), wish)
    wish.tags.set([Tag.objects.create(name=name, slug=name) for name in ("sound", "watch")])
    FeatureRequest.objects.filter(pk=wish.pk).update(
        status=Status.IN_TESTING,
        promised_for="2026-W47",
        vote_count=40,
        county_count=12,
        newcomer_count=4,
        without_busiest_count=38,
        offline_count=9,
    )
    ship(wish, release_url="/releases/watch/4.2/")
    assert rows_of(staff) == [
        {
            "Number": str(wish.pk),
            "Title": "A louder alarm please",
            "Problem": "I sleep, and sleep, and go on sleeping all day.",
            "Proposal": "",
            "Product": wish.product.name,
            "Team": "",
            "Stage": "Design",
            "Status": "Shipped",
            "Tags": "sound; watch",
            "Filed": "2026-11-20 17:00",
            "Author": wish.author.handle,
            "Votes": "40",
            "county and township": "12",
            "newcomers": "",
            "without the busiest 1 %": "",
            "offline": "9",
            "Answer due": "",
            "Answered": "2026-11-20 17:00",
            "Promised for the week": "2026-W47",
            "Promise": "kept",
            "Merged with it": str(same.pk),
            "Release": "https://fans.example.com/releases/watch/4.2/",
            "Address": f"https://fans.example.com{wish.get_absolute_url()}",
        }
    ]


@pytest.mark.parametrize(
    ("count", "of", "shown"),
    [(4, 40, None), (5, 40, 5), (36, 40, None), (40, 40, 40), (0, 0, None)],
)
def test_a_segment_of_a_few_is_left_out_also_against_subtraction(
    count: int, of: int, shown: int | None
) -> None:
    """O4."""
    assert unless_few(count, of) == shown


# --- What people write, in a spreadsheet ------------------------------------------------------------


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_what_people_write_is_never_a_formula(first: str, staff: Client) -> None:
    words = f'{first}cmd|"/c calc"!A1 and so on'
    wish = make_request()
    FeatureRequest.objects.filter(pk=wish.pk).update(title=words, problem=words)
    Fan.objects.filter(pk=wish.author_id).update(handle="-2+3")
    [row] = rows_of(staff)
    assert (row["Title"], row["Problem"], row["Author"]) == (f"'{words}", f"'{words}", "'-2+3")


@pytest.mark.parametrize(
    "words",
    ['He said "louder", twice', "one,two;three\tfour", "line\nline\r\nline", "按 时 响 😀 עברית"],
)
def test_what_people_write_arrives_as_they_wrote_it(words: str, staff: Client) -> None:
    wish = make_request()
    FeatureRequest.objects.filter(pk=wish.pk).update(title=words, problem=words)
    [row] = rows_of(staff)
    assert (row["Title"], row["Problem"]) == (words, words)


def test_our_words_are_in_the_language_of_the_reader(staff: Client) -> None:
    make_request()
    Fan.objects.update(locale="zh-hans")
    text = text_of(staff)
    with translation.override("zh-hans"):
        assert str(Status.SUBMITTED.label) in text
        assert str(spreadsheet.HEAD[1]) in text.splitlines()[0]


def test_a_deleted_fan_has_no_handle_there(staff: Client) -> None:
    wish = make_request(author=make_regular(handle="canary-wing"))
    Fan.objects.filter(pk=wish.author_id).update(erased_at=NOW)
    [row] = rows_of(staff)
    assert row["Author"] == ""


# --- Which wishes, and for whom ----------------------------------------------------------------------


def test_it_holds_what_the_board_shows_with_the_same_filters(staff: Client) -> None:
    planned = make_request(status=Status.PLANNED, title="A torch in the dark", problem=PROBLEM)
    declined = make_request(status=Status.DECLINED, title="A ruler on the edge", problem=PROBLEM)
    assert [row["Number"] for row in rows_of(staff, "")] == [str(planned.pk)]
    assert [row["Number"] for row in rows_of(staff, "?status=declined")] == [str(declined.pk)]
    only = f"?show=newest&product={declined.product.slug}"
    assert [row["Number"] for row in rows_of(staff, only)] == [str(declined.pk)]
    assert [row["Number"] for row in rows_of(staff, f"?q=%23{planned.pk}")] == [str(planned.pk)]


@pytest.mark.parametrize("make", [make_fan, make_moderator])
def test_it_is_missing_for_everybody_else(make: Any, client: Client) -> None:
    client.force_login(make())
    assert client.post(ADDRESS).status_code == 404


def test_taking_it_along_is_written_down(client: Client) -> None:
    admin = make_admin()
    client.force_login(admin)
    text_of(client, "?status=planned&q=private+words")
    [entry] = AuditEntry.objects.all()
    assert (entry.actor, entry.verb, entry.subject) == (admin, "wishes exported", "requests")
    assert entry.details == {"status": "planned"}


def test_looking_at_the_address_takes_nothing(staff: Client) -> None:
    assert staff.get(ADDRESS).status_code == 405
    assert not AuditEntry.objects.exists()


def test_it_is_a_file_of_that_day_that_nobody_keeps(staff: Client) -> None:
    headers = staff.post(ADDRESS).headers
    assert headers["Content-Disposition"].startswith('attachment; filename="wishes-20')
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Cache-Control"] == "private, no-store"


# --- What it costs -----------------------------------------------------------------------------------


def copies_of(wish: FeatureRequest, number: int) -> None:
    first = Thread.objects.get(pk=wish.thread_id)
    fields = {field.attname: getattr(first, field.attname) for field in Thread._meta.fields}
    threads = Thread.objects.bulk_create(
        Thread(**{**fields, "id": None, "title": f"Copy {copy}"}) for copy in range(number)
    )
    fields = {field.attname: getattr(wish, field.attname) for field in wish._meta.fields}
    FeatureRequest.objects.bulk_create(
        FeatureRequest(**{**fields, "id": None, "thread_id": thread.pk, "submission_key": None})
        for thread in threads
    )


def pieces() -> Iterator[str]:
    return spreadsheet.spreadsheet(FeatureRequest.objects.all(), NOW)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_piece_costs_the_same_for_one_row_and_for_three(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    copies_of(make_request(), rows - 1)
    with django_assert_num_queries(5):  # four for the piece, one that finds no further
        assert sum(piece.count("\r\n") for piece in pieces()) == rows + 1


def test_nothing_is_read_before_it_is_sent(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(spreadsheet, "ROWS_AT_ONCE", 2)
    copies_of(make_request(), 4)
    sent = pieces()
    with django_assert_num_queries(0):
        next(sent)  # the head
    for rows in (2, 2, 1):
        with django_assert_num_queries(4):
            assert next(sent).count("\r\n") == rows
    with django_assert_num_queries(1), pytest.raises(StopIteration):
        next(sent)


def test_its_weight_does_not_grow_with_the_number_of_wishes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spreadsheet, "ROWS_AT_ONCE", 20)
    copies_of(make_request(problem="Long. " * 200), 19)
    few = _peak()
    copies_of(FeatureRequest.objects.order_by("pk")[0], 180)
    assert _peak() < few * 2


def _peak() -> int:
    for _ in pieces():
        pass
    tracemalloc.start()
    for _ in pieces():
        gc.collect()  # what waits for it is not held
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak
