"""Telling everyone what the week said (spec §6, O7)."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from community.feature_requests.actions.telling import record_step
from community.feature_requests.models import Lens
from community.fridays.actions.awarding import give_award
from community.fridays.actions.judging import tell_judgements
from community.fridays.actions.quoting import announce_quotations
from community.fridays.actions.reporting import lock_week
from community.fridays.counting import counts_of, figures_of, kept_base
from community.fridays.models import (
    AWARD_MOVED,
    Award,
    Cycle,
    CycleState,
    ReleaseItem,
    ReleaseState,
    WeeklyReport,
)
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.notifications.actions import tell


class NotToBePublished(Exception):
    """Not counted yet, too early, or held back by somebody."""


@transaction.atomic
def publish(*, cycle: Cycle, at: datetime) -> bool:
    """Show the figures to everyone, write the verdict into each wish's story, tell who reported.

    False when they are public already.
    """
    locked = lock_week(cycle)
    if locked.published_at is not None:
        return False
    if locked.frozen_at is None or locked.hold_at is not None or at < locked.publish_at:
        raise NotToBePublished
    locked.published_at = at
    if locked.state != CycleState.WITHDRAWN:
        locked.state = CycleState.PUBLISHED
    locked.save(update_fields=["published_at", "state"])
    report = newest_report(locked)
    _write_verdicts(locked, report.figures, at)
    tell_judgements(locked)
    tell(
        kind="results_published",
        subject=locked.subject,
        key=f"results_published:{locked.subject}",
        at=at,
        facts={
            "cycle": locked.pk,
            "product": locked.product.name,
            "week": locked.week,
            "url": results_url(locked),
        },
    )
    announce_quotations(locked, at)
    return True


def newest_report(cycle: Cycle) -> WeeklyReport:
    return cycle.weekly_reports.order_by("-version")[0]


def results_url(cycle: Cycle) -> str:
    return reverse("results", args=[cycle.product.slug, cycle.week])


def _write_verdicts(cycle: Cycle, figures: dict[str, Any], at: datetime) -> None:
    said = {row["item"]: row for row in figures["items"]}
    awarded = set(Award.objects.filter(cycle=cycle).values_list("item", flat=True))
    for item in _judged_items(cycle, awarded):
        row = said.get(item.pk, {"loved": 0, "not_good": 0})
        facts: dict[str, Any] = {
            "week": cycle.week,
            "product": cycle.product.name,
            "is_small": figures["is_small"],
            "is_awarded": item.pk in awarded,
        }
        if not figures["is_small"]:
            facts |= {"loved": row["loved"], "not_good": row["not_good"]}
            facts |= {"count": figures["count"], "satisfaction": figures["satisfaction"]["share"]}
        assert item.feature_request is not None  # noqa: S101
        record_step(
            feature_request=item.feature_request,
            kind="verdict",
            key=cycle.subject,
            at=at,
            url=results_url(cycle),
            facts=facts,
            thread=item.release.thread,
        )


def _judged_items(cycle: Cycle, awarded: set[int]) -> list[ReleaseItem]:
    """One for each wish, by number: what won, or else what is still out, or else the newest."""
    items = ReleaseItem.objects.filter(release__cycle=cycle, feature_request__isnull=False)

    def rank(item: ReleaseItem) -> tuple[bool, bool, int]:
        return item.pk in awarded, item.release.state == ReleaseState.PUBLISHED, item.pk

    found = sorted(items.select_related("feature_request", "release__thread"), key=rank)
    by_wish = {item.feature_request_id or 0: item for item in found}
    return [item for _, item in sorted(by_wish.items())]


@transaction.atomic
def hold(*, cycle: Cycle, reason: str, actor: Fan, at: datetime) -> bool:
    """Keep the figures back, in public and with a reason; False when they are out or held."""
    locked = lock_week(cycle)
    if locked.published_at is not None or locked.hold_at is not None:
        return False
    locked.hold_at, locked.hold_reason = at, reason
    locked.save(update_fields=["hold_at", "hold_reason"])
    record(actor=actor, verb="results held", subject=locked.subject, at=at, reason=reason)
    return True


@transaction.atomic
def release_hold(*, cycle: Cycle, actor: Fan, at: datetime) -> bool:
    """Let the figures go out at their hour, or at once when it has passed; False when none were held."""
    locked = lock_week(cycle)
    if locked.hold_at is None:
        return False
    locked.hold_at, locked.hold_reason = None, ""
    locked.save(update_fields=["hold_at", "hold_reason"])
    record(actor=actor, verb="results hold released", subject=locked.subject, at=at)
    if locked.frozen_at is not None and at >= locked.publish_at:
        publish(cycle=locked, at=at)
    return True


@transaction.atomic
def correct(*, cycle: Cycle, note: str, actor: Fan, at: datetime) -> WeeklyReport:
    """Count again and show the outcome as a new version beside the old, saying why (O7).

    It is measured against what the first count was, and moves no award: whoever won was told so.
    """
    locked = lock_week(cycle)
    if locked.frozen_at is None:
        raise NotToBePublished
    counts = counts_of(locked)
    base = kept_base(newest_report(locked), counts)
    made = _new_version(locked, figures_of(locked, counts, base), asdict(base), note, at)
    record(actor=actor, verb="results corrected", subject=locked.subject, at=at, reason=note)
    return made


def award_again(cycle: Cycle, at: datetime) -> bool:
    """What won was recalled: the next in rank has it, and the title (O9). Once the week is public
    a new version says so. The week is locked; False when what won is still out.
    """
    won = Award.objects.filter(cycle=cycle)
    if not won.exclude(item__release__state=ReleaseState.PUBLISHED).exists():
        return False
    newest, counts = newest_report(cycle), counts_of(cycle)
    awarded_at = max(won.values_list("awarded_at", flat=True))
    won.delete()
    site_count = kept_base(newest, counts).site_count
    give_award(cycle, counts.said[Lens.EVERYONE], site_count, awarded_at)
    if cycle.published_at is not None:
        _new_version(cycle, newest.figures, newest.base, AWARD_MOVED, at)
    return True


def _new_version(
    cycle: Cycle, figures: dict[str, Any], base: dict[str, Any], note: str, at: datetime
) -> WeeklyReport:
    number = newest_report(cycle).version + 1
    made = WeeklyReport.objects.create(
        cycle=cycle, version=number, figures=figures, base=base, note=note, made_at=at
    )
    if cycle.published_at is not None:
        _write_verdicts(cycle, figures, cycle.published_at)
    return made
