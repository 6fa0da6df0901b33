"""A real worker process, ended in the middle of its work: nothing lost, nothing done twice (R7)."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection
from django.db.models import Count

from community.threads.models import Post, State, Thread
from community.threads.tasks import publish_waiting_posts
from config.celery import app
from fans import clock
from fans.mail.models import QueuedMail
from fans.mail.tasks import send_queued_mail
from tests.factories import make_fan, make_post, make_thread

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    limit = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < limit, f"waited {PATIENCE_SECONDS} s for {what}"
        time.sleep(0.005)


def database_url() -> str:
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@contextmanager
def worker(**environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as bin/run starts it, on the database and the queue of this test."""
    pool = "threads" if connection.vendor == "sqlite" else "prefork"
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "config", "--quiet", "worker"),
                *("-P", pool, "-c", "4", "--without-gossip", "--without-mingle"),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": database_url(),
                "REDIS_URL": settings.REDIS_URL,
                "PYTHONUNBUFFERED": "1",
                **environment,
            },
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

        def has_said_ready() -> bool:
            output.seek(0)
            said = output.read()
            assert process.poll() is None, said.decode()
            return b"ready." in said

        wait_until(has_said_ready, "the worker to start")
        try:
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL, to the worker and all of its children at once: no goodbye, no clean-up."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


@pytest.fixture(autouse=True)
def _empty_queue() -> Iterator[None]:
    app.control.purge()
    yield
    app.control.purge()


# --- posts that wait for their time -----------------------------------------------------------

COUNT = 20  # more at once would wait for a moderator (A1)
DONE_BEFORE = 8


def waiting_replies() -> tuple[Thread, list[int]]:
    thread, author, due_at = make_thread(), make_fan(), clock.now() - timedelta(minutes=1)
    posts = [
        make_post(
            thread,
            author=author,
            state=State.WAITING,
            release_at=due_at,
            created_at=due_at - timedelta(minutes=10),
        )
        for _ in range(COUNT)
    ]
    return thread, [post.pk for post in posts]


# The database itself takes very long over one post: a worker is caught in the middle of it, and
# never by luck. (SQLite knows no sleep, so there it counts.)
SLOW_ON_SQLITE = """
CREATE VIEW endless AS
  WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number LIMIT 3000000000)
  SELECT max(n) AS last FROM number;
CREATE TRIGGER slow_post AFTER UPDATE ON community_post WHEN NEW.id = {pk} BEGIN
  SELECT last FROM endless;
END;
"""
SLOW_ON_POSTGRES = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN PERFORM pg_sleep(60); RETURN NEW; END';
CREATE TRIGGER slow_post AFTER UPDATE ON community_post FOR EACH ROW WHEN (NEW.id = {pk})
  EXECUTE FUNCTION slow();
