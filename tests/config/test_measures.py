"""The four measures of spec §10, equal to a count by hand."""

from datetime import datetime, timedelta
from math import sqrt
from random import Random

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community.feature_requests import actions
from community.feature_requests.models import Status
from community.fridays.models import Cycle, CycleState, Report
from community.fridays.times import times_of
from community.products.models import Product
from config import measures
from config.measures import Figure
from fans.accounts.models import Fan, Role
from fans.clock.weeks import platform_date, week_of
from fans.ledger import metrics
from fans.ledger.models import ActiveDay
from tests.community.feature_requests import make_request, move, ship
from tests.community.fridays import make_cycle
from tests.factories import NOW, ProductFactory, make_fan, make_staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def make_counted_week(weeks_ago: int, product: Product) -> Cycle:
    template = make_cycle(product) if not product.cycles.exists() else product.cycles.first()
    assert template is not None
    friday = NOW.date() - weeks_ago * WEEK
    times = {
        field: getattr(template, field) - weeks_ago * WEEK
        for field in times_of(friday, 17).__dataclass_fields__
    }
    week, _ = Cycle.objects.update_or_create(
        product=product,
        week=week_of(friday),
        defaults={
            "friday": friday,
            **times,
            "state": CycleState.FROZEN,
            "released_at": times["release_target_at"],
            "held_at": times["report_opens_at"],
            "frozen_at": times["late_closes_at"],
        },
    )
    return week


def file_reports(cycle: Cycle, *ratings: int, recommends: int | None = None) -> None:
    for rating in ratings:
        Report.objects.create(
            cycle=cycle,
            fan=make_fan(),
            overall=rating,
            would_recommend=recommends,
            is_late=False,
            first_sent_at=cycle.report_opens_at,
            sent_at=cycle.report_opens_at,
        )


def act(fan: Fan, at: datetime, count: int = 1) -> None:
    ActiveDay.objects.create(fan=fan, day=platform_date(at), act_count=count)


def wilson(part: int, whole: int) -> tuple[float, float]:
    z, p = 1.959964, part / whole
    middle, spread = p + z * z / (2 * whole), z * sqrt(p * (1 - p) / whole + (z / (2 * whole)) ** 2)
    bottom = 1 + z * z / whole
    return 100 * (middle - spread) / bottom, 100 * (middle + spread) / bottom


# --- Satisfaction -----------------------------------------------------------------------


def test_42_of_50_are_satisfied_within_their_interval() -> None:
    """The vector of O4: 0.84, 0.715 to 0.917."""
    file_reports(make_counted_week(1, ProductFactory.create()), *[5] * 20, *[4] * 22, *[3] * 8)
    newest = measures.satisfaction(NOW)[0]
    assert (newest.percent, newest.parts) == (84.0, "42 / 50")
    assert (newest.low, newest.high) == pytest.approx((71.5, 91.7), abs=0.05)


def test_the_newest_week_and_the_last_four_equal_a_recount() -> None:
    product, random = ProductFactory.create(), Random(4)
    filed: dict[int, list[int]] = {}
    for weeks_ago in (1, 2, 3, 5, 6):
        filed[weeks_ago] = [random.randint(1, 5) for _ in range(5 + weeks_ago)]
        file_reports(make_counted_week(weeks_ago, product), *filed[weeks_ago])
    newest, four = measures.satisfaction(NOW)
    for figure, ratings in ((newest, filed[1]), (four, filed[1] + filed[2] + filed[3] + filed[5])):
        part = sum(rating >= 4 for rating in ratings)
        assert figure.parts == f"{part} / {len(ratings)}"
        assert figure.percent == pytest.approx(100 * part / len(ratings))
        assert (figure.low, figure.high) == pytest.approx(wilson(part, len(ratings)), abs=0.01)


def test_a_week_that_is_not_counted_yet_and_one_of_few_say_nothing() -> None:
    week = make_counted_week(1, ProductFactory.create())
    file_reports(week, 5, 5, 5, 5)
    assert [(f.percent, f.is_small) for f in measures.satisfaction(NOW)] == [(None, True)] * 2
    Cycle.objects.filter(pk=week.pk).update(frozen_at=None, state=CycleState.COLLECTING)
    assert [(f.percent, f.is_small) for f in measures.satisfaction(NOW)] == [(None, False)] * 2


# --- Participation ----------------------------------------------------------------------


