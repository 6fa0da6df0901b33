from django.conf import settings
from django.db import models


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

    def __str__(self) -> str:
        return self.key
