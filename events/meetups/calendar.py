"""One meetup as a calendar entry (RFC 5545); in UTC, so that no zone needs explaining."""

from datetime import UTC, datetime

from events.meetups.models import Meetup, MeetupState

_STATUS = {MeetupState.CANCELLED.value: "CANCELLED", MeetupState.POSTPONED.value: "TENTATIVE"}


def entry_of(meetup: Meetup, *, host: str, url: str, where: str) -> str:
    """The UID stays, the SEQUENCE grows with every change, what is called off says so."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Orangery//Meetups//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:meetup-{meetup.pk}@{host}",
        f"SEQUENCE:{meetup.sequence}",
        f"DTSTAMP:{_utc(meetup.state_at)}",
        f"DTSTART:{_utc(meetup.starts_at)}",
        f"DTEND:{_utc(meetup.ends_at)}",
        f"SUMMARY:{_text(meetup.title)}",
        f"LOCATION:{_text(where)}",
        f"URL:{url}",
        f"STATUS:{_STATUS.get(meetup.state, 'CONFIRMED')}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    one_line = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return one_line.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    """No line is longer than 75 bytes; a longer one goes on after a space."""
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > 73:
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])
