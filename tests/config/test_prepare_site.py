"""What bin/run does before it opens the door."""

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from fans.accounts.models import Fan
from tests.factories import make_fan

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_an_empty_site_greets_without_accounts(folder: Path) -> None:
    call_command("prepare_site", empty=True)
    said = (folder / "welcome.txt").read_text()
    assert "http://localhost:8000/" in said
    assert "@example.com" not in said
    assert not Fan.objects.filter(is_demo=True).exists()


def test_a_site_with_people_gets_no_demo(folder: Path) -> None:
    make_fan(handle="first")
    call_command("prepare_site")
    assert [fan.handle for fan in Fan.objects.get_queryset()] == ["first"]


def test_the_demo_is_greeted_with_its_accounts(folder: Path) -> None:
    make_fan(handle="demo", is_demo=True)
    call_command("prepare_site")
    said = (folder / "welcome.txt").read_text()
    assert "admin@example.com" in said
    assert "orange-friday" in said


def test_production_does_not_start_with_the_demo_inside(
    folder: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.IN_PRODUCTION = True
    monkeypatch.setattr("config.management.commands.prepare_site.run_checks", list)
    make_fan(handle="demo", is_demo=True)
    with pytest.raises(SystemExit):
        call_command("prepare_site")
    assert "everybody knows its passwords" in capsys.readouterr().out
