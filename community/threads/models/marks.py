"""What readers leave on a post, and how far they have read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from community.threads.models.posts import Post
from community.threads.models.threads import Thread
from fans.accounts.models import Fan


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
