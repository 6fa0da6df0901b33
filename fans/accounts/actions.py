"""What happens to an account. None of it knows pages, mail servers or tiers."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fans.accounts import naming
from fans.accounts.home import consent_to_region, move_home, withdraw_region_consent
from fans.accounts.models import Fan, ModeratorScope, PastHandle, ReservedName, Role
from fans.accounts.naming import HandleRefused, NameRefused
from fans.audit.actions import record
from fans.images.actions import Purpose, keep, store_image
from fans.images.models import Image
from fans.places.models import Place
from fans.site.models import SiteIdentity

HANDLE_EVERY_DAYS = 30
HANDLE_KEPT_DAYS = 365
HANDLE_TRIES = 5  # people of one name who sign up at the same instant


class HandleChangedLately(HandleRefused):
    """A handle changes once in 30 days (spec §1)."""


class AddressTaken(Exception):
    """Somebody signed up with this e-mail address a moment ago."""


class LastAdmin(Exception):
    """The site would be left without anybody who can edit roles."""

    def __init__(self) -> None:
        super().__init__(_("This is the last admin. Make somebody else an admin first."))


# --- Names -----------------------------------------------------------------------------


def legal_display_name(name: str, *, fan: Fan | None = None) -> str:
    """The name as it will be shown (spec §1). Raises NameRefused.

    Members of staff may carry an office in their name; nobody else may look like them.
    """
    name = naming.clean_display_name(name)
    if fan is not None and name == fan.display_name:
        return name
    holds_office = fan is not None and fan.is_staff
    if (naming.speaks_for_the_site(name) and not holds_office) or _is_carried_by_the_company(
        naming.fold(name), fan
    ):
        raise NameRefused(_("This name reads like somebody of the company. Choose another."))
    return name


def _is_carried_by_the_company(folded: str, fan: Fan | None) -> bool:
    staff = Fan.objects.get_queryset().filter(folded_name=folded, role__in=[Role.STAFF, Role.ADMIN])
    if fan is not None:
        staff = staff.exclude(pk=fan.pk)
    is_the_site = folded == naming.fold(SiteIdentity.current().name)
    return is_the_site or staff.exists() or ReservedName.objects.filter(folded_name=folded).exists()


def reserve_name(*, name: str, kept_for: str) -> None:
    """Keep a team's name from fans. `kept_for` is a key such as `team:3`; again = renamed."""
    ReservedName.objects.update_or_create(
        kept_for=kept_for, defaults={"folded_name": naming.fold(name)}
    )


def propose_handle(name: str, *, at: datetime) -> str:
    """A free handle made of a name; numbers are added until one is free."""
    base = naming.handle_from(name)
    wanted = [base, *(f"{base}{number}" for number in range(2, 12))]
    used = {
        handle.lower()
        for handle in (
            *Fan.objects.get_queryset()
            .filter(handle__istartswith=base)
            .values_list("handle", flat=True),
            *PastHandle.objects.filter(
                handle__istartswith=base, given_up_at__gt=at - timedelta(days=HANDLE_KEPT_DAYS)
            ).values_list("handle", flat=True),
        )
    }
    free = (handle for handle in wanted if handle not in used)
    return next(free, f"{base[:23]}-{secrets.token_hex(3)}")


def let_in(*, fan: Fan, at: datetime, save: Callable[[], object] | None = None) -> None:
    """Write down somebody new, who has a name, an address and a proposed handle.

    A handle taken at the same instant is followed by the next. Raises AddressTaken.
    """
    for tries_left in reversed(range(HANDLE_TRIES)):
        try:
            with transaction.atomic():
                (save or fan.save)()
        except IntegrityError as error:
            fan.pk, fan._state.adding = None, True
            if fan.email and Fan.objects.get_queryset().filter(email__iexact=fan.email).exists():
                raise AddressTaken from error
            if not tries_left:
                raise
            fan.handle = propose_handle(fan.display_name, at=at)
        else:
            return


