"""How bad × how often → how urgent → who answers, and until when (spec §6)."""

from datetime import datetime, timedelta

from community.feedback.models import Category, Frequency, Priority, Severity
from fans.site.working_time import working_days_after

_ROWS = {
    Severity.S1: "P0 P0 P0 P1",
    Severity.S2: "P0 P1 P1 P2",
    Severity.S3: "P1 P2 P2 P3",
    Severity.S4: "P2 P3 P3 P3",
}
MATRIX: dict[tuple[str, str], Priority] = {
    (severity, frequency): Priority(priority)
    for severity, row in _ROWS.items()
    for frequency, priority in zip(Frequency, row.split(), strict=True)
}

P0_HOURS = 4  # round the clock
WORKING_DAYS = {Priority.P1: 1, Priority.P2: 3, Priority.P3: 7}

BUG_POINTS = {Severity.S4: 3, Severity.S3: 6, Severity.S2: 12, Severity.S1: 20}

LARGEST_LOG_BYTES = 5 * 1024 * 1024
RELEASE_MINUTES = 10  # A1: first words without link, picture or watched word
POINTS_FROM_FORMS = 3  # so many paper forms make a batch that earns points
MOST_FORMS = 200  # in one batch

# Who answers where a company named nobody at the desk: the team of that name.
FIRST_DEPARTMENTS = {
    Category.BUG: "R&D",
    Category.PERFORMANCE: "R&D",
    Category.USABILITY: "Design",
    Category.MISSING_FEATURE: "Product",
    Category.CONTENT: "Content",
    Category.SERVICE: "Service",
    Category.EVENT: "Community",
    Category.ACCOUNT: "Security",
    Category.SAFETY: "Security",
}


def priority_of(severity: str, frequency: str) -> Priority:
    return MATRIX[severity, frequency]


def answer_due(priority: str, since: datetime) -> datetime:
    """P0 in four hours round the clock; the rest in working days, ending at the same hour."""
    if priority == Priority.P0:
        return since + timedelta(hours=P0_HOURS)
    return working_days_after(since, WORKING_DAYS[Priority(priority)])


def bug_points(severity: str, *, is_first: bool) -> int:
    """The first reporter in full, later ones half, rounded down."""
    points = BUG_POINTS[Severity(severity)]
    return points if is_first else points // 2
