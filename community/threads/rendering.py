"""The posts of a page, rendered once for everybody who may see the same.

A fragment is made per thread, change, page, language, zone and kind of reader, and kept in the
process. What only its author may see (a waiting post, say) is never in a fragment: it is
rendered for them alone and put where the fragment is cut.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext

from community.threads.fragments import Pieces, Store, cut_named
from community.threads.models import Post, State, Thread
from community.threads.pages import (
    POSTS_PER_PAGE,
    address_of,
    first_unread_address,
    floors_of,
    page_address,
    page_of,
)
from community.threads.permissions import (
    keeps_order_on,
    may_accept_answers,
    may_reply,
    may_steer,
)
from fans.accounts.models import Fan, Reader

EXCERPT_LENGTH = 200
# An accepted answer shorter than this stands whole under the question.
WHOLE_ANSWER_LENGTH = 2_000
TOMBSTONES = (State.REMOVED, State.DELETED)


@dataclass(frozen=True, slots=True)
class Rights:
    """What of a reader decides how posts look; everyone with the same gets the same fragment."""

    signed_in: bool = False
    replies: bool = False
    accepts: bool = False
    moderates: bool = False
    steers: bool = False

    @classmethod
    def of(cls, reader: Reader, thread: Thread) -> "Rights":
        return cls(
            signed_in=isinstance(reader, Fan),
            replies=may_reply(reader, thread),
            accepts=may_accept_answers(reader, thread),
            moderates=keeps_order_on(reader, thread.board),
            steers=may_steer(reader, thread),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Which posts of a thread: a page, or those of one voice after a floor."""

    page: int = 1
    only: str = ""  # "", "author" or "official"
    after: int = 0


@dataclass(frozen=True, slots=True)
class Floor:
    """A post as the template sees it: its words, if this kind of reader may see them."""

    post: Post
    html: SafeString
    is_accepted: bool
    reply_address: str
    answered: Fan | None  # whom it replies to, if that post is shown

    @property
    def label(self) -> str:
        """What a screen reader calls it."""
        return gettext("#%(number)d by %(name)s") % {
            "number": self.post.floor,
            "name": _name_of(self.post.author) or gettext("deleted fan"),
        }

    @property
    def answered_name(self) -> str:
        return _name_of(self.answered) if self.answered else ""

    @property
    def is_shown(self) -> bool:
        return self.post.state == State.PUBLISHED

    @property
    def is_tombstone(self) -> bool:
        return self.post.state in TOMBSTONES

    @property
    def likes(self) -> int:
        return self.post.like_count + self.post.imported_like_count


@dataclass(frozen=True, slots=True)
class Fragment:
    page: Pieces
    foot: Pieces  # the form for a reply
    aside: str
    floors: list[int]  # of what is shown, in order
    own: dict[int, list[int]]  # author -> posts, to find a reader's own
    held_by: frozenset[int]  # authors of posts here that others do not see
    excerpt: str

    @property
    def size(self) -> int:
        return self.page.size + self.foot.size


# Names, tiers and «5 min ago» may be half a minute old; posts never are.
fragments: Store[Fragment] = Store(max_bytes=16 * 1024 * 1024, seconds=30)


def fragment_of(thread: Thread, rights: Rights, part: Part) -> Fragment:
    zone = timezone.get_current_timezone_name()
    key = (thread.pk, thread.change_count, part, rights, get_language(), zone)
    return fragments.get_or_make(key, lambda: _make(thread, rights, part))


# --- For one reader -----------------------------------------------------------


def own_cuts(fragment: Fragment, fan: Fan) -> list[str]:
    """The cuts at this fan's own posts."""
    return [
        f"{kind}_{pk}"
        for pk in fragment.own.get(fan.pk, ())
        for kind in ("like", "helpful", "menu")
    ]


def first_new_floor(fragment: Fragment, read_floor: int | None) -> int | None:
    """Before which post the line «new since …» goes; None when all here was read, or none yet."""
    if read_floor is None:
        return None
    return next((floor for floor in fragment.floors if floor > read_floor), None)


def new_line(floor: int, read_at: datetime | None) -> dict[str, str]:
    return {f"new_{floor}": render_to_string("threads/_new_line.html", {"read_at": read_at})}


def unread_chip(thread: Thread, read_floor: int | None) -> dict[str, str]:
    """The way to the first unread post, for the jump bar."""
    if read_floor is None or read_floor >= thread.last_floor:
        return {}
    address = first_unread_address(thread, read_floor)
    return {
        "unread": format_html('<a class="chip" href="{}">{}</a>', address, gettext("First unread"))
    }


def held_posts(thread: Thread, reader: Fan, part: Part) -> dict[str, str]:
    """The reader's own posts that others do not see, rendered for them alone."""
    own = Post.objects.visible_to(reader).filter(
        thread=thread, author=reader.pk, floor__range=floors_of(part.page)
    )
    held = own.exclude(state__in=[State.PUBLISHED, *TOMBSTONES])
    rights = Rights(signed_in=True)
    found: dict[str, str] = {}
    for post in _with_company(held, words=F("html")):
        pieces = _rendered(thread, [post], rights, part, "threads/_post_alone.html")
        found[f"held_{post.floor}"] = pieces.joined(mine=list(pieces.cuts))
    return found


# --- For everybody ------------------------------------------------------------