@transaction.atomic
def change_handle(*, fan: Fan, handle: str, at: datetime) -> None:
    """Take another handle; the old one leads to the new page and nobody else gets it for a year.

    Raises HandleRefused, or HandleChangedLately within 30 days of the last change.
    """
    handle = naming.clean_handle(handle)
    locked = Fan.objects.get_queryset().select_for_update().get(pk=fan.pk)
    if locked.handle == handle:
        return
    if locked.handle_changed_at and at < locked.handle_changed_at + timedelta(
        days=HANDLE_EVERY_DAYS
    ):
        raise HandleChangedLately(_("A handle can be changed once in 30 days."))
    _give_up_handle(locked, at)
    locked.handle, locked.handle_changed_at = handle, at
    try:
        with transaction.atomic():
            locked.save(update_fields=["handle", "handle_changed_at"])
    except IntegrityError as error:
        raise HandleRefused(_("This handle is taken. Choose another.")) from error
    # Asked after writing: whoever gave this handle up a moment ago has written it down by now.
    if _is_kept_for_another(handle, locked, at):
        raise HandleRefused(_("This handle is taken. Choose another."))
    PastHandle.objects.filter(fan=locked, handle__iexact=handle).delete()
    fan.handle, fan.handle_changed_at = locked.handle, locked.handle_changed_at


def _give_up_handle(fan: Fan, at: datetime) -> None:
    updated = PastHandle.objects.filter(fan=fan, handle__iexact=fan.handle).update(given_up_at=at)
    if not updated:
        PastHandle.objects.create(fan=fan, handle=fan.handle, given_up_at=at)


def _is_kept_for_another(handle: str, fan: Fan, at: datetime) -> bool:
    return (
        PastHandle.objects.filter(
            handle__iexact=handle, given_up_at__gt=at - timedelta(days=HANDLE_KEPT_DAYS)
        )
        .exclude(fan=fan)
        .exists()
    )


# --- Profile ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Introduction:
    """What a person tells about themselves; None leaves a thing as it is."""

    handle: str
    bio: str
    place: Place | None
    consents_to_region: bool | None = None
    name: str | None = None
    avatar: "UploadedFile[Any] | None" = None
    drops_avatar: bool = False


def introduce(*, fan: Fan, words: Introduction, at: datetime) -> None:
    """Change one's public face, all of it or nothing.

    Raises NameRefused, HandleRefused, PlaceChangedLately or ImageRefused.
    """
    image = None
    if words.avatar:
        image = store_image(upload=words.avatar, owner=fan, at=at, purpose=Purpose.AVATAR)
    with transaction.atomic():
        if words.consents_to_region is False:
            withdraw_region_consent(fan=fan)  # first: it holds votes, and they come before people
        move_home(fan=fan, place=words.place, at=at)
        if words.consents_to_region:
            consent_to_region(fan=fan)
        if words.name is not None:
            rename(fan=fan, name=words.name)
        change_handle(fan=fan, handle=words.handle, at=at)
        describe(fan=fan, bio=words.bio)
        if image or words.drops_avatar:
            change_avatar(fan=fan, image=image, at=at)


def rename(*, fan: Fan, name: str) -> None:
    """Be called otherwise from now on. Raises NameRefused."""
    fan.display_name = legal_display_name(name, fan=fan)
    fan.folded_name = naming.fold(fan.display_name)
    fan.save(update_fields=["display_name", "folded_name"])


def describe(*, fan: Fan, bio: str) -> None:
    """Say a few words about oneself."""
    fan.bio = bio
    fan.save(update_fields=["bio"])


def change_avatar(*, fan: Fan, image: Image | None, at: datetime) -> None:
    """Show a picture, or with None the initials again."""
    keep([image] if image else [], at)
    fan.avatar = image
    fan.save(update_fields=["avatar"])


