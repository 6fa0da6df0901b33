"""What the forms for writing have in common: pictures, quotes, what was kept."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.markdown import readable
from community.screening.rules import LONGEST_SOURCE
from community.threads.actions.words import prepare, with_pictures
from community.threads.forms import PICTURES_AT_ONCE, ReplyForm, without_controls
from community.threads.models import Post, Thread
from community.threads.views.keeping import kept_words
from fans import clock
from fans.accounts.models import Fan, FanRequest
from fans.images.actions import ImageRefused, store_image
from fans.images.models import Image
from fans.limits import TooMany, spend

F = TypeVar("F", bound=Form)
_LONGEST_QUOTE = 600  # characters


def filled(request: FanRequest, form_class: type[F], **kwargs: object) -> F:
    """The form as it was sent. Each picture is stored at once and named in the text.

    So a picture is not lost when another field must be mended, and one that we cannot take is
    said beside its field.
    """
    data = request.POST.copy()
    images, refusals = _stored(request.FILES.getlist("pictures"), request.user)
    if images:
        source, description = data.get("source", ""), data.get("description", "")
        data["source"] = with_pictures(source, images, description)
        data["description"] = ""
    form = form_class(data, request.FILES, **kwargs)  # type: ignore[arg-type]
    for refusal in refusals:
        form.add_error("pictures", refusal)
    return form


def _stored(uploads: list[UploadedFile[Any]], owner: Fan) -> tuple[list[Image], list[str]]:
    images: list[Image] = []
    refusals: list[str] = []
    if len(uploads) > PICTURES_AT_ONCE:
        return [], []  # the form says so
    for upload in uploads:
        try:
            spend("upload", owner, clock.now())
            images.append(store_image(upload=upload, owner=owner, at=clock.now()))
        except ImageRefused as refusal:
            refusals.append(f"{upload.name}: {refusal}" if len(uploads) > 1 else str(refusal))
        except TooMany as refusal:
            minutes = -(-refusal.retry_after // 60)
            words = ngettext(
                "That is many pictures in a short time. You can add more in %(count)d minute.",
                "That is many pictures in a short time. You can add more in %(count)d minutes.",
                minutes,
            )
            refusals.append(words % {"count": minutes})
            break
    return images, refusals


def as_written(post: Post) -> str:
    """The words of a post as one would go on writing them; imports may have HTML alone."""
    return readable(post.html) if post.source_is_html else post.source


def quoted(post: Post) -> str:
    """A post as the beginning of an answer: its own words, not those it quotes itself."""
    lines = [line for line in as_written(post).splitlines() if not line.lstrip().startswith(">")]
    text = "\n".join(lines).strip()
    if len(text) > _LONGEST_QUOTE:
        text = text[:_LONGEST_QUOTE].rsplit(maxsplit=1)[0] + " …"
    said = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    return f"> @{post.author.handle}:\n>\n{said}\n\n"


def reply_form(request: HttpRequest, thread: Thread) -> dict[str, object]:
    """What the reply form at the foot of a thread begins with: an answer to `?reply_to=42`, with
    its words for `?quote=42`, or what was kept when it could not be sent. Costs nothing else."""
    if kept := kept_words(request, reverse("thread_replies", args=[thread.pk])):
        answered = post_in(request, thread, kept.get("reply_to"))
        return {"form": ReplyForm(initial=dict(kept)), "answered": answered}
    quote = post_in(request, thread, request.GET.get("quote"))
    answered = quote or post_in(request, thread, request.GET.get("reply_to"))
    if answered is None:
        return {}
    initial = {"reply_to": answered.pk, "source": quoted(quote) if quote else ""}
    return {"form": ReplyForm(initial=initial), "answered": answered}


def post_in(request: HttpRequest, thread: Thread, number: object) -> Post | None:
    """The published post of this thread that a form or an address names, if there is one."""
    text = str(number or "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    posts = Post.objects.visible_to(request.user).published().select_related("author")
    return posts.filter(thread=thread, pk=int(text)).first()


def previewed(form: Form) -> str:
    """The text as it would look; whatever was typed, however wrong."""
    longest = getattr(form.fields["source"], "longest", LONGEST_SOURCE)
    return drawn(str(form["source"].value() or ""), longest)


def drawn(source: str, longest: int = LONGEST_SOURCE) -> str:
    """The HTML that posting would store; empty for what is too long to post."""
    return "" if len(source) > longest else prepare(without_controls(source)).html


def question_outline() -> str:
    """What a question begins with, so an answer is possible."""
    parts = [
        _("What I want to do:"),
        _("What happens instead:"),
        _("What I tried, and on which version:"),
    ]
    return "\n\n".join(f"**{part}**\n" for part in parts)
