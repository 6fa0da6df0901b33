from django.db import models
from django.db.models.functions import Lower


class WatchedWord(models.Model):
    """A word that makes a post wait for a moderator, whoever writes it."""

    word = models.CharField(max_length=60)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("word"), name="watched_once")]

    def __str__(self) -> str:
        return self.word
