from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone, translation
from hypothesis import settings as hypothesis
from pytest_django import DjangoDbBlocker, Settings

from tests.archives import real_archive

if TYPE_CHECKING:
    from tests.matrix import World

# A password is hashed as on the site, with a thousandth of the work.
PBKDF2PasswordHasher.iterations //= 1_000

# Time is measured in bench/; on a busy machine a deadline tells nothing.
hypothesis.register_profile("unhurried", deadline=None)
hypothesis.load_profile("unhurried")


@pytest.fixture(autouse=True)
def _fresh_cache(settings: Settings) -> None:
    """Rate limits, cached fragments and ready pages of one test never reach the next."""
    from community.threads import places, rendering  # they need the apps
    from fans.site import freshness

    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)  # a page in Chinese leaves its thread so
    timezone.deactivate()
    rendering.fragments.clear()
    places.threads.clear()
    freshness.forget_stamp()
    settings.CLOCK_OFFSET_FILE = None  # whoever runs the tests may have moved theirs
    settings.READY_PAGE_SECONDS = 0
    settings.RATE_LIMITS = False  # tests/fans/test_limits.py switches them on


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for the tests of a file; what one of them changes is taken back when it ends."""
    from tests import matrix  # needs the apps

    with django_db_blocker.unblock(), transaction.atomic():
        yield matrix.make_world()
        transaction.set_rollback(True)


# Pure rules, words, counts in Valkey, files: no engine answers them differently from another. Nor
# pages: what they read and write is tried on both engines by the tests of the actions below them,
# and every second page by the permission matrix.
ON_ONE_ENGINE = {
    *("test_limits.py", "test_images.py", "test_naming.py", "test_display.py", "test_places.py"),
    *("test_production_checks.py", "test_supervisor.py", "test_ready_pages.py", "test_errors.py"),
    *("test_weight.py", "test_static_pages.py", "test_screening_rules.py", "test_pictures.py"),
    *("test_fridays_award.py", "test_fridays_times.py", "test_feedback_rules.py"),
    "test_fridays_formulas.py",
    *("test_seed_demo.py", "test_fridays_privacy.py", "test_fridays_formulas.py", "test_feeds.py"),
    *("test_markdown.py", "test_translations.py", "test_architecture.py", "test_working_time.py"),
    *("test_digests_hours.py", "test_accounts_enumeration.py", "test_accounts_openid.py"),
    *("test_accounts_settings.py", "test_accounts_sessions.py", "test_accounts_avatar.py"),
    *(
        "test_profiles.py",
        "test_posters.py",
        "test_staff.py",
        "test_home.py",
        "test_people_desk.py",
    ),
}


def _asks_one_engine(item: pytest.Item) -> bool:
    name = item.path.name
    is_page = name.endswith("_pages.py") or name.startswith("test_desk_")
    if item.get_closest_marker("postgres"):
        return False
    return name in ON_ONE_ENGINE or is_page or bool(item.get_closest_marker("one_engine"))


# Begun first, so that no worker is left alone with one of them at the end.
LONG = {"test_one_week.py", "test_accessibility.py", "test_hostile_forms.py", "test_seed_demo.py"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What this run cannot or need not show: locks without PostgreSQL, the full sizes."""
    items.sort(key=lambda item: item.path.name not in LONG)
    left_out = {"slow"} if os.environ.get("TEST_SIZE") != "full" else set()
    asks_less = connection.vendor == "postgresql" and "slow" in left_out
    if real_archive() is None:
        left_out.add("real_archive")
    unwanted = [
        item
        for item in items
        if any(map(item.get_closest_marker, left_out)) or (asks_less and _asks_one_engine(item))
    ]
    if unwanted:
        config.hook.pytest_deselected(items=unwanted)
        items[:] = [item for item in items if item not in unwanted]
    if connection.vendor != "postgresql":
        skip = pytest.mark.skip(reason="needs PostgreSQL: bin/test --postgres")
        for item in items:
            if item.get_closest_marker("postgres"):
                item.add_marker(skip)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if real_archive() is None:
        terminalreporter.write_line(
            "The import of a real forum was left out: DISCOURSE_ARCHIVE names no archive, and "
            "../shared/data/delving-posts.jsonl.gz is not there."
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The gate has PostgreSQL and Chromium: a test that needs one and is skipped there has failed."""
    report = yield
    needs = item.get_closest_marker("postgres") or item.get_closest_marker("browser")
    if needs and report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"Skipped in the gate: {report.longrepr}"
    return report
