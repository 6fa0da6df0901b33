"""R3: every hostile string, through every way onto a page, runs nowhere; unsanitised, many do.

No policy header protects this page: what is tested is our HTML alone.
"""

import json
import os
from collections.abc import Callable
from html import escape

import pytest
from django.template import Context, Template
from playwright.sync_api import Browser, Page, Route

from community.markdown import render, sanitise_html
from tests.hostile_strings import hostile_strings

FULL = os.environ.get("TEST_SIZE") == "full"
ADDRESS = "http://page.test/"
BATCH = 100  # frames at a time, in the control

# What script of ours counts: any of these called, by whatever was typed.
HOOKS = """
window.ran = new Set();
for (const name of ["alert", "prompt", "confirm", "print", "msgbox"])
  window[name] = () => (window.top.current ?? window.ran).add(window.number ?? name);
"""
# Eight events on every element; links are followed only where that would run something.
PROVOKE = """
async (root) => {
  const events = ["click", "mouseover", "focus", "pointerenter", "toggle", "error", "load", "beginEvent"];
  const doc = root ?? document;
  doc.addEventListener("click", (event) => {
    const link = event.target.closest?.("a");
    if (link && /^(https?|mailto|file):$/.test(new URL(link.href, location.href).protocol)) event.preventDefault();
  });
  doc.addEventListener("submit", (event) => event.preventDefault());
  for (const element of doc.querySelectorAll("*"))
    for (const name of events) element.dispatchEvent(new Event(name, {bubbles: true, cancelable: true}));
}
"""


def attribute_and_title(text: str) -> str:
    """As names and titles come to a page: through a template that escapes."""
    sink = Template(
        '<h2>{{ text }}</h2><a title="{{ text }}" href="/x/">x</a><input value="{{ text }}">'
        "<textarea>{{ text }}</textarea><p>{{ text|linebreaksbr }}</p>"
    )
    return sink.render(Context({"text": text}))


SINKS: dict[str, Callable[[str], str]] = {
    "a post": lambda text: render(text).html,
    "an imported post": lambda text: sanitise_html(text).html,
    "a title": attribute_and_title,
}


@pytest.fixture
def page(browser: Browser) -> Page:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    return page


def open_page(page: Page, body: str) -> None:
    html = f"<!doctype html><meta charset=utf-8><script>{HOOKS}</script><body>{body}"

    def answer(route: Route) -> None:
        if route.request.url == ADDRESS:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.abort()

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(ADDRESS)


def provoked(page: Page) -> int:
    page.evaluate(f"({PROVOKE})(null)")
    page.wait_for_timeout(500)
    ran: int = page.evaluate("window.ran.size")
    return ran


@pytest.mark.parametrize("sink", SINKS)
def test_nothing_that_is_typed_runs(page: Page, sink: str) -> None:
    texts = hostile_strings(full=FULL)
    assert len(texts) >= (2_000 if FULL else 600)
    open_page(page, "".join(f"<section>{SINKS[sink](text)}</section>" for text in texts))
    assert page.locator("section").count() == len(texts)
    assert provoked(page) == 0
    page.context.close()


def test_unsanitised_many_would_run(page: Page) -> None:
    """The control: strings and page are such that a hole would be seen."""
    texts = hostile_strings(full=FULL) if FULL else hostile_strings()[::3]
    open_page(page, "")
    page.evaluate("window.current = new Set()")
    for start in range(0, len(texts), BATCH):
        frames = [
            f"<script>window.number = {start + index};{HOOKS}</script><body>{text}"
            for index, text in enumerate(texts[start : start + BATCH])
        ]
        page.evaluate(
            f"""async (frames) => {{
              const made = frames.map((html) => {{
                const frame = document.createElement("iframe");
                frame.srcdoc = html;
                document.body.append(frame);
                return frame;
              }});
              await new Promise((done) => setTimeout(done, 1500));
              for (const frame of made) {{
                try {{ await ({PROVOKE})(frame.contentDocument); }} catch {{}}
              }}
              await new Promise((done) => setTimeout(done, 300));
              for (const frame of made) frame.remove();
            }}""",
            frames,
        )
    assert page.evaluate("window.current.size") >= 30
    page.context.close()


def test_the_page_counts_what_runs(page: Page) -> None:
    open_page(page, f"<p title='{escape(json.dumps('x'))}'><b onclick=alert(1)>x</b>")
    assert provoked(page) == 1
    page.context.close()
