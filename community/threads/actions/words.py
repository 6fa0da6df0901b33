"""What was typed, made ready to be stored: rendered once, here, and never again."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Lower

from community import markdown
from community.threads.models import Post
from fans.accounts.models import Fan
from fans.images.actions import keep
from fans.images.models import Image


@dataclass(frozen=True)
class Words:
    source: str
    html: str
    language: str
    image_keys: tuple[str, ...]
    has_link: bool


def prepare(source: str) -> Words:
    """Render Markdown. Done before any lock is taken: it is the dearest part of posting."""
    rendered = markdown.render(source, known_handles=_handles, image_sizes=Image.objects.sizes)
    return Words(
        source=source,
        html=rendered.html,
        language=markdown.language_of(source),
        image_keys=tuple(rendered.image_keys),
        has_link=rendered.has_link,
    )


def _handles(names: Collection[str]) -> Mapping[str, str]:
    fans = Fan.objects.annotate(lower_handle=Lower("handle")).filter(lower_handle__in=names)
    return dict(fans.values_list("lower_handle", "handle"))


def with_pictures(source: str, pictures: Sequence[Image], description: str = "") -> str:
    """The text, with a line for each picture it does not show yet."""
    missing = [picture for picture in pictures if picture.key not in source]
    alt = re.sub(r"[\[\]\\\s]+", " ", description).strip()
    lines = [f"![{alt}]({picture.get_absolute_url()})" for picture in missing]
    return "\n\n".join(filter(None, [source.rstrip(), *lines])) if lines else source


def hold_pictures(post: Post, words: Words, author: Fan, at: datetime) -> None:
    """Tie the pictures shown to the post, so they can be seen by whoever sees it.

    Only the author's own: quoting somebody's picture does not keep it visible for them.
    """
    held = list(Image.objects.filter(key__in=words.image_keys, owner=author))
    post.images.set(held)
    if held:
        keep(held, at)
