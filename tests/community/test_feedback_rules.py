"""How bad × how often → how urgent → who answers, and until when (spec §6)."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from community.feedback.actions import department_for, name_departments
from community.feedback.models import Category, Department, Frequency, Severity
from community.feedback.rules import FIRST_DEPARTMENTS, answer_due, bug_points, priority_of
from community.products.models import Team
from fans.accounts.models import ReservedName
from fans.audit.models import AuditEntry
from fans.site.models import Holiday
from tests.factories import NOW, make_admin

TABLE = {
    "S1": ["P0", "P0", "P0", "P1"],
    "S2": ["P0", "P1", "P1", "P2"],
    "S3": ["P1", "P2", "P2", "P3"],
    "S4": ["P2", "P3", "P3", "P3"],
}


@pytest.mark.parametrize(("severity", "frequency"), [*product(Severity.values, Frequency.values)])
def test_the_priority_is_the_one_in_the_table(severity: str, frequency: str) -> None:
    assert priority_of(severity, frequency) == TABLE[severity][int(frequency[1]) - 1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("priority", "due"),
    [
        ("P0", NOW + timedelta(hours=4)),  # round the clock
        ("P1", datetime(2026, 11, 23, 9, 0, tzinfo=UTC)),  # Monday, the same hour
        ("P2", datetime(2026, 11, 25, 9, 0, tzinfo=UTC)),
        ("P3", datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
    ],
)
def test_an_answer_is_due_by_priority(priority: str, due: datetime) -> None:
    assert answer_due(priority, NOW) == due


@pytest.mark.django_db
@pytest.mark.parametrize("is_named", [True, False])
def test_every_combination_gives_exactly_one_department(is_named: bool) -> None:
    """By name of the team, also before anybody at the desk said so."""
    for name in ("Care", *FIRST_DEPARTMENTS.values()):
        Team.objects.get_or_create(name=name, slug=name.lower().replace("&", "-"))
    if is_named:
        teams = {c.value: Team.objects.get(name=n) for c, n in FIRST_DEPARTMENTS.items()}
        name_departments(teams=teams, actor=None, at=NOW)
    for category, severity, frequency in product(Category, Severity, Frequency):
        assert priority_of(severity, frequency)
        assert department_for(category).name == FIRST_DEPARTMENTS[category]
    assert Department.objects.count() == (len(Category) if is_named else 0)


@pytest.mark.django_db
def test_a_site_without_any_team_still_takes_the_report() -> None:
    assert {department_for(category).name for category in Category} == {"Product"}
    assert Team.objects.count() == 1
    assert ReservedName.objects.get().kept_for == f"team:{Team.objects.get().pk}"


@pytest.mark.django_db
def test_what_nobody_was_named_for_goes_to_the_first_team() -> None:
    first = Team.objects.create(name="Care", slug="care")
    other = Team.objects.create(name="R&D", slug="r-d")
    name_departments(teams={"bug": other}, actor=None, at=NOW)
    assert department_for("bug") == other
    assert department_for("event") == first


@pytest.mark.django_db
def test_naming_the_same_departments_again_is_logged_once() -> None:
    team = Team.objects.create(name="Care", slug="care")
    for _ in range(2):
        name_departments(teams={"bug": team}, actor=make_admin(), at=NOW)
    assert AuditEntry.objects.count() == 1


def test_the_first_finder_gets_the_points_in_full_and_later_ones_half() -> None:
    full = [bug_points(s, is_first=True) for s in ("S4", "S3", "S2", "S1")]
    half = [bug_points(s, is_first=False) for s in ("S4", "S3", "S2", "S1")]
    assert full == [3, 6, 12, 20]
    assert half == [1, 3, 6, 10]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("priority", "due"),
    [
        ("P0", datetime(2027, 2, 5, 13, 0, tzinfo=UTC)),  # the night before the feast
        ("P1", datetime(2027, 2, 15, 9, 0, tzinfo=UTC)),
        ("P2", datetime(2027, 2, 17, 9, 0, tzinfo=UTC)),
        ("P3", datetime(2027, 2, 22, 9, 0, tzinfo=UTC)),  # the Saturday worked counts
    ],
)
def test_over_spring_festival_only_working_days_count(priority: str, due: datetime) -> None:
    """Told on Friday 5 February 2027 at 17:00; a week off, and a Saturday worked for it."""
    for day in range(8, 13):
        Holiday.objects.create(date=date(2027, 2, day), name="Spring Festival", is_open=False)
    Holiday.objects.create(date=date(2027, 2, 20), name="Worked for it", is_open=True)
    assert answer_due(priority, datetime(2027, 2, 5, 9, 0, tzinfo=UTC)) == due
