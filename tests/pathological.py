"""Shapes of Markdown that make parsers slow (R4); each fills a whole post."""

SIZE = 20_000

_REPEATED = (
    "a", "> ", ">", "* a\n", "- ", "[", "]", "![", "[a](", "[a](<b", "[a](b", "[a[b", "*a **a ", "_a __a ",
    "a**b", "*_ ", "*", "_", "`", "a`b``c```d", "&", "&#35;", "&quot;", "\\", "<", "<a ", "<http://a", "<a@b.c",
    "http://a", "http://a(", "http://a)", "https://", "://", "www.a", "a@b.c ", "@", "@abc ", "~", "~~a~~", "|",
    "|a|b\n|-|-\n", "a|a|a|a|a\n", "```\n", "```python\n", "\t", "\n", "\r", " ", "# ", "#\n", "a\n=\n", "[a]: b\n",
    "[a]: <b>\n[a]\n", "<div>", "<!--", "<![CDATA[", "<?", "\u202e\u05d0", "a\u0300\u0301\u0302", "👩‍👩‍👧", "\0",
    "汉字，", "1. ", "1) a\n", "    a\n", "[![*`<&\\", "\ufeff", "\u200b", "\u00a0", "\ud800", "(", "> - ",
    "[a](%41%", "[a](http://xn--", '"', "http://a.......... ", "---\n", "> a\nb\n", "![a](http://x)",
)  # fmt: skip
_MADE = {
    "ever deeper lists": "".join("  " * depth + "* a\n" for depth in range(140)),
    "a wide table": "|" + "a|" * 4000 + "\n|" + "-|" * 4000 + "\n|" + "b|" * 2000,
    "a table of empty cells": "|" + "a|" * 100 + "\n|" + "-|" * 100 + "\n" + "|x\n" * 6500,
    "tables of empty cells": ("|" + "a|" * 50 + "\n|" + "-|" * 50 + "\n" + "|x\n" * 50 + "\n") * 57,
    "emphasis opened and closed": "*" * 10_000 + "a" + "*" * 9_000,
    "references": "".join(f"[{n}]: a\n" for n in range(1500)) + "[1]" * 2000,
    "longer and longer backticks": "".join("e" + "`" * n for n in range(200)),
    "addresses just short enough": (("http://a" * 249)[:1990] + " ") * 10,
    "many small code blocks": ("```python\na = 'b' # c\n```\n") * 800,
    "one long code block": "```cpp\n" + 'a.b("c\\" // d\n' * 1400,
}
SHAPES = {
    **{repr(part): (part * SIZE)[:SIZE] for part in _REPEATED},
    **{name: text[:SIZE] for name, text in _MADE.items()},
}
