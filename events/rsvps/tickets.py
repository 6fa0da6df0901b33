"""The code of a ticket: signed, one for each seat, worth nothing for another meetup (M5)."""

from dataclasses import dataclass

from django.core.signing import BadSignature, Signer

from events.rsvps.models import Rsvp

SHORT = 8


@dataclass(frozen=True)
class Ticket:
    meetup: int
    fan: int
    nonce: str


def _signer() -> Signer:
    # Made when it is needed: a site without its key must still start far enough to say so.
    return Signer(salt="events.rsvps.ticket", sep=".")


def code_of(rsvp: Rsvp) -> str:
    return _signer().sign(f"{rsvp.meetup_id}-{rsvp.fan_id}-{rsvp.ticket_nonce}")


def short_code_of(rsvp: Rsvp) -> str:
    """«K7QM-2F9X», for somebody to type."""
    short = rsvp.ticket_nonce[:SHORT]
    return f"{short[:4]}-{short[4:]}"


def read_code(words: str) -> Ticket | None:
    """What a signed code says; None for one this site never wrote."""
    try:
        meetup, fan, nonce = _signer().unsign(words.strip()).split("-")
        return Ticket(int(meetup), int(fan), nonce)
    except (BadSignature, ValueError):
        return None


def short_code_in(words: str) -> str:
    """The letters of a short code as somebody typed them; empty when it is none."""
    letters = "".join(c for c in words.upper() if c.isascii() and c.isalnum())
    return letters if len(letters) == SHORT else ""
