"""Brings the posts of a Discourse archive along, once each, however often it is run."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from community.importers.actions.authors import Author, bring_authors
from community.importers.actions.boards import bring_boards
from community.importers.actions.counts import count_anew
from community.importers.archive import REGULAR_POST, OldPost, old_posts
from community.importers.board_names import BoardName
from community.importers.survey import Survey
from community.importers.wording import as_markdown
from community.markdown import language_of, render, sanitise_html
from community.threads.models import Board, Post, State, Thread
from community.threads.slugs import slug_of
from fans.audit.actions import record

CHUNK = 400  # posts in one transaction
LONGEST_POST = 100_000  # characters; what people write here has less
LONGEST_TITLE = 120


@dataclass(slots=True)
class Added:
    """What a run added; a second run adds nothing."""

    boards: int = 0
    threads: int = 0
    posts: int = 0
    authors: int = 0
    replies: int = 0
    lost_replies: int = 0  # among them, to a post that is not in the archive
    likes: int = 0
    shortened: int = 0  # posts cut at LONGEST_POST


@dataclass(frozen=True, slots=True)
class _Words:
    """A post's text here, and the posts it quotes whose address is not known yet."""

    source: str
    html: str
    is_html: bool
    awaited: frozenset[int]


@dataclass(slots=True)
class _Import:
    survey: Survey
    authors: Mapping[str, Author]
    boards: Mapping[int, Board]
    added: Added
    written: dict[int, int] = field(default_factory=dict)  # old post id → ours
    unanswered: dict[int, int] = field(default_factory=dict)  # our post → the old id it answers
    renamed: dict[str, str] = field(init=False)  # names that could not be kept, lower-case
    handles: dict[str, str] = field(init=False)  # by themselves, lower-case

    def __post_init__(self) -> None:
        everyone = self.authors.values()
        self.renamed = {
            author.username.casefold(): author.handle
            for author in everyone
            if author.username != author.handle
        }
        self.handles = {author.handle.lower(): author.handle for author in everyone}

    def people(self, wanted: Iterable[str]) -> dict[str, str]:
        """Who is mentioned in an archive are its own people, not those who carry the handle here."""
        return {handle: self.handles[handle] for handle in wanted if handle in self.handles}


def import_discourse(
    *,
    path: Path,
    survey: Survey,
    names: Mapping[int, BoardName],
    at: datetime,
    tell: Callable[[int], None] = lambda count: None,
) -> Added:
    """Add what is not here yet; nobody is told, nothing waits, nothing earns points.

    `at` is the moment the survey was made for: both read the same lines as posts.

    Each chunk of posts is one transaction with its threads and their counts, so a run that was
    cut off is simply started again. `tell` hears how many lines have been read.
    """
    added = Added()
    authors = bring_authors(survey.authors, added)
    boards = bring_boards(survey.categories, names, added)
    task = _Import(survey, authors, boards, added)
    for line_count, posts in _chunks(path, survey, at):
        _bring(task, posts)
        tell(line_count)
    _tie_replies(task)
    if added != Added():
        counts = {name: getattr(added, name) for name in ("boards", "threads", "posts", "authors")}
        record(actor=None, verb="archive imported", subject="importer:discourse", at=at, **counts)
    return added


def _chunks(path: Path, survey: Survey, at: datetime) -> Iterator[tuple[int, list[OldPost]]]:
    """The newest copy of each post, with how many lines were read so far."""
    lines = enumerate(old_posts(path, at), start=1)
    while piece := list(islice(lines, CHUNK)):
        yield (
            piece[-1][0],
            [
                post
                for _number, post in piece
                if isinstance(post, OldPost)
                and post.post_type == REGULAR_POST
                and survey.is_newest(post)
            ],
        )


