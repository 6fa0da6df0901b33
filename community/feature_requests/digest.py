"""What the letters say of wishes (settings.DIGEST_SECTIONS)."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.feature_requests.models import (
    FeatureRequest,
    Follow,
    Status,
    StatusChange,
    Vote,
)
from fans.accounts.models import Fan
from fans.digests.sections import Section

MOVED_TOLD = 10
WANTED_TOLD = 5
_TOLD = [
    Status.NEEDS_INFO,
    Status.PLANNED,
    Status.IN_DEVELOPMENT,
    Status.IN_TESTING,
    Status.SHIPPED,
    Status.DECLINED,
]


def own_wishes(reader: Fan, since: datetime, until: datetime) -> Section | None:
    """Wishes the reader asked for, voted for or follows: what became of them in that time."""
    own = FeatureRequest.objects.visible_to(reader).filter(pk__in=_concerning(reader))
    changes = StatusChange.objects.filter(
        feature_request__in=own.values("pk"),
        became__in=_TOLD,
        changed_at__gte=since,
        changed_at__lt=until,
    )
    newest = changes.select_related("feature_request", "team").order_by("-pk")[: MOVED_TOLD * 3]
    told: dict[int, StatusChange] = {}
    for change in newest:  # the last word of each
        told.setdefault(change.feature_request_id, change)
    if not told:
        return None
    shown = list(told.values())[:MOVED_TOLD]
    shipped = sum(change.became == Status.SHIPPED for change in shown)
    headline = ngettext(
        "%(count)d of your wishes shipped", "%(count)d of your wishes shipped", shipped
    ) % {"count": shipped}
    return Section(
        _("Your wishes and votes"),
        "feature_requests/digest/moved.html",
        {"changes": shown},
        headline=headline if shipped else "",
    )


def most_wanted(reader: Fan, since: datetime, until: datetime) -> Section | None:
    """What most fans stand behind; the same for everybody who may see it."""
    wishes = FeatureRequest.objects.visible_to(reader).listed().open().filter(vote_count__gt=0)
    rows = list(wishes.select_related("product").order_by("-vote_count", "-pk")[:WANTED_TOLD])
    if not rows:
        return None
    return Section(_("Most wanted"), "feature_requests/digest/wanted.html", {"wishes": rows})


def _concerning(reader: Fan) -> set[int]:
    """Numbers of what the reader asked for, voted for or follows, and of what that is merged into
    (F4); but for what they muted. Worked out first: a condition over votes would read them all.
    """
    own = FeatureRequest.objects.filter(author=reader.pk).values_list("pk", "shown_as")
    through = ("feature_request", "feature_request__shown_as")
    votes = Vote.objects.filter(fan=reader.pk).values_list(*through)
    said = Follow.objects.filter(fan=reader.pk)
    follows = said.filter(muted_at=None).values_list(*through)
    muted = set(said.exclude(muted_at=None).values_list("feature_request", flat=True))
    ties = (pair for pair in own.union(votes, follows) if not muted & set(pair))
    return {pk for pair in ties for pk in pair if pk}
