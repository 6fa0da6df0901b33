"""What was typed, made ready to be stored: rendered once, here, and never again."""

from collections.abc import Sequence
from dataclasses import dataclass

from community import markdown
from community.threads.models import Post
from fans.accounts.models import Fan
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
    rendered = markdown.render(source)
    return Words(
        source=source,
        html=rendered.html,
        language=markdown.language_of(source),
        image_keys=tuple(rendered.image_keys),
        has_link=rendered.has_link,
    )


def with_pictures(source: str, pictures: Sequence[Image]) -> str:
    """The text, with a line for each picture it does not show yet."""
    missing = [picture for picture in pictures if picture.key not in source]
    return "\n\n".join([source, *(f"![]({picture_address(image)})" for image in missing)])


def picture_address(image: Image) -> str:
    return f"/images/{image.key}.{image.content_type.removeprefix('image/').replace('jpeg', 'jpg')}"


def hold_pictures(post: Post, words: Words, author: Fan) -> None:
    """Tie the pictures shown to the post, so they can be seen by whoever sees it.

    Only the author's own: quoting somebody's picture does not keep it visible for them.
    """
    post.images.set(Image.objects.filter(key__in=words.image_keys, owner=author))
