from typing import Self

from django.db import models
from django.db.models.functions import Lower

from fans.accounts.models import Fan, Reader


class WatchedWordQuerySet(models.QuerySet["WatchedWord"]):
    def visible_to(self, reader: Reader) -> Self:
        """For those who keep order everywhere: whoever knows the words writes around them."""
        may_know = isinstance(reader, Fan) and "site" in reader.moderation_scopes
        return self.all() if may_know else self.none()


class WatchedWord(models.Model):
    """A word that makes a post wait for a moderator, whoever writes it."""

    word = models.CharField(max_length=60)
    added_at = models.DateTimeField()

    objects = WatchedWordQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("word"), name="watched_once")]

    def __str__(self) -> str:
        return self.word
