"""The four measures of spec §10, equal to a count by hand."""

from datetime import datetime, timedelta
from math import sqrt
from random import Random

import pytest
from django.test import Client

from community.feature_requests import actions
from community.feature_requests.models import Status
from community.fridays.models import Cycle, CycleState, Report, WeeklyReport
from community.fridays.shares import recommend_of, satisfaction_of
from community.fridays.times import times_of
from community.products.models import Product
from config.measures import community, loop
from config.measures.registry import MEASURES, ON_TOP
from config.measures.shapes import Figure
from config.measures.sources import Sources
from fans.accounts.models import Fan, Role
from fans.clock.weeks import platform_date, week_of
from fans.ledger import metrics
from fans.ledger.models import ActiveDay
from fans.measures.models import ShareVisits
from tests.community.feature_requests import make_request, move, ship
from tests.community.fridays import make_cycle, make_published, on_the_way
from tests.factories import (
    NOW,
    BoardFactory,
    ProductFactory,
    make_fan,
    make_post,
    make_staff,
    make_thread,
)

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


def count(*cycles: Cycle) -> None:
    """As the freeze keeps a week: nothing of what fewer than five said."""
    for cycle in cycles:
        ratings = list(cycle.reports.values_list("overall", flat=True))
        said = cycle.reports.filter(would_recommend__isnull=False)
        recommend = recommend_of(list(said.values_list("would_recommend", flat=True)))
        satisfaction = satisfaction_of(ratings) if len(ratings) >= 5 else None
        version = cycle.weekly_reports.count() + 1
        figures = {"satisfaction": satisfaction, "recommend": recommend, "voice": []}
        WeeklyReport.objects.create(cycle=cycle, version=version, figures=figures, made_at=NOW)


def named(figures: list[Figure]) -> dict[str, Figure]:
    return {figure.spec.key + figure.segment: figure for figure in figures}


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
    week = make_counted_week(1, ProductFactory.create())
    file_reports(week, *[5] * 20, *[4] * 22, *[3] * 8)
    count(week)
    newest = community.satisfaction(Sources(NOW))[0]
    assert (newest.value, newest.made_of) == (84.0, "42 / 50")
    assert (newest.low, newest.high) == pytest.approx((71.5, 91.7), abs=0.05)
    assert newest.interval == "95 % interval: 71.5 to 91.7\N{NO-BREAK SPACE}%"


def test_the_newest_week_and_the_last_four_equal_a_recount() -> None:
    product, random = ProductFactory.create(), Random(4)
    filed: dict[int, list[int]] = {}
    for weeks_ago in (1, 2, 3, 5, 6):
        filed[weeks_ago] = [random.randint(1, 5) for _ in range(5 + weeks_ago)]
        week = make_counted_week(weeks_ago, product)
        file_reports(week, *filed[weeks_ago])
        count(week)
    newest, four = community.satisfaction(Sources(NOW))
    for figure, ratings in ((newest, filed[1]), (four, filed[1] + filed[2] + filed[3] + filed[5])):
        part = sum(rating >= 4 for rating in ratings)
        assert (figure.part, figure.whole) == (part, len(ratings))
        assert (figure.low, figure.high) == pytest.approx(wilson(part, len(ratings)), abs=0.01)
    means = [100 * sum(r >= 4 for r in filed[n]) / len(filed[n]) for n in (6, 5, 3, 2, 1)]
    assert [point.value for point in newest.past[:-1]] == pytest.approx(means)
    assert newest.past[-1].note == "not counted yet"
    assert newest.before == pytest.approx(means[:-1])


def test_a_correction_replaces_what_was_counted_first() -> None:
    week = make_counted_week(1, ProductFactory.create())
    file_reports(week, 5, 5, 5, 5, 5)
    count(week)
    file_reports(week, 1, 1, 1, 1, 1)
    count(week)
    assert community.satisfaction(Sources(NOW))[0].made_of == "5 / 10"


