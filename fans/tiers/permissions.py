from datetime import datetime

from fans.accounts.models import Fan, Reader, Role
from fans.tiers.models import (
    Nomination,
    NominationState,
    Tier,
    TierRun,
    keeps_order_everywhere,
    tier_of,
)
from fans.tiers.rules import OBSERVED_RUNS


def may_nominate(reader: Reader, nominee: Fan, at: datetime) -> bool:
    """Honorary developers, hosts, founding fans, moderators and staff; nobody themself (§1, A2)."""
    if not isinstance(reader, Fan) or reader.pk == nominee.pk or nominee.is_staff:
        return False
    return (
        reader.moderates_anything
        or tier_of(reader) == Tier.HONORARY_DEV
        or reader.founding_since_date is not None
        or reader.hostings.standing(at).exists()
    )


def may_review(reader: Reader, nomination: Nomination) -> bool:
    """T12: neither who nominated nor who is nominated; moderators for the site, and staff."""
    return (
        isinstance(reader, Fan)
        and keeps_order_everywhere(reader)
        and reader.pk not in {nomination.nominator_id, nomination.nominee_id}
    )


def may_approve(reader: Reader, nomination: Nomination) -> bool:
    """Whether this person's place among the two is still empty."""
    if nomination.state != NominationState.UNDER_REVIEW or not may_review(reader, nomination):
        return False
    taken = nomination.staff_id if _is_staff(reader) else nomination.moderator_id
    return taken is None


def reviewers(at: datetime) -> dict[str, set[int]]:
    """Who may decide about nominations at all, by office (T12)."""
    people = Fan.objects.active(at)
    of_site = people.filter(role=Role.MODERATOR, scopes__scope="site")
    staff = people.filter(role__in=[Role.STAFF, Role.ADMIN])
    return {
        "moderator": set(of_site.values_list("pk", flat=True)),
        "staff": set(staff.values_list("pk", flat=True)),
    }


def offices_without_anyone(nomination: Nomination, people: dict[str, set[int]]) -> list[str]:
    """Where nobody is left who is not part of it: it waits for somebody to be appointed (T12)."""
    part_of_it = {nomination.nominator_id, nomination.nominee_id}
    return [
        office
        for office, may in people.items()
        if getattr(nomination, f"{office}_id") is None and not may - part_of_it
    ]


def may_end_observing() -> bool:
    """T14: at the earliest after so many runs."""
    return TierRun.objects.filter(ran_at__isnull=False, is_rest=False).count() >= OBSERVED_RUNS


def _is_staff(reader: Reader) -> bool:
    return isinstance(reader, Fan) and reader.is_staff
