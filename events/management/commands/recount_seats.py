from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from events.meetups.models import Meetup
from events.rsvps.actions import recount_seats


class Command(BaseCommand):
    help = "Compare the seats taken at each meetup with its RSVPs; say what differs and mend it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        meetup_count = wrong_count = 0
        for meetup in Meetup.objects.order_by("pk").only("pk").iterator(chunk_size=500):
            meetup_count += 1
            kept, counted = recount_seats(meetup=meetup, repairs=not options["dry_run"])
            if kept != counted:
                wrong_count += 1
                self.stdout.write(f"meetup:{meetup.pk} seats_taken: {kept} is {counted}")
        done = "would be mended" if options["dry_run"] else "mended"
        self.stdout.write(f"{meetup_count} meetups looked at, {wrong_count} counts {done}")
