"""A build goes out (F6), and is recalled (F7)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from community.feature_requests.actions import NotOnTheWay, ship, take_back_steps, unship
from community.feature_requests.following import hearing_count
from community.feature_requests.models import ON_THE_WAY, FeatureRequest
from community.fridays.actions.crediting import facts_of, thank_askers, write_thanks
from community.fridays.actions.cycles import NotInThatState, ReasonMissing, lock_cycle, set_state
from community.fridays.actions.fixing import lock_faults, solve_faults, take_up_again
from community.fridays.actions.opening import open_if_due
from community.fridays.actions.publishing import award_again
from community.fridays.actions.releases import TooLate, lock_release, still_takes_a_build
from community.fridays.models import (
    WAITS_FOR_A_BUILD,
    Cycle,
    CycleState,
    Release,
    ReleaseState,
)
from community.fridays.times import COUNTING, times_of
from community.threads.actions import open_companion, say_what_it_is_about
from community.threads.models import ThreadKind
from fans.accounts.models import Fan, Role
from fans.audit.actions import record
from fans.clock.weeks import week_at
from fans.notifications.actions import tell
from fans.tiers.actions import postpone_run

# What was promised before the build stays as it was.
MOVED_BY_A_BUILD = ("report_opens_at", "report_closes_at", "late_closes_at")


class WishesNotOnTheWay(Exception):
    """Wishes it names that are neither planned nor in work: they stop it by name (F6)."""

    def __init__(self, wishes: list[FeatureRequest]) -> None:
        super().__init__(wishes)
        self.wishes = wishes


def due_build(cycle: Cycle) -> tuple[Release, datetime] | None:
    """The build the sweep publishes for this week, and since when it may (O1).

    From the target on, once it is ready and nothing it names stands in its way; a hotfix goes
    out by hand.
    """
    ready = cycle.releases.filter(state=ReleaseState.READY).select_related("created_by")
    for release in ready.order_by("early_from", "pk"):
        wishes = [wish.shown_as or wish for wish in wishes_of(release)]
        since = [cycle.release_target_at, release.early_from, cycle.withdrawn_at]
        due_at = max([at for at in since if at] + [wish.status_at for wish in wishes])
        is_stopped = any(wish.status not in ON_THE_WAY for wish in wishes)
        if is_stopped or due_at >= cycle.skip_deadline_at:
            continue
        if speaker_of(release, None, due_at):
            return release, due_at
    return None


def speaker_of(release: Release, actor: Fan | None, at: datetime) -> Fan | None:
    """Who opens the talk about it: whoever wrote it down, whoever publishes it, one of its teams,
    anyone of the staff, for the words of others might wait for a moderator (A1).
    """
    staff = Fan.objects.active(at).filter(role__in=[Role.STAFF, Role.ADMIN]).order_by("pk")
    of_teams = staff.filter(teams__in=release.items.values("team")).distinct()
    named = [release.created_by, *([actor] if actor else [])]
    people = (fan for group in (named, of_teams, staff) for fan in group)
    return next((fan for fan in people if fan.is_staff and not fan.writing_refusal(at)), None)


def wishes_of(release: Release) -> list[FeatureRequest]:
    """What its items name, by number; those linked to another come with it (F4)."""
    named = FeatureRequest.objects.filter(release_items__release=release)
    return list(named.select_related("shown_as").order_by("pk").distinct())


def stopping_wishes(release: Release) -> list[FeatureRequest]:
    """Each as it is shown, where it can be mended."""
    shown = [wish.shown_as or wish for wish in wishes_of(release)]
    return [wish for wish in shown if wish.status not in ON_THE_WAY]


def told_count(release: Release) -> int:
    """How many fans learn that a wish of theirs is shipped."""
    return hearing_count(*(wish.shown_as_id or wish.pk for wish in wishes_of(release)))


@transaction.atomic
def publish_release(*, release: Release, actor: Fan | None, at: datetime) -> bool:
    """The build is out: wishes are shipped, thanks are said, the talk about it is opened (F6).

    Once, whoever comes first, the sweep (`actor` None) or a person. False when it was out.
    """
    if release.cycle_id is None:
        raise NotInThatState
    cycle = lock_cycle(release.cycle_id)
    locked = lock_release(release)
    if locked.state == ReleaseState.PUBLISHED:
        return False
    if locked.state != ReleaseState.READY or locked.cycle_id != cycle.pk:
        raise NotInThatState
    if not still_takes_a_build(cycle, at):
        raise TooLate
    wishes = _lock_wishes(locked)
    lock_faults(locked)
    locked.state, locked.published_at = ReleaseState.PUBLISHED, at
    locked.save(update_fields=["state", "published_at"])
    if cycle.state in WAITS_FOR_A_BUILD:
        _begin_week(cycle, at)
    speaker = speaker_of(locked, actor, at) or locked.created_by
    _lock_fans(speaker, wishes)
    _open_thread(locked, speaker, at)
    for wish in wishes:
        _ship(wish, locked, actor, at)
    thank_askers(locked, at)
    solve_faults(locked, speaker, at)
    write_thanks(locked)
    _tell(locked, actor, at)
    record(actor=actor, verb="release published", subject=locked.subject, at=at)
    return True


@transaction.atomic
def withdraw_release(*, release: Release, reason: str, actor: Fan, at: datetime) -> bool:
    """Recall a build: its wishes go back to testing, its thanks with them (F7).

    When nothing else of the week is out, the week is withdrawn too, until a new build comes
    before the deadline; what was reported stays (O9).
    """
    if release.cycle_id is None:
        raise NotInThatState
    cycle = lock_cycle(release.cycle_id)
    locked = lock_release(release)
    if locked.state == ReleaseState.WITHDRAWN:
        return False
    if locked.state != ReleaseState.PUBLISHED:
        raise NotInThatState
    if not reason.strip():
        raise ReasonMissing
    open_if_due(cycle, at)  # what was reported is counted, swept or not (O9)
    locked.state, locked.withdrawn_at = ReleaseState.WITHDRAWN, at
    locked.withdrawal_reason = reason.strip()
    locked.save(update_fields=["state", "withdrawn_at", "withdrawal_reason"])
    wishes = wishes_of(locked)
    _lock_rows(wishes)
    lock_faults(locked)
    _lock_fans(locked.created_by, wishes)
    take_back_steps(kind="credited", key=locked.subject)
    for wish in wishes:
        unship(
            feature_request=wish, reason=locked.withdrawal_reason, actor=actor, at=at,
            release_key=locked.subject,
        )  # fmt: skip
    take_up_again(locked, actor, at)
    is_alone = not cycle.releases.filter(state=ReleaseState.PUBLISHED).exists()
    if is_alone and cycle.state not in {CycleState.CLOSED, CycleState.WITHDRAWN}:
        set_state(cycle, CycleState.WITHDRAWN, withdrawn_at=at, reason=locked.withdrawal_reason)
    award_again(cycle, at)
    record(
        actor=actor, verb="release withdrawn", subject=locked.subject, at=at,
        reason=locked.withdrawal_reason,
    )  # fmt: skip
    return True


def _lock_wishes(release: Release) -> list[FeatureRequest]:
    """By number, so that no vote, answer or merge falls between looking and shipping."""
    named = wishes_of(release)
    _lock_rows(named)
    if stopping := stopping_wishes(release):
        raise WishesNotOnTheWay(stopping)
    return named


def _lock_rows(wishes: list[FeatureRequest]) -> None:
    pks = {wish.pk for wish in wishes} | {wish.shown_as_id for wish in wishes if wish.shown_as_id}
    rows = FeatureRequest.objects.select_for_update(of=("self",), no_key=True)
    list(rows.filter(pk__in=pks).order_by("pk"))


def _lock_fans(speaker: Fan, wishes: list[FeatureRequest]) -> None:
    """Whoever is paid, and whose thread it is, at once and by number: each wish would take its own."""
    shown = {wish.shown_as_id or wish.pk for wish in wishes}
    asked = FeatureRequest.objects.shown_with(*shown)
    fans = Q(pk__in=asked.values("author")) | Q(pk=speaker.pk)
    rows = Fan.objects.get_queryset().select_for_update(of=("self",), no_key=True)
    list(rows.filter(fans).order_by("pk").values_list("pk"))


def _begin_week(cycle: Cycle, at: datetime) -> None:
    """A late build moves the form, and the tiers wait for it (T1)."""
    planned = times_of(cycle.friday, cycle.product.hour, at)
    moved = {name: getattr(planned, name) for name in MOVED_BY_A_BUILD}
    set_state(cycle, CycleState.RELEASED, released_at=at, withdrawn_at=None, reason="", **moved)
    if cycle.product.is_main:
        not_before = cycle.late_closes_at + COUNTING
        postpone_run(week=week_at(not_before), not_before=not_before)


def _open_thread(release: Release, speaker: Fan, at: datetime) -> None:
    thread = open_companion(
        kind=ThreadKind.RELEASE,
        author=speaker,
        title=str(release),
        source=f"**{release}**\n\n{release.notes}",
        at=at,
        submission_key=f"release-{release.pk}",
    )
    say_what_it_is_about(thread=thread, url=release.get_absolute_url())
    release.thread = thread
    release.save(update_fields=["thread"])


def _ship(wish: FeatureRequest, release: Release, actor: Fan | None, at: datetime) -> None:
    named = Q(feature_request=wish) | Q(feature_request__shown_as=wish)
    items = release.items.filter(named).order_by("number").values_list("title", flat=True)
    try:
        ship(
            feature_request=wish,
            release_words="\n\n".join(items),
            release_name=str(release),
            release_url=release.get_absolute_url(),
            release_key=release.subject,
            release_thread=release.thread,
            actor=actor,
            at=at,
        )
    except NotOnTheWay as refusal:
        raise WishesNotOnTheWay([refusal.feature_request]) from refusal


def _tell(release: Release, actor: Fan | None, at: datetime) -> None:
    tell(
        kind="release_published",
        subject=release.subject,
        key=f"release_published:{release.pk}",
        at=at,
        actor=actor,
        facts=facts_of(release),
    )
