"""The threads of things other rooms keep: a wish, a build, a meetup.

A thing can be talked about, flagged, hidden and followed because it has a thread, and it is
hidden when its thread is. Its room opens the thread in the transaction that makes the thing.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from community.threads.actions.posting import start_thread
from community.threads.models import Board, Thread, ThreadKind
from fans.accounts.models import Fan
from fans.images.models import Image

# Names and addresses of the boards, made when the first thing of their kind is.
_BOARDS = {
    ThreadKind.REQUEST: ("requests", "Wishes", "愿望", "願望"),
    ThreadKind.RELEASE: ("releases", "Releases", "版本发布", "版本發布"),
    ThreadKind.MEETUP: ("meetups", "Meetups", "聚会", "聚會"),
    ThreadKind.RECAP: ("meetups", "Meetups", "聚会", "聚會"),
}


def open_companion(
    *,
    kind: ThreadKind,
    author: Fan,
    title: str,
    source: str,
    at: datetime,
    submission_key: str | None = None,
    pictures: Sequence[Image] = (),
) -> Thread:
    """Open the thread of a thing, at once or waiting for a moderator like any other words (A1).

    Call `say_what_it_is_about` once the thing has an address. Refuses as `start_thread` does.
    """
    return start_thread(
        board=board_kept_for(kind),
        author=author,
        kind=kind,
        title=title,
        source=source,
        submission_key=submission_key,
        at=at,
        pictures=pictures,
    )


def say_what_it_is_about(*, thread: Thread, url: str) -> None:
    """The page of the thread leads to the thing from now on."""
    Thread.objects.filter(pk=thread.pk).update(about_url=url)
    thread.about_url = url


def board_kept_for(kind: ThreadKind) -> Board:
    """Where threads of this kind are; made when the first one needs it."""
    room, name, hans, hant = _BOARDS[kind]
    board = Board.objects.filter(kept_for=room).first()
    if board is not None:
        return board
    try:
        with transaction.atomic():
            return Board.objects.create(
                name=name,
                name_zh_hans=hans,
                name_zh_hant=hant,
                slug=_free_slug(room),
                position=900,
                kept_for=room,
            )
    except IntegrityError:  # somebody made it at the same instant
        return Board.objects.get(kept_for=room)


def _free_slug(wanted: str) -> str:
    slug, number = wanted, 1
    while Board.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted}-{number}"
    return slug
