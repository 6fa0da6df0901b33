"""Production refuses to start while something unsafe is left, and says all of it at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config import checks

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def safe(settings: Settings) -> Settings:
    settings.IN_PRODUCTION = True
    settings.SECRET_KEY = "".join(chr(33 + number) for number in range(60))
    settings.SITE_URL = "https://fans.example.com"
    settings.TRUSTED_PROXIES = 1
    settings.ALLOWED_HOSTS = ["fans.example.com"]
    settings.EMAIL_URL = "smtp://mail.example.com:587?tls=on"
    settings.RATE_LIMITS = True
    settings.WEB_WORKERS = 1
    return settings


def ids() -> list[str]:
    return sorted({str(found.id).removeprefix("orangery.") for found in checks.settings_are_safe()})


def test_a_safe_site_starts(safe: Settings) -> None:
    assert ids() == []
    checks.refuse_unsafe_start()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", "", "E002"),
        ("SECRET_KEY", "short", "E002"),
        ("SECRET_KEY", "ab" * 40, "E002"),
        ("SECRET_KEY", "development-only-key-" * 3, "E002"),
        ("SITE_URL", "http://fans.example.com", "E003"),
        ("SITE_URL", "fans.example.com", "E003"),
        ("SITE_URL", "https://example.com/fans", "E003"),
        ("TRUSTED_PROXIES", 0, "E004"),
        ("ALLOWED_HOSTS", [], "E005"),
        ("ALLOWED_HOSTS", ["*"], "E005"),
        ("EMAIL_URL", "", "E006"),
        ("EMAIL_URL", "http://mail.example.com", "E006"),
        ("RATE_LIMITS", False, "E007"),
        ("DEBUG", True, "E008"),
        ("WEB_WORKERS", 4, "W001"),
    ],
)
def test_one_unsafe_setting_is_found(
    safe: Settings, name: str, value: object, expected: str
) -> None:
    if expected == "W001" and not safe.USES_SQLITE:
        safe.USES_SQLITE = True
    setattr(safe, name, value)
    assert ids() == [expected]


def test_one_s_own_machine_needs_no_certificate(safe: Settings) -> None:
    safe.SITE_URL, safe.TRUSTED_PROXIES = "http://localhost:8000", 0
    assert ids() == []


def test_development_asks_for_none_of_it(settings: Settings) -> None:
    settings.RATE_LIMITS, settings.ALLOWED_HOSTS, settings.EMAIL_URL = False, ["*"], ""
    assert ids() == []


def test_a_server_that_loads_the_site_by_itself_is_told_every_reason(
    safe: Settings,
) -> None:
    safe.EMAIL_URL, safe.RATE_LIMITS = "", False
    with pytest.raises(ImproperlyConfigured, match=r"(?s)EMAIL_URL.*RATE_LIMITS"):
        checks.refuse_unsafe_start()


def test_a_bare_production_start_ends_with_all_reasons(tmp_path: Path) -> None:
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    run = subprocess.run(
        [sys.executable, "manage.py", "prepare_site"],
        cwd=ROOT,
        env={
            **bare,
            "ENVIRONMENT": "production",
            "VAR_DIR": str(tmp_path),
            "RATE_LIMITS": "off",
            "TRUSTED_PROXIES": "many",
            "SITE_URL": "http://fans.example.com",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    told = [line for line in run.stdout.splitlines() if line.startswith(" - ")]
    assert [line.split()[1] for line in told] == [
        *("TRUSTED_PROXIES", "SECRET_KEY", "SITE_URL", "EMAIL_URL", "RATE_LIMITS"),
    ]
    assert not (tmp_path / "orangery.sqlite3").exists()
