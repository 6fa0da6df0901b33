"""What the votes say through each lens, and each voice heard away from the site in a row."""

from typing import Any

from django.db import migrations
from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Coalesce

from community.feature_requests.heat import Weight

AT_ONCE = 500
SEEN = {
    "": Q(),
    "county_": Q(region_level__in=["county", "township"]),
    "newcomer_": Q(is_newcomer=True),
    "without_busiest_": Q(is_busiest=False),
}
NEWEST = {f"{lens}newest": Max("cast_at", filter=seen) for lens, seen in SEEN.items()}
SUMS = {
    **{f"{lens or 'vote_'}count": Count(f"{lens}newest") for lens in SEEN},
    **{f"{lens}heat": Coalesce(Sum(Weight(f"{lens}newest")), 0.0) for lens in SEEN},
}


def write_voices_down(apps: Any, schema_editor: Any) -> None:
    """The story told of voices on paper; now they are rows, as all that come after them."""
    OfflineSupport = apps.get_model("community", "OfflineSupport")
    told = apps.get_model("community", "StoryStep").objects.filter(kind="paper").order_by("pk")
    for steps in _batches(told):
        rows = [
            OfflineSupport(
                feature_request_id=step.feature_request_id,
                key=step.key,
                count=step.facts["count"],
                recorded_at=step.happened_at,
            )
            for step in steps
            if step.facts.get("count")
        ]
        OfflineSupport.objects.bulk_create(rows, ignore_conflicts=True)


def count_through_lenses(apps: Any, schema_editor: Any) -> None:
    FeatureRequest = apps.get_model("community", "FeatureRequest")
    shown = FeatureRequest.objects.filter(shown_as=None).order_by("pk")
    for wishes in _batches(shown.only("pk", "status", "vote_count")):
        for wish in wishes:
            tally = _tally_of(apps, wish)
            FeatureRequest.objects.filter(pk=wish.pk).update(**tally)


def _tally_of(apps: Any, wish: Any) -> dict[str, float]:
    rows = apps.get_model("community", "FeatureRequest").objects.filter(
        Q(pk=wish.pk) | Q(shown_as=wish.pk)
    )
    pks = list(rows.values_list("pk", flat=True))
    votes = apps.get_model("community", "Vote").objects.filter(feature_request__in=pks)
    of_fans = votes.filter(counted_at__isnull=False).order_by().values("fan").annotate(**NEWEST)
    voices = apps.get_model("community", "OfflineSupport").objects.filter(
        feature_request__in=pks, withdrawn_at=None
    )
    tally: dict[str, float] = of_fans.aggregate(**SUMS)
    # What has ended keeps the voices of those who were erased since.
    tally["vote_count"] = max(tally["vote_count"], wish.vote_count)
    return tally | {"offline_count": voices.aggregate(sum=Sum("count"))["sum"] or 0}


def _batches(rows: Any) -> Any:
    """By number, a few hundred at a time, whatever is written meanwhile."""
    batch = list(rows[:AT_ONCE])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:AT_ONCE])


class Migration(migrations.Migration):
    dependencies = [("community", "0003_tags_follows_and_lenses")]

    operations = [
        # Nothing to take back: the columns and the rows go with the tables they are in.
        migrations.RunPython(write_voices_down, migrations.RunPython.noop),
        migrations.RunPython(count_through_lenses, migrations.RunPython.noop),
    ]
