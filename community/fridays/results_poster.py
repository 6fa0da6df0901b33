"""A sheet for the wall: a counted week in few words, in all languages of the site at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from community.feature_requests.poster import Words, in_each
from community.fridays.awards import Winner
from community.fridays.complaints import Complaint
from community.fridays.rankings import ItemRow
from community.markdown import language_of
from community.screening.rules import weight
from fans.images.codes import code_picture

LONG_TITLE = 60


@dataclass(frozen=True)
class Line:
    """What is said of one thing of the build."""

    names: Words
    title: str
    language: str


@dataclass(frozen=True)
class ResultsPoster:
    heading: Words
    counts: list[tuple[str, Words]]
    lines: list[Line]
    is_long: bool
    invitation: Words
    code: SafeString
    address: str


def results_poster(
    figures: Mapping[str, Any],
    loved: ItemRow | None,
    complaints: Sequence[Complaint],
    winners: Sequence[Winner],
    address: str,
) -> ResultsPoster:
    lines = [
        _line(lambda: gettext("Popcorn award"), f"{won.award.item.title} · {won.award.team}")
        for won in winners
    ]
    if not figures["is_small"]:
        if loved:
            lines.append(_line(lambda: gettext("Loved most"), loved.item.title))
        lines += [_line(lambda: gettext("Not good enough"), c.title) for c in complaints[:1]]
    return ResultsPoster(
        heading=in_each(lambda: gettext("What fans said")),
        counts=_counts(figures),
        lines=lines,
        is_long=any(weight(line.title) > LONG_TITLE for line in lines),
        invitation=in_each(lambda: gettext("Read all of it")),
        code=code_picture(f"{address}?via=share"),
        address=address.partition("://")[2],
    )


def _counts(figures: Mapping[str, Any]) -> list[tuple[str, Words]]:
    if figures["is_small"]:
        return [("< 5", in_each(lambda: gettext("reports: too few for numbers")))]
    count, share = figures["count"], round(100 * figures["satisfaction"]["share"])
    return [
        (f"{count:,}", in_each(lambda: ngettext("fan reported", "fans reported", count))),
        (f"{share}\u00a0%", in_each(lambda: gettext("are satisfied"))),
    ]


def _line(say: Any, title: str) -> Line:
    return Line(in_each(say), title, language_of(title))
