"""HTML we stored, as text that somebody can go on writing: for posts without Markdown of their own."""

import re
from html.parser import HTMLParser

_PARAGRAPHS = frozenset(
    ["p", "div", "blockquote", "pre", "ul", "ol", "table", "h3", "h4", "h5", "h6", "details", "hr"]
)
_LINES = frozenset(["br", "li", "tr", "dt", "dd", "summary"])


def readable(html: str) -> str:
    """The words, with links and pictures as Markdown; `html` has passed the allow-list."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [line.strip() for line in "".join(reader.parts).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "a":
            self._addresses.append(has.get("href", ""))
            self.parts.append("[" if self._addresses[-1] else "")
        elif tag == "img" and has.get("src"):
            alt = re.sub(r"[\[\]\\\s]+", " ", has.get("alt", "")).strip()
            self.parts.append(f"![{alt}]({has['src']})")
        elif tag in _PARAGRAPHS:
            self.parts.append("\n\n")
        elif tag in _LINES:
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._addresses:
            address = self._addresses.pop()
            self.parts.append(f"]({address})" if address else "")
        elif tag in _PARAGRAPHS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
