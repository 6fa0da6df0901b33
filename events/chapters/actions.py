"""A city finds its fans (spec §7). A chapter's own row is the lock of its members."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from events.chapters.models import Chapter, ChapterState, Membership
from events.chapters.permissions import may_wake
from fans.accounts.models import Fan, Hosting
from fans.audit.actions import record
from fans.ledger.size import active_count
from fans.places.models import Place

MEMBERS_NEEDED = 5
MEMBERS_NEEDED_WHEN_SMALL = 3
SMALL_SITE = 100  # active fans
IDLE = timedelta(days=90)


class NotAllowed(Exception):
    """Somebody else's to do."""


class MayNotWrite(Exception):
    """Unverified, muted, suspended or leaving; says which in the person's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class HostsAlready(Exception):
    """They hold the post in this city."""


def members_needed(at: datetime) -> int:
    """How many members make a forming chapter active."""
    return MEMBERS_NEEDED_WHEN_SMALL if active_count(at) < SMALL_SITE else MEMBERS_NEEDED


@transaction.atomic
def found_chapter(*, place: Place, actor: Fan, at: datetime) -> Chapter:
    """Staff open a chapter for a city; founding it again gives the same."""
    if not actor.is_staff:
        raise NotAllowed
    slug = slugify(place.name_en) or place.code.lower()
    if Chapter.objects.exclude(place=place).filter(slug=slug).exists():
        slug = f"{slug}-{slugify(place.code)}"
    chapter, is_new = Chapter.objects.get_or_create(
        place=place, defaults={"slug": slug, "founded_at": at}
    )
    if is_new:
        record(actor=actor, verb="chapter founded", subject=f"chapter:{chapter.pk}", at=at)
    return chapter


@transaction.atomic
def join(*, chapter: Chapter, fan: Fan, at: datetime) -> bool:
    """Belong to a city's fans; with enough of them it becomes active. Again changes nothing."""
    needed = members_needed(at)
    locked = _lock(chapter)
    joining = _lock_fan(fan)
    if reason := joining.writing_refusal(at):
        raise MayNotWrite(reason)
    _, is_new = Membership.objects.get_or_create(
        chapter=locked, fan=joining, defaults={"joined_at": at}
    )
    if not is_new:
        return False
    locked.member_count += 1
    fields = ["member_count"]
    if locked.state == ChapterState.FORMING and locked.member_count >= needed:
        locked.state, locked.active_at = ChapterState.ACTIVE, at
        fields += ["state", "active_at"]
    locked.save(update_fields=fields)
    return True


@transaction.atomic
def leave(*, chapter: Chapter, fan: Fan) -> bool:
    """No longer belong to it; what it has become it stays."""
    locked = _lock(chapter)
    gone, _ = Membership.objects.filter(chapter=locked, fan=fan).delete()
    if gone:
        Chapter.objects.filter(pk=locked.pk).update(member_count=F("member_count") - 1)
    return bool(gone)


@transaction.atomic
def name_host(
    *, chapter: Chapter, fan: Fan, actor: Fan, at: datetime, is_deputy: bool = False
) -> Hosting:
    """Staff give the post of host for 12 months; members of staff run doors without one."""
    if not actor.is_staff or fan.is_staff:
        raise NotAllowed
    locked = _lock(chapter)
    named = _lock_fan(fan)
    if named.is_staff:  # became so meanwhile
        raise NotAllowed
    if reason := named.writing_refusal(at):
        raise MayNotWrite(reason)
    kept = Hosting.objects.filter(fan=named, place=locked.place_id, ended_at=None)
    if kept.standing(at).exists():
        raise HostsAlready
    kept.update(ended_at=at)  # a term that ran out
    hosting = Hosting.objects.create(
        fan=named,
        place_id=locked.place_id,
        is_deputy=is_deputy,
        began_at=at,
        ends_at=_a_year_after(at),
    )
    record(
        actor=actor,
        verb="host named",
        subject=f"chapter:{locked.pk}",
        at=at,
        concerns=named,
        is_deputy=is_deputy,
    )
    return hosting


@transaction.atomic
def end_hosting(*, hosting: Hosting, actor: Fan, at: datetime, reason: str = "") -> bool:
    """Staff end a host's term early. Again changes nothing."""
    if not actor.is_staff:
        raise NotAllowed
    if not Hosting.objects.filter(pk=hosting.pk, ended_at=None).update(ended_at=at):
        return False
    record(
        actor=actor,
        verb="hosting ended",
        subject=f"place:{hosting.place_id}",
        at=at,
        concerns=hosting.fan,
        reason=reason,
    )
    return True


def end_hostings_of(*, fan: Fan, at: datetime) -> int:
    """Who is banned, leaves or takes an office hosts nowhere; the caller holds the fan's row."""
    return Hosting.objects.filter(fan=fan, ended_at=None).update(ended_at=at)


def end_terms(*, at: datetime) -> int:
    """Terms that ran out end: what hosts see by their post they see no longer. One statement."""
    return Hosting.objects.filter(ended_at=None, ends_at__lte=at).update(ended_at=F("ends_at"))


@transaction.atomic
def wake(*, chapter: Chapter, actor: Fan, at: datetime) -> bool:
    """A core fan, host or staff brings a dormant chapter back; its 90 days begin again."""
    locked = _lock(chapter)
    if not may_wake(actor, locked.place_id, at):
        raise NotAllowed
    if locked.state != ChapterState.DORMANT:
        return False
    locked.state, locked.active_at = ChapterState.ACTIVE, at
    locked.save(update_fields=["state", "active_at"])
    return True


@transaction.atomic
def fall_asleep(*, chapter: Chapter, at: datetime) -> bool:
    """A chapter where nothing happened for 90 days rests; asked again under its lock."""
    locked = _lock(chapter)
    if not Chapter.objects.idle_since(at - IDLE).filter(pk=locked.pk).exists():
        return False
    locked.state = ChapterState.DORMANT
    locked.save(update_fields=["state"])
    return True


@transaction.atomic
def note_meetup(*, chapter: Chapter, at: datetime) -> None:
    """Something happened here; a chapter that slept is awake."""
    locked = _lock(chapter)
    if locked.last_meetup_at is None or locked.last_meetup_at < at:
        locked.last_meetup_at = at
    if locked.state == ChapterState.DORMANT:
        locked.state, locked.active_at = ChapterState.ACTIVE, at
    locked.save(update_fields=["last_meetup_at", "state", "active_at"])


def _lock(chapter: Chapter) -> Chapter:
    locked = Chapter.objects.select_for_update(of=("self",), no_key=True)
    return locked.get(pk=chapter.pk)


def _lock_fan(fan: Fan) -> Fan:
    locked = Fan.objects.get_queryset().select_for_update(of=("self",), no_key=True)
    return locked.get(pk=fan.pk)


def _a_year_after(at: datetime) -> datetime:
    try:
        return at.replace(year=at.year + 1)
    except ValueError:  # 29 February
        return at.replace(year=at.year + 1, day=28)
