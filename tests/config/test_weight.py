"""What a first visit weighs (P12), and that templates hold nothing the strict CSP would stop."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

ROOT: Path = settings.BASE_DIR
STATIC = ROOT / "static"
KILOBYTE = 1024
# Mails are read where no sheet of ours reaches.
TEMPLATES = [
    path
    for package in ("config", "community", "fans")
    for path in sorted((ROOT / package).rglob("templates/**/*.html"))
    if not {"email", "mail"} & set(path.parts)
]


def packed(*patterns: str) -> int:
    files = [path for pattern in patterns for path in sorted(STATIC.glob(pattern))]
    assert files
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in files)


def found(pattern: str, *, besides: str = "") -> list[str]:
    """Where a pattern stands in a template, as `file: text`."""
    return [
        f"{path.name}: {match[0]}"
        for path in TEMPLATES
        for match in re.finditer(pattern, path.read_text())
        if not besides or not re.search(besides, match[0])
    ]


def test_script_weighs_at_most_40_kilobytes() -> None:
    assert packed("js/*.js") <= 40 * KILOBYTE


def test_sheets_weigh_at_most_20_kilobytes_in_at_most_four_files() -> None:
    assert packed("css/*.css") <= 20 * KILOBYTE
    assert len(list(STATIC.glob("css/*.css"))) <= 4


def test_the_sprite_weighs_at_most_6_kilobytes() -> None:
    assert packed("img/icons.svg") <= 6 * KILOBYTE


@pytest.mark.django_db
def test_a_first_visit_asks_for_at_most_eight_things(client: Client) -> None:
    page = client.get("/").content.decode()
    files = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))
    assert len(files) + 1 <= 8


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/about/", "/guidelines/", "/styleguide/"])
def test_a_page_of_ours_weighs_at_most_60_kilobytes(path: str, client: Client) -> None:
    assert len(gzip.compress(client.get(path).content, 6)) <= 60 * KILOBYTE


def test_no_template_loads_anything_from_elsewhere() -> None:
    assert (
        found(r"<(?:script|link|img|iframe|source|use)\b[^>]*(?:src|href)=\"(?:https?:)?//") == []
    )


def test_no_sheet_and_no_script_of_ours_loads_anything_from_elsewhere() -> None:
    ours = [*STATIC.glob("css/*.css"), STATIC / "js" / "site.js"]
    text = "".join(path.read_text() for path in ours)
    # A namespace is a name, and `https://` alone is where somebody types an address.
    addresses = [a for a in re.findall(r"https?://[^\s'\"`)]*", text) if len(a) > len("https://")]
    assert [a for a in addresses if "www.w3.org" not in a] == []
    assert re.findall(r"@import|@font-face|url\(", text) == []


def test_no_template_holds_style_script_or_handlers() -> None:
    assert found(r"<style\b|\sstyle=") == []
    assert found(r"<script\b[^>]*>", besides=r"\ssrc=|application/(?:ld\+)?json") == []
    assert found(r"\son[a-z]+=\"") == []
    assert found(r"href=\"javascript:") == []


def test_every_sign_that_is_used_is_in_the_sprite() -> None:
    there = set(re.findall(r'id="([a-z0-9-]+)"', (STATIC / "img/icons.svg").read_text()))
    used = {
        name
        for path in TEMPLATES
        for name in re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text())
    }
    assert used - there == set()
