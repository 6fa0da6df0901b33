"""Asking every room to take back what stands in somebody's name (spec §1).

The rooms are named in settings.PERSONAL_DATA; each has `withdraw(*, fan, at, because)`, and
`hold(*, fan)` where that takes locks of its own. Where something carries the kind of place a fan
lives in, `forget_region(*, fan)` takes it off.
"""

from datetime import datetime
from enum import StrEnum
from importlib import import_module

from django.conf import settings

from fans.accounts.models import Fan


class Because(StrEnum):
    STAFF = "staff"  # an office: open votes end; seats stay
    BANNED = "banned"
    LEAVING = "leaving"


def hold_what_stands(*, fan: Fan) -> None:
    """Lock the things `withdraw_everything` will change; called before the fan's row is locked.

    Things come before people: a voter holds the wish and waits for the fan. The rooms above
    come first, as their own acts reach downwards.
    """
    for path in reversed(settings.PERSONAL_DATA):
        if hold := getattr(import_module(path), "hold", None):
            hold(fan=fan)


def withdraw_everything(*, fan: Fan, at: datetime, because: Because) -> None:
    """Open votes go back, seats are freed, waiting lists move; inside the caller's transaction."""
    for path in settings.PERSONAL_DATA:
        import_module(path).withdraw(fan=fan, at=at, because=because)


def forget_region(*, fan: Fan) -> None:
    """Nothing says any longer what kind of place a fan lives in; inside the caller's transaction.

    Called before the fan's row is locked, for the same reason.
    """
    for path in reversed(settings.PERSONAL_DATA):
        if forget := getattr(import_module(path), "forget_region", None):
            forget(fan=fan)
