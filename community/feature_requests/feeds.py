"""Wishes as entries of a feed: only what a stranger sees, whoever asks."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from community import markdown
from community.feature_requests.models import FeatureRequest, FeatureRequestQuerySet
from community.feature_requests.timeline import Entry as Step
from community.feature_requests.timeline import timeline
from community.products.models import Tag
from community.threads.models import Post
from fans.accounts.models import Fan
from fans.site.feeds import ENTRIES_AT_MOST, Entry
from fans.site.models import SiteIdentity

STRANGER = AnonymousUser()


def newest(wishes: FeatureRequestQuerySet) -> list[Entry]:
    """The newest of these wishes, which a stranger sees, each with its words. Three queries."""
    tags = Prefetch("tags", Tag.objects.visible_to(STRANGER).in_order())
    shown = list(
        wishes.listed()
        .select_related("author", "product", "thread")
        .prefetch_related(tags)
        .order_by("-pk")[:ENTRIES_AT_MOST]
    )
    first = Post.objects.visible_to(STRANGER).filter(
        floor=1, thread__in=[wish.thread_id for wish in shown]
    )
    words = {post.thread_id: post for post in first}
    return [_wish(wish, words.get(wish.thread_id)) for wish in shown]


def _wish(wish: FeatureRequest, words: Post | None) -> Entry:
    appeared = (words and words.waited_until) or wish.created_at
    edited = (words and words.edited_at) or appeared
    return Entry(
        key=f"/requests/{wish.pk}/",
        url=wish.get_absolute_url(),
        title=wish.thread.title,
        html=words.html if words else "",
        language=wish.thread.language,
        author=name_of(wish.author),
        published_at=appeared,
        updated_at=max(appeared, edited),
        subjects=[wish.product.name, *(tag.label for tag in wish.tags.all())],
    )


def steps_of(wish: FeatureRequest) -> list[Entry]:
    """What became of a wish so far, newest first: its steps, and the notes on the way."""
    return [_step(wish, step) for step in timeline(wish)[: -ENTRIES_AT_MOST - 1 : -1]]


def _step(wish: FeatureRequest, step: Step) -> Entry:
    change, note = step.change, step.note
    team = (change and change.team) or (note and note.team)
    title = str(change.get_became_display()) if change else gettext("Progress")
    if change and change.promised_for:
        title = f"{title} · {change.promised_for}"
    key = f"change-{change.pk}" if change else f"note-{note.pk if note else 0}"
    return Entry(
        key=f"/requests/{wish.pk}/#{key}",
        url=wish.get_absolute_url(),
        title=title,
        html=official(*([change.response, change.reason_words] if change else [step.said])),
        language=get_language() or "en",
        author=str(team or SiteIdentity.current()),
        published_at=step.happened_at,
        updated_at=step.happened_at,
    )


def official(*said: str) -> SafeString:
    """What the company said, one after the other, each in its own language."""
    each = (
        (markdown.language_of(words), mark_safe(markdown.render(words).html))  # cleaned there
        for words in said
        if words
    )
    return format_html_join("", '<div lang="{}">{}</div>', each)


def name_of(fan: Fan) -> str:
    return gettext("deleted fan") if fan.erased_at else fan.display_name
