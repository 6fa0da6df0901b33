"""Every mail about an account: short subject, words in text and HTML, nothing loaded (D3)."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from fans.mail.letters import letter
from fans.site.models import SiteIdentity
from tests.fans.accounts import make_account, sign_up_form

TEMPLATES = Path(settings.BASE_DIR, "fans/templates")
LETTERS = sorted(
    str(path.relative_to(TEMPLATES)).removesuffix("_subject.txt")
    for path in TEMPLATES.glob("*/email/*_subject.txt")
)
CONTEXT = {
    "site": SiteIdentity(name="Kumquat fans & friends"),
    "code": "ABCD-2345",
    "password_reset_url": f"{settings.SITE_URL}/accounts/password/reset/key/1-abc/",
    "from_email": "old@example.com",
    "to_email": "new@example.com",
    "deleted_email": "old@example.com",
    "ip": "192.0.2.7",
    "provider": "Kumquat ID",
}


def test_there_are_letters_for_all_that_allauth_sends() -> None:
    import allauth

    theirs = {
        str(path.relative_to(Path(allauth.__file__).parent / "templates"))
        for folder in ("account", "mfa", "socialaccount")
        for path in (Path(allauth.__file__).parent / "templates" / folder / "email").glob("*.txt")
    }
    # Not ours: links instead of codes, and codes instead of links.
    unused = ("account/email/password_reset_code", "account/email/email_confirmation_")
    missing = {
        name for name in theirs if not (TEMPLATES / name).exists() and not name.startswith(unused)
    }
    assert missing == set()


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_a_letter_is_short_plain_and_says_the_same_twice(name: str, language: str) -> None:
    with translation.override(language):
        mail = letter(name, ["li@example.com"], CONTEXT)
    html = str(mail.alternatives[0][0])
    assert 0 < len(mail.subject) <= 50
    assert "\n" not in mail.subject
    assert len(html) < 60_000
    assert not re.search(r"(src=|url\(|@import|<link|<img|<script)", html)
    assert set(re.findall(r'href="([^"]*)"', html)) <= set(str(mail.body).split())
    shown = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
    for paragraph in str(mail.body).split("\n\n"):
        words = " ".join(paragraph.split())
        assert words in shown or f'href="{words}"' in html


@pytest.mark.django_db
def test_a_letter_is_written_in_the_language_of_whoever_gets_it(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    make_account(email="known@example.com", locale="zh-hans")
    for address in ("known@example.com", "nobody@example.com"):
        client.post(
            "/accounts/password/reset/", {"email": address}, headers={"accept-language": "zh-TW"}
        )
    languages = {
        mail.to[0]: re.search(r'<html lang="([^"]+)"', str(mail.alternatives[0][0]))
        for mail in mailoutbox
        if hasattr(mail, "alternatives")
    }
    assert {to: found and found[1] for to, found in languages.items()} == {
        "known@example.com": "zh-hans",
        "nobody@example.com": "zh-hant",
    }


@pytest.mark.django_db
def test_a_name_that_looks_like_an_address_is_in_no_letter(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    client.post("/accounts/signup/", sign_up_form(display_name="win-now.example.com"))
    assert "win-now" not in mailoutbox[0].message().as_string()


@pytest.mark.django_db
def test_a_forged_host_reaches_no_letter(
    mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # even where the site answers to every name
    make_account(email="known@example.com")
    for path, form in (
        ("/accounts/password/reset/", {"email": "known@example.com"}),
        ("/accounts/password/reset/", {"email": "nobody@example.com"}),
        ("/accounts/signup/", sign_up_form(email="known@example.com")),
        ("/accounts/login/code/", {"email": "known@example.com"}),
    ):
        Client().post(path, form, headers={"host": "evil.example"})
    assert len(mailoutbox) == 4
    for mail in mailoutbox:
        assert "evil.example" not in mail.message().as_string()


@pytest.mark.django_db
def test_the_link_in_a_letter_leads_to_the_sites_own_address(
    mailoutbox: list[EmailMessage],
) -> None:
    make_account(email="known@example.com")
    Client().post("/accounts/password/reset/", {"email": "known@example.com"})
    links = re.findall(r"https?://\S+", str(mailoutbox[0].body))
    assert links
    assert all(link.startswith(f"{settings.SITE_URL}/accounts/") for link in links)