def choose_preferences(
    *,
    fan: Fan,
    locale: str,
    timezone: str,
    theme: str | None = None,
    shortcuts_off: bool | None = None,
    wants_weekly: bool | None = None,
) -> None:
    """How the site and its mails look to one person; None leaves a choice as it is."""
    chosen = {
        "locale": locale,
        "timezone": timezone,
        "theme": theme,
        "shortcuts_off": shortcuts_off,
        "wants_weekly": wants_weekly,
    }
    fields = [field for field, value in chosen.items() if value is not None]
    for field in fields:
        setattr(fan, field, chosen[field])
    fan.save(update_fields=fields)


def finish_welcome(*, fan: Fan, at: datetime) -> None:
    """The first steps are done or skipped; they are not offered again."""
    if fan.welcomed_at is None:
        fan.welcomed_at = at
        fan.save(update_fields=["welcomed_at"])


# --- Address and sessions --------------------------------------------------------------


def note_verified(*, fan: Fan, at: datetime) -> None:
    """The e-mail address is theirs: from now on they may write. Again changes nothing."""
    if fan.verified_at is None:
        fan.verified_at = at
        fan.save(update_fields=["verified_at"])


def end_sessions(*, fan: Fan) -> None:
    """Sign a person out everywhere at once (password or address changed, ban)."""
    Fan.objects.get_queryset().filter(pk=fan.pk).update(session_epoch=F("session_epoch") + 1)
    fan.refresh_from_db(fields=["session_epoch"])


def forget_expired_sessions(*, at: datetime, at_most: int) -> int:
    """Delete sessions that have run out, the oldest first; how many that were."""
    expired = Session.objects.filter(expire_date__lt=at).order_by("expire_date", "pk")
    keys = list(expired.values_list("pk", flat=True)[:at_most])
    UserSession.objects.filter(session_key__in=keys).delete()
    Session.objects.filter(pk__in=keys, expire_date__lt=at).delete()
    return len(keys)


# --- Roles -----------------------------------------------------------------------------


@transaction.atomic
def change_role(
    *,
    fan: Fan,
    role: Role,
    scopes: frozenset[str] = frozenset(),
    actor: Fan,
    reason: str,
    at: datetime,
) -> bool:
    """Give somebody an office or take it back; every session of theirs ends.

    Call `fans.tiers.actions.change_role`, which also ends the tier of new staff (spec §1).
    Returns whether anything changed. Raises LastAdmin, or NameRefused when two would look alike.
    """
    locked = _lock_with_all_admins(fan, leaves_admin=role != Role.ADMIN)
    kept = scopes if role == Role.MODERATOR else frozenset()
    before = (locked.role, frozenset(locked.scopes.values_list("scope", flat=True)))
    if before == (role, kept):
        return False
    _write_role(locked, role, kept)
    record(
        actor=actor,
        verb="role changed",
        subject=f"fan:{fan.pk}",
        at=at,
        reason=reason,
        old_role=before[0],
        new_role=str(role),
        old_scopes=sorted(before[1]),
        new_scopes=sorted(kept),
    )
    fan.refresh_from_db()
    return True


def _lock_with_all_admins(fan: Fan, *, leaves_admin: bool) -> Fan:
    # All admins are locked in one order, so two who demote each other cannot both succeed.
    people = list(
        Fan.objects.get_queryset()
        .select_for_update()
        .filter(Q(pk=fan.pk) | Q(role=Role.ADMIN))
        .order_by("pk")
    )
    locked = next(person for person in people if person.pk == fan.pk)
    admins = [person for person in people if person.is_admin and person.is_active]
    if leaves_admin and admins == [locked]:
        raise LastAdmin
    return locked


def _write_role(fan: Fan, role: Role, scopes: frozenset[str]) -> None:
    fan.role = role
    fan.session_epoch += 1
    try:
        with transaction.atomic():
            fan.save(update_fields=["role", "session_epoch"])
    except IntegrityError as error:
        raise NameRefused(_("Another member of staff carries this name already.")) from error
    fan.scopes.exclude(scope__in=scopes).delete()
    ModeratorScope.objects.bulk_create(
        [ModeratorScope(fan=fan, scope=scope) for scope in sorted(scopes)], ignore_conflicts=True
    )
