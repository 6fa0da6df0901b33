"""What is in a build, for whoever reads it."""

from typing import Any

from django.db.models import Count

from community.feature_requests.models import FeatureRequest
from community.fridays.models import Credit, CreditRole, Release, ReleaseItem
from fans.accounts.models import Reader


def with_items(releases: list[Release], reader: Reader) -> list[dict[str, Any]]:
    """Builds with what is in them; a wish only where its reader may see it, and who asked for it
    where they go by their name.
    """
    items = list(
        ReleaseItem.objects.filter(release__in=releases)
        .annotate(fix_count=Count("fixes"))
        .select_related("team")
        .order_by("release", "number")
    )
    named = {item.feature_request_id for item in items if item.feature_request_id}
    wishes = FeatureRequest.objects.visible_to(reader).in_bulk(named)
    asked = Credit.objects.visible_to(reader).filter(release__in=releases, is_anonymous=False)
    authors = asked.filter(role=CreditRole.AUTHOR, item__isnull=False)
    askers = {credit.item_id: credit.fan for credit in authors.select_related("fan__standing")}
    rows: dict[int, list[dict[str, Any]]] = {}
    for item in items:
        wish = wishes.get(item.feature_request_id or 0)
        rows.setdefault(item.release_id, []).append(
            {"item": item, "wish": wish, "asker": askers.get(item.pk)}
        )
    return [{"release": release, "items": rows.get(release.pk, [])} for release in releases]