def test_few_reports_of_one_product_are_not_found_by_subtraction() -> None:
    """O4: the sum over products is of what each of them shows."""
    phone, watch = make_counted_week(1, ProductFactory.create()), None
    file_reports(phone, 5, 5, 5, 1, 1, 1)
    watch = make_counted_week(1, ProductFactory.create())
    file_reports(watch, 5, 5, 5, 5)
    count(phone, watch)
    found = named(community.satisfaction(Sources(NOW)))
    assert found["satisfaction"].made_of == "3 / 6"
    assert found[f"satisfactionproduct:{phone.product_id}"].made_of == "3 / 6"
    assert found[f"satisfactionproduct:{watch.product_id}"].is_small
    assert found[f"satisfactionproduct:{watch.product_id}"].value is None


def test_a_week_that_is_not_counted_yet_and_one_of_few_say_nothing() -> None:
    week = make_counted_week(1, ProductFactory.create())
    file_reports(week, 5, 5, 5, 5)
    count(week)
    found = community.satisfaction(Sources(NOW))
    assert [(f.value, f.is_small) for f in found] == [(None, True)] * 2
    assert found[0].past[0].note == "too few people to show"
    Cycle.objects.filter(pk=week.pk).update(frozen_at=None, state=CycleState.COLLECTING)
    found = community.satisfaction(Sources(NOW))
    assert [(f.value, f.is_small) for f in found] == [(None, False)] * 2
    Cycle.objects.filter(pk=week.pk).update(state=CycleState.SKIPPED, reason="Holiday")
    assert community.satisfaction(Sources(NOW))[0].past[0].note == "skipped"


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
    part, one, ten = community.participation(Sources(NOW))
    assert part.made_of == f"{len(taking_part)} / 40"
    assert part.value == pytest.approx(100 * len(taking_part) / 40)
    assert one.made_of == f"{ordered[0]} / {sum(ordered)}"  # a hundredth of them is one
    tenth = -(-len(ordered) // 10)
    assert ten.made_of == f"{sum(ordered[:tenth])} / {sum(ordered)}"


def test_the_window_is_28_days_of_the_platform() -> None:
    fan = make_fan()
    act(fan, NOW - 28 * DAY)
    assert metrics.taking_part(NOW).acting == 0
    act(fan, NOW - 27 * DAY)
    assert metrics.taking_part(NOW).acting == 1


# --- Word of mouth ----------------------------------------------------------------------


def test_invitations_equal_a_recount() -> None:
    host = make_fan()
    for days in (1, 27, 28, 90):
        make_fan(invited_by=host, joined_at=NOW - days * DAY)
    make_fan(invited_by=host, joined_at=NOW - DAY, verified_at=None)  # never came in
    make_fan(joined_at=NOW - DAY)
    make_fan(joined_at=NOW + DAY, verified_at=NOW + DAY)  # not here yet
    spread = community.word_of_mouth(Sources(NOW))[0]
    assert (spread.made_of, spread.value) == ("2 / 6", pytest.approx(100 * 2 / 6))


def test_recommendation_is_promoters_less_detractors() -> None:
    week = make_counted_week(1, ProductFactory.create())
    for score, number in ((10, 3), (9, 2), (8, 3), (6, 1), (0, 1)):
        file_reports(week, *[4] * number, recommends=score)
    few = make_counted_week(2, week.product)
    file_reports(few, 1, 1, 1, 1, recommends=0)  # as many as the week itself does not show
    long_ago = make_counted_week(14, week.product)
    file_reports(long_ago, 1, 1, 1, 1, 1, recommends=0)
    count(week, few, long_ago)
    figure = community.word_of_mouth(Sources(NOW))[2]
    assert (figure.value, figure.words, figure.made_of) == (30, "30", "(5 − 2) / 10")


def test_visits_are_those_of_28_days_and_their_past_is_counted_alike() -> None:
    today = platform_date(NOW)
    for days, visits in ((0, 3), (27, 4), (28, 100), (40, 7)):
        ShareVisits.objects.create(day=today - days * DAY, count=visits)
    figure = community.word_of_mouth(Sources(NOW))[1]
    assert (figure.part, figure.words) == (7, "7")
    # Today is a Friday; the Sunday before saw the 27th, 28th and, of its 28 days, not the 40th.
    assert [point.value for point in figure.past][-1] == 104
    assert len(figure.past) == 6


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
    figure = community.loyalty(Sources(NOW))[0]
    assert (figure.made_of, figure.value) == (f"{again} / {first}", 100 * again / first)


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


# --- The loop, and the company ------------------------------------------------------------


def test_the_loop_counts_answers_credits_promises_and_days() -> None:
    late, answered = make_request(votes=3), make_request(votes=3)
    move(answered, Status.DECLINED)
    kept, broken = make_request(status=Status.PLANNED), make_request(status=Status.PLANNED)
    for wish in (kept, broken):
        actions.promise(feature_request=wish, week="2026-W50", actor=make_staff(), at=NOW)
    for wish, days in ((kept, 8), (make_request(status=Status.PLANNED), 20)):
        ship(wish, at=NOW + timedelta(days=days))
    release = make_published(make_cycle(), on_the_way(make_request(status=Status.PLANNED)))
    found = named(loop.loop(Sources(NOW + timedelta(days=60))))
    assert found["answers_in_time"].made_of == "1 / 2"
    assert found["promises_kept"].made_of == "1 / 2"
    assert release.credits.count() == 1
    assert found["shipped_with_credit"].made_of == "1 / 3"
    # The middle one of 0, 8 and 20 days.
    assert (found["planned_to_shipped"].words, found["planned_to_shipped"].made_of) == (
        "8",
        "of 3 wishes",
    )
    assert late.answered_at is None


def test_the_company_is_counted_by_board_and_nobody_by_name() -> None:
    shown, quiet, quieter = (BoardFactory.create(name=name) for name in ("Watch", "Cars", "Tea"))
    staff = make_staff(display_name="Mikan")
    for board, number, answers in ((shown, 6, 3), (quiet, 3, 1), (quieter, 2, 2)):
        for n in range(number):
            thread = make_thread(board=board, created_at=NOW - 3 * DAY, replies=1)
            if n < answers:
                for hours in (2 + 10 * n, 60):
                    at = thread.created_at + timedelta(hours=hours)
                    make_post(thread, author=staff, is_official=True, created_at=at)
    make_thread(board=shown, author=staff, created_at=NOW - DAY)  # the company's own
    make_thread(board=shown, created_at=NOW - 28 * DAY)
    make_post(make_thread(board=shown, created_at=NOW - 29 * DAY), is_official=True)
    whole, watch, others = loop.presence(Sources(NOW))
    assert (whole.segment, whole.made_of) == ("", "6 / 11")
    assert (watch.name, watch.parts) == ("Watch", "3 / 6 · first answer after 12 hours")
    assert (others.name, others.parts) == (
        "Quieter boards together",
        "3 / 5 · first answer after 2 hours",
    )


def test_each_figure_says_what_it_counts() -> None:
    for measure in MEASURES:
        assert measure.specs
        for spec in measure.specs:
            assert str(spec.definition).endswith(".")


def test_nothing_is_no_data_and_never_nought(client: Client) -> None:
    client.force_login(make_staff())
    page = client.get("/staff/measures/").content.decode()
    figures = sum(len(measure.figures(Sources(NOW))) for measure in MEASURES)
    assert page.count("<span>no data</span>") == len(ON_TOP) + figures
    assert "0.0" not in page


def test_few_people_are_not_shown() -> None:
    for _ in range(4):
        act(make_fan(), NOW)
    sources = Sources(NOW)
    figures = [figure for measure in MEASURES for figure in measure.figures(sources)]
    assert [figure for figure in figures if figure.value is not None] == []
    assert [figure.spec.key for figure in figures if figure.is_small] == [
        "participation",
        "busiest_1",
        "busiest_10",
        "invited",
    ]
