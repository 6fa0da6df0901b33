"""What a fan's votes stand for, and how many are left (F2)."""

from typing import Any

from django.urls import reverse

from community.feature_requests.listing import rows_of
from community.feature_requests.models import FeatureRequest, Vote, VotingRight
from community.feature_requests.permissions import casts_votes
from fans.accounts.models import Fan, Reader

DEFAULT_VOTES = 10


def votes_page(fan: Fan) -> dict[str, Any]:
    """The open votes of a fan and those that came back, newest first."""
    open_wishes = list(Vote.objects.open_wishes_of(fan))
    ended = FeatureRequest.objects.filter(votes__fan=fan.pk).exclude(pk__in=open_wishes)
    past = ended.listed().order_by("-status_at", "-pk").values_list("pk", flat=True)[:30]
    return {
        "rows": rows_of(sorted(open_wishes, reverse=True), fan),
        "past": rows_of(list(past), fan),
        "back": reverse("my_votes"),
        **budget_of(fan, len(open_wishes)),
    }


def budget_of(reader: Reader, used: int | None = None) -> dict[str, Any]:
    """«3 of 10»: how many votes this reader has standing open, and how many they may."""
    if not isinstance(reader, Fan) or not casts_votes(reader):
        return {}
    right = VotingRight.objects.filter(pk=reader.pk).first()
    if used is None:
        used = Vote.objects.open_wishes_of(reader).count()
    return {"votes_used": used, "votes_limit": right.limit if right else DEFAULT_VOTES}
