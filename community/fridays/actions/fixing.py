"""Faults that fans told us of, and that a build mends (O6): said to be solved with it, taken up
again when it is recalled (F7).
"""

from datetime import datetime

from django.db.models import Q

from community.feedback.actions import take_step
from community.feedback.models import FeedbackItem, ItemState
from community.fridays.actions.crediting import thank
from community.fridays.models import CreditRole, Release, ReleaseItem
from fans.accounts.models import Fan


def faults_of(release: Release) -> list[tuple[ReleaseItem, FeedbackItem]]:
    """What its items mend, by number; what was told twice is mended where it was told first."""
    items = release.items.prefetch_related("fixes__duplicate_of").order_by("number")
    pairs = {
        (item.pk, told.duplicate_of_id or told.pk): (item, told.duplicate_of or told)
        for item in items
        for told in item.fixes.all()
    }
    return sorted(pairs.values(), key=lambda pair: (pair[1].pk, pair[0].pk))


def asked_count(release: Release) -> int:
    """How many fans are asked whether the fault they told us of is solved."""
    faults = {fault.pk for _, fault in faults_of(release) if fault.is_open}
    return FeedbackItem.objects.filter(pk__in=faults, reporter__isnull=False).count()


def lock_faults(release: Release) -> None:
    """After the wishes, before the fans; by number."""
    pks = {fault.pk for _, fault in faults_of(release)}
    rows = FeedbackItem.objects.select_for_update(of=("self",), no_key=True)
    list(rows.filter(pk__in=pks).order_by("pk").values_list("pk"))


def solve_faults(release: Release, speaker: Fan, at: datetime) -> None:
    """Thank whoever found them, and ask whether they are solved. What had ended stays as it is."""
    for item, fault in faults_of(release):
        if fault.state == ItemState.DECLINED:
            continue
        told = FeedbackItem.objects.filter(Q(pk=fault.pk) | Q(duplicate_of=fault.pk))
        finders = told.exclude(reporter=None).filter(reporter__erased_at=None)
        for fan_id, is_public in finders.order_by("pk").values_list("reporter", "is_public"):
            # Who told us in private is not named for it unless they say so.
            thank(
                release=release, item=item, fan_id=fan_id, role=CreditRole.BUG_FINDER, at=at,
                stays_unnamed=not is_public,
            )  # fmt: skip
        fault.refresh_from_db()
        if fault.is_open:
            take_step(
                item=fault, became=ItemState.RESOLVED, actor=speaker, at=at,
                answer=f"{release} · {item.title}",
            )  # fmt: skip


def take_up_again(release: Release, actor: Fan, at: datetime) -> None:
    """What this build solved is to be solved again. Where its reporter said «solved» that stands."""
    assert release.published_at is not None  # noqa: S101 - it was out
    for _, fault in faults_of(release):
        solved = fault.steps.filter(became=ItemState.RESOLVED, happened_at=release.published_at)
        if fault.state == ItemState.RESOLVED and solved.exists():
            take_step(
                item=fault, became=ItemState.REOPENED, actor=actor, at=at,
                answer=release.withdrawal_reason,
            )  # fmt: skip
            fault.refresh_from_db()
