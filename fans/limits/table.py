"""The one table of rate limits. Every row is held by a generated test (R10)."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Rate:
    """At most `count` within any `seconds`."""

    count: int
    seconds: int


def seconds(number: int) -> int:
    return number


def minutes(number: int) -> int:
    return number * 60


def hours(number: int) -> int:
    return number * 3600


def days(number: int) -> int:
    return number * 86400


# Whose acts are added up: of one network address, of one fan (of the address while nobody is
# signed in), or of each address and, apart from it, of each key (the e-mail address that was typed).
Per = Literal["address", "fan", "address and key"]
READING = frozenset({"GET", "HEAD"})
WRITING = frozenset({"POST"})


@dataclass(frozen=True)
class Limit:
    rates: tuple[Rate, ...]
    per: Per = "fan"
    key_rates: tuple[Rate, ...] = ()  # for each key, where `per` says so
    guest_rates: tuple[Rate, ...] = ()  # instead of `rates` while nobody is signed in
    newcomer_rates: tuple[Rate, ...] = ()  # instead of `rates` in an account's first 24 hours
    methods: frozenset[str] = WRITING
    # A form that came back with an error spent nothing: whoever mends a typo need not wait.
    counts_only_success: bool = False
    # The composer's «Preview» button comes to the same address and is counted in its own row.
    has_preview: bool = False
    # Without a cache nobody can be counted. Signing in and mailing stop then; the rest goes on,
    # counted by each process for itself.
    fails_closed: bool = False


NEWCOMER_SECONDS = hours(24)

LIMITS: dict[str, Limit] = {
    # Signing up and in. allauth counts these; `allauth_rates` hands it the numbers.
    "sign_up": Limit((Rate(30, hours(1)),), per="address", fails_closed=True),
    "login": Limit((Rate(10, minutes(10)),), per="address", fails_closed=True),
    "login_failed": Limit(
        (Rate(10, minutes(10)),),
        per="address and key",
        # The key is the account *and* the address that tries it (the adapter puts them together):
        # strangers never lock the owner out.
        key_rates=(Rate(5, minutes(15)),),
        fails_closed=True,
    ),
    # Per address few; per key only what a mailbox bears, so that a stranger's tries leave the
    # owner theirs.
    "login_code": Limit(
        (Rate(5, hours(1)),),
        per="address and key",
        key_rates=(Rate(20, hours(1)),),
        fails_closed=True,
    ),
    "password_reset": Limit(
        (Rate(5, hours(1)),),
        per="address and key",
        key_rates=(Rate(20, hours(1)),),
        fails_closed=True,
    ),
    "verify": Limit(  # as many per address as may sign up there
        (Rate(30, hours(1)),),
        per="address and key",
        key_rates=(Rate(3, hours(1)),),
        fails_closed=True,
    ),
    "passkey": Limit((Rate(10, minutes(1)),), per="address", fails_closed=True),
    "email_change": Limit((Rate(5, hours(1)),), fails_closed=True),
    "password_change": Limit((Rate(5, minutes(10)),), fails_closed=True),
    "reauthenticate": Limit((Rate(5, minutes(10)),), fails_closed=True),
    # Writing
    "thread": Limit(
        (Rate(1, seconds(60)), Rate(10, days(1))),
        newcomer_rates=(Rate(1, minutes(5)), Rate(3, days(1))),
        counts_only_success=True,
        has_preview=True,
    ),
    "reply": Limit(
        (Rate(1, seconds(10)), Rate(100, days(1))),
        newcomer_rates=(Rate(1, seconds(10)), Rate(10, days(1))),
        counts_only_success=True,
        has_preview=True,
    ),
    "edit": Limit(
        (Rate(10, minutes(10)), Rate(100, days(1))), counts_only_success=True, has_preview=True
    ),
    "feedback": Limit(
        (Rate(5, minutes(1)), Rate(30, days(1))),
        newcomer_rates=(Rate(2, minutes(1)), Rate(5, days(1))),
        counts_only_success=True,
    ),
    "intake": Limit((Rate(30, minutes(1)), Rate(600, days(1)))),
    "reaction": Limit((Rate(30, minutes(1)), Rate(500, days(1)))),
    "report": Limit((Rate(10, minutes(10)), Rate(60, days(1))), counts_only_success=True),
    "draft": Limit((Rate(30, minutes(1)), Rate(600, days(1)))),
    "ballot": Limit((Rate(20, minutes(10)),), counts_only_success=True),
    "pin": Limit((Rate(30, minutes(1)), Rate(300, days(1)))),
    "vote": Limit((Rate(30, minutes(1)), Rate(300, days(1)))),
    "upload": Limit((Rate(10, minutes(10)), Rate(50, days(1)))),
    "preview": Limit((Rate(30, minutes(1)),)),
    "flag": Limit((Rate(10, days(1)),), counts_only_success=True),
    "flag_by_core": Limit((Rate(20, days(1)),), counts_only_success=True),
    "guest_flag": Limit((Rate(5, hours(1)),), per="address", counts_only_success=True),
    "claim": Limit((Rate(3, days(1)),), counts_only_success=True),
    # The servers of the large mail houses press for many at once.
    "unsubscribe": Limit((Rate(60, minutes(1)),), per="address"),
    # A school or an office comes through one address.
    "share_visit": Limit((Rate(10, minutes(1)), Rate(200, days(1))), per="address"),
    "notice": Limit((Rate(60, minutes(1)),)),
    "rsvp": Limit((Rate(20, minutes(10)),)),
    "meetup": Limit((Rate(30, minutes(10)),)),
    "check_in": Limit((Rate(60, minutes(1)),)),
    "settings": Limit((Rate(30, minutes(10)),)),
    "staff_write": Limit((Rate(60, minutes(1)),)),
    "export": Limit((Rate(10, hours(1)),)),
    "search": Limit((Rate(30, minutes(1)),), guest_rates=(Rate(10, minutes(1)),), methods=READING),
    "similar": Limit((Rate(60, minutes(1)),), methods=READING),  # while a title is typed
    # Everything together, counted by the middleware before any view
    "read_as_guest": Limit(
        (Rate(20, seconds(1)), Rate(120, minutes(1))), per="address", methods=READING
    ),
    "request": Limit((Rate(240, minutes(1)),), methods=READING | WRITING),
    "write": Limit((Rate(60, minutes(1)),)),
    "account_write": Limit((Rate(60, minutes(1)),), fails_closed=True),
    # A page may hold a hundred pictures; they would eat up a reader's pages.
    "picture": Limit((Rate(100, seconds(1)), Rate(1200, minutes(1))), methods=READING),
}


# What allauth calls what it counts, the row it takes, and whether it counts per address, per
# key, or per person signed in.
_ALLAUTH_ACTIONS = {
    "signup": ("sign_up", "ip"),
    "login": ("login", "ip"),
    "login_failed": ("login_failed", "ip and key"),
    "request_login_code": ("login_code", "ip and key"),
    "reset_password": ("password_reset", "ip and key"),
    "reset_password_from_key": ("login", "ip"),
    "confirm_email": ("verify", "ip and key"),
    "manage_email": ("email_change", "user"),
    "change_password": ("password_change", "user"),
    "reauthenticate": ("reauthenticate", "user"),
}


def allauth_rates() -> dict[str, str]:
    """The rows allauth counts, in its words, for ACCOUNT_RATE_LIMITS."""
    return {
        action: ",".join(_in_allauth_words(LIMITS[row], per))
        for action, (row, per) in _ALLAUTH_ACTIONS.items()
    }


def allauth_second_factor_rates() -> dict[str, str]:
    """The same for MFA_RATE_LIMITS; codes are counted as attempts to sign in, per account."""
    return {"webauthn_login": ",".join(_in_allauth_words(LIMITS["passkey"], "ip"))}


def _in_allauth_words(limit: Limit, per: str) -> list[str]:
    own, _, per_key = per.partition(" and ")
    return [
        *(f"{rate.count}/{rate.seconds}s/{own}" for rate in limit.rates),
        *(f"{rate.count}/{rate.seconds}s/{per_key}" for rate in limit.key_rates if per_key),
    ]
