"""What a deed is worth: the table of spec §2. Numbers are configuration, kept here alone."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fans.ledger.models import Family

RULE_VERSION = 1

# L5: so often does the same giver count for the same receiver: (times, days).
GIVER_LIMITS = ((2, 30), (6, 180))


@dataclass(frozen=True)
class Cap:
    """At most `deeds` in one `per`: "day", "week" (ISO, of the platform), "ever" or a number of
    days that rolls ("30 days").
    """

    deeds: int
    per: str


@dataclass(frozen=True)
class Kind:
    family: Family
    points: int
    label: str | Promise
    validated: bool = True
    caps: tuple[Cap, ...] = ()
    givers: int = 1  # so many of those who confirmed it must count (L5), if it names any


KINDS: dict[str, Kind] = {
    "post.basic": Kind(
        Family.TALK, 1, _("a post others answered"), False, (Cap(1, "day"), Cap(5, "week"))
    ),
    "thread.featured": Kind(Family.TALK, 10, _("a featured thread"), True, (Cap(3, "week"),)),
    "reply.helpful": Kind(Family.HELP, 2, _("a helpful reply"), True, (Cap(10, "day"),), givers=3),
    "answer.accepted": Kind(Family.HELP, 8, _("an accepted answer"), True, (Cap(5, "day"),)),
    "guide.published": Kind(Family.HELP, 6, _("a guide for all"), True, (Cap(2, "week"),)),
    "review.published": Kind(Family.HELP, 6, _("a review for all"), True, (Cap(2, "week"),)),
    # 2 points when late
    "report.filed": Kind(Family.FEEDBACK, 5, _("a four-grid report"), False, (Cap(1, "week"),)),
    # once a cycle: the subject is the cycle
    "report.cited": Kind(Family.FEEDBACK, 5, _("a report that was quoted")),
    "offline.recorded": Kind(
        Family.FEEDBACK, 6, _("voices from paper"), True, (Cap(2, "30 days"),)
    ),
    # 3 / 6 / 12 / 20 by severity
    "bug.confirmed": Kind(Family.PRODUCT, 3, _("a confirmed fault")),
    "request.planned": Kind(Family.PRODUCT, 10, _("a wish that was planned")),
    # 15 for a co-requester
    "request.shipped": Kind(Family.PRODUCT, 30, _("a wish that was shipped")),
    "meetup.attended": Kind(Family.OFFLINE, 8, _("a meetup attended"), True, (Cap(2, "30 days"),)),
    "meetup.organised": Kind(
        Family.OFFLINE, 25, _("a meetup organised"), True, (Cap(2, "30 days"),)
    ),
    "invite.activated": Kind(
        Family.TALK, 3, _("somebody invited who stayed"), False, (Cap(10, "ever"),)
    ),
    "sanction.warned": Kind(Family.SANCTION, -5, _("a warning"), False),
    "sanction.removed": Kind(Family.SANCTION, -10, _("a removed post"), False),
    "sanction.muted": Kind(Family.SANCTION, -20, _("a mute"), False),
}
