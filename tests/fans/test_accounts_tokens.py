"""The one link that opens an account (R11): good once, for 30 minutes, for one person."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.test import Client
from django.utils.http import int_to_base36

from fans.accounts.models import Fan
from tests.factories import PASSWORD
from tests.fans.accounts import NEW_PASSWORD, code_in, make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def fan() -> Fan:
    return make_account(password=PASSWORD)


@pytest.fixture
def link(fan: Fan, mailoutbox: list[EmailMessage]) -> str:
    Client().post("/accounts/password/reset/", {"email": fan.email})
    found = re.search(r"/accounts/password/reset/key/\S+", str(mailoutbox[0].body))
    assert found
    return found[0]


def opens(link: str, fan: Fan) -> bool:
    """Whether the link sets a new password."""
    client = Client()
    page = client.get(link)
    assert page.status_code < 500
    form = page.headers.get("Location", link)
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    fan.refresh_from_db()
    return fan.check_password(NEW_PASSWORD)


def test_a_link_opens_once(link: str, fan: Fan) -> None:
    assert opens(link, fan)
    fan.set_password("another-mandarin-5")
    fan.save()
    assert not opens(link, fan)


@pytest.mark.parametrize(("seconds", "good"), [(29 * 60 + 59, True), (30 * 60 + 1, False)])
def test_a_link_is_good_for_thirty_minutes(
    link: str, fan: Fan, seconds: int, good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = datetime.now() + timedelta(seconds=seconds)  # noqa: DTZ005 - as Django's own clock
    monkeypatch.setattr(EmailAwarePasswordResetTokenGenerator, "_now", lambda self: later)
    assert opens(link, fan) is good


def test_a_link_is_worth_nothing_after_the_address_changed(link: str, fan: Fan) -> None:
    fan.emailaddress_set.update(email="other@example.com")  # type: ignore[attr-defined]
    Fan.objects.get_queryset().filter(pk=fan.pk).update(email="other@example.com")
    assert not opens(link, fan)


def test_a_link_opens_nobody_elses_account(link: str, fan: Fan) -> None:
    other = make_account(password=PASSWORD, handle="other")
    theirs = link.replace(f"/key/{int_to_base36(fan.pk)}-", f"/key/{int_to_base36(other.pk)}-")
    assert theirs != link
    assert not opens(theirs, other)


@pytest.mark.parametrize("cut", [slice(0, -3), slice(0, -10), slice(0, 40)])
def test_a_link_that_was_cut_off_opens_nothing(link: str, fan: Fan, cut: slice) -> None:
    assert not opens(link[cut].rstrip("/") + "/", fan)


def test_nothing_in_the_database_holds_the_link(link: str, fan: Fan) -> None:
    token = link.rstrip("/").rpartition("-")[2]
    assert token not in str(Fan.objects.get_queryset().filter(pk=fan.pk).values().get())


def test_a_sign_in_code_is_worth_nothing_in_another_browser(
    fan: Fan, mailoutbox: list[EmailMessage]
) -> None:
    Client().post("/accounts/login/code/", {"email": fan.email})
    stranger = Client()
    stranger.post("/accounts/login/code/", {"email": "nobody@example.com"})
    stranger.post("/accounts/login/code/confirm/", {"code": code_in(mailoutbox[0])})
    assert stranger.get("/me/settings/privacy/").status_code == 302


def test_a_sign_in_code_is_dead_after_three_wrong_ones(
    client: Client, fan: Fan, mailoutbox: list[EmailMessage]
) -> None:
    client.post("/accounts/login/code/", {"email": fan.email})
    for _ in range(3):
        client.post("/accounts/login/code/confirm/", {"code": "000000"})
    client.post("/accounts/login/code/confirm/", {"code": code_in(mailoutbox[0])})
    assert client.get("/me/settings/privacy/").status_code == 302