"""
FAST_AGAIN = {
    "sqlite": "DROP TRIGGER slow_post; DROP VIEW endless;",
    "postgresql": "DROP TRIGGER slow_post ON community_post; DROP FUNCTION slow();",
}


@contextmanager
def very_slow(post_id: int) -> Iterator[None]:
    slow = SLOW_ON_SQLITE if connection.vendor == "sqlite" else SLOW_ON_POSTGRES
    run_sql(slow.format(pk=post_id))
    try:
        yield
    finally:
        run_sql(FAST_AGAIN[connection.vendor])


def run_sql(script: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executescript(script)
        else:
            cursor.execute(script)


def published() -> int:
    return Post.objects.filter(state=State.PUBLISHED, floor__gt=1).count()


def kill_a_worker_while_it_publishes(post_ids: list[int]) -> None:
    with very_slow(post_ids[DONE_BEFORE]):
        with worker() as first:
            publish_waiting_posts.delay()
            wait_until(lambda: published() == DONE_BEFORE, "the first posts to appear")
            time.sleep(0.3)
            end(first)
        wait_until_nobody_works_in_the_database()
    assert published() == DONE_BEFORE  # the one in hand is undone, not half done


def wait_until_nobody_works_in_the_database() -> None:
    """PostgreSQL notices that a client is gone when it next speaks to it."""
    if connection.vendor == "postgresql":
        run_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def assert_each_published_once(thread: Thread) -> None:
    thread.refresh_from_db()
    assert published() == COUNT
    assert (thread.reply_count, thread.answering_count) == (COUNT, COUNT)
    floors = Counter(thread.posts.values_list("floor", flat=True))
    assert set(floors.values()) == {1}
    assert thread.last_floor == max(floors)


def test_a_worker_killed_while_publishing_loses_no_post_and_publishes_none_twice() -> None:
    thread, post_ids = waiting_replies()
    kill_a_worker_while_it_publishes(post_ids)
    with worker():
        publish_waiting_posts.delay()  # what the timetable sends every minute
        wait_until(lambda: published() == COUNT, "the rest to appear")
    assert_each_published_once(thread)


def test_what_a_killed_worker_had_taken_comes_back_without_any_timetable() -> None:
    thread, post_ids = waiting_replies()
    kill_a_worker_while_it_publishes(post_ids)
    hand_back_what_dead_workers_took()
    assert queue_length() == 1
    with worker():
        wait_until(lambda: published() == COUNT, "the rest to appear")
    assert_each_published_once(thread)


def test_the_same_task_delivered_five_times_at_once_publishes_each_post_once() -> None:
    thread, _ = waiting_replies()
    for _ in range(5):
        publish_waiting_posts.delay()
    with worker():
        wait_until(lambda: published() == COUNT, "all posts to appear")
        wait_until(lambda: queue_length() == 0, "all five deliveries to be taken")
        time.sleep(0.5)  # whoever came late has found nothing to do
    assert_each_published_once(thread)


def queue_length() -> int:
    with app.connection_for_read() as broker:
        return int(broker.default_channel.client.llen("celery"))


def hand_back_what_dead_workers_took() -> None:
    """Let the visibility timeout pass, without waiting a quarter of an hour for it."""
    with app.connection_for_write() as broker:
        channel = broker.default_channel
        for tag in channel.client.zrange(channel.unacked_index_key, 0, -1):
            channel.qos.restore_by_tag(tag.decode() if isinstance(tag, bytes) else tag)


# --- mail -------------------------------------------------------------------------------------


class SlowSink:
    """A mail server that takes its time, so that a worker can be caught at work."""

    def __init__(self) -> None:
        self.message_ids: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.message_ids.append(message_from_bytes(envelope.content)["Message-ID"])
        await asyncio.sleep(0.02)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[SlowSink, str]]:
    sink = SlowSink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink, f"smtp://127.0.0.1:{port}?tls=off"
    finally:
        controller.stop()


def queue_mails(count: int) -> None:
    get_connection("fans.mail.backend.QueueBackend").send_messages(
        [
            EmailMessage("Your code", f"{number:06}", to=[f"fan{number}@example.com"])
            for number in range(count)
        ]
    )
    app.control.purge()  # the nudge of the page; here the test says when


def leases_end(at: datetime) -> None:
    """The two minutes pass for which a worker may hold a mail."""
    QueuedMail.objects.filter(sent_at=None).update(due_at=at)


def test_a_worker_killed_while_sending_loses_no_mail() -> None:
    """At least once, under one Message-ID (D1): at most the one mail in the server's hands comes twice."""
    count = 60
    queue_mails(count)
    with mail_server() as (sink, url):
        with worker(EMAIL_URL=url) as first:
            send_queued_mail.delay()
            wait_until(lambda: len(sink.message_ids) > 5, "the first mails to arrive")
            end(first)
        assert 5 < len(sink.message_ids) < count
        leases_end(clock.now())
        with worker(EMAIL_URL=url):
            send_queued_mail.delay()
            wait_until(lambda: not QueuedMail.objects.filter(sent_at=None).exists(), "the rest")
        taken = Counter(sink.message_ids)
    assert len(taken) == count
    assert sum(taken.values()) - count <= 1
    assert max(taken.values()) <= 2


def test_the_same_sweep_delivered_five_times_at_once_sends_each_mail_once() -> None:
    count = 40
    queue_mails(count)
    for _ in range(5):
        send_queued_mail.delay()
    with mail_server() as (sink, url), worker(EMAIL_URL=url):
        wait_until(lambda: not QueuedMail.objects.filter(sent_at=None).exists(), "all mails")
        wait_until(lambda: queue_length() == 0, "all five deliveries to be taken")
        time.sleep(0.5)
        taken = Counter(sink.message_ids)
    assert (len(taken), set(taken.values())) == (count, {1})
    attempts = QueuedMail.objects.values("attempt_count").annotate(mails=Count("pk"))
    assert list(attempts) == [{"attempt_count": 1, "mails": count}]