def _make(thread: Thread, rights: Rights, part: Part) -> Fragment:
    posts = list(_posts_of(thread, rights, part))
    following = ""
    if part.only and len(posts) > POSTS_PER_PAGE:
        posts = posts[:POSTS_PER_PAGE]
        following = f"?only={part.only}&after={posts[-1].floor}"
    shown = [
        post for post in posts if rights.moderates or post.state in (State.PUBLISHED, *TOMBSTONES)
    ]
    own: dict[int, list[int]] = {}
    for post in shown:
        own.setdefault(post.author_id, []).append(post.pk)
    return Fragment(
        page=_rendered(thread, posts, rights, part, "threads/_page.html", following),
        foot=_foot(thread, rights),
        aside=render_to_string("threads/_board_card.html", {"board": thread.board}),
        floors=[post.floor for post in shown],
        own=own,
        held_by=frozenset(post.author_id for post in posts if post not in shown),
        excerpt=_excerpt(posts),
    )


def _foot(thread: Thread, rights: Rights) -> Pieces:
    """The foot of the page, with places for each reader's token and key."""
    context = {
        "thread": thread,
        "may_reply": rights.replies,
        "user": {"is_authenticated": rights.signed_in},
        "request": {"path": thread.get_absolute_url()},
    }
    return Pieces.made_by(
        lambda cut: render_to_string(
            "threads/_reply.html",
            {
                **context,
                "csrf_token": cut_named("token", cut),
                "place_of_key": cut_named("key", cut),
            },
        )
    )


def _posts_of(thread: Thread, rights: Rights, part: Part) -> QuerySet[Post]:
    posts = Post.objects.filter(thread=thread).in_floor_order()
    if part.only:
        voice = {"author": thread.author_id} if part.only == "author" else {"is_official": True}
        found = posts.published().filter(floor__gt=part.after, **voice)
        return _with_company(found, words=F("html"))[: POSTS_PER_PAGE + 1]
    posts = posts.filter(floor__range=floors_of(part.page))
    if rights.moderates:
        return _with_company(posts, words=F("html"))
    # A post that is not published comes without its words, only to say that it is there.
    public = Case(
        When(state=State.PUBLISHED, then=F("html")), default=Value(""), output_field=TextField()
    )
    return _with_company(posts, words=public)


def _with_company(posts: QuerySet[Post], words: F | Case) -> QuerySet[Post]:
    """With all a page shows beside the words, in one query."""
    return (
        posts.annotate(shown_html=words)
        .select_related("author__standing", "author__avatar", "official_team", "reply_to__author")
        .defer("html", "source", "reply_to__html", "reply_to__source")
    )


def _rendered(
    thread: Thread,
    posts: Sequence[Post],
    rights: Rights,
    part: Part,
    template: str,
    following: str = "",
) -> Pieces:
    floors = [_floor(thread, post) for post in posts]
    context = {
        "thread": thread,
        "floors": floors,
        "rights": rights,
        "part": part,
        "answer": _accepted_answer(thread) if _has_first(floors) else None,
        "last": address_of(thread, thread.last_floor),
        **_neighbours(thread, part, following),
    }
    return Pieces.made_by(lambda cut: render_to_string(template, {**context, "cut": cut}))


def _neighbours(thread: Thread, part: Part, following: str) -> dict[str, object]:
    if part.only:
        return {"next": following}
    count = page_of(thread.last_floor)
    return {
        "previous": page_address(thread, part.page - 1) if part.page > 1 else "",
        "next": page_address(thread, part.page + 1) if part.page < count else "",
        "page_count": count,
    }


def _has_first(floors: Iterable[Floor]) -> bool:
    return any(floor.post.floor == 1 for floor in floors)


def _floor(thread: Thread, post: Post) -> Floor:
    target = post.reply_to if post.reply_to and post.reply_to.state == State.PUBLISHED else None
    return Floor(
        post=post,
        html=mark_safe(post.shown_html),  # type: ignore[attr-defined]
        is_accepted=post.pk == thread.accepted_answer_id and thread.accepted_at is not None,
        reply_address=address_of(thread, post.reply_to.floor) if post.reply_to else "",
        answered=target.author if target else None,
    )


def _accepted_answer(thread: Thread) -> dict[str, object] | None:
    """What stands under a question: its answer, whole when short."""
    if thread.accepted_answer_id is None or thread.accepted_at is None:
        return None
    posts = Post.objects.filter(pk=thread.accepted_answer_id, thread=thread).published()
    post = posts.select_related("author__standing", "author__avatar").first()
    if post is None:
        return None
    is_short = len(post.html) <= WHOLE_ANSWER_LENGTH
    return {
        "post": post,
        "html": mark_safe(post.html) if is_short else "",
        "beginning": "" if is_short else plain(post.html, WHOLE_ANSWER_LENGTH // 4),
        "address": address_of(thread, post.floor),
    }


def _name_of(fan: Fan) -> str:
    return "" if fan.erased_at else fan.display_name


def _excerpt(posts: Sequence[Post]) -> str:
    """The beginning of the first words, for cards and search engines."""
    first = next((post for post in posts if post.floor == 1), None)
    return plain(first.shown_html, EXCERPT_LENGTH) if first else ""  # type: ignore[attr-defined]


def plain(html: str, length: int) -> str:
    words = " ".join(unescape(strip_tags(html[: length * 8])).split())
    return Truncator(words).chars(length)
