"""The page of the measures, what is kept of each week, and a recount of it (spec §10)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from community.feature_requests.models import Vote
from config.measures import registry, snapshots
from config.measures.sources import Sources
from config.tasks import keep_measures
from fans import clock
from fans.accounts.models import Fan
from fans.audit.models import AuditEntry
from fans.clock.weeks import week_at
from fans.ledger import metrics
from fans.ledger.models import ActiveDay
from fans.measures.models import PulseTally, ShareVisits, Snapshot
from tests.community.feature_requests import make_request
from tests.config.test_measures import count, file_reports, make_counted_week
from tests.factories import (
    NOW,
    BoardFactory,
    ProductFactory,
    make_post,
    make_staff,
    make_thread,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


@pytest.fixture(autouse=True)
def _it_is_friday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture(scope="module")
def community(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Of everything so much that each figure has something to say."""
    with django_db_blocker.unblock(), transaction.atomic():
        _found()
        yield
        transaction.set_rollback(True)


def _found() -> None:
    product, staff = ProductFactory.create(), make_staff()
    for weeks_ago in (1, 2, 3):
        week = make_counted_week(weeks_ago, product)
        file_reports(week, 5, 5, 4, 3, 2, 1, recommends=9)
        count(week)
    wish = make_request(product=product, votes=12)
    Vote.objects.update(cast_at=NOW - DAY)
    new = list(wish.votes.order_by("pk").values_list("fan", flat=True)[:6])
    Vote.objects.filter(fan__in=new).update(is_newcomer=True)
    Fan.objects.get_queryset().filter(pk__in=new).update(joined_at=NOW - 40 * DAY)
    for fan in wish.votes.values_list("fan", flat=True):
        for days in (1, 8, 15, 30):
            day = timezone.localdate(NOW) - days * DAY
            ActiveDay.objects.create(fan_id=fan, day=day, act_count=days)
    board = BoardFactory.create(name="Watch")
    for _ in range(6):
        thread = make_thread(board=board, created_at=NOW - 9 * DAY)
        make_post(thread, author=staff, is_official=True, created_at=NOW - 8 * DAY)
    ShareVisits.objects.create(day=timezone.localdate(NOW) - DAY, count=8)
    for weeks_ago, people in ((1, 6), (2, 4), (0, 9)):
        PulseTally.objects.create(week=week_at(NOW - weeks_ago * WEEK), score=4, count=people)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_staff())
    return client


def snapshot_rows() -> list[tuple[str, str, str, int, int]]:
    rows = Snapshot.objects.order_by("week", "measure", "segment")
    return list(rows.values_list("week", "measure", "segment", "part", "whole"))


# --- The page ---------------------------------------------------------------------------


