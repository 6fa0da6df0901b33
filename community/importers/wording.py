"""Turns Discourse's own marks into the Markdown of this site; plain Markdown stays as it is.

Each pattern has bounded repeats or ends at the line: a hostile post costs time in proportion
to its length.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape

PostAddress = Callable[[int, int], str]  # (topic, number) → address here, or ""

MAX_QUOTE_DEPTH = 4  # deeper ones are drawn at this depth

_CODE = re.compile(
    r"^[ >]{0,12}(?P<fence>`{3,}+|~{3,}+)[^\n]*+\n.*?(?:^[ >]{0,12}(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<ticks>`{1,3})(?!`)[^\n]{1,1000}?(?<!`)(?P=ticks)(?!`)",
    re.DOTALL | re.MULTILINE,
)
_QUOTE_MARK = re.compile(r"\[quote(?:=\"?(?P<source>[^\]\"\n]{0,200})\"?)?\]|\[/quote\]", re.I)
_SOURCE = re.compile(r"(?P<key>post|topic|username)\s*:\s*(?P<value>[^,]+)", re.I)
_BLOCK_FORMULA = re.compile(r"^[ \t]*\$\$\s*(?P<words>[^$`]{1,5000}?)\s*\$\$[ \t]*$", re.MULTILINE)
_FORMULA = re.compile(r"(?<![\\$\w])(\$\$?)(?=[^\s$])([^$`\n]{1,500})(?<=[^\s\\])\1(?![\d$])")
_MENTION = re.compile(r"(?<![\w@/.])@([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,58}[A-Za-z0-9_])?)")
_TAG = r"<{}(?:\s[^<>]{{0,500}})?/?>"

# Marks of the old forum, and what says the same here.
_MARKS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (r"(?<!!)\[([^\]\n]{1,300})\|attachment\]\([^)\n]{0,300}\)", r"*\1*"),
        (r"\[details=?\"?([^\]\"\n]{0,200})\"?\]", r"**\1**\n"),
        (r"\[date=([0-9-]{8,10})(?: time=([0-9:]{4,8}))?[^\]\n]{0,200}\]", r"\1 \2"),
        (r"\[/?(?:details|poll|spoiler|wrap|center|size|color|font)(?:[ =][^\]\n]{0,300})?\]", ""),
        (r"\[b\]([^\[\n]{1,500})\[/b\]", r"**\1**"),
        (r"\[i\]([^\[\n]{1,500})\[/i\]", r"*\1*"),
        (r"\[u\]([^\[\n]{1,500})\[/u\]", r"\1"),
        (r"\[s\]([^\[\n]{1,500})\[/s\]", r"~~\1~~"),
        (r"\[url=\"?(https?://[^\]\"\s]{1,500})\"?\]([^\[\n]{1,500})\[/url\]", r"[\2](\1)"),
        (r"\[url\](https?://[^\[\s]{1,500})\[/url\]", r"\1"),
        (r"\[img\]([^\[\s]{1,500})\[/img\]", r"![](\1)"),
        # HTML people typed between their Markdown; what is none stays to be read.
        (r"<!--[^<>]{0,2000}-->", ""),
        (_TAG.format("br"), "\n"),
        (r"<summary>([^<\n]{0,300})</summary>", r"**\1**\n"),
        (r"<sup>([^<\n]{1,100})</sup>", r"^\1"),
        (r"<sub>([^<\n]{1,100})</sub>", r"\\_\1"),
        (r"<(?:b|strong)>([^<\n]{1,500})</(?:b|strong)>", r"**\1**"),
        (r"<(?:i|em)>([^<\n]{1,500})</(?:i|em)>", r"*\1*"),
        (
            r"<a\s[^<>]{0,200}?href=\"(https?://[^\"\s]{1,500})\"[^<>]{0,200}>([^<\n]{1,300})</a>",
            r"[\2](\1)",
        ),
        (r"<img\s[^<>]{0,300}?alt=\"([^\"\n]{0,200})\"[^<>]{0,500}>", r"![\1](picture)"),
        (_TAG.format("img"), "![](picture)"),
        (r"</?(?:details|div|p|span|small|big|center|font|ins|kbd|u|a)(?:\s[^<>]{0,300})?/?>", ""),
    )
)


def as_markdown(
    raw: str, *, address_of: PostAddress, topic_id: int, handles: Mapping[str, str]
) -> str:
    """The post in our Markdown: quotes link to the post they quote where that one came along.

    `handles` holds the names people are mentioned by there which they could not keep here.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = _outside_code(text, _with_formulas_as_code)
    text = _outside_code(text, lambda words: _without_marks(words, handles))
    return _with_quotes(text, address_of, topic_id).strip()


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    parts, end = [], 0
    for code in _CODE.finditer(text):
        parts += [change(text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*parts, change(text[end:])])


