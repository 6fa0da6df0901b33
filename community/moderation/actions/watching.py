from datetime import datetime

from django.db import transaction

from community.moderation.actions.refusals import NotAllowed, WordTooShort
from community.moderation.permissions import keeps_order_everywhere
from community.screening.models import WatchedWord
from community.screening.rules import weight
from fans.accounts.models import Fan
from fans.audit.actions import record


@transaction.atomic
def watch_word(*, word: str, by: Fan, at: datetime) -> WatchedWord:
    """From now on, posts with this word wait for a moderator. Twice is the same as once."""
    if not keeps_order_everywhere(by):
        raise NotAllowed
    word = " ".join(word.split())
    if weight(word) < 2:
        raise WordTooShort
    watched = WatchedWord.objects.filter(word__iexact=word).first()
    if watched is None:
        watched = WatchedWord.objects.create(word=word, added_at=at)
        _record(watched, by, "word watched", at)
    return watched


@transaction.atomic
def unwatch_word(*, watched: WatchedWord, by: Fan, at: datetime) -> None:
    """Posts with this word appear at once again."""
    if not keeps_order_everywhere(by):
        raise NotAllowed
    if WatchedWord.objects.filter(pk=watched.pk).delete()[0]:
        _record(watched, by, "word unwatched", at)


def _record(watched: WatchedWord, by: Fan, verb: str, at: datetime) -> None:
    record(
        actor=by,
        verb=verb,
        subject=f"word:{watched.pk}",
        at=at,
        scope="site",
        word=watched.word,
    )