def _bring(task: _Import, posts: Iterable[OldPost]) -> None:
    fresh = _not_here_yet(task, posts)
    # Rendered before the transaction: it is the dearest part, and holds nobody up.
    words = {post.post_id: _words_of(task, post) for post in fresh}
    if fresh:
        with transaction.atomic():
            _write(task, fresh, words)


def _not_here_yet(task: _Import, posts: Iterable[OldPost]) -> list[OldPost]:
    wanted = {post.post_id: post for post in posts if post.post_id not in task.written}
    here = Post.objects.filter(imported_as__in=[_key(number) for number in wanted])
    for key, pk, answered in here.values_list("imported_as", "pk", "reply_to"):
        post = wanted.pop(int(key.removeprefix("discourse:")))
        task.written[post.post_id] = pk
        if answered is None:
            _note_answered(task, post, pk)
    return list(wanted.values())


def _key(number: int) -> str:
    return f"discourse:{number}"


def _note_answered(task: _Import, post: OldPost, pk: int) -> None:
    """Remember whom a post answers until that post is here too."""
    topic = task.survey.topics[post.topic_id]
    if post.reply_to_number is not None and post.reply_to_number in topic.floors:
        task.unanswered[pk] = topic.floors[post.reply_to_number]


# --- Words -------------------------------------------------------------------------------


def _words_of(task: _Import, post: OldPost) -> _Words:
    if not post.raw.strip():
        return _Words(
            post.cooked, sanitise_html(post.cooked[:LONGEST_POST]).html, True, frozenset()
        )
    awaited: set[int] = set()

    def address_of(topic: int, number: int) -> str:
        if not task.survey.holds(topic, number):
            return ""
        quoted = task.survey.topics[topic].floors[number]
        if quoted not in task.written:
            awaited.add(quoted)
            return ""
        return f"/posts/{task.written[quoted]}/"

    source = _title_in_full(task, post) + as_markdown(
        post.raw,
        address_of=address_of,
        topic_id=post.topic_id,
        handles=task.renamed,
    )
    source = source[:LONGEST_POST] or "…"
    html = render(source, known_handles=task.people, image_sizes=lambda keys: {}).html
    return _Words(source, html, False, frozenset(awaited))


def _title_in_full(task: _Import, post: OldPost) -> str:
    """A title that does not fit loses nothing: it opens the thread's own words."""
    topic = task.survey.topics[post.topic_id]
    is_first = task.survey.floor_of(post.topic_id, post.number) == 1
    return f"**{topic.title}**\n\n" if is_first and len(topic.title) > LONGEST_TITLE else ""


# --- Rows --------------------------------------------------------------------------------


def _write(task: _Import, fresh: list[OldPost], words: dict[int, _Words]) -> None:
    threads = _threads_of(task, fresh)
    floors = _floors_of(task, fresh, threads)
    rows = [
        _row(task, post, words[post.post_id], threads[post.topic_id], floors[post.post_id])
        for post in fresh
    ]
    for post, row in zip(fresh, Post.objects.bulk_create(rows), strict=True):
        task.written[post.post_id] = row.pk
        _note_answered(task, post, row.pk)
        task.added.posts += 1
        task.added.likes += post.like_count
        if post.reply_to_number is not None:
            task.added.replies += 1
            task.added.lost_replies += not task.survey.holds(post.topic_id, post.reply_to_number)
        task.added.shortened += len(post.raw or post.cooked) > LONGEST_POST
    _link_quotes(task, fresh, rows, words)
    count_anew({row.thread_id for row in rows})


def _threads_of(task: _Import, posts: list[OldPost]) -> dict[int, Thread]:
    """The threads these posts belong to; those that are missing are opened."""
    wanted = {post.topic_id for post in posts}
    here = Thread.objects.filter(imported_as__in=[_key(topic_id) for topic_id in wanted])
    threads = {int(row.imported_as.removeprefix("discourse:")): row for row in here}
    opened = [_thread(task, topic_id) for topic_id in sorted(wanted - threads.keys())]
    for row in Thread.objects.bulk_create(opened):
        threads[int(row.imported_as.removeprefix("discourse:"))] = row
    task.added.threads += len(opened)
    return threads