def _with_formulas_as_code(text: str) -> str:
    """A formula is shown as it was typed; as prose, half its signs would turn into emphasis."""
    if "$" not in text:
        return text
    text = _BLOCK_FORMULA.sub(lambda found: f"```\n{found['words'].strip()}\n```", text)
    return _outside_code(text, lambda words: _FORMULA.sub(r"`\2`", words))


def _without_marks(text: str, handles: Mapping[str, str]) -> str:
    for pattern, words in _MARKS:
        text = pattern.sub(words, text)
    return _MENTION.sub(
        lambda found: f"@{handles.get(found[1].casefold(), found[1])}",
        text,
    )


def _with_quotes(text: str, address_of: PostAddress, topic_id: int) -> str:
    marks = _quote_pairs(text)
    if not marks:
        return text
    page = _Page()
    end = depth = 0
    for mark in marks:
        page.add(text[end : mark.start()], depth)
        opens = not mark[0].startswith("[/")
        depth += 1 if opens else -1
        page.step_to(depth)
        if opens and mark["source"]:
            page.add(_attribution(mark["source"], address_of, topic_id), depth)
        end = mark.end()
    page.add(text[end:], depth)
    return "\n".join(page.lines)


class _Page:
    """Lines of Markdown, each behind the marks of the quotes it stands in."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._outermost = 0  # since the last words: what a blank line must close

    def step_to(self, depth: int) -> None:
        self._outermost = min(self._outermost, depth)

    def add(self, text: str, depth: int) -> None:
        words = text.strip("\n")
        if not words.strip():
            return
        if self.lines:
            self.lines.append(self._prefix(min(self._outermost, depth)).rstrip())
        prefix = self._prefix(depth)
        self.lines.extend((prefix + line).rstrip() for line in words.split("\n"))
        self._outermost = depth

    @staticmethod
    def _prefix(depth: int) -> str:
        return "> " * min(depth, MAX_QUOTE_DEPTH)


def _quote_pairs(text: str) -> list[re.Match[str]]:
    """The quote marks that have a partner, in order; a lonely one stays text."""
    opened: list[re.Match[str]] = []
    paired: list[re.Match[str]] = []
    for mark in _marks_outside_code(text):
        if not mark[0].startswith("[/"):
            opened.append(mark)
        elif opened:
            paired += [opened.pop(), mark]
    return sorted(paired, key=lambda mark: mark.start())


def _marks_outside_code(text: str) -> Iterator[re.Match[str]]:
    end = 0
    for code in _CODE.finditer(text):
        yield from _QUOTE_MARK.finditer(text, end, code.start())
        end = code.end()
    yield from _QUOTE_MARK.finditer(text, end)


def _attribution(source: str, address_of: PostAddress, topic_id: int) -> str:
    """«sipa:», and a link where the quoted post is here too."""
    where = {found["key"].lower(): found["value"].strip() for found in _SOURCE.finditer(source)}
    name = re.sub(r"([\\`*_\[\]<>~|#])", r"\\\1", unescape(source.split(",")[0].strip()))
    number, topic = where.get("post", ""), where.get("topic", str(topic_id))
    is_placed = number.isdecimal() and topic.isdecimal() and len(number) < 10 > len(topic)
    address = address_of(int(topic), int(number)) if is_placed else ""
    return f"**[{name}]({address}):**" if address else f"**{name}:**"
