"""One real wish from the first word to the verdict, for the front page.

The newest story that is complete for everybody; kept for a minute, and asked each time whether
the reader may still see all it was told from.
"""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language

from community.feature_requests.models import FeatureRequest, Status, StoryStep
from community.feature_requests.story import Line, story
from fans import clock
from fans.accounts.models import Reader

SECONDS = 60
NONE_YET = "none"
VERDICTS_AT_MOST, STORIES_AT_MOST = 30, 5  # looked at, should the newest lack something
_SHOWN = ("asked", "joined", "heard", "room", "planned", "shipped", "verdict", "credited")


@dataclass(frozen=True)
class WishStory:
    pk: int
    title: str
    language: str
    url: str
    lines: list[Line]
    steps: list[int]


def newest_story(reader: Reader) -> WishStory | None:
    """The newest wish whose verdict is in, if this reader may see it."""
    key = f"wish-story:{get_language()}"
    told = cache.get_or_set(key, lambda: _newest() or NONE_YET, SECONDS)
    if not isinstance(told, WishStory):
        return None
    is_seen = FeatureRequest.objects.visible_to(reader).listed().filter(pk=told.pk).exists()
    steps = StoryStep.objects.visible_to(reader).filter(pk__in=told.steps)
    return told if is_seen and steps.count() == len(told.steps) else None


def _newest() -> WishStory | None:
    nobody = AnonymousUser()
    for wish in _judged(nobody)[:STORIES_AT_MOST]:
        whole = story(wish, nobody, clock.now())
        if whole.is_complete:
            lines = [line for line in whole.lines if line.kind in _SHOWN]
            url = reverse("feature_request_story", args=[wish.pk])
            thread = wish.thread
            return WishStory(wish.pk, thread.title, thread.language, url, lines, whole.steps)
    return None


def _judged(reader: Reader) -> list[FeatureRequest]:
    """Shipped wishes of the newest verdicts, those most fans stood behind first each week."""
    verdicts = StoryStep.objects.visible_to(reader).filter(kind="verdict")
    newest = verdicts.select_related("feature_request").order_by("-happened_at", "-pk")
    judged_at = {
        step.feature_request.shown_as_id or step.feature_request_id: step.happened_at
        for step in reversed(newest[:VERDICTS_AT_MOST])
    }
    wishes = FeatureRequest.objects.visible_to(reader).listed().filter(status=Status.SHIPPED)
    found = wishes.filter(pk__in=judged_at).select_related("thread").order_by("-vote_count", "-pk")
    return sorted(found, key=lambda wish: judged_at[wish.pk], reverse=True)
