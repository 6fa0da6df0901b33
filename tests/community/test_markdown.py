"""What people write becomes HTML that is safe to show (R3) in bounded time (R4)."""

import re
import signal
from collections.abc import Callable, Collection, Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from community.markdown import Rendered, language_of, render, sanitise_html
from community.markdown.cleaning import clean
from tests.hostile_strings import hostile_strings
from tests.pathological import SHAPES

pytestmark = pytest.mark.one_engine

KEY = "0123456789abcdef" * 2
OUR_PICTURE = f"/images/{KEY}.webp"


class Danger(HTMLParser):
    """Everything in a piece of HTML that could run, load or leave its place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "iframe", "svg", "math", "object", "form", "input", "base"}:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "id", "name", "srcdoc", "srcset"}:
                self.found.append(f"{tag} {name}")
            if name == "href" and not self._leads_to_a_page(value or ""):
                self.found.append(f"href {value}")
            if name == "src" and not (value or "").startswith("/images/"):
                self.found.append(f"src {value}")

    @staticmethod
    def _leads_to_a_page(href: str) -> bool:
        return urlsplit(urljoin("https://here.example/", href)).scheme in {
            "http",
            "https",
            "mailto",
        }


def danger_in(html: str) -> list[str]:
    return Danger(html).found


def test_the_oracle_sees_danger_where_there_is_some() -> None:
    found = [text for text in hostile_strings() if danger_in(text)]
    assert len(found) > 200


@pytest.mark.parametrize("pipeline", [render, sanitise_html])
def test_no_hostile_string_survives(pipeline: Callable[[str], Rendered]) -> None:
    texts = hostile_strings(full=True)
    assert len(texts) >= 2_000
    outputs = {text: pipeline(text).html for text in texts}
    assert {text: danger_in(html) for text, html in outputs.items() if danger_in(html)} == {}
    assert [text for text, html in outputs.items() if clean(html) != html] == []


def test_without_the_allow_list_some_would_survive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: it is the cleaner that the test above tests."""
    monkeypatch.setattr("community.markdown.rendering.clean", str)
    assert any(danger_in(render(text).html) for text in hostile_strings())


@given(st.text(alphabet=st.sampled_from("ab<>\"'`*_[]()!#|~@:/\\&;=-\n \t汉，") | st.characters()))
def test_any_markdown_is_clean_already(source: str) -> None:
    html = render(source).html
    assert clean(html) == html
    assert danger_in(html) == []


_PIECES = st.sampled_from(
    [
        "<a",
        "href='x'>",
        "<a",
        "href=http://x>",
        "</a>",
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<svg>",
        "<math>",
        "<style>",
        "</style>",
        "<img",
        "src=x>",
        "<img>",
        "<aside>",
        "<aside",
        "class=quote>",
        "</aside>",
        "<h1>",
        "</h1>",
        "<h2>",
        "<span>",
        "<div",
        "class=meta>",
        "<div",
        "class=title>",
        "<script>",
        "</script>",
        "<li>",
        "<ul>",
        "<pre>",
        "<code>",
        "a",
        "&lt;",
        "&amp;",
        '"',
        ">",
        "<b>",
        "<i>",
        "</b>",
        "<blockquote>",
        "<details>",
        "<header>",
        "<noscript>",
        "<template>",
        "<textarea>",
        "<select>",
        "<option>",
        "<br>",
    ]
)


@given(st.lists(_PIECES | st.text(max_size=4), max_size=25))
def test_sanitising_twice_is_the_same_as_sanitising_once(pieces: list[str]) -> None:
    once = sanitise_html("".join(pieces)).html
    assert sanitise_html(once).html == once
    assert danger_in(once) == []


