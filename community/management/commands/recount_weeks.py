from typing import Any

from django.core.management.base import BaseCommand, CommandError

from community.fridays.models import Cycle
from community.fridays.recounting import recount_week


class Command(BaseCommand):
    help = "Compare the figures of counted weeks with their reports; exit 1 when any differ."

    def handle(self, *args: Any, **options: Any) -> None:
        week_count = wrong_count = 0
        weeks = Cycle.objects.filter(frozen_at__isnull=False).order_by("friday", "pk")
        for week in weeks.select_related("product").iterator(chunk_size=100):
            week_count += 1
            for wrong in recount_week(week):
                wrong_count += 1
                self.stdout.write(f"{week} {wrong.name}: {wrong.kept} is {wrong.counted}")
        said = f"{week_count} weeks looked at, {wrong_count} figures differ"
        if wrong_count:
            raise CommandError(said)
        self.stdout.write(said)
