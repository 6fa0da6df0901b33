"""`manage.py recount_measures [--week 2026-W46]`: the kept figures beside a new count."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.measures.snapshots import past_weeks, recount
from fans import clock


class Command(BaseCommand):
    help = "Count the kept figures of a week again. Exits with 1 where one differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--week", help="2026-W46; without it the newest that is over")

    def handle(self, *args: Any, **options: Any) -> None:
        weeks = past_weeks(clock.now())
        week = options["week"] or weeks[-1]
        if week not in weeks:
            raise CommandError("Name a week that is over, of the last 26: 2026-W46.")
        rows = recount(week)
        for row in rows:
            now = f"{row.now.part}/{row.now.whole}" if row.now else "–"
            sign = "≠" if row.differs else "="
            self.stdout.write(
                f"{row.stored.measure} {row.stored.segment} "
                f"{row.stored.part}/{row.stored.whole} {sign} {now}"
            )
        differing = sum(row.differs for row in rows)
        self.stdout.write(f"{week}: {len(rows)} figures, {differing} differ.")
        if differing:
            raise SystemExit(1)
