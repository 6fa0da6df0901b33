"""Meetups held before were the rooms in which the wishes of their agenda were argued."""

from typing import Any

from django.db import migrations
from django.urls import reverse

from community.threads.slugs import slug_of


def tell_of_rooms(apps: Any, schema_editor: Any) -> None:
    StoryStep = apps.get_model("community", "StoryStep")
    held = apps.get_model("events", "AgendaItem").objects.filter(
        meetup__state__in=["completed", "recap_published"]
    )
    for item in held.select_related("meetup").order_by("pk").iterator():
        meetup = item.meetup
        StoryStep.objects.get_or_create(
            feature_request_id=item.feature_request_id,
            kind="room",
            key=f"meetup:{meetup.pk}",
            defaults={
                "url": reverse("meetup", args=[meetup.pk, slug_of(meetup.title)]),
                "facts": {"title": meetup.title, "place": meetup.place_id},
                "thread_id": meetup.thread_id,
                "happened_at": meetup.starts_at,
            },
        )


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0001_initial"),
        ("community", "0005_builds_in_stories"),
    ]

    operations = [migrations.RunPython(tell_of_rooms, migrations.RunPython.noop)]
