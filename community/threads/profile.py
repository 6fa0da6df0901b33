"""What threads show on a fan's page (settings.PROFILE_SECTIONS)."""

from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from community.threads.listing import rows_of
from community.threads.models import Post, Thread
from fans.accounts.models import Fan, Reader
from fans.profiles.sections import Section

THREADS = 10
REPLIES = 10
EXCERPT_LENGTH = 160


def recent_threads(owner: Fan, reader: Reader) -> Section | None:
    own = Thread.objects.visible_to(reader).listed().filter(author=owner.pk)
    newest = own.order_by("-created_at", "-pk").values_list("pk", flat=True)[:THREADS]
    rows = rows_of(list(newest), reader)
    return Section(_("Threads"), "threads/_profile_threads.html", {"rows": rows}) if rows else None


def recent_replies(owner: Fan, reader: Reader) -> Section | None:
    posts = list(
        Post.objects.visible_to(reader)
        .published()
        .filter(author=owner.pk, floor__gt=1)
        .select_related("thread")
        .order_by("-created_at", "-pk")[:REPLIES]
    )
    replies = [(post, Truncator(strip_tags(post.html)).chars(EXCERPT_LENGTH)) for post in posts]
    if not replies:
        return None
    return Section(_("Replies"), "threads/_profile_replies.html", {"replies": replies})
