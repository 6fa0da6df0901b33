import secrets
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import ManyToOneRel
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fans.images import child
from fans.images.models import Image

MAX_BYTES = 8 * 1024 * 1024


class Purpose(StrEnum):
    POST = "post"  # at most 2 560 pixels a side
    AVATAR = "avatar"  # a square of 256


class ImageRefused(Exception):
    """The picture cannot be taken; as text, the sentence for the person who chose it."""

    def __init__(self, sentence: "str | Promise") -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


TOO_MANY_BYTES = _("This picture is larger than 8 MB. Save it smaller and try again.")
_DAMAGED = _("This picture is damaged and cannot be read. Save it again and try once more.")
_SLOW = _("This picture takes too long to prepare. Scale it down and try again.")
_SENTENCES = {
    "kind": _("This file is not a JPEG, PNG, WebP or GIF picture. Save it as one of them."),
    "side": _("This picture is longer than 12,000 pixels on one side. Crop it or scale it down."),
    "pixels": _("This picture has more than 24 megapixels. Scale it down and try again."),
    "frames": _("This animation has more than 60 frames. Shorten it and try again."),
    "animation": _("This animation is too large. Shorten it or scale it down and try again."),
    "busy": _("Many pictures are being prepared just now. Try again in a minute."),
    "memory": _SLOW,
    "slow": _SLOW,
    "died": _DAMAGED,
    "damaged": _DAMAGED,
}


def store_image(
    *,
    upload: "UploadedFile[Any]",
    owner: AbstractBaseUser,
    at: datetime,
    purpose: Purpose = Purpose.POST,
) -> Image:
    """Take a picture from somebody: written anew, without metadata, seen by its owner alone
    until it is put somewhere. Raises ImageRefused."""
    if upload.size is None or upload.size > MAX_BYTES:
        raise ImageRefused(TOO_MANY_BYTES)
    try:
        recoded = child.recode(upload.read(MAX_BYTES + 1), purpose)
    except child.CannotRecode as reason:
        raise ImageRefused(_SENTENCES[str(reason)]) from None
    key = secrets.token_hex(16)
    image = Image(
        key=key,
        owner_id=owner.pk,
        content_type="image/webp",
        width=recoded.width,
        height=recoded.height,
        byte_count=len(recoded.data),
        uploaded_at=at,
    )
    image.file.save(f"{key[:2]}/{key}.webp", ContentFile(recoded.data), save=False)
    image.save(force_insert=True)
    return image


def keep(images: Iterable[Image], at: datetime) -> None:
    """Put pictures somewhere, so that the sweep leaves them. Twice is the same as once."""
    keys = [image.pk for image in images]
    Image.objects.filter(pk__in=keys, kept_at=None).update(kept_at=at)


def discard_unused(image: Image, at: datetime) -> bool:
    """Delete a picture nobody put anywhere; False when somebody did so just now."""
    with transaction.atomic():
        unused = Image.objects.unused(at).select_for_update().filter(pk=image.pk).first()
        if unused is None:
            return False
        if _is_used(unused):
            keep([unused], at)
            return False
        # The file first: where it cannot be deleted, its row stays and the next sweep tries again.
        unused.file.storage.delete(unused.file.name or "")
        unused.delete()
    return True


def _is_used(image: Image) -> bool:
    """Whether a row of any room points to it: one that forgot `keep` must not lose its pictures."""
    relations = Image._meta.get_fields(include_hidden=True)
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: image}).exists()
        for relation in relations
        if isinstance(relation, ManyToOneRel)
    )
