"""What people are told about their tier (settings.NOTICES); each is to one person alone."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fans.accounts.models import Fan
from fans.notifications.actions import tell
from fans.notifications.kinds import NoticeKind
from fans.notifications.models import Event
from fans.tiers.models import Nomination, Tier, TierRun, TierStanding
from fans.tiers.rules import LABELS


class _Own(NoticeKind):
    def url(self, facts: dict[str, Any]) -> str:
        return reverse("standing")

    def why(self, why: str) -> str:
        return _("because it is about your own standing")


class TierPromoted(_Own):
    kind = "tier_promoted"
    label = gettext_lazy("I come to a higher tier")

    def words(self, facts: dict[str, Any]) -> str:
        return _("You are now: %(tier)s. Thank you for what you do here.") % {
            "tier": Tier(facts["tier"]).label
        }


class TierGrace(_Own):
    kind = "tier_grace"
    label = gettext_lazy("My tier is at risk")

    def words(self, facts: dict[str, Any]) -> str:
        parts = {"tier": Tier(facts["tier"]).label, "missing": missing_in_words(facts["missing"])}
        if not facts["missing"]:
            return (
                _("You have what keeping your tier needs (%(tier)s). The next run ends the grace.")
                % parts
            )
        if facts["day"] == 0:
            return (
                _("To stay %(tier)s, something is missing: %(missing)s. You have 28 days.") % parts
            )
        return _("Day %(day)s of 28. To stay %(tier)s, still missing: %(missing)s.") % {
            **parts,
            "day": facts["day"],
        }


class TierDemoted(_Own):
    kind = "tier_demoted"
    label = gettext_lazy("I come to a lower tier")

    def words(self, facts: dict[str, Any]) -> str:
        return _("You are now: %(tier)s. Missing was: %(missing)s. The way back is open.") % {
            "tier": Tier(facts["tier"]).label,
            "missing": missing_in_words(facts["missing"]),
        }


class SeatOffered(_Own):
    kind = "seat_offered"
    label = gettext_lazy("I am offered a seat as honorary developer")

    def words(self, facts: dict[str, Any]) -> str:
        return _("A seat as honorary developer is yours, if you take it within 7 days.")

    def visible_to(self, event: Event, fan: Fan) -> bool:
        number = int(event.facts["nomination"])
        return bool(Nomination.objects.visible_to(fan).filter(pk=number, nominee=fan).exists())


class SeatLapsed(SeatOffered):
    kind = "seat_lapsed"
    label = gettext_lazy("A seat offered to me has lapsed")

    def words(self, facts: dict[str, Any]) -> str:
        return _("The seat you were offered has lapsed: 7 days went by without an answer.")


def missing_in_words(missing: list[dict[str, Any]]) -> str:
    """«Points in 90 days 21 of 30; …»"""
    return "; ".join(
        _("%(what)s: %(value)s of %(threshold)s")
        % {"what": LABELS[row["key"]], "value": row["value"], "threshold": row["threshold"]}
        for row in missing
    )


def tell_promoted(*, fan: Fan, run: TierRun, at: datetime) -> None:
    tell(
        kind=TierPromoted.kind,
        subject=f"fan:{fan.pk}",
        key=f"tier_promoted:{run.week}:{fan.pk}",
        at=at,
        to=[(fan, "standing")],
        facts={"tier": Tier.CORE.value},
    )


def tell_demoted(
    *, fan: Fan, run: TierRun, became: Tier, missing: list[dict[str, Any]], at: datetime
) -> None:
    tell(
        kind=TierDemoted.kind,
        subject=f"fan:{fan.pk}",
        key=f"tier_demoted:{run.week}:{fan.pk}",
        at=at,
        to=[(fan, "standing")],
        facts={"tier": became.value, "missing": missing},
    )


def grace_key(standing: TierStanding, day: int) -> str:
    begun = standing.state_at.timestamp() if standing.state_at else 0
    return f"tier_grace:{standing.pk}:{begun:.0f}:{day}"


def tell_grace(
    *, standing: TierStanding, day: int, missing: list[dict[str, Any]], at: datetime
) -> None:
    tell(
        kind=TierGrace.kind,
        subject=f"fan:{standing.pk}",
        key=grace_key(standing, day),
        at=at,
        to=[(standing.pk, "standing")],
        facts={"tier": standing.tier, "day": day, "missing": missing},
    )


def tell_seat(*, nomination: Nomination, kind: type[SeatOffered], at: datetime) -> None:
    tell(
        kind=kind.kind,
        subject=f"nomination:{nomination.pk}",
        key=f"{kind.kind}:{nomination.pk}",
        at=at,
        to=[(nomination.nominee_id, "standing")],
        facts={"nomination": nomination.pk},
    )
