from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """What can be found of one thing, written by its room in the transaction of the change.

    The full-text index over the two columns of tokens is the database's own: see `engines.py`.
    """

    kind = models.CharField(max_length=20)
    key = models.PositiveBigIntegerField()  # of the thing, among its kind
    title = models.CharField(max_length=200)
    url = models.TextField()  # a title of 100 Han letters makes an address of 900
    language = models.CharField(max_length=10)  # of the title, for lang=""
    # Who may find it at all; the room asks again what its reader may see.
    audience = models.CharField(max_length=20)
    # Of what it was made from: a room finds by it what has changed since.
    version = models.PositiveBigIntegerField(default=0)
    title_tokens = models.TextField()
    word_tokens = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_search_entry_a_thing")
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"
