"""Shorthand for tests of threads."""

from datetime import timedelta
from typing import Any

from community.threads import actions
from community.threads.models import Post, Thread
from fans.accounts.models import Fan
from tests.factories import NOW, BoardFactory, make_fan, make_thread

WORDS = "Words enough to be read by somebody."
LONG_AGO = NOW - timedelta(days=30)


def make_regular(**fields: Any) -> Fan:
    """A fan whose first posts are behind them (A1)."""
    fan = make_fan(**fields)
    old = make_thread(author=fan, created_at=LONG_AGO, last_post_at=LONG_AGO, replies=2)
    Post.objects.filter(thread=old).update(created_at=LONG_AGO)
    return fan


def start(**fields: Any) -> Thread:
    """Start a thread as the site would: on a plain board, by a regular, now."""
    wanted: dict[str, Any] = {"kind": "discussion", "title": "A title to start with"}
    wanted |= {"source": WORDS, "submission_key": None, "at": NOW}
    wanted["board"] = fields.pop("board", None) or BoardFactory.create()
    wanted["author"] = fields.pop("author", None) or make_regular()
    return actions.start_thread(**{**wanted, **fields})


def reply(thread: Thread, author: Fan | None = None, **fields: Any) -> Post:
    """Answer as the site would: by a regular, now."""
    wanted: dict[str, Any] = {"source": WORDS, "submission_key": None, "at": NOW, **fields}
    return actions.reply(thread=thread, author=author or make_regular(), **wanted)


def counts(thread: Thread) -> tuple[int, int, int]:
    """Published replies, those by others, and the newest floor."""
    thread.refresh_from_db()
    return thread.reply_count, thread.answering_count, thread.last_floor
