"""Steps of stories written before lead to the talk about their build, and hide with it."""

from typing import Any

from django.db import migrations


def name_builds(apps: Any, schema_editor: Any) -> None:
    steps = apps.get_model("community", "StoryStep").objects.filter(thread=None)
    releases = apps.get_model("community", "Release").objects.select_related("product")
    for release in releases.exclude(thread=None).iterator():
        shipped = steps.filter(kind="shipped", key=f"release:{release.pk}")
        name = {"name": f"{release.product.name} {release.version}"}
        shipped.update(thread=release.thread_id, facts=name)
    items = apps.get_model("community", "ReleaseItem").objects.exclude(feature_request=None)
    told = items.exclude(release__thread=None).exclude(release__cycle=None)
    for item in told.select_related("release__cycle").order_by("pk").iterator():
        cycle = item.release.cycle
        key = f"cycle:{cycle.week}:{cycle.product_id}"
        verdicts = steps.filter(kind="verdict", key=key, feature_request=item.feature_request_id)
        verdicts.update(thread=item.release.thread_id)


class Migration(migrations.Migration):
    dependencies = [("community", "0004_counts_through_lenses")]

    operations = [migrations.RunPython(name_builds, migrations.RunPython.noop)]
