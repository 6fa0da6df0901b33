"""Who may judge what; asked by views, templates and actions alike."""

from datetime import datetime, timedelta

from community.moderation.models import Case, Sanction
from community.threads.models import State
from community.threads.permissions import may_moderate_post
from fans.accounts.models import Fan, Reader, Role
from fans.tiers.models import Tier, tier_of

YOUNG_FOR = timedelta(days=7)


def flags_as_core(fan: Fan) -> bool:
    """Whose flags hide a post: core fans and above, and founding fans (A2)."""
    return tier_of(fan) in {Tier.CORE, Tier.HONORARY_DEV} or fan.founding_since_date is not None


def keeps_order_everywhere(reader: Reader) -> bool:
    return isinstance(reader, Fan) and "site" in reader.moderation_scopes


def may_decide(reader: Reader, case: Case) -> bool:
    """In scope, and neither one's own words nor one's own case (spec §1)."""
    if not isinstance(reader, Fan) or case.about_id == reader.pk:
        return False
    if case.post is not None:
        return may_moderate_post(reader, case.post)
    return keeps_order_everywhere(reader)


def may_sanction(reader: Reader, person: Fan) -> bool:
    """Never oneself; staff answer to admins, moderators to staff."""
    if not isinstance(reader, Fan) or not reader.moderates_anything or reader.pk == person.pk:
        return False
    if person.erased_at is not None or person.imported_as:
        return False  # nobody is there to be told
    if person.is_staff:
        return reader.is_admin
    return reader.is_staff or person.role != Role.MODERATOR


def may_second(reader: Reader, sanction: Sanction) -> bool:
    """The second person (A3): neither who proposed it nor whom it is about."""
    return (
        keeps_order_everywhere(reader)
        and may_sanction(reader, sanction.fan)
        and isinstance(reader, Fan)
        and reader.pk != sanction.proposed_by_id
    )


def may_lift(reader: Reader, sanction: Sanction) -> bool:
    """Whoever judges people everywhere; a proposal also by who made it."""
    if not isinstance(reader, Fan) or reader.pk == sanction.fan_id:
        return False
    is_own_proposal = sanction.effective_at is None and sanction.proposed_by_id == reader.pk
    return is_own_proposal or (
        keeps_order_everywhere(reader) and may_sanction(reader, sanction.fan)
    )


def one_person_bans(person: Fan, at: datetime) -> bool:
    """A3: an account younger than 7 days without an approved post needs no second person."""
    is_young = at - person.joined_at < YOUNG_FOR
    return is_young and not person.posts.filter(state=State.PUBLISHED).exists()
