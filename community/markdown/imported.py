"""HTML that another forum made (Discourse's «cooked»), flattened into what we show ourselves."""

from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser

import nh3

from community.markdown.cleaning import clean
from community.markdown.pictures import key_of, missing_picture, own_path
from community.markdown.result import Rendered

_Attributes = Mapping[str, str]

# Kept just long enough to tell what a piece of their page was.
_structure = nh3.Cleaner(
    tags=frozenset(
        [
            "a",
            "abbr",
            "article",
            "aside",
            "b",
            "big",
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
            "figcaption",
            "figure",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "i",
            "img",
            "ins",
            "kbd",
            "li",
            "mark",
            "ol",
            "p",
            "pre",
            "q",
            "s",
            "section",
            "small",
            "span",
            "strike",
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
            "tt",
            "u",
            "ul",
        ]
    ),
    attributes={
        "*": {"class"},
        "a": {"href"},
        "aside": {"data-onebox-src"},
        "img": {"src", "alt", "title", "width", "height"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    url_schemes={"http", "https", "mailto", "upload"},
    link_rel=None,
)
# Furniture of their page: sizes of files, buttons, icons, anchors, faces.
_FURNITURE = frozenset(
    [
        "meta",
        "quote-controls",
        "anchor",
        "footnote-backref",
        "github-icon-container",
        "hashtag-icon-placeholder",
        "show-more-container",
        "expanded-embed",
    ]
)
_LITTLE_PICTURES = frozenset(["avatar", "site-icon", "thumbnail", "onebox-avatar-inline"])
_RENAMED = {"h1": "h3", "h2": "h3", "strike": "s", "tt": "code", "aside": "blockquote"}
_BLOCKS = frozenset({"div", "section", "article", "header", "figure", "figcaption"})
_NO_END = frozenset({"br", "hr", "img"})
_EMOJI = {
    "slight_smile": "🙂", "smile": "😄", "smiley": "😃", "grinning": "😀", "joy": "😂", "wink": "😉",
    "sweat_smile": "😅", "thinking": "🤔", "heart": "❤️", "+1": "👍", "-1": "👎", "tada": "🎉",
    "rocket": "🚀", "fire": "🔥", "eyes": "👀", "pray": "🙏", "clap": "👏", "sob": "😭", "cry": "😢",
    "laughing": "😆", "sunglasses": "😎", "innocent": "😇", "blush": "😊", "upside_down_face": "🙃",
    "point_up": "☝️", "point_down": "👇", "point_right": "👉", "white_check_mark": "✅", "x": "❌",
    "warning": "⚠️", "raised_hands": "🙌", "muscle": "💪", "100": "💯", "star": "⭐", "wave": "👋",
    "rofl": "🤣", "neutral_face": "😐", "slightly_frowning_face": "🙁", "frowning": "☹️",
    "disappointed": "😞", "grimacing": "😬", "shrug": "🤷", "man_shrugging": "🤷", "ok_hand": "👌",
}  # fmt: skip


def sanitise_html(cooked: str) -> Rendered:
    """HTML from elsewhere as ours: same allow-list, no class, no picture from another site.

    A second time changes nothing.
    """
    reader = _Flattener()
    reader.feed(_structure.clean(cooked.encode("utf-8", "replace").decode()))
    reader.close()
    return Rendered(
        html=clean("".join(reader.out)),
        image_keys=tuple(dict.fromkeys(reader.image_keys)),
        has_link=reader.has_link,
    )


class _Flattener(HTMLParser):
    """Reads well-formed HTML (nh3 made it) and writes the same words in our own few tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.image_keys: list[str] = []
        self.has_link = False
        self._ends: list[str] = []  # what closes each open element
        self._skipped = 0  # depth inside furniture
        self._links = 0  # links open around this place

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = set(given.get("class", "").split())
        if self._skipped or (classes & _FURNITURE and tag not in _NO_END):
            self._skipped += tag not in _NO_END
        elif tag == "img":
            self.out.append(self._picture(given, classes))
        elif tag in _NO_END:
            self.out.append(f"<{tag}>")
        else:
            start, end = self._element(tag, given, classes)
            self.out.append(start)
            self._ends.append(end)
            self._links += end == "</a>"

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        end = self._ends.pop()
        self.out.append(end)
        self._links -= end == "</a>"

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.out.append(escape(data, quote=False))

    def _element(self, tag: str, given: _Attributes, classes: set[str]) -> tuple[str, str]:
        """What stands for an element: its start and its end, both empty where only words stay."""
        mark = ' class="missing-picture"' if "missing-picture" in classes else ""
        if tag == "a":
            return self._link(given, classes, mark)
        if tag == "table":
            return '<div class="table-scroll"><table>', "</table></div>"
        if tag == "span":
            return (f"<span{mark}>", "</span>") if mark else ("", "")
        if "table-scroll" in classes:  # our own, read again
            return "", ""
        if tag in _BLOCKS:
            return ("<p>", "</p>") if _is_line(tag, classes) else ("\n", "\n")
        if tag == "aside" and "quote" in classes:  # holds a blockquote of its own
            return "\n", "\n"
        name = _RENAMED.get(tag, tag)
        return f"<{name}{_kept(given)}>", f"</{name}>"

    def _link(self, given: _Attributes, classes: set[str], mark: str) -> tuple[str, str]:
        """Links to other sites stay; those within the old forum lead nowhere here."""
        href = given.get("href", "")
        if "lightbox" in classes or not href.lower().startswith(("http://", "https://", "mailto:")):
            return "", ""
        self.has_link = True
        return f'<a{mark} href="{escape(href)}">', "</a>"

    def _picture(self, given: _Attributes, classes: set[str]) -> str:
        alt, address = given.get("alt", ""), given.get("src", "")
        if "emoji" in classes:
            return escape(_EMOJI.get(alt.strip(":"), alt))
        if classes & _LITTLE_PICTURES:
            return ""
        if not (key := key_of(address)):
            return missing_picture(alt=alt, address=address, in_link=self._links > 0)
        self.image_keys.append(key)
        return f'<img src="{own_path(address)}" alt="{escape(alt)}"{_kept(given)}>'


def _is_line(tag: str, classes: set[str]) -> bool:
    """Whether a block of theirs holds one line of words."""
    return tag in {"header", "figcaption"} or bool(classes & {"title", "math"})


def _kept(given: _Attributes) -> str:
    """Numbers that shape lists, tables and pictures; the allow-list judges their values."""
    names = ("start", "colspan", "rowspan", "width", "height")
    return "".join(f' {name}="{escape(given[name])}"' for name in names if name in given)
