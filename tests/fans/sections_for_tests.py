"""Sections as a room would offer them, for the tests of the letters."""

from datetime import datetime

from fans.accounts.models import Fan
from fans.digests.sections import Section

asked: list[tuple[str, datetime, datetime]] = []


def songs(reader: Fan, since: datetime, until: datetime) -> Section | None:
    """For everybody whose name is not «Deaf»; the words are theirs alone."""
    asked.append((reader.handle, since, until))
    if reader.display_name == "Broken":
        raise ZeroDivisionError
    if reader.display_name == "Deaf":
        return None
    lines = [_Line(f"A song for {reader.display_name}")]
    return Section(
        title="Songs",
        template="digests/unread.html",
        context={"lines": lines},
        headline=reader.bio,
    )


def a_long_one(reader: Fan, since: datetime, until: datetime) -> Section:
    lines = [_Line("la " * 1000) for _ in range(20)]
    return Section(title="Long", template="digests/unread.html", context={"lines": lines})


class _Line:
    why, url = "because you asked", "/about/"

    def __init__(self, words: str) -> None:
        self.words = words
