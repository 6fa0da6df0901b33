"""What a deed is worth: the table of spec §2. Numbers are configuration, kept here alone."""

from dataclasses import dataclass

from fans.ledger.models import Family

RULE_VERSION = 1


@dataclass(frozen=True)
class Cap:
    """At most `deeds` in one `per`: "day", "week" (ISO, of the platform), "cycle", "ever" or a number of days that rolls."""

    deeds: int
    per: str


@dataclass(frozen=True)
class Kind:
    family: Family
    points: int
    validated: bool = True
    caps: tuple[Cap, ...] = ()


KINDS: dict[str, Kind] = {
    "post.basic": Kind(Family.TALK, 1, False, (Cap(1, "day"), Cap(5, "week"))),
    "thread.featured": Kind(Family.TALK, 10, True, (Cap(3, "week"),)),
    "reply.helpful": Kind(Family.HELP, 2, True, (Cap(10, "day"),)),
    "answer.accepted": Kind(Family.HELP, 8, True, (Cap(5, "day"),)),
    "guide.published": Kind(Family.HELP, 6, True, (Cap(2, "week"),)),
    "review.published": Kind(Family.HELP, 6, True, (Cap(2, "week"),)),
    "report.filed": Kind(Family.FEEDBACK, 5, False, (Cap(1, "week"),)),  # 2 when late
    "report.cited": Kind(Family.FEEDBACK, 5, True, ()),  # once a cycle: the subject is the cycle
    "offline.recorded": Kind(Family.FEEDBACK, 6, True, (Cap(2, "30 days"),)),
    "bug.confirmed": Kind(Family.PRODUCT, 3, True, ()),  # 3 / 6 / 12 / 20 by severity
    "request.planned": Kind(Family.PRODUCT, 10, True, ()),
    "request.shipped": Kind(Family.PRODUCT, 30, True, ()),  # 15 for a co-requester
    "meetup.attended": Kind(Family.OFFLINE, 8, True, (Cap(2, "30 days"),)),
    "meetup.organised": Kind(Family.OFFLINE, 25, True, (Cap(2, "30 days"),)),
    "invite.activated": Kind(Family.TALK, 3, False, (Cap(10, "ever"),)),
    "sanction.warned": Kind(Family.SANCTION, -5, False),
    "sanction.removed": Kind(Family.SANCTION, -10, False),
    "sanction.muted": Kind(Family.SANCTION, -20, False),
}