@pytest.fixture
def alarm() -> Iterator[None]:
    """A guard that tells an endless loop from a slow machine; the bench measures."""

    def ring(number: int, frame: object) -> None:
        raise TimeoutError("30 seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(30)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.usefixtures("alarm")
def test_no_shape_takes_for_ever(name: str) -> None:
    html = render(SHAPES[name]).html
    assert danger_in(html) == []


def test_there_are_enough_shapes() -> None:
    assert len(SHAPES) >= 49


def test_html_is_shown_as_it_was_typed() -> None:
    assert render("<b>x</b>").html == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"


def test_a_new_line_is_a_new_line() -> None:
    assert render("one\ntwo").html == "<p>one<br>\ntwo</p>\n"


def test_headings_stand_below_those_of_the_page() -> None:
    assert render("# a\n## b\n###### c").html == "<h3>a</h3>\n<h4>b</h4>\n<h5>c</h5>\n"


@pytest.mark.parametrize(
    ("source", "ranks"),
    [("## a", ["h3"]), ("### a\n# b", ["h3", "h3"]), ("# a\n#### b\n## c", ["h3", "h4", "h4"])],
)
def test_no_rank_of_heading_is_left_out(source: str, ranks: list[str]) -> None:
    assert re.findall("<(h[1-6])>", render(source).html) == ranks


def test_tables_can_be_scrolled_on_a_phone() -> None:
    html = render("|a|b|\n|-|-:|\n|1|2|").html
    assert html.startswith('<div class="table-scroll" tabindex="0"><table>')
    assert '<td class="align-right">2</td>' in html


def test_code_of_a_known_language_is_coloured() -> None:
    assert render('```python\nif f("a<b"): pass # x\n```').html == (
        '<pre tabindex="0"><code><span class="k">if</span> <span class="nf">f</span>('
        '<span class="s">"a&lt;b"</span>): <span class="k">pass</span> '
        '<span class="c"># x\n</span></code></pre>\n'
    ).replace("# x\n</span>", "# x</span>\n")


def test_code_of_an_unknown_language_is_plain() -> None:
    assert render("```klingon\nif\n```").html == '<pre tabindex="0"><code>if\n</code></pre>\n'


def test_changes_in_a_diff_are_told_apart() -> None:
    assert (
        '<span class="gi">+a\n</span><span class="gd">-b\n</span>'
        in render("```diff\n+a\n-b\n```").html
    )


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("see https://example.com/a_b_c.", "https://example.com/a_b_c"),
        ("看https://example.com/a，然后", "https://example.com/a"),
        ("(https://example.com/a_(b))", "https://example.com/a_(b)"),
        ("**https://example.com/**", "https://example.com/"),
        ("https://example.com/?a=1&b=2", "https://example.com/?a=1&amp;b=2"),
    ],
)
def test_a_bare_address_becomes_a_link(source: str, address: str) -> None:
    assert f'<a href="{address}" rel="nofollow ugc noopener">{address}</a>' in render(source).html


@pytest.mark.parametrize(
    "source", ["`https://example.com`", "example.com", "a@example.com", "https://", "xhttps://a.b"]
)
def test_not_everything_is_an_address(source: str) -> None:
    assert "<a " not in render(source).html


def test_a_run_of_two_thousand_characters_is_not_searched_for_links() -> None:
    assert "<a " in render("https://" + "a" * 1_900).html
    assert "<a " not in render("https://" + "a" * 2_100).html


def test_a_named_link_is_followed_by_nobody_who_counts_links() -> None:
    assert render("[x](https://example.com)").html == (
        '<p><a href="https://example.com" rel="nofollow ugc noopener">x</a></p>\n'
    )


@pytest.mark.parametrize(
    ("source", "has_link"),
    [
        ("[x](https://example.com)", True),
        ("https://example.com", True),
        ("[x](//example.com)", True),
        ("[x](mailto:a@example.com)", True),
        ("![x](https://example.com/x.png)", True),
        ("[x](/threads/1/-/)", False),
        ("[x](https://orangery.example/threads/1/-/)", False),
        ("https://orangery.example", False),
        ("[x](https://orangery.example.evil.com/)", True),
        (f"![x]({OUR_PICTURE})", False),
        ("words", False),
    ],
)
def test_a_link_is_one_that_leads_to_another_site(
    source: str, has_link: bool, settings: Settings
) -> None:
    settings.SITE_URL = "https://orangery.example"
    assert render(source).has_link is has_link


def test_our_own_pictures_are_shown_with_their_size() -> None:
    rendered = render(f"![A cat]({OUR_PICTURE})", image_sizes=lambda keys: {KEY: (640, 480)})
    assert rendered.html == (
        f'<p><img src="{OUR_PICTURE}" alt="A cat" width="640" height="480" loading="lazy"></p>\n'
    )
    assert rendered.image_keys == (KEY,)


def test_a_picture_pasted_with_its_full_address_is_ours(settings: Settings) -> None:
    settings.SITE_URL = "https://orangery.example"
    rendered = render(f"![x](https://orangery.example{OUR_PICTURE})")
    assert f'src="{OUR_PICTURE}"' in rendered.html
    assert rendered.image_keys == (KEY,)


