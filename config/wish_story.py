"""One real wish in five steps, for the front page: from the first word to the verdict.

Read from the database and public throughout; kept for a minute, and asked each time whether
the reader may still see the wish.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from community.feature_requests.models import FeatureRequest, Status, StatusChange, StoryStep
from community.fridays.models import Release, ReleaseItem, ReleaseState
from fans.accounts.models import Reader
from fans.tiers.models import Tier, TierChange, TierStanding

SECONDS = 60
NONE_YET = "none"


@dataclass(frozen=True)
class Step:
    name: str
    words: str
    url: str
    at: datetime | None


@dataclass(frozen=True)
class WishStory:
    pk: int
    title: str
    language: str
    url: str
    steps: tuple[Step, ...]


def newest_story(reader: Reader) -> WishStory | None:
    """The newest wish whose verdict is in, if this reader may see it."""
    key = f"wish-story:{get_language()}"
    story = cache.get_or_set(key, lambda: _newest() or NONE_YET, SECONDS)
    if not isinstance(story, WishStory):
        return None
    seen = FeatureRequest.objects.visible_to(reader).listed().filter(pk=story.pk).exists()
    return story if seen else None


def _newest() -> WishStory | None:
    item = (
        ReleaseItem.objects.filter(
            release__in=Release.objects.visible_to(AnonymousUser()),
            release__state=ReleaseState.PUBLISHED,
            release__cycle__published_at__isnull=False,
            feature_request__in=FeatureRequest.objects.listed().filter(status=Status.SHIPPED),
            feature_request__story_steps__kind="verdict",
        )
        .select_related(
            "team", "release__product", "release__cycle__product", "feature_request__author"
        )
        .order_by("-release__cycle__published_at", "-feature_request__vote_count", "-pk")
        .first()
    )
    return _story_of(item, item.feature_request) if item and item.feature_request else None


def _story_of(item: ReleaseItem, wish: FeatureRequest) -> WishStory | None:
    planned = (
        StatusChange.objects.filter(feature_request=wish, became=Status.PLANNED)
        .select_related("team")
        .order_by("-pk")
        .first()
    )
    if planned is None or item.release.published_at is None:
        return None
    steps = (
        _asked(wish),
        _voted(wish),
        _planned(wish, planned),
        _shipped(item, item.release.published_at),
        _verdict(item, wish),
    )
    return WishStory(wish.pk, wish.title, wish.language, wish.get_absolute_url(), steps)


def _asked(wish: FeatureRequest) -> Step:
    words = _("%(name)s asked for it.") % {"name": wish.author.display_name}
    return Step(_("Asked"), words, wish.get_absolute_url(), wish.created_at)


def _voted(wish: FeatureRequest) -> Step:
    words = ngettext(
        "%(count)d fan voted for it.", "%(count)d fans voted for it.", wish.vote_count
    ) % {"count": wish.vote_count}
    if wish.offline_count:
        paper = ngettext(
            "%(count)d more on paper.", "%(count)d more on paper.", wish.offline_count
        ) % {"count": wish.offline_count}
        words = _("%(sentence)s %(next_sentence)s") % {"sentence": words, "next_sentence": paper}
    return Step(_("Voted"), words, reverse("feature_request_story", args=[wish.pk]), None)


def _planned(wish: FeatureRequest, change: StatusChange) -> Step:
    if change.team and wish.promised_for:
        words = _("The %(team)s took it on and said when.") % {"team": change.team.name}
    elif change.team:
        words = _("The %(team)s took it on and answered.") % {"team": change.team.name}
    else:
        words = _("The company took it on and answered.")
    return Step(_("Planned"), words, f"{wish.get_absolute_url()}#answer", change.changed_at)


def _shipped(item: ReleaseItem, at: datetime) -> Step:
    words = _("It came with build %(version)s.") % {"version": item.release.version}
    return Step(_("Shipped"), words, item.release.get_absolute_url(), at)


def _verdict(item: ReleaseItem, wish: FeatureRequest) -> Step:
    cycle = item.release.cycle
    if cycle is None or cycle.published_at is None:
        raise ValueError("the query asked for a published week")
    told = StoryStep.objects.filter(feature_request=wish, kind="verdict").order_by("-pk").first()
    facts = told.facts if told else {}
    if facts.get("is_awarded"):
        words = _("Fans gave it the popcorn award.")
    elif facts.get("loved"):
        words = ngettext(
            "%(count)d fan loved it most that week.",
            "%(count)d fans loved it most that week.",
            facts["loved"],
        ) % {"count": facts["loved"]}
    else:
        words = _("Fans said in their reports how it turned out.")
    if rise := _rise_of(wish, item):
        words = _("%(sentence)s %(next_sentence)s") % {"sentence": words, "next_sentence": rise}
    url = reverse("results", args=[cycle.product.slug, cycle.week])
    return Step(_("Verdict"), words, url, cycle.published_at)


def _rise_of(wish: FeatureRequest, item: ReleaseItem) -> str:
    """What its author became after it shipped, and still is."""
    standing = TierStanding.objects.filter(fan=wish.author_id).first()
    if standing is None:
        return ""
    rose = TierChange.objects.filter(
        Q(became=Tier.CORE, was=Tier.CASUAL) | Q(became=Tier.HONORARY_DEV),
        fan=wish.author_id,
        became=standing.tier,
        changed_at__gte=max(item.release.published_at or standing.since_at, standing.since_at),
    )
    if not rose.exists():
        return ""
    if standing.tier == Tier.HONORARY_DEV:
        return _("Its author is an honorary developer now.")
    return _("Its author is a core fan now.")
