"""/healthz says that the process lives, /readyz that it can serve."""

import json
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from config import health, tasks
from fans import clock

pytestmark = pytest.mark.django_db


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/readyz")
    return response.status_code, json.loads(response.content)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    health._found_ready.clear()
    health._broker.cache_clear()


def test_a_living_process_says_so(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_a_whole_site_is_ready_and_names_every_part(client: Client) -> None:
    tasks.note_worker_is_alive()
    status, body = ready(client)
    last_seen = body.pop("worker last seen")
    assert last_seen.startswith(f"{clock.now():%Y-%m-%d}")
    assert (status, body) == (
        200,
        {"ready": True, "database": "ok", "migrations": "ok", "broker": "ok", "worker": "ok"},
    )


def test_a_worker_never_seen_is_named_and_turns_nothing_red(client: Client) -> None:
    status, body = ready(client)
    assert (status, body["worker"], body["worker last seen"]) == (200, "never seen", None)


def test_a_worker_not_seen_for_long_is_late(client: Client) -> None:
    health.note_worker(clock.now() - timedelta(minutes=4))
    assert ready(client)[1]["worker"] == "late"


def test_a_missing_migration_is_not_ready(client: Client) -> None:
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("fans")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    status, body = ready(client)
    assert (status, body["ready"], body["migrations"]) == (503, False, "missing")


def test_a_database_that_does_not_answer_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> bool:
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(health, "_tables_are_ours", away)
    monkeypatch.setattr(connection, "close", lambda: None)
    assert health.database_state() == {"database": "away", "migrations": "unknown"}


def test_without_a_broker_the_site_is_ready_and_its_pages_open(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2)
    monkeypatch.setattr(health, "_broker", lambda: nobody)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}}
    status, body = ready(client)
    assert (status, body["broker"], body["worker"]) == (200, "away", "never seen")
    assert client.get("/").status_code == 200
    assert client.get("/threads/").status_code == 200


def test_every_answer_has_the_name_of_its_request(client: Client) -> None:
    first, second = (client.get("/healthz").headers["X-Request-ID"] for _ in range(2))
    assert (len(first), first != second) == (16, True)


def test_a_stranger_cannot_choose_the_name_of_a_request(client: Client) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "chosen-by-me"})
    assert answer.headers["X-Request-ID"] != "chosen-by-me"


def test_a_proxy_of_ours_can(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    kept = client.get("/healthz", headers={"X-Request-ID": "from-the-proxy"})
    odd = client.get("/healthz", headers={"X-Request-ID": "a b\tc" * 20})
    assert kept.headers["X-Request-ID"] == "from-the-proxy"
    assert len(odd.headers["X-Request-ID"]) == 16


def test_security_txt_names_a_contact_and_an_end(client: Client) -> None:
    lines = dict(
        line.split(": ", 1)
        for line in client.get("/.well-known/security.txt").content.decode().splitlines()
    )
    assert list(lines) == ["Contact", "Expires", "Preferred-Languages", "Canonical"]
    assert lines["Contact"] == "mailto:security@localhost"
    assert lines["Expires"] > f"{clock.now() + timedelta(days=170):%Y-%m-%dT%H:%M:%SZ}"


def test_robots_are_kept_from_what_is_personal(client: Client) -> None:
    assert "Disallow: /me/" in client.get("/robots.txt").content.decode()


def test_a_password_manager_finds_where_to_change_a_password(client: Client) -> None:
    response = client.get("/.well-known/change-password")
    assert (response.status_code, response["Location"]) == (302, "/accounts/password/change/")
