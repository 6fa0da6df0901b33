"""Conversations, and who sees which."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.threads.models.boards import Board, audiences_of
from community.threads.models.states import State
from fans.accounts.models import Fan, Reader


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
    about_url = models.TextField(blank=True)  # of the thing it is the thread of
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
            models.Index(
                fields=["-created_at", "-id"],
                name="thread_unanswered",
                condition=Q(kind="question", state="published", answering_count=0),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("thread", args=[self.pk, self.slug])

    @property
    def latest_title(self) -> str:
        """As its author last wrote it; for them and for moderators, while it waits (A1)."""
        return self.wanted_title or self.title