def test_the_page_asks_so_many_questions(
    community: None, staff: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """P14: at most 25, however long the past is."""
    keep_measures()
    staff.get("/staff/measures/")
    with django_assert_num_queries(22):
        page = staff.get("/staff/measures/").content.decode()
    assert page.count('class="chart series-1"') >= 6
    assert "Watch" in page


def test_the_page_costs_as_much_for_one_product_as_for_three(
    community: None, staff: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):
        week = make_counted_week(1, ProductFactory.create())
        file_reports(week, 5, 4, 3, 2, 1)
        count(week)
        make_request(product=week.product, votes=6)
    staff.get("/staff/measures/")
    with django_assert_num_queries(22):
        staff.get("/staff/measures/")


def test_a_family_that_fails_shows_how_it_was_and_leaves_the_others(
    community: None, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_measures()
    monkeypatch.setattr("community.threads.metrics._presence", lambda *_: 1 / 0)
    monkeypatch.setattr("fans.ledger.metrics.loyalty", lambda at: 1 / 0)
    page = staff.get("/staff/measures/").content.decode()
    assert page.count("not known just now") == 2
    assert page.count('class="figure is-stale"') == 2  # as a tile and in its place
    assert "100.0\N{NO-BREAK SPACE}%" in page  # of the six threads, as it was kept


def test_the_weeks_are_taken_along_and_it_is_written_down(community: None, staff: Client) -> None:
    answer = staff.post("/staff/measures/csv/")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert "satisfaction,,2026-W46,50.0,%" in lines
    assert AuditEntry.objects.latest("pk").verb == "measures exported"


# --- What is kept -----------------------------------------------------------------------


def test_a_week_is_kept_once_it_is_over_and_equals_a_recount(community: None) -> None:
    assert snapshots.take_snapshots(NOW) == 26
    kept = {row[1:3]: row[3:] for row in snapshot_rows() if row[0] == "2026-W46"}
    end = snapshots.end_of("2026-W46")
    assert (end.isoformat(), (end + timedelta(microseconds=1)).hour) == (
        "2026-11-15T23:59:59.999999+08:00",
        0,
    )
    sources = Sources(end)
    again = {
        (figure.spec.key, figure.segment): (figure.part, figure.whole)
        for measure in registry.MEASURES
        for figure in measure.figures(sources)
        if figure.value is not None and not figure.spec.keeps_itself
    }
    assert kept.pop(("taken", "")) == (len(again), len(again))
    assert kept == again
    found = metrics.taking_part(end)
    assert kept["participation", ""] == (found.acting, found.active) == (12, found.active)
    assert [row for row in snapshots.recount("2026-W46") if row.differs] == []


def test_keeping_again_changes_nothing_and_an_outage_is_caught_up(community: None) -> None:
    snapshots.take_snapshots(NOW)
    before = snapshot_rows()
    assert snapshots.take_snapshots(NOW) == 0
    assert snapshot_rows() == before
    Snapshot.objects.filter(week__gt="2026-W43").delete()
    assert snapshots.take_snapshots(NOW) == 3
    assert snapshot_rows() == before


def test_what_is_known_of_the_moment_alone_is_kept_of_the_newest_week_alone(
    community: None,
) -> None:
    Vote.objects.update(cast_at=NOW - 6 * DAY)
    snapshots.take_snapshots(NOW + WEEK)
    weeks = set(
        Snapshot.objects.filter(measure__in=["voice", "quietest_voice"]).values_list(
            "week", flat=True
        )
    )
    assert weeks == {"2026-W47"}


def test_a_figure_is_compared_with_its_own_weeks(community: None) -> None:
    for number, part in ((43, 1), (44, 2), (45, 3), (46, 4)):
        for measure, segment in (("taken", ""), ("participation", "")):
            Snapshot.objects.create(
                measure=measure,
                segment=segment,
                week=f"2026-W{number}",
                part=part,
                whole=10,
                taken_at=NOW,
            )
    [figure] = [
        each
        for each in registry.MEASURES[1].figures(Sources(NOW))
        if each.spec.key == "participation"
    ]
    known = snapshots.with_past(figure, snapshots.kept(NOW), NOW)
    assert [point.value for point in known.past] == [10, 20, 30, 40]
    assert figure.value is not None
    step = abs(round(figure.value - 25, 1))
    assert known.change.endswith(f"{step} against the mean of the 4 weeks before")
    Snapshot.objects.filter(measure="participation").update(definition=7)  # other words
    assert snapshots.with_past(figure, snapshots.kept(NOW), NOW).past == ()


def test_a_recount_tells_what_differs(
    community: None, staff: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_measures()
    call_command("recount_measures")
    assert "0 differ." in capsys.readouterr().out
    Snapshot.objects.filter(week="2026-W46", measure="participation").update(part=11)
    with pytest.raises(SystemExit):
        call_command("recount_measures", "--week", "2026-W46")
    assert "participation  11/" in capsys.readouterr().out
    page = staff.get("/staff/measures/recount/").content.decode()
    assert page.count("pill is-warn") == 1
    with pytest.raises(CommandError):
        call_command("recount_measures", "--week", "2026-W47")
