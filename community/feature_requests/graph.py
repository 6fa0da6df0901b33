"""The life of a wish, as a table (spec §5): from where to where, and what must be said with it."""

from community.feature_requests.models import ON_THE_WAY, Status

# What people of the company choose. Merging, shipping, withdrawing, an answered question and the
# sweep of stale ones are acts of their own.
STEPS: dict[Status, set[Status]] = {
    Status.SUBMITTED: {Status.NEEDS_INFO, Status.UNDER_REVIEW, Status.DECLINED},
    Status.REOPENED: {Status.UNDER_REVIEW},
    Status.UNDER_REVIEW: {Status.PLANNED, Status.NEEDS_INFO, Status.DECLINED},
    Status.PLANNED: {Status.IN_DEVELOPMENT, Status.IN_TESTING, Status.UNDER_REVIEW},
    Status.IN_DEVELOPMENT: {Status.IN_TESTING, Status.UNDER_REVIEW},
    Status.IN_TESTING: {Status.UNDER_REVIEW},
    Status.SHIPPED: {Status.REOPENED},
    Status.DECLINED: {Status.REOPENED},
    Status.CLOSED_STALE: {Status.REOPENED},
}
# Moderators sort what comes in; what is promised and refused is the company's to say.
TRIAGE: dict[Status, set[Status]] = {
    Status.SUBMITTED: {Status.NEEDS_INFO, Status.UNDER_REVIEW},
    Status.REOPENED: {Status.UNDER_REVIEW},
}
NEEDS_RESPONSE = {Status.NEEDS_INFO, Status.PLANNED, Status.SHIPPED, Status.DECLINED}  # F1


def steps_from(status: str, *, is_staff: bool) -> list[Status]:
    """Where a wish may go from here by this person's hand, in the order of its life."""
    table = STEPS if is_staff else TRIAGE
    return [each for each in Status if each in table.get(Status(status), set())]


def needs_reason(was: str, became: str) -> bool:
    """Declining says why, and so does every step back (F1)."""
    goes_back = became == Status.UNDER_REVIEW and was in ON_THE_WAY
    return became in {Status.DECLINED, Status.REOPENED} or goes_back
