"""The one allow-list. Whatever made the HTML, nothing leaves this room without passing it."""

import re
from collections.abc import Mapping

import nh3

PICTURE = re.compile(r"/images/([0-9a-f]{32})\.(?:webp|jpg|png|gif)")
NUMBER = re.compile(r"[0-9]{1,5}")

# Kinds of code we colour, by the short names of Pygments.
CODE_CLASSES = frozenset({"k", "s", "c", "m", "nf", "gi", "gd", "gh"})

_TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_CLASSES: Mapping[str, frozenset[str]] = {
    "a": frozenset({"mention", "missing-picture"}),
    "div": frozenset({"table-scroll"}),
    "span": CODE_CLASSES | {"missing-picture"},
    "td": frozenset({"align-right", "align-center"}),
    "th": frozenset({"align-right", "align-center"}),
}
# What scrolls sideways on a phone can be reached with the keyboard.
_ALWAYS = {
    "div": {"tabindex": "0"},
    "img": {"loading": "lazy"},  # one each: nh3 adds several in any order
    "pre": {"tabindex": "0"},
}


def _admit(tag: str, name: str, value: str) -> str | None:
    """Attributes whose value could do harm: only our own pictures, only small numbers."""
    if name == "src":
        return value if PICTURE.fullmatch(value) else None
    if name in {"width", "height", "start", "colspan", "rowspan"}:
        return value if NUMBER.fullmatch(value) else None
    return value


_cleaner = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_admit,
    allowed_classes=_CLASSES,
    set_tag_attribute_values=_ALWAYS,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)


def clean(html: str) -> str:
    """Keep what the allow-list names. Cleaning what is clean changes nothing."""
    return _cleaner.clean(html)
