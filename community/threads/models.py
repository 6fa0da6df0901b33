from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.products.models import Product, Team
from fans.accounts.models import Fan, Reader, Role
from fans.images.models import Image
from fans.tiers.models import Tier, tier_of


class Audience(models.TextChoices):
    """Who may read a board."""

    EVERYONE = "everyone", _("everyone")
    CORE = "core", _("core fans and above")
    HONORARY_DEV = "honorary_dev", _("honorary developers")


def audiences_of(reader: Reader) -> list[Audience]:
    """The boards open to this reader, by spec §1: moderators read the core board, not the early one."""
    if isinstance(reader, Fan):
        tier = tier_of(reader)
        if reader.is_staff or tier == Tier.HONORARY_DEV:
            return [Audience.EVERYONE, Audience.CORE, Audience.HONORARY_DEV]
        if tier == Tier.CORE or reader.role == Role.MODERATOR:
            return [Audience.EVERYONE, Audience.CORE]
    return [Audience.EVERYONE]


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, reader: Reader) -> Self:
        return self.filter(readable_by__in=audiences_of(reader))

    def open(self) -> Self:
        return self.filter(archived_at=None)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class Board(models.Model):
    """A subject people talk about; ordered by staff."""

    name = models.CharField(max_length=60)
    name_zh_hans = models.CharField(max_length=60, blank=True)  # empty: the name above
    name_zh_hant = models.CharField(max_length=60, blank=True)
    description = models.CharField(max_length=300, blank=True)
    description_zh_hans = models.CharField(max_length=300, blank=True)
    description_zh_hant = models.CharField(max_length=300, blank=True)
    slug = models.SlugField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="boards"
    )
    readable_by = models.CharField(max_length=20, choices=Audience, default=Audience.EVERYONE)
    every_post_waits = models.BooleanField(default=False)
    slow_mode_seconds = models.PositiveIntegerField(default=0)  # between two posts of one fan
    release_minutes = models.PositiveIntegerField(default=10)  # A1; 0: never by themselves
    # Where a room opens the threads of its things: "requests", "releases", "meetups". Nobody
    # starts a thread there by hand; everybody who may read it may reply.
    kept_for = models.CharField(max_length=12, blank=True)
    announcements_only = models.BooleanField(default=False)  # staff open threads, all may reply
    archived_at = models.DateTimeField(null=True, blank=True)
    imported_as = models.CharField(max_length=80, blank=True)  # "discourse:7"

    objects = BoardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "imported_as", name="board_imported_once", condition=~Q(imported_as="")
            ),
            models.UniqueConstraint("kept_for", name="one_board_a_room", condition=~Q(kept_for="")),
        ]

    def __str__(self) -> str:
        return self._in_language("name")

    def get_absolute_url(self) -> str:
        return reverse("board", args=[self.slug])

    @property
    def described(self) -> str:
        """The description in the reader's language."""
        return self._in_language("description")

    def _in_language(self, field: str) -> str:
        language = (get_language() or "en").replace("-", "_")
        own: str = getattr(self, f"{field}_{language}", "")
        fallback: str = getattr(self, field)
        return own or fallback


class PastBoardSlug(models.Model):
    """An address a board had before; it redirects."""

    slug = models.SlugField(max_length=60, unique=True)
    board = models.ForeignKey(Board, models.CASCADE, related_name="past_slugs")

    def __str__(self) -> str:
        return self.slug


class State(models.TextChoices):
    """Where a post stands (spec §4). A thread stands where its first post does."""

    WAITING = "waiting", _("waiting")
    PUBLISHED = "published", _("published")
    REJECTED = "rejected", _("not published")
    HIDDEN = "hidden", _("hidden")
    REMOVED = "removed", _("removed")
    DELETED = "deleted", _("deleted by its author")


class Rule(models.TextChoices):
    """The rule codes (spec §9): nothing is removed without one, and disliking is none (C1)."""

    SPAM = "spam", _("Spam")
    ABUSE = "abuse", _("Abuse")
    SCALPING = "scalping", _("Scalping")
    VOTE_RIGGING = "vote_rigging", _("Vote rigging")
    LEAKED_BUILD = "leaked_build", _("Leaked build")
    PERSONAL_DATA = "personal_data", _("Personal data")
    ILLEGAL = "illegal", _("Illegal")
    SALES_POST = "sales_post", _("Sales post")
    UNDISCLOSED_SPONSORSHIP = "undisclosed_sponsorship", _("Undisclosed sponsorship")
    PLAGIARISM = "plagiarism", _("Plagiarism")


