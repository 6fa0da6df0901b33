"""Weeks counted before are paid for and passed on already; open reports get their marks.

A report of a week that is not counted yet says what its fan was when it was first sent, as far as
that can be told now: the tier and the place of today, the age of then, and nobody too busy.
"""

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.db.models import F

NEWCOMER_FOR, FIRST_YEAR = timedelta(days=90), timedelta(days=365)


def settle(apps: Any, schema_editor: Any) -> None:
    cycles = apps.get_model("community", "Cycle").objects
    cycles.filter(frozen_at__isnull=False).update(
        paid_at=F("frozen_at"), passed_on_at=F("frozen_at")
    )
    tiers = apps.get_model("fans", "TierStanding").objects
    reports = apps.get_model("community", "Report").objects.filter(cycle__frozen_at=None, tier="")
    for report in reports.select_related("fan__place").order_by("pk").iterator(chunk_size=500):
        fan = report.fan
        standing = tiers.filter(fan=fan.pk).first()
        age = report.first_sent_at - fan.joined_at
        report.tier = standing.tier if standing else "casual"
        if fan.consents_to_region and fan.place:
            report.region_level = fan.place.region_level
        report.tenure = (
            "newcomer" if age < NEWCOMER_FOR else "first_year" if age < FIRST_YEAR else "longer"
        )
        report.join_channel = fan.join_channel
        report.save(update_fields=["tier", "region_level", "tenure", "join_channel"])


class Migration(migrations.Migration):
    dependencies = [("community", "0006_reports_in_full"), ("fans", "0004_rest_weeks_and_measures")]

    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