def _thread(task: _Import, topic_id: int) -> Thread:
    topic = task.survey.topics[topic_id]
    _number, created_at, author_key = topic.opening
    title = topic.title or f"Imported thread {topic_id}"
    return Thread(
        board=task.boards[topic.category_id],
        author_id=task.authors[author_key].pk,
        title=title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…",
        slug=slug_of(title),
        language=language_of(title),
        created_at=created_at,
        last_post_at=created_at,
        imported_as=_key(topic_id),
    )


def _floors_of(
    task: _Import, posts: list[OldPost], threads: Mapping[int, Thread]
) -> dict[int, int]:
    """A post keeps its number; where somebody has that floor already it gets the next free one."""
    taken = set(
        Post.objects.filter(thread__in=[thread.pk for thread in threads.values()]).values_list(
            "thread", "floor"
        )
    )
    floors = {}
    for post in posts:
        thread = threads[post.topic_id].pk
        floor = task.survey.floor_of(post.topic_id, post.number)
        while (thread, floor) in taken:
            floor = max(number for row, number in taken if row == thread) + 1
        taken.add((thread, floor))
        floors[post.post_id] = floor
    return floors


def _row(task: _Import, post: OldPost, words: _Words, thread: Thread, floor: int) -> Post:
    state = _state_of(post)
    if floor == 1 and state != State.PUBLISHED:  # a thread stands where its first post does
        Thread.objects.filter(pk=thread.pk).update(state=state)
    return Post(
        thread=thread,
        author_id=task.authors[post.author_key].pk,
        floor=floor,
        reply_to_floor=_answered_floor(task, post),
        source=words.source,
        source_is_html=words.is_html,
        html=words.html,
        language=language_of(words.source),
        state=state,
        state_at=post.created_at,
        created_at=post.created_at,
        imported_like_count=post.like_count,
        imported_as=_key(post.post_id),
    )


def _state_of(post: OldPost) -> State:
    """What moderators took away there stays out of sight here; no rule of ours is claimed (C1)."""
    if post.is_deleted_by_author:
        return State.DELETED
    return State.HIDDEN if post.is_hidden or post.is_deleted else State.PUBLISHED


def _answered_floor(task: _Import, post: OldPost) -> int | None:
    if post.reply_to_number is None:
        return None
    floor = task.survey.floor_of(post.topic_id, post.reply_to_number)
    if floor == 1 and not task.survey.holds(post.topic_id, post.reply_to_number):
        return None  # the opening post is lost, and another one opens the thread
    return floor


def _link_quotes(
    task: _Import, fresh: list[OldPost], rows: list[Post], words: dict[int, _Words]
) -> None:
    """Quotes of a post that was written in the same chunk get their link now."""
    changed = []
    for post, row in zip(fresh, rows, strict=True):
        if words[post.post_id].awaited & task.written.keys():
            again = _words_of(task, post)
            row.source, row.html = again.source, again.html
            changed.append(row)
    Post.objects.bulk_update(changed, ["source", "html"], batch_size=100)


def _tie_replies(task: _Import) -> None:
    """Tie each reply to what it answers, now that everything is here."""
    pairs = iter(task.unanswered.items())
    while piece := list(islice(pairs, CHUNK)):
        answered = Post.objects.in_bulk(
            [task.written[old] for _pk, old in piece if old in task.written]
        )
        replies = Post.objects.in_bulk([pk for pk, _old in piece])
        for pk, old in piece:
            target = answered.get(task.written.get(old, 0))
            if target is not None and target.thread_id == replies[pk].thread_id:
                replies[pk].reply_to = target
                replies[pk].reply_to_floor = target.floor
        Post.objects.bulk_update(replies.values(), ["reply_to", "reply_to_floor"], batch_size=100)