class ThreadKind(models.TextChoices):
    DISCUSSION = "discussion", _("Discussion")
    QUESTION = "question", _("Question")
    ANNOUNCEMENT = "announcement", _("Announcement")
    # The threads of things other rooms keep; those rooms open them.
    REQUEST = "request", _("Wish")
    RELEASE = "release", _("Release")
    MEETUP = "meetup", _("Meetup")
    RECAP = "recap", _("Recap")


# What somebody may choose when they start a thread by hand.
STARTED_BY_HAND = [ThreadKind.DISCUSSION, ThreadKind.QUESTION, ThreadKind.ANNOUNCEMENT]


def moderated_boards(reader: Reader) -> Q:
    """Threads in the moderation scope of this reader, as a filter on Thread."""
    scopes = reader.moderation_scopes if isinstance(reader, Fan) else frozenset()
    if "site" in scopes:
        return Q(pk__isnull=False)  # all of them; an empty Q would vanish from an «or»
    boards = [int(scope[6:]) for scope in scopes if scope.startswith("board:")]
    return Q(board__in=boards) if boards else Q(pk=None)


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, reader: Reader) -> Self:
        """The only way from a view to a row (R1, R2): published, one's own, or one's to moderate."""
        readable = Q(board__readable_by__in=audiences_of(reader))
        shown = Q(state=State.PUBLISHED)
        if isinstance(reader, Fan):
            shown |= Q(author=reader.pk) & ~Q(state=State.DELETED)
            if reader.moderates_anything:
                shown |= moderated_boards(reader)
        return self.filter(readable & shown)

    def listed(self) -> Self:
        """What lists and counts show: published, whoever looks."""
        return self.filter(state=State.PUBLISHED)

    def gone_for(self, reader: Reader) -> Self:
        """Taken away in the open: the address says why (410). What is hidden looks missing."""
        return self.filter(
            board__readable_by__in=audiences_of(reader), state__in=[State.REMOVED, State.DELETED]
        )

    def unanswered(self, at: datetime) -> Self:
        """Questions nobody else replied to for 24 h (spec §4)."""
        return self.listed().filter(
            kind=ThreadKind.QUESTION, answering_count=0, created_at__lte=at - timedelta(hours=24)
        )


