"""Colours for code people post.

One pass of one pattern for each family of languages. A true lexer knows more, but those of
Pygments take 5 s for 6 000 hostile characters of C#, and each is a chain of regexes of that kind.
"""

import re
from collections.abc import Iterator

from markdown_it.common.utils import escapeHtml

_SLASHES = r"//[^\n]*|/\*.*?(?:\*/|\Z)"
_HASH = r"#[^\n]*"
_DASHES = r"--[^\n]*"
_COMMENTS = {
    _SLASHES: "c cpp csharp dart go java javascript js json kotlin objc rust scala swift ts typescript",
    _HASH: "bash py python r rb ruby sh toml yaml yml",
    _DASHES: "lua sql",
    rf"{_SLASHES}|{_HASH}": "php",
    r"/\*.*?(?:\*/|\Z)": "css",
    r"<!--.*?(?:-->|\Z)": "html svg xml",
    r"[;#][^\n]*": "ini",
}
_KEYWORDS = frozenset(
    [
        "abstract",
        "and",
        "as",
        "assert",
        "async",
        "await",
        "bool",
        "boolean",
        "break",
        "case",
        "catch",
        "char",
        "class",
        "const",
        "continue",
        "def",
        "default",
        "defer",
        "del",
        "delete",
        "do",
        "double",
        "elif",
        "else",
        "end",
        "enum",
        "except",
        "export",
        "extends",
        "extern",
        "false",
        "final",
        "finally",
        "float",
        "fn",
        "for",
        "foreach",
        "from",
        "func",
        "function",
        "global",
        "go",
        "if",
        "impl",
        "implements",
        "import",
        "in",
        "instanceof",
        "int",
        "interface",
        "internal",
        "is",
        "lambda",
        "let",
        "local",
        "long",
        "loop",
        "match",
        "mod",
        "module",
        "mut",
        "namespace",
        "new",
        "nil",
        "none",
        "not",
        "null",
        "nullptr",
        "of",
        "open",
        "operator",
        "or",
        "override",
        "package",
        "pass",
        "private",
        "protected",
        "protocol",
        "pub",
        "public",
        "raise",
        "readonly",
        "ref",
        "repeat",
        "require",
        "return",
        "sealed",
        "select",
        "self",
        "short",
        "signed",
        "sizeof",
        "static",
        "str",
        "string",
        "struct",
        "super",
        "switch",
        "template",
        "then",
        "this",
        "throw",
        "throws",
        "trait",
        "true",
        "try",
        "type",
        "typedef",
        "typename",
        "typeof",
        "undefined",
        "union",
        "unsafe",
        "unsigned",
        "until",
        "use",
        "using",
        "val",
        "var",
        "virtual",
        "void",
        "volatile",
        "when",
        "where",
        "while",
        "with",
        "yield",
        "alter",
        "by",
        "create",
        "delete",
        "drop",
        "from",
        "group",
        "having",
        "insert",
        "into",
        "join",
        "key",
        "left",
        "limit",
        "on",
        "order",
        "primary",
        "references",
        "select",
        "set",
        "table",
        "update",
        "values",
        "view",
    ]
)
# Nothing here can look at a character twice: an end that is missing is the end of the code.
_REST = (
    r'|(?P<s>"""(?:.*?)(?:"""|\Z)|"(?:\\.|[^"\\\n])*"?'
    r"|'(?:\\.|[^'\\\n])*'?|`(?:\\.|[^`\\])*`?)"
    r"|(?P<m>\b\d[\w.]*)|(?P<word>[^\W\d]\w*)(?P<call>(?=\())?"
)
_PATTERNS = {
    language: re.compile(f"(?P<c>{comment}){_REST}", re.DOTALL)
    for comment, languages in _COMMENTS.items()
    for language in languages.split()
}
_CHANGES = {"+": "gi", "-": "gd", "@": "gh"}


def highlight(code: str, language: str) -> str:
    """The code as HTML with Pygments' short class names on what is coloured."""
    name = language.lower()
    if name in {"diff", "patch"}:
        return "".join(_span(_CHANGES.get(line[0], ""), line) for line in code.splitlines(True))
    if pattern := _PATTERNS.get(name):
        return "".join(_coloured(code, pattern))
    return escapeHtml(code)


def _coloured(code: str, pattern: re.Pattern[str]) -> Iterator[str]:
    end = 0
    for found in pattern.finditer(code):
        yield escapeHtml(code[end : found.start()])
        yield _span(_kind(found), found[0])
        end = found.end()
    yield escapeHtml(code[end:])


def _kind(found: re.Match[str]) -> str:
    if found["word"] is None:
        return found.lastgroup or ""
    if found["word"].lower() in _KEYWORDS:
        return "k"
    return "nf" if found["call"] is not None else ""


def _span(kind: str, text: str) -> str:
    return f'<span class="{kind}">{escapeHtml(text)}</span>' if kind else escapeHtml(text)
