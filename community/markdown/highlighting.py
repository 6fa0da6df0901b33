"""Colours for code people post. Known languages and short code only: lexers are regexes."""

from functools import cache
from itertools import groupby

from markdown_it.common.utils import escapeHtml
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType

from community.markdown.cleaning import CODE_CLASSES

LANGUAGES = frozenset(
    [
        "bash",
        "c",
        "cpp",
        "csharp",
        "css",
        "dart",
        "diff",
        "go",
        "html",
        "ini",
        "java",
        "javascript",
        "js",
        "json",
        "kotlin",
        "lua",
        "objc",
        "php",
        "python",
        "py",
        "ruby",
        "rust",
        "scala",
        "sh",
        "sql",
        "swift",
        "toml",
        "ts",
        "typescript",
        "xml",
        "yaml",
        "yml",
    ]
)
MAX_CHARACTERS = 6_000  # longer code is shown plain


def highlight(code: str, language: str) -> str:
    """The code as HTML with a class on what is coloured; plain when we do not know better."""
    name = language.lower()
    if name not in LANGUAGES or len(code) > MAX_CHARACTERS:
        return escapeHtml(code)
    tokens = _lexer(name).get_tokens(code)
    return "".join(
        _span(kind, "".join(text for _, text in run))
        for kind, run in groupby(tokens, key=lambda token: _class_of(token[0]))
    )


def _span(kind: str, text: str) -> str:
    return f'<span class="{kind}">{escapeHtml(text)}</span>' if kind else escapeHtml(text)


@cache
def _lexer(name: str) -> Lexer:
    return get_lexer_by_name(name, stripnl=False, ensurenl=False)


@cache
def _class_of(token: _TokenType) -> str:
    """The nearest kind we colour, going up from the exact one; empty for plain text."""
    found: _TokenType | None = token
    while found is not None:
        if (name := STANDARD_TYPES.get(found, "")) in CODE_CLASSES:
            return name
        found = found.parent
    return ""
