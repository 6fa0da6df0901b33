"""The present of a development site can be moved; nothing that guards it moves along."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from fans import clock
from fans.accounts.tasks import forget_expired_sessions
from fans.limits.counting import TooMany, spend
from fans.limits.table import LIMITS
from tests.factories import make_fan

WEEK = timedelta(days=7)
SOON = timedelta(seconds=2)


@pytest.fixture(autouse=True)
def _own_file(settings: Settings, tmp_path: Path) -> None:
    settings.CLOCK_OFFSET_FILE = tmp_path / "clock-offset"


def test_without_a_file_it_is_what_it_is() -> None:
    assert clock.offset() == timedelta(0)
    assert abs(clock.now() - timezone.now()) < SOON


def test_what_was_moved_is_read_by_everybody_at_once() -> None:
    clock.move_to(timezone.now() + WEEK)
    assert abs(clock.now() - timezone.now() - WEEK) < SOON
    assert abs(clock.real_now() - timezone.now()) < SOON
    clock.move_to(clock.now() + WEEK)
    assert abs(clock.now() - timezone.now() - 2 * WEEK) < SOON
    clock.back_to_now()
    assert clock.offset() == timedelta(0)


def test_another_process_that_writes_the_file_is_noticed(settings: Settings) -> None:
    clock.move_to(timezone.now() + WEEK)
    clock.now()
    settings.CLOCK_OFFSET_FILE.write_text("3600.0\n")
    assert clock.offset() == timedelta(hours=1)


@pytest.mark.parametrize("text", ["", "a week", "nan", "1e400", "９" * 4000])
def test_a_file_that_says_nothing_moves_nothing(settings: Settings, text: str) -> None:
    settings.CLOCK_OFFSET_FILE.write_text(text, encoding="utf-8")
    assert clock.offset() == timedelta(0)


def test_production_never_reads_it(settings: Settings) -> None:
    clock.move_to(timezone.now() + WEEK)
    settings.IN_DEVELOPMENT = False
    assert clock.offset() == timedelta(0)
    with pytest.raises(clock.ClockStandsStill):
        clock.move_to(timezone.now() + WEEK)


@pytest.mark.django_db
def test_a_clock_that_is_set_back_keeps_nobody_waiting_for_a_week(settings: Settings) -> None:
    """Limits count by the world outside: neither more is allowed in the future, nor less after it."""
    settings.RATE_LIMITS = True
    fan, rate = make_fan(), LIMITS["settings"].rates[0]
    clock.move_to(timezone.now() + WEEK)
    for _ in range(rate.count - 1):
        spend("settings", fan, clock.now())
    clock.back_to_now()
    spend("settings", fan, clock.now())
    with pytest.raises(TooMany) as refused:
        spend("settings", fan, clock.now())
    assert refused.value.retry_after <= rate.seconds


@pytest.mark.django_db
def test_nobody_is_signed_out_by_a_clock_that_is_a_season_ahead(client: Client) -> None:
    client.force_login(make_fan())
    clock.move_to(timezone.now() + timedelta(days=90))
    forget_expired_sessions()
    assert Session.objects.count() == 1
    assert client.get("/me/settings/security/").status_code == 200


@pytest.mark.django_db
def test_one_signs_in_a_week_ahead() -> None:
    fan = make_fan(email="ahead@example.com")
    fan.set_password("orange-friday")
    fan.save()
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=fan, email=fan.email, verified=True, primary=True)
    clock.move_to(timezone.now() + WEEK)
    client = Client()
    words = {"login": fan.email, "password": "orange-friday"}
    assert client.post("/accounts/login/", words).status_code == 302
    assert client.get("/me/settings/").status_code == 200
    clock.back_to_now()
    assert client.get("/me/settings/").status_code == 200