def test_a_picture_that_does_not_exist_is_named() -> None:
    rendered = render(f"![A cat]({OUR_PICTURE})", image_sizes=lambda keys: {})
    assert rendered.html == '<p><span class="missing-picture">A cat</span></p>\n'
    assert rendered.image_keys == ()


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (
            "![A cat](https://example.com/c.png)",
            '<a class="missing-picture" href="https://example.com/c.png" '
            'rel="nofollow ugc noopener">A cat</a>',
        ),
        ("![cat|690x388](upload://abc.png)", '<span class="missing-picture">cat</span>'),
        ("![](upload://abc.png)", '<span class="missing-picture">abc.png</span>'),
        (
            "[![x](http://a/b.png)](http://c)",
            '<a href="http://c" rel="nofollow ugc noopener">'
            '<span class="missing-picture">x</span></a>',
        ),
    ],
)
def test_pictures_from_elsewhere_are_named_and_never_loaded(source: str, shown: str) -> None:
    assert render(source).html == f"<p>{shown}</p>\n"


def known(handles: Collection[str]) -> dict[str, str]:
    return {handle: "Mikan" for handle in handles if handle == "mikan"}


@pytest.mark.parametrize("source", ["hi @mikan", "谢谢@MIKAN你", "(@Mikan)", "**@mikan**!"])
def test_somebody_is_mentioned(source: str) -> None:
    rendered = render(source, known_handles=known)
    link = '<a href="/fans/Mikan/" class="mention" rel="nofollow ugc noopener">@Mikan</a>'
    assert link in rendered.html
    assert rendered.handles == ("Mikan",)


@pytest.mark.parametrize(
    "source", ["a@mikan.com", "`@mikan`", "[@mikan](/x)", "@mikan_x", "@nobody", "http://a/@mikan"]
)
def test_nobody_is_mentioned(source: str) -> None:
    rendered = render(source, known_handles=known)
    assert "mention" not in rendered.html
    assert rendered.handles == ()


def test_without_asking_nobody_is_mentioned() -> None:
    assert render("@mikan").html == "<p>@mikan</p>\n"


COOKED = {
    "a lightbox": (
        '<div class="lightbox-wrapper"><a class="lightbox" href="https://o.example/b.png"><img '
        'src="https://o.example/s.png" alt="A graph"><div class="meta"><span class="filename">b.png'
        "</span></div></a></div>",
        '\n<a class="missing-picture" href="https://o.example/s.png" '
        'rel="nofollow ugc noopener">A graph</a>\n',
    ),
    "a quote": (
        '<aside class="quote no-group" data-username="ann"><div class="title"><div class='
        '"quote-controls"></div><img class="avatar" src="/a.png"> ann:</div><blockquote><p>So.</p>'
        "</blockquote></aside>",
        "\n<p> ann:</p><blockquote><p>So.</p></blockquote>\n",
    ),
    "a onebox": (
        '<aside class="onebox"><header class="source"><img class="site-icon" src="/i.png">'
        '<a href="https://o.example/">o.example</a></header><article class="onebox-body"><h3>Title'
        "</h3></article></aside>",
        '<blockquote><p><a href="https://o.example/" rel="nofollow ugc noopener">o.example</a></p>'
        "\n<h3>Title</h3>\n</blockquote>",
    ),
    "emoji": ('<p><img class="emoji" alt=":tada:" src="/e.png"></p>', "<p>🎉</p>"),
    "an unknown emoji": ('<img class="emoji" alt=":gopher:" src="/e.png">', ":gopher:"),
    "a heading with its anchor": (
        '<h1><a name="h" class="anchor" href="#h"></a>Head</h1>',
        "<h3>Head</h3>",
    ),
    "a mention": ('<p><a class="mention" href="/u/ann">@ann</a></p>', "<p>@ann</p>"),
    "a table": (
        '<div class="md-table"><table><tbody><tr><td>1</td></tr></tbody></table></div>',
        '\n<div class="table-scroll" tabindex="0"><table><tbody><tr><td>1</td></tr></tbody></table>'
        "</div>\n",
    ),
    "a picture of theirs": (
        '<p><img src="/uploads/x/cat.png"></p>',
        '<p><span class="missing-picture">cat.png</span></p>',
    ),
    "a footnote": ('<sup class="footnote-ref"><a href="#f1">[1]</a></sup>', "<sup>[1]</sup>"),
    "script": ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
}


@pytest.mark.parametrize("name", COOKED)
def test_html_of_another_forum_reads_like_ours(name: str) -> None:
    cooked, expected = COOKED[name]
    assert sanitise_html(cooked).html == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello there", "en"),
        ("这个手机很好", "zh-hans"),
        ("這個手機很好", "zh-hant"),
        ("用 markdown-it-py 渲染，测试通过", "zh-hans"),
        ("The name is 金橘, which means kumquat", "en"),
        ("看 https://example.com/a/very/long/address", "zh-hans"),
        ("", "en"),
        ("123", "en"),
    ],
)
def test_the_language_of_words_is_told_by_their_script(text: str, language: str) -> None:
    assert language_of(text) == language
