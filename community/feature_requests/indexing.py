"""What can be found of a wish: its title and its own words, as its thread says them now.

Who may see it is asked when somebody searches, so hiding, approving or moving its thread needs no
word here: a sweep writes the entry anew within a minute of such a change.
"""

from collections.abc import Collection, Sequence
from html import unescape

from django.db.models import Exists, OuterRef, Q
from django.utils.html import strip_tags

from community.feature_requests.models import FeatureRequest, FeatureRequestQuerySet
from community.threads.models import Post, State, Thread
from fans.accounts.models import Reader
from fans.search import actions as search
from fans.search.models import SearchEntry

KIND = "request"
_KEPT = {State.PUBLISHED, State.WAITING, State.HIDDEN}


def write_down(wishes: Sequence[FeatureRequest]) -> None:
    """Let these be found by what they say now. Needs `thread__board`."""
    threads = [wish.thread_id for wish in wishes]
    posts = {post.thread_id: post for post in Post.objects.filter(thread__in=threads, floor=1)}
    search.index(_text(wish, posts[wish.thread_id]) for wish in wishes)


def stale() -> FeatureRequestQuerySet:
    """Wishes without an entry, and those that have changed since it was written."""
    entries = SearchEntry.objects.filter(
        kind=KIND,
        key=OuterRef("pk"),
        version=OuterRef("thread__change_count"),
        audience=OuterRef("thread__board__readable_by"),
    )
    wishes = FeatureRequest.objects.exclude(Exists(entries))
    return wishes.select_related("thread__board").order_by("pk")


def findable_by(reader: Reader, keys: Collection[int]) -> FeatureRequestQuerySet:
    """Which of these the reader may find by their words. Some words are not seen where the title
    is, as those of an edit that waits: they find nothing, until the sweep has left them out.
    """
    threads = Thread.objects.visible_to(reader).filter(feature_request__in=keys)
    own_words = Post.objects.filter(
        thread=OuterRef("thread"), floor=1, state=OuterRef("thread__state")
    )
    title_alone = SearchEntry.objects.filter(kind=KIND, key=OuterRef("pk"), word_tokens="")
    return FeatureRequest.objects.filter(
        Q(Exists(own_words)) | Q(Exists(title_alone)), pk__in=keys, thread__in=threads
    )


def _text(wish: FeatureRequest, post: Post) -> search.Text:
    thread = wish.thread
    shows_words = post.state == thread.state and post.state in _KEPT
    return search.Text(
        kind=KIND,
        key=wish.pk,
        title=thread.title,
        words=unescape(strip_tags(post.html)) if shows_words else "",
        url=wish.get_absolute_url(),
        language=wish.language,
        audience=thread.board.readable_by,
        version=thread.change_count,
    )
