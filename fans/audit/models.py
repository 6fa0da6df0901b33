from collections.abc import Collection
from typing import Any, Self

from django.conf import settings
from django.db import models


class NeverChanged(Exception):
    """Somebody tried to change what was written down for good."""


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> int:
        raise NeverChanged

    def delete(self) -> tuple[int, dict[str, int]]:
        raise NeverChanged

    def about(self, subject: str) -> Self:
        return self.filter(subject=subject)

    def within(self, scopes: Collection[str]) -> Self:
        """Acts of moderation inside these scopes: `site`, `board:3` …"""
        return self.filter(scope__in=scopes)

    def newest_first(self) -> Self:
        return self.order_by("-acted_at", "-pk")


class AuditEntry(models.Model):
    """One act of a moderator or member of staff. Never changed, never deleted.

    Only a command that empties the whole database (`flush`) takes entries with it.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # null: the site itself
    verb = models.CharField(max_length=60)  # past tense: "removed", "muted", "role changed"
    subject = models.CharField(max_length=80)  # "post:123"; the log imports nobody
    concerns = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # whose words or rights it was about
    # Where order was kept: `board:3`, or `site` for people and words. Empty: for staff alone.
    scope = models.CharField(max_length=40, blank=True)
    rule = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    acted_at = models.DateTimeField()

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-acted_at", "-id"], name="audit_newest"),
            models.Index(fields=["subject"], name="audit_subject"),
            models.Index(fields=["verb", "-acted_at", "-id"], name="audit_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            raise NeverChanged
        super().save(**{**kwargs, "force_insert": True})

    def delete(self, **kwargs: Any) -> tuple[int, dict[str, int]]:  # type: ignore[override]
        raise NeverChanged
