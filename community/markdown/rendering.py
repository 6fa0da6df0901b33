"""Markdown to HTML."""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain

from markdown_it.token import Token

from community.markdown.cleaning import clean
from community.markdown.mentions import mentioned, with_mentions
from community.markdown.pictures import key_of, missing_picture, own_path
from community.markdown.result import Rendered
from community.markdown.rules import is_elsewhere, make_parser

# A post stands under the headings of its page, so its own begin here and skip no rank.
_FIRST_HEADING = 3
_LAST_HEADING = 6
_ALIGNMENT = {"text-align:right": "align-right", "text-align:center": "align-center"}

_parser = make_parser()


def render(
    source: str,
    *,
    known_handles: Callable[[Collection[str]], Mapping[str, str]] | None = None,
    image_sizes: Callable[[Collection[str]], Mapping[str, tuple[int, int]]] | None = None,
) -> Rendered:
    """Markdown as safe HTML; never raises, whatever the source.

    `known_handles` gets lower-case handles and returns those that exist, each with its true
    spelling; without it nobody is mentioned. `image_sizes` gets keys of pictures and returns
    width and height of those that exist; without it every key is believed.
    """
    tokens = _parser.parse(source.encode("utf-8", "replace").decode(), {})  # no lone surrogates
    inlines = [token for token in tokens if token.type == "inline"]
    parts = list(chain.from_iterable(token.children or () for token in inlines))
    keys = tuple(dict.fromkeys(filter(None, map(_picture_key, parts))))
    sizes = image_sizes(keys) if image_sizes and keys else dict.fromkeys(keys, (0, 0))
    names = mentioned(parts)
    handles = known_handles(names) if known_handles and names else {}
    _rank_headings(tokens)
    for token in tokens:
        _align(token)
    for token in inlines:
        token.children = list(with_mentions(_pictured(token.children or (), sizes), handles))
    return Rendered(
        html=clean(_parser.renderer.render(tokens, _parser.options, {})),
        image_keys=tuple(key for key in keys if key in sizes),
        has_link=any(map(is_elsewhere, parts)),
        handles=tuple(handles[name] for name in names if name in handles),
    )


def _rank_headings(tokens: Collection[Token]) -> None:
    """Whatever ranks a post begins with or leaves out, who listens to headings misses none."""
    above: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            while above and above[-1] >= token.tag:
                above.pop()
            above.append(token.tag)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(_FIRST_HEADING - 1 + len(above), _LAST_HEADING)}"


def _align(token: Token) -> None:
    """Alignment as a class: our pages allow no inline style."""
    if token.type in {"th_open", "td_open"} and (style := token.attrs.pop("style", None)):
        token.attrSet("class", _ALIGNMENT.get(str(style), ""))


def _picture_key(part: Token) -> str:
    return key_of(str(part.attrs["src"])) if part.type == "image" else ""


def _pictured(parts: Collection[Token], sizes: Mapping[str, tuple[int, int]]) -> Iterator[Token]:
    """Our own pictures with their size; a named place for every other one."""
    depth = 0
    for part in parts:
        depth += (part.type == "link_open") - (part.type == "link_close")
        if part.type != "image":
            yield part
            continue
        address = str(part.attrs["src"])
        if (key := key_of(address)) in sizes:
            width, height = sizes[key]
            part.attrs = {"src": own_path(address), "alt": ""}
            if width:
                part.attrs |= {"width": width, "height": height}
            yield part
        else:
            html = missing_picture(alt=_text_of(part), address=address, in_link=depth > 0)
            yield Token("html_inline", "", 0, content=html)


def _text_of(part: Token) -> str:
    return "".join(
        _text_of(child) if child.children else child.content for child in part.children or ()
    )
