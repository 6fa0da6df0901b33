from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from community.threads.actions import recount_thread
from community.threads.models import Thread


class Command(BaseCommand):
    help = (
        "Compare the counts kept on threads and posts with the rows; say what differs and mend it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        looks_only = options["dry_run"]
        thread_count = wrong_count = 0
        for thread in Thread.objects.order_by("pk").only("pk").iterator(chunk_size=500):
            thread_count += 1
            for wrong in recount_thread(thread=thread, repairs=not looks_only):
                wrong_count += 1
                self.stdout.write(
                    f"{wrong.subject} {wrong.name}: {wrong.cached} is {wrong.counted}"
                )
            if thread_count % 1000 == 0:
                self.stderr.write(f"{thread_count} threads")
        done = "would be mended" if looks_only else "mended"
        self.stdout.write(f"{thread_count} threads looked at, {wrong_count} counts {done}")
