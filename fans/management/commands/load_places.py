from typing import Any

from django.core.management.base import BaseCommand

from fans.places.actions import load_places


class Command(BaseCommand):
    help = "Load the cities and counties people can be at home in; running it again corrects them."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_places()} places")
