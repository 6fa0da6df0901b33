"""What each tier asks for (spec §3): numbers are configuration, kept here alone."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RULE_VERSION = 1


@dataclass(frozen=True)
class Measure:
    """One thing that is looked at: `key` is a field of `facts.Facts`."""

    key: str
    threshold: int
    at_most: bool = False
    either: bool = False  # of those so marked in a step, one is enough


# Casual → core, by itself.
CORE = (
    Measure("is_active", 1),
    Measure("is_verified", 1),
    Measure("account_days", 28),
    Measure("score90", 60),
    Measure("validated90", 30),
    Measure("weeks13", 4),
    Measure("families90", 2),
    Measure("sanctions90", 0, at_most=True),
)
# Core → may be nominated for honorary developer, never by itself.
ELIGIBLE = (
    Measure("is_active", 1),
    Measure("core_days", 60),
    Measure("score180", 300),
    Measure("product180", 3),
    Measure("reports13", 8),
    Measure("sanctions180", 0, at_most=True),
)
KEEP_CORE = (Measure("score90", 30),)
KEEP_HONORARY = (
    Measure("reports13", 4, either=True),
    Measure("product90", 1, either=True),
    Measure("score180", 100),
)

STEPS: dict[str, tuple[Measure, ...]] = {
    "core": CORE,
    "eligible": ELIGIBLE,
    "keep_core": KEEP_CORE,
    "keep_honorary": KEEP_HONORARY,
}

LABELS: dict[str, str | Promise] = {
    "is_active": _("Account in good order: verified, not suspended, not leaving"),
    "is_verified": _("E-mail address confirmed"),
    "account_days": _("Days since joining"),
    "core_days": _("Days as a core fan without grace"),
    "score90": _("Points in 90 days"),
    "score180": _("Points in 180 days"),
    "validated90": _("of these, points somebody else confirmed"),
    "weeks13": _("Weeks with a deed, of the last 13"),
    "families90": _("Kinds of contribution in 90 days"),
    "product90": _("Product deeds in 90 days"),
    "product180": _("Product deeds or quoted reports in 180 days"),
    "reports13": _("Reports filed, of the last 13 weeks that had one"),
    "sanctions90": _("Sanctions in 90 days"),
    "sanctions180": _("Sanctions in 180 days"),
}
# Said as yes or no rather than as a number.
YES_OR_NO = {"is_active", "is_verified"}

DECIDED_FROM = 30  # a casual fan at half the points gets a decision on record
GIVERS_NEEDED = 4  # accepted answers and helpful marks count from so many different fans
GIVEN_KINDS = ("answer.accepted", "reply.helpful")
WEEKS_LOOKED_AT = 13

RUN_WEEKDAY, RUN_HOUR = 3, 3  # Thursday 03:00 of the platform (T1)
PROTECTED_RUNS = 4  # T2: 28 days end with the fourth run after
GRACE_RUNS = 4  # T3, T5
STATE_LASTS = timedelta(days=28)
REST_LASTS = timedelta(days=7)  # T8
GRACE_REMINDER_DAYS = (14, 25)  # T3, besides day 0

BREAKER_COUNT, BREAKER_PERCENT, BREAKER_QUARTER = 5, 2, 4  # T7
SEAT_KEPT_WHILE_FROZEN = timedelta(days=30)  # T9
OFFER_STANDS = timedelta(days=7)  # T10
APPROVAL_LASTS = timedelta(days=90)  # T12
OBSERVED_RUNS = 8  # T14: so many before an admin may end observing


def is_met(measure: Measure, value: int) -> bool:
    return value <= measure.threshold if measure.at_most else value >= measure.threshold


def mass_limit_exceeded(*, demoted: int, holders: int) -> bool:
    """T7: more than max(5, 2 %) of a tier or more than a quarter; one person is never a mass."""
    many = demoted > max(BREAKER_COUNT, holders * BREAKER_PERCENT / 100)
    return many or (demoted > 1 and demoted * BREAKER_QUARTER > holders)
