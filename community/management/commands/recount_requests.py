from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from community.feature_requests.actions.recounting import recount_request
from community.feature_requests.models import FeatureRequest


class Command(BaseCommand):
    help = "Compare the tallies kept on wishes with their votes; say what differs and mend it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        looks_only = options["dry_run"]
        request_count = wrong_count = 0
        for wish in FeatureRequest.objects.order_by("pk").only("pk").iterator(chunk_size=500):
            request_count += 1
            for wrong in recount_request(feature_request=wish, repairs=not looks_only):
                wrong_count += 1
                self.stdout.write(
                    f"request:{wrong.feature_request} {wrong.name}: "
                    f"{wrong.cached} is {wrong.counted}"
                )
        done = "would be mended" if looks_only else "mended"
        self.stdout.write(f"{request_count} wishes looked at, {wrong_count} counts {done}")
