from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from community.threads.models import Post
from fans.accounts.models import Fan, Reader
from fans.images.models import Image


def shown_to(reader: Reader) -> QuerySet[Image]:
    """Pictures this reader may see: in a post they may see, on a profile, or their own (R2)."""
    in_a_post = Post.objects.visible_to(reader).filter(images=OuterRef("pk"))
    on_a_profile = Fan.objects.visible_to(reader).filter(avatar=OuterRef("pk"), erased_at=None)
    seen = Q(Exists(in_a_post)) | Q(Exists(on_a_profile))
    if isinstance(reader, Fan):
        seen |= Q(owner=reader.pk)
    return Image.objects.filter(seen)


def is_public(image: Image) -> bool:
    """Whether everyone may see it, so that anybody's cache may hold it."""
    return shown_to(AnonymousUser()).filter(pk=image.pk).exists()
