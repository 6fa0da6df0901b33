"""What we add to markdown-it: bare addresses, and tables that scroll."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from community.markdown.highlighting import highlight

InlineRule = Callable[[StateInline, bool], bool]

# A longer run without a space is nobody's address. Full-width marks end one: Chinese
# sentences go on without a space.
_ADDRESS = re.compile(r"://[^\s<>\[\]|\\^`\"，。；：！？、（）【】《》「」『』“”‘’…]{1,2000}")
_LONGEST_ADDRESS = 2_000
_MOST_BRACKETS = 8_000  # tried as links; a post of nothing but links takes 5 000
_MOST_CELLS = 6_000  # in all tables of a post: empty ones cost their writer nothing (R4)
_SCHEME = re.compile(r"(?<![A-Za-z0-9.+-])https?\Z", re.IGNORECASE)
_ENDS_A_SENTENCE = ".,:;!?'*_~"


def bare_address(state: StateInline, silent: bool) -> bool:
    """Make `https://…` a link, in one pass: linkify-it takes seconds for a hostile post (R4)."""
    start = state.pos
    if state.linkLevel or not state.src.startswith("://", start):
        return False
    before = state.src[max(0, start - 6) : start]
    if not (scheme := _SCHEME.search(before)) or not (found := _ADDRESS.match(state.src, start)):
        return False
    tail = _without_sentence_end(found[0])
    if len(found[0]) > _LONGEST_ADDRESS or not tail[3:]:
        return False
    href = state.md.normalizeLink(scheme[0] + tail)
    if not state.md.validateLink(href):
        return False
    if not silent:
        if not state.pending.endswith(scheme[0]):
            return False
        state.pending = state.pending[: -len(scheme[0])]
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.push("text", "", 0).content = state.md.normalizeLinkText(scheme[0] + tail)
        state.push("link_close", "a", -1)
    state.pos += len(tail)
    return True


def _without_sentence_end(address: str) -> str:
    """Drop the full stop of the sentence around it, and a bracket that was opened before it."""
    surplus = address.count(")") - address.count("(")
    end = len(address)
    while end > 3:
        if address[end - 1] == ")" and surplus > 0:
            surplus -= 1
        elif address[end - 1] not in _ENDS_A_SENTENCE:
            break
        end -= 1
    return address[:end]


_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\\\]{2}", re.IGNORECASE)


def is_elsewhere(part: Token) -> bool:
    """Whether a token leads, or would have led, to another site (A1)."""
    address = str(part.attrs.get("href", part.attrs.get("src", "")))
    return bool(_OUTSIDE.match(address)) and not f"{address}/".startswith(f"{settings.SITE_URL}/")


def bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table, while the post has cells left; what goes beyond is shown as it was typed."""
    columns = state.src.count("|", state.bMarks[start], state.eMarks[start]) + 1
    left = state.env.get("cells_left", _MOST_CELLS)
    rows = left // columns
    if not table(state, start, min(end, start + rows), silent):
        return False
    if not silent:
        state.env["cells_left"] = left - columns * (state.line - start)
    return True


def bounded_brackets(rule: InlineRule, opening: str) -> InlineRule:
    """A link or picture, while the post has brackets left: labels are read again and again."""

    def within_bounds(state: StateInline, silent: bool) -> bool:
        left = state.env.get("brackets_left", _MOST_BRACKETS)
        if not left or not state.src.startswith(opening, state.pos):
            return False
        state.env["brackets_left"] = left - 1
        return rule(state, silent)

    return within_bounds


def _table_open(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
) -> str:
    return '<div class="table-scroll"><table>\n'


def _table_close(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
) -> str:
    return "</table></div>\n"


def _fence(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
) -> str:
    token = tokens[index]
    language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
    return f"<pre><code>{highlight(token.content, language)}</code></pre>\n"


def make_parser() -> MarkdownIt:
    """CommonMark with tables and strikethrough; HTML is text, and nesting has an end (R4)."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 16})
    parser.enable(["table", "strikethrough"])
    parser.block.ruler.at("table", bounded_table, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.at("link", bounded_brackets(link, "["))
    parser.inline.ruler.at("image", bounded_brackets(image, "!["))
    parser.inline.ruler.before("escape", "bare_address", bare_address)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    parser.add_render_rule("fence", _fence)
    return parser
