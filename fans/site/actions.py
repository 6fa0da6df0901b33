from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from fans.audit.actions import record
from fans.site.freshness import renew_stamp
from fans.site.models import Holiday, RestWeek, SiteIdentity
from fans.site.resting import begins_at


class TooLateToRest(Exception):
    """The week has begun: what is announced holds, and what is not cannot be any more."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    name: str
    tagline: str = ""
    tagline_zh_hans: str = ""
    tagline_zh_hant: str = ""
    footer: str = ""
    contact_email: str = ""


@transaction.atomic
def rename_site(
    *, identity: Identity, actor: AbstractBaseUser | AnonymousUser, at: datetime
) -> bool:
    """Change what the site calls itself, on every page from the next request on.

    False when it was called so already.
    """
    SiteIdentity.objects.get_or_create(pk=1)
    locked = SiteIdentity.objects.select_for_update(no_key=True).get(pk=1)
    values = {field.name: getattr(identity, field.name) for field in fields(identity)}
    differing = [name for name, value in values.items() if getattr(locked, name) != value]
    if not differing:
        return False
    for name in differing:
        setattr(locked, name, values[name])
    locked.save(update_fields=differing)
    record(actor=actor, verb="site renamed", subject="site:1", at=at, changed=differing)
    transaction.on_commit(renew_stamp)
    return True


@transaction.atomic
def note_holiday(
    *, day: date, name: str, is_open: bool, actor: AbstractBaseUser | AnonymousUser, at: datetime
) -> Holiday:
    """A day that differs from Monday to Friday. Noting it again changes what it says.

    What was due before stays due when it was; what comes in from now on is counted anew.
    """
    holiday, _ = Holiday.objects.update_or_create(
        date=day, defaults={"name": name, "is_open": is_open}
    )
    record(actor=actor, verb="holiday noted", subject=f"holiday:{day}", at=at, is_open=is_open)
    return holiday


@transaction.atomic
def forget_holiday(*, day: date, actor: AbstractBaseUser | AnonymousUser, at: datetime) -> bool:
    """It is a day like any other; False when it was."""
    gone, _ = Holiday.objects.filter(date=day).delete()
    if gone:
        record(actor=actor, verb="holiday forgotten", subject=f"holiday:{day}", at=at)
    return bool(gone)


@transaction.atomic
def announce_rest(
    *, week: str, reason: str, actor: AbstractBaseUser | AnonymousUser, at: datetime
) -> RestWeek:
    """Everybody rests in this ISO week: no build, no form, no decision (O8, T8). Ahead only.

    Announcing it again changes the words.
    """
    if at >= begins_at(week):
        raise TooLateToRest
    said: dict[str, Any] = {"reason": reason, "announced_by_id": actor.pk, "announced_at": at}
    rest, is_new = RestWeek.objects.get_or_create(week=week, defaults=said)
    if is_new or rest.reason != reason:
        rest.reason = reason
        rest.save(update_fields=["reason"])
        record(actor=actor, verb="rest announced", subject=f"rest:{week}", at=at, reason=reason)
    return rest


@transaction.atomic
def withdraw_rest(*, week: str, actor: AbstractBaseUser | AnonymousUser, at: datetime) -> bool:
    """It is a week like any other, said before it begins; False when it was."""
    if at >= begins_at(week):
        raise TooLateToRest
    rest = RestWeek.objects.select_for_update().filter(week=week).first()
    if rest is None:
        return False
    rest.delete()
    record(actor=actor, verb="rest withdrawn", subject=f"rest:{week}", at=at, reason=rest.reason)
    return True
