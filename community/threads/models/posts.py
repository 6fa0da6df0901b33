"""The floors of a thread, and what they said before an edit."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from community.products.models import Team
from community.threads.models.states import Rule, State
from community.threads.models.threads import Thread, moderated_boards
from fans.accounts.models import Fan, Reader
from fans.images.models import Image


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
