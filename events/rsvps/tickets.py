"""The code of a ticket: signed, one for each seat, worth nothing for another meetup (M5)."""

from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.utils.html import format_html
from django.utils.safestring import SafeString

from events.rsvps.models import Rsvp

SHORT = 8
_BORDER = 2  # modules


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


def picture_of(code: str) -> SafeString:
    """The code as a QR picture: dark on light in both themes, for a camera needs that."""
    import qrcode  # it loads Pillow, which no page but this needs

    drawn = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    drawn.add_data(code)
    drawn.make(fit=True)
    rows = drawn.get_matrix()
    path = "".join(
        f"M{x + _BORDER} {y + _BORDER}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    side = len(rows) + 2 * _BORDER
    return format_html(
        '<svg class="ticket-code" viewBox="0 0 {0} {0}" width="264" height="264" role="img" '
        'aria-label="QR"><path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#000" d="{1}"/></svg>',
        side,
        path,
    )