class Thread(models.Model):
    """A conversation. Its words are its first post, floor 1."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="threads")
    author = models.ForeignKey(Fan, models.PROTECT, related_name="threads")
    kind = models.CharField(max_length=20, choices=ThreadKind, default=ThreadKind.DISCUSSION)
    title = models.CharField(max_length=120)
    wanted_title = models.CharField(max_length=120, blank=True)  # while an edit waits (A1)
    slug = models.CharField(max_length=140)  # letters of any script; never looked up
    language = models.CharField(max_length=10, default="en")  # of the title, for lang=""
    state = models.CharField(max_length=12, choices=State, default=State.PUBLISHED)
    created_at = models.DateTimeField()

    # Cached, written with every post in the same transaction; `manage.py recount_threads` repairs.
    last_floor = models.PositiveIntegerField(default=1)  # of the newest reply that was published
    # The highest number handed out: a waiting reply holds one that nobody is told of yet.
    last_given_floor = models.PositiveIntegerField(default=1)
    reply_count = models.PositiveIntegerField(default=0)  # published replies
    answering_count = models.PositiveIntegerField(default=0)  # published replies by others
    last_post_at = models.DateTimeField()  # when the newest published post appeared
    last_author = models.ForeignKey(Fan, models.PROTECT, null=True, related_name="+")
    change_count = models.PositiveBigIntegerField(default=0)  # +1 with every change a page shows
    accepted_answer = models.OneToOneField(
        "Post", models.SET_NULL, null=True, blank=True, related_name="answers"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)  # null while that post is not shown
    featured_at = models.DateTimeField(null=True, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    about_url = models.CharField(max_length=200, blank=True)  # of the thing it is the thread of
    imported_as = models.CharField(max_length=80, blank=True)  # "discourse:635"

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "imported_as", name="thread_imported_once", condition=~Q(imported_as="")
            ),
            models.CheckConstraint(
                name="only_questions_have_answers",
                condition=Q(accepted_answer=None) | Q(kind="question"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-last_post_at", "-id"],
                name="thread_latest",
                condition=Q(state="published"),
            ),
            models.Index(
                fields=["board", "-last_post_at", "-id"],
                name="thread_latest_of_board",
                condition=Q(state="published"),
            ),
            models.Index(
                fields=["-answering_count", "-id"],
                name="thread_most_answered",
                condition=Q(state="published"),
            ),
            models.Index(fields=["author", "-created_at"], name="thread_by_author"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("thread", args=[self.pk, self.slug])

    @property
    def latest_title(self) -> str:
        """As its author last wrote it; for them and for moderators, while it waits (A1)."""
        return self.wanted_title or self.title


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, reader: Reader) -> Self:
        """Posts whose words this reader may see; a tombstone is no post (R1, R2)."""
        shown = Q(state=State.PUBLISHED)
        if isinstance(reader, Fan):
            shown |= Q(author=reader.pk) & ~Q(state=State.DELETED)
            if reader.moderates_anything:
                shown |= Q(thread__in=Thread.objects.filter(moderated_boards(reader)))
        return self.filter(shown, thread__in=Thread.objects.visible_to(reader))

    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)

    def waiting(self) -> Self:
        return self.filter(state=State.WAITING)

    def due(self, at: datetime) -> Self:
        """Waiting posts that may appear by themselves by now (A1)."""
        return self.waiting().filter(release_at__lte=at)

    def in_floor_order(self) -> Self:
        return self.order_by("floor", "pk")


class Post(models.Model):
    """One floor of a thread. `html` is rendered from `source` when written, and never again."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="posts")
    author = models.ForeignKey(Fan, models.PROTECT, related_name="posts")
    floor = models.PositiveIntegerField()  # 1 is the thread's own words
    reply_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replies"
    )
    reply_to_floor = models.PositiveIntegerField(null=True, blank=True)  # stays without the post
    source = models.TextField()  # Markdown, as typed; HTML for imports without Markdown
    source_is_html = models.BooleanField(default=False)
    html = models.TextField()
    language = models.CharField(max_length=10, default="en")  # detected script, for lang=""
    state = models.CharField(max_length=12, choices=State, default=State.PUBLISHED)
    state_at = models.DateTimeField()  # when it came into that state
    release_at = models.DateTimeField(null=True, blank=True)  # A1: appears by itself then
    waited_until = models.DateTimeField(null=True, blank=True)  # when it first appeared, if later
    deleted_at = models.DateTimeField(null=True, blank=True)  # by its author, whatever came after
    rule = models.CharField(max_length=30, choices=Rule, blank=True)  # why removed or rejected
    rule_note = models.CharField(max_length=300, blank=True)
    official_team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_official = models.BooleanField(default=False)  # written by staff, as staff
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)  # last edit after 5 minutes
    revision_count = models.PositiveIntegerField(default=0)
    # Cached beside the rows of Reaction; `manage.py recount_threads` repairs.
    like_count = models.PositiveIntegerField(default=0)
    helpful_count = models.PositiveIntegerField(default=0)
    imported_like_count = models.PositiveIntegerField(default=0)  # likes that came without names
    images = models.ManyToManyField(Image, blank=True, related_name="posts")
    submission_key = models.CharField(max_length=40, null=True, blank=True)  # C3: one per form
    imported_as = models.CharField(max_length=80, blank=True)  # "discourse:4725"

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "floor"], name="one_post_per_floor"),
            models.UniqueConstraint(fields=["author", "submission_key"], name="one_post_per_form"),
            models.UniqueConstraint(
                "imported_as", name="post_imported_once", condition=~Q(imported_as="")
            ),
            models.CheckConstraint(
                name="removal_names_a_rule",  # C1
                condition=~Q(state__in=["removed", "rejected"]) | ~Q(rule=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["release_at", "id"], name="post_release_due", condition=Q(state="waiting")
            ),
            models.Index(fields=["author", "-created_at", "-id"], name="post_by_author"),
        ]

    def __str__(self) -> str:
        return f"#{self.floor}"

    def get_absolute_url(self) -> str:
        return reverse("post", args=[self.pk])


class PostRevisionQuerySet(models.QuerySet["PostRevision"]):
    def visible_to(self, reader: Reader) -> Self:
        """Earlier wordings of posts this reader may see, but for those taken out (R1, R2)."""
        return self.filter(hidden_at=None, post__in=Post.objects.visible_to(reader))


class PostRevision(models.Model):
    """What a post said before an edit. Number 1 is the first wording."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120, blank=True)  # of the thread, on floor 1
    source = models.TextField()
    html = models.TextField()
    editor = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=160, blank=True)
    replaced_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)

    objects = PostRevisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="revision_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.post_id}·{self.number}"


class ReactionKind(models.TextChoices):
    LIKE = "like", _("Like")
    HELPFUL = "helpful", _("Helpful")


class Reaction(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="reactions")
    fan = models.ForeignKey(Fan, models.CASCADE, related_name="reactions")
    kind = models.CharField(max_length=10, choices=ReactionKind)
    reacted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "fan", "kind"], name="one_reaction_of_a_kind")
        ]

    def __str__(self) -> str:
        return self.kind


class ReadPosition(models.Model):
    """How far a fan has read a thread: the highest floor they have had on their screen."""

    fan = models.ForeignKey(Fan, models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="read_positions")
    floor = models.PositiveIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fan", "thread"], name="one_read_position")]

    def __str__(self) -> str:
        return f"{self.thread_id}·{self.floor}"
