"""A sheet for the wall: a wish in few words, in all languages of the site at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from community.feature_requests.models import FeatureRequest
from community.feature_requests.story import Line, Story, name_of_kind
from community.screening.rules import weight
from fans.images.codes import code_picture

MARKS_AT_MOST = 7
LONG_TITLE = 60
# What a passer-by needs of the story: the rest is behind the code.
_SHOWN = ("asked", "room", "planned", "declined", "shipped", "recalled", "reopened", "verdict")

Words = list[tuple[str, str]]  # language, words


@dataclass(frozen=True)
class Mark:
    names: Words
    day: date | None = None  # none: it is to come


@dataclass(frozen=True)
class Poster:
    heading: Words
    is_long: bool  # its title
    marks: list[Mark]
    counts: list[tuple[int, Words]]
    invitation: Words
    code: SafeString
    address: str


def poster_of(wish: FeatureRequest, told: Story, address: str) -> Poster:
    counts = [(wish.vote_count, in_each(lambda: _fans(wish.vote_count)))]
    if wish.offline_count:
        counts.append((wish.offline_count, in_each(lambda: _voices(wish.offline_count))))
    return Poster(
        heading=in_each(lambda: gettext("A wish of the fans")),
        is_long=weight(wish.thread.title) > LONG_TITLE,
        marks=_marks(told),
        counts=counts,
        invitation=in_each(lambda: gettext("Read its story")),
        code=code_picture(f"{address}?via=share"),
        address=address.partition("://")[2],
    )


def _marks(told: Story) -> list[Mark]:
    shown = [line for line in told.lines if line.kind in _SHOWN]
    newest = shown[:1] + shown[1:][-(MARKS_AT_MOST - 1 - len(told.ahead)) :]
    return [_mark(line) for line in (*newest, *told.ahead)]


def _mark(line: Line) -> Mark:
    day = timezone.localdate(line.at) if line.at else None
    return Mark(in_each(lambda: name_of_kind(line.kind)), day)


def _fans(count: int) -> str:
    return ngettext("fan voted for it", "fans voted for it", count)


def _voices(count: int) -> str:
    return ngettext("voice from outside the site", "voices from outside the site", count)


def in_each(say: Callable[[], str]) -> Words:
    """The same in every language of the site; once where two of them say it alike."""
    said: Words = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words = say()
        if words not in [known for _, known in said]:
            said.append((language, words))
    return said
