"""The rules of the house that can be read from the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config.celery import app
from config.checks import every_route_declares_a_policy
from config.routes import all_routes

pytestmark = pytest.mark.one_engine

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("config", "events", "community", "fans")
LONGEST_FILE, LONGEST_FUNCTION = 400, 40

MODULES = [
    path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.html"))]
VIEWS = [path for path in MODULES if path.name == "views.py" or "views" in path.parent.parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


# --- who may call what -------------------------------------------------------------------------


def test_every_route_declares_who_may_call_it() -> None:
    assert every_route_declares_a_policy() == []
    assert len(all_routes()) > 20  # the walk found the site


def test_a_route_without_a_policy_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from config import health

    monkeypatch.delattr(health.healthz, "policy")
    assert [str(found.msg) for found in every_route_declares_a_policy()] == [
        "The route /healthz (healthz) does not say who may call it."
    ]


# What a view may ask a manager for that is not `visible_to`, and why.
OWN = "of the one who asks, and of nobody else"
ASKED_BESIDES: dict[tuple[str, str], str] = {
    ("config/views.py", "Fan.objects.active"): "a count of people, shown to everybody",
    ("community/importers/views.py", "AccountClaim.objects.filter"): OWN,
    ("community/threads/views/reading.py", "PastBoardSlug.objects.select_related"): (
        "an old address; its board is then asked for through visible_to"
    ),
    ("community/threads/views/reading.py", "Post.objects.select_related"): (
        "where a post stands; which posts, says visible_to"
    ),
    ("community/threads/views/reading.py", "Thread.objects.gone_for"): (
        "what was taken away in the open, for readers of its board"
    ),
    ("community/threads/views/reading.py", "Post.objects.only"): "the first floor of such a thread",
    ("events/chapters/views.py", "Hosting.objects.filter"): "the staff's desk",
    ("events/chapters/views.py", "Hosting.objects.standing"): "who hosts a city is public",
    ("events/meetups/views.py", "Hosting.objects.standing"): "who hosts a city is public",
    ("fans/accounts/views.py", "Fan.objects.get_queryset"): OWN,
    ("fans/accounts/views.py", "Authenticator.objects.filter"): OWN,
    ("fans/accounts/views.py", "EmailAddress.objects.get_primary_email"): OWN,
    ("fans/accounts/views.py", "SocialAccount.objects.filter"): OWN,
    ("fans/accounts/views.py", "UserSession.objects.create_from_request"): OWN,
    ("fans/mail/views.py", "QueuedMail.objects.order_by"): "in development only",
    ("fans/places/views.py", "Place.objects.beginning_with"): "names of cities, public",
    ("fans/profiles/views.py", "PastHandle.objects.filter"): "an old address, which redirects",
    ("fans/tiers/views/people.py", "AuditEntry.objects.about"): "the staff's desk",
}


def test_every_exception_is_still_needed() -> None:
    asked = {(name_of(path), call) for path in VIEWS for call in manager_calls(tree_of(path))}
    assert set(ASKED_BESIDES) - asked == set()


def manager_calls(tree: ast.Module) -> Iterator[str]:
    """`Model.objects.first_method` for every use of a manager."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "objects"
        ):
            yield f"{ast.unparse(node.value)}.{node.attr}"


@pytest.mark.parametrize("path", VIEWS, ids=name_of)
def test_rows_reach_a_view_only_through_what_its_reader_may_see(path: Path) -> None:
    """R1, R2: a missing right is a 404 by construction."""
    found = [
        call
        for call in manager_calls(tree_of(path))
        if not call.endswith(".visible_to") and (name_of(path), call) not in ASKED_BESIDES
    ]
    assert found == []


# --- time --------------------------------------------------------------------------------------

READS_THE_CLOCK = {
    *("timezone.now", "timezone.localtime", "timezone.localdate", "datetime.now", "datetime.today"),
    *("datetime.utcnow", "date.today", "time.time", "functions.Now", "Now"),
}


def clock_readings(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ".".join(ast.unparse(node.func).split(".")[-2:])
            # `timezone.localtime(at)` turns a given instant; without one it reads the clock.
            if called in READS_THE_CLOCK and not (
                called.startswith("timezone.local") and node.args
            ):
                yield f"line {node.lineno}: {called}()"
            for keyword in node.keywords:
                if keyword.arg in {"auto_now", "auto_now_add"}:
                    yield f"line {node.lineno}: {keyword.arg}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_clock_reads_the_time(path: Path) -> None:
    if path.is_relative_to(ROOT / "fans" / "clock"):
        return
    assert list(clock_readings(tree_of(path))) == []


@pytest.mark.parametrize(
    "code",
    [
        "from django.utils import timezone\nat = timezone.now()",
        "import datetime\nat = datetime.datetime.now(datetime.UTC)",
        "field = models.DateTimeField(auto_now_add=True)",
    ],
)
def test_reading_the_clock_elsewhere_would_be_found(code: str) -> None:
    assert list(clock_readings(ast.parse(code))) != []


# --- tasks -------------------------------------------------------------------------------------


def test_every_room_with_tasks_is_known_to_the_worker() -> None:
    with_tasks = {
        str(path.parent.relative_to(ROOT)).replace("/", ".")
        for path in MODULES
        if path.name == "tasks.py"
    }
    app.loader.import_default_modules()
    known = {name.rpartition(".tasks.")[0] for name in app.tasks if not name.startswith("celery.")}
    assert known == with_tasks


def test_the_timetable_names_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    planned = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert planned - set(app.tasks) == set()


# --- size and shape ----------------------------------------------------------------------------


# The words of the demo community are no code.
WRITTEN = [path for path in MODULES if "demo" not in path.parts]


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_no_file_is_longer_than_a_person_reads_at_once(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    long = [
        f"{node.name}: {lines_of(node)} lines"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and lines_of(node) > LONGEST_FUNCTION
    ]
    assert long == []


def rooms() -> Iterator[Path]:
    for package in ("events", "community", "fans"):
        for folder in sorted((ROOT / package).iterdir()):
            if (folder / "__init__.py").exists() and folder.name not in {
                "migrations",
                "management",
            }:
                yield folder


@pytest.mark.parametrize("room", list(rooms()), ids=name_of)
def test_no_room_is_empty(room: Path) -> None:
    holds = [
        path
        for path in room.rglob("*.py")
        if path.read_text().strip()
        and not (path.name == "urls.py" and "path(" not in path.read_text())
    ]
    assert holds != []


@pytest.mark.parametrize("path", [p for p in MODULES if p.name == "urls.py"], ids=name_of)
def test_no_list_of_addresses_is_empty(path: Path) -> None:
    assert "path(" in path.read_text()


# --- templates ---------------------------------------------------------------------------------

NOT_UNDER_OUR_POLICY = {
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script\b(?![^>]*\b(?:src=|type=\"application/(?:ld\+)?json\"))", re.IGNORECASE
    ),
    "a handler in an attribute": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script for an address": re.compile(r"javascript:", re.IGNORECASE),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_extends_at_most_one_and_holds_no_script_or_style(path: Path) -> None:
    text = path.read_text()
    assert text.count("{% extends") <= 1
    if "mail" in name_of(path):
        return  # mail programs read styles only where they stand
    assert [what for what, pattern in NOT_UNDER_OUR_POLICY.items() if pattern.search(text)] == []