def test_participation_equals_a_recount() -> None:
    random = Random(7)
    fans = [make_fan() for _ in range(40)]
    left = make_fan(banned_at=NOW)
    staff = make_staff()
    acts: dict[int, int] = {}
    for fan in [*fans[:25], left, staff]:
        for days in random.sample(range(40), 3):
            count = random.randint(1, 9)
            act(fan, NOW - days * DAY, count)
            if days < 28 and fan != staff:
                acts[fan.pk] = acts.get(fan.pk, 0) + count
    taking_part = [fan for fan in fans if fan.pk in acts]
    ordered = sorted(acts.values(), reverse=True)
    part, one, ten = measures.participation(NOW)
    assert part.parts == f"{len(taking_part)} / 40"
    assert part.percent == pytest.approx(100 * len(taking_part) / 40)
    assert one.parts == f"{ordered[0]} / {sum(ordered)}"  # a hundredth of them is one
    tenth = -(-len(ordered) // 10)
    assert ten.parts == f"{sum(ordered[:tenth])} / {sum(ordered)}"


def test_the_window_is_28_days_of_the_platform() -> None:
    fan = make_fan()
    act(fan, NOW - 28 * DAY)
    assert metrics.participation(NOW).part == 0
    act(fan, NOW - 27 * DAY)
    assert metrics.participation(NOW).part == 1


# --- Word of mouth ----------------------------------------------------------------------


def test_invitations_equal_a_recount() -> None:
    host = make_fan()
    for days in (1, 27, 28, 90):
        make_fan(invited_by=host, joined_at=NOW - days * DAY)
    make_fan(invited_by=host, joined_at=NOW - DAY, verified_at=None)  # never came in
    make_fan(joined_at=NOW - DAY)
    spread = measures.spread(NOW)[0]
    assert (spread.parts, spread.percent) == ("2 / 6", pytest.approx(100 * 2 / 6))


def test_recommendation_is_promoters_less_detractors() -> None:
    week = make_counted_week(1, ProductFactory.create())
    for score, number in ((10, 3), (9, 2), (8, 3), (6, 1), (0, 1)):
        file_reports(week, *[4] * number, recommends=score)
    figure = measures.spread(NOW)[1]
    assert (figure.score, figure.parts, figure.percent) == (30, "(5 − 2) / 10", None)


# --- Loyalty ----------------------------------------------------------------------------


def test_loyalty_equals_a_recount() -> None:
    random = Random(11)
    first = again = 0
    for _ in range(60):
        joined_at = NOW - timedelta(days=random.randint(80, 260), hours=random.randint(0, 23))
        fan = make_fan(joined_at=joined_at)
        days = sorted({random.randint(0, 130) for _ in range(random.randint(0, 4))})
        for day in days:
            act(fan, joined_at + day * DAY)
        if not 112 <= (NOW - joined_at) / DAY < 112 + 13 * 7:
            continue
        if any(day < 28 for day in days):
            first += 1
            again += any(84 <= day < 112 for day in days)
    assert first >= 5
    figure = measures.loyalty(NOW)[0]
    assert (figure.parts, figure.percent) == (f"{again} / {first}", 100 * again / first)


@pytest.mark.parametrize(("day", "counts"), [(83, 0), (84, 1), (111, 1), (112, 0)])
def test_weeks_12_to_15_begin_and_end_with_their_days(day: int, counts: int) -> None:
    joined_at = NOW - 120 * DAY
    fan = make_fan(joined_at=joined_at)
    act(fan, joined_at)
    act(fan, joined_at + day * DAY)
    assert metrics.loyalty(NOW) == metrics.Share(counts, 1)


def test_staff_are_no_fans_here() -> None:
    joined_at = NOW - 120 * DAY
    fan = make_fan(joined_at=joined_at, role=Role.ADMIN)
    act(fan, joined_at)
    assert metrics.loyalty(NOW) == metrics.Share(0, 0)


# --- The page ---------------------------------------------------------------------------


def test_the_loop_counts_answers_promises_and_days() -> None:
    late, answered = make_request(votes=3), make_request(votes=3)
    move(answered, Status.DECLINED)
    kept, broken = make_request(status=Status.PLANNED), make_request(status=Status.PLANNED)
    for wish in (kept, broken):
        actions.promise(feature_request=wish, week="2026-W50", actor=make_staff(), at=NOW)
    ship(kept, at=NOW + timedelta(days=8))
    figures = measures.loop(NOW + timedelta(days=60))
    assert [figure.parts for figure in figures] == ["1 / 2", "1 / 2", "/ 1"]
    assert (figures[0].percent, figures[1].percent, figures[2].score) == (50, 50, 8)
    assert late.answered_at is None


def test_nothing_is_no_data_and_never_nought(client: Client) -> None:
    client.force_login(make_staff())
    page = client.get("/staff/measures/").content.decode()
    assert page.count("no data") == 11
    assert "0.0" not in page


def test_a_handful_is_not_shown(client: Client) -> None:
    for _ in range(4):
        act(make_fan(), NOW)
    figures = [figure for each in measures.MEASURES for figure in each.figures(NOW)]
    assert [figure for figure in figures if figure.percent is not None] == []
    assert [str(figure.title) for figure in figures if figure.is_small] == [
        "Fans who took part",
        "Done by the busiest 1 %",
        "Done by the busiest 10 %",
        "Came by invitation",
    ]


def test_a_measure_that_fails_leaves_the_others(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fans.ledger.metrics.loyalty", lambda at: 1 / 0)
    client.force_login(make_staff())
    page = client.get("/staff/measures/").content.decode()
    assert page.count("not known just now") == 1
    assert page.count("no data") == 10


def test_each_measure_says_what_it_counts() -> None:
    for each in measures.MEASURES:
        for figure in each.figures(NOW):
            assert isinstance(figure, Figure)
            assert str(figure.definition).endswith(".")


@pytest.mark.parametrize("weeks", [1, 3])
def test_the_page_costs_as_much_for_one_week_as_for_three(
    client: Client, weeks: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    product = ProductFactory.create()
    for weeks_ago in range(1, weeks + 1):
        file_reports(make_counted_week(weeks_ago, product), 5, 4, 3, 2, 1)
    client.force_login(make_staff())
    client.get("/staff/measures/")
    with django_assert_num_queries(16):
        client.get("/staff/measures/")
