from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse


class ImageQuerySet(models.QuerySet["Image"]):
    def unused(self, at: datetime) -> Self:
        """Uploaded a day ago and never put anywhere."""
        return self.filter(kept_at=None, uploaded_at__lte=at - timedelta(hours=24))

    def sizes(self, keys: Collection[str]) -> dict[str, tuple[int, int]]:
        """Width and height of those that exist, by key."""
        rows = self.filter(key__in=keys).values_list("key", "width", "height")
        return {key: (width, height) for key, width, height in rows}


class Image(models.Model):
    """A picture somebody uploaded, re-encoded by us: never the bytes that came in.

    `key` is random and is its address; who may see it is asked of what it hangs on.
    """

    key = models.CharField(max_length=32, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    file = models.FileField(upload_to="images/", max_length=200)
    content_type = models.CharField(max_length=20)  # image/jpeg, image/png, image/webp, image/gif
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    byte_count = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, blank=True)  # first put in a post or on a profile

    objects = ImageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["uploaded_at"], name="image_unused", condition=models.Q(kept_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return reverse("image", args=[self.key, self.extension])

    @property
    def extension(self) -> str:
        return self.content_type.removeprefix("image/").replace("jpeg", "jpg")
